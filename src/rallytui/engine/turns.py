"""Whose turn it is: of several instances on one store one asks the sources, the others follow what it keeps."""

from __future__ import annotations

import asyncio
import logging
import os
from typing import TYPE_CHECKING

from rallytui.store import FetchLock

if TYPE_CHECKING:
    from rallytui.feed.feed import Feed

log = logging.getLogger(__name__)
LOOK_EVERY_S = 2.0
FOLLOWS = "follows another rallytui"


class Turns:
    """`note` says that this instance follows, `problem` that nobody knows about the others."""

    def __init__(self, lock: FetchLock, *, simulated: bool = False) -> None:
        self._lock, self._simulated = lock, simulated
        self.mine = False

    @property
    def note(self) -> str:
        """What a reader should know about the other instances; empty when this one asks the sources."""
        return "" if self.mine else FOLLOWS

    @property
    def problem(self) -> str:
        """Why it is not known whether there are others; empty while all is well."""
        return self._lock.problem

    async def claim(self) -> bool:
        """Take the turn if nobody has it."""
        self.mine = await asyncio.to_thread(self._lock.acquire)
        return self.mine

    def give_up(self) -> None:
        """Let another instance ask: this one ends, or sleeps in the background of a shell."""
        self._lock.release()

    async def run(self, feed: Feed) -> None:
        """Ask the sources or follow the one who does, until cancelled; the turn changes when its holder is gone."""
        while True:
            mine = await self.claim()
            log.info("process %d %s", os.getpid(), self._doing(mine))
            async with asyncio.TaskGroup() as group:
                work = group.create_task(feed.run() if mine else feed.follow())
                while await self._still(mine):
                    await asyncio.wait({work}, timeout=LOOK_EVERY_S)
                work.cancel()

    def _doing(self, mine: bool) -> str:
        if self._simulated:
            return "makes up its data and asks no source"
        return "asks the sources" if mine else "follows another one"

    async def _still(self, mine: bool) -> bool:
        """Whether nothing changed about whose turn it is."""
        return self._lock.owned if mine else not await asyncio.to_thread(self._lock.acquire)
