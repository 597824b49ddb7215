"""How far the index is along its way: progress, required pace, plan line, states of a rung, the ladder."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, expm1, log, sqrt
from typing import Literal

from rallytui.indicators.numbers import change_pct, positives, real, reals

DAYS_A_YEAR = 365
LARGEST_EXPONENT = 700.0

RungState = Literal["no_data", "open", "reached", "expired_hit", "expired_missed"]


def beyond(price: float, level: float, up: bool) -> bool:
    """Whether `price` is at or past `level` in the direction of the target.

    Feeds round to cents, so 6,899.996 is 6,900.00; below 1.00 a cent is too coarse and nothing is rounded.
    """
    # As numpy rounds the whole history in `touches`, so that the two never differ on half a cent.
    shown = round(price * 100) / 100 if level >= 1 else price
    return shown >= level if up else shown <= level


def progress_pct(price: float | None, base: float | None, level: float | None) -> float | None:
    """Way covered from `base` to `level`, percent of the points between them; METHODOLOGY A.1.

    Negative behind the baseline, above 100 past the level; works for a level below the baseline. None if they are
    equal.
    """
    known = reals(price, base, level)
    if known is None or known[1] == known[2]:
        return None
    price, base, level = known
    return real(100 * (price - base) / (level - base))


def points_remaining(price: float | None, level: float | None) -> float | None:
    """Points from `price` up to `level`; negative above it (METHODOLOGY A.1)."""
    known = reals(price, level)
    return None if known is None else known[1] - known[0]


def remaining_pct(price: float | None, level: float | None) -> float | None:
    """Percent that `price` has to move to stand at `level` (METHODOLOGY A.1)."""
    return change_pct(level, price)


def reached_now(price: float | None, base: float | None, level: float | None) -> bool | None:
    """Whether `price` is at or past `level` today, as seen from `base` (METHODOLOGY A.1)."""
    known = reals(price, base, level)
    return None if known is None else beyond(known[0], known[2], up=known[2] >= known[1])


@dataclass(frozen=True, slots=True)
class Pace:
    """What the price must do from now on, fractions: a calendar-day growth rate and a move per session."""

    cagr: float | None
    daily_simple: float


def required_pace(price: float | None, level: float | None, days: int, sessions: int) -> Pace | None:
    """The constant pace that ends at `level`; negative is the cushion of a level already passed (METHODOLOGY A.2).

    `days` are calendar days (ACT/365F) and `sessions` sessions to the target's date; None if either is used up.
    `cagr` alone is None when a short horizon makes it larger than a float can hold.
    """
    known = positives(price, level)
    if known is None or days <= 0 or sessions <= 0:
        return None
    gap = log(known[1] / known[0])
    yearly = gap * DAYS_A_YEAR / days
    cagr = expm1(yearly) if yearly < LARGEST_EXPONENT else None
    return Pace(cagr, expm1(gap / sessions))


def sigma_distance(price: float | None, level: float | None, sigma: float | None, tau: float | None) -> float | None:
    """ln(level / price) in standard deviations of the horizon `tau` (years); signed (METHODOLOGY A.2)."""
    known = positives(price, level, sigma, tau)
    if known is None:
        return None
    price, level, sigma, tau = known
    return log(level / price) / (sigma * sqrt(tau))


def plan_line(base: float | None, level: float | None, total: int, elapsed: int) -> float | None:
    """The geometric line from `base` to `level` after `elapsed` of `total` sessions, in points (METHODOLOGY A.3).

    It stays at `base` before its start and at `level` after its end. None if the plan has no length or no height.
    """
    known = positives(base, level)
    if known is None or total <= 0 or known[0] == known[1]:
        return None
    base, level = known
    return base * exp(log(level / base) * min(max(elapsed / total, 0.0), 1.0))


def vs_plan_pct(price: float | None, plan: float | None) -> float | None:
    """How far `price` is above the plan line, percent (METHODOLOGY A.3)."""
    return change_pct(price, plan)


def vs_plan_sessions(
    price: float | None, base: float | None, level: float | None, total: int, elapsed: int
) -> float | None:
    """Sessions ahead of the plan line (positive) or behind it (METHODOLOGY A.3).

    Explodes when the level is close to the baseline: cap what is shown, not this. None where the plan line is None.
    """
    known = positives(price, base, level)
    if known is None or total <= 0 or known[1] == known[2]:
        return None
    price, base, level = known
    return log(price / base) / log(level / base) * total - elapsed


def rung_state(
    price: float | None,
    base: float | None,
    level: float | None,
    touched: date | None,
    *,
    completed: date,
    by: date,
    sessions_left: int,
) -> RungState:
    """The state of a level (METHODOLOGY A.1).

    `touched` is the first closing touch after the baseline and counts if it is not after `by`; a level equal to the
    baseline counts as reached. `completed` is the last completed session and `sessions_left` counts from it to `by`.
    """
    if reals(price, base, level) is None:
        return "no_data"
    if base == level or (touched is not None and touched <= by):
        return "expired_hit" if completed > by else "reached"
    return "open" if sessions_left > 0 else "expired_missed"


@dataclass(frozen=True, slots=True)
class Ladder:
    """Where the price stands on the ladder: `next_rung` is None once every rung was reached.

    `progress` is the fraction of the way from `previous` to `next_rung`, not clamped.
    """

    next_rung: float | None
    previous: float
    progress: float | None


def ladder(levels: Sequence[float], base: float, reached: Collection[float], price: float | None) -> Ladder:
    """The next rung and the way to it (METHODOLOGY A.11).

    `reached` are the levels with a closing touch since the baseline. A ladder whose levels are all at or below `base`
    is climbed downwards: then "next" is the highest level not reached.
    """
    up = max(levels, default=base) > base
    ahead = [level for level in levels if (level > base if up else level < base)]
    pending = [level for level in ahead if level not in reached]
    done = [level for level in ahead if level in reached]
    furthest, nearest = (max, min) if up else (min, max)
    previous = furthest(done, default=base)
    if not pending:
        return Ladder(None, previous, None)
    upcoming = nearest(pending)
    way = progress_pct(price, previous, upcoming)
    return Ladder(upcoming, previous, None if way is None else way / 100)
