"""The watchlist's columns: which are there at a width, where they stand, what a row's badge is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from textual.app import App
from textual.pilot import Pilot

from rallytui.board.shape import Row
from rallytui.config.check import COLUMNS as CONFIG_COLUMNS
from rallytui.ui.app import RallyApp
from rallytui.ui.glyphs import ASCII, UNICODE
from rallytui.ui.panes.columns import COLUMNS, Pen, badge_of
from rallytui.ui.panes.watchlist import WatchlistPane
from rallytui.ui.panes.watchlist_fit import BARE, PRIORITY, known_columns, place, standard
from rallytui.ui.screens.choose_columns import ChooseColumns
from rallytui.ui.theme import palette
from rallytui.ui.widgets.sheet import phrase_len
from tests.ui.sample import sample_board, sample_rows
from tests.ui.stage import StubSource, focus, lines, pane, text, until


def chosen(width: int, has_day: bool = True) -> set[str]:
    return {placed.column.id for placed in place(width, sample_rows(), has_day)}


def test_columns_leave_from_the_end_of_the_priority() -> None:
    seen = [chosen(width) for width in range(120, 12, -1)]
    for shown in seen:
        assert shown == set(PRIORITY[: len(shown)])
    assert len(seen[0]) == len(PRIORITY)


def test_medium_shows_the_first_six_and_wide_all() -> None:
    assert chosen(58) == {"symbol", "last", "change", "range", "volume", "rsi"}
    assert chosen(54) == chosen(58)
    assert chosen(97) == set(PRIORITY)
    assert chosen(97, has_day=False) == set(PRIORITY) - {"day"}


@pytest.mark.parametrize("width", range(20, 130))
@pytest.mark.parametrize("bare", [False, True])
def test_columns_do_not_overlap_and_stay_inside(width: int, bare: bool) -> None:
    end = 1
    for placed in place(width, sample_rows(), True, bare):
        assert placed.x >= end
        end = placed.x + placed.width
    assert end <= width


def test_a_long_symbol_or_price_widens_its_column_within_bounds() -> None:
    rows = [replace(sample_rows()[0], symbol="ABCDEFGHIJKLMNOP", last=1_234_567.89)]
    placed = {one.column.id: one for one in place(97, rows, False)}
    assert placed["symbol"].width == 10
    assert placed["last"].width == len("1,234,567.89")


def test_badges_say_what_is_wrong_with_a_row() -> None:
    row = sample_rows()[0]
    assert badge_of(row, UNICODE) == ""
    assert badge_of(replace(row, badge="delayed"), UNICODE) == "~"
    assert badge_of(replace(row, freshness="lagging"), UNICODE) == "~"
    assert badge_of(replace(row, freshness="stale"), UNICODE) == "†"
    assert badge_of(replace(row, freshness="stale"), ASCII) == "*"
    assert badge_of(replace(row, flags=["suspect split 3 sessions ago"]), UNICODE) == "!"


def test_the_last_good_price_in_place_of_a_refused_one_is_dim() -> None:
    row, pen = sample_rows()[0], Pen(palette(), UNICODE)
    refused = replace(row, flags=["suspect value refused: 4.00, a fall of 98 % without volume"])
    for name in ("last", "change"):
        assert COLUMNS[name].draw(row, 10, pen)[0][1] != pen.palette.dim
        assert COLUMNS[name].draw(refused, 10, pen)[0][1] == pen.palette.dim
    split = replace(row, flags=["suspect split 3 sessions ago"])
    assert COLUMNS["last"].draw(split, 10, pen)[0][1] == pen.palette.text, "its price is as good as any"


# --- a choice ---


def test_the_config_knows_the_same_columns() -> None:
    assert tuple(COLUMNS) == CONFIG_COLUMNS


def test_every_column_says_what_it_is() -> None:
    assert all(column.header and column.help for column in COLUMNS.values())
    assert len({column.header for column in COLUMNS.values()}) == len(COLUMNS)


def test_a_choice_has_the_symbol_first_and_knows_only_what_there_is() -> None:
    assert known_columns(["rsi", "tide", "last", "rsi"]) == ["symbol", "rsi", "last"]
    assert known_columns(["symbol"]) == known_columns([]) == known_columns(None) == []


def test_chosen_columns_stand_in_their_order_and_leave_from_the_right() -> None:
    choice = ["symbol", "rsi", "mom63", "last", "name", "report"]
    seen = [[one.column.id for one in place(width, sample_rows(), True, choice=choice)] for width in range(120, 12, -1)]
    assert seen[0] == choice
    assert all(shown == choice[: len(shown)] for shown in seen)


def test_without_a_header_a_choice_keeps_what_says_what_it_is() -> None:
    def bare(choice: list[str]) -> list[str]:
        return [one.column.id for one in place(80, sample_rows(), True, True, choice)]

    assert bare(["symbol", "mom63", "last"]) == ["symbol", "last"]
    assert bare(["symbol", "mom63"]) == list(BARE)


numbers = st.none() | st.floats(-1e7, 1e7) | st.just(float("nan"))
FIELDS = [name for name in Row.__struct_fields__ if name.endswith(("_pct", "_ttm")) or name in
          ("last", "change", "hi52", "lo52", "atr14", "beta60", "beta252", "corr60", "mansfield", "revenue", "extended",
           "rel_volume", "rsi14")]  # fmt: skip
rows = st.lists(st.fixed_dictionaries(dict.fromkeys(FIELDS, numbers)), min_size=1, max_size=4).map(
    lambda found: [Row(symbol=f"S{n}", **values) for n, values in enumerate(found)]
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(rows, st.lists(st.sampled_from(list(COLUMNS)), unique=True), st.integers(20, 200), st.booleans())
def test_no_number_is_cut_or_touches_another(found: list[Row], choice: list[str], width: int, bare: bool) -> None:
    pen = Pen(palette(), UNICODE, units=bare)
    end = 0
    for column, x, cells in place(width, found, True, bare, choice):
        assert x > end
        end = x + cells
        longest = max(phrase_len(column.draw(row, cells, pen)) for row in found)
        assert longest <= cells or column.id == "symbol"
    assert end <= width


# --- the dialog ---


@asynccontextmanager
async def choosing(
    source: StubSource | None = None, size: tuple[int, int] = (160, 45)
) -> AsyncIterator[tuple[Pilot[None], ChooseColumns, StubSource]]:
    source = source or StubSource(sample_board())
    async with RallyApp(source).run_test(size=size, notifications=True) as pilot:
        await focus(pilot, "watchlist")
        await pilot.press("c")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChooseColumns) and pilot.app.focused)
        screen = pilot.app.screen
        assert isinstance(screen, ChooseColumns)
        yield pilot, screen, source


def headers(app: App[None]) -> list[str]:
    watchlist = pane(app, "watchlist")  # type: ignore[arg-type]
    assert isinstance(watchlist, WatchlistPane)
    return [one.column.id for one in watchlist.placed()]


@pytest.mark.usefixtures("quick")
async def test_columns_are_hidden_shown_moved_and_kept() -> None:
    async with choosing() as (pilot, screen, source):
        assert "as many as fit" in text(screen.box)
        await pilot.press("space", "space", "J", "enter")
        wanted = ["symbol", *[name for name in standard() if name not in ("symbol", "last", "change")]]
        wanted[1:3] = wanted[2:0:-1]
        await until(pilot, lambda: pilot.app.screen is not screen)
        assert source.state.columns == wanted
        assert headers(pilot.app) == wanted
        await pilot.press("c")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChooseColumns))
        await pilot.press("d", "escape")
        await until(pilot, lambda: source.state.columns is None)
        assert "change" in headers(pilot.app)


@pytest.mark.usefixtures("quick")
async def test_a_hidden_column_is_shown_behind_the_others_and_in_the_preview() -> None:
    async with choosing() as (pilot, screen, _source):
        screen.at = "beta252"
        await pilot.press("space")
        assert screen.shown[-1] == "beta252"
        assert "no room" in next(line for line in lines(screen.box) if "beta 1y" in line)
        screen.action_shift(-99)
        assert screen.shown[:2] == ["symbol", "beta252"]
        assert text(screen.box).count("beta 1y") == 2, "in the list and above the rows below it"
        await pilot.press("pagedown", "up", "pageup")
        await pilot.click(screen.box, offset=(6, 1))
        assert "beta252" not in screen.shown


@pytest.mark.usefixtures("quick")
async def test_the_last_column_stays() -> None:
    async with choosing() as (pilot, screen, _source):
        await pilot.press(*["space"] * 20)
        assert len(screen.shown) == 2


@pytest.mark.usefixtures("quick")
async def test_the_choice_of_the_config_is_shown_until_the_app_has_another() -> None:
    source = StubSource(sample_board(), columns=["rsi", "last"])
    async with choosing(source) as (pilot, screen, _):
        assert screen.shown == ["symbol", "rsi", "last"]
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is not screen)
        assert source.states == []
        assert headers(pilot.app) == ["symbol", "rsi", "last"]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("size", [(200, 60), (100, 30), (60, 20), (30, 10), (20, 6)])
async def test_the_chooser_fits_every_size(size: tuple[int, int]) -> None:
    async with choosing(size=size) as (pilot, screen, _):
        assert pilot.app.screen.region.contains_region(screen.box.region)
        await pilot.press(*["down"] * 12)
        assert any("▌" in line for line in lines(screen.box))
        await pilot.click(offset=(0, 0))
        await until(pilot, lambda: pilot.app.screen is not screen)
