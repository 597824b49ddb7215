"""The calendar on screen: what comes, when, and what it tests."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from rallytui.board.shape import Board
from rallytui.ui.app import RallyApp
from rallytui.ui.screens.calendar_page import CalendarPage
from rallytui.ui.screens.detail import DetailScreen
from tests.ui.sample import sample_board
from tests.ui.stage import board_screen, stage, text, until

pytestmark = pytest.mark.usefixtures("quick")


async def opened(app: RallyApp, pilot: Pilot[None]) -> CalendarPage:
    await pilot.press("C")
    await until(pilot, lambda: isinstance(app.screen, CalendarPage) and app.screen.query("#page"))
    screen = app.screen
    assert isinstance(screen, CalendarPage)
    await until(pilot, lambda: screen.list.has_focus and screen.list.region.area)
    return screen


async def test_it_lists_what_comes_with_its_hour_and_how_long_it_is() -> None:
    app, _ = stage()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        shown = text((await opened(app, pilot)).list)
        lines = [line.split() for line in shown.split("\n")]
        fomc = next(line for line in lines if "FOMC" in line)
        assert fomc[1:8] == ["29", "Jul", "in", "6", "days", "14:00", "ET"]
        assert any("PLPC report" in " ".join(line) and "est." in line and "±5" in line for line in lines)
        assert "NYSE closed" in shown, "Labor Day"
        await pilot.press("C")
        await until(pilot, lambda: app.screen is board_screen(app))


async def test_the_readers_own_hour_stands_beside_new_yorks() -> None:
    app, _ = stage(time_zone="Asia/Tokyo")
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        shown = text((await opened(app, pilot)).list)
        assert "Thu 03:00" in next(line for line in shown.split("\n") if "FOMC" in line)


async def test_the_event_under_the_cursor_says_what_it_tests_and_from_where_it_is() -> None:
    app, _ = stage()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        screen = await opened(app, pilot)
        await at_event(pilot, screen, "FOMC")
        await until(pilot, lambda: "federalreserve.gov" in text(screen.list))


def with_real_ids() -> Board:
    """The sample board, two readings and a claim under the ids that the calendar knows."""
    board = sample_board()
    groups = [
        replace(
            group,
            indicators=[
                replace(one, id={"fed_path": "FD1", "policy": "FD2"}.get(one.id, one.id)) for one in group.indicators
            ],
        )
        for group in board.risks.groups
    ]
    claims = [replace(one, id="D1" if one.id == "fed" else one.id) for one in board.thesis]
    return replace(board, risks=replace(board.risks, groups=groups), thesis=claims)


async def at_event(pilot: Pilot[None], screen: CalendarPage, title: str) -> None:
    """Move the cursor to the first event of that title."""
    at = next(n for n, line in enumerate(screen.list.lines) if line.event.title == title)
    await pilot.press(*"j" * at)
    await until(pilot, lambda: screen.list.index == at)


async def test_enter_opens_a_light_it_tests_and_j_there_turns_to_the_other() -> None:
    app, _ = stage(with_real_ids())
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        screen = await opened(app, pilot)
        assert "tests 2y minus funds rate, Policy rate, 126 d, Fed cuts 2 × 25 bp" in text(screen.list)
        await at_event(pilot, screen, "FOMC")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        page = app.screen
        assert isinstance(page, DetailScreen)
        assert (page.kind, page.key, page.keys) == ("indicator", "FD1", ("FD1", "FD2"))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)


async def test_a_report_that_tests_nothing_here_opens_its_name() -> None:
    app, _ = stage()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        screen = await opened(app, pilot)
        await at_event(pilot, screen, "PLPC report")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        assert isinstance(app.screen, DetailScreen)
        assert (app.screen.kind, app.screen.key) == ("symbol", "PLPC")


async def test_what_opens_nothing_offers_no_key_for_it() -> None:
    app, _ = stage()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        screen = await opened(app, pilot)
        await at_event(pilot, screen, "NYSE closed")
        await pilot.press("enter")
        assert app.screen is screen
        screen.offer_keys()
        assert "open" not in text(screen.query_one("#status"))


async def test_a_look_back_counts_from_its_own_day() -> None:
    app, _ = stage(sample_board(mode="as_of", as_of=datetime(2026, 4, 28, 22, tzinfo=UTC)))
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        first = next(line for line in text((await opened(app, pilot)).list).split("\n") if "FOMC" in line)
        assert first.split()[1:4] == ["29", "Apr", "tomorrow"]


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("size", [(200, 60), (100, 30), (60, 20), (40, 12), (20, 6)])
async def test_it_fits_any_size(size: tuple[int, int], ascii_only: bool) -> None:
    app, _ = stage(ascii=ascii_only)
    async with app.run_test(size=size, notifications=True) as pilot:
        screen = await opened(app, pilot)
        shown = text(screen.list)
        assert all(len(line) == size[0] - (2 if size[0] >= 30 else 0) for line in shown.split("\n"))
        assert "in 6 days" in shown or size == (20, 6)
        assert shown.isascii() or not ascii_only
