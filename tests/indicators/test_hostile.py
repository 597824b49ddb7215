"""Whatever comes in: no reading is NaN, none raises, none warns."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from math import isfinite
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rallytui.indicators import basket, eta, momentum, moves, odds, pricepath, relative, target, transforms, volatility
from rallytui.indicators.arrays import observations
from rallytui.indicators.touches import touches

PRICES = st.one_of(
    st.sampled_from([float("nan"), float("inf"), float("-inf"), 0.0, -1.0, 1e-12, 1e12, 5e-324, 1.7e308]),
    st.floats(allow_nan=True, allow_infinity=True),
    st.floats(1, 1000),
)
SANE = st.floats(50, 150)
SCALARS = st.one_of(st.none(), PRICES)


@st.composite
def histories(draw: st.DrawFn) -> dict[str, np.ndarray]:
    """Bars of a wild kind: constant, gappy, extreme or sane, one bar or many, days unsorted and repeated."""
    count = draw(st.sampled_from([0, 1, 2, 15, 22, 64, 130, 260]))
    kind = draw(st.sampled_from(["wild", "sane", "constant", "extremes", "gappy"]))
    seed = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    table = seed.uniform(50, 150, (5, count))
    if kind == "constant":
        table[:] = draw(st.sampled_from([0.1, 1e-12, 1e12, 100.0]))
    elif kind == "extremes":
        table = seed.choice([1e-12, 1e12], (5, count))
    elif kind == "gappy":
        table[seed.random((5, count)) < draw(st.sampled_from([0.01, 0.04, 0.3, 0.9]))] = np.nan
    elif kind == "wild":
        pool = np.array(draw(st.lists(PRICES, min_size=1, max_size=8)))
        table = pool[seed.integers(0, len(pool), (5, count))]
    days = np.datetime64("2025-06-02") + np.arange(count)
    if draw(st.booleans()) and count:
        days = days[seed.integers(0, count, count)]
    return {"days": days, **dict(zip(("open", "high", "low", "close", "volume"), table, strict=True))}


def clean(value: Any) -> bool:
    """Whether no number inside `value` is NaN or infinite."""
    if is_dataclass(value):
        return all(clean(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, (list, tuple)):
        return all(clean(item) for item in value)
    return not isinstance(value, float) or isfinite(value)


@settings(max_examples=120, deadline=None)
@given(bars=histories(), price=SCALARS, level=st.floats(1e-3, 1e6), base=st.floats(1e-3, 1e6))
def test_one_symbol(bars: dict[str, np.ndarray], price: float | None, level: float, base: float) -> None:
    o, h, low, c, v = (bars[name] for name in ("open", "high", "low", "close", "volume"))
    last = date(2025, 12, 31)
    found = [
        momentum.gap_pct(price, level),
        momentum.rel_volume(v),
        momentum.rsi(c),
        momentum.atr(h, low, c),
        momentum.atr_pct(price, level),
        momentum.momentum_pct(c, 21),
        volatility.vol_cc(c, 21),
        volatility.vol_yz(o, h, low, c, 21),
        pricepath.max_gain_pct(c, price),
        pricepath.drawdown_pct(c, price),
        pricepath.max_drawdown_pct(c),
        pricepath.ytd_pct(price, bars["days"], c, date(2026, 1, 30)),
        pricepath.range52(price, pricepath.year_range(bars["days"], h, low, last)),
        pricepath.sma(c, 50),
        pricepath.dist_sma_pct(price, c, 50),
        pricepath.last_cross(c, 10, 50),
        eta.trend_eta(c, price, level),
        touches(bars["days"], h, low, c, base=base, level=level, start=date(2025, 6, 20), end=last),
    ]
    assert clean(found)


@settings(max_examples=100, deadline=None)
@given(one=histories(), two=histories())
def test_two_symbols(one: dict[str, np.ndarray], two: dict[str, np.ndarray]) -> None:
    grid = np.unique(two["days"])
    stock = relative.align(one["days"], one["close"], grid)
    market = relative.align(two["days"], two["close"], grid)
    path = basket.basket([stock, market, market])
    found = [
        relative.regression(stock, market),
        relative.regression(stock, market, 252, least=20),
        relative.rs_return_pct(stock, market, 21),
        relative.mansfield(stock, market, 50),
        momentum.momentum_pct(path.levels, 1),
        relative.rs_return_pct(path.levels, market, 21),
        basket.share_above(stock.tolist()),
        basket.advances(stock.tolist()),
    ]
    assert clean(found)
    assert not np.isinf(path.levels).any()


@settings(max_examples=100, deadline=None)
@given(one=histories(), two=histories())
def test_transforms(one: dict[str, np.ndarray], two: dict[str, np.ndarray]) -> None:
    a, b = (observations(bars["days"], bars["close"]) for bars in (one, two))
    sessions = np.unique(two["days"])
    found = [
        transforms.latest(a),
        transforms.latest_session(a, sessions),
        transforms.same_day_ratio(a, b, sessions),
        transforms.difference(a, b),
        transforms.policy_gap(a, b),
        transforms.step_change(a, sessions, 21),
        transforms.ratio_return(a, b, 21),
        transforms.ratio_since(a, b, date(2025, 6, 20)),
        transforms.drawdown(a),
        transforms.level_and_change(a),
        transforms.claims_ratio(a),
        transforms.mean_of_months(a),
        transforms.sahm(a),
        transforms.year_on_year(a),
    ]
    assert clean(found)
    assert (a.days[1:] > a.days[:-1]).all()


@settings(max_examples=300, deadline=None)
@given(price=SCALARS, level=SCALARS, base=SCALARS, sigma=SCALARS, tau=SCALARS, mu=PRICES, n=st.integers(-5, 2000))
def test_scalars(
    price: float | None,
    level: float | None,
    base: float | None,
    sigma: float | None,
    tau: float | None,
    mu: float,
    n: int,
) -> None:
    found = [
        target.progress_pct(price, base, level),
        target.points_remaining(price, level),
        target.remaining_pct(price, level),
        target.reached_now(price, base, level),
        target.required_pace(price, level, n, n),
        target.sigma_distance(price, level, sigma, tau),
        target.plan_line(base, level, n, n // 2),
        target.vs_plan_sessions(price, base, level, n, n // 2),
        odds.p_touch(price, level, sigma, tau, mu),
        odds.p_touch(price, level, sigma, tau, mu, at_closes=True),
        odds.p_beyond(price, level, sigma, tau, mu),
        odds.p_at_or_above(price, level, sigma, tau, mu),
        odds.p_touch_ever(price, level, sigma, mu),
        eta.model_eta(price, level, sigma, mu),
        moves.expected_move(price, sigma, n),
        moves.horizon_volatility(price, level, 45, yz63=sigma, cc63=tau),
    ]
    assert clean(found)
    chances = [odds.p_touch(price, level, sigma, tau, mu), odds.p_beyond(price, level, sigma, tau, mu)]
    assert all(chance is None or 0 <= chance <= 1 for chance in chances)


@settings(max_examples=100, deadline=None)
@given(bars=histories(), level=st.floats(1e-3, 1e6), base=st.floats(1e-3, 1e6))
def test_later_bars_never_change_an_earlier_reading(bars: dict[str, np.ndarray], level: float, base: float) -> None:
    start, end = date(2025, 6, 20), date(2025, 8, 15)
    early = bars["days"] <= np.datetime64(end)
    columns = [bars[name] for name in ("days", "high", "low", "close")]
    known = touches(*(column[early] for column in columns), base=base, level=level, start=start, end=end)
    assert touches(*columns, base=base, level=level, start=start, end=end) == known
