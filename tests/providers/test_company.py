"""What companies report: Yahoo's time series and EDGAR's facts and filings."""

from __future__ import annotations

import asyncio
import copy
from datetime import date, datetime
from typing import Any

import httpx
import pytest

from rallytui.clock import FrozenClock
from rallytui.model import BadPayload, Fact, RateLimited, Refused, SourceError, Unavailable, UnknownSymbol
from rallytui.providers import CompanyProvider
from rallytui.providers.sec_decode import filings
from rallytui.providers.yahoo_company import period_start
from tests.providers import company_samples as samples
from tests.providers.company_samples import COMPANY_FACTS, SUBMISSIONS, TIMESERIES
from tests.providers.helpers import NOON, data, ny, page, provider, text


async def test_yahoos_figures_become_facts_with_estimated_filing_dates() -> None:
    one, wire = provider("yahoo", data(TIMESERIES))
    company = await one.company("FIVN")
    assert company.source == "yahoo (filing dates estimated)"
    assert company.facts == (
        Fact(
            "PaymentsToAcquirePropertyPlantAndEquipment",
            "USD",
            date(2025, 7, 1),
            date(2025, 9, 30),
            9.5e6,
            date(2025, 11, 14),
            "yahoo",
        ),
        Fact("Revenues", "USD", date(2024, 1, 1), date(2024, 12, 31), 1042e6, date(2025, 2, 14), "yahoo"),
        Fact("Revenues", "USD", date(2025, 4, 1), date(2025, 6, 30), 283.3e6, date(2025, 8, 14), "yahoo"),
        Fact("Revenues", "USD", date(2025, 7, 1), date(2025, 9, 30), 285.8e6, date(2025, 11, 14), "yahoo"),
    )
    assert wire.requests[0].url.path == "/ws/fundamentals-timeseries/v1/finance/timeseries/FIVN"
    assert "quarterlyTotalRevenue" in wire.requests[0].url.params["type"]


async def test_what_can_be_read_today_has_been_filed_by_today() -> None:
    one, _ = provider("yahoo", data(TIMESERIES), ny("2025-10-28T12:00"))
    assert (await one.company("FIVN")).facts[-1].filed == date(2025, 10, 28)


@pytest.mark.parametrize(
    ("end", "months", "start"),
    [
        (date(2025, 9, 30), 3, date(2025, 7, 1)),
        (date(2025, 2, 28), 3, date(2024, 12, 1)),
        (date(2024, 12, 31), 12, date(2024, 1, 1)),
        (date(2025, 9, 27), 3, date(2025, 6, 28)),
        (date(2025, 5, 30), 3, date(2025, 3, 1)),
    ],
)
def test_the_start_of_a_period_follows_from_its_end(end: date, months: int, start: date) -> None:
    assert period_start(end, months) == start


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"asOfDate": "2026-03-31"}, BadPayload),
        ({"asOfDate": "0001-01-31"}, BadPayload),
        ({"asOfDate": "soon"}, BadPayload),
        ({"periodType": "TTM"}, BadPayload),
        ({"reportedValue": {"fmt": "1B"}}, BadPayload),
        ({"reportedValue": {"raw": -1.0}}, UnknownSymbol),
    ],
)
async def test_yahoos_figures_that_cannot_be(changes: dict[str, Any], error: type[SourceError]) -> None:
    answer = copy.deepcopy(TIMESERIES)
    del answer["timeseries"]["result"][1:]
    answer["timeseries"]["result"][0]["quarterlyTotalRevenue"] = [
        {**samples.amount("2025-06-30", "3M", 1.0), **changes}
    ]
    one, _ = provider("yahoo", data(answer))
    with pytest.raises(error):
        await one.company("FIVN")


async def test_an_etf_has_no_figures_and_another_company_is_refused() -> None:
    one, _ = provider("yahoo", data({"timeseries": {"result": [{"meta": {"symbol": ["SPY"], "type": ["x"]}}]}}))
    with pytest.raises(UnknownSymbol):
        await one.company("SPY")
    with pytest.raises(BadPayload, match="asked for FIVN"):
        await one.company("FIVN")


class Edgar:
    """EDGAR's two hosts with one filer, and what a test puts in the place of a file."""

    def __init__(self, **instead: httpx.Response) -> None:
        self._instead = instead

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        files = {
            "tickers": ("www.sec.gov", "/files/company_tickers.json", data(samples.TICKERS)),
            "facts": ("data.sec.gov", "/api/xbrl/companyfacts/CIK0000080035.json", data(COMPANY_FACTS)),
            "submissions": ("data.sec.gov", "/submissions/CIK0000080035.json", data(SUBMISSIONS)),
        }
        for name, (host, at, answer) in files.items():
            if (request.url.host, path) == (host, at):
                return self._instead.get(name, answer)
        return text(samples.NO_SUCH_KEY, 404, "application/xml")


@pytest.mark.parametrize("place", ["before", "after"])
async def test_of_two_filers_with_one_ticker_the_one_that_reports_counts(place: str) -> None:
    other = {"9": {"cik_str": 1234, "ticker": "PLPC", "title": "AN OLDER PLPC"}}
    lists = {"before": {**other, **samples.TICKERS}, "after": {**samples.TICKERS, **other}}
    one, _ = provider("sec", Edgar(tickers=data(lists[place])))
    assert (await one.company("PLPC")).name == "PREFORMED LINE PRODUCTS CO"
    assert one.serves("companies", "PLPC")


async def test_a_foreign_filers_revenue_is_in_its_own_words_and_currency() -> None:
    revenue = {"units": {"EUR": [samples.fact("2025-12-31", 5e9, "2026-03-01", "2025-01-01", "20-F")]}}
    answer = {"cik": 80035, "entityName": "PLPC SE", "facts": {"ifrs-full": {"Revenue": revenue}}}
    one, _ = provider("sec", Edgar(facts=data(answer)), ny("2026-06-10T12:00"))
    (found,) = (await one.company("PLPC")).facts
    assert (found.tag, found.unit, found.value, found.form) == ("Revenue", "EUR", 5e9, "20-F")


async def test_facts_and_filings_of_a_filer() -> None:
    one, wire = provider("sec", Edgar())
    company = await one.company("PLPC")
    assert (company.symbol, company.name, company.source) == ("PLPC", "PREFORMED LINE PRODUCTS CO", "sec")
    assert len(wire.requests) == 3
    shares, *revenue = company.facts
    assert shares == Fact(
        "EntityCommonStockSharesOutstanding", "shares", None, date(2025, 10, 30), 4.9e6, date(2025, 11, 3), "10-Q"
    )
    assert [(item.end, item.filed) for item in revenue] == [
        (date(2024, 9, 30), date(2024, 11, 1)),
        (date(2024, 9, 30), date(2025, 11, 3)),
        (date(2025, 9, 30), date(2025, 11, 3)),
    ], "every filing's copy, and not the negative one"
    quarterly, current = company.filings
    assert (quarterly.form, quarterly.filed, quarterly.period) == ("10-Q", date(2025, 11, 3), date(2025, 9, 30))
    assert quarterly.accepted == ny("2025-11-03T16:30:33")
    assert quarterly.url == "https://www.sec.gov/Archives/edgar/data/80035/000008003525000041/plpc-20250930.htm"
    assert current.period is None
    assert current.url.endswith("/press%20release.htm")
    await one.company("PLPC")
    assert len(wire.requests) == 5, "the list of tickers is kept"


@pytest.mark.parametrize(
    ("stamp", "filed", "accepted"),
    [
        ("2026-01-29T16:30:33.000Z", "2026-01-29", ny("2026-01-29T16:30:33")),
        ("2025-11-19T21:36:17.000Z", "2025-11-19", ny("2025-11-19T16:36:17")),
        ("2026-01-29T01:55:03.000Z", "2026-01-29", ny("2026-01-28T20:55:03")),
        ("2025-10-30T18:08:27.000Z", "2025-10-31", ny("2025-10-30T18:08:27")),
        ("2025-10-31T06:01:26.000Z", "2025-10-31", ny("2025-10-31T06:01:26")),
    ],
)
def test_the_time_of_acceptance_agrees_with_the_filing_date(stamp: str, filed: str, accepted: datetime) -> None:
    changed = copy.deepcopy(SUBMISSIONS)
    recent = {key: values[:1] for key, values in changed["filings"]["recent"].items()}
    changed["filings"]["recent"] = {**recent, "acceptanceDateTime": [stamp], "filingDate": [filed]}
    assert filings(data(changed).content, 80035)[0].accepted == accepted


async def test_without_a_contact_nothing_is_asked() -> None:
    one, wire = provider("sec", Edgar(), contact=" ")
    assert not one.serves("companies", "PLPC")
    assert "contact" in one.idle
    with pytest.raises(Refused, match="contact"):
        await one.company("PLPC")
    assert not wire.requests


async def test_what_is_no_filer_or_has_no_facts_is_remembered() -> None:
    one, wire = provider("sec", Edgar())
    for symbol in ("SPY", "ZZZZ"):
        with pytest.raises(UnknownSymbol):
            await one.company(symbol)
        assert not one.serves("companies", symbol)
    assert one.serves("companies", "PLPC")
    assert len(wire.requests) == 2


async def test_companies_asked_for_at_once_share_the_list_and_it_is_read_again_after_a_week() -> None:
    clock = FrozenClock(NOON)
    one, wire = provider("sec", Edgar(), clock=clock)
    await asyncio.gather(one.company("PLPC"), one.company("PLPC"))
    lists = [request for request in wire.requests if "tickers" in request.url.path]
    assert len(lists) == 1
    clock.advance(7 * 86_400 + 1)
    one.absent.add(("companies", "ABC"))
    await one.company("PLPC")
    assert sum("tickers" in request.url.path for request in wire.requests) == 2
    assert not one.absent


BROKEN: list[tuple[dict[str, httpx.Response], type[SourceError]]] = [
    ({"tickers": page(samples.UNDECLARED, 403)}, Refused),
    ({"facts": page(samples.UNDECLARED)}, Refused),
    ({"facts": page("Request Rate Threshold Exceeded", 403)}, RateLimited),
    ({"facts": page("Not found", 404)}, Unavailable),
    ({"facts": page("Service unavailable", 503)}, Unavailable),
    ({"facts": data({**COMPANY_FACTS, "cik": 1})}, BadPayload),
    ({"facts": data({**COMPANY_FACTS, "facts": {}})}, UnknownSymbol),
    ({"submissions": data({**SUBMISSIONS, "cik": "1"})}, BadPayload),
    ({"tickers": data({})}, BadPayload),
    ({"tickers": data([])}, BadPayload),
]


@pytest.mark.parametrize(("files", "error"), BROKEN)
async def test_edgars_ways_to_fail(files: dict[str, httpx.Response], error: type[SourceError]) -> None:
    one, _ = provider("sec", Edgar(**files))
    with pytest.raises(error) as caught:
        await one.company("PLPC")
    assert type(caught.value) is error


async def test_after_too_many_requests_edgar_is_left_alone_for_ten_minutes() -> None:
    one, _ = provider("sec", Edgar(tickers=page("Request Rate Threshold Exceeded", 403)))
    with pytest.raises(RateLimited):
        await one.company("PLPC")
    assert one.http.breaker.wait_s == 600


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("form", ["10-Q"]),
        ("filingDate", ["", "2025-10-30", "2025-10-29"]),
        ("reportDate", ["soon", "", ""]),
        ("acceptanceDateTime", ["x", "y", "z"]),
        ("primaryDocument", [None, "", ""]),
    ],
)
def test_filings_that_cannot_be(column: str, values: list[Any]) -> None:
    changed = copy.deepcopy(SUBMISSIONS)
    changed["filings"]["recent"][column] = values
    with pytest.raises(BadPayload):
        filings(data(changed).content, 80035)


async def test_a_filing_of_next_month_is_refused() -> None:
    changed = copy.deepcopy(COMPANY_FACTS)
    changed["facts"]["us-gaap"]["Revenues"]["units"]["USD"][0]["filed"] = "2026-01-15"
    one, _ = provider("sec", Edgar(facts=data(changed)))
    with pytest.raises(BadPayload, match="future"):
        await one.company("PLPC")


def test_what_edgar_serves() -> None:
    one, _ = provider("sec", Edgar())
    assert isinstance(one, CompanyProvider)
    assert one.serves("companies", "BRK-B")
    assert not one.serves("companies", "^GSPC")
    assert not one.serves("quotes", "PLPC")
    assert (one.host, one.idle) == ("data.sec.gov", "")
