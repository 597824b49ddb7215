"""The board's history: a record for each completed session, kept in the store, computed backwards when asked for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import asdict

from rallytui.board.shape.history import Record
from rallytui.config import Settings
from rallytui.engine.wait import woken
from rallytui.model import Clock
from rallytui.sessions import Calendar
from rallytui.store import Store

if TYPE_CHECKING:
    from rallytui.feed.feed import Feed
    from rallytui.tape import Tape

log = logging.getLogger(__name__)
LOOK_EVERY_S = 600.0
SESSIONS = 252
"""How far back the history is computed: a year."""
AT_ONCE = 10
PAUSE_S = 0.5


class Kept(Record, frozen=True):
    """A record and the mark of the facts that it was made from."""

    grounds: str = ""


class Chronicle:
    """Records the last session once it is final. `ask` sends it back through the year, in the background.

    A record says what a look back to its evening shows, by the facts that are here now. None is made before the first
    round of answers has ended; a source that is down does not hold it up, what it would know is unknown. Beside each
    record stands a mark of what was known of that evening. When the mark has changed, because a source is back, a bar
    came late or the values of then were fetched, the record is made again. A version tells apart the settings that
    records depend on, the marks tell apart the facts.
    """

    def __init__(self, settings: Settings, calendar: Calendar, feed: Feed, store: Store, clock: Clock) -> None:
        self._settings, self._calendar, self._feed = settings, calendar, feed
        self._store, self._clock = store, clock
        self._known: dict[date, Kept] | None = None
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
        await self._feed.answered.wait()
        while True:
            await self._tidy()
            await self._fill(1)
            if self._asked.is_set():
                await self._fill(SESSIONS)
            self._asked.clear()
            await woken(self._asked, LOOK_EVERY_S)

    async def _fill(self, sessions: int) -> None:
        """Make the records that the last `sessions` sessions lack, and again those that rest on other facts by now."""
        tried = set[date]()
        while due := [day for day in await self._due(sessions) if day not in tried][-AT_ONCE:]:
            tried.update(due)
            if not await self._record(due):
                return  # further back there is less
            await asyncio.sleep(PAUSE_S)  # a board that is looked at goes before a history

    async def _due(self, sessions: int) -> list[date]:
        """The sessions to make a record of, ascending."""
        last = self._calendar.last_final(self._clock.now())
        days = self._calendar.between(self._calendar.after(last, -SESSIONS), last)
        known, marks = await self._load(), await asyncio.to_thread(self._marks, self._feed.tape, days)
        wanted = {*days[-sessions:], *known}
        return [day for day in days if day in wanted and (day not in known or known[day].grounds != marks[day])]

    async def _record(self, days: Sequence[date]) -> dict[date, Kept]:
        """Compute and keep the records of `days`, as far as there were prices to judge."""
        if not self._feed.tape.bars:
            return {}
        made = await asyncio.to_thread(self._compute, days)
        self._known = dict(sorted({**await self._load(), **made}.items()))
        return made

    def _compute(self, days: Sequence[date]) -> dict[date, Kept]:
        from rallytui.board.history import records_at, version
        from rallytui.board.memo import Memo

        tape = self._feed.known()
        marks = self._marks(tape, days)
        found = records_at(tape, self._settings, self._calendar, days, Memo())
        judged = [record for record in found if any(one.close is not None for one in record.targets)]
        made = {one.session: Kept(**asdict(one), grounds=marks[one.session]) for one in judged}
        payloads = {day: msgspec.msgpack.encode(record) for day, record in made.items()}
        self._store.save_records(payloads, version(self._settings))
        return made

    def _marks(self, tape: Tape, days: Sequence[date]) -> dict[date, str]:
        from rallytui.engine.grounds import grounds

        return grounds(tape, self._settings, days)

    async def _load(self) -> dict[date, Kept]:
        if self._known is None:
            self._known = await asyncio.to_thread(self._read)
        return self._known

    def _read(self) -> dict[date, Kept]:
        from rallytui.board.history import version

        try:
            kept = self._store.records(version(self._settings))
            return {day: msgspec.msgpack.decode(payload, type=Kept) for day, payload in kept.items()}
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
