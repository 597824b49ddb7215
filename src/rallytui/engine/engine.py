"""Joins clock, feed, store and board: whenever the tape or the view changes, a new Board is made and handed on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from rallytui.alerts.desk import Notice, events_of
from rallytui.alerts.digest import Digest, digest
from rallytui.board.shape import Board, Mode
from rallytui.board.shape.history import Record
from rallytui.clock import DemoClock, SystemClock
from rallytui.config import Display, Settings
from rallytui.config.state import State
from rallytui.engine.choices import Choices
from rallytui.engine.config_file import ConfigFile, Reconfigured
from rallytui.engine.lookout import save_board
from rallytui.engine.parts import Parts, assemble, simulated
from rallytui.engine.view import Outlook, View, evening, span, stepped
from rallytui.engine.wait import woken
from rallytui.model import Clock, Match
from rallytui.sessions import Calendar, new_york_date, nyse
from rallytui.store import EventKey, EventRow, Store

if TYPE_CHECKING:
    from rallytui.feed.feed import Feed

log = logging.getLogger(__name__)
Publish = Callable[[Board], None]
BOARD_EVERY_S = 0.5
IDLE_BOARD_S = 30.0
CONFIG_EVERY_S = 2.0


class Engine:
    """The working half of the program: the screen and the snapshot are its readers.

    Nothing heavy is imported until `run` or `once`, so that the first frame can come from the store.
    """

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
        self._outlook = Outlook(View(evening(as_of)))
        self._parts: Parts | None = None
        self._calendar: Calendar | None = None
        self._show: Callable[[Notice], None] = lambda notice: None

    # --- what a screen asks ---

    @property
    def mode(self) -> Mode:
        """Live, a look back, or simulated."""
        return "as_of" if self._outlook.view.as_of else "demo" if self.demo else "live"

    @property
    def settings(self) -> Display:
        """`[display]` of the config, all that a screen needs of it."""
        return self._choices.base.display

    @property
    def state(self) -> State:
        """The choices made in the app."""
        return self._choices.state

    @property
    def next_refresh(self) -> datetime | None:
        """When the sources are asked next, aware UTC; None before the first round."""
        return self._parts.feed.next_round if self._parts is not None else None

    @property
    def looking_at(self) -> date | None:
        """The day that the next board shows; None for live."""
        return None if self._outlook.view.as_of is None else new_york_date(self._outlook.view.as_of)

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last session that `look` can show."""
        return span(self._sessions(), self.clock.now())

    def session(self, day: date, steps: int = 0) -> date:
        """The session on or before `day`, then `steps` sessions on (back if negative), within `days`."""
        return stepped(self._sessions(), self.clock.now(), day, steps)

    def first_board(self) -> Board | None:
        """The last board of an earlier run, at once; one of another version of the program is passed over."""
        payload = self._store.load_board(self.mode) if self._outlook.view.as_of is None else None
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
        boards = (await self._assembled()).boards
        before, after = await boards.of(since), await boards.live()
        rows = [] if self.demo else await asyncio.to_thread(self._store.events, since)
        return digest(before, after, events_of(rows))

    async def events(self, since: datetime) -> list[EventRow]:
        """The kept events of `since` and later, oldest first; what is simulated is not kept."""
        return [] if self.demo else await asyncio.to_thread(self._store.events, since)

    async def records(self) -> list[Record]:
        """The board's history, one record a completed session, oldest first, as far as it is computed."""
        return await (await self._assembled()).chronicle.records()

    # --- what a screen wants ---

    def notices(self, show: Callable[[Notice], None]) -> None:
        """Hand every new event to `show`, with the ways in which it is to be told."""
        self._show = show

    def refresh(self) -> None:
        """Ask the sources again now."""
        if self._parts is not None:
            self._parts.feed.refresh_soon()

    def choose(self, state: State) -> str:
        """Act on and keep other choices; why they could not be kept for the next run, empty if they were."""
        before = self._choices.settings
        problem = self._choices.take(state)
        if self._parts is not None and self._choices.settings != before:
            self._parts.resettle(self._choices.settings)
            self._outlook.hurry_up()
        return problem

    def open(self, kind: str, key: str) -> None:
        """The next boards carry the `close_up` of this page; an empty kind says that none is open any more."""
        self._outlook.turn_to(opened=(kind, key))
        if self._parts is not None:
            self._watch(self._parts.feed)

    def look(self, day: date | None) -> None:
        """Show the board as it was known at 18:00 New York on `day`; None goes back to live."""
        self._outlook.turn_to(as_of=evening(day))

    def rest(self) -> None:
        """The program is put to sleep: let another instance ask the sources."""
        if self._parts is not None:
            self._parts.turns.give_up()

    async def acknowledge(self, keys: Sequence[EventKey]) -> None:
        """Note that a person has seen these events."""
        await asyncio.to_thread(self._store.acknowledge, keys, self.clock.now())

    async def switch_to_demo(self) -> None:
        """Leave the sources and go on with simulated data; a `run` under way has to be started again."""
        await self.close()
        self.clock, self.demo, self._outlook = DemoClock(), True, Outlook(View())
        self._choices = Choices(simulated(self._choices.base), None)

    # --- the work ---

    async def run(self, publish: Publish) -> None:
        """Refresh for as long as it is left to and publish each new board. Raises only what is a defect."""
        while True:
            parts = await self._assembled()
            self._outlook.changed.set()  # what the store holds is shown with today's ages before anything is asked
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(parts.turns.run(parts.feed))
                    group.create_task(parts.lookout.run(lambda: self.state.snoozed))
                    group.create_task(parts.chronicle.run())
                    group.create_task(self._outlook.complete(parts.feed))
                    group.create_task(self._publish_for_ever(parts, publish))
                    group.create_task(self._follow_config())
            except* Reconfigured:
                await self.close()
            except* Exception as faults:
                raise first(faults) from faults  # say what happened, not that something did in a group

    async def once(self, timeout_s: float | None) -> Board:
        """One refresh within `timeout_s` seconds (None: no request at all), then the board of what is known.

        While another instance asks the sources, what it keeps is as new as can be, and nothing is asked twice.
        """
        parts = await self._assembled()
        if timeout_s is not None:
            try:
                async with asyncio.timeout(timeout_s):
                    if await parts.turns.claim():
                        await parts.feed.refresh()
                    await self._outlook.fetch(parts.feed)
            except TimeoutError:
                log.warning("not every source answered within %g s", timeout_s)
        board = await parts.boards.seen(self._outlook.view)
        save_board(self._store, board)
        problem = self._store.problem
        return replace(board, problems=[problem, *board.problems]) if problem not in ("", *board.problems) else board

    async def close(self) -> None:
        """Release connections and the turn; the store is its owner's to close."""
        parts, self._parts = self._parts, None
        if parts is not None:
            await parts.feed.close()
            parts.turns.give_up()

    def _sessions(self) -> Calendar:
        if self._calendar is None:
            self._calendar = nyse(self._choices.base.data.closures)
        return self._calendar

    async def _assembled(self) -> Parts:
        """Import what is heavy and load the tape, off the event loop."""
        if self._parts is None:
            own = (self._choices.settings, self._store, self.clock, self._sessions(), self.demo, self._says)
            parts = await asyncio.to_thread(assemble, *own, lambda notice: self._show(notice))
            parts.feed.on_change = self._outlook.changed.set
            self._watch(parts.feed)
            self._parts = parts
        return self._parts

    def _says(self) -> list[str]:
        """What is wrong with the program's own files."""
        config = self._config.problem if self._config is not None else ""
        turns = self._parts.turns.problem if self._parts is not None else ""
        return [problem for problem in (config, self._store.problem, turns) if problem]

    def _watch(self, feed: Feed) -> None:
        kind, key = self._outlook.view.opened
        feed.watch_intraday(key if kind == "symbol" else None)

    async def _follow_config(self) -> None:
        """Begin anew with other settings when the config file was changed; with wrong ones go on and say so."""
        while self._config is not None:
            await asyncio.sleep(CONFIG_EVERY_S)
            before, settings = self._config.problem, await asyncio.to_thread(self._config.reread)
            if self._config.problem != before:
                self._outlook.hurry_up()
            if settings is not None:
                self._choices.base = simulated(settings) if self.demo else settings
                self._calendar = None
                raise Reconfigured

    async def _publish_for_ever(self, parts: Parts, publish: Publish) -> None:
        """A board for each change, at most two a second; without a change one now and then, because data age.

        What a person did is answered at once.
        """
        while True:
            await woken(self._outlook.changed, IDLE_BOARD_S)
            self._outlook.changed.clear()
            self._outlook.hurry.clear()
            view = self._outlook.view
            board = await parts.boards.seen(view)
            if view != self._outlook.view:
                continue  # a page or a day further by now
            note = parts.turns.note
            publish(replace(board, notes=[note, *board.notes]) if note else board)
            if view.as_of is None:
                parts.lookout.see(board)
            await woken(self._outlook.hurry, BOARD_EVERY_S)


def first(faults: BaseExceptionGroup[Exception]) -> BaseException:
    """The first exception in a group of groups."""
    fault: BaseException = faults
    while isinstance(fault, BaseExceptionGroup):
        fault = fault.exceptions[0]
    return fault
