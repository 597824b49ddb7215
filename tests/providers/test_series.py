"""Macro series: FRED's graphs, ALFRED's vintages, the keyed API, and the Treasury's curve."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest

from rallytui.model import BadPayload, RateLimited, Refused, Series, SourceError, UnknownSymbol
from rallytui.providers import SeriesProvider
from rallytui.sessions import known_by
from tests.providers import samples
from tests.providers.helpers import NOON, data, page, provider, text

START = date(2025, 1, 1)
KEY = "0123456789abcdef0123456789abcdef"


def values(series: Series) -> dict[str, float]:
    return {f"{obs:%Y-%m-%d}": value for obs, value in zip(series.frame["obs"], series.frame["value"], strict=True)}


async def test_a_graph_without_its_missing_values() -> None:
    one, wire = provider("fred", text(samples.FRED_GRAPH))
    series = await one.series("UNRATE", START)
    assert values(series) == {"2025-08-01": 4.3, "2025-09-01": 4.4}
    assert series.frame["known_at"].iloc[0] == known_by(date(2025, 9, 10))
    assert (series.source, series.received, series.vintage) == ("fred", NOON, None)
    assert str(wire.requests[0].url) == "https://fred.stlouisfed.org/graph/fredgraph.csv?id=UNRATE&cosd=2025-01-01"


async def test_the_header_before_2025_is_read_too() -> None:
    one, _ = provider("fred", text(samples.FRED_OLD_GRAPH))
    assert len((await one.series("UNRATE", START)).frame) == 2


async def test_a_vintage_comes_from_alfred() -> None:
    one, wire = provider("fred", text(samples.ALFRED_GRAPH))
    series = await one.series("UNRATE", START, date(2025, 9, 20))
    assert series.vintage == date(2025, 9, 20)
    assert series.frame["known_at"].max() == known_by(date(2025, 9, 10))
    url = wire.requests[0].url
    assert (url.host, url.path) == ("alfred.stlouisfed.org", "/graph/alfredgraph.csv")
    assert url.params["vintage_date"] == "2025-09-20"


@pytest.mark.parametrize(
    "body",
    [
        "observation_date,UNRATE\n2025-08-01,4.3\n",
        "observation_date,UNRATE_20250921\n2025-08-01,4.3\n",
        "observation_date,UNRATE_20250920\n2025-10-01,4.3\n",
    ],
)
async def test_an_answer_that_is_not_the_vintage_is_refused(body: str) -> None:
    one, _ = provider("fred", text(body))
    with pytest.raises(BadPayload):
        await one.series("UNRATE", START, date(2025, 9, 20))


@pytest.mark.parametrize(
    "body",
    [
        "observation_date,DGS10\n2025-08-01,4.3\n",
        "observation_date,UNRATE,DGS10\n2025-08-01,4.3,4\n",
        "observation_date\n2025-08-01\n",
        "UNRATE,observation_date\n4.3,2025-08-01\n",
        "observation_date,UNRATE\n2025-08-01,NaN\n",
        "observation_date,UNRATE\n2025-08-01,abc\n",
        "observation_date,UNRATE\n2025-08-01,-4.3\n",
        "observation_date,UNRATE\n2025-08-02,4.3\n",
        "observation_date,UNRATE\n2026-08-01,4.3\n",
        "observation_date,UNRATE\n01.08.2025,4.3\n",
        "observation_date,UNRATE\n2025-08-01,4.3\n2025-09-01,4",
        "PK\x03\x04zipped",
    ],
)
async def test_a_graph_that_cannot_be(body: str) -> None:
    one, _ = provider("fred", text(body))
    with pytest.raises(BadPayload):
        await one.series("UNRATE", START)


async def test_a_spread_may_be_negative() -> None:
    one, _ = provider("fred", text("observation_date,T10Y2Y\n2025-08-01,-0.5\n"))
    assert values(await one.series("T10Y2Y", START)) == {"2025-08-01": -0.5}


async def test_no_rows_are_an_empty_series() -> None:
    one, _ = provider("fred", text("observation_date,UNRATE\n"))
    assert (await one.series("UNRATE", START)).frame.empty


async def test_only_the_catalogue_is_served() -> None:
    one, wire = provider("fred", text(""))
    assert isinstance(one, SeriesProvider)
    assert one.serves("series", "UNRATE")
    assert not one.serves("series", "GDP")
    assert not one.serves("quotes", "UNRATE")
    with pytest.raises(UnknownSymbol):
        await one.series("GDP", START)
    assert not wire.requests


async def test_with_a_key_the_documented_api_is_asked() -> None:
    one, wire = provider("fred", data(samples.FRED_API), api_key=KEY)
    assert values(await one.series("UNRATE", START)) == {"2025-09-01": 4.4}
    url = wire.requests[0].url
    assert (url.host, url.path) == ("api.stlouisfed.org", "/fred/series/observations")
    assert dict(url.params) == {
        "series_id": "UNRATE",
        "api_key": KEY,
        "file_type": "json",
        "observation_start": "2025-01-01",
    }


async def test_with_a_key_a_vintage_is_a_real_time_period() -> None:
    vintage = date(2025, 9, 20)
    rows = [{"date": "2025-08-01", "value": "4.3"}]
    one, wire = provider("fred", data({"realtime_start": "2025-09-20", "observations": rows}), api_key=KEY)
    assert (await one.series("UNRATE", START, vintage)).vintage == vintage
    assert wire.requests[0].url.params["realtime_start"] == "2025-09-20"
    one, _ = provider("fred", data(samples.FRED_API), api_key=KEY)
    with pytest.raises(BadPayload, match="asked for 2025-09-20"):
        await one.series("UNRATE", START, vintage)


NO_SERIES = {"error_code": 400, "error_message": "Bad Request.  The series does not exist."}


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (data(samples.BAD_KEY, 400), Refused, "api_key is not registered[.]$"),
        (data(NO_SERIES, 400), UnknownSymbol, "no data for UNRATE"),
        (page("Error", 404), RateLimited, "status 404"),
        (text("nonsense", 400), Refused, "status 400"),
        (
            data({"observations": [{"date": "2025-08-01", "value": 4.3}]}),
            BadPayload,
            r"observations\[0\].value|realtime_start",
        ),
    ],
)
async def test_the_apis_ways_to_say_no(answer: httpx.Response, error: type[SourceError], words: str) -> None:
    one, _ = provider("fred", answer, api_key=KEY)
    with pytest.raises(error, match=words):
        await one.series("UNRATE", START)


def curve(request: httpx.Request) -> httpx.Response:
    if "/2025/" in request.url.path:
        return text(samples.TREASURY)
    return text('Date,"2 Yr","10 Yr"\n12/31/2024,4.25,4.58\n')


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("DGS2", {"2024-12-31": 4.25, "2025-12-08": 3.57, "2025-12-09": 3.61}),
        ("DGS10", {"2024-12-31": 4.58, "2025-12-05": 4.14, "2025-12-08": 4.17, "2025-12-09": 4.18}),
        ("T10Y2Y", {"2024-12-31": 0.33, "2025-12-08": 0.6, "2025-12-09": 0.57}),
    ],
)
async def test_the_curve_by_column_name(name: str, found: dict[str, float]) -> None:
    one, wire = provider("treasury", curve)
    series = await one.series(name, date(2024, 6, 1))
    assert values(series) == found
    assert series.frame["known_at"].iloc[-1] == NOON, "a day ahead of the lag rule: known when it was read"
    assert wire.requests[0].url.params["field_tdr_date_value"] == "2024"
    await one.series(name, date(2025, 12, 9))
    assert [request.url.path.split("/")[-2] for request in wire.requests] == ["2024", "2025", "2025"]


async def test_the_newest_row_counts_without_a_final_newline() -> None:
    one, _ = provider("treasury", text('Date,"2 Yr","10 Yr"\n12/08/2025,3.57,4.17\n12/09/2025,3.61,4.18'))
    assert values(await one.series("DGS2", date(2025, 12, 1)))["2025-12-09"] == 3.61


async def test_years_that_are_over_are_kept_and_three_are_the_most() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return text('Date,"2 Yr","10 Yr"\n') if "/2023/" in request.url.path else curve(request)

    one, wire = provider("treasury", answer)
    for _ in range(2):
        await one.series("DGS2", date(1990, 1, 1))
    years = [request.url.path.split("/")[-2] for request in wire.requests]
    assert years == ["2023", "2024", "2025", "2025"]


@pytest.mark.parametrize(
    "body",
    [
        'Date,"2 Yr","30 Yr"\n12/09/2025,3.61,4.8\n',
        'Date,"2 Yr","10 Yr"\n12/09/2025,-3.61,4.8\n',
        'Date,"2 Yr","10 Yr"\n12/09/2025,abc,4.8\n',
        'Date,"2 Yr","10 Yr"\n12/11/2025,3.61,4.8\n',
        'Date,"2 Yr","10 Yr"\n12/09/2024,3.61,4.8\n',
        'Date,"2 Yr","10 Yr"\n12/06/2025,3.61,4.8\n',
        'Date,"2 Yr","10 Yr"\n12/09/2025,3.61\n',
        "No data",
    ],
)
async def test_a_curve_that_cannot_be(body: str) -> None:
    one, _ = provider("treasury", text(body))
    with pytest.raises(BadPayload):
        await one.series("DGS2", START)


async def test_the_treasury_has_no_vintages_and_no_other_series() -> None:
    one, wire = provider("treasury", text(""))
    arguments: list[tuple[Any, ...]] = [("DGS2", START, date(2025, 9, 20)), ("UNRATE", START)]
    for asked in arguments:
        with pytest.raises(UnknownSymbol):
            await one.series(*asked)
    assert not wire.requests
    assert not one.serves("series", "UNRATE")
    assert one.serves("series", "T10Y2Y")
