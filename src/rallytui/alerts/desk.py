"""Where events go: told once whatever the number of instances, kept in the store, and delivered as the config says."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol

import msgspec
from msgspec.structs import replace

from rallytui.alerts.deliver import Outcome, run_command
from rallytui.alerts.event import Event
from rallytui.alerts.watch import Memory, Watch
from rallytui.board.shape import Board
from rallytui.config import Settings
from rallytui.config.settings import Alert, Way
from rallytui.config.tripwires import alert_name, is_quiet
from rallytui.sessions import Calendar
from rallytui.store.journal import EventRow

log = logging.getLogger(__name__)
MEMORY_KEY = "tripwires"


class EventStore(Protocol):
    """What the desk needs of the store."""

    def add_events(self, events: Sequence[EventRow]) -> list[EventRow]: ...

    def events(self, since: datetime) -> list[EventRow]: ...

    def get_state(self, key: str) -> str | None: ...

    def set_state(self, key: str, value: str) -> None: ...


class Notice(NamedTuple):
    """An event and how it is to be shown by the screen; no `ways` if it is only kept. `problem` if a way failed."""

    event: Event
    ways: tuple[Way, ...]
    problem: str = ""


class Desk:
    """Joins the tripwires, their memory in the store and the ways to a person. `take` may wait for the disk."""

    def __init__(self, settings: Settings, store: EventStore, environment: Mapping[str, str]) -> None:
        self._settings, self._store, self._environment = settings, store, environment
        self._watch = Watch(settings, load_memory(store))
        self._saved = essence(self._watch.memory)

    def retune(self, settings: Settings) -> None:
        """Go on with other settings."""
        self._settings = settings
        self._watch.retune(settings)

    def due(self, calendar: Calendar, now: datetime) -> list[date]:
        """The sessions whose evening is to be built and taken before the next live board."""
        return self._watch.due(calendar, now)

    def take(self, board: Board, evening: bool = False) -> list[Event]:
        """What is new on this board. It is kept before it is told; what another instance was first with is left out.

        Simulated events are neither kept nor compared.
        """
        events = self._watch.step(board, evening)
        if board.simulated:
            return events
        fresh = {row.key for row in self._store.add_events([row_of(event) for event in events])} if events else set()
        now = essence(self._watch.memory)
        if now != self._saved:
            self._store.set_state(MEMORY_KEY, msgspec.json.encode(now).decode())
            self._saved = now
        return [event for event in events if event.key in fresh]

    def ways(self, event: Event, now: datetime, snoozed: Mapping[str, str]) -> tuple[Way, ...]:
        """How an event is to be told at `now`: not at all while its tripwire is snoozed or in quiet hours.

        What is simulated is only ever a toast.
        """
        own = self._alert(event.rule)
        quiet = self._settings.notify.quiet if own is None or own.quiet is None else own.quiet
        if is_snoozed(event.rule, now, snoozed) or is_quiet(now, quiet, self._settings.display.time_zone):
            return ()
        return tuple(way for way in self.chosen(event) if way == "toast" or not event.simulated)

    def chosen(self, event: Event) -> tuple[Way, ...]:
        """The ways that the config names for an event's tripwire, at any hour."""
        own = self._alert(event.rule)
        return tuple(dict.fromkeys(self._settings.notify.ways if own is None or own.notify is None else own.notify))

    async def tell(self, events: Sequence[Event], now: datetime, snoozed: Mapping[str, str]) -> list[Notice]:
        """Run the commands of new events, and say what the screen has to do for each."""
        notices = []
        for event in events:
            ways, problem = self.ways(event, now, snoozed), ""
            if "command" in ways:
                outcome = await self.run(event)
                problem = outcome.detail
            notices.append(Notice(event, tuple(way for way in ways if way != "command"), problem))
        return notices

    async def run(self, event: Event) -> Outcome:
        """Run the event's command; a failure is logged."""
        own = self._alert(event.rule)
        command = self._settings.notify.command if own is None or own.command is None else own.command
        outcome = await run_command(command, event, self._environment)
        if not outcome.ok:
            log.warning("the command of tripwire %s: %s", event.rule, outcome.detail)
        return outcome

    def _alert(self, rule: str) -> Alert | None:
        return next((alert for alert in self._settings.alerts if alert_name(alert) == rule), None)


def is_snoozed(rule: str, now: datetime, snoozed: Mapping[str, str]) -> bool:
    """Whether a tripwire keeps quiet at `now`; a moment that cannot be read snoozes nothing."""
    try:
        return rule in snoozed and now < datetime.fromisoformat(snoozed[rule])
    except (ValueError, TypeError):
        return False


def row_of(event: Event) -> EventRow:
    """The event as the store keeps it."""
    return EventRow(event.rule, event.subject, event.session, event.at, msgspec.json.encode(event).decode())


def events_of(rows: Sequence[EventRow]) -> list[Event]:
    """Stored events; one of another version of the program is passed over."""
    found = []
    for row in rows:
        try:
            found.append(msgspec.json.decode(row.payload, type=Event))
        except msgspec.DecodeError as error:
            log.info("the event %s is of another version and is passed over: %s", row.key, error)
    return found


def load_memory(store: EventStore) -> Memory:
    """The memory of an earlier run; an empty one if there is none or it cannot be read."""
    text = store.get_state(MEMORY_KEY)
    try:
        return msgspec.json.decode(text, type=Memory) if text else Memory()
    except msgspec.DecodeError as error:
        log.warning("the memory of the tripwires cannot be read and begins anew: %s", error)
        return Memory()


def essence(memory: Memory) -> Memory:
    """The memory without what every quote moves, so that it is written only when something happened."""
    return replace(memory, rules={name: replace(one, value=None, seen=None) for name, one in memory.rules.items()})
