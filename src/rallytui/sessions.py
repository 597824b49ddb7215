"""New York sessions: which day it is on the exchange, whether it is open, when it opens next (METHODOLOGY E)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy as np
    from numpy.typing import NDArray

from rallytui.model import SessionState

NEW_YORK = ZoneInfo("America/New_York")
PRE_OPEN, OPEN, CLOSE, POST_CLOSE = time(4), time(9, 30), time(16), time(20)
EARLY_CLOSE, EARLY_POST_CLOSE = time(13), time(17)
KNOWN_HOUR = time(18)
FINAL_AFTER = timedelta(hours=2)
FIRST_YEAR, LAST_YEAR = 1990, 2035


def new_york(day: date, hour: time) -> datetime:
    """The aware UTC moment of `hour` in New York on `day`."""
    return datetime.combine(day, hour, NEW_YORK).astimezone(UTC)


@lru_cache(maxsize=20_000)
def known_by(day: date) -> datetime:
    """18:00 New York on `day`: when that day's bars and filings count as known (METHODOLOGY 0.2)."""
    return new_york(day, KNOWN_HOUR)


def new_york_date(moment: datetime) -> date:
    """The New York calendar date of an aware moment."""
    return moment.astimezone(NEW_YORK).date()


@dataclass(frozen=True)
class Calendar:
    """The sessions of one exchange: `days` ascending, `early` those that close at 13:00.

    Days before `days[0]` and after `days[-1]` are not known: asking about them raises ValueError.
    """

    days: tuple[date, ...]
    early: frozenset[date]

    @cached_property
    def grid(self) -> NDArray[np.datetime64]:
        """`days` as an array of `datetime64[D]`."""
        import numpy as np  # not for the first frame

        return np.array(self.days, dtype="datetime64[D]")

    def is_session(self, day: date) -> bool:
        """Whether the exchange opens on `day`."""
        index = bisect_left(self.days, day)
        return index < len(self.days) and self.days[index] == day

    def on_or_before(self, day: date) -> date:
        """The session on `day`, else the last one before it."""
        index = bisect_right(self.days, day)
        if not index:
            raise ValueError(f"the calendar begins on {self.days[0]}, after {day}")
        return self.days[index - 1]

    def after(self, day: date, steps: int = 1) -> date:
        """The `steps`-th session after `day`; a negative count goes back from `day`."""
        index = bisect_right(self.days, day) - 1 + steps if steps > 0 else bisect_left(self.days, day) + steps
        if not 0 <= index < len(self.days):
            raise ValueError(f"the calendar covers {self.days[0]} to {self.days[-1]}")
        return self.days[index]

    def count(self, start: date, end: date) -> int:
        """n(a,b): sessions s with start < s <= end, 0 if end is not after start (METHODOLOGY 0.1)."""
        return max(0, bisect_right(self.days, end) - bisect_right(self.days, start))

    def between(self, start: date, end: date) -> tuple[date, ...]:
        """The sessions s with start < s <= end."""
        return self.days[bisect_right(self.days, start) : bisect_right(self.days, end)]

    def open_at(self, day: date) -> datetime:
        """The opening of the session on `day`, aware UTC."""
        return new_york(day, OPEN)

    def close_at(self, day: date) -> datetime:
        """The regular close of the session on `day`, aware UTC."""
        return new_york(day, EARLY_CLOSE if day in self.early else CLOSE)

    def session_at(self, moment: datetime) -> date:
        """The session of an aware moment's day, else the last one before."""
        return self.on_or_before(new_york_date(moment))

    def state_at(self, moment: datetime) -> SessionState:
        """The part of the day at an aware moment; intervals are half-open (METHODOLOGY E)."""
        local = moment.astimezone(NEW_YORK)
        day, hour = local.date(), local.time()
        if not self.is_session(day):
            return "closed"
        close, post = (EARLY_CLOSE, EARLY_POST_CLOSE) if day in self.early else (CLOSE, POST_CLOSE)
        if PRE_OPEN <= hour < OPEN:
            return "pre"
        if OPEN <= hour < close:
            return "regular"
        return "post" if close <= hour < post else "closed"

    def last_completed(self, moment: datetime) -> date:
        """The last session whose regular close is at or before an aware moment."""
        day = self.on_or_before(new_york_date(moment))
        return day if self.close_at(day) <= moment else self.after(day, -1)

    def last_final(self, moment: datetime) -> date:
        """The last session whose daily bar is known at an aware moment: 18:00 New York on its date."""
        day = self.on_or_before(new_york_date(moment))
        return day if known_by(day) <= moment else self.after(day, -1)

    def next_open(self, moment: datetime) -> datetime:
        """The first opening after an aware moment."""
        day = new_york_date(moment)
        if self.is_session(day) and moment < self.open_at(day):
            return self.open_at(day)
        return self.open_at(self.after(day))


def nyse(closures: Collection[date] = ()) -> Calendar:
    """The NYSE calendar of exchange_calendars for 1990 to 2035, less the unscheduled `closures` of the config."""
    return _nyse(frozenset(closures))


@lru_cache(maxsize=4)
def _nyse(closures: frozenset[date]) -> Calendar:
    import exchange_calendars

    calendar = exchange_calendars.get_calendar("XNYS", start=f"{FIRST_YEAR}-01-02", end=f"{LAST_YEAR}-12-31")
    early = frozenset(stamp.date() for stamp in calendar.early_closes)
    days = tuple(day for day in calendar.sessions.date if day not in closures)
    return Calendar(days, early)
