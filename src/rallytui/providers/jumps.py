"""Moves that nobody can have traded: beyond 40 % a price needs a volume, a path or a split that explains it."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from rallytui.model import BadPayload, Quote
from rallytui.splits import jumped, near_split

WILD = re.compile(r"\^(V.*|SKEW|TNX|IRX|FVX|TYX)")
"""Indices of volatility and of yields: they may move by a multiple in a day (the VIX doubled on 2018-02-05)."""
WILDEST = 4.0
FARTHEST = 20.0
"""No share moves by this factor in a day, whatever its volume: that is another unit or another share."""
TYPICAL_DAYS = 20
NEWS_VOLUME = 1.3
"""A move beyond 40 % is news, and news trades more than usual: the least multiple of the typical volume."""
SPLIT_VOLUME = 2.0
"""After a split the volume moves the other way by its ratio, give or take this factor."""
PRINTS = 3
"""So many prices of the day on the new side of a jump show that it was traded."""


def steady(quote: Quote, path: str) -> Quote:
    """The quote, if its price can follow its previous close; without that close if a split lies between them.

    Raises BadPayload for a move beyond 40 % that neither volume nor the day's prices bear out.
    """
    before = quote.prev_close
    if before is None or not jumped(quote.price, before):
        return quote
    ratio = quote.price / before
    traded = bool(quote.volume) or _prints(quote, before) >= PRINTS
    if WILD.fullmatch(quote.symbol):
        fits = 1 / WILDEST <= ratio <= WILDEST
    else:
        fits = traded and not quote.symbol.startswith("^") and 1 / FARTHEST <= ratio <= FARTHEST
    if not fits:
        text = (
            f"the price {quote.price:g} is {100 * (ratio - 1):+.4g} % from the previous close {before:g}, unexplained"
        )
        raise BadPayload(quote.source, path, text)
    first = quote.day[0] if quote.day else quote.open
    opened_there = first is not None and jumped(first, before)
    on_another_basis = near_split(ratio) is not None and (opened_there or first is None)
    return replace(quote, prev_close=None) if on_another_basis and not WILD.fullmatch(quote.symbol) else quote


def _prints(quote: Quote, before: float) -> int:
    """How many of the day's prices lie on the same side of the jump as the price."""
    return sum(jumped(price, before) and (price > before) == (quote.price > before) for price in quote.day)


def explained(
    source: str, symbol: str, days: Sequence[date], closes: Sequence[float], volumes: Sequence[float | None]
) -> None:
    """Raise BadPayload if a close jumps from the one before for no reason. Rows are sessions, oldest first.

    A reason is more volume than usual, or a usual split ratio with the volume turned accordingly: such a bar stays
    and the readings whose window covers it are left out (METHODOLOGY 0.3).
    """
    for at in range(1, len(closes)):
        after, before = closes[at], closes[at - 1]
        if jumped(after, before) and not _reason(symbol, after / before, volumes[max(0, at - TYPICAL_DAYS) : at + 1]):
            text = (
                f"the close of {days[at]} is {100 * (after / before - 1):+.4g} % from the one before, "
                "without the volume or the split that would explain it"
            )
            raise BadPayload(source, "$", text)


def _reason(symbol: str, ratio: float, volumes: Sequence[float | None]) -> bool:
    if WILD.fullmatch(symbol):
        return 1 / WILDEST <= ratio <= WILDEST
    if symbol.startswith("^") or not 1 / FARTHEST <= ratio <= FARTHEST:
        return False
    *earlier, volume = volumes
    known = [one for one in earlier if one]
    if not volume or not known:
        return bool(volume)  # nothing to compare with: that it was traded has to do
    turned = volume / known[-1] * ratio
    if near_split(ratio) is not None and 1 / SPLIT_VOLUME <= turned <= SPLIT_VOLUME:
        return True
    return volume >= NEWS_VOLUME * statistics.median(known)
