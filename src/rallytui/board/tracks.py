"""Inputs of the risk readings as they were known at any instant, cut by prefix so that a replay stays cheap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rallytui.board.company import REPLAY_DAYS, capex_growth
from rallytui.board.moment import History, Moment
from rallytui.indicators.arrays import FloatArray, Observations
from rallytui.indicators.basket import basket
from rallytui.indicators.catalog import AI_BASKET, CAPEX_GROWTH
from rallytui.indicators.relative import align
from rallytui.indicators.schema import Input
from rallytui.model import Series
from rallytui.sessions import known_by
from rallytui.tape import stamps

MARKET = "SPY"
NO_DIVIDENDS = " without dividends"


def epoch(moment: datetime) -> int:
    """Whole seconds since 1970 UTC."""
    return int(moment.timestamp())


@dataclass(frozen=True, eq=False, slots=True)
class Track:
    """One input: rows (day, value, known), sorted by day and then by when they were known (seconds since 1970)."""

    data: Observations
    known: NDArray[np.int64]
    source: str
    plain: bool
    """Each day once and known in order: then what is known at an instant is a prefix."""

    def counts(self, instants: Sequence[int]) -> list[int]:
        """How many rows were known at each instant; the same count is the same state."""
        ordered = self.known if self.plain else np.sort(self.known)
        counts: list[int] = ordered.searchsorted(np.array(instants, dtype=np.int64), side="right").tolist()
        return counts

    def at(self, instant: int) -> Observations:
        """The observations of then, each in its last value of then."""
        if self.plain:
            count = self.counts([instant])[0]
            return Observations(self.data.days[:count], self.data.values[:count])
        seen = self.known <= instant
        days, values = self.data.days[seen], self.data.values[seen]
        last = np.append(days[1:] != days[:-1], True)[: len(days)]
        last &= ~np.isnan(values)
        return Observations(days[last], values[last])

    def known_of(self, day: date, instant: int) -> int | None:
        """When the newest observation of `day` or earlier, as of `instant`, became known; seconds since 1970."""
        if self.plain:
            upto = int(self.data.days.searchsorted(np.datetime64(day, "D"), side="right"))
            count = min(upto, self.counts([instant])[0])
            return int(self.known[count - 1]) if count else None
        fits = (self.known <= instant) & (self.data.days <= np.datetime64(day, "D"))
        return int(self.known[fits][-1]) if fits.any() else None


def same_until(one: Track, other: Track, instant: int) -> bool:
    """Whether two tracks of one input had the very same rows at an instant, and so at any before."""
    if one is other:
        return True
    ours, theirs = one.known <= instant, other.known <= instant
    return (
        np.array_equal(one.known[ours], other.known[theirs])
        and np.array_equal(one.data.days[ours], other.data.days[theirs])
        and np.array_equal(one.data.values[ours], other.data.values[theirs], equal_nan=True)
    )


def track(days: NDArray[np.datetime64], values: FloatArray, known: NDArray[np.int64], source: str) -> Track:
    usable = ~np.isnan(values)
    usable[1:] |= days[1:] == days[:-1]  # a value that was withdrawn says so from then on
    days, values, known = days[usable], values[usable], known[usable]
    plain = bool(np.all(days[1:] > days[:-1]) and np.all(known[1:] >= known[:-1]))
    return Track(Observations(days, values), known, source, plain)


def bar_track(history: History) -> Track:
    """Total-return closes, each known at 18:00 New York on its day."""
    source = f"{history.source}{NO_DIVIDENDS}" if history.lacks_dividends else history.source
    return track(history.days, history.adjusted, known_at_close(history.days), source)


def known_at_close(days: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """When the bar of each of the ascending `days` is known; whole seconds since 1970."""
    months = days.astype("datetime64[M]")
    found, rows = np.unique(months, return_inverse=True)
    if not len(found):
        return np.zeros(0, dtype=np.int64)
    table = np.array([evenings(month) for month in found.tolist()], dtype=np.int64)
    known: NDArray[np.int64] = table[rows, (days - months.astype("datetime64[D]")).astype(np.int64)]
    return known


@lru_cache(maxsize=2_000)
def evenings(first: date) -> list[int]:
    """18:00 New York of the 31 days from the first of a month on."""
    return [epoch(known_by(first + timedelta(days=n))) for n in range(31)]


def series_track(series: Series, source: str) -> Track:
    """A macro series with every value that could be read."""
    frame = series.frame
    days = frame["obs"].to_numpy().astype("datetime64[D]")
    known = stamps(series)[0].astype("datetime64[s]").astype(np.int64)
    return track(days, frame["value"].to_numpy(dtype=np.float64), known, source)


def basket_track(moment: Moment) -> Track | None:
    """AI infrastructure as the config has it, on the market's days; None until every member has history."""
    market = moment.history(MARKET)
    members = [moment.history(symbol) for symbol in moment.settings.risk.ai_basket]
    known_members = [member for member in members if member is not None]
    if market is None or len(known_members) < len(members):
        return None
    closes = [bar_track(member).data for member in known_members]
    levels = basket([align(one.days, one.values, market.days) for one in closes]).levels
    sources = dict.fromkeys(member.source for member in known_members)
    return track(market.days, levels, known_at_close(market.days), ", ".join(sources))


def tracks_of(moment: Moment, inputs: frozenset[Input]) -> Mapping[Input, Track]:
    """The tracks of all inputs for which there are data."""
    found = {item: track_of(moment, item) for item in inputs}
    return {item: one for item, one in found.items() if one is not None}


def track_of(moment: Moment, item: Input) -> Track | None:
    memo, tape = moment.memo, moment.tape
    if item == AI_BASKET:
        symbols = moment.settings.risk.ai_basket
        parts = (moment.history(MARKET), *(moment.history(symbol) for symbol in symbols))
        return memo.get(("track", item), parts, lambda: basket_track(moment))
    if item == CAPEX_GROWTH:
        names = moment.settings.risk.hyperscalers
        companies = tuple(tape.companies.get(name) for name in names)
        return memo.get(("track", item), companies, lambda: growth_track(moment))
    if item.kind == "bars":
        history = moment.history(item.id)
        return None if history is None else memo.get(("track", item), (history,), lambda: bar_track(history))
    series = tape.series.get(item.id)
    if series is None:
        return None
    return memo.get(("track", item), (series,), lambda: series_track(series, moment.title(series.source)))


def growth_track(moment: Moment, days: int = REPLAY_DAYS) -> Track | None:
    """Capex growth as it stood after each filing of the last `days`."""
    rows = capex_growth(moment, days)
    if not rows:
        return None
    ends = np.array([row.day for row in rows], dtype="datetime64[D]")
    known = np.array([epoch(row.known_at) for row in rows], dtype=np.int64)
    return track(ends, np.array([row.pct for row in rows]), known, rows[0].source)
