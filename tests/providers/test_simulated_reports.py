"""The simulated economy and its companies: revisions, holes, filing dates and the way each filer tags its figures."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from rallytui import macro
from rallytui.clock import FrozenClock
from rallytui.config import ProviderSettings
from rallytui.indicators.growth import calendar_quarter, ttm, yoy_pct
from rallytui.indicators.quarters import REVENUE, Statement, capex_concept, filed_by, statement
from rallytui.model import Company, Series
from rallytui.providers.simulated import Simulated
from rallytui.providers.simulated_companies import FILERS, SHARES
from rallytui.sessions import known_by, new_york_date, nyse
from tests.providers.helpers import ny

NOW = ny("2027-03-31 18:00")
EARLY = date(2019, 1, 1)
HYPERSCALERS = ("MSFT", "GOOGL", "AMZN", "META", "ORCL")


def simulated(moment: datetime = NOW) -> Simulated:
    return Simulated(ProviderSettings(), FrozenClock(moment))


async def values_of(name: str, vintage: date | None = None, moment: datetime = NOW) -> pd.Series[float]:
    series = await simulated(moment).series(name, EARLY, vintage)
    return series.frame.set_index("obs")["value"]


# Series


@pytest.mark.parametrize("name", macro.CATALOG)
async def test_every_series_of_the_catalogue(name: str) -> None:
    series: Series = await simulated().series(name, EARLY)
    frame = series.frame
    assert (series.id, series.source, series.received, series.vintage) == (name, "simulated", NOW, None)
    assert frame["obs"].is_monotonic_increasing
    assert frame["obs"].is_unique
    assert frame["obs"].iloc[0] >= pd.Timestamp(EARLY)
    assert frame["value"].notna().all()
    entry = macro.CATALOG[name]
    newest = frame["obs"].iloc[-1].date()
    assert macro.known_at(name, newest) <= NOW
    limit = {"daily": 5, "weekly": 14, "monthly": 100, "quarterly": 240}[entry.frequency]
    assert NOW.date() - newest <= timedelta(days=limit)
    assert ((frame["value"].round(entry.digits) - frame["value"]).abs() < 1e-9).all()


RANGES = {
    "DFEDTARU": (0.25, 5.5),
    "DFF": (0.05, 5.6),
    "DGS2": (0.1, 6.5),
    "DGS10": (0.5, 7.0),
    "T10Y2Y": (-1.0, 2.0),
    "BAMLH0A0HYM2": (2.2, 7.0),
    "VIXCLS": (9, 45),
    "VXVCLS": (12, 40),
    "NFCI": (-0.8, 0.2),
    "ICSA": (180e3, 280e3),
    "SAHMREALTIME": (-0.3, 2.5),
    "UNRATE": (3.2, 6.0),
    "JTSLDR": (0.8, 1.5),
    "OPHNFB": (105, 135),
}


@pytest.mark.parametrize(("name", "limits"), RANGES.items())
async def test_series_stay_where_they_may_be(name: str, limits: tuple[float, float]) -> None:
    assert (await values_of(name)).between(*limits).all()


async def test_series_agree_with_each_other() -> None:
    made = simulated()
    slope = await values_of("DGS10") - await values_of("DGS2")
    assert (slope - await values_of("T10Y2Y")).abs().max() < 0.0051
    vix = (await made.bars("^VIX", EARLY, NOW.date())).frame["close"]
    assert (await values_of("VIXCLS")).sub(vix).dropna().abs().max() == 0
    rate = await values_of("DFEDTARU")
    assert (rate["2025-12-10"], rate["2025-12-11"]) == (4.0, 3.75)


async def test_october_2025_was_never_counted() -> None:
    for name in ("UNRATE", "SAHMREALTIME"):
        labels = (await values_of(name))["2025-08-01":"2025-12-01"].index
        assert [label.month for label in labels] == [8, 9, 11, 12]


@pytest.mark.parametrize("name", [name for name, entry in macro.CATALOG.items() if entry.revised])
async def test_a_vintage_has_the_first_prints_of_its_day(name: str) -> None:
    day = date(2026, 6, 20)
    series = await simulated().series(name, EARLY, day)
    then, now = series.frame.set_index("obs")["value"], await values_of(name)
    assert series.vintage == day
    assert series.frame["known_at"].max() <= known_by(day)
    assert then.equals(await values_of(name, moment=known_by(day)))
    seen_first = [(await values_of(name, obs.date())).index[-1] <= obs for obs in then.index[-3:]]
    assert all(seen_first)
    assert (then.iloc[:-12] == now.reindex(then.index).iloc[:-12]).all()


async def test_revised_series_are_revised() -> None:
    for name in ("UNRATE", "ICSA", "NFCI", "JTSLDR", "OPHNFB"):
        now = await values_of(name)
        days = [macro.known_at(name, obs.date()) for obs in now["2024-01-01":"2026-06-01"].index[::3]]
        first = [(await values_of(name, new_york_date(day))).iloc[-1] for day in days[:20]]
        final = now["2024-01-01":"2026-06-01"].iloc[::3].tolist()[:20]
        assert first != final
        assert first == pytest.approx(final, rel=0.3)


async def test_series_that_are_not_revised_have_one_value() -> None:
    then = await values_of("DGS2", date(2026, 6, 18))
    assert then.equals((await values_of("DGS2")).loc[: then.index[-1]])


async def test_a_vintage_of_the_future_is_today() -> None:
    assert (await values_of("UNRATE", date(2030, 1, 1))).equals(await values_of("UNRATE"))


# Companies


async def company(symbol: str, moment: datetime = NOW) -> Company:
    return await simulated(moment).company(symbol)


async def revenue(symbol: str, day: date) -> Statement:
    return statement(filed_by((await company(symbol)).facts, day), REVENUE)


@pytest.mark.parametrize(
    ("symbol", "day", "growth"),
    [
        ("PLPC", date(2025, 11, 10), 21.0),
        ("PATH", date(2025, 12, 10), 15.9),
        ("FIVN", date(2026, 5, 20), 9.2),
        ("PLPC", date(2026, 3, 20), 3.6),
    ],
)
async def test_revenue_grew_as_it_is_told(symbol: str, day: date, growth: float) -> None:
    assert yoy_pct((await revenue(symbol, day)).quarters) == pytest.approx(growth, abs=0.15)


@pytest.mark.parametrize("symbol", FILERS)
async def test_every_filer_has_consecutive_quarters_a_year_and_shares(symbol: str) -> None:
    reported = await company(symbol)
    line = statement(reported.facts, REVENUE)
    ends = [quarter.end for quarter in line.quarters]
    gaps = [(later - sooner).days for sooner, later in itertools.pairwise(ends)]
    assert len(ends) >= 36
    assert min(gaps) >= 85
    assert max(gaps) <= 100
    year = ttm(line)
    assert year is not None
    assert year.value == pytest.approx(sum(quarter.value for quarter in line.quarters[-4:]))
    shares = [fact for fact in reported.facts if fact.tag == SHARES]
    assert all(fact.start is None and fact.unit == "shares" and fact.end < fact.filed for fact in shares)
    assert NOW.date() - reported.filings[0].filed < timedelta(days=100)
    assert reported.name
    assert reported.source == "simulated"


async def test_fiscal_years_end_when_they_do() -> None:
    for symbol, month in {"PLPC": 12, "PATH": 1, "ORCL": 5, "MSFT": 6}.items():
        annual = [fact for fact in (await company(symbol)).facts if fact.form == "10-K" and fact.tag != SHARES]
        assert {fact.end.month for fact in annual} == {month}
        assert all(fact.start and 364 <= (fact.end - fact.start).days <= 365 for fact in annual if symbol == "PATH")


async def test_quarters_are_filed_and_a_fourth_quarter_is_not() -> None:
    facts = [fact for fact in (await company("PLPC")).facts if fact.tag != SHARES]
    lengths = {(fact.form, round(((fact.end - fact.start).days + 1) / 30.4)) for fact in facts if fact.start}
    assert lengths == {("10-Q", 3), ("10-Q", 6), ("10-Q", 9), ("10-K", 12)}
    spans = [(fact.start, fact.end) for fact in facts if fact.form == "10-K"]
    assert max(spans.count(span) for span in spans) == 2  # a year later it stands there again to compare with


async def test_filings_are_on_sessions_newest_first_and_accepted_on_their_day() -> None:
    filings = (await company("INOD")).filings
    assert [one.filed for one in filings] == sorted((one.filed for one in filings), reverse=True)
    assert {one.form for one in filings} == {"10-K", "10-Q", "8-K"}
    assert len({one.accession for one in filings}) == len(filings)
    for one in filings:
        assert one.accepted is not None
        assert new_york_date(one.accepted) == one.filed
        assert one.accepted < known_by(one.filed)
        assert nyse().is_session(one.filed)


async def test_a_report_is_known_from_six_o_clock_on_its_day() -> None:
    newest = (await company("PLPC")).filings[0].filed
    at_six = known_by(newest)
    assert (await company("PLPC", at_six)).filings[0].filed == newest
    assert (await company("PLPC", at_six - timedelta(seconds=1))).filings[0].filed < newest


async def capex_by_year(symbol: str) -> dict[int, float]:
    line = statement((await company(symbol, datetime(2028, 6, 1, tzinfo=UTC))).facts, capex_concept(symbol))
    years: dict[int, float] = {}
    for quarter in line.quarters:
        year, _ = calendar_quarter(quarter.end)
        years[year] = years.get(year, 0.0) + quarter.value
    return years


async def test_the_hyperscalers_spend_what_the_thesis_speaks_of() -> None:
    years = [await capex_by_year(symbol) for symbol in HYPERSCALERS]
    total = {year: sum(one[year] for one in years) / 1e9 for year in (2024, 2025, 2026)}
    assert total[2025] == pytest.approx(412, abs=5)
    assert total[2026] / total[2025] == pytest.approx(1.4, abs=0.01)
    assert total[2025] / total[2024] > 1.5


@pytest.mark.parametrize(
    ("symbol", "first", "last"),
    [
        ("GOOGL", False, False),
        ("META", False, False),
        ("ORCL", False, False),
        ("MSFT", True, False),
        ("AMZN", True, True),
    ],
)
async def test_each_tags_its_spending_in_its_own_way(symbol: str, first: bool, last: bool) -> None:
    filer = FILERS[symbol]
    facts = [fact for fact in (await company(symbol)).facts if fact.tag == filer.capex_tag and fact.start]
    quarters = {fact.end.month for fact in facts if fact.start and (fact.end - fact.start).days < 100}
    months = {(filer.year_end + 3 * number - 1) % 12 + 1 for number in (1, 2, 3)}
    assert (months <= quarters) == first
    assert (filer.year_end in quarters) == last
    assert any(fact.start and (fact.end - fact.start).days > 350 for fact in facts)
