"""What an open page shows beyond the board, as known at the moment: candles, quarters, filings, or a risk's past."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd

from rallytui.board.charts import averages, optional, ordinals
from rallytui.board.closeup_risk import indicator_close_up
from rallytui.board.company import ADVICE, no_company
from rallytui.board.moment import History, Moment
from rallytui.board.shape import Candles, CloseUp, FilingRow, QuarterRow, SymbolCloseUp
from rallytui.indicators import catalog
from rallytui.indicators.growth import yoy_pct
from rallytui.indicators.quarters import NET_INCOME, REVENUE, statement
from rallytui.model import Company, Fact, Intraday

MOST_QUARTERS, MOST_FILINGS = 24, 40


def build_close_up(moment: Moment, kind: str, key: str) -> CloseUp | None:
    """The close-up of a `symbol` or of an `indicator` by its id; None for anything else."""
    if kind == "symbol" and key:
        return symbol_close_up(moment, key)
    if kind == "indicator" and key in catalog.BY_ID:
        return indicator_close_up(moment, catalog.BY_ID[key])
    return None


def symbol_close_up(moment: Moment, symbol: str) -> SymbolCloseUp:
    """Everything known of a symbol; what there is not has a sentence why."""
    history, company = moment.history(symbol), moment.tape.companies.get(symbol)
    quarters = moment.memo.get(("close-up quarters",), (company,), lambda: quarter_rows(company) if company else [])
    filings = moment.memo.get(("close-up filings",), (company,), lambda: filing_rows(company) if company else [])
    return SymbolCloseUp(
        symbol=symbol,
        daily=daily_candles(moment, symbol, history),
        intraday=intraday_candles(moment, symbol),
        averages=moment.memo.get(("close-up averages",), (history,), lambda: averages_of(history) if history else {}),
        quarters=quarters,
        quarters_missing="" if quarters else no_quarters(moment, symbol, company),
        filings=filings,
        filings_missing="" if filings else no_filings(moment, symbol, company),
    )


def daily_candles(moment: Moment, symbol: str, history: History | None) -> Candles:
    """All finished bars, split-adjusted."""
    if history is None:
        return Candles(missing=f"No source has answered with a daily history of {symbol} yet.")
    return moment.memo.get(("close-up daily",), (history,), lambda: candles_of(history))


def candles_of(history: History) -> Candles:
    whole = history.with_closes
    return Candles(
        times=ordinals(whole.days),
        open=optional(whole.open),
        high=optional(whole.high),
        low=optional(whole.low),
        close=whole.close.tolist(),
        volume=optional(whole.volume),
        source=history.source,
    )


def averages_of(history: History) -> dict[str, list[float | None]]:
    """The moving averages over the days of the candles."""
    return averages(history.with_closes.close)


def intraday_candles(moment: Moment, symbol: str) -> Candles:
    """The five-minute candles of the last sessions."""
    found = moment.tape.intraday.get(symbol)
    if found is None:
        return Candles(missing=no_intraday(moment, symbol))
    return moment.memo.get(("close-up intraday",), (found,), lambda: candles_within_days(moment, found))


def candles_within_days(moment: Moment, found: Intraday) -> Candles:
    frame = found.frame
    return Candles(
        times=pd.DatetimeIndex(frame.index).as_unit("s").asi8.tolist(),
        open=optional(frame["open"].to_numpy()),
        high=optional(frame["high"].to_numpy()),
        low=optional(frame["low"].to_numpy()),
        close=frame["close"].tolist(),
        volume=optional(frame["volume"].to_numpy()),
        source=moment.title(found.source),
    )


def no_intraday(moment: Moment, symbol: str) -> str:
    if moment.in_past:
        return "Five-minute candles are not kept: a look back has the daily ones."
    return f"No five-minute candles of {symbol} yet: they are asked for while its page is open."


def first_filed(facts: Iterable[Fact]) -> dict[date, date]:
    """When revenue up to a day was first filed: the same figures come again a year later, as what is compared with."""
    found: dict[date, date] = {}
    for fact in facts:
        if fact.tag in REVENUE.tags:
            found[fact.end] = min(fact.filed, found.get(fact.end, fact.filed))
    return found


def quarter_rows(company: Company) -> list[QuarterRow]:
    """The reported quarters, newest first: those that have revenue (METHODOLOGY B.2)."""
    line = statement(company.facts, REVENUE)
    sales, earned = line.quarters, statement(company.facts, NET_INCOME, line.unit)
    income = {quarter.end: quarter.value for quarter in earned.quarters}
    first = first_filed(company.facts)
    rows = [
        QuarterRow(
            end=quarter.end,
            filed=first.get(quarter.end, quarter.filed),
            revenue=quarter.value,
            revenue_yoy_pct=yoy_pct(sales[: place + 1]),
            net_income=income.get(quarter.end),
            derived=quarter.derived,
        )
        for place, quarter in enumerate(sales)
    ]
    return rows[::-1][:MOST_QUARTERS]


def no_quarters(moment: Moment, symbol: str, company: Company | None) -> str:
    if symbol.startswith("^"):
        return "An index reports no quarters."
    if company is None:
        said = no_company(moment, symbol)
        return f"{said[0].upper()}{said[1:]}."
    return "Its filings carry no revenue that can be read."


def filing_rows(company: Company) -> list[FilingRow]:
    """The newest filings, newest first."""
    newest = sorted(company.filings, key=lambda one: (one.filed, one.accession), reverse=True)[:MOST_FILINGS]
    return [FilingRow(one.form, one.filed, one.accepted, one.period, one.url) for one in newest]


def no_filings(moment: Moment, symbol: str, company: Company | None) -> str:
    if symbol.startswith("^"):
        return "An index files nothing."
    if company is None or company.source == "sec":
        return f"No filings of {symbol} are known."
    advice = f"; {ADVICE}" if moment.without_contact else ""
    return f"{moment.title(company.source)} has figures but no list of filings{advice}."
