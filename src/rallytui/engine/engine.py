"""Joins clock, feed, store and board: whenever the tape or the view changes, a new Board is made and handed on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from rallytui.board.shape import Board
from rallytui.clock import DemoClock
from rallytui.config.state import State
from rallytui.engine.choices import Choices, simulated
from rallytui.engine.config_file import Reconfigured
from rallytui.engine.reader import Reader
from rallytui.engine.view import View, ViewState, evening
from rallytui.engine.wait import woken
from rallytui.sessions import NEW_YORK

if TYPE_CHECKING:  # the first frame waits for none of it
    from rallytui.alerts.desk import Notice
    from rallytui.engine.parts import Parts
    from rallytui.store import EventKey

log = logging.getLogger(__name__)
Publish = Callable[[Board], None]
BOARD_EVERY_S = 0.5
IDLE_BOARD_S = 30.0
CONFIG_EVERY_S = 2.0


class Engine(Reader):
    """The working half of the program: the screen and the snapshot are its readers.

    Nothing heavy is imported until `run` or `once`, so that the first frame can come from the store.
    """

    def notices(self, show: Callable[[Notice], None]) -> None:
        """Hand every new event to `show`, with the ways in which it is to be told."""
        self._show = show

    def refresh(self) -> str:
        """Ask the sources again now; why nothing will come of it, empty if something may."""
        if self._parts is None:
            return ""
        if not self._parts.turns.mine:
            return "Another rallytui asks the sources: press r there."
        feed, now = self._parts.feed, self.clock.now()
        failing = any(health.status == "failing" for health in feed.health.entries.values())
        feed.refresh_soon()
        if failing or feed.next_round is None or feed.next_round - now < timedelta(minutes=10):
            return ""
        there = feed.next_round.astimezone(NEW_YORK)
        return f"All that can be known is here; the sources are asked again {there:%a} {there:%H:%M} ET."

    def choose(self, state: State) -> str:
        """Act on and keep other choices; why they could not be kept for the next run, empty if they were."""
        before = self._choices.settings
        problem = self._choices.take(state)
        self._choices.note_members(self._today())
        if self._choices.settings != before:
            self._resettle()
        return problem

    def open(self, kind: str, key: str) -> None:
        """The next boards carry the `close_up` of this page; an empty kind says that none is open any more."""
        self._view_state.turn_to(opened=(kind, key))
        if self._parts is not None:
            self._watch(self._parts.feed)

    def look(self, day: date | None, said: str = "") -> None:
        """Show the board as it was known at 18:00 New York on `day`; None goes back to live.

        `said` is a sentence about how that day was come by, shown with its boards.
        """
        self._view_state.said = said
        self._view_state.turn_to(as_of=evening(day))

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
        self.clock, self.demo, self._view_state = DemoClock(), True, ViewState(View())
        self._choices = Choices(simulated(self._choices.base), None)

    # --- the work ---

    async def run(self, publish: Publish) -> None:
        """Refresh for as long as it is left to and publish each new board. Raises only what is a defect."""
        while True:
            parts = await self._assembled()
            self._view_state.changed.set()  # what the store holds is shown with today's ages before anything is asked
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(parts.turns.run(parts.feed))
                    group.create_task(parts.monitor.run(lambda: self.state.snoozed))
                    group.create_task(parts.chronicle.run())
                    group.create_task(self._view_state.complete(parts.feed))
                    group.create_task(self._publish_for_ever(parts, publish))
                    group.create_task(self._follow_files())
            except BaseExceptionGroup as faults:
                fault = first(faults)
                if not isinstance(fault, Reconfigured):
                    raise fault from faults  # say what happened, not that something did in a group
                await self.close()

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
                    await self._view_state.fetch(parts.feed)
            except TimeoutError:
                log.warning("not every source answered within %g s", timeout_s)
        board = await parts.boards.seen(self._view_state.view)
        from rallytui.engine.monitor import save_board

        save_board(self._store, board)
        problem = self._store.problem
        return replace(board, problems=[problem, *board.problems]) if problem not in ("", *board.problems) else board

    async def close(self) -> None:
        """Release connections and the turn; the store is its owner's to close."""
        parts, self._parts = self._parts, None
        if parts is not None:
            await parts.close()

    def _resettle(self) -> None:
        if self._parts is not None:
            self._parts.resettle(self._choices.settings)
            self._view_state.hurry_up()

    def _noted(self, board: Board, parts: Parts) -> Board:
        """The board with what a reader should know of the program itself.

        What the first round is still to bring is not a problem yet.
        """
        if not parts.feed.answered.is_set() and board.mode == "live":
            told = {*self._says(), *(health.detail for health in board.health)}
            board = replace(board, problems=[problem for problem in board.problems if problem in told])
        warning = self._config.warning if self._config is not None else ""
        notes = [note for note in (self._view_state.said, self._view_state.note, parts.turns.note, warning) if note]
        return replace(board, notes=[*notes, *board.notes]) if notes else board

    async def _follow_files(self) -> None:
        """Begin anew with other settings when the config file was changed; with wrong ones go on and say so.

        What another instance chose is taken over too, so that its symbols are fetched by whoever asks the sources.
        """
        while True:
            await asyncio.sleep(CONFIG_EVERY_S)
            chosen = await asyncio.to_thread(self._choices.reread)
            if await asyncio.to_thread(self._choices.keep_members, self._store, self._today()) or chosen:
                self._resettle()
            if self._config is None:
                continue
            before, settings = self._config.problem, await asyncio.to_thread(self._config.reread)
            if self._config.problem != before:
                self._view_state.hurry_up()
            if settings is not None:
                self._choices.base = simulated(settings) if self.demo else settings
                self._calendar = None
                raise Reconfigured

    async def _publish_for_ever(self, parts: Parts, publish: Publish) -> None:
        """A board for each change, at most two a second; without a change one now and then, because data age.

        What a person did is answered at once.
        """
        while True:
            await woken(self._view_state.changed, IDLE_BOARD_S)
            self._view_state.changed.clear()
            self._view_state.hurry.clear()
            view = self._view_state.view
            board = await parts.boards.seen(view)
            if view != self._view_state.view:
                continue  # a page or a day further by now
            publish(self._noted(board, parts))
            if view.as_of is None:
                parts.monitor.see(board)
            await woken(self._view_state.hurry, BOARD_EVERY_S)


def first(faults: BaseExceptionGroup[Exception]) -> BaseException:
    """The first exception in a group of groups."""
    fault: BaseException = faults
    while isinstance(fault, BaseExceptionGroup):
        fault = fault.exceptions[0]
    return fault
