"""Which volatility fits a horizon, and how far the price may move in it (METHODOLOGY A.9 and A.10)."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, sqrt

from rallytui.indicators.numbers import SESSIONS_A_YEAR, positives

VIX_DAYS, VIX3M_DAYS = 30, 93
LARGEST_SPREAD = 300.0


@dataclass(frozen=True, slots=True)
class Volatility:
    """A yearly volatility as a fraction, and where it came from, in words to print beside it."""

    value: float
    source: str


def implied_volatility(vix: float | None, vix3m: float | None, days: float) -> Volatility | None:
    """The implied volatility of the next `days` calendar days from VIX and VIX3M closes in percent, as in 17.19.

    Total variance is linear in calendar days between the two tenors, volatility flat outside (METHODOLOGY A.9). With
    one index only, that one serves every horizon.
    """
    near, far = positives(vix), positives(vix3m)
    if near is None and far is None:
        return None
    if far is None or (near is not None and days <= VIX_DAYS):
        return Volatility(near[0] / 100, "VIX") if near else None
    if near is None or days >= VIX3M_DAYS:
        return Volatility(far[0] / 100, "VIX3M")
    start, end = near[0] ** 2 * VIX_DAYS, far[0] ** 2 * VIX3M_DAYS
    total = start + (end - start) * (days - VIX_DAYS) / (VIX3M_DAYS - VIX_DAYS)
    return Volatility(sqrt(total / days) / 100, "VIX/VIX3M interpolated")


def horizon_volatility(
    vix: float | None, vix3m: float | None, days: float, *, yz63: float | None = None, cc63: float | None = None
) -> Volatility | None:
    """The best volatility at hand for `days` calendar days: implied, else realised over 63 sessions, else None.

    `yz63` and `cc63` are yearly fractions (Yang-Zhang, close to close). For a single name leave the indices None.
    """
    implied = implied_volatility(vix, vix3m, days)
    if implied is not None:
        return implied
    for value, source in ((yz63, "realised 63 d, Yang-Zhang"), (cc63, "realised 63 d, closes")):
        usable = positives(value)
        if usable is not None:
            return Volatility(usable[0], source)
    return None


@dataclass(frozen=True, slots=True)
class ExpectedMove:
    """Prices one and two standard deviations away after `sessions`."""

    sessions: int
    low1: float
    high1: float
    low2: float
    high2: float


def expected_move(price: float | None, sigma: float | None, sessions: int) -> ExpectedMove | None:
    """The lognormal band around the median `price`, without drift (METHODOLOGY A.10).

    With an implied volatility one sigma has held clearly more than 68 % of outcomes, so do not print that figure.
    None for no sessions, or without a positive price and volatility.
    """
    known = positives(price, sigma)
    if known is None or sessions <= 0:
        return None
    price, sigma = known
    spread = sigma * sqrt(sessions / SESSIONS_A_YEAR)
    if spread > LARGEST_SPREAD:
        return None
    one, two = exp(spread), exp(2 * spread)
    return ExpectedMove(sessions, price / one, price * one, price / two, price * two)
