"""An engine that runs on simulated data at a moment that stands still, and a queue of its boards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from rallytui.board.shape import Board
from rallytui.clock import FrozenClock
from rallytui.config import Settings
from rallytui.engine import Engine
from rallytui.store import memory_store
from tests.facts import ny

OPEN = ny("2026-09-16T13:46")


class Running:
    """A running engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.boards: asyncio.Queue[Board] = asyncio.Queue()

    async def until(self, condition: Callable[[Board], object], within_s: float = 30.0) -> Board:
        """The first board of which something is so."""
        async with asyncio.timeout(within_s):
            while not condition(board := await self.boards.get()):
                continue
        return board


@asynccontextmanager
async def running(settings: Settings | None = None, **options: Any) -> AsyncIterator[Running]:
    """A demo engine at work, with its first full board behind it."""
    store = memory_store()
    options = {"demo": True, "clock": FrozenClock(OPEN)} | options
    engine = Engine(settings or Settings(), options.pop("store", store), **options)
    found = Running(engine)
    task = asyncio.create_task(engine.run(found.boards.put_nowait))
    try:
        await found.until(lambda board: board.risks.composite.score is not None)
        yield found
        assert not task.done(), task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await engine.close()
        store.close()
