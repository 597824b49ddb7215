"""What an answer changed, and what it lacked."""

from __future__ import annotations

from collections.abc import Sequence

from rallytui.model import Facts, SourceError
from rallytui.providers import Provider, QuoteProvider
from rallytui.tape import Tape


def misses_of(provider: Provider, names: Sequence[str]) -> dict[str, SourceError]:
    """Why a batch of quotes lacked some of its names."""
    misses = provider.misses if isinstance(provider, QuoteProvider) else {}
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
