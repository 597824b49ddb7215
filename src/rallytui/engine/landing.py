"""Where a date leads that a person gave, typed in the app or on the command line."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple, Protocol

from rallytui.model import Clock
from rallytui.sessions import known_by, new_york_date

LIVE_WORDS = ("live", "now", "today")


class Landing(NamedTuple):
    """Where a date leads: `day` None is live. `words` say what is shown, or why nothing can be.

    `snapped` says that it is another day than the one that was asked for.
    """

    day: date | None
    words: str
    valid: bool = True
    snapped: bool = False


class Days(Protocol):
    """What is asked about days: of the engine, or of whoever stands for it."""

    @property
    def clock(self) -> Clock: ...

    @property
    def days(self) -> tuple[date, date]: ...

    def session(self, day: date, steps: int = 0) -> date: ...

    def is_session(self, day: date) -> bool: ...


def landing(source: Days, text: str) -> Landing:
    """Where a typed date leads: holidays and weekends snap to the session before, and the words say so."""
    text = text.strip().lower()
    if text in LIVE_WORDS:
        return Landing(None, "back to live")
    try:
        wanted = date.fromisoformat(text)
    except ValueError:
        return Landing(None, "a date as in 2025-11-26, or live", valid=False)
    first, last = source.days
    if wanted < first:
        return Landing(None, f"no source has data before {spoken(first)}", valid=False)
    now = source.clock.now()
    if wanted > last and known_by(wanted) > now and (wanted > new_york_date(now) or source.is_session(wanted)):
        return Landing(None, f"the last session that has closed is that of {spoken(last)}; live is newer", valid=False)
    day = source.session(wanted)
    if day != wanted:
        return Landing(day, f"{spoken(wanted)} was no session; shown is {spoken(day)}", snapped=True)
    if known_by(day) > now:
        return Landing(day, f"as it is known of {spoken(day)}: its closing quotes, its bars come at 18:00 ET")
    return Landing(day, f"as it was known on {spoken(day)}, 18:00 ET")


def spoken(day: date) -> str:
    """As in `Wed 26 Nov 2025`."""
    return f"{day:%a} {day.day} {day:%b %Y}"
