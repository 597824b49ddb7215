"""Kleene's three values: a comparison of what is missing is unknown, None, and so is what depends on it (G.8)."""

from __future__ import annotations

from rallytui.indicators.numbers import real
from rallytui.model import ClaimStatus

Truth = bool | None


def at_least(value: float | None, bound: float) -> Truth:
    """Whether `value` is `bound` or more; unknown if it is missing or not finite."""
    known = real(value)
    return None if known is None else known >= bound


def more(value: float | None, bound: float) -> Truth:
    """Whether `value` is beyond `bound`; unknown if it is missing or not finite."""
    known = real(value)
    return None if known is None else known > bound


def negated(term: Truth) -> Truth:
    return None if term is None else not term


def both(*terms: Truth) -> Truth:
    """And: one term that is false decides, whatever is unknown."""
    return False if False in terms else None if None in terms else True


def either(*terms: Truth) -> Truth:
    """Or: one term that is true decides, whatever is unknown."""
    return negated(both(*map(negated, terms)))


def verdict(broken: Truth, on_track: Truth) -> ClaimStatus:
    """The status of a claim: the conditions in their order, at risk if none holds, unknown at the first unknown one."""
    if broken is not False:
        return "broken" if broken else "unknown"
    return "at_risk" if on_track is False else "on_track" if on_track else "unknown"
