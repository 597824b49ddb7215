"""What comes within some days, the next test of a light or claim, and how long it is until then. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

from msgspec import Struct, field

from rallytui.calendar.releases import releases
from rallytui.sessions import EARLY_CLOSE, Calendar, new_york, new_york_date

CalendarKind = Literal["fomc", "jobs", "cpi", "jolts", "productivity", "report", "holiday", "half_day"]

OPEN_ENDED_DAYS = 400
"""How far ahead the next test is looked for."""
DAY = timedelta(days=1)
HOUR_S = 3600


class Report(NamedTuple):
    """The estimated report of a company: a session date, give or take `window_days`, and what it tests."""

    symbol: str
    day: date
    window_days: int
    tests: tuple[str, ...] = ()


class CalendarEvent(Struct, frozen=True):
    """Something with a date. `at` is aware UTC, None if only the day is known.

    `projected` says that no publisher has named the date: it follows a rule, give or take `window_days`. `tests` are
    the ids of the lights and claims it bears on.
    """

    kind: CalendarKind
    title: str
    day: date
    at: datetime | None = None
    projected: bool = False
    window_days: int = 0
    tests: list[str] = field(default_factory=list)
    source: str = ""


def upcoming(now: datetime, calendar: Calendar, reports: Iterable[Report] = (), days: int = 30) -> list[CalendarEvent]:
    """What comes from `now` (aware UTC) on within `days` calendar days, the soonest first.

    An event of today stays until its hour has passed, one without an hour until the day ends in New York.
    """
    today = new_york_date(now)
    last = today + timedelta(days=days)
    return ahead([*published(today, last), *reported(reports, today, last), *closures(calendar, today, last)], now)


def ahead(events: Iterable[CalendarEvent], now: datetime) -> list[CalendarEvent]:
    """Those that have not happened yet, the soonest first; what has no hour comes last in its day."""
    left = (event for event in events if event.at is None or event.at > now)
    return sorted(left, key=lambda event: (event.day, event.at or new_york(event.day, time.max), event.title))


def published(first: date, last: date) -> Iterator[CalendarEvent]:
    """Decisions and releases of `first` to `last`, both included."""
    for kind, one in releases().items():
        for day in (*one.dates, *one.projected):
            if first <= day <= last and first >= one.since:
                guessed = day in one.projected
                yield CalendarEvent(
                    kind=kind,  # type: ignore[arg-type]  # the packaged file has no other kinds; a test holds it to that
                    title=one.title,
                    day=day,
                    at=new_york(day, one.time),
                    projected=guessed,
                    window_days=one.window_days if guessed else 0,
                    tests=list(one.tests),
                    source=one.source,
                )


def reported(reports: Iterable[Report], first: date, last: date) -> Iterator[CalendarEvent]:
    """Estimated reports; one that is late by no more than its window is expected any day."""
    for symbol, day, window, tests in reports:
        if day < first <= day + timedelta(days=window):
            day = first
        if first <= day <= last:
            yield CalendarEvent(
                "report", f"{symbol} report", day, None, True, window, list(tests), "its earlier filings"
            )


def closures(calendar: Calendar, first: date, last: date) -> Iterator[CalendarEvent]:
    """Weekdays without a session, and sessions that end at 13:00."""
    for offset in range((last - first).days + 1):
        day = first + offset * DAY
        if day.weekday() < 5 and calendar.days[0] <= day <= calendar.days[-1]:
            if not calendar.is_session(day):
                yield CalendarEvent("holiday", "NYSE closed", day, source="NYSE")
            elif day in calendar.early:
                yield CalendarEvent(
                    "half_day", f"NYSE closes {EARLY_CLOSE:%H:%M}", day, calendar.close_at(day), source="NYSE"
                )


def next_test(name: str, now: datetime, reports: Iterable[Report] = ()) -> CalendarEvent | None:
    """The soonest event that tests the light or claim `name`; None if none is known."""
    today = new_york_date(now)
    last = today + timedelta(days=OPEN_ENDED_DAYS)
    found = (*published(today, last), *reported(reports, today, last))
    return next(iter(ahead((event for event in found if name in event.tests), now)), None)


def countdown(event: CalendarEvent, now: datetime) -> str:
    """How long until the event, in words: `today`, `in 5 h`, `tomorrow`, `in 17 days`."""
    days = (event.day - new_york_date(now)).days
    if days == 0 and event.at is not None:
        left = (event.at - now).total_seconds()
        return f"in {left / HOUR_S:.0f} h" if left >= HOUR_S else f"in {max(left, 0) / 60:.0f} min"
    return "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"


def words(event: CalendarEvent | None, now: datetime) -> str:
    """The event for one line, as in `FOMC 9 Dec, in 17 days`; `est.` if no publisher named the date."""
    if event is None:
        return ""
    year = f" {event.day.year}" if event.day.year != new_york_date(now).year else ""
    about = "est. " if event.projected else ""
    return f"{event.title} {about}{event.day.day} {event.day:%b}{year}, {countdown(event, now)}"
