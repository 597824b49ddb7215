"""The history of one risk reading: its values over the bands of its bounds, and a strip of its lights."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite
from typing import NamedTuple

from textual.geometry import Region

from rallytui.board.shape import IndicatorCloseUp
from rallytui.model import Light
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.axis import date_ticks
from rallytui.ui.widgets.braille import Dots
from rallytui.ui.widgets.sheet import Sheet

BOUNDS: tuple[tuple[float, Light], ...] = ((70, "stress"), (40, "watch"))
"""Scores at which a reading's light changes, the higher one first."""
AXIS = 16
"""Columns of the values and scores at the right."""
_YEAR = 366
_LEAST = 40  # points a view should have; a slow series is shown over more years
_WORST: tuple[Light, ...] = ("stress", "watch", "calm", "unknown")


class View(NamedTuple):
    """The part of a history that is shown: days as ordinals, all of one length."""

    times: Sequence[int]
    values: Sequence[float | None]
    lights: Sequence[Light]


def recent(history: IndicatorCloseUp) -> View:
    """The last year; of a series that moves once a month or quarter as many years as make a line."""
    times = history.times
    for years in (1, 2, 5):
        start = next((n for n, day in enumerate(times) if day > times[-1] - years * _YEAR), 0)
        if len(times) - start >= _LEAST:
            return View(times[start:], history.values[start:], history.lights[start:])
    return View(times, history.values, history.lights)


def score_at(value: float, knots: Sequence[tuple[float, float]]) -> float:
    """The score of a value between its bounds, straight lines between them, flat beyond."""
    if value <= knots[0][0]:
        return knots[0][1]
    for (x1, y1), (x2, y2) in pairwise(knots):
        if value <= x2:
            return y1 + (y2 - y1) * (value - x1) / ((x2 - x1) or 1.0)
    return knots[-1][1]


def light_at(score: float) -> Light:
    """The light of a score, without the memory that a reading's own light has."""
    return next((light for bound, light in BOUNDS if score >= bound), "calm")


def crossings(knots: Sequence[tuple[float, float]], bound: float) -> list[float]:
    """The values at which the score passes `bound`."""
    found = []
    for (x1, y1), (x2, y2) in pairwise(knots):
        if y1 != y2 and min(y1, y2) < bound <= max(y1, y2):
            found.append(x1 + (x2 - x1) * (bound - y1) / (y2 - y1))
    return found


class Label(NamedTuple):
    """A value at the right edge, and what stands beside it."""

    value: float
    text: str
    score: float
    now: bool = False


def draw_history(
    sheet: Sheet, box: Region, view: View, knots: Sequence[tuple[float, float]], labels: Sequence[Label], p: Palette,
    g: Glyphs,
) -> None:  # fmt: skip
    """Draw into `box`; the last row has the dates, the right columns the labels, the newest value first of all."""
    known = [value for value in view.values if value is not None and isfinite(value)]
    field = Region(box.x, box.y, box.width - AXIS, box.height - 1)
    if not known or field.width < 10 or field.height < 4:
        return
    low, high = _span(known, knots)
    bands = _draw_bands(sheet, field, low, high, knots, p)

    def row(value: float) -> float:
        return (high - value) / (high - low) * (field.height - 1)

    rows: set[int] = set()
    for label in sorted(labels, key=lambda label: (not label.now, -label.score)):
        y = round(row(label.value))
        if low <= label.value <= high and y not in rows:
            rows.add(y)
            _draw_label(sheet, field, field.y + y, label, p, g)
    first, last = view.times[0], view.times[-1]
    across = (2 * field.width - 1) / max(1, last - first)
    dots = Dots(field.width, field.height)
    for run in _runs(view):
        dots.line((round((day - first) * across), round(row(value) * 4 + 1.5)) for day, value in run)
    for (x, y), sign in dots.cells().items():
        ground = sheet.rows[field.y + y][field.x + x][1].background_style
        sheet.put(field.x + x, field.y + y, sign if g.unicode else "*", p.bright + ground)
    for y, light in bands:
        ground = sheet.rows[y][field.x][1].background_style
        sheet.right(field.right, y, f" {g.light(light)} {light.upper()} ", p.light(light) + ground)
    for x, text in date_ticks(lambda day: round((day - first) * across) // 2, first, last, field.width):
        sheet.put(field.x + x, field.bottom, text, p.dim)


def _span(known: Sequence[float], knots: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Lowest and highest value shown: the line, and the nearest bound beyond it, if that leaves the line its shape."""
    low, high = min(known), max(known)
    room = (high - low) or abs(high) or 1.0
    marks = [value for bound, _ in BOUNDS for value in crossings(knots, bound)] if len(knots) > 1 else []
    near = [value for value in marks if low - room <= value <= high + room]
    low, high = min([low, *near]), max([high, *near])
    air = ((high - low) or abs(high) or 1.0) * 0.06
    return low - air, high + air


def _runs(view: View) -> list[list[tuple[int, float]]]:
    runs: list[list[tuple[int, float]]] = [[]]
    for day, value in zip(view.times, view.values, strict=True):
        if value is not None and isfinite(value):
            runs[-1].append((day, value))
        elif runs[-1]:
            runs.append([])
    return runs


def _draw_bands(
    sheet: Sheet, field: Region, low: float, high: float, knots: Sequence[tuple[float, float]], p: Palette
) -> list[tuple[int, Light]]:
    """Paint the grounds; answers the first row of each band."""
    begins: list[tuple[int, Light]] = []
    if len(knots) < 2:
        return begins
    for y in range(field.height):
        value = high - (high - low) * y / (field.height - 1)
        score = score_at(value, knots)
        light = light_at(score)
        if light == "stress":
            sheet.paint(field.x, field.y + y, field.width, p.stress_band)
        elif light == "watch":
            sheet.paint(field.x, field.y + y, field.width, p.watch_band)
        if not begins or begins[-1][1] != light:
            begins.append((field.y + y, light))
    return begins


def _draw_label(sheet: Sheet, field: Region, y: int, label: Label, p: Palette, g: Glyphs) -> None:
    light = light_at(label.score)
    style = p.bright if label.now else p.light(light)
    if not label.now:
        for x in range(field.x, field.right):
            if sheet.rows[y][x][0] == " ":
                sheet.put(x, y, g.level, p.rule + sheet.rows[y][x][1].background_style)
    sheet.right(field.right + 9, y, label.text, style)
    sheet.right(field.right + 13, y, f"{label.score:.0f}", style)
    sheet.put(field.right + 14, y, g.axis if label.now else g.letter(light), style)


def draw_strip(sheet: Sheet, x: int, y: int, width: int, view: View, p: Palette, g: Glyphs) -> None:
    """One row: the worst light of each column's days, high for stress, half for watch; counts at the right."""
    sheet.put(x, y, "light ", p.dim)
    field, start = width - AXIS - 6, x + 6
    first, last = view.times[0], view.times[-1]
    worst: dict[int, Light] = {}
    for day, light in zip(view.times, view.lights, strict=False):
        column = (day - first) * (field - 1) // max(1, last - first)
        worst[column] = min(worst.get(column, "unknown"), light, key=_WORST.index)
    for column in range(field):
        light = worst.get(column, "unknown")
        sign = {"stress": g.blocks[7], "watch": g.blocks[3]}.get(light, g.track)
        sheet.put(start + column, y, sign, p.light(light) if light in ("stress", "watch") else p.rule)
    counts = [(view.lights.count(light), g.letter(light), p.light(light)) for light in ("stress", "watch")]
    end = start + field + 2
    for count, letter, style in counts:
        end = sheet.put(end, y, f"{count} {letter}", style if count else p.dim) + 2


class Change(NamedTuple):
    """A day on which the light became another one, and the value it had."""

    day: int
    light: Light
    value: float | None


def changes(view: View) -> list[Change]:
    """The changes of the light, newest first."""
    entries = list(zip(view.times, view.lights, view.values, strict=False))
    found = [Change(day, light, value) for (_, old, _), (day, light, value) in pairwise(entries) if light != old]
    return found[::-1]
