"""The clocks. `SystemClock.now` is the only place of the program that asks the machine for the time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time

from rallytui.sessions import CLOSE, NEW_YORK, OPEN

DEMO_HOUR = clock_time(11)


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251

    def monotonic(self) -> float:
        return time.monotonic()  # noqa: TID251


class DemoClock:
    """The machine's clock, moved back into the last weekday's trading hours when the market is shut."""

    def __init__(self) -> None:
        self._base = SystemClock()
        now = self._base.now()
        self._shift = demo_moment(now) - now

    def now(self) -> datetime:
        return self._base.now() + self._shift

    def monotonic(self) -> float:
        return self._base.monotonic()

    def skip_holidays(self, is_session: Callable[[date], bool]) -> None:
        """Go back to a day on which the exchange opens: the calendar is known only after the first frame."""
        while not is_session(self.now().astimezone(NEW_YORK).date()):
            self._shift -= timedelta(days=1)


def demo_moment(now: datetime) -> datetime:
    """`now` if it lies in a weekday's regular hours, else 11:00 New York on the last weekday that has begun trading."""
    local = now.astimezone(NEW_YORK)
    if local.weekday() < 5 and OPEN <= local.time() < CLOSE:
        return now
    day = local.date() - timedelta(days=local.time() < OPEN)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return datetime.combine(day, DEMO_HOUR, NEW_YORK).astimezone(UTC)


class FrozenClock:
    """A clock that stands until it is told to move: for tests and pictures."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment
        self._ticks = 0.0

    def now(self) -> datetime:
        return self._moment

    def monotonic(self) -> float:
        return self._ticks

    def advance(self, seconds: float) -> None:
        """Move both readings on by `seconds`."""
        self._moment += timedelta(seconds=seconds)
        self._ticks += seconds
