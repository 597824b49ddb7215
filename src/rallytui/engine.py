"""Joins clock, feed, store and board: whenever the tape changes, a new Board is made and handed on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from rallytui.board.shape import Board, Mode
from rallytui.clock import DemoClock, SystemClock
from rallytui.config import Display, Settings
from rallytui.config.settings import Order
from rallytui.model import Clock
from rallytui.sessions import new_york_date
from rallytui.store import Store, memory_store

if TYPE_CHECKING:
    from rallytui.board.build import Builder
    from rallytui.feed.feed import Feed

log = logging.getLogger(__name__)
Publish = Callable[[Board], None]
BOARD_EVERY_S = 0.5
IDLE_BOARD_S = 30.0
SAVE_BOARD_S = 30.0
SIMULATED = Order(**{kind: ["simulated"] for kind in Order.__struct_fields__})


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
        as_of: datetime | None = None,
        log_path: str = "",
        clock: Clock | None = None,
    ) -> None:
        self._settings = settings
        self.log_path = log_path
        self.clock: Clock = clock or (DemoClock() if demo else SystemClock())
        self.mode: Mode = "demo" if demo else "as_of" if as_of else "live"
        self._store = store
        self._as_of = as_of
        self._feed: Feed | None = None
        self._builder: Builder | None = None
        self._changed = asyncio.Event()
        self._saved_at = 0.0
        if demo:
            self._use_simulated()

    @property
    def settings(self) -> Display:
        """`[display]` of the config, all that a screen needs of it."""
        return self._settings.display

    @property
    def next_refresh(self) -> datetime | None:
        """When the sources are asked next, aware UTC; None before the first round."""
        return self._feed.next_round if self._feed is not None else None

    def first_board(self) -> Board | None:
        """The last board of an earlier run, at once; one of another version of the program is passed over."""
        payload = self._store.load_board(self.mode) if self._as_of is None else None
        try:
            return msgspec.msgpack.decode(payload, type=Board) if payload else None
        except msgspec.DecodeError as error:
            log.info("the stored board is of another version and is not shown: %s", error)
            return None

    def refresh(self) -> None:
        """Ask the sources again now."""
        if self._feed is not None:
            self._feed.refresh_soon()

    async def switch_to_demo(self) -> None:
        """Leave the sources and go on with simulated data; a `run` under way has to be started again."""
        await self.close()
        self.clock, self.mode = DemoClock(), "demo"
        self._use_simulated()

    async def run(self, publish: Publish) -> None:
        """Refresh for as long as it is left to and publish each new board. Raises only what is a defect."""
        await self._assemble()
        feed = self._feed
        assert feed is not None
        self._changed.set()  # what the store holds is shown with today's ages before anything is asked
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._fetch_for_ever(feed))
                group.create_task(self._publish_for_ever(publish))
        except ExceptionGroup as faults:
            raise faults.exceptions[0] from faults  # say what happened, not that something did in a group

    async def once(self, timeout_s: float | None) -> Board:
        """One refresh within `timeout_s` seconds (None: no request at all), then the board of what is known."""
        await self._assemble()
        feed = self._feed
        assert feed is not None
        if timeout_s is not None:
            try:
                async with asyncio.timeout(timeout_s):
                    await self._refresh_once(feed)
            except TimeoutError:
                log.warning("not every source answered within %g s", timeout_s)
        board = await self._board()
        self._save(board)
        problem = self._store.problem
        return replace(board, problems=[problem, *board.problems]) if problem not in ("", *board.problems) else board

    async def close(self) -> None:
        """Release connections; the store is its owner's to close."""
        if self._feed is not None:
            await self._feed.close()
        self._feed = self._builder = None

    def _use_simulated(self) -> None:
        every = replace(self._settings.data, quotes_every_s=1.0, extended_every_s=1.0, order=SIMULATED)
        self._settings = replace(self._settings, data=every)

    async def _assemble(self) -> None:
        """Import what is heavy and load the tape, off the event loop."""
        if self._feed is None:
            feed, self._builder = await asyncio.to_thread(self._parts)
            feed.on_change = self._changed.set
            self._feed = feed

    def _parts(self) -> tuple[Feed, Builder]:
        from rallytui.board.build import Builder
        from rallytui.feed.feed import Feed
        from rallytui.providers import create_all
        from rallytui.sessions import nyse

        calendar = nyse(self._settings.data.closures)
        if isinstance(self.clock, DemoClock):
            self.clock.skip_holidays(calendar.is_session)
        providers = create_all(self._settings, self.clock)
        # what is simulated never gets into the store of facts
        facts = memory_store() if self.mode == "demo" else self._store
        return Feed(self._settings, providers, facts, self.clock, calendar), Builder(self._settings, calendar)

    async def _refresh_once(self, feed: Feed) -> None:
        await feed.refresh()
        if self._as_of is not None:
            await feed.vintages(new_york_date(self._as_of))

    async def _fetch_for_ever(self, feed: Feed) -> None:
        if self._as_of is not None:
            await self._refresh_once(feed)
        await feed.run()

    async def _publish_for_ever(self, publish: Publish) -> None:
        """A board for each change, at most two a second; without a change one now and then, because data age."""
        while True:
            # not wait_for: before Python 3.12 it swallows a cancellation that comes together with the event
            with suppress(TimeoutError):
                async with asyncio.timeout(IDLE_BOARD_S):
                    await self._changed.wait()
            self._changed.clear()
            board = await self._board()
            publish(board)
            if self.clock.monotonic() - self._saved_at > SAVE_BOARD_S:
                self._saved_at = self.clock.monotonic()
                await asyncio.to_thread(self._save, board)
            await asyncio.sleep(BOARD_EVERY_S)

    async def _board(self) -> Board:
        feed, builder = self._feed, self._builder
        assert feed is not None
        assert builder is not None
        problems = [self._store.problem] if self._store.problem else []
        board = await asyncio.to_thread(
            builder.build, feed.known(), self._as_of or self.clock.now(), self.mode, problems
        )
        return replace(board, next_refresh=feed.next_round)

    def _save(self, board: Board) -> None:
        if self._as_of is None:
            self._store.save_board(self.mode, board.as_of, msgspec.msgpack.encode(board))
