"""Pictures of the sample board at a fixed moment: five sizes, three themes, the wall and a risk page.

`pytest tests/ui/test_snapshots.py --snapshot-update` draws them anew after a change that is meant.
"""

from __future__ import annotations

from typing import Any

import pytest

from rallytui.ui.app import RallyApp
from tests.ui.sample import sample_board
from tests.ui.stage import StubSource

pytestmark = pytest.mark.usefixtures("quick")


def app(**display: Any) -> RallyApp:
    return RallyApp(StubSource(sample_board(), **display))


@pytest.mark.parametrize("size", [(200, 60), (160, 45), (100, 30), (60, 20), (40, 12)], ids="{0[0]}x{0[1]}".format)
def test_the_board_at_five_sizes(snap_compare: Any, size: tuple[int, int]) -> None:
    assert snap_compare(app(), terminal_size=size)


@pytest.mark.parametrize("theme", ["light", "contrast", "colourblind"])
def test_the_board_in_three_more_themes(snap_compare: Any, theme: str) -> None:
    assert snap_compare(app(theme=theme), terminal_size=(120, 35))


def test_the_wall(snap_compare: Any) -> None:
    assert snap_compare(app(), terminal_size=(160, 45), press=["w"])


def test_a_risk_page(snap_compare: Any) -> None:
    assert snap_compare(app(), terminal_size=(160, 45), press=["3", "enter"])
