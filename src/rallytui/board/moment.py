"""What a board is made from: the tape as it was known, the instant, the calendar, the settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

import numpy as np
import pandas as pd

from rallytui.board.memo import Memo
from rallytui.board.shape import Mode
from rallytui.config import Settings
from rallytui.exchanges import NEW_YORK_CODE, calendar_of, exchange_of
from rallytui.indicators.arrays import DayArray, FloatArray
from rallytui.indicators.basis import bad_ticks, basis_of
from rallytui.model import Bars, Quote, SessionState
from rallytui.providers import REGISTRY
from rallytui.sessions import Calendar, new_york_date
from rallytui.splits import WILD
from rallytui.tape import Tape

COLUMNS = ("open", "high", "low", "close", "adj_close", "volume")
CLOSE = COLUMNS.index("close")
YEAR = 252
MOST_PRESENT = 0.95
INDEX = "^GSPC"


@dataclass(frozen=True, eq=False, slots=True)
class History:
    """The finished bars of one symbol as columns: `days` ascending, prices NaN where missing."""

    symbol: str
    name: str
    source: str
    days: DayArray
    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray
    adjusted: FloatArray
    """Closes with dividends put back, for ratios; the plain close where the source has no adjusted one."""
    volume: FloatArray
    closing: Quote | None = None
    """The final quote that the newest row is made of, until the bar of its session comes (METHODOLOGY G.1)."""
    lacks_dividends: bool = False
    """The source has no adjusted closes, so ratios miss the dividends."""
    currency: str = ""
    flags: tuple[str, ...] = ()
    """What a reader should know: rows and ranges that are left out, sessions that the source has no bar of."""

    @property
    def last_day(self) -> date:
        return self.day_at(-1)

    def day_at(self, place: int) -> date:
        """The session of a row."""
        return date.fromordinal(int(self.days[place].astype(np.int64)) + date(1970, 1, 1).toordinal())

    @property
    def with_closes(self) -> History:
        """The history without days that have no close."""
        known = ~np.isnan(self.close)
        if known.all():
            return self
        columns = ("days", "open", "high", "low", "close", "adjusted", "volume")
        return replace(self, **{name: getattr(self, name)[known] for name in columns})

    @property
    def told_volumes(self) -> int:
        """How many rows there are up to the last one with a volume: a final quote need not tell one."""
        if self.closing is None:
            return len(self.volume)
        told = np.flatnonzero(~np.isnan(self.volume))
        return int(told[-1]) + 1 if len(told) else len(self.volume)

    def close_on(self, day: date) -> float | None:
        """The close of the session on `day`, None if there is no bar."""
        index = int(np.searchsorted(self.days, np.datetime64(day, "D")))
        found = index < len(self.days) and self.days[index] == np.datetime64(day, "D")
        return float(self.close[index]) if found and not np.isnan(self.close[index]) else None


def history_of(bars: Bars, source: str, calendar: Calendar, market: Bars | None) -> History | None:
    """The columns of a frame of bars up to the last one with a close; None if there is none.

    What is of another basis, or was never traded, is left out, and each session of the calendar has a row: NaN where
    the source has none, so that "the session before" is the one before (METHODOLOGY G.4).
    """
    days = bars.frame.index.to_numpy().astype("datetime64[D]")
    ordered = tuple(bars.frame.columns) == COLUMNS
    table = (bars.frame if ordered else bars.frame[list(COLUMNS)]).to_numpy()
    closed = table[:, CLOSE] > 0
    if not closed.any():
        return None
    if not closed.all():
        days, table = days[closed], table[closed]
    flags = list[str]()
    opened, _, _, close, _, volume = table.T
    basis = basis_of(bars.symbol, opened, close, volume, moves_of(market, days))
    if basis is not None:
        flags += [f"history_cut: the bars before {days[basis.cut]} are of another basis"] if basis.cut else []
        flags += [f"the close of {days[row]} is left out: nobody can have traded there" for row in basis.odd]
        days, table = days[basis.kept], table[basis.kept]
    days, columns = on_sessions(days, table, calendar)
    opened, high, low, close, adjusted, volume = columns
    if not WILD.fullmatch(bars.symbol):
        ticks = bad_ticks(opened, high, low, close)
        for name, column, bad in zip(("high", "low"), (high, low), ticks, strict=True):
            column[bad] = np.nan
            flags += [f"the {name} of {day} is not used: beyond 5 ATR" for day in days[-YEAR:][bad[-YEAR:]]]
    missing = days[-YEAR:][np.isnan(close[-YEAR:])]
    if len(missing):
        flags.append(
            f"no bar of {missing[-1]}" + (f" and {len(missing) - 1} sessions before" if len(missing) > 1 else "")
        )
    unadjusted = np.isnan(adjusted)
    lacks_dividends = not bars.symbol.startswith("^") and bool((unadjusted & ~np.isnan(close)).any())
    return History(
        symbol=bars.symbol,
        name=bars.name,
        source=source,
        days=days,
        open=opened,
        high=high,
        low=low,
        close=close,
        adjusted=np.where(unadjusted, close, adjusted),
        lacks_dividends=lacks_dividends,
        closing=bars.closings[-1] if bars.closings else None,
        volume=volume,
        currency=bars.currency,
        flags=tuple(flags),
    )


def moves_of(market: Bars | None, days: DayArray) -> Callable[[int, int], float]:
    """The index's close on one row of `days` over that on another; 1.0 where it is not known."""

    def move(before: int, after: int) -> float:
        if market is None:
            return 1.0
        closes = market.frame["close"].reindex(pd.DatetimeIndex(days[[before, after]])).to_numpy()
        return float(closes[1] / closes[0]) if not np.isnan(closes).any() else 1.0

    return move


def on_sessions(days: DayArray, table: FloatArray, calendar: Calendar) -> tuple[DayArray, FloatArray]:
    """A table's columns, as rows of their own, with a place for each session between its first and its last day.

    A name that misses more than a twentieth of the sessions is traded by another calendar: its own days stay.
    """
    sessions = calendar.grid
    first, last = np.searchsorted(sessions, days[[0, -1]]).tolist()
    between = sessions[first : last + 1]
    if np.array_equal(between, days) or last == len(sessions):
        return days, table.T.copy()
    whole = np.union1d(days, between)
    if len(days) < MOST_PRESENT * len(whole):
        return days, table.T.copy()
    columns = np.full((len(COLUMNS), len(whole)), np.nan)
    columns[:, np.searchsorted(whole, days)] = table.T
    return whole, columns


@dataclass(frozen=True, eq=False)
class Moment:
    """One instant to make a board of. `tape` is already cut: nothing on it was known later than `as_of`."""

    tape: Tape
    as_of: datetime
    settings: Settings
    calendar: Calendar
    memo: Memo
    mode: Mode = "live"
    histories: dict[str, History | None] = field(default_factory=dict, init=False, repr=False)
    implied: list[tuple[float | None, float | None]] = field(default_factory=list, init=False, repr=False)
    """The closes of VIX and VIX3M once they were looked up."""

    @property
    def in_past(self) -> bool:
        """Whether this is a look back, at which values revised since would be hindsight."""
        return self.mode == "as_of"

    @staticmethod
    def title(source: str) -> str:
        """A provider's name as it is shown: `sec` is EDGAR."""
        return " ".join(REGISTRY[name].title if name in REGISTRY else name for name in source.split(" "))

    def state_of(self, calendar: Calendar) -> SessionState:
        """The part of the day by a calendar."""
        return self.state if calendar is self.calendar else calendar.state_at(self.as_of)

    def completed_of(self, calendar: Calendar) -> date:
        """The last session of a calendar whose regular close has come."""
        return self.completed if calendar is self.calendar else calendar.last_completed(self.as_of)

    def calendar_of(self, symbol: str) -> Calendar:
        """The calendar that a symbol is judged by; New York's with the closures of the config."""
        return self.calendar if exchange_of(symbol) == NEW_YORK_CODE else calendar_of(symbol)

    @cached_property
    def today(self) -> date:
        return new_york_date(self.as_of)

    @cached_property
    def state(self) -> SessionState:
        return self.calendar.state_at(self.as_of)

    @cached_property
    def completed(self) -> date:
        """The last session whose regular close has come."""
        return self.calendar.last_completed(self.as_of)

    def history(self, symbol: str) -> History | None:
        """The finished bars of a symbol, None if there are none; looked up once a moment."""
        try:
            return self.histories[symbol]
        except KeyError:
            found = self.histories[symbol] = self._history(symbol)
            return found

    def _history(self, symbol: str) -> History | None:
        bars = self.tape.bars.get(symbol)
        if bars is None:
            return None
        market = None if symbol.startswith("^") else self.tape.bars.get(INDEX)
        return self.memo.get(
            ("history", symbol),
            (bars, market),
            lambda: history_of(bars, self.title(bars.source), self.calendar_of(symbol), market),
        )

    @property
    def without_contact(self) -> bool:
        """Whether EDGAR is left out for want of a contact address in the config."""
        health = self.tape.health.get("sec")
        return health is not None and health.status == "skipped"

    def suspect(self, symbol: str) -> bool:
        """Whether an answer about it was refused and no other source has stepped in: the last good price stands."""
        said, quote = self.tape.suspects.get(symbol, ""), self.tape.quotes.get(symbol)
        return bool(said) and (quote is None or said.startswith(f"{quote.source}: "))

    def disputed(self, symbol: str) -> str:
        """What two sources said about one instant of the symbol."""
        one = self.tape.disputes[symbol]
        said = f"{self.title(one.source)} {one.price:,.2f}, {self.title(one.other_source)} {one.other_price:,.2f}"
        return f"{said} for the same moment of {new_york_date(one.at)}"


def moment_of(tape: Tape, settings: Settings, as_of: datetime, calendar: Calendar, mode: Mode, memo: Memo) -> Moment:
    """What a board of `as_of` is made from: the tape as it was known then."""
    known = tape.cut(as_of)
    if mode == "as_of":
        known = replace(known, suspects={})  # what was refused today says nothing about that day
    return Moment(known, as_of, settings, calendar, memo, mode)
