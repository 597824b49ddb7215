"""One simulated session from second to second: a bridge from its open to its close that stays inside its bar."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np

from rallytui.providers.simulated_market import Floats, History, Market
from rallytui.providers.simulated_universe import stream

MINUTE = timedelta(minutes=1)
DAY_STEP = 5
PRE_MINUTES, POST_MINUTES = 330, 240
EXTENDED_VOL = 0.12
"""How much of a day's volatility is left for the hours before and after it."""


class Session:
    """The regular session of one symbol at position `place` of the market's days."""

    def __init__(self, market: Market, symbol: str, place: int) -> None:
        self.day: date = market.days[place]
        self.opens = market.calendar.open_at(self.day)
        self._history = market.history(symbol)
        self._market, self._symbol, self._place = market, symbol, place
        self.minutes = (market.calendar.close_at(self.day) - self.opens) // MINUTE
        self.knots = self._bridge()
        """A price at each full minute from the open to the close."""
        self._made: dict[int, Floats] = {}
        self.trades = bool(self._history.volume[place])
        """Whether there is a volume: indices have none."""

    def day_until(self, moment: datetime) -> tuple[float, ...]:
        """The prices at every fifth minute that has begun."""
        begun = min((moment - self.opens) // MINUTE, self.minutes)
        return tuple(self.knots[: begun + 1 : DAY_STEP].tolist())

    def prices(self, moment: datetime) -> tuple[float, float, float]:
        """The price at a moment of the session, and the highest and lowest so far."""
        minute, rest = divmod(moment - self.opens, MINUTE)
        begun = minute // DAY_STEP * DAY_STEP
        whole = [self._seconds(past) for past in range(begun, minute)]
        seconds = self._seconds(minute)[: rest.seconds + 1]
        seen = np.concatenate([self.knots[: minute + 1], *whole, seconds])
        return float(seconds[-1]), float(seen.max()), float(seen.min())

    def volume(self, moment: datetime) -> float:
        """What has been traded by then: much early and late, less at noon."""
        middles = (np.arange(self.minutes) + 0.5) / self.minutes
        weights = 1.0 + 2.5 * (2.0 * middles - 1.0) ** 2
        minute, rest = divmod(moment - self.opens, MINUTE)
        done = weights[:minute].sum() + weights[minute : minute + 1].sum() * (rest / MINUTE)
        return float(round(self._history.volume[self._place] * done / weights.sum()))

    def _bridge(self) -> Floats:
        """A price for each full minute from open to close; the bar's high and low are reached once each."""
        bar, place = self._history, self._place
        first, last = float(bar.open[place]), float(bar.close[place])
        size = 0.9 * bar.daily_vol[place] / self.minutes**0.5
        walk = np.r_[0.0, np.cumsum(self._normals("minutes", self.minutes)) * size]
        share = np.arange(self.minutes + 1) / self.minutes
        path = first * np.exp(walk + share * (np.log(last / first) - walk[-1]))
        path = _stretched(path, max(first, last), float(bar.high[place]))
        path = -_stretched(-path, -min(first, last), -float(bar.low[place]))
        path[0], path[-1] = first, last
        return path.round(2)

    def _seconds(self, minute: int) -> Floats:
        """The 60 seconds of a minute: between its two ends, and inside the five-minute candle that it is part of."""
        first = minute // DAY_STEP * DAY_STEP
        if first not in self._made:
            self._made = {first: self._walk(first)}
        if minute not in self._made:
            self._made[minute] = self._walk(minute)
        return self._made[minute]

    def _walk(self, minute: int) -> Floats:
        size = self._history.daily_vol[self._place] / (self.minutes * 60) ** 0.5 * self.knots[minute]
        noise = stream(self._market.seed, "seconds", self._symbol, self.day, minute).standard_normal(60)
        walk, share = np.cumsum(noise) * size, np.arange(1, 61) / 60
        walk = np.r_[0.0, walk - share * walk[-1]][:60]
        line = np.linspace(self.knots[minute], self.knots[minute + 1], 61)[:60]
        first = minute // DAY_STEP * DAY_STEP
        seen = self.knots[first : first + DAY_STEP + 1]
        return _folded(line + walk, float(seen.min()), float(seen.max())).round(2)

    def _normals(self, what: str, count: int) -> Floats:
        """Noise that is tied to the index's as the symbol is."""
        tie = self._history.tie
        common, own = (
            stream(self._market.seed, what, name, self.day).standard_normal(count) for name in ("", self._symbol)
        )
        noise: Floats = tie * common + (1.0 - tie**2) ** 0.5 * own
        return noise


def _folded(path: Floats, low: float, high: float) -> Floats:
    """The path thrown back at `low` and `high` as often as it runs into them."""
    if high <= low:
        return np.full_like(path, low)
    size = high - low
    folded: Floats = low + size - abs((path - low) % (2 * size) - size)
    return folded


def _stretched(path: Floats, top: float, high: float) -> Floats:
    """The path with its part above `top` scaled so that its highest point inside is `high`."""
    peak = path.max()
    if peak > top:
        path = np.where(path > top, top + (path - top) * (high - top) / (peak - top), path)
    path[1 + path[1:-1].argmax()] = high
    return path


def before_open(market: Market, symbol: str, place: int, moment: datetime) -> float:
    """A price before the session at `place`: on its way from the last close to the open."""
    history = market.history(symbol)
    close, opens = float(history.close[place - 1]), float(history.open[place])
    left = market.calendar.open_at(market.days[place]) - moment
    walk = _idle_walk(market, history, symbol, place, "early", PRE_MINUTES)
    share = np.arange(1, PRE_MINUTES + 1) / PRE_MINUTES
    logs = walk - share * walk[-1] + share * np.log(opens / close)
    return round(close * float(np.exp(logs[(PRE_MINUTES * MINUTE - left) // MINUTE])), 2)


def after_close(market: Market, symbol: str, place: int, moment: datetime) -> float:
    """A price after the session at `place`: near its close."""
    history = market.history(symbol)
    minute = (moment - market.calendar.close_at(market.days[place])) // MINUTE
    walk = _idle_walk(market, history, symbol, place, "late", POST_MINUTES)
    return round(float(history.close[place]) * float(np.exp(walk[minute])), 2)


def _idle_walk(market: Market, history: History, symbol: str, place: int, what: str, minutes: int) -> Floats:
    noise = stream(market.seed, what, symbol, market.days[place]).standard_normal(minutes)
    walk: Floats = np.cumsum(noise) * history.daily_vol[place] * EXTENDED_VOL / minutes**0.5
    return walk
