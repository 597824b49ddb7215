"""The app: every size, every key, boards that arrive, and what happens when something fails."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from msgspec.structs import replace
from textual.command import CommandList
from textual.geometry import Region
from textual.widgets import Input

import rallytui.ui.app as app_module
from rallytui.board.shape import Board
from rallytui.ui.app import RallyApp
from rallytui.ui.panes.risk import RiskPane
from rallytui.ui.panes.watchlist import WatchlistPane
from rallytui.ui.screens.board import BoardScreen
from rallytui.ui.screens.detail import DetailScreen
from rallytui.ui.screens.help import HelpScreen
from rallytui.ui.source import BoardChanged
from rallytui.ui.widgets.canvas import Canvas, Pane
from tests.ui.sample import offline_board, sample_board, sample_rows, sample_target, sample_watchlist
from tests.ui.sample_parts import NOW
from tests.ui.stage import StubSource, lines, screen_text, stage, text, until

SIZES = [(200, 60), (160, 45), (140, 40), (120, 35), (100, 30), (90, 28), (80, 24), (60, 20), (60, 16), (40, 12)]
TINY = [(20, 6), (10, 3), (3, 2), (1, 1)]
WIDE = (160, 45)
NASTY = "[bold]x[/] [/y] \x1b[31mred\x1b]0;title\x07 \u202egnp\u202c \x00\x07 " + "A" * 10_000


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paint at once, so that no test waits half a second; no colours or locale of the machine."""
    monkeypatch.setattr(app_module, "PAINT_EVERY_S", 0.0)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setattr("locale.getencoding", lambda: "UTF-8")


def board_screen(app: RallyApp) -> BoardScreen:
    return next(screen for screen in app.screen_stack if isinstance(screen, BoardScreen))


def pane(app: RallyApp, name: str) -> Pane:
    return board_screen(app).query_one(f"#{name}", Pane)


def focused(app: RallyApp) -> str | None:
    return app.focused.id if app.focused else None


# --- sizes ---


@pytest.mark.parametrize("size", [*SIZES, *TINY], ids=str)
@pytest.mark.parametrize("board", [sample_board(), offline_board()], ids=["data", "offline"])
async def test_every_size_mounts_and_every_line_has_its_width(size: tuple[int, int], board: Board) -> None:
    app, _ = stage(board)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        for canvas in app.screen.query(Canvas):
            if canvas.region.area:
                assert {canvas.render_line(y).cell_length for y in range(canvas.size.height)} == {canvas.size.width}
                assert "could not be drawn" not in text(canvas)


async def test_one_app_goes_through_all_sizes() -> None:
    app, _ = stage()
    async with app.run_test(size=WIDE) as pilot:
        for size in (*TINY, *reversed(SIZES)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        await until(pilot, lambda: "+7.99" in screen_text(app) or "591.70" in screen_text(app))


async def test_the_content_is_never_wider_than_200_columns() -> None:
    app, _ = stage()
    async with app.run_test(size=(260, 70)) as pilot:
        await pilot.pause()
        assert max(canvas.region.right for canvas in app.screen.query(Canvas)) == 200


async def test_in_little_room_the_focused_pane_stands_alone() -> None:
    app, _ = stage()
    async with app.run_test(size=(40, 12)) as pilot:
        for name in ("target", "watchlist", "risk", "thesis", "target"):
            await until(pilot, lambda name=name: [p.id for p in app.screen.query(Pane) if p.region.area] == [name])
            assert focused(app) == name
            await pilot.press("tab")


# --- boards ---


async def test_the_stored_board_is_in_the_first_frame_before_the_feed_starts() -> None:
    app, source = stage()
    async with app.run_test(size=WIDE):
        assert source.starts <= 1
        assert "7,408.30" in text(pane(app, "target"))
        assert "13:46 ET" in text(app.screen.query_one("#header"))


async def test_of_several_boards_that_wait_the_last_one_is_painted() -> None:
    app, source = stage()
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: source.publish)
        assert source.publish is not None
        for last in (7000.0, 7100.0, 7200.5):
            source.publish(sample_board(targets=[sample_target(last=last)]))
        await until(pilot, lambda: "7,200.50" in text(pane(app, "target")))


def test_a_newer_board_replaces_an_older_one_that_waits() -> None:
    assert BoardChanged(sample_board()).can_replace(BoardChanged(offline_board()))


async def test_a_changed_quote_repaints_its_own_cells_and_no_other_pane(monkeypatch: pytest.MonkeyPatch) -> None:
    app, source = stage()
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: source.publish)
        await pilot.pause()
        asked: list[tuple[str | None, tuple[Region, ...]]] = []
        refresh = Canvas.refresh

        def spy(self: Canvas, *regions: Region, **options: bool) -> Canvas:
            asked.append((self.id, regions))
            return refresh(self, *regions, **options)

        monkeypatch.setattr(Canvas, "refresh", spy)
        rows = sample_rows()
        rows[1] = replace(rows[1], last=60.02, change_pct=-2.26)
        assert source.publish is not None
        source.publish(sample_board(watchlists=[sample_watchlist(rows=rows)]))
        await until(pilot, lambda: "60.02" in text(pane(app, "watchlist")))
        assert {name for name, _ in asked} == {"watchlist"}
        regions = [region for _, group in asked for region in group]
        assert {region.y for region in regions} == {3}
        assert 0 < sum(region.area for region in regions) <= 16


async def test_boards_are_painted_below_a_palette_too() -> None:
    app, source = stage()
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("ctrl+p")
        await until(pilot, lambda: app.screen is not board_screen(app) and source.publish)
        assert source.publish is not None
        source.publish(sample_board(targets=[sample_target(last=7300.25)]))
        await until(pilot, lambda: "7,300.25" in text(pane(app, "target")))


async def test_an_empty_store_says_what_it_waits_for() -> None:
    app = RallyApp(StubSource(None))
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: "waiting for data, 0 s" in text(pane(app, "watchlist")))
        assert "d demo" in text(app.screen.query_one("#status"))


# --- when something fails ---


async def test_a_feed_that_fails_leaves_a_banner_and_starts_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(app_module, "RESTART_AFTER_S", 0.01)
    app, source = stage()
    source.fault = RuntimeError("no [/such] thing")
    with caplog.at_level(logging.ERROR):
        async with app.run_test(size=(120, 35), notifications=True) as pilot:
            await until(pilot, lambda: source.starts >= 3)
            banner = app.screen.query_one("#banner")
            await until(pilot, lambda: banner.region.area)
            assert "no [/such] thing" in text(banner)
            assert "/somewhere/rallytui.log" in text(banner)
            assert "7,408.30" in text(pane(app, "target"))
            source.fault = None
            await until(pilot, lambda: source.publish and source.starts >= 4)
            assert source.publish is not None
            source.publish(sample_board(thesis_name="Another"))
            await until(pilot, lambda: not banner.region.area)
    assert "RuntimeError" in caplog.text


async def test_r_starts_a_failed_feed_at_once() -> None:
    app, source = stage()
    source.fault = ValueError("boom")
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: app.trouble)
        source.fault = None
        await pilot.press("r")
        await until(pilot, lambda: source.starts == 2)


async def test_a_store_that_cannot_be_read_leaves_an_app_with_a_banner(monkeypatch: pytest.MonkeyPatch) -> None:
    app, source = stage()
    monkeypatch.setattr(source, "first_board", lambda: 1 / 0)
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: "The stored board could not be read" in text(app.screen.query_one("#banner")))


async def test_a_pane_that_fails_leaves_the_others_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(RiskPane, "body", broken)
    app, _ = stage()
    async with app.run_test(size=WIDE):
        assert "could not be drawn" in text(pane(app, "risk"))
        assert "PLPC" in text(pane(app, "watchlist"))


async def test_leaving_cancels_the_feed() -> None:
    app, source = stage()
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: source.starts)
        await pilot.press("q")
    assert source.cancelled
    assert app.return_code == 0


@pytest.mark.parametrize("size", [(160, 45), (60, 20)], ids=str)
async def test_hostile_words_are_inert(size: tuple[int, int]) -> None:
    rows = [replace(row, symbol=f"{n}{NASTY}", name=NASTY, badge=NASTY, flags=[NASTY]) for n, row in enumerate(sample_rows())]
    base = sample_board()
    board = sample_board(
        thesis_name=NASTY,
        targets=[sample_target(name=NASTY)],
        watchlists=[sample_watchlist(title=NASTY, rows=rows)],
        thesis=[replace(claim, claim=NASTY, evidence=NASTY, brief=NASTY) for claim in base.thesis],
        health=[replace(health, title=NASTY, detail=NASTY) for health in base.health],
        notes=[NASTY],
        risks=replace(
            base.risks,
            groups=[
                replace(g, title=NASTY, indicators=[replace(i, title=NASTY, why=NASTY, flags=[NASTY]) for i in g.indicators])
                for g in base.risks.groups
            ],
        ),
    )
    app, _ = stage(board)
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.press("2", "enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        shown = screen_text(app)
        await pilot.press("escape", "3", "end", "enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        shown += screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is board_screen(app))
        shown += screen_text(app)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: app.screen is not board_screen(app))
        await pilot.pause()
    assert not set(shown) & set("\x1b\x00\x07\u202e\u202c")
    assert "could not be drawn" not in shown
    assert "[bold]x[/]" in shown


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
        colours = {segment.style.color for y in range(20) for segment in pane(app, "risk").render_line(y) if segment.style}
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
        await until(pilot, lambda: source.demos == 1 and source.starts == 2 and source.cancelled)


async def test_a_demo_that_cannot_start_says_so() -> None:
    app, source = stage(offline_board())
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: source.starts == 1)
        source.fault = OSError("no room")
        await pilot.press("d")
        await until(pilot, lambda: "The demo could not start: no room" in text(app.screen.query_one("#banner")))


async def test_the_help_names_every_key_and_closes_again() -> None:
    app, _ = stage()
    async with app.run_test(size=(160, 60)) as pilot:
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
        for word in ("AI basket drawdown", "watch begins", "stress begins", "adds to the composite", "known at", "forecast"):
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


# --- the two bars ---


@pytest.mark.parametrize(
    ("board", "words"),
    [
        (sample_board(), ["The 6,900 rally", "● regular · closes in 2h14m", "1 stale †", "Thu 23 Jul  13:46 ET"]),
        (offline_board(), ["no network", "13:46 ET"]),
        (sample_board(health=offline_board().health[:3] + [replace(sample_board().health[0], status="failing")]), ["offline"]),
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


async def test_the_last_row_without_a_network() -> None:
    app, _ = stage(offline_board())
    async with app.run_test(size=WIDE):
        status = text(app.screen.query_one("#status"))
        assert "store empty · all sources unreachable · next try 0:48" in status
        assert "retry now" in status


async def test_more_than_one_list_is_reached_with_l() -> None:
    other = sample_watchlist(name="b", title="Other names", rows=sample_rows()[:1])
    app, _ = stage(sample_board(watchlists=[sample_watchlist(), other]))
    async with app.run_test(size=WIDE) as pilot:
        assert "l next" in text(app.screen.query_one("#status"))
        watchlist = pane(app, "watchlist")
        assert isinstance(watchlist, WatchlistPane)
        await pilot.press("l")
        assert "Other names" in lines(watchlist)[0]
        await pilot.press("l")
        assert "AI watchlist" in lines(watchlist)[0]
    app, _ = stage()
    async with app.run_test(size=WIDE):
        assert "l next" not in text(app.screen.query_one("#status"))
