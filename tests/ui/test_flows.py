"""Every key and every way through the app: panes, themes, help, the page of one row, the palette."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from textual.command import CommandList
from textual.widgets import Input

from rallytui.ui.screens.detail import DetailScreen
from rallytui.ui.screens.help import HelpScreen
from tests.ui.sample import offline_board, sample_board, sample_rows, sample_watchlist
from tests.ui.stage import board_screen, focused, lines, pane, screen_text, stage, text, until

WIDE = (160, 45)

pytestmark = pytest.mark.usefixtures("quick")


# --- keys ---


async def test_numbers_and_tab_move_the_focus() -> None:
    app, _ = stage()
    async with app.run_test(size=WIDE) as pilot:
        assert focused(app) == "watchlist"
        for key, name in (("1", "target"), ("3", "risk"), ("4", "thesis"), ("tab", "target"), ("shift+tab", "thesis")):
            await pilot.press(key)
            assert focused(app) == name
            assert lines(pane(app, name))[0].startswith("━")


async def test_a_click_moves_the_focus_and_the_keys_that_are_named() -> None:
    app, _ = stage()
    async with app.run_test(size=WIDE) as pilot:
        await pilot.click("#thesis", offset=(5, 3))
        assert focused(app) == "thesis"
        await until(pilot, lambda: "/ filter" not in text(app.screen.query_one("#status")))


async def test_t_goes_through_the_themes_and_repaints() -> None:
    app, _ = stage()
    async with app.run_test(size=(100, 30)) as pilot:
        seen = []
        for _ in range(4):
            seen.append((app.theme, str(pane(app, "risk").render_line(1))))
            await pilot.press("t")
            await pilot.pause()
        assert [name for name, _ in seen] == [
            "rallytui-dark", "rallytui-light", "rallytui-contrast", "rallytui-colourblind"
        ]  # fmt: skip
        assert app.theme == "rallytui-dark"


async def test_without_colours_there_are_no_themes_to_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app, _ = stage()
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("3", "t")
        assert app.colours == "none"
        assert app.theme == "rallytui-dark"
        assert "theme" not in text(app.screen.query_one("#status"))
        colours = {
            segment.style.color for y in range(20) for segment in pane(app, "risk").render_line(y) if segment.style
        }
        assert colours == {None}


async def test_ascii_settings_leave_nothing_else_on_the_screen() -> None:
    app, _ = stage(ascii=True)
    async with app.run_test(size=WIDE) as pilot:
        assert screen_text(app).isascii()
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        assert screen_text(app).isascii()
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        assert screen_text(app).isascii()


async def test_r_asks_the_source_once_and_not_at_every_touch() -> None:
    app, source = stage()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("r", "r", "r")
        assert source.refreshes == 1
        source.clock.advance(3)
        await pilot.press("r")
        assert source.refreshes == 2


async def test_d_is_offered_and_works_only_without_data() -> None:
    app, source = stage()
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("d")
        assert source.demos == 0
    app, source = stage(offline_board())
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: source.starts == 1)
        assert "d demo" in text(app.screen.query_one("#status"))
        assert focused(app) == "target"
        await pilot.press("d")
        await until(pilot, lambda: source.demos == 1 and source.starts == 2)
        assert source.was_stopped


async def test_a_demo_that_cannot_start_says_so() -> None:
    app, source = stage(offline_board())
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: source.starts == 1)
        source.demo_fault = OSError("no room")
        await pilot.press("d")
        await until(pilot, lambda: "The demo could not start: no room" in text(app.screen.query_one("#banner")))


async def test_the_help_names_every_key_and_closes_again() -> None:
    app, _ = stage()
    async with app.run_test(size=(160, 160)) as pilot:
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        shown = screen_text(app)
        for word in ("Ctrl+P", "Shift+Tab", "PgDn", "known risks", "C calm", "Everywhere", "vol ×"):
            assert word in shown
        await pilot.press("q")
        await until(pilot, lambda: app.screen is board_screen(app))
        assert app.is_running


async def test_a_help_page_that_is_too_long_scrolls() -> None:
    app, _ = stage()
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        page = app.screen.query_one("#page")
        assert "Everywhere" in text(page)
        await pilot.press("end")
        assert "advice" in text(page)
        await pilot.press("home", "j", "k", "pagedown", "pageup")
        assert "Everywhere" in text(page)


# --- the page of one row ---


async def test_enter_opens_a_symbol_j_and_k_turn_and_esc_goes_back_to_it() -> None:
    app, source = stage()
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("j", "enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        page = app.screen.query_one("#page")
        assert "INOD  Innodata Inc." in lines(page)[0]
        assert "R² 0.22" in text(page)
        await pilot.press("j")
        assert "PATH" in lines(page)[0]
        await pilot.press("k", "k", "k", "k")
        assert "PLPC" in lines(page)[0]
        rows = sample_rows()
        rows[0] = replace(rows[0], last=326.99, rsi14=None, missing={"rsi14": "needs 15 sessions, has 3"})
        assert source.publish is not None
        source.publish(sample_board(watchlists=[sample_watchlist(rows=rows)]))
        await until(pilot, lambda: "326.99" in text(page) and "needs 15 sessions, has 3" in text(page))
        source.publish(sample_board(watchlists=[sample_watchlist(rows=rows[1:])]))
        await until(pilot, lambda: "not on the board any more" in text(page))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is board_screen(app))
        assert focused(app) == "watchlist"


async def test_enter_opens_a_risk_reading_with_its_bounds_and_its_limits() -> None:
    app, _ = stage()
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("3", "j", "j", "enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        shown = screen_text(app)
        for word in (
            "AI basket drawdown",
            "watch begins",
            "stress begins",
            "adds to the composite",
            "known at",
            "forecast",
        ):
            assert word in shown


async def test_a_page_that_is_too_long_scrolls() -> None:
    app, _ = stage()
    async with app.run_test(size=(70, 20)) as pilot:
        await pilot.press("2", "enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        page = app.screen.query_one("#page")
        assert "Flags and sources" not in text(page)
        for _ in range(6):
            await pilot.press("pagedown")
        assert "quote" in text(page)


# --- the palette ---


async def test_the_palette_finds_panes_names_and_themes() -> None:
    app, _ = stage()
    async with app.run_test(size=WIDE) as pilot:
        for query, done in (
            ("go to thesis", lambda: focused(app) == "thesis"),
            ("theme light", lambda: app.theme == "rallytui-light"),
            ("open path", lambda: isinstance(app.screen, DetailScreen) and app.screen.key == "PATH"),
        ):
            await pilot.press("ctrl+p")
            await until(pilot, lambda: app.screen.query(Input))
            app.screen.query_one(Input).value = query
            await until(pilot, lambda: app.screen.query_one(CommandList).option_count == 1)
            await pilot.press("enter")
            await until(pilot, lambda: app.screen in (board_screen(app),) or isinstance(app.screen, DetailScreen))
            await until(pilot, done)
