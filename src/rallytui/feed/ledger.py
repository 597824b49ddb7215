"""Tape and store in step: what an answer changed goes onto the one and, off the event loop, into the other."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from rallytui.feed.outcome import news, overlaid
from rallytui.feed.schedule import older
from rallytui.model import BadPayload, Clock, Facts, Health
from rallytui.sessions import new_york_date
from rallytui.store import RefusedRow, Store
from rallytui.tape import Dispute, Tape

log = logging.getLogger(__name__)
UNKNOWN_FOR, UNSURE_FOR = timedelta(days=7), timedelta(hours=20)
"""How long a name is not asked for that a source has named unknown: twice, on different days, or once so far."""
SAID_BEFORE = "before "
DISPUTES_KEY = "disputes"


class Ledger:
    """Owns the tape. Nothing that is asked of it here waits for the disk, except in a thread."""

    def __init__(self, store: Store, clock: Clock, changed: Callable[[], None]) -> None:
        self._store, self._clock, self._changed = store, clock, changed
        self._revision, facts = store.changes(-1)
        self.tape = Tape().apply(facts)
        self.stored_health = facts.health
        self._unknown = store.unknown_symbols()
        self._states: dict[str, tuple[str, datetime | None]] = {}

    async def take(self, facts: Facts, fetched: Iterable[tuple[str, str]] = ()) -> None:
        """Put facts on the tape and into the store, and say so."""
        before, self.tape = self.tape, self.tape.apply(facts)
        stamps = dict.fromkeys(fetched, self._clock.now())
        changed = news(before, self.tape, facts)
        if changed:
            await asyncio.to_thread(self._store.save, changed, stamps)
        else:
            for kind, name in stamps:
                await self.mark(kind, name)
        self._changed()

    async def mark(self, kind: str, name: str) -> None:
        """Note that it was fetched with success just now."""
        await asyncio.to_thread(self._store.mark_fetched, kind, name, self._clock.now())

    def fetched(self, kind: str, name: str) -> datetime | None:
        """When it was last fetched with success."""
        return self._store.fetched(kind, name)

    async def reread(self) -> None:
        """Take over from another process: what it asked for last is in the store."""
        self._unknown = await asyncio.to_thread(self._store.unknown_symbols)

    async def keep_refused(self, provider: str, kind: str, name: str, error: BadPayload) -> None:
        """Keep an answer that was not believed, for a person to look at."""
        row = RefusedRow(provider, kind, name, self._clock.now(), str(error), error.payload)
        await asyncio.to_thread(self._store.keep_refused, row)

    def knows(self, provider: str, kind: str, name: str, now: datetime) -> bool:
        """Whether the provider may know the name: it has not named it unknown in the last day, or twice in a week."""
        sure = (provider, f"{SAID_BEFORE}{kind} {name}") in self._unknown
        return older(self._unknown.get((provider, f"{kind} {name}")), now, UNKNOWN_FOR if sure else UNSURE_FOR)

    async def unknown(self, provider: str, kind: str, name: str) -> None:
        """Remember that the provider has named the name unknown; on a second day that is taken as true for a week."""
        now, key = self._clock.now(), f"{kind} {name}"
        said = self._unknown.get((provider, key))
        before = {f"{SAID_BEFORE}{key}": said} if said is not None and new_york_date(said) != new_york_date(now) else {}
        for said_of, at in {**before, key: now}.items():
            self._unknown[provider, said_of] = at
            await asyncio.to_thread(self._store.mark_unknown, provider, said_of, at)

    async def doubt(self) -> None:
        """Ask again for what sources have named unknown, because a person wants it."""
        if self._unknown:
            self._unknown = {}
            await asyncio.to_thread(self._store.forget_unknown)

    async def keep_health(self, entries: Mapping[str, Health]) -> None:
        """Keep how the sources are doing when that changed, so that the next run leaves a limited one alone."""
        states = {name: (str(health.status), health.next_try) for name, health in entries.items()}
        if states != self._states:
            self._states = states
            await asyncio.to_thread(self._store.save, Facts(health=dict(entries)))

    async def keep_disputes(self, entries: Iterable[Dispute]) -> None:
        """Keep on which symbols sources disagree: they are compared once a day, and a program may start in between."""
        text = msgspec.json.encode(list(entries)).decode()

        def save() -> None:
            if (self._store.get_state(DISPUTES_KEY) or "[]") != text:
                self._store.set_state(DISPUTES_KEY, text)
                self._store.save(Facts())  # moves the revision on, which those who follow look at

        await asyncio.to_thread(save)

    def disputes(self) -> list[Dispute]:
        """On which symbols sources disagreed when that was last kept. Reads the store."""
        text = self._store.get_state(DISPUTES_KEY)
        try:
            return msgspec.json.decode(text, type=list[Dispute]) if text else []
        except msgspec.DecodeError as error:
            log.warning("the kept disagreements of sources cannot be read: %s", error)
            return []

    async def catch_up(self) -> Mapping[str, Health] | None:
        """Take onto the tape what another process saved; how its sources do, None if nothing changed."""
        if await asyncio.to_thread(self._store.revision) == self._revision:
            return None
        self._revision, facts = await asyncio.to_thread(self._store.changes, self._revision)
        self.tape = overlaid(self.tape, facts)
        self._changed()
        return facts.health
