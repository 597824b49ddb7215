"""What the next board shows: which moment, and which page is open."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from rallytui.board.shape import Mode
from rallytui.sessions import Calendar, known_by, new_york_date

if TYPE_CHECKING:
    from rallytui.feed.feed import Feed

DWELL_S = 2.0
"""What a day needs besides is asked for when a look stays on it for so long: leafing through days asks for nothing."""
PENDING = "Revised series show the values of today; those of then are being asked for."
EARLIEST = date(1995, 1, 3)
"""Before it no source has enough history for any reading."""


@dataclass(frozen=True, slots=True)
class View:
    """`as_of` is aware UTC, None for live; `opened` is the open page's kind and key."""

    as_of: datetime | None = None
    opened: tuple[str, str] = ("", "")


class ViewState:
    """The view and who waits for it: `changed` wakes what makes boards, `hurry` says that a person is waiting."""

    def __init__(self, view: View) -> None:
        self.view, self.said = view, ""
        self._complete_at: datetime | None = None
        self.changed, self.hurry, self._looked = asyncio.Event(), asyncio.Event(), asyncio.Event()

    def turn_to(self, **changes: Any) -> None:
        """Change a part of the view."""
        view = replace(self.view, **changes)
        if view != self.view:
            self.view = view
            self._looked.set()
            self.hurry_up()

    def hurry_up(self) -> None:
        """Something changed that a person did or has to see."""
        self.hurry.set()
        self.changed.set()

    @property
    def note(self) -> str:
        """What a look back still lacks; empty if nothing."""
        return PENDING if self.view.as_of is not None and self.view.as_of != self._complete_at else ""

    async def complete(self, feed: Feed) -> None:
        """Fetch what a look back needs besides, once it has stayed where it is for a moment; until cancelled."""
        while True:
            as_of = self.view.as_of
            if as_of is None or as_of == self._complete_at:
                self._looked.clear()
                await self._looked.wait()
                continue
            await asyncio.sleep(DWELL_S)
            if as_of == self.view.as_of:
                await self.fetch(feed)
                self.hurry_up()

    async def fetch(self, feed: Feed) -> None:
        """Earlier history and the values of then, as far as the view needs them and the sources have them."""
        if self.view.as_of is not None:
            day = new_york_date(self.view.as_of)
            await feed.reach_back(day)
            await feed.vintages(day)
            self._complete_at = known_by(day)


def mode_of(view: View, demo: bool) -> Mode:
    """Live, a look back, or simulated."""
    return "as_of" if view.as_of else "demo" if demo else "live"


def evening(day: date | None) -> datetime | None:
    """The instant of a look at `day`: 18:00 New York; None for live."""
    return None if day is None else known_by(day)


def span(calendar: Calendar, now: datetime) -> tuple[date, date]:
    """The first and the last session that can be looked at: the last one has closed."""
    return EARLIEST, calendar.last_completed(now)


def stepped(calendar: Calendar, now: datetime, day: date, steps: int) -> date:
    """The session on or before `day`, then `steps` sessions on, kept within `span`."""
    first, last = span(calendar, now)
    start = calendar.on_or_before(min(max(day, first), last))
    if not steps:
        return start
    try:
        return min(max(calendar.after(start, steps), first), last)
    except ValueError:
        return first if steps < 0 else last


def sessions_back(calendar: Calendar, now: datetime, view: View) -> int | None:
    """How many sessions the view lies behind the last one that has closed; None for live."""
    if view.as_of is None:
        return None
    return calendar.count(new_york_date(view.as_of), calendar.last_completed(now))
