"""Charts under the keys: candles, volume, ranges, the pages of a name and of an index, and filings."""

from __future__ import annotations

import re
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import pytest
from msgspec.structs import replace
from rich.style import Style
from textual.geometry import Region
from textual.pilot import Pilot

from rallytui.board.shape import Board, Candles, FilingRow, SymbolCloseUp
from rallytui.ui.glyphs import ASCII, UNICODE, Glyphs
from rallytui.ui.panes.listing import Opened
from rallytui.ui.panes.target import TargetPane
from rallytui.ui.panes.target_plot import first_day, target_plot
from rallytui.ui.screens.detail import DetailScreen
from rallytui.ui.screens.filings import has_browser, is_address
from rallytui.ui.screens.page_view import PageView
from rallytui.ui.screens.quarters import draw_quarters
from rallytui.ui.screens.sections import Column
from rallytui.ui.screens.symbol_page import symbol_page
from rallytui.ui.screens.target_page import target_page
from rallytui.ui.theme import palette
from rallytui.ui.widgets.candles import bars_of, draw_candles, draw_volume, per_bar
from rallytui.ui.widgets.sheet import Sheet
from rallytui.ui.widgets.viewport import Viewport
from tests.ui.sample import LAST, sample_board, sample_rows
from tests.ui.sample_closeup import sample_close_up
from tests.ui.stage import StubSource, board_screen, lines, pane, stage, text, until

pytestmark = pytest.mark.usefixtures("quick")

P = palette()
SIZES = [(200, 60), (160, 45), (120, 35), (100, 30), (80, 24), (60, 20), (40, 12), (20, 6)]
INOD = sample_close_up()
FULL = sample_board(close_up=INOD)
INDEX = sample_board(close_up=sample_close_up("^GSPC", LAST, 600))
NUMBER = re.compile(r"[+−-]?\d[\d,.:/-]*")


def words(sheet: Sheet) -> str:
    return "\n".join("".join(char for char, _ in row) for row in sheet.rows)


def page(board: Board, width: int = 158, height: int = 41, g: Glyphs = UNICODE, view: PageView | None = None) -> str:
    return words(symbol_page(board, sample_rows()[1], width, height, P, g, view))


@asynccontextmanager
async def opened(board: Board, kind: str, key: str, size: tuple[int, int] = (160, 45)) -> AsyncIterator[Pilot[None]]:
    """An app with a page open that has a neighbour."""
    app, source = stage(board)
    async with app.run_test(size=size, notifications=True) as pilot:
        board_screen(app).post_message(Opened(kind, key, [key, "PATH"]))  # type: ignore[arg-type]
        await until(pilot, lambda: isinstance(app.screen, DetailScreen) and source.opened)
        await until(pilot, lambda: app.screen.query_one("#page").size.area)
        yield pilot


def shown(pilot: Pilot[None]) -> str:
    return text(pilot.app.screen.query_one("#page"))


# --- candles ---


def drawn(candles: Candles, width: int, height: int, g: Glyphs = UNICODE) -> list[str]:
    """One candle a column, prices from 0 at the bottom to `2 × height` at the top."""
    sheet = Sheet(width, height, Style())
    bars = bars_of(candles, 0, len(candles.times), 1)
    draw_candles(sheet, Region(0, 0, width, height), int, lambda v: round(2 * height - v - 1), bars, P, g)
    return [strip.text for strip in sheet.strips()]


TWO = Candles([1, 2], [1.0, 6.0], [7.0, 7.0], [0.0, 0.0], [6.0, 1.0], [None, None])


def test_a_rise_is_slender_a_fall_is_filled_and_wicks_reach_the_extremes() -> None:
    assert drawn(TWO, 2, 4) == ["╽▄", "┃█", "┃█", "╿▀"]
    assert set("".join(drawn(TWO, 2, 4, ASCII))) <= set("|o# ")
    assert drawn(TWO, 2, 4, ASCII)[1] == "o#"


@pytest.mark.parametrize("points", [1, 2, 79, 80, 81, 500, 1260])
@pytest.mark.parametrize("width", [12, 80, 190])
def test_no_two_candles_share_a_column(points: int, width: int) -> None:
    size = per_bar(points, width)
    bars = bars_of(INOD.daily, len(INOD.daily.times) - points, len(INOD.daily.times), size)
    columns = [round(bar.at / max(1, points - 1) * (2 * width - 1)) // 2 for bar in bars[1:]]
    assert len(set(columns)) == len(columns)
    assert len(bars) <= width


def test_a_candle_of_several_sessions_has_their_first_open_extremes_last_close_and_mean_volume() -> None:
    candles = Candles([1, 2, 3], [5.0, 6.0, None], [7.0, 9.0, None], [4.0, 5.0, None], [6.0, 8.0, 3.0], [10, 20, None])
    (bar,) = bars_of(candles, 0, 3, 3)
    assert bar == (1.0, 5.0, 9.0, 3.0, 3.0, 15.0)
    assert not bar.rose


def test_groups_stay_as_they_are_when_the_view_moves() -> None:
    whole = bars_of(INOD.daily, 0, 100, 5)
    moved = bars_of(INOD.daily, 7, 100, 5)
    assert [bar[1:] for bar in moved[1:]] == [bar[1:] for bar in whole[2:]]


def test_volume_is_to_scale_and_unknown_volume_is_blank() -> None:
    sheet = Sheet(4, 2, Style())
    bars = bars_of(replace(TWO, times=[1, 2], volume=[16.0, 4.0]), 0, 2, 1)
    assert draw_volume(sheet, Region(0, 0, 4, 2), int, bars, P.dim, UNICODE) == 16.0
    assert [strip.text for strip in sheet.strips()] == ["█   ", "█▄  "]
    assert draw_volume(sheet, Region(0, 0, 4, 2), int, bars_of(TWO, 0, 2, 1), P.dim, UNICODE) is None


# --- the page of a name ---


def test_it_shows_chart_volume_quarters_and_filings() -> None:
    seen = page(FULL)
    for said in (
        "━ close", "50 d", "200 d", "1d 5d 1m 3m 6m ytd 1y 5y max · 2025-07-23 – 2026-07-23", "60.01 ◂",
        "volume, highest", "1.31 ×", "R quarterly report", "Q1 26", "+127.3", "Q4 25*", "the year less the nine months",
        "TTM $284 m", "10-Q", "2026-07-11  for 2026-03-31", "accepted 16:15 ET", "4 more",
    ):  # fmt: skip
        assert said in seen, said
    assert "waiting" not in seen


def test_before_its_data_are_there_it_says_what_it_waits_for_and_shows_what_is_known() -> None:
    seen = page(sample_board())
    for said in ("waiting for candles", "waiting for quarters", "waiting for filings", "60.01 ◂", "$90.0 m"):
        assert said in seen, said
    other = page(sample_board(close_up=sample_close_up("PATH")))
    assert "waiting for candles" in other


def test_what_is_missing_has_its_reason() -> None:
    bare = SymbolCloseUp(
        "INOD",
        daily=Candles(missing="Yahoo refused the history"),
        intraday=Candles(missing="No source has candles of the day"),
        quarters_missing="EDGAR wants a contact address",
        filings_missing="It files nothing with the SEC",
    )
    seen = page(sample_board(close_up=bare, charts={}))
    assert "Yahoo refused the history." in seen
    assert "EDGAR wants a contact" in seen
    assert "It files nothing" in seen
    assert "No source has candles of the day." in page(sample_board(close_up=bare), view=PageView(Viewport("1d")))


def test_candles_appear_where_each_session_has_a_column_and_on_demand() -> None:
    month = PageView(Viewport("1m"))
    assert "┃ rise  █ fall  ━ 50 d" in page(FULL, view=month)
    assert month.has_candles
    year = PageView(Viewport("1y"), candles=True)
    assert "4 sessions each" in page(FULL, view=year)
    assert "close" in page(FULL, view=PageView(Viewport("1m"), candles=False))
    assert "10:00" in page(FULL, view=PageView(Viewport("1d")))
    assert "· 2026-07-17 – 2026-07-23" in page(FULL, view=PageView(Viewport("5d")))


@pytest.mark.parametrize("width", [198, 158, 118, 98, 78, 58, 38, 20, 8, 1])
@pytest.mark.parametrize("name", ["1d", "1m", "max"])
def test_every_width_keeps_its_numbers_whole(width: int, name: str) -> None:
    whole = set(NUMBER.findall(page(FULL, 198, 60, view=PageView(Viewport(name), True, 2))))
    for candles in (True, False):
        view = PageView(Viewport(name), candles, 2)
        sheet = symbol_page(FULL, sample_rows()[1], width, 30, P, UNICODE, view)
        assert {len(row) for row in sheet.rows} == {width}
        share = 3 / 5 if width >= 110 else 1
        rows = [row[: round(width * share)] for row in words(sheet).splitlines()]
        table = [row for row in rows if row.startswith((" revenue, m", " y/y"))]
        if width >= 38:
            assert {n for row in table for n in NUMBER.findall(row)} <= whole
    assert page(FULL, width, 30, ASCII, PageView(Viewport(name), True, 2)).isascii()


# --- under the keys ---


@pytest.mark.parametrize(("kind", "key", "board"), [("symbol", "INOD", FULL), ("target", "0", INDEX)])
async def test_both_pages_go_through_all_sizes_and_styles(kind: str, key: str, board: Board) -> None:
    async with opened(board, kind, key) as pilot:
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await until(pilot, lambda size=size: pilot.app.screen.size == size)
            for press in ("v", "h", "0"):
                await pilot.press(press)
                assert "could not be drawn" not in shown(pilot), (size, press)


async def test_ranges_zoom_pan_and_back() -> None:
    async with opened(FULL, "symbol", "INOD") as pilot:
        assert "1y 5y max · 2025-07-23 – 2026-07-23" in shown(pilot)
        await pilot.press("full_stop")
        assert "5y max · 2021-09-24 – 2026-07-23" in shown(pilot)
        await pilot.press("0", "h")
        assert "2025-04-23 – 2026-04-23" in shown(pilot)
        await pilot.press("l")
        assert "– 2026-07-23" in shown(pilot)
        await pilot.press("equals_sign", "equals_sign")
        assert "5m · 2026-02-11 – 2026-07-23" in shown(pilot)
        await pilot.press("minus", "minus", "minus")
        assert "· 2025-01-" in shown(pilot)
        for _ in range(9):
            await pilot.press("comma")
        assert "2026-07-23" in shown(pilot)
        assert "10:00" in shown(pilot)


async def test_v_changes_between_candles_and_a_line() -> None:
    async with opened(FULL, "symbol", "INOD") as pilot:
        await pilot.press("v")
        assert "rise" in shown(pilot)
        await pilot.press("v")
        assert "━ close" in shown(pilot)


async def test_the_wheel_zooms_over_the_chart_and_scrolls_elsewhere() -> None:
    async with opened(FULL, "symbol", "INOD", (100, 30)) as pilot:
        first = lines(pilot.app.screen.query_one("#page"))
        await pilot._post_mouse_events([_scroll()], "#page", (20, 6))
        assert lines(pilot.app.screen.query_one("#page"))[0] == first[0]
        assert isinstance(pilot.app.screen, DetailScreen)
        assert pilot.app.screen.view.port.span
        await pilot._post_mouse_events([_scroll()], "#page", (20, 25))
        assert lines(pilot.app.screen.query_one("#page"))[0] != first[0]


def _scroll() -> type:
    from textual.events import MouseScrollDown

    return MouseScrollDown


async def test_the_source_is_told_which_page_is_open() -> None:
    async with opened(FULL, "symbol", "INOD") as pilot:
        source = pilot.app.source  # type: ignore[attr-defined]
        assert isinstance(source, StubSource)
        await pilot.press("j")
        await pilot.press("escape")
        await until(pilot, lambda: source.opened[-1] == ("", ""))
        assert source.opened == [("symbol", "INOD"), ("symbol", "PATH"), ("", "")]
    async with opened(INDEX, "target", "0") as pilot:
        assert pilot.app.source.opened == [("symbol", "^GSPC")]  # type: ignore[attr-defined]


async def test_the_page_of_an_index_has_the_rungs_and_on_demand_candles() -> None:
    async with opened(INDEX, "target", "0") as pilot:
        assert "ytd start 1y" in shown(pilot)
        assert "8,000 ○" in shown(pilot)
        await pilot.press("v")
        assert "rise" in shown(pilot)
        assert "R quarterly" in shown(pilot)
        await pilot.press("v", *["comma"] * 9)
        assert "14:00" in shown(pilot)


# --- filings ---


async def test_filings_are_gone_through_and_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(FULL, "symbol", "INOD", (60, 20)) as pilot:
        asked: list[str] = []
        monkeypatch.setattr(pilot.app, "open_url", asked.append)
        monkeypatch.setattr("rallytui.ui.screens.detail.has_browser", lambda: True)
        await pilot.press("enter")
        assert "▌8-K         2026-07-20" in shown(pilot)
        await pilot.press("down")
        assert "▌10-Q        2026-07-11" in shown(pilot)
        await pilot.press("o")
        assert asked == [INOD.filings[1].url]
        monkeypatch.setattr("rallytui.ui.screens.detail.has_browser", lambda: False)
        await pilot.press("up", "up", "enter")
        assert len(asked) == 1
        assert "No browser was found here" in shown(pilot)
        assert INOD.filings[0].url[:50] in shown(pilot)


async def test_an_address_that_is_none_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    filing = FilingRow("8-K", INOD.filings[0].filed, None, None, "file:///etc/passwd")
    async with opened(sample_board(close_up=replace(INOD, filings=[filing])), "symbol", "INOD") as pilot:
        asked: list[str] = []
        monkeypatch.setattr(pilot.app, "open_url", asked.append)
        await pilot.press("enter", "enter")
        assert asked == []
        assert "This filing has no address." in shown(pilot)
        assert "passwd" not in shown(pilot)


async def test_without_filings_the_arrows_scroll() -> None:
    async with opened(INDEX, "target", "0", (60, 20)) as pilot:
        first = lines(pilot.app.screen.query_one("#page"))
        await pilot.press("down")
        assert lines(pilot.app.screen.query_one("#page"))[0].startswith(first[1].rstrip())


def test_only_web_addresses_are_addresses() -> None:
    assert is_address("https://www.sec.gov/a.htm")
    for url in (
        "",
        "javascript:alert(1)",
        "file:///x",
        "https://",
        "https://a b",
        "https://a\x1b[2J",
        "https://[",
        "//a.b",
    ):
        assert not is_address(url), url


def test_a_browser_inside_the_terminal_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser("lynx"))
    assert not has_browser()
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.BackgroundBrowser("firefox"))
    assert has_browser()

    def none() -> None:
        raise webbrowser.Error

    monkeypatch.setattr(webbrowser, "get", none)
    assert not has_browser()


# --- the pane ---


async def test_the_pane_has_ranges_zoom_and_pan() -> None:
    app, _ = stage(sample_board())
    async with app.run_test(size=(160, 45)) as pilot:
        target = pane(app, "target")
        assert isinstance(target, TargetPane)
        await pilot.press("1")
        assert lines(target)[-1].rstrip().endswith("start")
        await pilot.press("comma")
        assert lines(target)[-1].rstrip().endswith("ytd")
        await pilot.press("comma", "h")
        assert "6m · 2025-12-" in text(target)
        assert "expected move" not in text(target)
        await pilot.press("l", "plus")
        assert target.port.back == 0
        await pilot.press("0")
        assert target.port == Viewport("start")
        await pilot._post_mouse_events([_scroll()], "#target", (20, 25))
        assert target.port.span > 0
        before = target.port
        await pilot._post_mouse_events([_scroll()], "#target", (20, 5))
        assert target.port == before


def test_averages_in_the_pane_are_named_and_differ_without_colour() -> None:
    board = sample_board()
    chart = board.charts["^GSPC"]
    days = len(chart.days)
    chart = replace(
        chart, extra={**chart.extra, "sma50": [6900.0] * days, "sma200": [None] * 9 + [6700.0] * (days - 9)}
    )
    with_both = sample_board(charts={"^GSPC": chart})
    sheet = words(target_page(with_both, with_both.targets[0], 98, 40, P, UNICODE))
    assert "┈ 50 d  ╌ 200 d" in sheet
    row = next(
        line
        for line in words(target_page(with_both, with_both.targets[0], 98, 40, P, ASCII)).splitlines()
        if "555" in line
    )
    assert "5 50 d  2 200 d" in words(target_page(with_both, with_both.targets[0], 98, 40, P, ASCII))
    assert "2" not in row[:80]


def test_the_corner_of_the_index_chart_says_what_is_in_view() -> None:
    target, chart = sample_board().targets[0], sample_board().charts["^GSPC"]
    port = Viewport("start")
    assert target_plot(target, chart, port, P, UNICODE).corner == "start"
    closer = port.zoomed(chart.days, first_day(target, chart), 1)
    assert target_plot(target, chart, closer, P, UNICODE).corner[-1] in "dmy"
    assert target_plot(target, chart, closer, P, UNICODE).corner[0].isdigit()


def test_a_plan_that_is_not_drawn_is_not_in_the_legend() -> None:
    board = sample_board()
    chart = board.charts["^GSPC"]
    bare = replace(chart, extra={}, future={})
    for shown, there in ((chart, True), (bare, False)):
        legend = target_plot(board.targets[0], shown, Viewport("start"), P, UNICODE).legend
        assert any("plan" in words for words, _ in legend) is there


def test_a_quarter_filed_in_another_year_says_which() -> None:
    column = Column(158, P, UNICODE)
    quarters = INOD.quarters
    draw_quarters(column, quarters, date(2026, 7, 23))
    filed = next(line for line in words(column.sheet()).splitlines() if line.startswith(" filed"))
    for one in quarters[-8:]:
        assert one.filed is not None
        own = f"{one.filed.day} {one.filed:%b}" if one.filed.year == 2026 else f"{one.filed:%b} {one.filed.year}"
        assert own in filed
