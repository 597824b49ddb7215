"""What can be asked of the engine: boards, days, events, records, what is coming. It changes nothing that is shown."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from rallytui.board.shape import Board, Mode
from rallytui.board.shape.history import Record
from rallytui.clock import DemoClock, SystemClock
from rallytui.config import Display, Settings
from rallytui.config.state import State
from rallytui.engine.choices import Choices, simulated
from rallytui.engine.config_file import ConfigFile
from rallytui.engine.view import View, ViewState, evening, mode_of, span, stepped
from rallytui.model import Clock, Match
from rallytui.sessions import Calendar, new_york_date, nyse
from rallytui.store import EventRow, Store

if TYPE_CHECKING:  # the first frame waits for none of it
    from rallytui.alerts.desk import Notice
    from rallytui.alerts.digest import Digest
    from rallytui.calendar import CalendarEvent
    from rallytui.engine.parts import Parts
    from rallytui.feed.feed import Feed

log = logging.getLogger(__name__)


class Reader:
    """Holds the parts, put together when they are first needed: what is heavy must not delay the first frame."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        *,
        demo: bool = False,
        as_of: date | None = None,
        log_path: str = "",
        state_path: Path | None = None,
        config: ConfigFile | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.log_path = log_path
        self.demo = demo
        self.clock: Clock = clock or (DemoClock() if demo else SystemClock())
        self._choices = Choices(simulated(settings) if demo else settings, None if demo else state_path)
        self._config = config
        self._store = store
        self._view_state = ViewState(View(evening(as_of)))
        self._parts: Parts | None = None
        self._calendar: Calendar | None = None
        self._show: Callable[[Notice], None] = lambda notice: None

    @property
    def mode(self) -> Mode:
        """Live, a look back, or simulated."""
        return mode_of(self._view_state.view, self.demo)

    @property
    def display(self) -> Display:
        """`[display]` of the config, all that a screen needs of it."""
        return self._choices.base.display

    @property
    def state(self) -> State:
        """The choices made in the app."""
        return self._choices.state

    @property
    def trouble(self) -> str:
        """What is wrong with the config file since it was changed; empty if nothing."""
        return self._config.problem if self._config is not None else ""

    @property
    def next_refresh(self) -> datetime | None:
        """When the sources are asked next, aware UTC; None before the first round."""
        return self._parts.feed.next_round if self._parts is not None else None

    @property
    def looking_at(self) -> date | None:
        """The day that the next board shows; None for live."""
        return None if self._view_state.view.as_of is None else new_york_date(self._view_state.view.as_of)

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last session that `look` can show."""
        return span(self._sessions(), self.clock.now())

    def session(self, day: date, steps: int = 0) -> date:
        """The session on or before `day`, then `steps` sessions on (back if negative), within `days`."""
        return stepped(self._sessions(), self.clock.now(), day, steps)

    def is_session(self, day: date) -> bool:
        """Whether the exchange opens on that day."""
        return self._sessions().is_session(day)

    def first_board(self) -> Board | None:
        """The last board of an earlier run, at once; one of another version of the program is passed over."""
        payload = self._store.load_board(self.mode) if self._view_state.view.as_of is None else None
        try:
            return msgspec.msgpack.decode(payload, type=Board) if payload else None
        except msgspec.DecodeError as error:
            log.info("the stored board is of another version and is not shown: %s", error)
            return None

    async def search(self, text: str) -> list[Match]:
        """Symbols whose name or ticker resembles `text`, best first. Raises SourceError with plain text to show."""
        return await (await self._assembled()).feed.search(text)

    async def happened(self, since: datetime) -> Digest:
        """What happened since an aware moment, compared with the board of now."""
        from rallytui.alerts.desk import events_of
        from rallytui.alerts.digest import digest

        boards = (await self._assembled()).boards
        before, after = await boards.of(since), await boards.live()
        return digest(before, after, events_of(await self.events(since)))

    async def events(self, since: datetime) -> list[EventRow]:
        """The kept events of `since` and later, oldest first; what is simulated is not kept."""
        return [] if self.demo else await asyncio.to_thread(self._store.events, since)

    def upcoming(self, board: Board | None, now: datetime, days: int) -> list[CalendarEvent]:
        """What is coming within `days` days of an aware moment, with the reports that the board estimates."""
        from rallytui.board.coming import reports_of
        from rallytui.calendar import upcoming

        reports = reports_of(board, self._choices.base.risk.hyperscalers) if board is not None else []
        return upcoming(now, self._sessions(), reports, days)

    def next_open(self, now: datetime) -> datetime:
        """When the exchange opens next after an aware moment, aware UTC."""
        return self._sessions().next_open(now)

    async def records(self) -> list[Record]:
        """The board's history, one record a completed session, oldest first, as far as it is computed."""
        return await (await self._assembled()).chronicle.records()

    @property
    def is_recording(self) -> bool:
        """Whether records of earlier sessions are still being computed."""
        return self._parts is not None and self._parts.chronicle.is_filling

    def _today(self) -> date:
        return new_york_date(self.clock.now())

    def _sessions(self) -> Calendar:
        if self._calendar is None:
            self._calendar = nyse(self._choices.base.data.closures)
        return self._calendar

    async def _assembled(self) -> Parts:
        """Import what is heavy and load the tape, off the event loop."""
        if self._parts is None:
            from rallytui.engine.parts import assemble

            await asyncio.to_thread(self._choices.keep_members, self._store, self._today())
            own = (self._choices.settings, self._store, self.clock, self._sessions(), self.demo, self._says)
            parts = await asyncio.to_thread(assemble, *own, lambda notice: self._show(notice))
            parts.feed.on_change = self._view_state.changed.set
            self._watch(parts.feed)
            self._parts = parts
        return self._parts

    def _says(self) -> list[str]:
        """What is wrong with the program's own files."""
        turns = self._parts.turns.problem if self._parts is not None else ""
        return [problem for problem in (self.trouble, self._store.problem, turns) if problem]

    def _watch(self, feed: Feed) -> None:
        kind, key = self._view_state.view.opened
        feed.watch_intraday(key if kind == "symbol" else None)
