"""The watchlist: columns by width, sorting, filtering, a selection that stays, states of a row."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace
from textual import events
from textual.pilot import Pilot

from rallytui.board.shape import Basket, Board, Row, Watchlist
from rallytui.config.state import State
from rallytui.ui.app import RallyApp
from rallytui.ui.panes import columns
from rallytui.ui.panes.columns import COLUMNS
from rallytui.ui.panes.watchlist import WatchlistPane
from rallytui.ui.panes.watchlist_fit import BARE, PRIORITY
from tests.ui.sample import sample_board, sample_rows, sample_watchlist
from tests.ui.stage import StubSource, focus, lines, text, until

WIDE = (160, 45)
LAST_DAY = date(2026, 7, 22)


pytestmark = pytest.mark.usefixtures("quick")


@asynccontextmanager
async def watchlist(
    size: tuple[int, int] = WIDE, **changes: Any
) -> AsyncIterator[tuple[Pilot[None], WatchlistPane, StubSource]]:
    """The pane in an app, with the focus."""
    source = StubSource(sample_board(watchlists=[sample_watchlist(**changes)]))
    async with RallyApp(source).run_test(size=size, notifications=True) as pilot:
        await focus(pilot, "watchlist")
        await until(pilot, lambda: source.publish)
        yield pilot, pilot.app.screen.query_one(WatchlistPane), source


def many(count: int) -> list[Row]:
    rows = sample_rows()
    return [replace(rows[n % 4], symbol=f"S{n:04d}", name=f"Name {n}", last=float(n + 1)) for n in range(count)]


def symbols(pane: WatchlistPane) -> list[str]:
    return [row.symbol for row in pane.rows()]


async def test_numbers_stand_below_their_headers_edge() -> None:
    async with watchlist() as (_, pane, _source):
        shown = lines(pane)
        for header in ("last", "chg %", "vol ×", "RSI", "beta", "RS63", "rev y/y", "report"):
            end = shown[1].index(header) + len(header)
            for row in shown[2:6]:
                assert row[end - 1] != " ", (header, row)
                assert row[end : end + 1].strip() == "", (header, row)


async def test_the_picture_of_the_wide_list() -> None:
    async with watchlist() as (_, pane, _source):
        shown = lines(pane)
        assert shown[0].startswith("━ 2 AI watchlist ━")
        assert shown[0].endswith("basket ▼ −3.06 %   vs S&P −1.85 pp   above 50 d 1/4 ━")
        assert shown[2].startswith("▌PLPC       325.82  ▼  −0.17  ")
        assert shown[2].endswith("43  1.04   +2.1     +3.6  30 Jul ±5")
        assert shown[5].startswith(" FIVN ~      21.75  ▼  −5.25  ")
        assert shown[7].startswith(" basket      132.4  ▼  −3.06  equal weight, 100 at start")
        assert shown[8].startswith(" S&P 500  7,408.30  ▼  −1.21  ")
        assert "~ delayed 15 min · dim beta: R² below 0.10 · 1 up · 3 down · above 200 d 2/4" in shown[10]


async def test_a_low_pane_has_no_header_and_units_in_its_rows() -> None:
    async with watchlist((60, 20)) as (_, pane, _source):
        shown = lines(pane)
        assert len(shown) == 5
        assert shown[1].startswith("▌PLPC")
        assert "−0.17 %" in shown[1]
        assert shown[1].rstrip().endswith("0.74 ×")
        assert [placed.column.id for placed in pane.placed()] == list(BARE)


# --- states ---


async def test_a_stale_row_is_dim_from_end_to_end() -> None:
    rows = sample_rows()
    rows[1] = replace(rows[1], freshness="stale", badge="Thu 20 Nov")
    async with watchlist(rows=rows) as (pilot, pane, _source):
        dim = pilot.app.palette.dim.color  # type: ignore[attr-defined]
        rule = pilot.app.palette.rule.color  # type: ignore[attr-defined]
        words = [segment for segment in pane.render_line(3) if segment.text.strip() and segment.style]
        assert {segment.style.color for segment in words} <= {dim, rule}
        assert "INOD †" in lines(pane)[3]
        assert "† Thu 20 Nov" in text(pane)


async def test_unknown_readings_are_dashes_and_a_row_without_any_stays_blank() -> None:
    rows = [replace(sample_rows()[0], rsi14=None, rs63_pct=None, next_report=None), Row(symbol="NEW")]
    async with watchlist(rows=rows) as (_, pane, _source):
        shown = lines(pane)
        assert shown[2].count("—") == 3
        assert shown[3].split() == ["NEW", "—", "—", "waiting"]


async def test_no_names_and_no_quotes() -> None:
    async with watchlist(rows=[]) as (pilot, pane, _source):
        assert "No symbols yet." in text(pane)
        await pilot.press("j", "s", "S", "enter", "end")
    async with watchlist(rows=[Row(symbol="NEW")]) as (_, pane, _source):
        assert "1 name, no quotes" in lines(pane)[0]
        assert "waits for the first source that answers" in text(pane)


# --- sorting ---


async def test_s_goes_through_the_visible_columns_and_back_to_your_own_order() -> None:
    async with watchlist() as (pilot, pane, _source):
        own = symbols(pane)
        await pilot.press("s")
        assert symbols(pane) == sorted(own)
        assert "sym▲" in lines(pane)[1]
        await pilot.press("s")
        assert symbols(pane) == ["PLPC", "INOD", "FIVN", "PATH"]
        assert "▼last" in lines(pane)[1]
        await pilot.press("S")
        assert symbols(pane) == ["PATH", "FIVN", "INOD", "PLPC"]
        assert "▲last" in lines(pane)[1]
        for _ in range(len(PRIORITY) - 1):
            pane.action_sort()
        assert pane.sort_by == ""
        assert symbols(pane) == own
        await pilot.press("S")
        assert symbols(pane) == own[::-1]


@pytest.mark.parametrize("column", list(COLUMNS))
async def test_what_has_no_value_stands_last_in_either_direction(column: str) -> None:
    rows = [Row(symbol="ZZZ"), *sample_rows()]
    rows[2] = replace(rows[2], rs63_pct=float("nan"))
    async with watchlist(rows=rows) as (_, pane, _source):
        value = COLUMNS[column].sort
        for _ in range(2):
            pane.sort(column)
            unknown = [(found := value(row)) is None or found != found for row in pane.rows()]
            assert unknown == sorted(unknown)
            assert len(unknown) == 5


async def test_the_selection_stays_on_its_symbol_through_sort_and_refresh() -> None:
    async with watchlist() as (pilot, pane, source):
        await pilot.press("j", "j")
        assert pane.selected == "PATH"
        for _ in range(4):
            await pilot.press("s")
            assert any(line.startswith("▌PATH") for line in lines(pane))
        rows = [replace(row, change_pct=float(n)) for n, row in enumerate(sample_rows())][::-1]
        source.publish(sample_board(watchlists=[sample_watchlist(rows=rows)]))  # type: ignore[misc]
        await until(pilot, lambda: "+3.00" in text(pane))
        assert any(line.startswith("▌PATH") for line in lines(pane))
        gone = [row for row in rows if row.symbol != "PATH"]
        source.publish(sample_board(watchlists=[sample_watchlist(rows=gone)]))  # type: ignore[misc]
        await until(pilot, lambda: "PATH" not in text(pane))
        assert any(line.startswith("▌") for line in lines(pane))


# --- filtering ---


async def test_while_the_filter_is_open_letters_are_words() -> None:
    async with watchlist() as (pilot, pane, source):
        await pilot.press("slash", "i", "n", "o", "q")
        assert pilot.app.is_running
        assert source.refreshes == 0
        assert 'No name matches "inoq". Esc clears.' in text(pane)
        await pilot.press("backspace")
        assert symbols(pane) == ["INOD"]
        assert "/ ino" in text(pane)
        assert "1 of 4" in text(pane)
        status = pilot.app.screen.query_one("#status")
        assert "Enter keep   Esc clear" in text(status)
        await pilot.press("enter", "s")
        assert pane.needle == "ino"
        assert pane.sort_by == "symbol"
        assert "Esc clears" in text(pane)
        await pilot.press("escape")
        assert len(symbols(pane)) == 4


async def test_a_filter_finds_names_too_and_takes_pasted_words() -> None:
    async with watchlist() as (pilot, pane, _source):
        await pilot.press("slash")
        pane.post_message(events.Paste("five9\x1b[31m"))
        await until(pilot, lambda: symbols(pane) == ["FIVN"])
        await pilot.press("1")
        assert pane.needle.endswith("1"), "a key that is an action elsewhere is a letter here"


async def test_leaving_the_pane_closes_the_filter_and_keeps_it() -> None:
    async with watchlist() as (pilot, pane, _source):
        await pilot.press("slash", "p", "tab")
        assert not pane.typing
        assert pane.needle == "p"


# --- many rows ---


async def test_of_a_thousand_rows_only_the_visible_ones_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def spy(row: Row, width: int, pen: columns.Pen) -> tuple[tuple[str, Any], ...]:
        drawn.append(row.symbol)
        return ((row.symbol, pen.palette.text),)

    monkeypatch.setitem(COLUMNS, "symbol", COLUMNS["symbol"]._replace(draw=spy))
    async with watchlist(rows=many(1000)) as (pilot, pane, _source):
        await pilot.press("end")
        assert pane.selected == "S0999"
        assert any(line.startswith("▌S0999") for line in lines(pane))
        drawn.clear()
        await pilot.press("k")
        assert 0 < len(drawn) < 40
        await pilot.press("home")
        assert any(line.startswith("▌S0000") for line in lines(pane))
        await pilot.press("pagedown", "pagedown", "pageup", "down", "up")
        assert pane.selected == pane.row_keys()[len(pane._shown) - 1]
        lowest = lines(pane)[pane._first_y + len(pane._shown) - 1]
        assert lowest.startswith("▼"), "there are more rows below"
        assert lowest.rstrip().endswith("±5"), "and the sign stands over no number"


async def test_the_mouse_selects_opens_scrolls_and_sorts() -> None:
    async with watchlist() as (pilot, pane, _source):
        await pilot.click(pane, offset=(4, 4))
        assert pane.selected == "PATH"
        await pilot.click(pane, offset=(15, 1))
        assert pane.sort_by == "last"
        await pilot.click(pane, offset=(15, 1))
        assert pane.turned
        await pilot.click(pane, offset=(4, 8))
        assert pane.selected == "PATH"
        pane.on_mouse_scroll_down(_Wheel())  # type: ignore[arg-type]
        assert pane.selected == "FIVN"
        pane.on_mouse_scroll_up(_Wheel())  # type: ignore[arg-type]
        assert pane.selected == "PATH"
        await pilot.click(pane, offset=(4, 3), times=2)
        await until(pilot, lambda: pilot.app.screen is not pane.screen)


class _Wheel:
    def stop(self) -> None:
        """Nothing above listens here."""


# --- several lists ---


def two_lists() -> list[Watchlist]:
    rows = sample_rows()
    other = sample_watchlist(name="b", title="Other names", rows=[rows[0], replace(rows[1], symbol="SMCI")])
    return [sample_watchlist(), other]


@asynccontextmanager
async def desk(
    board: Board, size: tuple[int, int] = WIDE
) -> AsyncIterator[tuple[Pilot[None], WatchlistPane, StubSource]]:
    source = StubSource(board)
    async with RallyApp(source).run_test(size=size, notifications=True) as pilot:
        await focus(pilot, "watchlist")
        await until(pilot, lambda: source.publish)
        yield pilot, pilot.app.screen.query_one(WatchlistPane), source


async def test_lists_are_tabs_and_the_last_one_is_all_of_them() -> None:
    async with desk(sample_board(watchlists=two_lists())) as (pilot, pane, _source):
        assert lines(pane)[0].startswith("━ 2 AI watchlist   Other names   all ━")
        await pilot.press("n")
        assert symbols(pane) == ["PLPC", "SMCI"]
        await pilot.press("n")
        assert symbols(pane) == ["PLPC", "INOD", "PATH", "FIVN", "SMCI"]
        assert "5 names   above 50 d" in lines(pane)[0]
        assert "all lists together have no basket" in text(pane)
        assert "basket " not in lines(pane)[0]
        await pilot.press("n")
        assert symbols(pane)[-1] == "FIVN"
        await pilot.press("N", "N")
        assert pane.title == "Other names"
        at = lines(pane)[0].index("AI watchlist")
        await pilot.click(pane, offset=(at + 3, 0))
        assert pane.title == "AI watchlist"
        await pilot.click(pane, offset=(lines(pane)[0].index("all"), 0))
        assert len(symbols(pane)) == 5


async def test_without_room_the_rule_names_one_list_and_counts_the_others() -> None:
    async with desk(sample_board(watchlists=two_lists()), (60, 20)) as (pilot, pane, _source):
        assert lines(pane)[0].startswith("━ 2 AI watchlist  1/3 ━")
        await pilot.click(pane, offset=(20, 0))
        assert pane.title == "AI watchlist"


async def test_lists_with_different_indices_have_none_together() -> None:
    one, other = two_lists()
    async with desk(sample_board(watchlists=[one, replace(other, benchmark="^RUT")])) as (pilot, pane, _source):
        await pilot.press("N")
        assert len(symbols(pane)) == 5
        assert "S&P" not in text(pane)


# --- removing, undoing, moving ---


async def test_x_removes_and_u_undoes_several_times() -> None:
    async with watchlist() as (pilot, pane, source):
        await pilot.press("j", "x")
        assert symbols(pane) == ["PLPC", "PATH", "FIVN"]
        assert pane.selected == "PATH"
        assert lines(pane)[-1].strip() == "INOD removed from AI watchlist · u undoes"
        assert source.state.lists["ai"].symbols == ["PLPC", "PATH", "FIVN"]
        await pilot.press("x", "x", "x")
        assert symbols(pane) == []
        assert "No symbols yet. a adds one." in text(pane)
        for count in (1, 2, 3, 4):
            await pilot.press("u")
            assert len(symbols(pane)) == count
        assert symbols(pane) == ["PLPC", "INOD", "PATH", "FIVN"]
        assert source.state.lists == {}
        assert "INOD is back" in lines(pane)[-1]
        before = len(source.states)
        await pilot.press("u")
        assert len(source.states) == before, "there is nothing left to undo"


async def test_what_was_chosen_holds_until_the_board_has_it_and_after() -> None:
    async with watchlist() as (pilot, pane, source):
        await pilot.press("x")
        assert source.publish is not None
        rows = [replace(row, last=(row.last or 0) + 1) for row in sample_rows()]
        source.publish(sample_board(watchlists=[sample_watchlist(rows=rows)]))
        await until(pilot, lambda: "61.01" in text(pane))
        assert symbols(pane) == ["INOD", "PATH", "FIVN"], "a board that was under way does not bring it back"
        source.publish(sample_board(watchlists=[sample_watchlist(rows=rows[1:])]))
        await until(pilot, lambda: not pane.edits.expected)
        source.publish(sample_board(watchlists=[sample_watchlist(rows=rows)]))
        await until(pilot, lambda: "PLPC" in text(pane))


async def test_in_all_lists_x_removes_from_each_and_one_u_brings_it_back() -> None:
    async with desk(sample_board(watchlists=two_lists())) as (pilot, pane, source):
        await pilot.press("N", "x")
        assert "PLPC removed from 2 lists" in lines(pane)[-1]
        assert source.state.lists["ai"].symbols == ["INOD", "PATH", "FIVN"]
        assert source.state.lists["b"].symbols == ["SMCI"]
        await pilot.press("J")
        assert "The order of all follows its lists" in lines(pane)[-1]
        await pilot.press("u")
        assert symbols(pane)[0] == "PLPC"
        assert source.state.lists == {}


async def test_j_and_k_with_shift_move_the_symbol_in_your_own_order() -> None:
    async with watchlist() as (pilot, pane, source):
        await pilot.press("J", "J")
        assert symbols(pane) == ["INOD", "PATH", "PLPC", "FIVN"]
        assert pane.selected == "PLPC"
        await pilot.press("shift+up")
        assert source.state.lists["ai"].symbols == ["INOD", "PLPC", "PATH", "FIVN"]
        await pilot.press("u")
        assert symbols(pane) == ["PLPC", "INOD", "PATH", "FIVN"], "moves in a row are one step"
        await pilot.press("K")
        assert source.state.lists == {}, "it stops at the ends"
        await pilot.press("s", "J")
        assert "J and K move in your own order" in lines(pane)[-1]


async def test_what_cannot_be_kept_says_so_once() -> None:
    async with watchlist() as (pilot, pane, source):
        source.state_fault = "/state.json cannot be written (disk full)."
        await pilot.press("x")
        assert "disk full" in lines(pane)[-1]
        await pilot.press("x")
        assert "disk full" not in lines(pane)[-1]


async def test_the_order_is_kept_for_the_next_run() -> None:
    async with watchlist() as (pilot, pane, source):
        await pilot.press("s", "s", "S")
        assert (source.state.sort, source.state.reverse) == ("last", True)
        kept, own = source.state, symbols(pane)
    again = StubSource(sample_board())
    again.state = kept
    async with RallyApp(again).run_test(size=WIDE, notifications=True) as pilot:
        assert symbols(pilot.app.screen.query_one(WatchlistPane)) == own


async def test_a_sort_by_a_column_that_is_no_more_is_passed_over() -> None:
    source = StubSource(sample_board())
    source.state = State(sort="phase of the moon", columns=["tide"])
    async with RallyApp(source).run_test(size=WIDE, notifications=True) as pilot:
        pane = pilot.app.screen.query_one(WatchlistPane)
        assert symbols(pane) == [row.symbol for row in sample_rows()]
        assert len(pane.placed()) > 8


async def test_a_click_on_the_row_that_was_clicked_opens_it() -> None:
    async with watchlist() as (pilot, pane, _source):
        pilot.app.CLICK_CHAIN_TIME_THRESHOLD = -1.0  # type: ignore[misc]  # no two clicks are a double click
        await pilot.click(pane, offset=(4, 3))
        assert pilot.app.screen is pane.screen
        await pilot.press("j")
        await pilot.click(pane, offset=(4, 3))
        assert pilot.app.screen is pane.screen, "the cursor had been elsewhere"
        await pilot.click(pane, offset=(4, 3))
        await until(pilot, lambda: pilot.app.screen is not pane.screen)


async def test_hostile_symbols_are_inert_in_every_sentence() -> None:
    rows = [replace(sample_rows()[0], symbol="[red]\x1b[31mX\u202e", name="[link=x]y")]
    async with watchlist(rows=rows) as (pilot, pane, _source):
        await pilot.press("x")
        assert "\x1b" not in text(pane)
        assert "[red]X removed" in lines(pane)[-1]


# --- a look back ---


@pytest.mark.parametrize("key", ["a", "x", "J", "K"])
async def test_in_a_look_back_the_list_is_not_changed_and_it_says_how_to_get_back(key: str) -> None:
    source = StubSource(sample_board(mode="as_of", watchlists=[sample_watchlist()]))
    source.looking_at = LAST_DAY
    async with RallyApp(source).run_test(size=WIDE, notifications=True) as pilot:
        await focus(pilot, "watchlist")
        pane = pilot.app.screen.query_one(WatchlistPane)
        await pilot.press(key)
        assert "A past day cannot be changed; Home goes back to live." in lines(pane)[-1]
        assert source.states == []
        assert pilot.app.screen is pane.screen
        await pilot.press("s")
        assert source.states, "how the list is shown may still be chosen"


async def test_what_was_changed_live_is_not_undone_in_a_look_back() -> None:
    async with watchlist() as (pilot, pane, source):
        await pilot.press("x")
        kept = source.state
        source.looking_at = LAST_DAY
        await pilot.press("u")
        assert "Home goes back to live" in lines(pane)[-1]
        assert source.state is kept


# --- the basket ---


async def test_a_basket_without_one_of_its_names_says_of_how_many_it_is() -> None:
    rows = [*sample_rows()[:3], Row(symbol="NEW")]
    async with watchlist(rows=rows) as (_, pane, _source):
        basket = next(line for line in lines(pane) if line.startswith(" basket"))
        assert "equal weight, 100 at start, 3 of 4 names" in basket


async def test_a_name_that_joined_later_says_so_in_its_row_and_in_the_baskets() -> None:
    rows = [replace(row, joined=date(2026, 3, 2)) if row.symbol == "PATH" else row for row in sample_rows()]
    said = "joined the list on 2026-03-02: it counts in the basket from that day's close on, not before"
    rows = [replace(row, flags=[said]) if row.joined else row for row in rows]
    basket = Basket(132.4, -3.06, -1.85, ["PLPC", "INOD", "FIVN", "PATH"])
    async with watchlist(rows=rows, basket=basket, size=(200, 60)) as (_, pane, _source):
        shown = lines(pane)
        assert any(line.lstrip("▌ ").startswith("PATH +") for line in shown)
        assert not any(line.lstrip("▌ ").startswith("PLPC +") for line in shown)
        assert "equal weight, 100 at start, PATH since 2026-03-02" in text(pane)
        assert "+ joined later, in the basket from then on" in text(pane)


async def test_a_basket_that_cannot_be_known_says_why() -> None:
    rows = [sample_rows()[0], Row(symbol="A"), Row(symbol="B"), Row(symbol="C")]
    async with watchlist(rows=rows, basket=Basket()) as (_, pane, _source):
        basket = next(line for line in lines(pane) if line.startswith(" basket"))
        assert "unknown: 1 of 4 names have a change, 3 are needed" in basket
