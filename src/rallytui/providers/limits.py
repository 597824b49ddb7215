"""How often a source may be asked: a token bucket, and a circuit breaker that keeps away while a source is unwell."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from rallytui.model import Clock, RateLimited, Refused, SourceError, Unavailable

TOLERATED = 2
"""Failures in a row that open the circuit: one alone may be the other end of a dropped connection."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 10.0, 900.0

Sleep = Callable[[float], Awaitable[object]]


class Limiter:
    """A token bucket: `per_minute` requests on average, at most `burst` of them at once."""

    def __init__(self, per_minute: float, burst: int, clock: Clock, sleep: Sleep = asyncio.sleep) -> None:
        self._rate = per_minute / 60.0
        self._size = max(1.0, min(float(burst), per_minute))
        self._clock, self._sleep = clock, sleep
        self._tokens, self._read_at = self._size, clock.monotonic()

    @property
    def per_minute(self) -> float:
        """The budget, requests a minute on average."""
        return self._rate * 60.0

    async def acquire(self) -> None:
        """Wait for a turn; turns are given in the order of asking."""
        now = self._clock.monotonic()
        self._tokens = min(self._size, self._tokens + (now - self._read_at) * self._rate)
        self._read_at = now
        self._tokens -= 1.0
        if self._tokens >= 0:
            return
        try:
            await self._sleep(-self._tokens / self._rate)
        except asyncio.CancelledError:
            self._tokens += 1.0  # the turn was not used
            raise


class Breaker:
    """Keeps requests back after failures, then lets a single one through to see whether the source is well again.

    Two `Unavailable` or `Refused` in a row open it for 10 s, doubling with each further failure up to 15 minutes and
    shortened at random by up to a quarter, so that many installations do not return at once. `RateLimited` opens it
    for `patience_s` or for what the source asked, whichever is longer.

    A wait is over as soon as one of the two clocks says so: the monotonic one stands still while the machine sleeps,
    the wall clock can be set back.
    """

    def __init__(
        self, name: str, title: str, patience_s: float, clock: Clock, chance: Callable[[], float] = random.random
    ) -> None:
        self._name, self._title, self._patience_s = name, title, patience_s
        self._clock, self._chance = clock, chance
        self._failures = 0
        self._until: tuple[float, datetime] | None = None
        self._limited = self._probing = False

    @property
    def wait_s(self) -> float:
        """Seconds until a request may be tried; 0 when the circuit is closed."""
        if self._until is None:
            return 0.0
        ticks, moment = self._until
        left = min(ticks - self._clock.monotonic(), (moment - self._clock.now()).total_seconds())
        return max(0.0, left)

    def check(self) -> None:
        """Raise RateLimited or Unavailable while requests are kept back."""
        wait = self.wait_s
        if wait > 0:
            text = f"{self._title} is left alone for another {spoken(wait)}"
            raise RateLimited(self._name, text, wait) if self._limited else Unavailable(self._name, text)
        if self._probing:
            raise Unavailable(self._name, f"{self._title} is being tried with one request first")

    def hold(self, seconds: float) -> None:
        """Keep every request back for `seconds` because the source asked for patience."""
        self._limited = True
        self._wait(seconds)

    def retry_now(self) -> None:
        """End a pause that we chose ourselves; one that the source asked for stands. The next request is a trial."""
        if not self._limited:
            self._until = None

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """One request: what is raised inside, or nothing, is how it went. Raises like `check` when kept back."""
        self.check()
        before = self._failures
        probing = before >= TOLERATED or self._limited
        self._probing = self._probing or probing
        try:
            yield
        except RateLimited as error:
            error.retry_after = max(self._patience_s, error.retry_after or 0.0)
            self.hold(error.retry_after)
            raise
        except (Unavailable, Refused):
            self._failed(before)
            raise
        except SourceError:  # it answered: what the answer says is not the connection's fault
            self._recovered()
            raise
        else:
            self._recovered()
        finally:
            if probing:
                self._probing = False

    def _failed(self, before: int) -> None:
        # Requests that were under way together and fail together count as one failure.
        self._failures = max(self._failures, before + 1)
        excess = self._failures - TOLERATED
        if excess >= 0:
            pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(excess, 10))
            self._wait(pause * (1 - 0.25 * self._chance()))

    def _wait(self, seconds: float) -> None:
        if seconds > self.wait_s:
            self._until = self._clock.monotonic() + seconds, self._clock.now() + timedelta(seconds=seconds)

    def _recovered(self) -> None:
        # An answer that was already under way when another request was turned away does not lift the pause.
        if self.wait_s == 0:
            self._failures, self._limited = 0, False


def spoken(seconds: float) -> str:
    """A wait in words, as in `40 s` or `19 min`."""
    return f"{round(seconds)} s" if seconds < 90 else f"{round(seconds / 60)} min"
