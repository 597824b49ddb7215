"""Daily history of the simulated market: a fixed function of seed and date, so that later days never change earlier."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from math import log

import numpy as np
from numpy.typing import NDArray

from rallytui.providers.simulated_universe import INDEX, VIX, VIX3M, Spec, spec_of, stream
from rallytui.sessions import Calendar

Floats = NDArray[np.float64]

FIRST = date(2019, 1, 2)
BASELINE = date(2025, 11, 26)
ANCHORS = (
    (date(2019, 1, 2), 2510.03),
    (date(2019, 12, 31), 3230.78),
    (date(2020, 12, 31), 3756.07),
    (date(2021, 12, 31), 4766.18),
    (date(2022, 12, 30), 3839.50),
    (date(2023, 12, 29), 4769.83),
    (date(2024, 12, 31), 5881.63),
    (BASELINE, 6812.61),
    (date(2025, 12, 31), 6845.50),
)
YEAR = 252
INDEX_VOL = 0.16
GENTLE_LEVEL, GENTLE_GROWTH, ARRIVAL_YEARS = 7330.0, 0.003, 0.4
"""After the last anchor the index is drawn to a line that soon reaches this level and then hardly grows."""
RETURN_A_DAY = 9.0 / YEAR
OWN_RETURN_A_DAY = 1.2 / YEAR
CALM_VIX, CALM_VIX3M = 18.0, 20.1


def drawn(noise: Floats, decay: float) -> Floats:
    """x[k] = decay * x[k - 1] + noise[k]: a walk that is drawn back to 0."""
    result, level = np.empty_like(noise), 0.0
    for step, push in enumerate(noise.tolist()):
        result[step] = level = decay * level + push
    return result


@dataclass(frozen=True, slots=True)
class History:
    """Daily prices and volumes of one symbol, a value for each of the market's sessions, rounded as they print.

    `tie` is the correlation with the index and `daily_vol` the day's volatility, both for the path within a day.
    """

    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    tie: float
    daily_vol: Floats


class Market:
    """All symbols on all sessions from 2019 to the end of the calendar. Each history is made when first asked for."""

    def __init__(self, seed: int, calendar: Calendar) -> None:
        self.seed = seed
        self.calendar = calendar
        self.days = tuple(day for day in calendar.days if day >= FIRST)
        self.dates = np.array(self.days, dtype="datetime64[D]")
        self._histories: dict[str, History] = {}

    def place(self, day: date) -> int:
        """The position of the last session on or before `day`, -1 if there is none."""
        return bisect_right(self.days, day) - 1

    def history(self, symbol: str) -> History:
        """The symbol's days. Raises KeyError for what is no symbol."""
        if symbol not in self._histories:
            spec = spec_of(symbol)
            if spec is None:
                raise KeyError(symbol)
            self._histories[symbol] = self._made(symbol, spec)
        return self._histories[symbol]

    def adjustment(self, spec: Spec, last: int) -> Floats:
        """What closes up to position `last` are multiplied with for the dividends that were paid after them."""
        months = self.dates[: last + 1].astype("datetime64[M]").astype(int)
        begins = np.diff(months, prepend=months[0]) != 0
        paid = np.cumsum(begins & ((months + 1) % (12 // spec.payments) == 0))
        factors: Floats = (1.0 - spec.dividend / spec.payments) ** (paid[-1] - paid)
        return factors

    @cached_property
    def unrest(self) -> Floats:
        """How much wilder than usual each day is: volatility comes in clusters."""
        spells = drawn(self._noise("unrest"), 0.975)
        wild: Floats = np.exp(0.32 * spells / spells.std())
        return wild / float(np.sqrt((wild**2).mean()))

    @cached_property
    def index_closes(self) -> Floats:
        """The index: bridges between the anchors, then a walk that is drawn to a gentle line."""
        steps = self._noise("index") * self.unrest * INDEX_VOL / np.sqrt(YEAR)
        levels = np.empty(len(self.days))
        places = [self.place(day) for day, _ in ANCHORS]
        logs = [log(level) for _, level in ANCHORS]
        for (start, end), (low, high) in zip(pairwise(places), pairwise(logs), strict=True):
            walk = np.cumsum(np.r_[0.0, steps[start + 1 : end + 1]])
            spent = np.cumsum(np.r_[0.0, self.unrest[start + 1 : end + 1] ** 2])
            levels[start : end + 1] = low + walk + spent / spent[-1] * (high - low - walk[-1])
        last = places[-1]
        years = np.arange(1, len(levels) - last) / YEAR
        line = log(GENTLE_LEVEL) + GENTLE_GROWTH * years
        line += (logs[-1] - log(GENTLE_LEVEL)) * np.exp(-years / ARRIVAL_YEARS)
        levels[last + 1 :] = line + drawn(steps[last + 1 :], 1.0 - RETURN_A_DAY)
        return np.exp(levels)

    @cached_property
    def fear(self) -> Floats:
        """The logarithm of the VIX over its calm level: up when the index falls, and in wild times."""
        falls = -5.0 * np.diff(np.log(self.index_closes), prepend=np.log(self.index_closes[0]))
        return drawn(falls + 0.025 * self._noise("fear"), 0.955) * 0.8 + 0.35 * np.log(self.unrest)

    def _noise(self, *names: object) -> Floats:
        return stream(self.seed, *names).standard_normal(len(self.days))

    def _made(self, symbol: str, spec: Spec) -> History:
        if symbol == VIX:
            return self._shaped(symbol, spec, CALM_VIX * np.exp(self.fear), 0.06, -0.85)
        if symbol == VIX3M:
            wobble = 0.012 * drawn(self._noise(symbol), 0.8)
            return self._shaped(symbol, spec, CALM_VIX3M * np.exp(0.62 * self.fear + wobble), 0.035, -0.85)
        spread = float(np.hypot(spec.beta * INDEX_VOL, spec.own_vol))
        return self._shaped(
            symbol, spec, self._closes(symbol, spec), spread / YEAR**0.5, spec.beta * INDEX_VOL / spread
        )

    def _closes(self, symbol: str, spec: Spec) -> Floats:
        """The index's moves times beta, and a deviation of its own that is drawn back; on the baseline, the level."""
        if symbol == INDEX:
            return self.index_closes
        base = self.place(BASELINE)
        own = drawn(self._noise(symbol) * self.unrest**0.5 * spec.own_vol / np.sqrt(YEAR), 1.0 - OWN_RETURN_A_DAY)
        years = (np.arange(len(self.days)) - base) / YEAR
        trend = spec.growth * np.where(years < 0, years, (1.0 - np.exp(-years.clip(0))) / 2)
        moves = np.log(self.index_closes / self.index_closes[base])
        closes: Floats = spec.level * np.exp(spec.beta * moves + own - own[base] + trend)
        return closes

    def _shaped(self, symbol: str, spec: Spec, exact: Floats, usual_vol: float, tie: float) -> History:
        """Opens, highs, lows and volumes around the closes; those of tied symbols happen on the same days."""
        common, own = (stream(self.seed, "shape", name).standard_normal((4, len(self.days))) for name in ("", symbol))
        gap, up, down, crowd = tie * common + (1.0 - tie**2) ** 0.5 * own
        close, vol = exact.round(2), usual_vol * self.unrest
        before = np.r_[close[0], close[:-1]]
        moves = np.log(close / before)
        opens = (before * np.exp(0.25 * moves + 0.3 * vol * gap)).round(2)
        high = np.maximum(opens, close) * np.exp(vol * (0.06 + 0.45 * abs(up)))
        low = np.minimum(opens, close) * np.exp(-vol * (0.06 + 0.45 * abs(down)))
        early = np.array([0.5 if day in self.calendar.early else 1.0 for day in self.days])
        volume = spec.volume * early * np.exp(0.22 * crowd) * (0.8 + 0.25 * abs(moves) / vol)
        return History(opens, high.round(2), low.round(2), close, volume.round(), tie, vol)
