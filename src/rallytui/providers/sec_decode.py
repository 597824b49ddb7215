"""EDGAR's JSON to facts and filings: only the tags that the board reads are unpacked."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from urllib.parse import quote

from msgspec import Struct, field

from rallytui.model import BadPayload, Fact, Filing, UnknownSymbol
from rallytui.providers.decode import clean, day, json_as, same
from rallytui.sessions import NEW_YORK

NAME = "sec"
ARCHIVE = "https://www.sec.gov/Archives/edgar/data"
REPORTS = frozenset({"10-K", "10-K/A", "10-KT", "10-Q", "10-Q/A", "10-QT", "20-F", "20-F/A", "40-F", "40-F/A"})
"""Periodic reports: all that are listed stay, because the next one is estimated from the past ones."""
OTHERS = frozenset(
    (
        *("8-K", "8-K/A", "6-K", "6-K/A", "NT 10-K", "NT 10-Q", "S-1", "S-1/A", "S-3", "S-4", "424B4"),
        *("DEF 14A", "DEFM14A", "SC TO-T", "SC 13D", "SC 13D/A", "SC 13G", "SC 13G/A"),
        *("SCHEDULE 13D", "SCHEDULE 13D/A", "SCHEDULE 13G", "15-12B", "25", "25-NSE"),
    )
)
"""Events worth reading: the newest `MOST_OTHERS` of them. Insiders' forms 3, 4 and 144 would drown the rest."""
MOST_OTHERS = 40
SIGNED = frozenset({"NetIncomeLoss", "ProfitLossAttributableToOwnersOfParent"})
OPENS, SAME_DAY_UNTIL = time(6), time(17, 30, 59)
AHEAD_DAYS = 7
"""Filings accepted in the evening carry the next business day's date."""


class _Fact(Struct):
    end: date
    val: float | None
    filed: date
    form: str
    start: date | None = None


class _Concept(Struct):
    units: dict[str, list[_Fact]]


class _Gaap(Struct):
    RevenueFromContractWithCustomerExcludingAssessedTax: _Concept | None = None
    RevenueFromContractWithCustomerIncludingAssessedTax: _Concept | None = None
    Revenues: _Concept | None = None
    SalesRevenueNet: _Concept | None = None
    SalesRevenueGoodsNet: _Concept | None = None
    PaymentsToAcquirePropertyPlantAndEquipment: _Concept | None = None
    PaymentsToAcquireProductiveAssets: _Concept | None = None
    NetIncomeLoss: _Concept | None = None
    WeightedAverageNumberOfDilutedSharesOutstanding: _Concept | None = None


class _Dei(Struct):
    EntityCommonStockSharesOutstanding: _Concept | None = None


class _Ifrs(Struct):
    Revenue: _Concept | None = None
    RevenueFromContractsWithCustomers: _Concept | None = None
    ProfitLossAttributableToOwnersOfParent: _Concept | None = None


class _Taxonomies(Struct):
    gaap: _Gaap = field(default_factory=_Gaap, name="us-gaap")
    ifrs: _Ifrs = field(default_factory=_Ifrs, name="ifrs-full")
    dei: _Dei = field(default_factory=_Dei)


class _CompanyFacts(Struct):
    cik: int | str
    facts: _Taxonomies
    entityName: str = ""


class _Ticker(Struct):
    cik_str: int
    ticker: str


class _Recent(Struct):
    accessionNumber: list[str]
    filingDate: list[str]
    reportDate: list[str]
    acceptanceDateTime: list[str]
    form: list[str]
    primaryDocument: list[str]


class _Lists(Struct):
    recent: _Recent


class _Submissions(Struct):
    cik: int | str
    filings: _Lists


def padded(cik: int) -> str:
    """A CIK as the file names have it: `CIK0000080035`."""
    return f"CIK{cik:010d}"


def tickers(body: bytes) -> dict[str, tuple[int, ...]]:
    """company_tickers.json: the filers listed by a ticker, the largest first; class shares as `BRK-B`."""
    listed = json_as(NAME, body, dict[str, _Ticker])
    if not listed:
        raise BadPayload(NAME, "$", "the list of tickers is empty")
    found: dict[str, tuple[int, ...]] = {}
    for item in listed.values():
        known = found.get(item.ticker.upper(), ())
        found[item.ticker.upper()] = known if item.cik_str in known else (*known, item.cik_str)
    return found


def facts(body: bytes, symbol: str, cik: int, today: date) -> tuple[str, tuple[Fact, ...]]:
    """companyfacts: the company's name, and its facts in the filing's currency or in shares, by tag and period.

    Every filing's copy of a fact stays, so that an as-of view can take the latest that was filed by then.
    Raises UnknownSymbol when none of the tags is there, BadPayload when the answer is about another filer.
    """
    answer = json_as(NAME, body, _CompanyFacts)
    same(NAME, "$.cik", _number(answer.cik), str(cik))
    found = [
        _fact(tag, unit, item, today)
        for taxonomy in (answer.facts.gaap, answer.facts.ifrs, answer.facts.dei)
        for tag in taxonomy.__struct_fields__
        if (concept := getattr(taxonomy, tag)) is not None
        for unit, items in concept.units.items()
        for item in items
        if item.val is not None and (item.val >= 0 or tag in SIGNED)  # a negative revenue is a filer's slip
    ]
    if not found:
        raise UnknownSymbol(NAME, symbol, f"EDGAR has no revenue or share facts of {symbol}")
    found.sort(key=lambda fact: (fact.tag, fact.unit, fact.end, fact.start or fact.end, fact.filed))
    return clean(answer.entityName, 80), tuple(found)


def _fact(tag: str, unit: str, item: _Fact, today: date) -> Fact:
    if (item.filed - today).days > AHEAD_DAYS:
        raise BadPayload(NAME, f"$.facts.{tag}.filed", f"a filing of {item.filed} is in the future")
    value = item.val if item.val is not None else 0.0
    return Fact(tag, clean(unit, 20), item.start, item.end, value, item.filed, clean(item.form, 20))


def filings(body: bytes, cik: int) -> tuple[Filing, ...]:
    """submissions: the periodic reports, and of other filings worth reading the newest 40; newest first."""
    answer = json_as(NAME, body, _Submissions)
    same(NAME, "$.cik", _number(answer.cik), str(cik))
    recent = answer.filings.recent
    columns = [getattr(recent, name) for name in recent.__struct_fields__]
    if len({len(column) for column in columns}) != 1:
        raise BadPayload(NAME, "$.filings.recent", "the columns differ in length")
    kept: list[Filing] = []
    others = 0
    for index, row in enumerate(zip(*columns, strict=True)):
        form = row[4].strip()
        others += form in OTHERS
        if form in REPORTS or (form in OTHERS and others <= MOST_OTHERS):
            kept.append(_filing(index, row, cik))
    return tuple(kept)


def _filing(index: int, row: tuple[str, ...], cik: int) -> Filing:
    accession, filed_on, period, accepted, form, document = row
    path = "$.filings.recent"
    filed = day(NAME, f"{path}.filingDate[{index}]", filed_on)
    folder = quote(accession.replace("-", ""), safe="")
    return Filing(
        form=form.strip(),
        filed=filed,
        period=day(NAME, f"{path}.reportDate[{index}]", period) if period else None,
        accepted=_accepted(f"{path}.acceptanceDateTime[{index}]", accepted, filed) if accepted else None,
        accession=clean(accession, 30),
        # A filing without a main document is opened by its index page.
        url=f"{ARCHIVE}/{cik}/{folder}/{quote(document.strip() or f'{accession.strip()}-index.htm')}",
    )


def _accepted(path: str, text: str, filed: date) -> datetime:
    """acceptanceDateTime as aware UTC, although it says `Z` for both New York time and UTC.

    Apple's results of 16:30 read `16:30:33.000Z`, NVIDIA's of 16:20 `21:20:44.000Z`. EDGAR is open from 6:00 to
    22:00 and dates what comes after 17:30 on the next business day, so a reading that contradicts the filing date
    is wrong; where both could be, New York's is the later one and cannot look ahead.
    """
    try:
        written = datetime.fromisoformat(text)
        local = written.replace(tzinfo=NEW_YORK)
        fits = local.date() < filed or (local.date() == filed and OPENS <= local.time() <= SAME_DAY_UNTIL)
        return (local if fits else written.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadPayload(NAME, path, f"{clean(text, 30)!r} is not a time") from None


def _number(cik: int | str) -> str:
    return str(cik).lstrip("0")
