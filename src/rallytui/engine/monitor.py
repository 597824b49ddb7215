"""Watches the live board, also while a person looks at another day: tells its events, keeps it for the next start."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from rallytui.alerts.desk import Desk, Notice
from rallytui.alerts.event import Event
from rallytui.alerts.watch import evening_of
from rallytui.board.shape import Board
from rallytui.engine.boards import Boards
from rallytui.engine.wait import woken
from rallytui.model import Clock
from rallytui.sessions import Calendar, new_york_date
from rallytui.store import Store

if TYPE_CHECKING:
    from rallytui.feed.feed import Feed

LIVE_EVERY_S = 30.0
SAVE_EVERY_S = 30.0
TAKE_EVERY_S = 5.0
"""Of the boards of a few seconds the last one is enough: a tripwire is no trading signal."""


class Monitor:
    """Takes each live board that is made for the screen, and makes one now and then when the screen looks elsewhere."""

    def __init__(
        self,
        desk: Desk,
        boards: Boards,
        feed: Feed,
        store: Store,
        clock: Clock,
        calendar: Calendar,
        show: Callable[[Notice], None],
    ) -> None:
        self._desk, self._boards, self._feed, self._store = desk, boards, feed, store
        self._clock, self._calendar, self._show = clock, calendar, show
        self._seen = asyncio.Event()
        self._board: Board | None = None
        self._saved_at = float("-inf")

    def see(self, board: Board) -> None:
        """Take a live board; what is done with it does not keep the screen waiting."""
        self._board = board
        self._seen.set()

    async def run(self, snoozed: Callable[[], Mapping[str, str]]) -> None:
        """Go on until cancelled."""
        while True:
            await woken(self._seen, LIVE_EVERY_S - TAKE_EVERY_S)
            self._seen.clear()
            board, self._board = self._board, None
            await self.take(board or await self._boards.live(), snoozed())
            await asyncio.sleep(TAKE_EVERY_S)

    async def take(self, board: Board, snoozed: Mapping[str, str]) -> None:
        """Tell what is new on a live board, and keep it."""
        now = self._clock.now()
        events = await self._evenings(board, now)
        events += await asyncio.to_thread(self._desk.take, board)
        for notice in await self._desk.tell(events, now, snoozed):
            self._show(notice)
        if self._clock.monotonic() - self._saved_at > SAVE_EVERY_S:
            self._saved_at = self._clock.monotonic()
            await asyncio.to_thread(save_board, self._store, board)

    async def _evenings(self, board: Board, now: datetime) -> list[Event]:
        """The events of sessions that ended since the last look, once their data had a chance to come."""
        if board.simulated or self._feed.next_round is None:
            return []
        events = []
        for session in self._desk.due(self._calendar, now):
            evening = await self._boards.of(evening_of(session))
            if lacks_close(evening, session) and now < self._calendar.open_at(self._calendar.after(session)):
                break  # the sources have until the next opening to tell how it closed
            events += await asyncio.to_thread(self._desk.take, evening, True)
        return events


def lacks_close(board: Board, session: date) -> bool:
    """Whether the board of a session's evening has no target's close of that session."""
    times = [target.quote_time for target in board.targets]
    return all(at is None or new_york_date(at) < session for at in times)


def save_board(store: Store, board: Board) -> None:
    """Keep a live or simulated board, so that the next start shows it at once."""
    if board.mode != "as_of":
        store.save_board(board.mode, board.as_of, msgspec.msgpack.encode(replace(board, close_up=None)))
