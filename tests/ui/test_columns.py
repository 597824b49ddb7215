"""The watchlist's columns: which are there at a width, where they stand, what a row's badge is."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from rallytui.ui.glyphs import ASCII, UNICODE
from rallytui.ui.panes.columns import COLUMNS, PRIORITY, badge_of, place
from tests.ui.sample import sample_rows


def chosen(width: int, has_day: bool = True) -> set[str]:
    return {placed.column.id for placed in place(width, sample_rows(), has_day)}


def test_columns_leave_from_the_end_of_the_priority() -> None:
    seen = [chosen(width) for width in range(120, 12, -1)]
    for shown in seen:
        assert shown == set(PRIORITY[: len(shown)])
    assert len(seen[0]) == len(COLUMNS)


def test_medium_shows_the_first_six_and_wide_all() -> None:
    assert chosen(58) == {"symbol", "last", "change", "range", "volume", "rsi"}
    assert chosen(54) == chosen(58)
    assert chosen(97) == set(COLUMNS)
    assert chosen(97, has_day=False) == set(COLUMNS) - {"day"}


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
