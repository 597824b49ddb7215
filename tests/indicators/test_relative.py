"""A symbol against the market, the basket, breadth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rallytui.indicators import basket, relative
from tests.indicators.golden import bars, days, golden

EXPECTED = golden("watchlist")["B_expected"]
STOCK, MARKET = bars("stock")["close"], bars("index")["close"]


def test_beta_and_correlation_match_the_golden_vectors() -> None:
    found = relative.regression(STOCK, MARKET, 60)
    assert found is not None
    assert found.beta == pytest.approx(EXPECTED["beta_60_simple"], rel=1e-9)
    assert found.r2 == pytest.approx(EXPECTED["r2_60"], rel=1e-9)
    assert found.corr == pytest.approx(EXPECTED["corr_60_simple"], rel=1e-9)
    assert relative.adjusted_beta(found.beta) == pytest.approx(EXPECTED["beta_60_blume_adjusted"], rel=1e-9)
    assert found.returns == 60
    short = relative.regression(STOCK, MARKET, 20)
    assert short is not None
    assert short.corr == pytest.approx(EXPECTED["corr20_last"], rel=1e-9)


def test_relative_strength_matches_the_golden_vectors() -> None:
    found = relative.rs_return_pct(STOCK, MARKET, 63)
    assert found == pytest.approx(EXPECTED["rel_strength_63_simple_ratio_pct"], rel=1e-9)
    assert relative.rs_return_pct(STOCK, MARKET, 126) is None
    assert relative.mansfield(STOCK, MARKET, 50) == pytest.approx(EXPECTED["mansfield_rs_n50_last"], rel=1e-9)
    assert relative.mansfield(STOCK[:49], MARKET[:49], 50) is None
    assert relative.mansfield(STOCK[:50], MARKET[:50], 50) is not None


def test_history_shorter_than_the_window_is_enough_if_the_caller_says_so() -> None:
    assert relative.regression(STOCK, MARKET, 252) is None
    found = relative.regression(STOCK, MARKET, 252, least=60)
    assert found is not None
    assert found.returns == 79
    assert relative.regression(STOCK[:60], MARKET[:60]) is None


def test_returns_across_a_gap_are_dropped() -> None:
    holes = STOCK.copy()
    holes[50] = np.nan
    found = relative.regression(holes, MARKET, 60)
    assert found is not None
    assert found.returns == 58
    keep = [i for i in range(1, 61) if 19 + i not in (50, 51)]
    s, m = (np.diff(column[-61:]) / column[-61:-1] for column in (STOCK, MARKET))
    pairs = np.array([s[np.array(keep) - 1], m[np.array(keep) - 1]])
    assert found.beta == pytest.approx(np.cov(pairs)[0, 1] / np.var(pairs[1], ddof=1))


def test_more_than_a_twentieth_missing_is_too_much() -> None:
    holes = STOCK.copy()
    holes[[30, 40, 50, 60]] = np.nan
    assert relative.regression(holes, MARKET, 60) is None
    assert relative.rs_return_pct(holes, MARKET, 63) is None
    assert relative.mansfield(holes, MARKET, 50) is None


def test_a_late_bar_is_measured_to_its_own_end() -> None:
    late = STOCK.copy()
    late[-1] = np.nan
    assert relative.rs_return_pct(late, MARKET, 63) == relative.rs_return_pct(STOCK[:-1], MARKET[:-1], 63)


def test_a_flat_side_has_no_beta() -> None:
    assert relative.regression(np.full(80, 5.0), MARKET) is None
    assert relative.regression(STOCK, np.full(80, 5.0)) is None


def test_alignment_keeps_the_grid_and_never_carries_forward() -> None:
    grid = days(["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"])
    own = days(["2026-01-08", "2026-01-05", "2026-01-04", "2026-01-07", "2026-01-07"])
    aligned = relative.align(own, [4.0, 1.0, 0.5, 2.0, 3.0], grid)
    assert aligned.tolist()[:1] + aligned.tolist()[2:] == [1.0, 3.0, 4.0]
    assert np.isnan(aligned[1])
    assert np.isnan(relative.align(days([]), [], grid)).all()
    assert len(relative.align(own, [4.0, 1.0, 0.5, 2.0, 3.0], days([]))) == 0


def test_the_basket_matches_the_golden_vector() -> None:
    case = golden("watchlist")["B_basket"]
    closes = [np.array(column, dtype=float) for column in case["inputs"]["closes"].values()]
    found = basket.basket(closes)
    assert found.levels == pytest.approx(case["expected"]["levels"])
    assert found.members.tolist() == case["expected"]["members_used"]
    for place in range(1, 4):
        moves = [float(column[place] / column[place - 1] - 1) for column in closes]
        counted = basket.advances(moves)
        assert counted.advancers == case["expected"]["advancers"][place]
        assert counted.decliners == case["expected"]["decliners"][place]
        assert counted.unchanged == case["expected"]["unchanged"][place]


def test_a_day_without_enough_members_has_no_level_and_the_next_goes_on() -> None:
    one = np.array([10.0, np.nan, np.nan, 10.0, 11.0])
    two = np.array([np.nan, np.nan, 20.0, 20.0, 22.0])
    found = basket.basket([one, two])
    assert np.isnan(found.levels).tolist() == [True, True, True, False, False]
    assert found.levels[3:] == pytest.approx([100.0, 110.0])
    found = basket.basket([np.array([10.0, np.nan, 12.0, 12.6])])
    assert np.isnan(found.levels).tolist() == [False, True, True, False]
    assert found.levels[3] == pytest.approx(105.0)


CLOSES = st.lists(st.lists(st.floats(50, 200), min_size=12, max_size=12), min_size=2, max_size=5)


@given(CLOSES, st.lists(st.floats(50, 200), min_size=12, max_size=12), st.integers(0, 14))
def test_a_member_that_joins_later_leaves_the_past_as_it_was(
    founders: list[list[float]], winner: list[float], day: int
) -> None:
    without = basket.basket(founders).levels
    found = basket.basket([*founders, winner], joined=[*[0] * len(founders), day]).levels
    assert found[: day + 1] == pytest.approx(without[: day + 1])
    if day < len(winner) - 1:
        moves = [closes[day + 1] / closes[day] - 1 for closes in (*founders, winner)]
        assert found[day + 1] == pytest.approx(found[day] * (1 + sum(moves) / len(moves)))


def test_later_members_are_no_missing_ones_before_they_joined() -> None:
    one, late = [100.0, 110.0, 121.0, 121.0], [np.nan, np.nan, 50.0, 100.0]
    found = basket.basket([one, late, late], joined=[0, 2, 2]).levels
    assert found == pytest.approx([100, 110, 121, 121 * (1 + 2 / 3)])
    only = basket.basket([late, late], joined=[2, 2]).levels
    assert np.isnan(only[:2]).all()
    assert only[2:] == pytest.approx([100, 200]), "a basket begins with its first member"


def test_an_empty_basket() -> None:
    assert len(basket.basket([]).levels) == 0
    assert np.isnan(basket.basket([np.full(3, np.nan)]).levels).all()


def test_breadth_counts_only_members_with_a_reading() -> None:
    assert basket.share_above([1.0, -1.0, None, 0.0, float("nan")]) == basket.Share(1, 3)
    assert basket.advances([]) == basket.Advances(0, 0, 0, None)
    assert basket.advances([1e-9, -2.0, 0.0, None]).share == 0.5
    assert basket.mix_pct([1.0, 2.0, 3.0]) == 2
    assert basket.mix_pct([1.0, None]) is None
    assert basket.mix_pct([]) is None
