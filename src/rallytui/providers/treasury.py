"""The US Treasury's par yield curve: a second source for the 2- and 10-year yields and their difference."""

from __future__ import annotations

import asyncio
from datetime import date

import httpx

from rallytui.config import ProviderSettings
from rallytui.macro import to_series
from rallytui.model import BadPayload, Clock, Kind, Series, UnknownSymbol
from rallytui.providers.decode import csv_of, day, number
from rallytui.providers.http import Manners, base_url
from rallytui.providers.source import Source
from rallytui.sessions import new_york_date

NAME = "treasury"
BASE = "https://home.treasury.gov"
TABLE = "/resource-center/data-chart-center/interest-rates/daily-treasury-rates.csv"
COLUMNS = {"DGS2": ("2 Yr",), "DGS10": ("10 Yr",), "T10Y2Y": ("10 Yr", "2 Yr")}
"""FRED's id to the columns: a yield, or the first less the second."""
MOST_YEARS = 3

Table = list[tuple[date, dict[str, float]]]
"""Dates with the yields, percent, by column name; a yield that was not published is not there."""


class Treasury(Source):
    """https://home.treasury.gov, daily par yield curve rates: one request a calendar year, at most three years back.

    Yields agree with FRED's DGS2 and DGS10 to the last digit and are there on the evening of the day. Years that are
    over do not change and are kept.
    """

    name = NAME

    def __init__(
        self, settings: ProviderSettings, clock: Clock, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._base = base_url(settings.base_url, BASE)
        super().__init__(Manners(NAME, per_minute=30, burst=4), settings, clock, transport, (self._base,))
        self._past: dict[int, Table] = {}

    def serves(self, kind: Kind, name: str) -> bool:
        """The series in `COLUMNS`."""
        return kind == "series" and name in COLUMNS

    async def series(self, series_id: str, start: date, vintage: date | None = None) -> Series:
        """Yields in percent, or their difference in percentage points, from `start` on but three years at most.

        There are no vintages: asking for one raises UnknownSymbol.
        """
        if vintage or not self.serves("series", series_id):
            raise UnknownSymbol(NAME, series_id, "Treasury has no vintages" if vintage else "")
        now = self._clock.now()
        today = new_york_date(now)
        years = range(max(start.year, today.year - MOST_YEARS + 1), today.year + 1)
        tables = [await self._year(year, today) for year in years]
        rows = [row for table in tables for row in picked(table, series_id) if row[0] >= start]
        return await asyncio.to_thread(to_series, series_id, rows, NAME, now)

    async def _year(self, year: int, today: date) -> Table:
        if year in self._past:
            return self._past[year]
        params = {"type": "daily_treasury_yield_curve", "field_tdr_date_value": str(year), "page": "", "_format": "csv"}
        url = f"{self._base}{TABLE}/{year}/all"
        table = await self.http.fetch(url, lambda body: decode(body, year, today), params)
        if year < today.year:
            self._past[year] = table
        return table


def decode(body: bytes, year: int, today: date) -> Table:
    """The rows of one year's CSV, newest first as published; tenors are found by name, for some came later."""
    header, rows = csv_of(NAME, body, ("Date",), ended=False)
    wanted: dict[str, int] = {name: header.index(name) for name in ("2 Yr", "10 Yr") if name in header}
    if len(wanted) < 2:
        raise BadPayload(NAME, "line 1", "the columns 2 Yr and 10 Yr are not both there")
    table: Table = []
    for line, row in enumerate(rows, 2):
        when = day(NAME, f"line {line}", row[0])
        if when.year != year or when > today or when.weekday() > 4:
            raise BadPayload(NAME, f"line {line}", f"a row of {when} does not belong to {year} so far")
        table.append((when, _yields(line, row, wanted)))
    return table


def _yields(line: int, row: list[str], wanted: dict[str, int]) -> dict[str, float]:
    found = {name: row[at].strip() for name, at in wanted.items()}
    yields = {name: number(NAME, f"line {line}", text) for name, text in found.items() if text not in ("", "N/A")}
    if any(value < 0 for value in yields.values()):
        raise BadPayload(NAME, f"line {line}", "a yield is below 0, which cannot be")
    return yields


def picked(table: Table, series_id: str) -> list[tuple[date, float]]:
    """(date, value) of one series where all it needs was published."""
    names = COLUMNS[series_id]
    complete = [(when, [yields[name] for name in names]) for when, yields in table if set(names) <= set(yields)]
    return [(when, values[0] if len(values) == 1 else round(values[0] - values[1], 2)) for when, values in complete]
