"""The wall: what stands on it at each size, how it turns and moves, and how one leaves it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from rallytui.board.shape import Board
from rallytui.ui.panes.wall import Wall
from rallytui.ui.screens.board import BoardScreen
from rallytui.ui.screens.wall import WallScreen
from rallytui.ui.widgets.bigdigits import big
from tests.ui.sample import offline_board, sample_board, sample_target
from tests.ui.sample_parts import sample_row
from tests.ui.stage import lines, screen_text, stage, text, until

pytestmark = pytest.mark.usefixtures("quick")
SIZES = ((200, 60), (160, 45), (120, 35), (100, 30), (80, 24), (60, 20), (40, 12), (20, 6))


@asynccontextmanager
async def wall(size: tuple[int, int], board: Board | None = None, **display: Any) -> AsyncIterator[Pilot[None]]:
    """The wall, opened from the board."""
    app, _ = stage(board, **display)
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, WallScreen) and app.screen.query_one(Wall).size.area)
        yield pilot


def shown(pilot: Pilot[None]) -> str:
    return text(pilot.app.screen.query_one(Wall))


async def test_a_large_screen_has_everything_in_large_letters() -> None:
    async with wall((160, 45)) as pilot:
        picture = shown(pilot)
        for words, scale in (
            ("+7.99%", 3),
            ("TO 8,000", 1),
            ("7,408.30", 1),
            ("PLPC", 1),
            ("2 BROKEN", 1),
            ("OUTPUT", 1),
        ):
            assert all(row.rstrip() in picture for row in big(words, scale)), words


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_every_size_has_the_distance_and_no_cut_number(size: tuple[int, int]) -> None:
    async with wall(size) as pilot:
        picture = shown(pilot)
        assert "+7.99%" in picture or any(all(r.rstrip() in picture for r in big("+7.99%", n)) for n in (1, 2, 3))
        assert "could not be drawn" not in picture
        if size[0] >= 40:
            assert "7,408.30" in picture or all(row.rstrip() in picture for row in big("7,408.30"))


async def test_too_little_room_says_what_the_rest_needs() -> None:
    async with wall((40, 12)) as pilot:
        assert "60 x 20 cells show the rest." in shown(pilot)


@pytest.mark.parametrize("key", ["w", "escape"])
async def test_one_key_leads_back(key: str) -> None:
    async with wall((160, 45)) as pilot:
        await pilot.press(key)
        await until(pilot, lambda: isinstance(pilot.app.screen, BoardScreen))


async def test_unknown_is_a_ring_and_never_a_dot() -> None:
    async with wall((60, 20), offline_board()) as pilot:
        assert "●" not in shown(pilot)
        assert shown(pilot).count("?") >= 7


@pytest.mark.parametrize(
    ("change", "word"), [({"mode": "demo", "simulated": True}, "SIMULATED"), ({"mode": "as_of"}, "AS OF")]
)
async def test_what_is_not_live_says_so(change: dict[str, Any], word: str) -> None:
    for size in ((160, 45), (60, 20), (20, 6)):
        async with wall(size, sample_board(**change)) as pilot:
            assert word in screen_text(pilot.app)  # type: ignore[arg-type]


async def test_what_is_stale_says_so() -> None:
    board = sample_board(targets=[sample_target(freshness="stale")])
    async with wall((100, 30), board) as pilot:
        assert "† 23 Jul" in shown(pilot)


async def test_keys_turn_through_the_rungs_and_the_names() -> None:
    board = sample_board()
    rows = [sample_row(f"N{n:02d}", "", 10.0, 1.0, 1) for n in range(30)]
    board = replace(board, watchlists=[replace(board.watchlists[0], rows=rows)])
    async with wall((60, 20), board) as pilot:
        assert "TO 8,000" in shown(pilot)
        assert "N00" in shown(pilot)
        assert "more" in shown(pilot)
        await pilot.press("j")
        assert "ABOVE 6,900" in shown(pilot)
        assert "N00" not in shown(pilot)
        await pilot.press("k")
        assert "TO 8,000" in shown(pilot)


async def test_it_moves_by_a_cell_each_hour_and_loses_nothing() -> None:
    async with wall((100, 30)) as pilot:
        pane = pilot.app.screen.query_one(Wall)
        pane.tick(pilot.app.source.clock.now().replace(hour=0))  # type: ignore[attr-defined]
        before = lines(pane)
        pane.tick(pilot.app.source.clock.now().replace(hour=0) + timedelta(hours=1))  # type: ignore[attr-defined]
        after = lines(pane)
        assert after != before
        assert sorted("".join(after).split()) == sorted("".join(before).split())


async def test_nothing_is_painted_when_nothing_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with wall((160, 45)) as pilot:
        pane = pilot.app.screen.query_one(Wall)
        text(pane)
        painted: list[object] = []
        monkeypatch.setattr(pane, "refresh", lambda *regions, **_: painted.extend(regions or ("all",)))
        pane.tick(pilot.app.source.clock.now())  # type: ignore[attr-defined]
        pane.show(sample_board())
        assert painted == []
        pane.show(sample_board(targets=[sample_target(change_pct=-1.22)]))
        assert painted
        assert "all" not in painted


async def test_it_turns_by_itself_only_if_told_to() -> None:
    async with wall((160, 45), wall_rotate_s=0.05) as pilot:
        pane = pilot.app.screen.query_one(Wall)
        await until(pilot, lambda: pane.step > 0)
    async with wall((160, 45)) as pilot:
        assert pilot.app.screen.query_one(Wall).step == 0


async def test_plain_letters_where_there_are_no_blocks() -> None:
    async with wall((160, 45), ascii=True) as pilot:
        assert shown(pilot).isascii()
        assert "PLPC" in shown(pilot), "names are plain text where there are no big letters"
        assert "+7.99%" in shown(pilot)
