"""The part of the app that keeps the source at work: started after the first frame, again after a failure."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from textual.worker import WorkerError

from rallytui.board.shape import Board
from rallytui.ui.app_part import AppPart
from rallytui.ui.background import background
from rallytui.ui.source import BoardChanged

_log = logging.getLogger(__name__)
RESTART_AFTER_S = 10.0
ASK_AGAIN_AFTER_S = 2.0
CLOSE_WITHIN_S = 2.0


class Feeding(AppPart):
    """Runs the source in a worker; its boards come as messages."""

    _has_begun = False
    _asked = float("-inf")
    _restart: asyncio.Event

    def begin(self) -> None:
        """Start the source, once."""
        if not self._has_begun:
            self._start_feed()

    def _start_feed(self) -> None:
        self._has_begun, self._restart = True, asyncio.Event()
        background(self, self._feed, "feed", exit_on_error=False)

    async def _stop_feed(self) -> None:
        for worker in self.workers.cancel_group(self, "feed"):
            with suppress(WorkerError):
                await worker.wait()

    def _publish(self, board: Board) -> None:
        self.post_message(BoardChanged(board))

    async def _feed(self) -> None:
        while True:
            try:
                await self.source.run(self._publish)
                return
            except Exception as fault:
                again = f"it starts again in {RESTART_AFTER_S:.0f} s"
                self.trouble.feed(fault, f"The data feed stopped, {again}")
                self.tick()
            self._restart.clear()
            try:
                async with asyncio.timeout(RESTART_AFTER_S):
                    await self._restart.wait()
            except TimeoutError:
                continue

    async def let_go(self) -> None:
        """The last thing: no connection outlives the screen, and none that hangs keeps the terminal."""
        await self._stop_feed()
        try:
            await asyncio.wait_for(self.source.close(), CLOSE_WITHIN_S)
        except Exception:
            _log.warning("the sources could not be closed", exc_info=True)

    # --- commands ---

    def action_refresh(self) -> None:
        """Ask again, but not at every touch of a held key."""
        now = self.source.clock.monotonic()
        if now - self._asked >= ASK_AGAIN_AFTER_S:
            self._asked = now
            if self._has_begun:
                self._restart.set()
            if said := self.source.refresh():
                self.say(said)

    async def action_demo(self) -> None:
        """Change to simulated boards."""
        await self._stop_feed()
        try:
            await self.source.switch_to_demo()
        except Exception as fault:
            self.trouble.fault(fault, "The demo could not start")
            self.tick()
        self._start_feed()
