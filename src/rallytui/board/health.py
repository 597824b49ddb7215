"""How the sources are doing, and what is wrong, in sentences."""

from __future__ import annotations

from datetime import datetime, time

from rallytui.board.company import ADVICE
from rallytui.board.moment import Moment
from rallytui.board.price import SINCE, correction
from rallytui.board.shape import Risks, SourceHealth, Target, Watchlist
from rallytui.indicators import catalog
from rallytui.indicators.catalog import CAPEX_GROWTH
from rallytui.macro import CATALOG
from rallytui.sessions import CLOSE, new_york
from rallytui.tape import filing_days

MIDNIGHT = time(0)


def build_health(moment: Moment) -> list[SourceHealth]:
    """One entry a provider, in the order they were set up."""
    newest = newest_by_source(moment)
    return [
        SourceHealth(
            provider=health.provider,
            title=health.title or moment.title(health.provider),
            host=health.host,
            status=health.status,
            last_ok=health.last_ok,
            failures=health.failures,
            next_try=health.next_try,
            detail=health.detail,
            delayed=health.delay_s > 0,
            describes=newest.get(health.provider),
        )
        for health in moment.tape.health.values()
    ]


def newest_by_source(moment: Moment) -> dict[str, datetime]:
    """The newest moment that each source's facts on the tape describe."""
    tape, newest = moment.tape, dict[str, datetime]()

    def note(source: str, at: datetime) -> None:
        at = min(at, moment.as_of)  # a rate that holds today is labelled with today's close
        newest[source] = max(at, newest.get(source, at))

    for quote in tape.quotes.values():
        note(quote.source, quote.at)
    for bars in tape.bars.values():
        day = bars.last_day if not bars.closings else moment.calendar.after(bars.closings[0].session_date, -1)
        if day is not None:
            note(bars.source.split(" ")[-1], moment.calendar.close_at(day))
    for series in tape.series.values():
        if series.last_day is not None:
            note(series.source, new_york(series.last_day, MIDNIGHT))  # it describes a day, no hour
    for company in tape.companies.values():
        for filed in filing_days(company)[-1:]:
            note(company.source, new_york(filed, CLOSE))
    return newest


def build_notes(moment: Moment, targets: list[Target]) -> list[str]:
    """Closes that were corrected, what a target's history lacks (METHODOLOGY G), and caveats of a look back (0.2)."""
    start = moment.settings.thesis.baseline
    corrected = [f"{target.name}: {words}." for target in targets if (words := correction(target.closing))]
    histories = [(target.name, moment.history(target.symbol)) for target in targets]
    corrected += [f"{name}: {flag}." for name, history in histories if history for flag in history.flags]
    if moment.today >= start:
        return corrected
    return [*corrected, f"The names and thresholds were chosen after {start}: before it they are seen with hindsight."]


def no_price(moment: Moment, target: Target) -> str:
    """Why a target has no price: no source, or a day before the history begins."""
    if moment.in_past:
        reach = f"history_years = {moment.settings.data.history_years}"
        return f"{target.name}: no price on or before {moment.today}; {reach} does not reach back so far."
    return f"{target.name}: no source has a price of {target.symbol}."


def unknown_risks(moment: Moment, risks: Risks) -> list[str]:
    """The risks that cannot be judged, but for want of a macro series, which is told by itself."""
    said = []
    for one in (indicator for group in risks.groups for indicator in group.indicators):
        entry = catalog.BY_ID[one.id]
        if one.band != "unknown" or any(
            item.kind == "series" and item.id not in moment.tape.series for item in entry.inputs
        ):
            continue
        files = CAPEX_GROWTH in entry.inputs and moment.without_contact
        said.append(f"{one.title}: {one.why}" + (f" {ADVICE}." if files else ""))
    return said


def build_problems(moment: Moment, targets: list[Target], watchlists: list[Watchlist], risks: Risks) -> list[str]:
    """What is missing, why, and what to do about it where something can be done; one sentence each."""
    failing = [health for health in moment.tape.health.values() if health.status == "failing"]
    said = [health.detail for health in failing]
    for target in targets:
        if target.last is None:
            said.append(no_price(moment, target))
            continue
        if target.freshness == "stale":
            of = "" if target.badge.startswith(SINCE) else "the newest price is of "
            said.append(f"{target.name}: {of}{target.badge}.")
        said.extend(f"{target.name}: {reason}." for reason in target.missing.values())
        if moment.suspect(target.symbol):
            said.append(f"{target.name}: suspect value refused: {moment.tape.suspects[target.symbol]}.")
        if target.symbol in moment.tape.disputes:
            said.append(f"{target.name}: two sources disagree: {moment.disputed(target.symbol)}.")
    symbols = dict.fromkeys(row.symbol for watchlist in watchlists for row in watchlist.rows if row.last is None)
    if symbols:
        said.append(f"No source has a price of {', '.join(symbols)}.")
    old = [row.symbol for watchlist in watchlists for row in watchlist.rows if row.freshness == "stale"]
    if old:
        said.append(f"The newest prices of {', '.join(dict.fromkeys(old))} are stale.")
    absent = [name for name in CATALOG if name not in moment.tape.series]
    if absent:
        said.append(f"No observations of {', '.join(absent)}.")
    said.extend(unknown_risks(moment, risks))
    known = {*moment.tape.quotes, *moment.tape.bars, *moment.tape.series, *moment.tape.companies}
    said.extend(f"{name}: refused {text}" for name, text in moment.tape.suspects.items() if name not in known)
    return said
