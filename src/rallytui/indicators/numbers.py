"""Scalar guards: what counts as a number, and the percent change that every module needs. No numpy is loaded here."""

from __future__ import annotations

from math import isfinite

# Outside this range a number is a broken feed; inside it no ratio and no square can overflow.
SMALLEST, LARGEST = 1e-15, 1e15

SESSIONS_A_YEAR = 252
"""Annualises everything that is counted in sessions, in every year (METHODOLOGY 0.1)."""


def real(value: float | None) -> float | None:
    """`value` as a float, None if it is missing, NaN or infinite."""
    return float(value) if value is not None and isfinite(value) else None


def reals(*values: float | None) -> tuple[float, ...] | None:
    """All values as floats, None if any of them is missing, NaN or absurdly large."""
    known = tuple(float(value) for value in values if value is not None and -LARGEST < value < LARGEST)
    return known if len(known) == len(values) else None


def positives(*values: float | None) -> tuple[float, ...] | None:
    """All values as floats, None if any is missing, NaN, not positive, or too large or small to be true."""
    known = tuple(float(value) for value in values if value is not None and SMALLEST < value < LARGEST)
    return known if len(known) == len(values) else None


def change_pct(new: float | None, old: float | None) -> float | None:
    """100 (new / old - 1) in percent; None unless both are positive."""
    known = positives(new, old)
    return None if known is None else 100 * (known[0] / known[1] - 1)


def median(values: list[float]) -> float | None:
    """The middle of `values`, the mean of the two middle ones if their count is even; None if there are none."""
    if not values:
        return None
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2
