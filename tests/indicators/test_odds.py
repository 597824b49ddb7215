"""Chances, expected moves and times to a level."""

from __future__ import annotations

from datetime import date
from math import ceil, exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rallytui.config.settings import Odds
from rallytui.indicators import odds
from rallytui.indicators.eta import eta_date, fit_trend, model_eta, trend_eta
from rallytui.indicators.moves import Volatility, expected_move, horizon_volatility, implied_volatility
from tests.indicators.golden import bars, calendar, golden

BARRIERS = golden("target")["A_barrier_probability"]
TARGETS = {case["id"]: case for case in golden("target")["A_target_examples"]}
scales = st.floats(0.02, 1.5)
moves = st.floats(-0.7, 0.7)
years = st.floats(0.004, 5.0)
drifts = st.floats(-0.3, 0.3)


@pytest.mark.parametrize("case", BARRIERS["cases"], ids=lambda case: case["id"])
def test_barrier_probabilities_match_forty_digit_arithmetic(case: dict) -> None:
    given_, expected = case["inputs"], case["expected"]
    inputs = (given_["S"], given_["K"], given_["sigma"], given_["tau"], given_["mu"])
    touch, beyond = odds.p_touch(*inputs), odds.p_beyond(*inputs)
    assert touch == pytest.approx(float(expected["p_touch_mp"]), rel=1e-9, abs=1e-30)
    assert touch == pytest.approx(float(expected["p_touch_mp"]), abs=1e-10)
    assert beyond == pytest.approx(float(expected["p_close_beyond_mp"]), rel=1e-9, abs=1e-30)
    closes = odds.p_touch(*inputs, at_closes=True)
    assert closes == pytest.approx(expected["p_touch_close_monitored_bgk"], rel=1e-9, abs=1e-30)


@pytest.mark.parametrize("case", BARRIERS["cases"], ids=lambda case: case["id"])
def test_close_monitoring_agrees_with_the_simulation_of_daily_closes(case: dict) -> None:
    given_ = case["inputs"]
    inputs = (given_["S"], given_["K"], given_["sigma"], given_["tau"], given_["mu"])
    daily = case["monte_carlo"]["daily_close_monitored"]
    assert odds.p_touch(*inputs, at_closes=True) == pytest.approx(daily, abs=0.005)


def test_the_odds_of_7269_on_the_day_of_the_article() -> None:
    given_, expected = TARGETS["A4"]["inputs"], TARGETS["A4"]["expected"]
    price, level, tau = given_["S"], given_["target"], expected["tau_years"]
    assert odds.horizon(calendar(), date(2025, 12, 24), date(2026, 12, 31)) == pytest.approx(tau)
    for name, scenario in (("scenario_neutral", Odds().neutral), ("scenario_real_world", Odds().real_world)):
        sigma = scenario.sigma_factor * expected["sigma"]
        assert sigma == pytest.approx(expected[name]["sigma"])
        touch = odds.p_touch(price, level, sigma, tau, scenario.mu)
        assert touch == pytest.approx(expected[name]["p_touch"], abs=1e-10)
        beyond = odds.p_beyond(price, level, sigma, tau, scenario.mu)
        assert beyond == pytest.approx(expected[name]["p_close_above"], abs=1e-10)
    sigma = expected["sigma"]
    assert odds.p_touch(price, level, sigma, tau, 0.07) == pytest.approx(expected["p_touch_long_run_drift"], abs=1e-10)
    watched = odds.p_touch(price, level, sigma, tau, at_closes=True)
    assert watched == pytest.approx(expected["p_touch_close_monitored_zero_drift"], abs=1e-10)


def test_the_odds_of_every_rung_in_january_2026() -> None:
    given_ = TARGETS["A10"]["inputs"]
    price, sigma, tau = given_["S"], given_["sigma"], given_["sessions"] / 252
    for row in TARGETS["A10"]["expected"]["rows"]:
        level = row["level"]
        assert odds.p_touch(price, level, sigma, tau) == pytest.approx(row["p_touch_neutral"], abs=1e-10)
        real_world = odds.p_touch(price, level, 0.85 * sigma, tau, 0.07)
        assert real_world == pytest.approx(row["p_touch_real_world"], abs=1e-10)
        above = odds.p_at_or_above(price, level, sigma, tau)
        assert above == pytest.approx(row["p_close_at_or_above_neutral"], abs=1e-10)


def test_the_edges_of_the_odds() -> None:
    assert odds.p_touch(100, 100, 0.2, 1.0) == 1
    assert odds.p_touch(100, 100, 0.2, 1.0, at_closes=True) == 1
    assert odds.p_touch(100, 110, 0.2, 0.0) == 0
    assert odds.p_beyond(100, 110, 0.2, 0.0) == 0
    assert odds.p_at_or_above(100, 90, 0.2, 0.0) == 1
    assert odds.p_at_or_above(100, 110, 0.2, 0.0) == 0
    for sigma, tau in ((0.0, 1.0), (-0.2, 1.0), (None, 1.0), (float("nan"), 1.0), (0.2, -0.01), (0.2, None)):
        assert odds.p_touch(100, 110, sigma, tau) is None
        assert odds.p_beyond(100, 110, sigma, tau) is None
        assert odds.p_at_or_above(100, 110, sigma, tau) is None
    assert odds.p_touch(None, 110, 0.2, 1.0) is None
    assert odds.horizon(calendar(), date(2027, 1, 4), date(2026, 12, 31)) is None
    assert odds.horizon(calendar(), date(2026, 12, 31), date(2026, 12, 31)) == 0


@settings(max_examples=100)
@given(move=moves, sigma=scales, tau=years)
def test_without_drift_of_the_logarithm_touching_is_twice_as_likely_as_ending_beyond(
    move: float, sigma: float, tau: float
) -> None:
    level, mu = 100 * exp(move), sigma * sigma / 2
    if level == 100:
        return
    touch, beyond = odds.p_touch(100, level, sigma, tau, mu), odds.p_beyond(100, level, sigma, tau, mu)
    assert touch is not None
    assert beyond is not None
    assert touch == pytest.approx(2 * beyond, rel=1e-9, abs=1e-12)


@settings(max_examples=100)
@given(move=moves, sigma=scales, tau=years, mu=drifts)
def test_touching_is_at_least_as_likely_as_ending_beyond_and_watching_closes_never_more(
    move: float, sigma: float, tau: float, mu: float
) -> None:
    inputs = (100.0, 100 * exp(move), sigma, tau, mu)
    touch, beyond = odds.p_touch(*inputs), odds.p_beyond(*inputs)
    watched, ever = odds.p_touch(*inputs, at_closes=True), odds.p_touch_ever(*inputs[:3], mu)
    assert touch is not None and beyond is not None and watched is not None and ever is not None  # noqa: PT018
    assert 0 <= beyond <= touch + 1e-12
    assert watched <= touch + 1e-12
    assert touch <= ever + 1e-9


@settings(max_examples=100)
@given(move=st.floats(0.0001, 2.0), sigma=scales, tau=years)
def test_a_fair_game_reaches_a_higher_level_with_at_most_price_over_level(
    move: float, sigma: float, tau: float
) -> None:
    level = 100 * exp(move)
    touch = odds.p_touch(100, level, sigma, tau)
    assert touch is not None
    assert touch <= 100 / level + 1e-12
    assert odds.p_touch_ever(100, level, sigma) == pytest.approx(100 / level)


@settings(max_examples=100)
@given(move=moves, sigma=scales, tau=years, mu=drifts)
def test_above_and_below_are_mirror_images(move: float, sigma: float, tau: float, mu: float) -> None:
    up = odds.p_touch(100, 100 * exp(move), sigma, tau, mu)
    down = odds.p_touch(100, 100 * exp(-move), sigma, tau, sigma * sigma - mu)
    assert up is not None
    assert up == pytest.approx(down, rel=1e-9, abs=1e-12)


def test_far_tails_neither_overflow_nor_vanish() -> None:
    assert odds.p_touch(100, 150, 0.001, 1.0, 0.5) == pytest.approx(1.0)
    assert odds.p_touch(100, 150, 0.001, 1.0, 0.3) == 0.0
    assert odds.p_touch(1e-12, 1e12, 0.2, 1.0, 0.07) == 0.0
    assert odds.p_touch(1e12, 1e-12, 1e-9, 1e-9, -5.0) == 0.0


def test_expected_moves_match_the_golden_vectors() -> None:
    for sessions, expected in TARGETS["A7"]["expected"].items():
        found = expected_move(6812.61, 0.1719, int(sessions))
        assert found is not None
        assert [found.low1, found.high1] == pytest.approx(expected["band"], rel=1e-9)
    article = expected_move(6932.05, 0.1347, 255)
    assert article is not None
    assert [article.low1, article.high1] == pytest.approx(TARGETS["A4"]["expected"]["band_1s"], rel=1e-9)
    assert [article.low2, article.high2] == pytest.approx(TARGETS["A4"]["expected"]["band_2s"], rel=1e-9)
    assert expected_move(6812.61, 0.1719, 0) is None
    assert expected_move(6812.61, 1e14, 252) is None


def test_the_implied_volatility_of_a_horizon() -> None:
    assert implied_volatility(16.0, 20.0, 30) == Volatility(0.16, "VIX")
    assert implied_volatility(16.0, 20.0, 5) == Volatility(0.16, "VIX")
    assert implied_volatility(16.0, 20.0, 93) == Volatility(0.2, "VIX3M")
    assert implied_volatility(16.0, 20.0, 400) == Volatility(0.2, "VIX3M")
    between = implied_volatility(16.0, 20.0, 60)
    assert between is not None
    assert between.source == "VIX/VIX3M interpolated"
    assert between.value**2 * 60 == pytest.approx(0.16**2 * 30 + (0.2**2 * 93 - 0.16**2 * 30) * 30 / 63)
    assert implied_volatility(16.0, None, 400) == Volatility(0.16, "VIX")
    assert implied_volatility(None, 20.0, 5) == Volatility(0.2, "VIX3M")
    assert implied_volatility(float("nan"), None, 5) is None


def test_realised_volatility_stands_in_for_the_indices() -> None:
    found = horizon_volatility(None, None, 100, yz63=0.3, cc63=0.25)
    assert found is not None
    assert found.value == 0.3
    found = horizon_volatility(None, None, 100, cc63=0.25)
    assert found is not None
    assert found.source == "realised 63 d, closes"
    assert horizon_volatility(None, None, 100, yz63=0.0) is None


@pytest.mark.parametrize("case", golden("target")["A_model_eta"])
def test_the_model_eta_matches_the_golden_vectors(case: dict) -> None:
    given_, expected = case["inputs"], case["expected"]
    found = model_eta(given_["S"], given_["K"], given_["sigma"], given_["mu"])
    assert found is not None
    ever = odds.p_touch_ever(given_["S"], given_["K"], given_["sigma"], given_["mu"])
    assert ever == pytest.approx(expected["p_touch_ever"], rel=1e-9)
    assert found.sessions == expected["median_touch_sessions_ceil"]
    if expected["median_touch_years"] is None:
        assert found.years is None
    else:
        assert found.years == pytest.approx(expected["median_touch_years"], rel=1e-9)


def test_the_model_eta_at_the_level_and_without_a_price() -> None:
    found = model_eta(100, 100, 0.2)
    assert found is not None
    assert (found.years, found.sessions) == (0.0, 0)
    assert model_eta(None, 100, 0.2) is None
    assert model_eta(100, 110, None) is None


def test_the_trend_matches_the_golden_vector() -> None:
    case = golden("target")["A_trend_eta"]
    closes, expected = bars("index")["close"], case["expected"]
    found = trend_eta(closes, float(closes[-1]), case["inputs"]["target"])
    assert found is not None
    trend = found.trend
    assert trend.slope == pytest.approx(expected["ols_slope_per_session"], rel=1e-9)
    assert trend.drift == pytest.approx(expected["rw_drift"], rel=1e-9)
    assert trend.drift_se == pytest.approx(expected["rw_se"], rel=1e-9)
    assert found.sessions == pytest.approx(expected["eta_sessions_anchored_at_last_close"], rel=1e-9)
    assert found.low == pytest.approx(expected["eta_ci_rw"][0], rel=1e-9)
    assert found.high is expected["eta_ci_rw"][1] is None


def test_a_trend_that_points_away_has_no_eta_but_an_interval() -> None:
    closes = bars("index")["close"]
    found = trend_eta(closes, float(closes[-1]), 6000.0)
    assert found is not None
    assert found.sessions is None
    assert found.low is not None
    assert found.high is None


def test_a_trend_needs_21_closes() -> None:
    closes = np.exp(np.linspace(4, 5, 20))
    assert fit_trend(closes) is None
    assert trend_eta(closes, 100.0, 110.0) is None
    flat = trend_eta(np.full(63, 100.0), 100.0, 110.0)
    assert flat is not None
    assert (flat.sessions, flat.low, flat.high) == (None, None, None)


def test_eta_dates_count_sessions_and_stop_at_five_years() -> None:
    sessions, asof = calendar(), date(2026, 7, 23)
    assert eta_date(sessions, asof, 0.5) == date(2026, 7, 24)
    assert eta_date(sessions, asof, ceil(98.75)) == sessions.after(asof, 99)
    assert eta_date(sessions, asof, 0.0) == asof
    assert eta_date(sessions, asof, 1261.0) is None
    assert eta_date(sessions, date(2028, 1, 3), 1200.0) is None
    assert eta_date(sessions, asof, None) is None


def test_the_first_closing_touch_of_a_straight_line_is_its_eta() -> None:
    closes = np.exp(np.arange(63) * 0.001)
    found = trend_eta(closes, float(closes[-1]), float(closes[-1]) * 1.05)
    assert found is not None
    assert found.sessions == pytest.approx(log(1.05) / 0.001)
    assert found.low == pytest.approx(found.high)
