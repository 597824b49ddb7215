"""From observations to an indicator's value (METHODOLOGY C.1 and C.2), each for the last moment that its inputs show.

Cut the inputs to what was known before calling; nothing here looks at when a value became known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from rallytui.indicators.arrays import DayArray, FloatArray, Observations, place_of, to_date
from rallytui.indicators.numbers import SESSIONS_A_YEAR, SMALLEST, change_pct, positives
from rallytui.indicators.pricepath import drawdown_pct

LOOKBACK_SESSIONS = 3
FUNDS_RATE_DAYS = 5
FULL_HIGH_SESSIONS = 200
WEEKS_IN_MEAN = 4
WEEKS_A_YEAR = 52
MONTHS_IN_MEAN, LEAST_MONTHS = 3, 2
MONTHS_BEFORE, LEAST_MEANS = 12, 10
SPREAD_OBSERVATIONS = 63


@dataclass(frozen=True, slots=True)
class Reading:
    """A value, the day it describes, and for an indicator that scores its change too, that change."""

    value: float
    day: date
    change: float | None = None


def latest(data: Observations) -> Reading | None:
    """The newest value."""
    return Reading(float(data.values[-1]), to_date(data.days[-1])) if len(data.days) else None


def _last_common(days: DayArray, *others: DayArray) -> np.datetime64 | None:
    """The last of `days` that all the others have."""
    common = (day for day in days[::-1] if all(place_of(other, day) is not None for other in others))
    return next(common, None)


def latest_session(data: Observations, sessions: DayArray) -> Reading | None:
    """The newest value of an exchange session: Cboe prints the VIX on NYSE holidays too."""
    day = _last_common(data.days, sessions)
    value = None if day is None else data.at(day)
    return None if day is None or value is None else Reading(value, to_date(day))


def _same_day(left: Observations, right: Observations, *others: DayArray) -> tuple[float, float, date] | None:
    day = _last_common(left.days, right.days, *others)
    pair = (None, None) if day is None else (left.at(day), right.at(day))
    return None if day is None or pair[0] is None or pair[1] is None else (pair[0], pair[1], to_date(day))


def same_day_ratio(top: Observations, bottom: Observations, sessions: DayArray) -> Reading | None:
    """The ratio of the last two values of one session; values of different days never meet (VC2)."""
    pair = _same_day(top, bottom, sessions)
    return Reading(pair[0] / pair[1], pair[2]) if pair is not None and pair[1] > SMALLEST else None


def difference(minuend: Observations, subtrahend: Observations) -> Reading | None:
    """The difference of the last two values of one day (FD3 from its two yields)."""
    pair = _same_day(minuend, subtrahend)
    return None if pair is None else Reading(pair[0] - pair[1], pair[2])


def policy_gap(two_year: Observations, funds: Observations) -> Reading | None:
    """The newest two-year yield less the funds rate of that day or of at most 5 days before, pp (FD1)."""
    yields = latest(two_year)
    if yields is None:
        return None
    rate = latest(funds.upto(yields.day))
    if rate is None or (yields.day - rate.day).days > FUNDS_RATE_DAYS:
        return None
    return Reading(yields.value - rate.value, yields.day)


def step_change(data: Observations, sessions: DayArray, n: int) -> Reading | None:
    """The newest value less the one in force `n` sessions before the last session, pp (FD2).

    For a rate that stays until it is changed. None if the series begins later.
    """
    now = latest(data)
    if now is None or len(sessions) <= n:
        return None
    then = latest(data.upto(to_date(sessions[-1 - n])))
    return None if then is None else Reading(now.value - then.value, now.day)


def ratio_return(asset: Observations, market: Observations, n: int) -> Reading | None:
    """How much more `asset` returned than `market` over the last `n` of the market's days, percent (AI3, SH, BR).

    Total-return closes. An asset without a close on one of the two end days lends the nearest earlier one within 3
    sessions; None if it has none.
    """
    if n <= 0 or len(market.days) <= n:
        return None
    last = len(market.days) - 1
    closes = positives(_close_at(asset, market.days, last), _close_at(asset, market.days, last - n))
    base = positives(float(market.values[-1]), float(market.values[-1 - n]))
    if closes is None or base is None:
        return None
    value = change_pct(closes[0] / closes[1], base[0] / base[1])
    return None if value is None else Reading(value, to_date(market.days[-1]))


def ratio_since(asset: Observations, market: Observations, start: date) -> Reading | None:
    """`ratio_return` from the market's last day up to `start` to its newest, percent (D4, D7)."""
    return ratio_return(asset, market, len(market.days) - len(market.upto(start).days))


def _close_at(data: Observations, grid: DayArray, place: int) -> float | None:
    found = int(np.searchsorted(data.days, grid[place], side="right")) - 1
    earliest = grid[max(0, place - LOOKBACK_SESSIONS)]
    return float(data.values[found]) if found >= 0 and data.days[found] >= earliest else None


def drawdown(levels: Observations, n: int = SESSIONS_A_YEAR) -> Reading | None:
    """The last level against the highest of the last `n`, percent, at most 0; needs 200 of them (AI2)."""
    value = drawdown_pct(levels.values, window=n, least=min(n, FULL_HIGH_SESSIONS))
    return None if value is None else Reading(value, to_date(levels.days[-1]))


def level_and_change(data: Observations, n: int = SPREAD_OBSERVATIONS) -> Reading | None:
    """The newest value, and its change over `n` observations, None if there are fewer (VC3)."""
    now = latest(data)
    if now is None or len(data.values) <= n:
        return now
    return Reading(now.value, now.day, now.value - float(data.values[-1 - n]))


def claims_ratio(weekly: Observations, n: int = WEEKS_A_YEAR) -> Reading | None:
    """The 4-week mean above the lowest of the last `n` such means, this one included, percent, at least 0 (LB2)."""
    if n <= 0 or len(weekly.values) < n + WEEKS_IN_MEAN - 1:
        return None
    means = np.convolve(weekly.values, np.ones(WEEKS_IN_MEAN) / WEEKS_IN_MEAN, "valid")[-n:]
    value = change_pct(float(means[-1]), float(means.min()))
    return None if value is None else Reading(value, to_date(weekly.days[-1]))


def _monthly(data: Observations) -> FloatArray:
    """Values by month without holes in the calendar: NaN for a month that was never published."""
    months = data.days.astype("datetime64[M]").astype(np.int64)
    grid = np.full(int(months[-1] - months[0]) + 1, np.nan)
    grid[months - months[0]] = data.values
    return grid


def _mean_of_known(values: FloatArray, least: int) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) >= max(least, 1) else None


def mean_of_months(data: Observations, n: int = MONTHS_IN_MEAN) -> Reading | None:
    """The mean of the last `n` calendar months; one of them may be missing (LB3)."""
    if not len(data.days):
        return None
    value = _mean_of_known(_monthly(data)[-n:], n - 1)
    return None if value is None else Reading(value, to_date(data.days[-1]))


def sahm(unemployment: Observations) -> Reading | None:
    """The 3-month mean less the lowest such mean of the 12 months before, pp (LB1; Sahm 2019).

    A month that was not collected stays empty: a mean needs 2 of its 3 months, the minimum 10 of its 12 means.
    """
    if not len(unemployment.days):
        return None
    rates = _monthly(unemployment)[-(MONTHS_BEFORE + MONTHS_IN_MEAN) :]
    means = [_mean_of_known(rates[max(0, i - 2) : i + 1], LEAST_MONTHS) for i in range(2, len(rates))]
    before = [mean for mean in means[:-1] if mean is not None]
    if not means or means[-1] is None or len(before) < LEAST_MEANS:
        return None
    return Reading(means[-1] - min(before), to_date(unemployment.days[-1]))


def year_on_year(quarterly: Observations) -> Reading | None:
    """The newest value against that of the same month a year before, percent (PR1); None if that one is missing."""
    if not len(quarterly.days):
        return None
    months = quarterly.days.astype("datetime64[M]")
    before = np.flatnonzero(months == months[-1] - np.timedelta64(12, "M"))
    value = change_pct(float(quarterly.values[-1]), float(quarterly.values[before[-1]])) if len(before) else None
    return None if value is None else Reading(value, to_date(quarterly.days[-1]))
