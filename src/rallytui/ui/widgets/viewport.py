"""What part of a history a chart shows: a named range, magnified and moved, always within what there is."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

INTRADAY = {"1d": 1, "5d": 5}
"""Ranges of candles within the day, and how many sessions they show."""
RANGES = ("1m", "3m", "6m", "ytd", "1y", "5y", "max")
SINCE_START = "start"
"""From a while before a target's baseline on: not a length, so each target has its own."""
LEAST = 10
"""Points that stay in view however far one zooms in."""

_MONTHS = {"1m": 1, "3m": 3, "6m": 6, "1y": 12, "5y": 60}
_ZOOM = 1.5
_DAY_S = 86_400


class Window(NamedTuple):
    """The points in view: indexes from `first` up to and without `stop`."""

    first: int
    stop: int


@dataclass(frozen=True, slots=True)
class Viewport:
    """A view of a history. `span` are the points in view, 0 for those of the range; `back` those hidden at the end.

    `times` are session dates as ordinals for the ranges of whole days, and seconds since 1970 UTC for those within the
    day; ascending. `start` is the ordinal from which the range since the start shows.
    """

    range: str = "1y"
    span: int = 0
    back: int = 0

    @property
    def is_intraday(self) -> bool:
        """Whether it shows candles within the day."""
        return self.range in INTRADAY

    def window(self, times: Sequence[int], start: int = 0) -> Window:
        """The points to draw."""
        total = len(times)
        span = min(max(self.span or points_of(self.range, times, start), min(LEAST, total)), total)
        back = max(0, min(self.back, total - span))
        return Window(total - back - span, total - back)

    def zoomed(self, times: Sequence[int], start: int, steps: int) -> Viewport:
        """Magnified about the newest point while that is in view, else about the middle; negative steps show more."""
        total, (first, stop) = len(times), self.window(times, start)
        old = stop - first
        new = max(min(LEAST, total), min(total, round(old / _ZOOM**steps)))
        if new == old and 0 < old < total and steps < 0:
            new += 1  # rounding must not hold a small view where it is
        back = total - stop
        moved = back + (old - new) // 2 if back else 0
        return replace(self, span=new, back=max(0, min(moved, total - new)))

    def panned(self, times: Sequence[int], start: int, steps: int) -> Viewport:
        """Moved by quarters of what is in view; negative steps go back in time."""
        first, stop = self.window(times, start)
        size = stop - first
        back = len(times) - stop - steps * max(1, size // 4)
        return replace(self, span=size, back=max(0, min(back, len(times) - size)))

    def ranged(self, ranges: Sequence[str], steps: int) -> Viewport:
        """The next longer or shorter of `ranges`, to its full length and up to the newest point."""
        at = ranges.index(self.range) + steps if self.range in ranges else 0
        return Viewport(ranges[max(0, min(len(ranges) - 1, at))])


def span_name(port: Viewport, times: Sequence[int]) -> str:
    """The name of what is in view: that of the range, or once it was zoomed or moved how much time `times` cover."""
    if not (port.span or port.back) or len(times) < 2:
        return port.range
    length = times[-1] - times[0]
    if port.is_intraday:
        hours, days = length / 3600, len({when // _DAY_S for when in times})
        return f"{days}d" if days > 1 else f"{hours:.1f}h"
    months = round(length / 30.44)
    if length < 60:
        return f"{length}d"
    return f"{months}m" if months < 24 and months != 12 else f"{length / 365.25:.1f}y".replace(".0y", "y")


def points_of(name: str, times: Sequence[int], start: int = 0) -> int:
    """How many of the newest points a range holds."""
    if not times:
        return 0
    if name in INTRADAY:
        days = sorted({when // _DAY_S for when in times})  # regular hours in New York never cross midnight UTC
        return len(times) - bisect_left(times, days[-INTRADAY[name] :][0] * _DAY_S)
    if name == "max":
        return len(times)
    return len(times) - bisect_left(times, start if name == SINCE_START else _first_day(name, times[-1]))


def _first_day(name: str, last: int) -> int:
    end = date.fromordinal(last)
    if name == "ytd":
        return date(end.year, 1, 1).toordinal()
    months = end.year * 12 + end.month - 1 - _MONTHS[name]
    year, month = divmod(months, 12)
    return date(max(1, year), month + 1, min(end.day, 28)).toordinal() if year >= 1 else 1
