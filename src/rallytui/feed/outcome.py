"""What an answer changed, and what it lacked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rallytui.model import Bars, Facts, Kind, SourceError
from rallytui.providers import Provider, QuoteProvider
from rallytui.tape import Tape, with_closes


def misses_of(provider: Provider, kind: Kind, names: Sequence[str]) -> dict[str, SourceError]:
    """Why a batch of quotes lacked some of its names; other kinds are asked for one by one."""
    misses = provider.misses if kind == "quotes" and isinstance(provider, QuoteProvider) else {}
    return {name: misses[name] for name in names if name in misses}


def news(before: Tape, after: Tape, facts: Facts) -> Facts | None:
    """What of `facts` changed the tape, as it now stands on it; None if nothing did."""
    quotes = tuple(q for q in facts.quotes if after.quotes[q.symbol] is not before.quotes.get(q.symbol))
    bars = tuple(after.bars[b.symbol] for b in facts.bars if after.bars[b.symbol] is not before.bars.get(b.symbol))
    series = tuple(
        s if s.vintage else after.series[s.id]
        for s in facts.series
        if s.vintage or after.series[s.id] is not before.series.get(s.id)
    )
    companies = tuple(c for c in facts.companies if after.companies[c.symbol] is not before.companies.get(c.symbol))
    if not (quotes or bars or series or companies):
        return None
    return Facts(quotes, bars, series, companies)


def overlaid(tape: Tape, facts: Facts) -> Tape:
    """The tape with facts that are whole in place of its own; what is the same stays the same object."""
    quotes = {one.symbol: one for one in facts.quotes if tape.quotes.get(one.symbol) != one}
    bars = {one.symbol: one for one in facts.bars if not same_bars(tape.bars.get(one.symbol), one)}
    series = {one.id: one for one in facts.series if one.vintage is None}
    dated = {(one.id, one.vintage): one for one in facts.series if one.vintage is not None}
    return replace(
        tape,
        quotes={**tape.quotes, **quotes} if quotes else tape.quotes,
        closes=with_closes(tape.closes, (*facts.closes, *facts.quotes)),
        bars={**tape.bars, **bars} if bars else tape.bars,
        series={**tape.series, **series} if series else tape.series,
        vintages={**tape.vintages, **dated} if dated else tape.vintages,
        companies={**tape.companies, **{one.symbol: one for one in facts.companies}},
    )


def same_bars(old: Bars | None, new: Bars) -> bool:
    return old is not None and (old.source, old.name) == (new.source, new.name) and old.frame.equals(new.frame)
