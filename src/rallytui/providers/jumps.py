"""Prices that nobody can have traded: beyond 40 % a move needs a volume or a path that bears it out."""

from __future__ import annotations

from dataclasses import replace

from rallytui.model import BadPayload, Quote
from rallytui.splits import FARTHEST, WILD, WILDEST, jumped, near_split

PRINTS = 3
"""So many prices of the day on the new side of a jump, or near the price, show that it was traded."""


def steady(quote: Quote, path: str) -> Quote:
    """The quote, if its price can follow its previous close; without that close if it is wrong or of another basis.

    Raises BadPayload for a move beyond 40 % that neither volume nor the day's prices bear out.
    """
    before = quote.prev_close
    if before is None or not jumped(quote.price, before):
        return quote
    ratio = quote.price / before
    traded = bool(quote.volume) or sum(_beyond(price, quote.price, before) for price in quote.day) >= PRINTS
    if WILD.fullmatch(quote.symbol):
        fits = 1 / WILDEST <= ratio <= WILDEST
    else:
        fits = traded and not quote.symbol.startswith("^") and 1 / FARTHEST <= ratio <= FARTHEST
    if not fits and sum(not jumped(price, quote.price) for price in quote.day) >= PRINTS:
        return replace(quote, prev_close=None)  # the day's prices are all there: it is the close before that is wrong
    if not fits:
        text = (
            f"the price {quote.price:g} is {100 * (ratio - 1):+.4g} % from the previous close {before:g}, unexplained"
        )
        raise BadPayload(quote.source, path, text)
    first = quote.day[0] if quote.day else quote.open
    opened_there = first is not None and jumped(first, before)
    on_another_basis = near_split(ratio) is not None and (opened_there or first is None)
    return replace(quote, prev_close=None) if on_another_basis and not WILD.fullmatch(quote.symbol) else quote


def _beyond(price: float, latest: float, before: float) -> bool:
    """Whether a price of the day lies on the same side of the jump as the latest."""
    return jumped(price, before) and (price > before) == (latest > before)
