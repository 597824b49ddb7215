"""What is told to who comes back: when, how much of it, and what the key that woke the screen does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.pilot import Pilot
from textual.widget import Widget

from rallytui.alerts.digest import TITLES, Digest, Item, ItemKind
from rallytui.alerts.event import Severity
from rallytui.ui.app import RallyApp
from rallytui.ui.attention import Attention
from rallytui.ui.screens.away import Away, groups, lines
from rallytui.ui.screens.go_to_date import GoToDate
from tests.ui.sample import sample_board
from tests.ui.sample_parts import NOW
from tests.ui.stage import StubSource, board_screen, focus, focused, screen_text, stage, text, until

pytestmark = pytest.mark.usefixtures("quick")
HALF_HOUR = timedelta(minutes=30)
SINCE = NOW - timedelta(days=1)


def told(*items: Item) -> Digest:
    return Digest(SINCE, NOW, list(items))


def some() -> Digest:
    return told(
        Item("rung", "^GSPC 7500", "7,500 reached.", "info", NOW - timedelta(hours=3)),
        Item("light", "vix", "VIX went from calm to watch.", "watch"),
        Item("light", "hy", "Spread went from watch to stress.", "bad"),
        Item("source", "yahoo", "Yahoo \x1b[31m[red]fails[/]", "watch"),
        *(Item("move", f"S{n}", f"S{n} +{9 - n}.0 %", change_pct=9.0 - n) for n in range(8)),
    )


async def away(app: RallyApp, source: StubSource, pilot: Pilot[None], minutes: float = 31) -> None:
    """Press a key, then none for a while."""
    await until(pilot, lambda: source.publish)
    await pilot.press("3")
    source.clock.advance(minutes * 60)


async def panel(app: RallyApp, pilot: Pilot[None]) -> Widget:
    """The digest's box, once it is drawn."""
    await until(pilot, lambda: isinstance(app.screen, Away) and app.screen.query("#box"))
    box = app.screen.query_one("#box")
    await until(pilot, lambda: box.region.area and box.has_focus)
    return box


# --- attention ---


def test_who_was_away_is_asked_once() -> None:
    attention = Attention(NOW)
    attention.note(NOW + timedelta(minutes=29), HALF_HOUR)
    assert attention.returned() is None
    attention.note(NOW + timedelta(minutes=59), HALF_HOUR)
    attention.note(NOW + timedelta(minutes=60), HALF_HOUR)
    assert attention.returned() == NOW + timedelta(minutes=29)
    assert attention.returned() is None


def test_zero_is_never_and_a_clock_that_is_put_back_is_no_absence() -> None:
    attention = Attention(NOW)
    attention.note(NOW + timedelta(days=9), timedelta(0))
    attention.note(NOW, HALF_HOUR)
    assert attention.returned() is None


# --- what the first key does ---


async def test_the_first_key_only_opens_the_digest_and_any_key_closes_it() -> None:
    app, source = stage()
    source.digest = some()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await away(app, source, pilot)
        await pilot.press("2")
        await panel(app, pilot)
        assert source.asked_since == [NOW], "since the last key"
        assert focused(app) == "box"
        box = text(app.screen.query_one("#box"))
        assert "What happened" in box
        assert "any key closes this" in box
        await pilot.press("q")
        await until(pilot, lambda: app.screen is board_screen(app))
        assert focused(app) == "risk", "neither key did anything else"
        await pilot.press("2")
        await until(pilot, lambda: focused(app) == "watchlist")


async def test_a_click_wakes_and_closes_like_a_key() -> None:
    app, source = stage()
    source.digest = some()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await away(app, source, pilot)
        app.post_message(events.MouseDown(None, 5, 30, 0, 0, 1, False, False, False, 5, 30))
        await panel(app, pilot)
        await pilot.click("#box")
        await until(pilot, lambda: app.screen is board_screen(app))
        assert focused(app) == "risk"


async def test_moving_the_mouse_is_no_return() -> None:
    app, source = stage()
    source.digest = some()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await away(app, source, pilot)
        await pilot.hover("#risk")
        assert not source.asked_since
        await pilot.press("2")
        await panel(app, pilot)


async def test_when_nothing_happened_a_line_says_so_and_the_key_does_its_work() -> None:
    app, source = stage()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        source.digest = Digest(NOW, NOW, [])
        await away(app, source, pilot)
        await pilot.press("2")
        await until(pilot, lambda: focused(app) == "watchlist")
        await until(pilot, lambda: "Nothing happened since Thu 23 Jul 13:46." in screen_text(app))
        assert not app._notifications


async def test_the_demo_says_nothing_when_nothing_happened() -> None:
    app, source = stage(sample_board(mode="demo", simulated=True))
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await away(app, source, pilot)
        await pilot.press("2")
        await until(pilot, lambda: focused(app) == "watchlist")
        assert source.asked_since
        assert not app._notifications
        source.digest = some()
        source.clock.advance(3600)
        await pilot.press("3")
        await panel(app, pilot)
        assert "SIMULATED" in text(app.screen.query_one("#box"))


async def test_a_dialog_keeps_its_keys_and_the_digest_waits_for_its_end() -> None:
    app, source = stage()
    source.digest = some()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await until(pilot, lambda: source.publish)
        await pilot.press("g")
        await until(pilot, lambda: isinstance(app.screen, GoToDate))
        source.clock.advance(3600)
        await pilot.press("2", "0")
        assert isinstance(app.screen, GoToDate)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is board_screen(app))
        assert not source.asked_since
        await pilot.press("j")
        await panel(app, pilot)


async def test_who_leaves_is_not_stopped() -> None:
    app, source = stage()
    source.digest = some()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await away(app, source, pilot)
        await pilot.press("ctrl+c")
        await until(pilot, lambda: source.closes or not app.is_running)
        assert not source.asked_since


@pytest.mark.parametrize(("minutes", "idle", "opens"), [(0, 9999, False), (30, 29, False), (5, 6, True)])
async def test_how_long_is_the_configs_to_say(minutes: float, idle: float, opens: bool) -> None:
    app, source = stage(away_after_min=minutes)
    source.digest = some()
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await away(app, source, pilot, idle)
        await pilot.press("2")
        if opens:
            await panel(app, pilot)
        await until(pilot, lambda: focused(app) == ("box" if opens else "watchlist"))


async def test_w_opens_the_digest_of_a_day_at_any_time() -> None:
    app, source = stage()
    source.digest = some()
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await focus(pilot, "watchlist")
        await pilot.press("W")
        await panel(app, pilot)
        assert source.asked_since == [SINCE]
        await pilot.press("W")
        await until(pilot, lambda: app.screen is board_screen(app))
        source.digest = Digest(SINCE, NOW, [])
        await pilot.press("W")
        await until(pilot, lambda: "Nothing happened since Wed 22 Jul 13:46." in screen_text(app))


# --- the panel ---


@pytest.mark.parametrize("size", [(200, 60), (100, 30), (60, 20), (40, 12), (20, 6)])
async def test_the_panel_fits_any_size_and_says_what_it_left_out(size: tuple[int, int]) -> None:
    app, source = stage()
    source.digest = some()
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: source.publish)
        await pilot.press("W")
        box = await panel(app, pilot)
        shown = text(box)
        assert "\x1b" not in shown
        assert "more" in shown
        assert all(len(line) == box.size.width for line in shown.split("\n"))
        if size[1] >= 30:
            assert "and 3 more" in shown
            assert "[red]fails[/]" in shown
            assert shown.index("stress") < shown.index("to watch") < shown.index("reached") < shown.index("Movers")


severities = st.sampled_from(["info", "watch", "bad"])
items = st.builds(Item, st.sampled_from(list(TITLES)), st.text(max_size=3), st.text(max_size=9), severities, st.none())


@given(st.lists(items, max_size=60), st.integers(0, 60))
def test_what_is_shown_and_what_is_left_out_is_all_there_is(found: list[Item], rows: int) -> None:
    shown, left_out = lines(Digest(datetime(2026, 1, 1, tzinfo=UTC), NOW, found), rows)
    assert sum(1 for line in shown if line.item) + left_out == len(found)
    assert len(shown) + bool(left_out) <= max(rows, 1)
    assert not shown or shown[-1].item is not None


@given(st.lists(items, max_size=30))
def test_the_worst_comes_first(found: list[Item]) -> None:
    ranks: list[Severity] = ["bad", "watch", "info"]
    kinds: list[ItemKind] = [kind for kind, _ in groups(told(*found))]
    worst = [ranks.index(inside[0].severity) for kind, inside in groups(told(*found)) if kind != "move"]
    assert worst == sorted(worst)
    assert "move" not in kinds[:-1]
