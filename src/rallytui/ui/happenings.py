"""The part of the app that tells what happened: notices as they come, a count of the unread, a digest on return."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from textual import events
from textual.screen import ModalScreen
from textual.widgets import Input

from rallytui.ui.app_part import AppPart
from rallytui.ui.attention import Attention
from rallytui.ui.background import background
from rallytui.ui.notices import EventTold, tell, warn

if TYPE_CHECKING:  # the first frame waits for none of it
    from rallytui.alerts.desk import Notice
    from rallytui.alerts.digest import Digest

UNREAD_BACK = timedelta(days=30)
"""Older events are history, read or not."""
DAY = timedelta(days=1)
INPUTS = (events.Key, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp)


class Happenings(AppPart):
    """Events come as messages from the source, and are asked for when someone wants to see them."""

    unread = 0
    """Events of the last days that nobody has acknowledged."""
    _attention: Attention
    _away_since: datetime | None = None
    _warned: frozenset[str] = frozenset()

    def hear(self) -> None:
        """Begin to listen."""
        self._attention = Attention(self.source.clock.now())
        self.source.notices(self._told)
        self.call_after_refresh(self.recount)

    def _told(self, notice: Notice) -> None:
        self.post_message(EventTold(notice))

    def on_event_told(self, message: EventTold) -> None:
        """Tell it; a way that failed is named once, not at every event."""
        tell(self, message.notice)
        problem = message.notice.problem
        if problem and problem not in self._warned:
            self._warned |= {problem}
            warn(self, problem)
        self.recount()

    def recount(self) -> None:
        """Count the unread anew, for the last row."""
        background(self, self._recount, "unread")

    async def _recount(self) -> None:
        rows = await self.source.events(self.source.clock.now() - UNREAD_BACK)
        self.unread = sum(1 for row in rows if row.acknowledged is None)
        self.tick()

    # --- while you were away ---

    async def on_event(self, event: events.Event) -> None:
        """The first key after a while only opens the digest; whoever quits or types into a field is not stopped."""
        if isinstance(event, INPUTS) and not event.is_forwarded and self._is_first(event):
            background(self, partial(self._welcome, event, self._attention.inputs), "digest")
            return
        await super().on_event(event)

    def _is_first(self, event: events.Event) -> bool:
        after = timedelta(minutes=self.source.display.away_after_min)
        self._attention.note(self.source.clock.now(), after)
        control = isinstance(event, events.Key) and event.key.startswith("ctrl+")
        if control or self._is_busy():
            return False
        self._away_since = self._attention.returned()
        return self._away_since is not None

    def _is_busy(self) -> bool:
        """Whether a dialog or a field has the keys."""
        return isinstance(self.screen, ModalScreen) or isinstance(self.focused, Input)

    async def _welcome(self, event: events.InputEvent, inputs: int) -> None:
        since = self._away_since
        assert since is not None
        told = await self.source.happened(since)
        if told.items and not self._is_busy():
            self._show(told)
            return
        if told.items or not self._is_simulated():
            self._say(told)
        if not told.items and self._attention.inputs == inputs:
            # Nothing to look at: the key does what it was pressed for, unless another one came first.
            await super().on_event(event)

    async def action_digest(self) -> None:
        """What happened within a day, read or not."""
        background(self, self._yesterday, "digest")

    async def _yesterday(self) -> None:
        told = await self.source.happened(self.source.clock.now() - DAY)
        if told.items and not self._is_busy():
            self._show(told)
        else:
            self._say(told)

    def _show(self, told: Digest) -> None:
        from rallytui.ui.screens.away import Away  # not needed for the first frame

        self.push_screen(Away(told, self.moment().zone, self._is_simulated()))

    def _say(self, told: Digest) -> None:
        since = told.since.astimezone(self.moment().zone)
        number = len(told.items)
        what = f"{number} thing{'' if number == 1 else 's'} happened" if number else "Nothing happened"
        self.say(f"{what} since {since:%a} {since.day} {since:%b %H:%M}.")

    def _is_simulated(self) -> bool:
        return self.board is not None and self.board.is_invented
