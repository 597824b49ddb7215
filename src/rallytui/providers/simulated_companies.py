"""What the simulated companies report: revenue, capital spending and shares, filed late as in life."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Literal

from rallytui.model import Fact, Filing
from rallytui.providers.simulated_universe import stream
from rallytui.sessions import Calendar, new_york

CONTRACTS = "RevenueFromContractWithCustomerExcludingAssessedTax"
CAPEX = "PaymentsToAcquirePropertyPlantAndEquipment"
SHARES = "EntityCommonStockSharesOutstanding"
MILLION = 1_000_000.0
FIRST_YEAR, FIRST_REPORT = 2017, 2018
CAPEX_OF_2025 = {2017: 0.16, 2018: 0.2, 2019: 0.21, 2020: 0.27, 2021: 0.36, 2022: 0.42, 2023: 0.41, 2024: 0.62}
CAPEX_OF_2025 |= {2025: 1.0, 2026: 1.4, 2027: 1.55}
CAPEX_LATER = 1.06
CAPEX_SHARES = (0.215, 0.24, 0.26, 0.285)
ACCEPTED, RESULTS = time(16, 31), time(16, 5)

Tagging = Literal["quarters", "quarters_but_last", "year_to_date"]


@dataclass(frozen=True, slots=True)
class Filer:
    """A company's books. Money is in millions of dollars.

    `revenue` are fiscal years from 2017 on, which go on with `growth`; `against` sets single quarters by their ratio
    to the year before, by (fiscal year, quarter). `lag` and `year_lag` are days from a period's end to its report.
    `capex` is that of calendar 2025, and `tagging` how it is reported.
    """

    name: str
    cik: int
    revenue: tuple[float, ...]
    growth: float
    shares: float
    year_end: int = 12
    lag: int = 34
    year_lag: int = 55
    against: Mapping[tuple[int, int], float] = field(default_factory=dict)
    shape: tuple[float, float, float, float] = (0.238, 0.247, 0.252, 0.263)
    revenue_tag: str = CONTRACTS
    capex: float = 0.0
    capex_tag: str = CAPEX
    tagging: Tagging = "year_to_date"


FILERS = {
    "PLPC": Filer(
        *("PREFORMED LINE PRODUCTS CO", 80035, (378, 421, 445, 466, 517, 637, 670, 594, 668), 0.07, 4.9, 12, 33, 64),
        against={(2025, 1): 1.055, (2025, 2): 1.224, (2025, 3): 1.21, (2025, 4): 1.036},
    ),
    "INOD": Filer(
        *("INNODATA INC", 903651, (61, 57, 56, 58, 70, 79, 87, 170, 252), 0.32, 31.8, 12, 37, 60),
        against={(2025, 3): 1.2, (2026, 1): 1.54},
        shape=(0.22, 0.23, 0.265, 0.285),
    ),
    "PATH": Filer(
        *("UiPath, Inc.", 1734722, (80, 120, 149, 336, 608, 892, 1058.6, 1308.1, 1429.7, 1610.6), 0.11, 533, 1, 34, 55),
        against={(2026, 3): 1.159},
        shape=(0.225, 0.225, 0.25, 0.3),
    ),
    "FIVN": Filer(
        *("Five9, Inc.", 1288847, (200, 258, 328, 435, 610, 779, 910, 1042, 1148), 0.09, 77.6, 12, 34, 52),
        against={(2026, 1): 1.092},
    ),
    "MSFT": Filer(
        *("MICROSOFT CORP", 789019, (96600, 110400, 125800, 143000, 168100, 198300, 211900, 245100, 281700), 0.15),
        *(7433, 6, 29, 30),
        capex=83_000,
        tagging="quarters_but_last",
    ),
    "GOOGL": Filer(
        *("Alphabet Inc.", 1652044, (110900, 136800, 161900, 182500, 257600, 282800, 307400, 350000, 400000), 0.14),
        *(12100, 12, 25, 35),
        revenue_tag="Revenues",
        capex=91_400,
    ),
    "AMZN": Filer(
        *("AMAZON COM INC", 1018724, (177900, 232900, 280500, 386100, 469800, 514000, 574800, 638000, 712000), 0.12),
        *(10690, 12, 31, 36),
        capex=131_000,
        capex_tag="PaymentsToAcquireProductiveAssets",
        tagging="quarters",
    ),
    "META": Filer(
        *("Meta Platforms, Inc.", 1326801, (40700, 55800, 70700, 86000, 117900, 116600, 134900, 164500, 200000), 0.18),
        *(2521, 12, 30, 30),
        capex=69_700,
    ),
    "ORCL": Filer(
        *("ORACLE CORP", 1341439, (37700, 39800, 39500, 39100, 40500, 42400, 50000, 53000, 57400, 67000), 0.18),
        *(2850, 5, 22, 22),
        revenue_tag="Revenues",
        capex=37_000,
    ),
}


def quarter_end(filer: Filer, year: int, quarter: int) -> date:
    """The last day of a quarter of the fiscal year that ends in `year`; quarter 0 is the year before's last."""
    months = year * 12 + filer.year_end - 1 - 3 * (4 - quarter)
    year, month = divmod(months, 12)
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def revenues(symbol: str, filer: Filer, last: int) -> dict[tuple[int, int], float]:
    """Revenue in dollars by (fiscal year, quarter)."""
    found: dict[tuple[int, int], float] = {}
    for year in range(FIRST_YEAR, last + 1):
        place = year - FIRST_YEAR
        for quarter in range(1, 5):
            luck = float(stream("revenue", symbol, year, quarter).standard_normal())
            if place < len(filer.revenue) and (year, quarter) not in filer.against:
                value = filer.revenue[place] * filer.shape[quarter - 1] * (1.0 + 0.012 * luck)
            else:
                ratio = filer.against.get((year, quarter), 1.0 + filer.growth + 0.02 * luck)
                value = found[year - 1, quarter] / MILLION * ratio
            found[year, quarter] = round(value, 1) * MILLION
    return found


def capex(filer: Filer, last: int) -> dict[tuple[int, int], float]:
    """Capital spending by (fiscal year, quarter), by the calendar quarter in which most of it lies."""
    found = {}
    for year in range(FIRST_YEAR, last + 1):
        for quarter in range(1, 5):
            middle = quarter_end(filer, year, quarter) - timedelta(days=45)
            newest = max(CAPEX_OF_2025)
            later = CAPEX_LATER ** max(0, middle.year - newest)
            level = CAPEX_OF_2025[min(max(middle.year, FIRST_YEAR), newest)] * later
            found[year, quarter] = round(filer.capex * level * CAPEX_SHARES[(middle.month - 1) // 3]) * MILLION
    return found


def reports(symbol: str, sessions: Calendar, today: date) -> tuple[tuple[Fact, ...], tuple[Filing, ...]]:
    """Facts by tag and period, and filings, newest first, that were filed up to and on `today`."""
    filer, last = FILERS[symbol], today.year + 1
    sales, spending = revenues(symbol, filer, last), capex(filer, last)
    facts: list[Fact] = []
    filings: list[Filing] = []
    for year, quarter in ((year, quarter) for year in range(FIRST_REPORT, last + 1) for quarter in range(1, 5)):
        end = quarter_end(filer, year, quarter)
        filed = end + timedelta(days=filer.year_lag if quarter == 4 else filer.lag)
        filed = filed if sessions.is_session(filed) else sessions.after(filed)
        if filed > today:
            break
        form = "10-K" if quarter == 4 else "10-Q"
        for of in (year - 1, year):  # each report repeats the year before
            facts += _flows(filer, filer.revenue_tag, "quarters_but_last", sales, (of, quarter), (filed, form))
            if filer.capex:
                facts += _flows(filer, filer.capex_tag, filer.tagging, spending, (of, quarter), (filed, form))
        dilution = 1.0 + 0.004 * (4 * (year - 2026) + quarter)
        count = round(filer.shares * dilution, 3) * MILLION
        facts.append(Fact(SHARES, "shares", None, filed - timedelta(days=9), count, filed, form))
        filings += _filings(filer, form, filed, end, len(filings))
    facts.sort(key=lambda fact: (fact.tag, fact.unit, fact.end, fact.start or fact.end, fact.filed))
    return tuple(facts), tuple(reversed(filings))


def _flows(
    filer: Filer,
    tag: str,
    tagging: Tagging,
    values: Mapping[tuple[int, int], float],
    period: tuple[int, int],
    filed: tuple[date, str],
) -> Iterator[Fact]:
    """The quarter and the year so far, as the company tags them."""
    year, quarter = period
    end = quarter_end(filer, year, quarter)
    if tagging == "quarters" or (tagging == "quarters_but_last" and quarter < 4):
        start = quarter_end(filer, year, quarter - 1) + timedelta(days=1)
        yield Fact(tag, "USD", start, end, values[period], *filed)
    if quarter > 1 or tagging == "year_to_date":
        start = quarter_end(filer, year, 0) + timedelta(days=1)
        so_far = sum(values[year, earlier] for earlier in range(1, quarter + 1))
        yield Fact(tag, "USD", start, end, so_far, *filed)


def _filings(filer: Filer, form: str, filed: date, end: date, count: int) -> Iterator[Filing]:
    """The press release of the results and the report, oldest first."""
    serial = f"{filer.cik:010d}-{filed:%y}"
    yield Filing("8-K", filed, end, new_york(filed, RESULTS), f"{serial}-{count + 1:06d}", "")
    yield Filing(form, filed, end, new_york(filed, ACCEPTED), f"{serial}-{count + 2:06d}", "")
