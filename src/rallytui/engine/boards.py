"""Boards of what is known: live, of a past evening, or of any moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from rallytui.board.shape import Board, Mode
from rallytui.config import Settings
from rallytui.engine.view import View, mode_of, sessions_back
from rallytui.model import Clock
from rallytui.sessions import Calendar

if TYPE_CHECKING:
    from rallytui.board.build import Builder
    from rallytui.feed.feed import Feed

Use = Literal["live", "screen", "other"]


class Boards:
    """Builds off the event loop. Each use has a builder of its own, so that none pushes out what another one keeps."""

    def __init__(
        self,
        settings: Settings,
        calendar: Calendar,
        feed: Feed,
        clock: Clock,
        demo: bool,
        says: Callable[[], list[str]],
    ) -> None:
        self._settings, self._calendar, self._clock = settings, calendar, clock
        self._feed, self._demo, self._says = feed, demo, says
        self._builders: dict[Use, Builder] = {}

    def resettle(self, settings: Settings) -> None:
        """Build from other settings."""
        self._settings, self._builders = settings, {}

    async def live(self) -> Board:
        """The board of now, with no page open."""
        return await self.seen(View())

    async def seen(self, view: View) -> Board:
        """The board that `view` shows."""
        now = self._clock.now()
        as_of = now if view.as_of is None else min(view.as_of, now)  # today is looked at as far as it is known
        mode = mode_of(view, self._demo)
        use: Use = "screen" if view.as_of else "live"
        board = await self._build(use, as_of, mode, self._says(), view.opened)
        back = sessions_back(self._calendar, now, view)
        return replace(board, next_refresh=self._feed.next_round, simulated=self._demo, sessions_back=back)

    async def of(self, moment: datetime) -> Board:
        """The board as it was known at any past moment."""
        return replace(await self._build("other", moment, "as_of", (), ("", "")), simulated=self._demo)

    async def _build(
        self, use: Use, as_of: datetime, mode: Mode, says: Sequence[str], opened: tuple[str, str]
    ) -> Board:
        from rallytui.board.build import Builder

        if use not in self._builders:
            self._builders[use] = Builder(self._settings, self._calendar)
        build = self._builders[use].build
        return await asyncio.to_thread(build, self._feed.known(), as_of, mode, says, opened)
