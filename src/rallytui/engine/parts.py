"""The working parts of the program, put together: heavy imports and reading the store happen here, off the loop."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from rallytui.alerts.desk import Desk, Notice
from rallytui.clock import DemoClock
from rallytui.config import Settings
from rallytui.engine.boards import Boards
from rallytui.engine.chronicle import Chronicle
from rallytui.engine.monitor import Monitor
from rallytui.engine.turns import Turns
from rallytui.model import Clock
from rallytui.sessions import Calendar
from rallytui.store import FetchLock, SqliteStore, Store, memory_store

if TYPE_CHECKING:
    from rallytui.feed.feed import Feed

ASKED_KEY = "asked by the config"


class Parts(NamedTuple):
    """What works while the program runs.

    `own_facts` are those of the demo, which end with the parts; None where the facts are the store's.
    """

    feed: Feed
    boards: Boards
    desk: Desk
    turns: Turns
    monitor: Monitor
    chronicle: Chronicle
    own_facts: SqliteStore | None

    def resettle(self, settings: Settings) -> None:
        """Go on with other symbols; what was fetched stays."""
        self.boards.resettle(settings)
        self.desk.retune(settings)
        self.feed.rewant(settings)

    async def close(self) -> None:
        """Release connections, the turn and the facts of the demo."""
        await self.feed.close()
        self.turns.give_up()
        if self.own_facts is not None:
            self.own_facts.close()


def assemble(
    settings: Settings,
    store: Store,
    clock: Clock,
    calendar: Calendar,
    demo: bool,
    says: Callable[[], list[str]],
    show: Callable[[Notice], None],
) -> Parts:
    """All parts. `says` tells what is wrong with the program's own files, `show` takes what is to be told."""
    from rallytui.feed.feed import Feed
    from rallytui.providers import create_all

    if isinstance(clock, DemoClock):
        clock.skip_holidays(calendar.is_session)
    own_facts = memory_store() if demo else None  # what is simulated never gets into the store of facts
    facts = own_facts or store
    doubt_unknown(facts, settings)
    feed = Feed(settings, create_all(settings, clock), facts, clock, calendar)
    boards = Boards(settings, calendar, feed, clock, demo, says)
    desk = Desk(settings, facts, os.environ)
    return Parts(
        feed,
        boards,
        desk,
        Turns(FetchLock(facts.path), simulated=demo),
        Monitor(desk, boards, feed, store, clock, calendar, show),
        Chronicle(settings, calendar, feed, facts, clock),
        own_facts,
    )


def doubt_unknown(store: Store, settings: Settings) -> None:
    """Ask again for names that sources called unknown when the config asks other sources, or for other names."""
    asked = (settings.data.order, settings.watchlists, settings.targets, settings.risk)
    mark = sha256(msgspec.json.encode(asked)).hexdigest()
    if store.get_state(ASKED_KEY) != mark:
        store.forget_unknown()
        store.set_state(ASKED_KEY, mark)
