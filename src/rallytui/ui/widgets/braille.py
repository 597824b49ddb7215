"""Lines in braille: eight dots a cell, without the import of an array library at start-up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from math import isfinite
from typing import NamedTuple

# The bit of each dot of a cell, by row and column; Unicode numbers them down the columns, the last row apart.
_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_BLANK = 0x2800

Dot = tuple[int, int]


class Dash(NamedTuple):
    """A line's pattern in dot columns: so many drawn, so many left out."""

    on: int
    off: int


SOLID = Dash(1, 0)
_HEIGHTS = "^-._"


class Dots:
    """A field of 2 × 4 dots a cell. Dots outside are dropped."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width * 2, height * 4
        self._cells: dict[Dot, int] = {}

    def line(self, points: Iterable[Dot], dash: Dash = SOLID) -> None:
        """Join points in a pattern."""
        cells, width, height = self._cells, self.width, self.height
        on, period = dash.on, dash.on + dash.off
        for x, y in _joined(points):
            if 0 <= x < width and 0 <= y < height and x % period < on:
                cell = (x >> 1, y >> 2)
                cells[cell] = cells.get(cell, 0) | _BITS[y & 3][x & 1]

    def cells(self) -> dict[Dot, str]:
        """The sign of every cell that has a dot, by column and row."""
        return {cell: chr(_BLANK + bits) for cell, bits in self._cells.items()}


def _joined(points: Iterable[Dot]) -> Iterable[Dot]:
    ends = list(points)
    dots = ends[:1]
    for (x1, y1), (x2, y2) in pairwise(ends):
        across, down = x2 - x1, y2 - y1
        steps = max(abs(across), abs(down), 1)
        half = steps // 2
        dots += [(x1 + (across * n + half) // steps, y1 + (down * n + half) // steps) for n in range(1, steps + 1)]
    return dots


def sparkline(values: Sequence[float | None], width: int, unicode: bool = True) -> str:
    """The shape of `values` in one row of at most `width` cells; without braille in four heights, `_.-^`."""
    return _sparkline(tuple(values), width, unicode)


@lru_cache(maxsize=512)
def _sparkline(values: tuple[float | None, ...], width: int, unicode: bool) -> str:
    # Of many rows one changes at a time.
    known = [value for value in values if value is not None and isfinite(value)]
    if len(known) < 2 or width < 1:
        return " " * max(0, width)
    columns = min(2 * width if unicode else width, len(known))
    # Each column has the mean of its share.
    means = [_mean(known[n * len(known) // columns : (n + 1) * len(known) // columns]) for n in range(columns)]
    low, high = min(means), max(means)
    span = (high - low) or 1.0
    depths = [round((high - mean) / span * 3) for mean in means]
    if not unicode:
        return "".join(_HEIGHTS[depths[x * columns // width]] for x in range(width))
    dots = Dots(width, 1)
    dots.line((n * (2 * width - 1) // (columns - 1), depth) for n, depth in enumerate(depths))
    cells = dots.cells()
    return "".join(cells.get((x, 0), " ") for x in range(width))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
