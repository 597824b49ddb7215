"""Pictures of the sample board at a fixed moment: five sizes, three themes, a look back, the wall and two pages.

`pytest tests/ui/test_snapshots.py --snapshot-update` draws them anew after a change that is meant.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from rallytui.board.shape import Board
from rallytui.ui.app import RallyApp
from tests.ui.sample import sample_board
from tests.ui.sample_closeup import sample_close_up
from tests.ui.stage import StubSource

pytestmark = pytest.mark.usefixtures("quick")


def app(board: Board | None = None, **display: Any) -> RallyApp:
    return RallyApp(StubSource(board or sample_board(), **display))


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


def test_a_look_back(snap_compare: Any) -> None:
    board = sample_board(mode="as_of", as_of=datetime(2026, 7, 10, 22, tzinfo=UTC), sessions_back=9)
    assert snap_compare(app(board), terminal_size=(160, 45))


def test_the_page_of_a_name_with_candles(snap_compare: Any) -> None:
    board = sample_board(close_up=sample_close_up("PLPC", 325.82))
    assert snap_compare(app(board), terminal_size=(160, 45), press=["2", "enter", "v"])
