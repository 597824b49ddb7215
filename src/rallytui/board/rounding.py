"""How exact a number is when it leaves the program: as a float it has digits that nobody measured."""

from __future__ import annotations

from math import floor, isfinite, log10
from typing import Any

DIGITS, DECIMALS = 7, 4
"""Significant digits, and the decimals that a number has at least."""


def rounded(value: float) -> float:
    """`value` with seven significant digits, and never fewer than four decimals; whole numbers stay as they are.

    That is less than a millionth off, and exact for any price, so that what was computed from it elsewhere agrees.
    """
    if not value or not isfinite(value):
        return value
    return round(value, max(DECIMALS, DIGITS - 1 - floor(log10(abs(value)))))


def all_rounded(value: Any) -> Any:
    """Built-in values with every float in them rounded."""
    if isinstance(value, float):
        return rounded(value)
    if isinstance(value, dict):
        return {key: all_rounded(inner) for key, inner in value.items()}
    return [all_rounded(inner) for inner in value] if isinstance(value, (list, tuple)) else value
