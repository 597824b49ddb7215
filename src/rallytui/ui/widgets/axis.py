"""Labels of a chart's axes: days, months and years below it, hours within the day, round numbers at its side."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import floor, isfinite, log10

from rallytui.sessions import NEW_YORK

Tick = tuple[int, str]
"""A column and the label that begins there."""

_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240)
_WEEK_STEPS = (1, 2)
_HOUR_STEPS = (1, 2, 3)
_BLANKS, _LABELS = 2, 10  # columns between two labels at the least, and labels at the most
_MONTHS_FROM_DAYS = 75  # a shorter chart names days
_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)


def date_ticks(column: Callable[[int], int], first: int, last: int, width: int) -> list[Tick]:
    """Labels for a stretch of days (ordinals), as many as have room: weeks if it is short, else months and years."""
    begin, end = date.fromordinal(first), date.fromordinal(last)
    if last - first <= _MONTHS_FROM_DAYS:
        monday = begin + timedelta(days=-begin.weekday() % 7)
        weeks = [monday + timedelta(weeks=n) for n in range((end - monday).days // 7 + 1)]
        found = _first_fitting(
            ([(column(d.toordinal()), f"{d.day} {d:%b}") for d in weeks[::step]] for step in _WEEK_STEPS), width
        )
        if found:
            return found
    firsts = _month_starts(begin, end)
    return _first_fitting(
        ([(column(d.toordinal()), _month(d, step)) for d in firsts if _on_step(d, step)] for step in _MONTH_STEPS),
        width,
    )


def clock_ticks(times: Sequence[int], column: Callable[[int], int], width: int) -> list[Tick]:
    """Labels for moments (seconds since 1970 UTC) drawn at even steps: hours of one session, or the days of several."""
    there = [datetime.fromtimestamp(when, UTC).astimezone(NEW_YORK) for when in times]
    opens = [n for n, when in enumerate(there) if n == 0 or when.date() != there[n - 1].date()]
    if len(opens) > 1:
        return _first_fitting(([(column(n), f"{there[n]:%a} {there[n].day}") for n in opens],), width)
    hours = [n for n, when in enumerate(there) if when.minute == 0]
    return _first_fitting(
        ([(column(n), f"{there[n]:%H:%M}") for n in hours if there[n].hour % step == 0] for step in _HOUR_STEPS), width
    )


def _first_fitting(choices: Iterable[list[Tick]], width: int) -> list[Tick]:
    """The first choice of labels that do not touch; those beyond the right end leave before."""
    for labels in choices:
        kept = [(x, text) for x, text in labels if x >= 0 and x + len(text) <= width]
        apart = all(a + len(text) + _BLANKS <= b for (a, text), (b, _) in pairwise(kept))
        if kept and apart and len(kept) <= _LABELS:
            return kept
    return []


def _month_starts(first: date, last: date) -> list[date]:
    begin, end = first.year * 12 + first.month - (first.day == 1), last.year * 12 + last.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(begin, end + 1)]


def _on_step(day: date, step: int) -> bool:
    if step > 12:
        return day.month == 1 and day.year % (step // 12) == 0
    return day.month % 2 == 0 if step == 2 else (day.month - 1) % step == 0


def _month(day: date, step: int) -> str:
    return f"{day:%Y}" if step >= 3 and day.month == 1 else f"{day:%b}"


def place_in(times: Sequence[int]) -> Callable[[int], int]:
    """Where a day or moment stands among points at even steps: the index of the first that is not before it."""
    return lambda when: bisect_left(times, when)


def round_levels(low: float, high: float, most: int) -> list[float]:
    """At most `most` round numbers between two values, at even steps."""
    span = high - low
    if most < 1 or not isfinite(span) or span <= 0:
        return []
    size = 10.0 ** floor(log10(span / most))
    for step in (size * n for n in (*_ROUND, 20.0, 50.0)):
        first = -(-low // step)
        count = int(high // step - first) + 1
        if count <= most:
            return [(first + n) * step for n in range(count)]
    return []
