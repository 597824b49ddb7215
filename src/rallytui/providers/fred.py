"""FRED and ALFRED: macro series as they stand now or stood on a day, without a key or with one."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import httpx
from msgspec import Struct

from rallytui.config import ProviderSettings
from rallytui.macro import CATALOG, PERIOD_MONTHS, to_series
from rallytui.model import BadPayload, Clock, Kind, Refused, Series, SourceError, UnknownSymbol
from rallytui.providers.decode import csv_of, day, json_as, number, said
from rallytui.providers.http import Manners, base_url
from rallytui.providers.source import Source
from rallytui.providers.verdict import Answer
from rallytui.sessions import new_york_date

NAME = "fred"
BASE = "https://fred.stlouisfed.org"
VINTAGES = "https://alfred.stlouisfed.org"
API = "https://api.stlouisfed.org"
FIRST_COLUMN = ("observation_date", "DATE")
AHEAD_DAYS = 7
"""How far after today an observation may be labelled: weekly ones are labelled by the end of their week."""
SIGNED = frozenset({"T10Y2Y", "NFCI", "SAHMREALTIME"})
"""The series that may be below 0."""

EVERY_DAY = frozenset({"DFF", "DFEDTARU"})
"""Daily series with values on weekends too."""
MONTH_ENDS = frozenset({"BAMLH0A0HYM2"})
"""Daily series with a value for the last day of each month, also where that is on a weekend."""
LABELLED_ON = {"ICSA": 5, "NFCI": 4}
"""The weekday (Monday is 0) that a week is labelled by: claims by its Saturday, financial conditions by its Friday."""

Row = tuple[date, float]
Cell = tuple[date, float | None]


class _Observation(Struct):
    date: date
    value: str


class _Observations(Struct):
    realtime_start: date
    observations: list[_Observation]


class _Problem(Struct):
    error_message: str = ""


class Fred(Source):
    """https://fred.stlouisfed.org: one request a series; the ids of `macro.CATALOG` and no others.

    With an `api_key` in the settings the documented API is asked
    (https://fred.stlouisfed.org/docs/api/fred/series_observations.html), otherwise the CSV behind the graphs. A key
    that is refused raises Refused: there is no silent way back to the keyless files.
    """

    name = NAME

    def __init__(
        self, settings: ProviderSettings, clock: Clock, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._base = base_url(settings.base_url, BASE)
        self._vintages = base_url(settings.vintage_url, VINTAGES)
        self._api, self._key = base_url(settings.api_url, API), settings.api_key
        bases = (self._api,) if self._key else (self._base, self._vintages)
        super().__init__(Manners(NAME, per_minute=60, burst=4, judge=_judge), settings, clock, transport, bases)

    def serves(self, kind: Kind, name: str) -> bool:
        """The series of the catalogue."""
        return kind == "series" and name in CATALOG

    async def series(self, series_id: str, start: date, vintage: date | None = None) -> Series:
        """Observations labelled `start` or later, in the publisher's unit; with `vintage` as they were known that day.

        Raises BadPayload if the answer is about another series or another vintage: fredgraph.csv for instance takes
        a vintage_date and ignores it, which is why vintages come from ALFRED only.
        """
        if not self.serves("series", series_id):
            raise UnknownSymbol(NAME, series_id)
        url, params = self._question(series_id, start, vintage)
        now = self._clock.now()

        def decode(body: bytes) -> Series:
            cells = of_api(body, vintage) if self._key else of_graph(body, series_id, vintage)
            rows = sane([(when, value) for when, value in cells if value is not None], series_id, now, vintage)
            return to_series(series_id, rows, NAME, now, vintage, max((when for when, _ in cells), default=None))

        return await self.http.fetch(url, decode, params, about=series_id)

    def _question(self, series_id: str, start: date, vintage: date | None) -> tuple[str, dict[str, str]]:
        if self._key:
            params = {"series_id": series_id, "api_key": self._key, "file_type": "json"}
            if vintage:
                params |= {"realtime_start": vintage.isoformat(), "realtime_end": vintage.isoformat()}
            return f"{self._api}/fred/series/observations", params | {"observation_start": start.isoformat()}
        params = {"id": series_id, "cosd": start.isoformat()}
        if vintage:
            return f"{self._vintages}/graph/alfredgraph.csv", params | {"vintage_date": vintage.isoformat()}
        return f"{self._base}/graph/fredgraph.csv", params


def of_graph(body: bytes, series_id: str, vintage: date | None) -> list[Cell]:
    """The rows of fredgraph.csv or alfredgraph.csv; a missing value (empty, formerly ".") is None.

    The value column must be called after the series, in a vintage with its day: `UNRATE_20251220`.
    """
    header, rows = csv_of(NAME, body, FIRST_COLUMN)
    wanted = f"{series_id}_{vintage:%Y%m%d}" if vintage else series_id
    if header[1:] != [wanted]:
        got = said(",".join(header[1:]), 60) or "nothing"
        raise BadPayload(NAME, "line 1", f"the column should be {wanted}, the answer has {got}")
    return [
        (day(NAME, f"line {line}", when), _value(f"line {line}", value)) for line, (when, value) in enumerate(rows, 2)
    ]


def of_api(body: bytes, vintage: date | None) -> list[Cell]:
    """The rows of the keyed API's JSON, whose values are text; a missing one (".") is None."""
    answer = json_as(NAME, body, _Observations)
    if vintage and answer.realtime_start != vintage:
        raise BadPayload(NAME, "$.realtime_start", f"asked for {vintage}, the answer is of {answer.realtime_start}")
    return [
        (item.date, _value(f"$.observations[{index}].value", item.value))
        for index, item in enumerate(answer.observations)
    ]


def _value(path: str, text: str) -> float | None:
    return None if text.strip() in ("", ".") else number(NAME, path, text)


def sane(rows: list[Row], series_id: str, now: datetime, vintage: date | None) -> list[Row]:
    """The rows, if each can have been known by now or on the vintage's day. Raises BadPayload otherwise.

    Dates that have slipped by a day show on the weekend, on the wrong weekday of a week's label, or on another day
    than the first of a month. A daily series that has values on weekends too can slip unseen, unless into the future.
    """
    newest = max((when for when, _ in rows), default=None)
    today = new_york_date(now)
    if newest and vintage and newest > vintage:
        raise BadPayload(NAME, series_id, f"an observation of {newest} cannot have been known on {vintage}")
    if newest and (newest - today).days > AHEAD_DAYS:
        raise BadPayload(NAME, series_id, f"an observation is labelled {newest}, which is in the future")
    if CATALOG[series_id].frequency in PERIOD_MONTHS and any(when.day != 1 for when, _ in rows):
        raise BadPayload(NAME, series_id, "a month or quarter is not labelled by its first day")
    if CATALOG[series_id].frequency == "daily" and series_id not in EVERY_DAY:
        if newest and newest > today:
            raise BadPayload(NAME, series_id, f"a market's value is dated {newest}, which is in the future")
        if weekend := next((when for when, _ in rows if _on_a_weekend(series_id, when)), None):
            raise BadPayload(NAME, series_id, f"a market's value is dated {weekend}, which is on a weekend")
    if series_id in LABELLED_ON and any(when.weekday() != LABELLED_ON[series_id] for when, _ in rows[-8:]):
        raise BadPayload(NAME, series_id, "a week is not labelled by its usual weekday: the dates are off by a day")
    if series_id not in SIGNED and any(value < 0 for _, value in rows):
        raise BadPayload(NAME, series_id, "a value is below 0, which cannot be")
    return rows


def _on_a_weekend(series_id: str, when: date) -> bool:
    last_of_month = (when + timedelta(days=1)).day == 1
    return when.weekday() > 4 and not (last_of_month and series_id in MONTH_ENDS)


def _judge(answer: Answer, about: str) -> SourceError | None:
    """The API says 400 with a sentence; the graph pages answer an unknown id with a page of status 404."""
    if answer.status != 400:
        return None
    try:
        words = json_as(NAME, answer.body, _Problem).error_message.partition("  Read ")[0]
    except BadPayload:
        return None
    if "series does not exist" in words:
        return UnknownSymbol(NAME, about)
    return Refused(NAME, f"FRED refuses to answer: {said(words, 120)}")
