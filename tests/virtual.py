"""An event loop whose time is made up: when everything waits for a moment, that moment comes at once.

Threads are real and are waited for. Ten days of a feed take as long as its work takes.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")


class _Selector(selectors.DefaultSelector):
    """Skips the wait for a timer, unless a thread is at work that may end before."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped = 0.0
        self.threads = 0

    def select(self, timeout: float | None = None) -> Any:
        if timeout is None or timeout <= 0 or self.threads:
            return super().select(None if self.threads and timeout is not None and timeout > 0 else timeout)
        ready = super().select(0)
        if not ready:
            self.skipped += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """`time()` is what was skipped."""

    def __init__(self) -> None:
        self._own = _Selector()
        super().__init__(self._own)

    def time(self) -> float:
        return self._own.skipped

    def run_in_executor(self, *args: Any) -> Any:
        future = super().run_in_executor(*args)
        self._own.threads += 1
        future.add_done_callback(self._back)
        return future

    async def shutdown_default_executor(self, *_: object) -> None:
        """Without the limit of Python 3.12 and later: its moment would come at once."""
        await super().shutdown_default_executor()

    def _back(self, _: object) -> None:
        self._own.threads -= 1


class LoopClock:
    """A clock that goes with the running virtual loop; `jump` moves the wall clock alone, as sleep does."""

    def __init__(self, start: datetime) -> None:
        self._loop = asyncio.get_running_loop()  # threads ask too
        self._start = start - timedelta(seconds=self._loop.time())

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._loop.time())

    def monotonic(self) -> float:
        return self._loop.time()

    def jump(self, by: timedelta) -> None:
        self._start += by


def play(scene: Coroutine[Any, Any, T]) -> T:
    """Run a scene on a virtual loop."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(scene)
