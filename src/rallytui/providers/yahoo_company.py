"""Yahoo's fundamentals time series to the facts of a company, with filing dates that stand in for unknown ones."""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta

from msgspec import Struct, field

from rallytui.model import BadPayload, Company, Fact, UnknownSymbol
from rallytui.providers.decode import clean, json_as, number, same
from rallytui.providers.yahoo_wire import NAME, Problem, typed
from rallytui.sessions import new_york_date

MEASURES = {
    "TotalRevenue": ("Revenues", 1.0),
    "CapitalExpenditure": ("PaymentsToAcquirePropertyPlantAndEquipment", -1.0),
    "NetIncome": ("NetIncomeLoss", 1.0),
    "DilutedAverageShares": ("WeightedAverageNumberOfDilutedSharesOutstanding", 1.0),
}
"""Yahoo's measure to the XBRL tag and the sign: Yahoo writes spending as a negative flow."""
TYPES = tuple(f"{period}{measure}" for measure in MEASURES for period in ("quarterly", "annual"))
MONTHS = {"3M": 3, "12M": 12}
EARLIEST = date(1980, 1, 1)
FILED_AFTER = timedelta(days=45)
SOURCE = "yahoo (filing dates estimated)"


class _Amount(Struct):
    raw: float


class _Value(Struct):
    asOfDate: date
    periodType: str
    reportedValue: _Amount
    currencyCode: str | None = None


class _Meta(Struct):
    symbol: list[str]
    type: list[str]


_Values = list[_Value | None]


class _Item(Struct):
    meta: _Meta
    quarterlyTotalRevenue: _Values = field(default_factory=list)
    annualTotalRevenue: _Values = field(default_factory=list)
    quarterlyCapitalExpenditure: _Values = field(default_factory=list)
    annualCapitalExpenditure: _Values = field(default_factory=list)
    quarterlyNetIncome: _Values = field(default_factory=list)
    annualNetIncome: _Values = field(default_factory=list)
    quarterlyDilutedAverageShares: _Values = field(default_factory=list)
    annualDilutedAverageShares: _Values = field(default_factory=list)


class _Timeseries(Struct):
    result: list[_Item] | None = None
    error: Problem | None = None


class _Answer(Struct):
    timeseries: _Timeseries


def decode(body: bytes, symbol: str, now: datetime) -> Company:
    """The reported figures as facts of the form `yahoo`, in the reporting currency or shares.

    Yahoo gives the period's end and length only: the start is derived from them, and `filed` is 45 days after the
    end, or today if that is still to come, because what can be read today has been filed. Raises UnknownSymbol when
    there is no figure at all, as for an ETF.
    """
    series = json_as(NAME, body, _Answer).timeseries
    if series.error:
        raise typed(series.error, symbol)
    today = new_york_date(now)
    facts = [fact for item in series.result or () for fact in _facts(item, symbol, today)]
    if not facts:
        raise UnknownSymbol(NAME, symbol, f"Yahoo has no reported figures of {symbol}")
    facts.sort(key=lambda fact: (fact.tag, fact.end, fact.start or fact.end))
    return Company(symbol, tuple(facts), source=SOURCE)


def _facts(item: _Item, symbol: str, today: date) -> list[Fact]:
    name = "$.timeseries.result"
    same(NAME, f"{name}.meta.symbol", item.meta.symbol[0] if item.meta.symbol else "", symbol)
    facts = []
    for measure, (tag, sign) in MEASURES.items():
        values = getattr(item, f"quarterly{measure}") + getattr(item, f"annual{measure}")
        unit = "shares" if "Shares" in measure else ""
        facts += [_fact(f"{name}.{measure}", value, tag, unit, sign, today) for value in values if value]
    return [fact for fact in facts if fact.value >= 0 or fact.tag == "NetIncomeLoss"]


def _fact(path: str, value: _Value, tag: str, unit: str, sign: float, today: date) -> Fact:
    end = value.asOfDate
    if value.periodType not in MONTHS:
        raise BadPayload(NAME, f"{path}.periodType", f"{clean(value.periodType, 10)!r} is not a period")
    if not EARLIEST <= end <= today:
        raise BadPayload(NAME, f"{path}.asOfDate", f"a reported period cannot end on {end}")
    return Fact(
        tag=tag,
        unit=unit or clean(value.currencyCode or "USD", 5),
        start=period_start(end, MONTHS[value.periodType]),
        end=end,
        value=sign * number(NAME, f"{path}.reportedValue.raw", value.reportedValue.raw),
        filed=min(end + FILED_AFTER, today),
        form="yahoo",
    )


def period_start(end: date, months: int) -> date:
    """The first day of the `months` that end on `end`; months are whole when `end` is the last of its month."""
    whole = end.day == calendar.monthrange(end.year, end.month)[1]
    index = end.year * 12 + end.month - 1 - months + (1 if whole else 0)
    year, month = divmod(index, 12)
    if whole:
        return date(year, month + 1, 1)
    return date(year, month + 1, min(end.day, calendar.monthrange(year, month + 1)[1])) + timedelta(days=1)
