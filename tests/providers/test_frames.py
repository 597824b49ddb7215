"""Rows of a source to the one clean frame of finished daily bars."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest

from rallytui.model import BadPayload
from rallytui.providers.frames import COLUMNS, Wanted, bars
from tests.providers.helpers import ny

DAYS = [date(2025, 12, 5), date(2025, 12, 8), date(2025, 12, 9), date(2025, 12, 10)]
DONE = ny("2025-12-10T18:00")
EARLY, LATE = date(1900, 1, 1), date(2100, 1, 1)


def wanted(now: datetime = DONE, start: date = EARLY, end: date = LATE) -> Wanted:
    return Wanted("yahoo", "SPY", start, end, now)


def test_the_frame_has_the_promised_shape() -> None:
    frame = bars(wanted(), DAYS, {"close": [101, 102, 103, 104]}, "[bold]\x1bName").frame
    assert tuple(frame.columns) == COLUMNS
    assert set(frame.dtypes) == {np.dtype(float)}
    assert frame.index.dtype == "datetime64[s]"
    assert frame.index.tz is None
    assert frame.index.name == "date"
    assert frame["adj_close"].isna().all()


def test_no_rows_make_an_empty_frame_of_the_same_shape() -> None:
    frame = bars(wanted(), [], {}).frame
    assert tuple(frame.columns) == COLUMNS
    assert frame.empty
    assert frame.index.dtype == "datetime64[s]"


@pytest.mark.parametrize(("now", "count"), [("2025-12-10T17:59", 3), ("2025-12-10T18:00", 4), ("2025-12-09T12:00", 2)])
def test_a_bar_is_finished_from_six_in_the_evening(now: str, count: int) -> None:
    dates = [day for day in DAYS if day <= ny(now).date()]
    assert len(bars(wanted(ny(now)), dates, {"close": [1.0] * len(dates)}).frame) == count


def test_rows_are_sorted_and_the_last_of_a_date_wins() -> None:
    dates = [DAYS[2], DAYS[0], DAYS[2], DAYS[1]]
    frame = bars(wanted(), dates, {"close": [103, 101, 133, 102]}).frame
    assert frame["close"].tolist() == [101, 102, 133]


def test_a_null_that_repeats_a_date_does_not_hide_its_bar() -> None:
    assert bars(wanted(), [DAYS[0], DAYS[0]], {"close": [1, None]}).frame["close"].tolist() == [1]


def test_rows_without_a_close_go_and_other_impossible_prices_become_nan() -> None:
    columns = {
        "close": [None, 0, 3, 4],
        "open": [1, 1, 0, -1],
        "high": [1, 1, 5, 1],
        "low": [1, 1, 2, 2],
        "volume": [1, 1, 0, -5],
        "adj_close": [1, 1, -1, 4],
    }
    frame = bars(wanted(), DAYS, columns).frame
    assert [day.day for day in frame.index] == [9, 10]
    assert frame["open"].isna().all()
    assert frame["high"].tolist()[0] == 5
    assert np.isnan([frame["high"].iloc[1], frame["low"].iloc[1]]).all(), "a high below the low: neither is right"
    assert frame["volume"].iloc[0] == 0
    assert np.isnan(frame["volume"].iloc[1])


def test_closes_that_are_all_impossible_are_refused() -> None:
    with pytest.raises(BadPayload, match="no close above 0"):
        bars(wanted(), DAYS, {"close": [-1, -2, None, 0]})


def test_only_sessions_stay_but_before_the_calendar_every_date_does() -> None:
    dates = [date(1975, 1, 4), date(1990, 1, 2), date(2025, 11, 27), date(2025, 11, 28), date(2025, 11, 29)]
    frame = bars(wanted(), dates, {"close": [1.0] * 5}).frame
    assert [day.date() for day in frame.index] == [date(1975, 1, 4), date(1990, 1, 2), date(2025, 11, 28)]


def test_a_window_includes_both_ends() -> None:
    frame = bars(wanted(start=DAYS[1], end=DAYS[2]), DAYS, {"close": [101, 102, 103, 104]}).frame
    assert frame["close"].tolist() == [102, 103]


def test_a_bar_of_tomorrow_is_refused() -> None:
    with pytest.raises(BadPayload, match="in the future"):
        bars(wanted(), [date(2025, 12, 11)], {"close": [1]})


@pytest.mark.parametrize("moved", [1, -1])
def test_a_history_that_is_off_by_a_day_is_refused(moved: int) -> None:
    weekdays = [date(2025, 11, 3 + n) for n in range(26) if date(2025, 11, 3 + n).weekday() < 5]
    closes = [100.0 + n for n in range(len(weekdays))]
    assert len(bars(wanted(), weekdays, {"close": closes}).frame) == 19, "Thanksgiving is no session"
    with pytest.raises(BadPayload, match="off by a day"):
        bars(wanted(), [day + timedelta(days=moved) for day in weekdays], {"close": closes})


def test_what_trades_all_week_and_a_stray_weekend_row_are_not_refused() -> None:
    every_day = [date(2025, 11, 3 + n) for n in range(26)]
    assert len(bars(wanted(), every_day, {"close": [1.0] * 26}).frame) == 19
    stray = [date(2025, 11, 7), date(2025, 11, 8), date(2025, 11, 10)]
    assert len(bars(wanted(), stray, {"close": [1.0] * 3}).frame) == 2
