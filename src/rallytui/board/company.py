"""What companies reported: revenue growth of a row, capital spending of the hyperscalers (METHODOLOGY B.2)."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from rallytui.board.moment import Moment
from rallytui.board.shape import NextReport
from rallytui.indicators import growth
from rallytui.indicators.quarters import REVENUE, Statement, capex_concept, filed_by, statement
from rallytui.indicators.quarters import newest_report as newest_filed
from rallytui.indicators.reports import next_report, reports_of_facts, reports_of_filings
from rallytui.model import Company, Fact, Filing
from rallytui.sessions import known_by

OLDEST_QUARTER_DAYS = 185
REPLAY_DAYS = 200
REPORT_FORMS = ("10-K", "10-Q")
FOREIGN_FORMS = {"20-F", "40-F", "6-K"}
RECEIPT = re.compile(r"\b(ADR|ADS|American Depositary|Depositary (Receipt|Share)s?)\b", re.IGNORECASE)
FROM_FILINGS = ("revenue_yoy_pct", "revenue_ttm", "revenue_ttm_yoy_pct", "ps_ttm", "next_report")


@dataclass(frozen=True, eq=False, slots=True)
class Reported:
    """What only a new filing can change."""

    fields: dict[str, Any]
    sales: growth.Trailing | None
    shares: growth.Shares | None
    flags: list[str]


def company_fields(moment: Moment, symbol: str, last: float | None) -> tuple[dict[str, Any], dict[str, str]]:
    """The row's fields from filings, and why those that are None are."""
    company = moment.tape.companies.get(symbol)
    if symbol.startswith("^"):
        return {}, {}
    if company is None:
        return {}, dict.fromkeys(FROM_FILINGS, no_company(moment, symbol))
    reported = moment.memo.get(("reported", symbol), (company,), lambda: reported_by(moment, company))
    fields = dict(reported.fields)
    other = other_unit(moment, company, reported)
    count = None if other or reported.shares is None else reported.shares.count
    fields["ps_ttm"] = growth.price_to_sales(last, count, reported.sales, moment.today)
    return fields, reasons(fields, reported) | ({"ps_ttm": other} if other else {})


ADVICE = "EDGAR is not asked without a contact address: set contact under [providers.sec], or RALLYTUI_CONTACT"


def no_company(moment: Moment, symbol: str) -> str:
    """Why nothing is known of what a company reported, and what to do about it where something can be done."""
    return f"no filings of {symbol}: {ADVICE if moment.without_contact else 'no source has had them yet'}"


def other_unit(moment: Moment, company: Company, reported: Reported) -> str:
    """Why the share count is not of what the price is a price of (METHODOLOGY G.5); empty if it is."""
    shares, history = reported.shares, moment.history(company.symbol)
    currency = history.currency if history else ""
    if shares is None:
        return ""
    if (moment.today - shares.day).days > growth.OLDEST_SHARES_DAYS:
        return f"the share count is of {shares.day}, more than {growth.OLDEST_SHARES_DAYS} days ago"
    if "-" in company.symbol:
        return "the price is of one class of shares, the count is of another or of all"
    forms = {one.form for one in company.filings} | {one.form for one in company.facts}
    if RECEIPT.search(f"{company.name} {history.name if history else ''}") or forms & FOREIGN_FORMS:
        return "the price may be of a receipt for several shares or a part of one"
    if currency not in ("", reported.fields["revenue_currency"]):
        return f"prices are in {currency}, revenue is in {reported.fields['revenue_currency']}"
    return ""


def report_flags(moment: Moment, symbol: str) -> list[str]:
    """What weakens the figures of a row's filings."""
    company = moment.tape.companies.get(symbol)
    if company is None:
        return []
    reported = moment.memo.get(("reported", symbol), (company,), lambda: reported_by(moment, company))
    said = list(reported.flags)
    quarter = reported.fields["revenue_quarter"]
    if quarter is not None and (moment.today - quarter).days > OLDEST_QUARTER_DAYS:
        said.append(f"revenue is old: its newest quarter ended {quarter}")
    if reported.sales is not None and reported.sales.agrees is False:
        said.append("trailing revenue: quarters and fiscal years differ by more than 0.5 %")
    return said


def reasons(fields: dict[str, Any], reported: Reported) -> dict[str, str]:
    said: dict[str, str] = {}
    if fields["revenue"] is None:
        said["revenue_yoy_pct"] = said["revenue_ttm"] = "its filings carry no revenue that can be read"
    elif fields["revenue_yoy_pct"] is None:
        said["revenue_yoy_pct"] = "no quarter a year before the newest one"
    if fields["revenue_ttm"] is None:
        said.setdefault("revenue_ttm", "needs four quarters in a row")
    if fields["revenue_ttm_yoy_pct"] is None:
        said["revenue_ttm_yoy_pct"] = said.get("revenue_ttm", "no four quarters in a row a year before")
    if fields["ps_ttm"] is None:
        said["ps_ttm"] = "no share count" if reported.shares is None else "no trailing revenue of the last 200 days"
    if fields["next_report"] is None:
        said["next_report"] = "no earlier reports to estimate from"
    return said


def reported_by(moment: Moment, company: Company) -> Reported:
    line = statement(company.facts, REVENUE)
    flags = line_flags(company, line)
    quarter = line.quarters[-1] if line.quarters else None
    sales, shares = growth.ttm(line), growth.shares_outstanding(company.facts)
    past = reports_of_filings(company.filings) or reports_of_facts(company.facts)
    coming = next_report(past, moment.calendar)
    fields = {
        "revenue": quarter.value if quarter else None,
        "revenue_quarter": quarter.end if quarter else None,
        "revenue_yoy_pct": growth.yoy_pct(line.quarters),
        "revenue_ttm": sales.value if sales else None,
        "revenue_ttm_yoy_pct": growth.ttm_yoy_pct(line),
        "revenue_source": moment.title(company.source),
        "revenue_currency": line.unit if line.last_day else "",
        "next_report": NextReport(coming.day, coming.window_days) if coming else None,
        **newest_report(company),
    }
    return Reported(fields, sales, shares, flags)


def line_flags(company: Company, line: Statement) -> list[str]:
    """A newer report that says nothing of revenue, and a quarter of other weeks than the one a year before."""
    said = []
    newest = newest_filed(company)
    if newest is not None and line.is_behind(company):
        said.append(f"a newer report has no readable revenue: {newest[1]} of {newest[0]}")
    if weeks := growth.weeks_apart(line.quarters):
        said.append(f"the last quarter has {weeks[0]} weeks, the one a year before {weeks[1]}")
    return said


def newest_report(company: Company) -> dict[str, Any]:
    """When the newest 10-Q or 10-K was filed, and its form: from the list of filings, else from the facts."""
    papers: tuple[Filing | Fact, ...] = (*company.filings, *company.facts)
    forms = [(one.filed, one.form) for one in papers if one.form.startswith(REPORT_FORMS)]
    filed, form = max(forms, default=(None, ""))
    return {"filed": filed, "filed_form": form}


def capex_line(moment: Moment, symbol: str, day: date) -> Statement:
    """A company's capital spending from what it had filed by `day`."""
    company = moment.tape.companies.get(symbol)
    if company is None:
        return Statement((), {})
    filed = moment.memo.get(("filed", symbol), (company,), lambda: sorted({fact.filed for fact in company.facts}))
    last = filed[bisect_right(filed, day) - 1] if filed and filed[0] <= day else day
    concept = capex_concept(symbol)
    facts = moment.memo.get(
        ("capex facts", symbol), (company,), lambda: [fact for fact in company.facts if fact.tag in concept.tags]
    )
    return moment.memo.get(
        ("capex", symbol, last), (company,), lambda: statement(filed_by(facts, last), concept, "USD")
    )


def capex_lines(moment: Moment, day: date) -> dict[str, Statement]:
    """The hyperscalers' statements as filed by `day`."""
    return {symbol: capex_line(moment, symbol, day) for symbol in moment.settings.risk.hyperscalers}


def capex_flags(moment: Moment) -> list[str]:
    """How many companies the growth of capital spending rests on, and who is late."""
    names = moment.settings.risk.hyperscalers
    panel = growth.panel_growth(capex_lines(moment, moment.today), min(growth.LEAST_HYPERSCALERS, len(names)))
    if panel is None:
        return []
    late = [f"late: {', '.join(panel.late)}"] if panel.late else []
    return [f"{len(panel.companies)}/{len(names)} companies", *late]


@dataclass(frozen=True, slots=True)
class CapexGrowth:
    """Growth in percent to the newest period end `day`, as it stood from `known_at` on."""

    day: date
    pct: float
    known_at: datetime
    source: str


def capex_growth(moment: Moment, days: int = REPLAY_DAYS) -> list[CapexGrowth]:
    """How capital spending grew as it stood after each filing of the last `days`, and just before them."""
    names = moment.settings.risk.hyperscalers
    companies = [company for name in names if (company := moment.tape.companies.get(name)) is not None]
    filed = sorted({fact.filed for company in companies for fact in company.facts})
    since = moment.today - timedelta(days=days)
    recent = [day for day in filed if day >= since] or filed[-1:]
    earlier = [day for day in filed if day < since][-1:]
    source = ", ".join(dict.fromkeys(moment.title(company.source) for company in companies))
    least = min(growth.LEAST_HYPERSCALERS, len(names))
    rows = []
    for day in dict.fromkeys([*earlier, *recent]):
        panel = growth.panel_growth(capex_lines(moment, day), least)
        if panel is not None:
            rows.append(CapexGrowth(panel.newest, panel.growth_pct, known_by(day), source))
    return sorted(rows, key=lambda row: (row.day, row.known_at))
