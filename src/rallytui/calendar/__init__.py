"""What is coming: decisions, releases, reports, closed and short days of the exchange, and what each of them tests."""

from rallytui.calendar.events import (
    CalendarEvent,
    Report,
    countdown,
    next_test,
    upcoming,
    words,
)
from rallytui.calendar.releases import Release, releases

__all__ = [
    "CalendarEvent",
    "Release",
    "Report",
    "countdown",
    "next_test",
    "releases",
    "upcoming",
    "words",
]
