"""Price jumps: how large one must be to need an explanation, and whether a share split is it (METHODOLOGY 0.3)."""

from __future__ import annotations

import math

JUMP_PCT = 40.0
"""A close further than this from the one before needs volume or a split behind it."""
RATIOS = (2.0, 3.0, 4.0, 5.0, 10.0, 1 / 2, 1 / 3, 1 / 4, 1 / 5, 1 / 10)
"""New price to old of the usual splits, backward and forward."""
TOLERANCE = 0.05
"""On the day of a split the price also moves by itself: how far the ratio may be off, as a share of it."""


def jumped(after: float, before: float) -> bool:
    """Whether `after` lies more than `JUMP_PCT` percent from `before`; both are prices above 0."""
    return abs(after / before - 1) * 100 > JUMP_PCT


def near_split(ratio: float) -> float | None:
    """The usual split ratio (new price to old) that `ratio` is close to; None if there is none."""
    usual = min(RATIOS, key=lambda one: abs(math.log(ratio / one)))
    return usual if abs(ratio / usual - 1) <= TOLERANCE else None
