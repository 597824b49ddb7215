"""Whether a history is of one basis (METHODOLOGY G.4): splits it lacks, rows nobody traded, ranges that are errors."""

from __future__ import annotations

from math import gcd, log

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rallytui.indicators.arrays import FloatArray
from rallytui.indicators.basis import Basis, bad_ticks, basis_of

COUNT = 300


def quiet(count: int = COUNT) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Opens, closes and volumes that move by a percent or so a day."""
    step = np.arange(count)
    close = 60 * np.cumprod(1 + 0.012 * np.sin(step * 2.399) + 0.0004)
    return close * (1 + 0.004 * np.sin(step)), close, 1e6 * (1 + 0.3 * np.sin(step * 1.7))


def judged(opens: FloatArray, closes: FloatArray, volumes: FloatArray, symbol: str = "PLPC") -> Basis | None:
    return basis_of(symbol, opens, closes, volumes, lambda before, after: 1.0)


def unadjusted(ratio: float, at: int) -> Basis | None:
    """A history whose rows before `at` are on the basis before a split of `ratio` new shares for one."""
    opens, closes, volumes = quiet()
    opens[:at] *= ratio
    closes[:at] *= ratio
    volumes[:at] /= ratio
    return judged(opens, closes, volumes)


@given(n=st.integers(1, 50), m=st.integers(1, 50), at=st.integers(30, COUNT - 10))
def test_a_history_is_cut_at_a_split_of_any_ratio(n: int, m: int, at: int) -> None:
    assume(gcd(n, m) == 1 and abs(log(n / m)) > log(1.25))
    found = unadjusted(n / m, at)
    assert found is not None
    assert (found.cut, found.odd) == (at, ())
    assert found.kept.tolist() == [False] * at + [True] * (COUNT - at)


@pytest.mark.parametrize("ratio", [20, 1 / 8, 1 / 30, 10])
def test_a_split_on_the_newest_row(ratio: float) -> None:
    found = unadjusted(ratio, COUNT - 1)
    assert found is not None
    assert found.cut == COUNT - 1


def test_a_quiet_history_is_of_one_basis() -> None:
    assert judged(*quiet()) is None


@pytest.mark.parametrize("move", [0.8, 0.6, 0.5, 1.25, 1.5, 2.0])
def test_a_day_of_news_is_no_split(move: float) -> None:
    """The day trades a multiple of the usual, and what is traded afterwards is what was traded before."""
    opens, closes, volumes = quiet()
    opens[200:] *= move
    closes[200:] *= move
    volumes[200] *= 6
    assert judged(opens, closes, volumes) is None


def test_a_fall_within_the_session_is_no_split() -> None:
    opens, closes, volumes = quiet()
    opens[201:] *= 0.8
    closes[200:] *= 0.8
    volumes[200:] *= 1.25
    assert judged(opens, closes, volumes) is None


def test_the_move_of_the_market_is_taken_out() -> None:
    """A crash of 18 % of everything is not a split of 6:5."""
    opens, closes, volumes = quiet()
    opens[200:], closes[200:], volumes[200:] = opens[200:] / 1.2, closes[200:] / 1.2, volumes[200:] * 1.2
    assert judged(opens, closes, volumes) is not None
    assert basis_of("SPY", opens, closes, volumes, lambda before, after: 1 / 1.2 if after == 200 else 1.0) is None


@pytest.mark.parametrize("rows", [1, 2, 5])
@pytest.mark.parametrize("factor", [0.01, 0.5, 20.0])
def test_a_few_odd_rows_cost_themselves(rows: int, factor: float) -> None:
    opens, closes, volumes = quiet()
    closes[150 : 150 + rows] *= factor
    found = judged(opens, closes, volumes)
    assert found is not None
    assert (found.cut, found.odd) == (0, tuple(range(150, 150 + rows)))


def test_an_odd_newest_row_is_left_out() -> None:
    opens, closes, volumes = quiet()
    closes[-1] *= 0.01
    found = judged(opens, closes, volumes)
    assert found is not None
    assert found.odd == (COUNT - 1,)


@pytest.mark.parametrize("factor", [0.01, 0.55, 30.0])
def test_before_a_jump_that_nothing_explains_nothing_counts(factor: float) -> None:
    opens, closes, volumes = quiet()
    opens[:120] *= factor
    closes[:120] *= factor
    found = judged(opens, closes, volumes)
    assert found is not None
    assert found.cut == 120


def test_what_moves_by_a_multiple_does() -> None:
    opens, closes, volumes = quiet()
    closes[200:] *= 2.15
    assert judged(opens, closes, 0 * volumes, "^VIX") is None
    assert judged(opens, closes, 0 * volumes, "^GSPC") is not None


def test_a_round_trip_that_was_traded_stays() -> None:
    opens, closes, volumes = quiet()
    closes[150] *= 1.8
    volumes[150:152] *= 9
    assert judged(opens, closes, volumes) is None


@pytest.mark.parametrize("factor", [8.0, 20.0])
@pytest.mark.parametrize("row", [0, 5, 150, COUNT - 1])
def test_a_high_or_a_low_far_beyond_the_body_is_a_typing_error(factor: float, row: int) -> None:
    opens, closes, _ = quiet()
    highs, lows = np.maximum(opens, closes) * 1.006, np.minimum(opens, closes) * 0.994
    highs[row] *= factor
    lows[(row + 9) % COUNT] /= factor
    high, low = bad_ticks(opens, highs, lows, closes)
    assert np.flatnonzero(high).tolist() == [row]
    assert np.flatnonzero(low).tolist() == [(row + 9) % COUNT]


def test_a_wide_day_is_none() -> None:
    opens, closes, _ = quiet()
    highs, lows = np.maximum(opens, closes) * 1.006, np.minimum(opens, closes) * 0.994
    lows[150] *= 0.95
    highs[40] = np.nan
    high, low = bad_ticks(opens, highs, lows, closes)
    assert not (high | low).any()
