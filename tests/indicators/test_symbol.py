"""One symbol's readings: change, gap, volume, RSI, ATR, momentum, volatility, splits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from rallytui.indicators import eta, momentum, pricepath, relative, volatility
from tests.indicators.golden import bars, golden

EXPECTED = golden("watchlist")["B_expected"]
STOCK = bars("stock")
HLC = (STOCK["high"], STOCK["low"], STOCK["close"])
OHLC = (STOCK["open"], *HLC)


def test_change_and_gap_match_the_golden_vectors() -> None:
    assert momentum.momentum_pct(STOCK["close"], 1) == pytest.approx(EXPECTED["change_pct"])
    gap = momentum.gap_pct(float(STOCK["open"][-1]), float(STOCK["close"][-2]))
    assert gap == pytest.approx(EXPECTED["gap_pct"])


def test_relative_volume_matches_the_golden_vectors() -> None:
    assert momentum.rel_volume(STOCK["volume"]) == pytest.approx(EXPECTED["rel_volume_20d"])
    case = golden("watchlist")["B_relative_volume_intraday"]
    given, before = case["inputs"], case["inputs"]["cum_at_same_minute_prev_sessions"]
    assert momentum.volume_share(given["cum_today"], before) == pytest.approx(case["expected"]["rel_volume"])
    assert momentum.volume_share(given["cum_today"], before[1:]) is None


def test_relative_volume_needs_twenty_sessions_and_a_mean() -> None:
    assert momentum.rel_volume(np.ones(20)) is None
    assert momentum.rel_volume(np.append(np.ones(20), 3.0)) == 3
    assert momentum.rel_volume(np.zeros(21)) is None
    holes = np.append(np.ones(20), 3.0)
    holes[[3, 9]] = np.nan
    assert momentum.rel_volume(holes) == 3
    holes[5] = np.nan
    assert momentum.rel_volume(holes) is None


def test_rsi_matches_wilder_bar_by_bar() -> None:
    case = EXPECTED["rsi14_wilder"]
    found = [momentum.rsi(STOCK["close"][:count]) for count in range(1, len(STOCK["close"]) + 1)]
    assert [value is None for value in found] == [value is None for value in case["series"]]
    assert found[14:] == pytest.approx(case["series"][14:], abs=1e-8)
    assert found[14] == pytest.approx(case["value_at_14"])
    assert momentum.rsi(STOCK["close"]) == pytest.approx(case["last"], abs=1e-8)
    assert momentum.rsi(STOCK["close"][:14]) is None


def test_rsi_at_its_limits() -> None:
    assert momentum.rsi(np.arange(1.0, 20.0)) == 100
    assert momentum.rsi(np.arange(20.0, 1.0, -1)) == 0
    assert momentum.rsi(np.full(20, 7.0)) == 50


def test_atr_matches_wilder_bar_by_bar() -> None:
    case = EXPECTED["atr14_wilder"]
    found = [momentum.atr(*(column[:count] for column in HLC)) for count in range(1, len(STOCK["close"]) + 1)]
    assert [value is None for value in found] == [value is None for value in case["series"]]
    assert found[14:] == pytest.approx(case["series"][14:], abs=1e-8)
    last = momentum.atr(*HLC)
    assert last == pytest.approx(case["last"], abs=1e-8)
    assert momentum.atr_pct(last, float(STOCK["close"][-1])) == pytest.approx(case["last_pct_of_close"])
    assert momentum.atr(*(column[:14] for column in HLC)) is None


@pytest.mark.parametrize("n", [21, 63, 126, 252])
def test_momentum_matches_the_golden_vectors(n: int) -> None:
    expected = EXPECTED[f"momentum_{n}_pct"]
    assert momentum.momentum_pct(STOCK["close"], n) == (None if expected is None else pytest.approx(expected))


def test_volatility_matches_the_golden_vectors() -> None:
    index = bars("index")
    assert volatility.vol_cc(STOCK["close"], 21) == pytest.approx(EXPECTED["vol_cc_21"], rel=1e-9)
    assert volatility.vol_cc(STOCK["close"], 63) == pytest.approx(EXPECTED["vol_cc_63"], rel=1e-9)
    assert volatility.vol_cc(index["close"], 63) == pytest.approx(EXPECTED["index_vol_cc_63"], rel=1e-9)
    found = volatility.vol_yz(*OHLC, 21)
    assert found is not None
    assert (found.method, found.repaired) == ("yz", 0)
    assert found.value == pytest.approx(EXPECTED["vol_yz_21"], rel=1e-9)
    whole = volatility.vol_yz(index["open"], index["high"], index["low"], index["close"], 63)
    assert whole is not None
    assert whole.value == pytest.approx(EXPECTED["index_vol_yz_63"], rel=1e-9)


def test_volatility_needs_nine_tenths_of_its_bars() -> None:
    closes = STOCK["close"].copy()
    assert volatility.vol_cc(closes[-19:], 21) is None
    assert volatility.vol_cc(closes[-20:], 21) is not None
    closes[-10] = np.nan
    assert volatility.vol_cc(closes, 21) is not None
    closes[-15] = np.nan
    assert volatility.vol_cc(closes, 21) is None


def test_bars_without_a_range_fall_back_to_the_closes() -> None:
    closes = STOCK["close"]
    found = volatility.vol_yz(closes, closes, closes, closes, 21)
    assert found is not None
    assert found.method == "cc"
    assert found.value == volatility.vol_cc(closes, 21)


def test_a_few_broken_bars_are_repaired_and_many_are_not_trusted() -> None:
    highs = STOCK["high"].copy()
    highs[-5] = STOCK["low"][-5]
    found = volatility.vol_yz(STOCK["open"], highs, STOCK["low"], STOCK["close"], 63)
    assert found is not None
    assert found.repaired == 1
    assert volatility.vol_yz(STOCK["open"], highs, STOCK["low"], STOCK["close"], 21) is None


def wave(count: int) -> np.ndarray:
    return 100 + np.sin(np.arange(count)) + 0.01 * np.arange(count)


def daily(column: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.datetime64("2025-12-31") - np.arange(len(column))[::-1], column, column


READERS: dict[str, Callable[[np.ndarray, np.ndarray], object]] = {
    "change": lambda c, m: momentum.momentum_pct(c, 1),
    "gap_pct": lambda c, m: momentum.gap_pct(float(c[-1]), float(c[-2]) if len(c) > 1 else None),
    "rel_volume": lambda c, m: momentum.rel_volume(c),
    "range52": lambda c, m: pricepath.range52(float(c[-1]), pricepath.year_range(*daily(c), date(2025, 12, 31))),
    "rsi14": lambda c, m: momentum.rsi(c),
    "atr14": lambda c, m: momentum.atr(c, c, c),
    "beta60": lambda c, m: relative.regression(c, m, 60),
    "beta252": lambda c, m: relative.regression(c, m, 252, least=200),
    "corr60": lambda c, m: relative.regression(c, m, 60),
    "rs63_pct": lambda c, m: relative.rs_return_pct(c, m, 63),
    "rs126_pct": lambda c, m: relative.rs_return_pct(c, m, 126),
    "mansfield": lambda c, m: relative.mansfield(c, m),
    "drawdown_pct": lambda c, m: pricepath.drawdown_pct(c),
    **{f"mom{n}_pct": lambda c, m, n=n: momentum.momentum_pct(c, n) for n in (21, 63, 126, 252)},
    **{f"sma{n}": lambda c, m, n=n: pricepath.sma(c, n) for n in (50, 200)},
    "trend_eta": lambda c, m: eta.fit_trend(c),
}


@pytest.mark.parametrize("name", sorted(momentum.MIN_HISTORY.keys() - {"vol21", "vol63"}))
def test_the_table_of_needed_history_is_true(name: str) -> None:
    least, market = momentum.MIN_HISTORY[name], np.cos(np.arange(300)) + 50
    assert READERS[name](wave(least), market[:least]) is not None
    assert READERS[name](wave(least - 1), market[: least - 1]) is None


def test_full_volatility_windows_are_what_the_table_says() -> None:
    assert momentum.MIN_HISTORY["vol21"] == 22
    assert momentum.MIN_HISTORY["vol63"] == 64
