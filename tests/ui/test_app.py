"""The app: every size, boards that arrive, and what happens when something fails."""

from __future__ import annotations

import logging

import pytest
from msgspec.structs import replace
from textual.geometry import Region

from rallytui.board.shape import Board
from rallytui.ui import feeding
from rallytui.ui.app import RallyApp
from rallytui.ui.panes.risk import RiskPane
from rallytui.ui.screens.detail import DetailScreen
from rallytui.ui.source import BoardChanged
from rallytui.ui.widgets.canvas import Canvas, Pane
from tests.ui.sample import offline_board, sample_board, sample_rows, sample_target, sample_watchlist
from tests.ui.stage import StubSource, board_screen, focused, pane, screen_text, stage, text, until

SIZES = [(200, 60), (160, 45), (140, 40), (120, 35), (100, 30), (90, 28), (80, 24), (60, 20), (60, 16), (40, 12)]
TINY = [(20, 6), (10, 3), (3, 2), (1, 1)]
WIDE = (160, 45)
NASTY = "[bold]x[/] [/y] \x1b[31mred\x1b]0;title\x07 \u202egnp\u202c \x00\x07 " + "A" * 10_000

pytestmark = pytest.mark.usefixtures("quick")


# --- sizes ---


def check_widths(app: RallyApp) -> None:
    """Every canvas that has a place is drawn, and each of its lines is exactly as wide."""
    for canvas in app.screen.query(Canvas):
        if canvas.region.area:
            assert {canvas.render_line(y).cell_length for y in range(canvas.size.height)} == {canvas.size.width}
            assert "could not be drawn" not in text(canvas)


@pytest.mark.parametrize("size", [*SIZES, *TINY], ids=str)
async def test_every_size_mounts_and_every_line_has_its_width(size: tuple[int, int]) -> None:
    app, _ = stage()
    async with app.run_test(size=size):
        check_widths(app)


@pytest.mark.parametrize("board", [sample_board(), offline_board()], ids=["data", "offline"])
async def test_one_app_goes_through_all_sizes(board: Board) -> None:
    app, _ = stage(board)
    async with app.run_test(size=WIDE) as pilot:
        for size in (*TINY, *reversed(SIZES)):
            await pilot.resize_terminal(*size)
            await until(pilot, lambda size=size: app.screen.size == size)
            check_widths(app)


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
    monkeypatch.setattr(feeding, "RESTART_AFTER_S", 0.01)
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
        await until(pilot, lambda: app.trouble.text)
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
    assert source.closes == 1
    assert not source.closed_while_running
    assert app.return_code == 0


async def test_connections_that_cannot_be_closed_do_not_keep_the_terminal(caplog: pytest.LogCaptureFixture) -> None:
    app, source = stage()
    source.close_fault = OSError("still busy")
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("q")
    assert source.closes == 1
    assert "still busy" in caplog.text


async def test_the_waits_of_sources_out_of_reach_count_down() -> None:
    app, source = stage(offline_board())
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: "0:48" in text(pane(app, "target")))
        source.clock.advance(5)
        app.screen.tick(app.moment())  # type: ignore[attr-defined]
        await until(pilot, lambda: "0:43" in text(pane(app, "target")))


@pytest.mark.parametrize("size", [(160, 45), (60, 20)], ids=str)
async def test_hostile_words_are_inert(size: tuple[int, int]) -> None:
    rows = [
        replace(row, symbol=f"{n}{NASTY}", name=NASTY, badge=NASTY, flags=[NASTY])
        for n, row in enumerate(sample_rows())
    ]
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
                replace(
                    g, title=NASTY, indicators=[replace(i, title=NASTY, why=NASTY, flags=[NASTY]) for i in g.indicators]
                )
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
