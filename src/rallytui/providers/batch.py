"""Quotes of several symbols: one that fails does not take the others with it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence

from rallytui.model import BadPayload, Quote, SourceError, UnknownSymbol

LISTED = re.compile(r"[A-Z]{1,5}(-[A-Z]{1,2})?")
"""A US stock or ETF by its canonical symbol, as in `SPY` or `BRK-B`."""

Outcome = Quote | SourceError


async def each(symbols: Sequence[str], one: Callable[[str], Awaitable[Quote]]) -> dict[str, Outcome]:
    """`one` for every symbol at the same time: its quote, or the typed error it raised."""

    async def tried(symbol: str) -> Outcome:
        try:
            return await one(symbol)
        except SourceError as error:
            return error

    return dict(zip(symbols, await asyncio.gather(*map(tried, symbols)), strict=True))


def settle(outcomes: dict[str, Outcome], misses: dict[str, SourceError]) -> list[Quote]:
    """The quotes among the outcomes; why others are lacking goes into `misses`.

    When there is not one quote, the error that says most about the source is raised.
    """
    quotes = [outcome for outcome in outcomes.values() if isinstance(outcome, Quote)]
    errors = {symbol: outcome for symbol, outcome in outcomes.items() if isinstance(outcome, SourceError)}
    for symbol in outcomes:
        misses.pop(symbol, None)
    misses.update(errors)
    if errors and not quotes:
        raise min(errors.values(), key=_about_the_symbol)
    return quotes


def _about_the_symbol(error: SourceError) -> int:
    return 2 if isinstance(error, UnknownSymbol) else 1 if isinstance(error, BadPayload) else 0
