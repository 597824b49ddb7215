"""The sleep between rounds: ended by a person who asks, by the hour, or by a clock that jumped."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from rallytui.model import Clock

LOOK_EVERY_S = 5.0
JUMP = timedelta(seconds=5)


class Pace:
    """Compares the wall clock with the monotonic one: they part when the machine slept or its clock was set."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wake = asyncio.Event()
        self._mark = (clock.now(), clock.monotonic())

    def wake(self) -> None:
        """End the sleep; while nobody sleeps, the next one."""
        self._wake.set()

    def woken(self) -> bool:
        """Whether somebody asked since the last call."""
        asked = self._wake.is_set()
        self._wake.clear()
        return asked

    def jump(self) -> timedelta:
        """By how much the wall clock went ahead of the time that passed, since the last call."""
        before, self._mark = self._mark, (self._clock.now(), self._clock.monotonic())
        ahead = self._mark[0] - before[0] - timedelta(seconds=self._mark[1] - before[1])
        return ahead if abs(ahead) > JUMP else timedelta(0)

    async def sleep_until(self, moment: datetime) -> timedelta:
        """Sleep until then or until woken. After a jump of the clock it ends at once and says how far that was."""
        while not (jump := self.jump()) and not self._wake.is_set():
            left = (moment - self._clock.now()).total_seconds()
            if left <= 0:
                break
            try:
                # not wait_for: before Python 3.12 it swallows a cancellation that comes together with the event
                async with asyncio.timeout(min(left, LOOK_EVERY_S)):
                    await self._wake.wait()
            except TimeoutError:
                continue
        return jump
