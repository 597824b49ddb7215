"""Price jumps: how large one must be to need an explanation, and whether a share split is it (METHODOLOGY 0.3, G.4)."""

from __future__ import annotations

import math
import re

WILD = re.compile(r"\^(V.*|SKEW|TNX|IRX|FVX|TYX)")
"""Indices of volatility and of yields: they may move by a multiple in a day (the VIX doubled on 2018-02-05)."""
WILDEST = 4.0
FARTHEST = 20.0
"""No share moves by this factor in a day, whatever its volume: that is another unit or another share."""
JUMP_PCT = 40.0
"""A close further than this from the one before needs volume or a split behind it."""
WHOLE = (*range(2, 11), 12, 15, 16, 20, 25, 30, 35, 40, 45, 50)
RATIOS = (*(1 / n for n in WHOLE), *WHOLE, 2 / 3, 3 / 4, 4 / 5, 5 / 6, 2 / 5)
"""New price to old of the splits that companies make, forward and reverse."""
MOST = 50
"""A split of n:m has at most so many shares on either side."""
TOLERANCE = 0.03
"""On the day of a split the price also moves by itself: how far the ratio may be off, as a share of it."""
ANOTHER_BASIS = 0.01
"""A source's previous close further than this fraction from the stored one is on another basis."""


def jumped(after: float, before: float) -> bool:
    """Whether `after` lies more than `JUMP_PCT` percent from `before`; both are prices above 0."""
    return abs(after / before - 1) * 100 > JUMP_PCT


def near_split(ratio: float) -> float | None:
    """The usual split ratio (new price to old) that `ratio` is within 3 % of; None if there is none."""
    usual = min(RATIOS, key=lambda one: abs(math.log(ratio / one)))
    return usual if abs(ratio / usual - 1) <= TOLERANCE else None


def of_split(ratio: float) -> bool:
    """Whether `ratio` (new price to old) is within 3 % of any m/n with 1 <= n, m <= 50 (METHODOLOGY G.4)."""
    terms = range(1, MOST + 1)
    return any(abs(ratio * n / max(1, round(ratio * n)) - 1) <= TOLERANCE for n in terms if round(ratio * n) <= MOST)


def other_basis(price: float, own: float | None, stored: float) -> bool:
    """Whether a quote is on another basis than the stored close of the session before (METHODOLOGY G.4).

    It is if its own previous close is more than 1 % off the stored one while its own change is the smaller of the two.
    """
    if own is None or own <= 0 or abs(own / stored - 1) <= ANOTHER_BASIS:
        return False
    return abs(math.log(price / own)) < abs(math.log(own / stored))
