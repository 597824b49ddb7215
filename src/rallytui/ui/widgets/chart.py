"""A chart in braille: lines over dates, levels with their labels as the right axis, and a cone of what may come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from math import isfinite

from rich.style import Style
from textual.geometry import Region

from rallytui.ui.glyphs import Glyphs
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.braille import Dot, Dots
from rallytui.ui.widgets.sheet import Phrase, Sheet, phrase_len

_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60)
_MONTH_ROOM, _MONTHS = 5, 10  # columns from one month's label to the next at the least, and labels at the most
_DASH = 2
_LEGEND_ROWS = 10  # a lower chart has no room for its legend


@dataclass(frozen=True, slots=True)
class Line:
    """Values over session ordinals; a None leaves a gap. `char` is its sign where there is no braille."""

    days: Sequence[int]
    values: Sequence[float | None]
    style: Style
    char: str = "*"
    dashed: bool = False


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

    def span(self) -> tuple[int, int, float, float] | None:
        """First and last day, lowest and highest value of the lines; levels outside are not drawn."""
        points = [p for line in self._all() for p in zip(line.days, line.values, strict=True) if _known(p[1])]
        points += [self.today] if self.today else []
        if not points:
            return None
        days, values = [day for day, _ in points], [value for _, value in points if value is not None]
        return min(days), max(days), min(values), max(values)

    def _all(self) -> Sequence[Line]:
        return [*self.lines, *(self.cone or ())]


def _known(value: float | None) -> bool:
    return value is not None and isfinite(value)


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
        return runs


def draw_chart(sheet: Sheet, box: Region, plot: Plot, p: Palette, g: Glyphs) -> None:
    """Draw a plot into `box`: the last row holds the months, the right columns the levels' labels."""
    span = plot.span()
    axis = max((len(level.label) for level in plot.levels), default=-1) + 1
    field = Region(box.x, box.y, box.width - axis, box.height - 1)
    if span is None or field.width < 4 or field.height < 2:
        return
    scale = Scale(field.width, field.height, *span)
    _draw_levels(sheet, field, plot, scale)
    _draw_today(sheet, field, plot, scale, p, g)
    _draw_cone(sheet, field, plot, scale, p, g)
    for line in plot.lines:
        _draw_line(sheet, field, line, scale, g)
    if plot.today:
        x, y = scale.column(plot.today[0]), scale.row(plot.today[1])
        sheet.put(field.x + x, field.y + y, g.now, p.bright)
    _draw_legend(sheet, field, plot, g)
    for x, label in months(scale):
        sheet.put(field.x + x, field.bottom, label, p.dim)


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
        dots.line(run, _DASH if line.dashed else 0)
    for (x, y), sign in dots.cells().items():
        row = sheet.rows[field.y + y]
        below = row[field.x + x][1]
        row[field.x + x] = (sign if g.unicode else line.char, line.style + _ground(below))


@lru_cache(maxsize=256)
def _ground(style: Style) -> Style:
    """The background alone, such as the tint of the cone: it stays below a line, the rest does not."""
    return Style(bgcolor=style.bgcolor)


def _draw_legend(sheet: Sheet, field: Region, plot: Plot, g: Glyphs) -> None:
    """In the highest row that the lines leave free; it may cross today's line."""
    size = phrase_len(plot.legend)
    if size > field.width or field.height < _LEGEND_ROWS:
        return
    for y in range(field.y, field.bottom):
        if all(char in (" ", g.today) for char, _ in sheet.rows[y][field.x : field.x + size + 1]):
            sheet.phrase(field.x, y, plot.legend)
            return


def months(scale: Scale) -> list[tuple[int, str]]:
    """Labels for the first days of months, as many as have room; a year stands in place of its January if few do."""
    firsts = list(_month_starts(date.fromordinal(scale.first), date.fromordinal(scale.last)))
    for step in _MONTH_STEPS:
        labels = [(scale.column(d.toordinal()), _month(d, step)) for d in firsts if _on_step(d, step)]
        labels = [(x, text) for x, text in labels if x + len(text) <= scale.width]
        room = min((b - a for (a, _), (b, _) in pairwise(labels)), default=_MONTH_ROOM)
        if room >= _MONTH_ROOM and len(labels) <= _MONTHS:
            return labels
    return []


def _month_starts(first: date, last: date) -> list[date]:
    begin, end = first.year * 12 + first.month - (first.day == 1), last.year * 12 + last.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(begin, end + 1)]


def _on_step(day: date, step: int) -> bool:
    if step > 12:
        return day.month == 1 and day.year % (step // 12) == 0
    return day.month % 2 == 0 if step == 2 else (day.month - 1) % step == 0


def _month(day: date, step: int) -> str:
    return f"{day:%Y}" if step >= 3 and day.month == 1 else f"{day:%b}"
