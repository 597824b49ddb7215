"""The macro series that are read: what they are, and when an observation can first be known (METHODOLOGY C.1)."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from rallytui.model import Series
from rallytui.sessions import known_by

Frequency = Literal["daily", "weekly", "monthly", "quarterly"]
PERIOD_MONTHS = {"monthly": 1, "quarterly": 3}


@dataclass(frozen=True, slots=True)
class MacroSeries:
    """One FRED series. `lag` counts days from the end of the period; for daily series business days.

    `revised` says that published values change later, so that an as-of view wants an ALFRED vintage.
    """

    id: str
    title: str
    unit: str
    frequency: Frequency
    lag: int
    revised: bool = False
    digits: int = 2


CATALOG = {
    entry.id: entry
    for entry in (
        MacroSeries("DFEDTARU", "Fed funds target, upper bound", "%", "daily", 0),
        MacroSeries("DFF", "Effective fed funds rate", "%", "daily", 1),
        MacroSeries("DGS2", "2-year Treasury yield", "%", "daily", 1),
        MacroSeries("DGS10", "10-year Treasury yield", "%", "daily", 1),
        MacroSeries("T10Y2Y", "10-year minus 2-year yield", "pp", "daily", 1),
        MacroSeries("BAMLH0A0HYM2", "US high-yield spread", "%", "daily", 1),
        MacroSeries("VIXCLS", "VIX close", "points", "daily", 1),
        MacroSeries("VXVCLS", "VIX3M close", "points", "daily", 1),
        MacroSeries("NFCI", "Chicago Fed financial conditions", "index", "weekly", 5, revised=True, digits=5),
        MacroSeries("ICSA", "Initial jobless claims", "persons", "weekly", 6, revised=True, digits=0),
        MacroSeries("SAHMREALTIME", "Sahm indicator, real time", "pp", "monthly", 10),
        MacroSeries("UNRATE", "Unemployment rate", "%", "monthly", 10, revised=True, digits=1),
        MacroSeries("JTSLDR", "Layoffs and discharges rate", "%", "monthly", 40, revised=True, digits=1),
        MacroSeries("OPHNFB", "Nonfarm output per hour", "index", "quarterly", 45, revised=True, digits=3),
    )
}


def business_days_after(day: date, count: int) -> date:
    """The `count`-th weekday after `day`; a weekend day with count 0 is left as it is."""
    for _ in range(count):
        day += timedelta(days=3 if day.weekday() == 4 else 2 if day.weekday() == 5 else 1)
    return day


def period_end(series: MacroSeries, obs: date) -> date:
    """The last day that an observation labelled `obs` covers: FRED labels months and quarters by their first day."""
    months = PERIOD_MONTHS.get(series.frequency)
    if months is None:
        return obs
    month = obs.month - 1 + months - 1
    year, month = obs.year + month // 12, month % 12 + 1
    return date(year, month, calendar.monthrange(year, month)[1])


def known_at(series_id: str, obs: date) -> datetime:
    """When the observation could first be read by the lag rule: 18:00 New York on the day of release.

    Raises KeyError for a series that is not in the catalogue.
    """
    series = CATALOG[series_id]
    end = period_end(series, obs)
    if series.frequency == "daily":
        return known_by(business_days_after(end, series.lag))
    return known_by(end + timedelta(days=series.lag))


def to_series(
    series_id: str,
    rows: Iterable[tuple[date, float]],
    source: str,
    received: datetime,
    vintage: date | None = None,
    covers: date | None = None,
) -> Series:
    """Dated values as a Series: known by the lag rule, at the latest when received or on the day of the vintage.

    A value in hand before its rule says so is known: the rule only dates what was fetched long after.
    """
    import pandas as pd

    ordered = sorted(dict(rows).items())
    limit = known_by(vintage) if vintage else received
    known = [min(known_at(series_id, obs), limit) for obs, _ in ordered]
    frame = pd.DataFrame(
        {
            "obs": pd.DatetimeIndex([obs for obs, _ in ordered]).as_unit("s"),
            "value": [float(value) for _, value in ordered],
            "known_at": pd.DatetimeIndex(known, tz="UTC").as_unit("s"),
        }
    )
    return Series(series_id, frame, source, received, vintage, covers)
