"""Which days New York's exchange is closed, by rule, so that a date in the config is judged without a heavy calendar.

`sessions.nyse` remains what the board counts by; a test holds the two together for every day from 1990 to 2035.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

DAY = timedelta(days=1)
MONDAY, THURSDAY = 0, 3
KING_SINCE, JUNETEENTH_SINCE = 1998, 2022
UNSCHEDULED = {
    date(1994, 4, 27),  # funerals of presidents
    date(2004, 6, 11),
    date(2007, 1, 2),
    date(2018, 12, 5),
    date(2025, 1, 9),
    *(date(2001, 9, day) for day in (11, 12, 13, 14)),
    *(date(2012, 10, day) for day in (29, 30)),  # a storm
}


def is_session(day: date, closures: Collection[date] = ()) -> bool:
    """Whether the exchange opened on `day`, or will as far as it is known; `closures` are those of the config."""
    return day.weekday() < 5 and day not in UNSCHEDULED and day not in closures and day not in holidays(day.year)


def neighbours(day: date, closures: Collection[date] = ()) -> tuple[date, date]:
    """The last session before `day` and the first one after it."""
    before, after = day - DAY, day + DAY
    while not is_session(before, closures):
        before -= DAY
    while not is_session(after, closures):
        after += DAY
    return before, after


def holidays(year: int) -> set[date]:
    """The weekdays of a year that are holidays; one on a Saturday is kept on Friday, one on a Sunday on Monday."""
    new_year = date(year, 1, 1)
    fixed = [date(year, 7, 4), date(year, 12, 25)]
    if year >= JUNETEENTH_SINCE:
        fixed.append(date(year, 6, 19))
    found = {observed(day) for day in fixed}
    if new_year.weekday() != 5:  # the last day of a year stays a session
        found.add(observed(new_year))
    found |= {nth(year, 2, MONDAY, 3), nth(year, 6, MONDAY, 1) - 7 * DAY, nth(year, 9, MONDAY, 1)}
    found |= {nth(year, 11, THURSDAY, 4), easter(year) - 2 * DAY}
    return found | {nth(year, 1, MONDAY, 3)} if year >= KING_SINCE else found


def observed(day: date) -> date:
    """The weekday on which a holiday is kept."""
    return day + {5: -DAY, 6: DAY}.get(day.weekday(), timedelta(0))


def nth(year: int, month: int, weekday: int, count: int) -> date:
    """The `count`-th Monday, Tuesday, … of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    century, place = divmod(year, 100)
    golden = year % 19
    lunar = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    solar = (32 + 2 * (century % 4) + 2 * (place // 4) - lunar - place % 4) % 7
    shift = (golden + 11 * lunar + 22 * solar) // 451
    month, day = divmod(lunar + solar - 7 * shift + 114, 31)
    return date(year, month, day + 1)
