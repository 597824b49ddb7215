"""A chart in braille: lines over dates, levels with their labels as the right axis, and a cone of what may come."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from math import ceil, floor, isfinite, log10
from operator import itemgetter
from typing import NamedTuple

from rich.style import Style
from textual.geometry import Region

from rallytui.ui.glyphs import Glyphs
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.axis import Tick, clock_ticks, date_ticks
from rallytui.ui.widgets.braille import SOLID, Dash, Dot, Dots
from rallytui.ui.widgets.candles import Bar, draw_candles
from rallytui.ui.widgets.sheet import Cell, Phrase, Sheet, phrase_len

PLAN, FINE, COARSE = Dash(4, 2), Dash(1, 1), Dash(3, 3)
"""Patterns that tell lines apart without colour: of the plan, of a short average, of a long one."""
_SECONDS = 10_000_000  # a larger time is no day's ordinal
_STEPS = 50  # the range ends at a round number, of which it has at most so many
_LEGEND_ROWS = 10  # a lower chart has no room for its legend


@dataclass(frozen=True, slots=True)
class Line:
    """Values over session ordinals; a None leaves a gap. `char` is its sign where there is no braille."""

    days: Sequence[int]
    values: Sequence[float | None]
    style: Style
    char: str = "*"
    dash: Dash = SOLID


@dataclass(frozen=True, slots=True)
class Level:
    """A horizontal line with a label on the right axis; of two labels in one row the lower `rank` stays."""

    value: float
    label: str
    rank: float
    label_style: Style
    line_style: Style
    char: str


@dataclass(frozen=True, slots=True)
class Plot:
    """What to draw, the least important first. `cone` is a pair of lines with a tint between them."""

    lines: Sequence[Line]
    levels: Sequence[Level] = ()
    cone: tuple[Line, Line] | None = None
    today: tuple[int, float] | None = None
    legend: Phrase = ()
    note: Phrase = ()
    """Words about the range, at the right end of the legend's row where there is room."""
    corner: str = ""
    """The range in one word, below the right axis."""
    candles: Sequence[Bar] = ()
    times: Sequence[int] = ()
    """Where points stand at even steps, their `days` are indexes of these dates, or of moments within the day."""

    def span(self) -> tuple[int, int, float, float] | None:
        """First and last day, lowest and highest value of the field; levels outside are not drawn."""
        days, values = [], []
        for line in self._all():
            known = [(d, v) for d, v in zip(line.days, line.values, strict=True) if v is not None and isfinite(v)]
            if known:
                days += [known[0][0], known[-1][0]]
                values += [min(known, key=_value)[1], max(known, key=_value)[1]]
        if self.today:
            days.append(self.today[0])
            values.append(self.today[1])
        values += [price for bar in self.candles for price in (bar.low, bar.high)]
        if self.times:
            days = [0, len(self.times) - 1]
        return (min(days), max(days), *rounded(min(values), max(values))) if days and values else None

    def _all(self) -> Sequence[Line]:
        return [*self.lines, *(self.cone or ())]


def rounded(low: float, high: float) -> tuple[float, float]:
    """The range widened to round numbers: a price that goes a little further must not move every dot of the chart."""
    finest = (high - low) / _STEPS
    if not finest > 0:
        return low, high
    power = 10.0 ** floor(log10(finest))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= finest)
    return floor(low / step) * step, ceil(high / step) * step


def _value(point: tuple[int, float]) -> float:
    return point[1]


@dataclass(frozen=True, slots=True)
class Scale:
    """From days and values to dots and cells of a field of `width` × `height` cells."""

    width: int
    height: int
    first: int
    last: int
    low: float
    high: float

    def dot(self, day: float, value: float) -> Dot:
        """The dot of a point."""
        across = (day - self.first) / max(1, self.last - self.first)
        down = (self.high - value) / ((self.high - self.low) or 1.0)
        return round(across * (self.width * 2 - 1)), round(down * (self.height * 4 - 1))

    def row(self, value: float) -> int:
        """The row of a value."""
        return self.dot(self.first, value)[1] // 4

    def half_row(self, value: float) -> int:
        """The half row of a value: two to a cell."""
        return self.dot(self.first, value)[1] // 2

    def column(self, day: float) -> int:
        """The column of a day."""
        return self.dot(day, self.high)[0] // 2

    def runs(self, line: Line) -> list[list[Dot]]:
        """The line's dots, apart where values are missing."""
        across = (self.width * 2 - 1) / max(1, self.last - self.first)
        down = (self.height * 4 - 1) / ((self.high - self.low) or 1.0)
        runs: list[list[Dot]] = [[]]
        for day, value in zip(line.days, line.values, strict=True):
            if value is not None and isfinite(value):
                runs[-1].append((round((day - self.first) * across), round((self.high - value) * down)))
            elif runs[-1]:
                runs.append([])
        return [thinned(run) for run in runs]

    def ticks(self, times: Sequence[int]) -> list[Tick]:
        """The labels below."""
        if not times:
            return date_ticks(self.column, self.first, self.last, self.width)
        if times[-1] > _SECONDS:
            return clock_ticks(times, self.column, self.width)
        return date_ticks(lambda day: self.column(bisect_left(times, day)), times[0], times[-1], self.width)


def thinned(run: list[Dot]) -> list[Dot]:
    """A run with at most two points in each dot column, the lowest and the highest; the rest is filled anyway."""
    if len(run) < 4 or len(run) <= 2 * (run[-1][0] - run[0][0]):
        return run
    kept: list[Dot] = []
    for x, same in groupby(run, key=itemgetter(0)):
        ys = [y for _, y in same]
        low, high = min(ys), max(ys)
        ends = (low, high) if ys[0] - low <= high - ys[0] else (high, low)  # the nearer end to where it comes in
        kept += [(x, y) for y in ends[: 1 + (low != high)]]
    return kept


class Drawn(NamedTuple):
    """Where a chart's lines went."""

    field: Region
    scale: Scale


def draw_chart(sheet: Sheet, box: Region, plot: Plot, p: Palette, g: Glyphs) -> Drawn | None:
    """Draw a plot into `box`: the last row holds the dates, the right columns the levels' labels. None without room."""
    span = plot.span()
    axis = max((len(level.label) for level in plot.levels), default=-1) + 1
    field = Region(box.x, box.y, box.width - axis, box.height - 1)
    if span is None or field.width < 4 or field.height < 2:
        return None
    scale = Scale(field.width, field.height, *span)
    _draw_levels(sheet, field, plot, scale)
    _draw_today(sheet, field, plot, scale, p, g)
    _draw_cone(sheet, field, plot, scale, p, g)
    for line in plot.lines:
        _draw_line(sheet, field, line, scale, g)
    draw_candles(sheet, field, scale.column, scale.half_row, plot.candles, p, g)
    if plot.today:
        x, y = scale.column(plot.today[0]), scale.row(plot.today[1])
        sheet.put(field.x + x, field.y + y, g.now, p.bright)
    _draw_legend(sheet, field, plot, g)
    for x, label in scale.ticks(plot.times):
        sheet.put(field.x + x, field.bottom, label, p.dim)
    if len(plot.corner) < axis:
        sheet.put(field.right + 1, field.bottom, plot.corner, p.text)
    return Drawn(field, scale)


def placed_levels(plot: Plot, scale: Scale) -> dict[int, Level]:
    """The levels that keep their label, by row: in a collision the lower rank stays."""
    rows: dict[int, Level] = {}
    for level in sorted(plot.levels, key=lambda level: level.rank):
        if scale.low <= level.value <= scale.high:
            rows.setdefault(scale.row(level.value), level)
    return rows


def _draw_levels(sheet: Sheet, field: Region, plot: Plot, scale: Scale) -> None:
    for level in plot.levels:
        if scale.low <= level.value <= scale.high:
            sheet.put(field.x, field.y + scale.row(level.value), level.char * field.width, level.line_style)
    for row, level in placed_levels(plot, scale).items():
        sheet.put(field.right + 1, field.y + row, level.label, level.label_style)


def _draw_today(sheet: Sheet, field: Region, plot: Plot, scale: Scale, p: Palette, g: Glyphs) -> None:
    if plot.today:
        x = field.x + scale.column(plot.today[0])
        for y in range(field.y, field.bottom):
            sheet.put(x, y, g.today, p.rule)


def _draw_cone(sheet: Sheet, field: Region, plot: Plot, scale: Scale, p: Palette, g: Glyphs) -> None:
    if plot.cone is None:
        return
    low, high = (_edge(scale, line) for line in plot.cone)
    for x in sorted(low.keys() & high.keys()):
        for row in range(high[x] // 4, low[x] // 4 + 1):
            sheet.paint(field.x + x, field.y + row, 1, p.tint)
    for line in plot.cone:
        _draw_line(sheet, field, line, scale, g)


def _edge(scale: Scale, line: Line) -> dict[int, int]:
    """The dot row of a line in every column that it crosses."""
    edge: dict[int, int] = {}
    for run in scale.runs(line):
        for (x1, y1), (x2, y2) in zip(run, run[1:] or run, strict=False):
            for x in range(x1 // 2, x2 // 2 + 1):
                edge[x] = y1 + (y2 - y1) * min(max(2 * x - x1, 0), x2 - x1) // max(1, x2 - x1)
    return edge


def _draw_line(sheet: Sheet, field: Region, line: Line, scale: Scale, g: Glyphs) -> None:
    dots = Dots(field.width, field.height)
    for run in scale.runs(line):
        dots.line(run, line.dash)
    for (x, y), sign in dots.cells().items():
        row = sheet.rows[field.y + y]
        below = row[field.x + x][1]
        row[field.x + x] = (sign if g.unicode else line.char, line.style + _ground(below))


@lru_cache(maxsize=256)
def _ground(style: Style) -> Style:
    """The background alone, such as the tint of the cone: it stays below a line, the rest does not."""
    return Style(bgcolor=style.bgcolor)


def _draw_legend(sheet: Sheet, field: Region, plot: Plot, g: Glyphs) -> None:
    """In the highest row that the lines leave free, with the note at its end if there is one; today's line may cross.

    Without a row for both the legend stands alone.
    """
    size, note = phrase_len(plot.legend), phrase_len(plot.note)
    if field.height < _LEGEND_ROWS:
        return
    both = [(y, True) for y in range(field.height)] if note and size + note + 3 <= field.width else []
    alone = [(y, False) for y in range(field.height)] if size <= field.width else []
    for row, noted in both + alone:
        y, cells = field.y + row, sheet.rows[field.y + row]
        spans = [(field.x, field.x + size + 1)] + ([(field.right - note - 1, field.right)] if noted else [])
        if all(_is_free(cells[a:b], g) for a, b in spans):
            sheet.phrase(field.x, y, plot.legend)
            if noted:
                sheet.right_phrase(field.right, y, plot.note)
            return


def _is_free(cells: Sequence[Cell], g: Glyphs) -> bool:
    return all(char in (" ", g.today) for char, _ in cells)
