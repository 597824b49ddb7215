"""Touches of a level and the path statistics."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from rallytui.indicators import pricepath
from rallytui.indicators.touches import Touches, touches
from tests.indicators.golden import bars, day, days, golden

EXPECTED = golden("target")["A_path_stats"]["expected"]
BASE, LEVEL = 6882.15, 6938.83
START = date(2025, 9, 30)


def history(**changes: object) -> Touches:
    index = bars("index") | changes
    ordered = index["days"]
    return touches(
        ordered,
        index["high"],
        index["low"],
        index["close"],
        base=BASE,
        level=LEVEL,
        start=START,
        end=date(2025, 12, 31),
    )


def test_touches_match_the_golden_vector() -> None:
    assert bars("index")["days"][20] == np.datetime64(START)
    found = history()
    assert found.first_touch_close == day(EXPECTED["first_touch_close_date"])
    assert found.first_touch_intraday == day(EXPECTED["first_touch_high_date"])
    assert found.sessions == EXPECTED["sessions_since_baseline"]
    assert found.days_at_or_above == EXPECTED["days_closed_at_or_above"]
    assert found.share == pytest.approx(EXPECTED["share_above"])
    assert found.streak == EXPECTED["current_streak_above"]
    assert found.crossings_up == EXPECTED["upward_close_crossings"]
    assert found.touched_before_baseline is not None


def test_gains_and_drawdowns_match_the_golden_vector() -> None:
    closes = bars("index")["close"][20:]
    assert pricepath.max_gain_pct(closes[1:], BASE) == pytest.approx(EXPECTED["max_gain_pct"])
    assert pricepath.max_drawdown_pct(closes) == pytest.approx(EXPECTED["max_drawdown_from_high_pct"])
    assert pricepath.drawdown_pct(closes) == pytest.approx(EXPECTED["current_drawdown_from_high_pct"])


def test_order_and_repeats_of_days_do_not_matter() -> None:
    index = bars("index")
    shuffled = np.random.default_rng(1).permutation(np.append(np.arange(80), [3, 40, 79]))
    assert history(**{name: column[shuffled] for name, column in index.items()}) == history()


def test_without_highs_there_is_no_intraday_touch() -> None:
    found = history(high=np.full(80, np.nan))
    assert found.first_touch_intraday is None
    assert found.touched_before_baseline is None
    assert found.first_touch_close == history().first_touch_close


def test_the_first_session_after_the_baseline_can_cross() -> None:
    found = touches(
        days(["2026-01-02", "2026-01-05", "2026-01-06"]),
        [9.0, 11.0, 11.0],
        [9.0, 11.0, 11.0],
        [9.0, 11.0, 11.0],
        base=9.0,
        level=10.0,
        start=date(2026, 1, 2),
        end=date(2026, 1, 6),
    )
    assert (found.crossings_up, found.streak, found.share) == (1, 2, 1.0)


def test_a_level_below_the_baseline_is_touched_from_above() -> None:
    found = touches(
        days(["2026-01-02", "2026-01-05", "2026-01-06"]),
        [100.0, 99.0, 95.0],
        [98.0, 89.0, 91.0],
        [99.0, 92.0, 93.0],
        base=99.0,
        level=92.0,
        start=date(2026, 1, 2),
        end=date(2026, 1, 6),
    )
    assert found.first_touch_close == found.first_touch_intraday == date(2026, 1, 5)
    assert (found.days_at_or_above, found.streak) == (1, 0)


def test_no_bars_no_touches() -> None:
    found = touches(days([]), [], [], [], base=1.0, level=2.0, start=START, end=START)
    assert found == Touches(None, None, None, 0, 0, None, 0, 0)


@pytest.mark.parametrize("name", ["A1", "A2"])
def test_year_to_date_is_measured_from_the_last_session_of_the_year_before(name: str) -> None:
    case = next(item for item in golden("target")["A_target_examples"] if item["id"] == name)
    given = case["inputs"]
    known = days(["2024-12-30", "2024-12-31", "2025-01-02"])
    ytd = pricepath.ytd_pct(given["S"], known, [1.0, given["prev_year_close"], 1.0], day(given["asof"]))
    assert ytd == pytest.approx(case["expected"]["ytd_pct"])


def test_year_to_date_needs_that_session() -> None:
    known = days(["2024-12-27", "2025-01-02"])
    assert pricepath.ytd_pct(110.0, known, [100.0, 101.0], date(2025, 3, 3)) is None
    assert pricepath.ytd_pct(110.0, known[1:], [101.0], date(2025, 3, 3)) is None


def test_the_52_week_window_is_a_calendar_year_with_its_start_left_out() -> None:
    known = np.arange(np.datetime64("2024-02-20"), np.datetime64("2025-03-01"))
    highs = np.linspace(200, 100, len(known))
    found = pricepath.year_range(known, highs, highs - 1, date(2025, 2, 28))
    assert found is not None
    assert found.sessions == 366
    assert found.full
    assert found.high == highs[known == np.datetime64("2024-02-29")][0]
    leap = pricepath.year_range(known, highs, highs - 1, date(2024, 2, 29))
    assert leap is not None
    assert not leap.full


def test_range_position_is_clamped_for_a_live_price() -> None:
    stock = bars("stock")
    high, low = float(stock["high"].max()), float(stock["low"].min())
    expected = golden("watchlist")["B_expected"]
    last = float(stock["close"][-1])
    assert pricepath.range_position(last, high, low) == pytest.approx(expected["range_position_80_intraday"])
    closes = stock["close"]
    assert pricepath.range_position(last, float(closes.max()), float(closes.min())) == 0
    assert pricepath.range_position(high + 1, high, low) == 1
    assert pricepath.range_position(5.0, 5.0, 5.0) is None
    assert pricepath.range52(last, pricepath.YearRange(high, low, 80, full=False)) is None


def test_averages_and_distances_match_the_golden_vectors() -> None:
    closes, expected = bars("stock")["close"], golden("watchlist")["B_expected"]
    assert pricepath.sma(closes, 50) == pytest.approx(expected["sma50"])
    assert pricepath.sma(closes, 200) is None
    assert pricepath.dist_sma_pct(float(closes[-1]), closes, 50) == pytest.approx(expected["dist_sma50_pct"])
    assert pricepath.drawdown_pct(closes) == pytest.approx(expected["drawdown_last_pct"])
    assert pricepath.max_drawdown_pct(closes) == pytest.approx(expected["max_drawdown_pct"])


def test_an_average_skips_a_hole_instead_of_vanishing() -> None:
    closes = np.append(np.full(60, 10.0), [np.nan, 10.0])
    assert pricepath.sma(closes, 50) == 10


def test_a_live_high_is_no_drawdown() -> None:
    assert pricepath.drawdown_pct(np.full(30, 100.0), 120.0) == 0
    assert pricepath.drawdown_pct(np.full(30, 100.0), 90.0) == pytest.approx(-10)
    assert pricepath.drawdown_pct(np.full(19, 100.0)) is None
    assert pricepath.drawdown_pct([100.0], 90.0, least=1) == pytest.approx(-10)
    assert pricepath.drawdown_pct([], 90.0, least=0) is None


def test_crosses() -> None:
    rising = np.concatenate([np.linspace(100, 50, 30), np.linspace(50, 150, 30)])
    found = pricepath.last_cross(rising, 5, 20)
    assert found is not None
    assert found.kind == "golden"
    assert pricepath.last_cross(rising[: len(rising) - found.sessions_ago - 1], 5, 20) is None
    assert pricepath.last_cross(200 - rising, 5, 20) == pricepath.Cross("death", found.sessions_ago)
    assert pricepath.last_cross(rising[: len(rising) - found.sessions_ago], 5, 20) == pricepath.Cross("golden", 0)
    assert pricepath.last_cross(np.full(300, 0.1)) is None
    assert pricepath.last_cross(rising) is None
