"""What a board is made from: the tape as it was known, the instant, the calendar, the settings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np

from rallytui.board.memo import Memo
from rallytui.board.shape import Mode
from rallytui.config import Settings
from rallytui.indicators.arrays import DayArray, FloatArray
from rallytui.model import Bars, Quote, SessionState
from rallytui.providers import REGISTRY
from rallytui.sessions import Calendar, new_york_date
from rallytui.tape import Tape

COLUMNS = ("open", "high", "low", "close", "adj_close", "volume")


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

    @property
    def last_day(self) -> date:
        return self.day_at(-1)

    def day_at(self, place: int) -> date:
        """The session of a row."""
        return date.fromordinal(int(self.days[place].astype(np.int64)) + date(1970, 1, 1).toordinal())

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


def history_of(bars: Bars, source: str) -> History | None:
    """The columns of a frame of bars up to the last one with a close; None if there is none."""
    closed = np.flatnonzero(~np.isnan(bars.frame["close"].to_numpy()))
    if not len(closed):
        return None
    upto = int(closed[-1]) + 1
    opened, high, low, close, adjusted, volume = (bars.frame[name].to_numpy()[:upto] for name in COLUMNS)
    lacks_dividends = bool(np.isnan(adjusted).any()) and not bars.symbol.startswith("^")
    return History(
        symbol=bars.symbol,
        name=bars.name,
        source=source,
        days=bars.frame.index.to_numpy()[:upto].astype("datetime64[D]"),
        open=opened,
        high=high,
        low=low,
        close=close,
        adjusted=np.where(np.isnan(adjusted), close, adjusted),
        lacks_dividends=lacks_dividends,
        closing=bars.closings[-1] if bars.closings else None,
        volume=volume,
    )


@dataclass(frozen=True, eq=False, slots=True)
class Moment:
    """One instant to make a board of. `tape` is already cut: nothing on it was known later than `as_of`."""

    tape: Tape
    as_of: datetime
    settings: Settings
    calendar: Calendar
    memo: Memo
    mode: Mode = "live"

    @property
    def in_past(self) -> bool:
        """Whether this is a look back, at which values revised since would be hindsight."""
        return self.mode == "as_of"

    @staticmethod
    def title(source: str) -> str:
        """A provider's name as it is shown: `sec` is EDGAR."""
        return " ".join(REGISTRY[name].title if name in REGISTRY else name for name in source.split(" "))

    @property
    def today(self) -> date:
        return new_york_date(self.as_of)

    @property
    def state(self) -> SessionState:
        return self.calendar.state_at(self.as_of)

    @property
    def completed(self) -> date:
        """The last session whose regular close has come."""
        return self.calendar.last_completed(self.as_of)

    def history(self, symbol: str) -> History | None:
        """The finished bars of a symbol, None if there are none."""
        bars = self.tape.bars.get(symbol)
        if bars is None:
            return None
        return self.memo.get(("history", symbol), (bars,), lambda: history_of(bars, self.title(bars.source)))

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
