"""The first row and the last one: state, freshness, sources and keys."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from rallytui.board.shape import Board
from rallytui.ui.panes.watchlist import WatchlistPane
from tests.ui.sample import offline_board, sample_board, sample_rows, sample_watchlist
from tests.ui.sample_parts import NOW
from tests.ui.stage import lines, pane, screen_text, stage, text, until

WIDE = (160, 45)

pytestmark = pytest.mark.usefixtures("quick")


# --- the two bars ---


@pytest.mark.parametrize(
    ("board", "words"),
    [
        (sample_board(), ["The 6,900 rally", "● regular · closes in 2h14m", "1 stale †", "Thu 23 Jul  13:46 ET"]),
        (offline_board(), ["no network", "13:46 ET"]),
        (
            sample_board(health=[replace(sample_board().health[0], status="failing")]),
            ["offline · next try 0:12"],
        ),
        (sample_board(mode="demo"), ["SIMULATED"]),
        (sample_board(mode="as_of"), ["AS OF  Thu 23 Jul 2026 · 13:46 ET"]),
        (
            sample_board(session=replace(sample_board().session, state="closed", closes=None)),
            ["○ closed · opens in 19h44m", "fresh"],
        ),
    ],
    ids=["live", "no network", "offline", "demo", "as of", "closed"],
)
async def test_the_header_says_what_state_this_is(board: Board, words: list[str]) -> None:
    app, _ = stage(board)
    async with app.run_test(size=WIDE):
        shown = text(app.screen.query_one("#header"))
        assert all(word in shown for word in words), shown
        if board.mode != "live":
            assert shown.strip().startswith(words[0].split()[0])


async def test_the_last_row_has_sources_their_ages_and_the_next_refresh() -> None:
    app, source = stage()
    source.next_refresh = NOW + timedelta(seconds=12)
    async with app.run_test(size=WIDE) as pilot:
        status = app.screen.query_one("#status")
        assert "Cboe 15 min ~ · Yahoo live · FRED 22 Jul · EDGAR 14 May · next refresh 0:12" in text(status)
        source.clock.advance(5)
        await until(pilot, lambda: "next refresh 0:07" in text(status))
        assert source.publish is not None
        failing = [replace(sample_board().health[0], status="failing"), *sample_board().health[1:]]
        source.publish(sample_board(health=failing, notes=["jobs data approximate"]))
        await until(pilot, lambda: "Cboe × · Yahoo live" in text(status) and "jobs data approximate" in text(status))


async def test_what_is_wrong_is_in_the_last_row_and_in_full_on_the_help_page() -> None:
    problems = ["Cboe: no route", "The store is locked by another program: this run keeps its data in memory."]
    health = [replace(sample_board().health[0], detail=problems[0]), *sample_board().health[1:]]
    app, _ = stage(sample_board(health=health, problems=problems))
    async with app.run_test(size=(200, 60)) as pilot:
        status = text(app.screen.query_one("#status"))
        assert "The store is locked" in status
        assert "no route" not in status
        await pilot.press("question_mark")
        await until(pilot, lambda: "What to know now" in screen_text(app))
        assert "Cboe: no route" in screen_text(app)


async def test_the_last_row_without_a_network() -> None:
    app, _ = stage(offline_board())
    async with app.run_test(size=WIDE):
        status = text(app.screen.query_one("#status"))
        assert "store empty · all sources unreachable · next try 0:48" in status
        assert "retry now" in status


async def test_more_than_one_list_is_reached_with_n() -> None:
    other = sample_watchlist(name="b", title="Other names", rows=sample_rows()[:1])
    app, _ = stage(sample_board(watchlists=[sample_watchlist(), other]))
    async with app.run_test(size=WIDE) as pilot:
        assert "n next" in text(app.screen.query_one("#status"))
        watchlist = pane(app, "watchlist")
        assert isinstance(watchlist, WatchlistPane)
        await pilot.press("n")
        assert "Other names" in lines(watchlist)[0]
        await pilot.press("n")
        assert "AI watchlist" in lines(watchlist)[0]
    app, _ = stage()
    async with app.run_test(size=WIDE):
        assert "n next" not in text(app.screen.query_one("#status"))


# --- the date of the demo ---


@pytest.mark.parametrize(
    ("width", "words"),
    [(160, "Thu 23 Jul 2026  13:46 ET"), (60, "Thu 23 Jul 2026  13:46 ET"), (30, "23 Jul 13:46")],
)
async def test_the_demo_says_which_day_it_simulates(width: int, words: str) -> None:
    app, source = stage(sample_board(mode="demo", simulated=True))
    async with app.run_test(size=(width, 20)) as pilot:
        await until(pilot, lambda: source.publish)
        header = text(app.screen.query_one("#header"))
        assert header.strip().startswith("SIMULATED")
        assert words in header
