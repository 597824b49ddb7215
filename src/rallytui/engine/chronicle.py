"""The board's history: a record for each completed session, kept in the store, computed backwards when asked for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from rallytui.board.shape.history import Record
from rallytui.config import Settings
from rallytui.engine.wait import woken
from rallytui.model import Clock
from rallytui.sessions import Calendar
from rallytui.store import Store

if TYPE_CHECKING:
    from rallytui.feed.feed import Feed

log = logging.getLogger(__name__)
DAILY_S = 600.0
SESSIONS = 252
"""How far back the history is computed: a year."""
AT_ONCE = 10
PAUSE_S = 0.5


class Chronicle:
    """Records the last session once it is final. `ask` sends it back through the year, in the background."""

    def __init__(self, settings: Settings, calendar: Calendar, feed: Feed, store: Store, clock: Clock) -> None:
        self._settings, self._calendar, self._feed = settings, calendar, feed
        self._store, self._clock = store, clock
        self._known: dict[date, Record] | None = None
        self._asked = asyncio.Event()
        self._tidied: date | None = None

    async def records(self) -> list[Record]:
        """What is recorded, oldest first; what is not is computed from now on."""
        self._asked.set()
        return list((await self._load()).values())

    @property
    def is_filling(self) -> bool:
        """Whether sessions that were asked for are still being computed."""
        return self._asked.is_set()

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            await self._record(await self._missing(1))
            if self._asked.is_set():
                await self._look_back()
            await self._tidy()
            self._asked.clear()
            await woken(self._asked, DAILY_S)

    async def _look_back(self) -> None:
        while missing := await self._first_missing():
            await self._record(missing)
            await asyncio.sleep(PAUSE_S)  # a board that is looked at goes before a history
            known = await self._load()
            if not any(day in known for day in missing):
                return

    async def _first_missing(self) -> list[date]:
        """The newest sessions without a record, ascending and at most a handful."""
        return (await self._missing(SESSIONS))[-AT_ONCE:]

    async def _missing(self, sessions: int) -> list[date]:
        last = self._calendar.last_final(self._clock.now())
        days = self._calendar.between(self._calendar.after(last, -sessions), last)
        known = await self._load()
        return [day for day in days if day not in known]

    async def _record(self, days: Sequence[date]) -> None:
        """Compute and keep the records of `days`, as far as there were prices to judge."""
        if not days or not self._feed.tape.bars:
            return
        made = await asyncio.to_thread(self._compute, days)
        self._known = dict(sorted({**await self._load(), **made}.items()))

    def _compute(self, days: Sequence[date]) -> dict[date, Record]:
        from rallytui.board.history import records_between, version
        from rallytui.board.memo import Memo

        tape = self._feed.known()
        found = records_between(tape, self._settings, self._calendar, days[0], days[-1], Memo())
        made = {record.session: record for record in found if any(one.close is not None for one in record.targets)}
        payloads = {day: msgspec.msgpack.encode(record) for day, record in made.items()}
        self._store.save_records(payloads, version(self._settings))
        return made

    async def _load(self) -> dict[date, Record]:
        if self._known is None:
            self._known = await asyncio.to_thread(self._read)
        return self._known

    def _read(self) -> dict[date, Record]:
        from rallytui.board.history import version

        try:
            kept = self._store.records(version(self._settings))
            return {day: msgspec.msgpack.decode(payload, type=Record) for day, payload in kept.items()}
        except msgspec.DecodeError as error:
            log.warning("the kept history cannot be read and is computed anew: %s", error)
            return {}

    async def _tidy(self) -> None:
        """Once a day the store drops what is past its time."""
        now = self._clock.now()
        today = now.date()
        if self._tidied != today:
            self._tidied = today
            first = today - timedelta(days=366 * self._settings.data.history_years)
            await asyncio.to_thread(self._store.tidy, now, first)
