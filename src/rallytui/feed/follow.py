"""Following: another process asks the sources, and what it saves comes onto this tape within two seconds."""

from __future__ import annotations

import asyncio

from rallytui.feed.crosscheck import Disputes
from rallytui.feed.health import HealthBook
from rallytui.feed.ledger import Ledger

LOOK_EVERY_S = 1.0


class Follower:
    """Looks once a second whether the store has moved on, which costs one row."""

    def __init__(self, ledger: Ledger, health: HealthBook, disputes: Disputes) -> None:
        self._ledger, self._health, self._disputes = ledger, health, disputes

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            health = await self._ledger.catch_up()
            if health is not None:
                self._health.mirror(health)
                self._disputes.restore(await asyncio.to_thread(self._ledger.disputes))
            await asyncio.sleep(LOOK_EVERY_S)
