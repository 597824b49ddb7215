"""Chances of touching or closing past a level under geometric Brownian motion (METHODOLOGY A.9).

The model is continuous, has no jumps and describes; it does not advise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from math import erfc, exp, log, pi, sqrt

from rallytui.indicators.numbers import SESSIONS_A_YEAR, positives, reals
from rallytui.sessions import Calendar

# -zeta(1/2) / sqrt(2 pi): how far, in sigma sqrt(dt), a barrier watched only at closes seems to move away.
CLOSE_SHIFT = 0.5825971579390106
ASYMPTOTIC_BELOW = -30.0


def horizon(calendar: Calendar, asof: date, by: date) -> float | None:
    """tau: sessions after `asof` up to and including `by`, over 252, in years; None once `by` has passed."""
    return None if asof > by else calendar.count(asof, by) / SESSIONS_A_YEAR


def normal_cdf(x: float) -> float:
    """The standard normal distribution function, accurate far into both tails."""
    return 0.5 * erfc(-x / sqrt(2))


def _scaled_tail(x: float) -> float:
    """normal_cdf(x) exp(x^2 / 2) for x <= 0: the factor that is left when the exponent has been taken out."""
    if x > ASYMPTOTIC_BELOW:
        return normal_cdf(x) * exp(x * x / 2)
    inverse = 1 / (x * x)
    return (1 - inverse + 3 * inverse * inverse) / (-x * sqrt(2 * pi))


@dataclass(frozen=True, slots=True)
class _Model:
    """Log distance to the level, drift of the log price, volatility (all yearly), horizon in years."""

    barrier: float
    nu: float
    sigma: float
    tau: float

    def past_at_end(self, sign: int) -> float:
        return normal_cdf(sign * (self.nu * self.tau - self.barrier) / (self.sigma * sqrt(self.tau)))

    def reflected(self, sign: int) -> float:
        """exp(2 nu b / sigma^2) times the reflected tail, never as a product of a huge and a tiny number.

        The exponent equals z^2 / 2 - y^2 / 2, so in the far tail the large squares cancel on paper, not in floats.
        """
        spread = self.sigma * sqrt(self.tau)
        y = sign * (self.nu * self.tau - self.barrier) / spread
        z = sign * (-self.barrier - self.nu * self.tau) / spread
        if z > 0:
            return exp(2 * (self.nu / self.sigma) * (self.barrier / self.sigma)) * normal_cdf(z)
        return exp(-y * y / 2) * _scaled_tail(z)


def _model(
    price: float | None, level: float | None, sigma: float | None, tau: float | None, mu: float
) -> _Model | None:
    known, years = positives(price, level, sigma), reals(tau, mu)
    if known is None or years is None or years[0] < 0:
        return None
    return _Model(log(known[1] / known[0]), years[1] - known[2] * known[2] / 2, known[2], years[0])


def p_touch(
    price: float | None,
    level: float | None,
    sigma: float | None,
    tau: float | None,
    mu: float = 0.0,
    *,
    at_closes: bool = False,
) -> float | None:
    """The chance that the path from `price` meets `level` within `tau` years, above or below (METHODOLOGY A.9).

    `sigma` is a yearly fraction, `mu` the yearly price drift. `at_closes` watches daily closes only, by the shift of
    Broadie, Glasserman & Kou 1997. 1 if price and level are equal; at tau 0 the outcome; None for a negative tau or a
    volatility that is missing or not positive. Karatzas & Shreve 1991, section 3.5.C.
    """
    model = _model(price, level, sigma, tau, mu)
    if model is None:
        return None
    if model.barrier == 0 or model.tau == 0:
        return float(model.barrier == 0)
    sign = 1 if model.barrier > 0 else -1
    if at_closes:
        model = replace(model, barrier=model.barrier + sign * CLOSE_SHIFT * model.sigma / sqrt(SESSIONS_A_YEAR))
    return min(1.0, model.past_at_end(sign) + model.reflected(sign))


def p_beyond(
    price: float | None, level: float | None, sigma: float | None, tau: float | None, mu: float = 0.0
) -> float | None:
    """The chance to stand past `level` after `tau` years: above one above `price`, below one below (METHODOLOGY A.9).

    A level equal to the price counts as one above. At tau 0 the outcome; None as in `p_touch`.
    """
    model = _model(price, level, sigma, tau, mu)
    if model is None:
        return None
    if model.tau == 0:
        return float(model.barrier == 0)
    return model.past_at_end(-1 if model.barrier < 0 else 1)


def p_at_or_above(
    price: float | None, level: float | None, sigma: float | None, tau: float | None, mu: float = 0.0
) -> float | None:
    """The chance to stand at or above `level` after `tau` years, wherever `price` is now (METHODOLOGY A.11)."""
    model = _model(price, level, sigma, tau, mu)
    if model is None:
        return None
    return float(model.barrier <= 0) if model.tau == 0 else model.past_at_end(1)


def p_touch_ever(price: float | None, level: float | None, sigma: float | None, mu: float = 0.0) -> float | None:
    """The chance that the path ever meets `level`: the limit of `p_touch` (METHODOLOGY A.5).

    With no drift of the price it is price / level for a level above.
    """
    model = _model(price, level, sigma, 0.0, mu)
    if model is None:
        return None
    exponent = 2 * (model.nu / model.sigma) * (model.barrier / model.sigma)
    return exp(min(0.0, exponent))
