"""When a company reports next, estimated from how long it took before (METHODOLOGY B.2)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from rallytui.indicators.growth import MATCH_DAYS
from rallytui.indicators.numbers import median
from rallytui.model import Fact, Filing
from rallytui.sessions import Calendar

QUARTERLY, YEARLY = "10-Q", "10-K"
LATEST_LAG = {QUARTERLY: 45, YEARLY: 90}
"""The legal limits of the slowest class of filer: which class a company is in is not in the facts."""
LONGEST_LAG = 150
YEARS_BACK = 3
LEAST_WINDOW = 5
A_YEAR, A_QUARTER = 365.25, timedelta(days=91)


@dataclass(frozen=True, slots=True)
class Report:
    """A periodic report: the period's end, the day it was filed, and 10-Q or 10-K."""

    end: date
    filed: date
    form: str

    @property
    def lag(self) -> int:
        """Days from the end of the period to the filing."""
        return (self.filed - self.end).days


def reports_of_filings(filings: Iterable[Filing]) -> tuple[Report, ...]:
    """The first 10-Q or 10-K of every period, oldest first; amendments and other forms are passed over."""
    found = (Report(item.period, item.filed, item.form) for item in filings if item.period is not None)
    return _first_of_each(found)


def reports_of_facts(facts: Iterable[Fact]) -> tuple[Report, ...]:
    """The same from facts: a filing's own period is the latest end of a duration in it."""
    newest: dict[tuple[date, str], date] = {}
    for fact in facts:
        if fact.start is not None:
            filing = (fact.filed, fact.form)
            newest[filing] = max(fact.end, newest.get(filing, fact.end))
    return _first_of_each(Report(end, filed, form) for (filed, form), end in newest.items())


def _first_of_each(reports: Iterable[Report]) -> tuple[Report, ...]:
    first: dict[date, Report] = {}
    for report in sorted(reports, key=lambda item: item.filed):
        if report.form in LATEST_LAG and 0 < report.lag <= LONGEST_LAG:
            first.setdefault(report.end, report)
    return tuple(first[end] for end in sorted(first))


@dataclass(frozen=True, slots=True)
class NextReport:
    """An estimate, to be labelled so: a session, give or take `window_days` calendar days, and the period's end."""

    day: date
    window_days: int
    period: date


def next_report(reports: Sequence[Report], calendar: Calendar) -> NextReport | None:
    """The next report after the newest of `reports` (as `reports_of_filings` orders them).

    The next period's end plus the median lag of the same fiscal quarter over three years, else of all quarters of
    those years, within the legal limit, moved to a session. It can lie in the past when a company is late. None
    without reports.
    """
    if not reports:
        return None
    period = following_end(reports[-1].end)
    recent = [report for report in reports if (period - report.end).days <= YEARS_BACK * A_YEAR + MATCH_DAYS]
    same = [report for report in recent if _same_quarter(report.end, period)]
    limit = LATEST_LAG[same[-1].form if same else YEARLY]
    return estimate([report.lag for report in same or recent], period, calendar, limit)


def _same_quarter(end: date, period: date) -> bool:
    years = round((period - end).days / A_YEAR)
    return years > 0 and abs((period - end).days - years * A_YEAR) <= MATCH_DAYS


def estimate(
    lags: Sequence[int], period: date, calendar: Calendar, limit: int = LATEST_LAG[YEARLY]
) -> NextReport | None:
    """`period` plus the median of `lags` (days, at most `limit`), on that session or the next; window max(5, IQR)."""
    middle = median([float(lag) for lag in lags])
    if middle is None:
        return None
    day = period + timedelta(days=min(round(middle), limit))
    ordered = sorted(lags)
    window = max(LEAST_WINDOW, ceil(_quantile(ordered, 0.75) - _quantile(ordered, 0.25)))
    return NextReport(day if calendar.is_session(day) else calendar.after(day), window, period)


def _quantile(ordered: Sequence[int], share: float) -> float:
    """The quantile of sorted values, linear between neighbours."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def following_end(end: date) -> date:
    """The end of the fiscal quarter after the one to `end`: the last of the month, or 13 weeks for a 52-week year."""
    if end.day != monthrange(end.year, end.month)[1]:
        return end + A_QUARTER
    month = end.month + 3
    year, month = (end.year + 1, month - 12) if month > 12 else (end.year, month)
    return date(year, month, monthrange(year, month)[1])
