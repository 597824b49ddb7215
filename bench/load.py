"""The whole program on simulated data at a chosen hour, for the benches that watch it in a terminal.

python -m bench.load trading    a session: one quote changes every second
python -m bench.load closed     a Saturday: nothing changes
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, time
from itertools import count

from rallytui import providers
from rallytui.cli.garbage import collect_later
from rallytui.clock import SystemClock
from rallytui.config import ProviderSettings, Settings
from rallytui.engine import Engine
from rallytui.engine.choices import simulated
from rallytui.model import Clock, Quote
from rallytui.providers.simulated import Simulated
from rallytui.sessions import new_york
from rallytui.store import memory_store
from rallytui.ui.app import RallyApp

MOMENTS = {"trading": new_york(date(2026, 9, 16), time(11)), "closed": new_york(date(2026, 9, 19), time(12))}


class ShiftedClock:
    """The machine's clock, begun at another moment."""

    def __init__(self, start: datetime) -> None:
        self._base = SystemClock()
        self._shift = start - self._base.now()

    def now(self) -> datetime:
        return self._base.now() + self._shift

    def monotonic(self) -> float:
        return self._base.monotonic()


class OneByOne(Simulated):
    """The simulated source, of whose quotes one moves from round to round."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(ProviderSettings(), clock)
        self._rounds = count()
        self._last: dict[str, Quote] = {}

    async def quotes(self, symbols: Sequence[str]) -> list[Quote]:
        fresh = await super().quotes(symbols)
        turn = next(self._rounds) % max(len(fresh), 1)
        for place, quote in enumerate(fresh):
            if place == turn or quote.symbol not in self._last:
                self._last[quote.symbol] = quote
            else:  # seen again, unchanged
                self._last[quote.symbol] = replace(self._last[quote.symbol], at=quote.at)
        return [self._last[quote.symbol] for quote in fresh]


def main(mode: str) -> None:
    """Run the app until it is told to leave."""
    collect_later()
    clock = ShiftedClock(MOMENTS[mode])
    providers.create_all = lambda *_: {"simulated": OneByOne(clock)}  # type: ignore[assignment,dict-item,return-value]
    settings = simulated(Settings())
    with closing(memory_store()) as store:
        RallyApp(Engine(settings, store, demo=True, clock=clock)).run()


if __name__ == "__main__":
    main(sys.argv[1])
