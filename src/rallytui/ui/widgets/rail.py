"""The rail: the way from the baseline to the highest rung, to scale, with the price on it."""

from __future__ import annotations

from dataclasses import dataclass

from rallytui.board.shape import Target
from rallytui.ui.format import level
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.sheet import Sheet

_GAP = 2  # blank columns between two labels, at the least


@dataclass(frozen=True, slots=True)
class Mark:
    """A rung on the rail: its column, and whether it was reached or is the next one."""

    x: int
    level: float
    reached: bool
    next: bool


def rail_marks(target: Target, width: int) -> list[Mark]:
    """The rungs on a rail of `width` cells; none without a baseline below them."""
    if _span(target) is None:
        return []
    return [
        Mark(
            x=_column(target, rung.level, width),
            level=rung.level,
            reached=rung.first_touch_close is not None,
            next=rung.level == target.next_rung,
        )
        for rung in sorted(target.rungs, key=lambda rung: rung.level)
    ]


def rail_position(target: Target, width: int) -> int | None:
    """The column of the price, held at the rail's ends when it is beyond them."""
    return None if target.last is None or _span(target) is None else _column(target, target.last, width)


def _span(target: Target) -> tuple[float, float] | None:
    start, top = target.baseline.level, max((rung.level for rung in target.rungs), default=0.0)
    return None if start is None or top <= start else (start, top)


def _column(target: Target, value: float, width: int) -> int:
    low, high = _span(target) or (0.0, 1.0)
    return max(0, min(width - 1, round((value - low) / (high - low) * (width - 1))))


def rail_labels(marks: list[Mark], position: int | None, width: int, g: Glyphs) -> list[tuple[int, Mark]]:
    """The labels that fit below, by their first column: the next rung first, then the nearest to the price."""
    here = width if position is None else position
    placed: list[tuple[int, int, Mark]] = []
    for mark in sorted(marks, key=lambda mark: (not mark.next, abs(mark.x - here))):
        size = len(level(mark.level, g))
        start = max(0, min(width - size, mark.x - size // 2))
        if size <= width and all(start + size + _GAP <= left or right + _GAP <= start for left, right, _ in placed):
            placed.append((start, start + size, mark))
    return sorted(((start, mark) for start, _, mark in placed), key=lambda label: label[0])


def draw_rail(sheet: Sheet, x: int, y: int, width: int, target: Target, p: Palette, g: Glyphs) -> None:
    """Draw the rail in row `y`. The way done is accent; the price stands above any rung in its column."""
    marks, position = rail_marks(target, width), rail_position(target, width)
    sheet.put(x, y, g.track * width, p.rule)
    if position:
        sheet.put(x, y, g.bar * position, p.accent)
    for mark in sorted(marks, key=lambda mark: mark.next):
        style = p.bright if mark.next else p.text if mark.reached else p.dim
        sheet.put(x + mark.x, y, g.reached if mark.reached else g.open, style)
    if position is not None:
        sheet.put(x + position, y, g.position, p.bright)


def draw_rail_labels(sheet: Sheet, x: int, y: int, width: int, target: Target, p: Palette, g: Glyphs) -> None:
    """Draw the levels below the rail, without collisions."""
    for start, mark in rail_labels(rail_marks(target, width), rail_position(target, width), width, g):
        sheet.put(x + start, y, level(mark.level, g), p.bright if mark.next else p.dim)
