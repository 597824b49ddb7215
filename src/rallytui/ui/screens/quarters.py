"""A company's quarters as a table, newest on the right, with the shape of its revenue in bars below the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rallytui.board.shape import QuarterRow
from rallytui.ui.format import change, day, month, price
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.screens.facts import TableRow, draw_table
from rallytui.ui.screens.sections import Column
from rallytui.ui.widgets.sheet import Piece, Sheet

_LABEL, _CELL = 14, 9
_MOST = 8
_SCALES = ((1e9, "bn"), (1e6, "m"), (1.0, ""))
_BAR_ROWS, _BAR = 2, 5


def draw_quarters(column: Column, quarters: Sequence[QuarterRow], today: date = date.max) -> None:
    """The newest quarters as far as there is room, eight at most; `today` is the New York date of the board."""
    p, g = column.p, column.g
    label = min(_LABEL, max(8, column.width // 4))
    shown = quarters[-max(1, min(_MOST, (column.width - 2 - label) // _CELL)) :]
    largest = max((abs(value) for one in shown for value in (one.revenue, one.net_income) if value), default=0.0)
    scale, unit = next(((s, u) for s, u in _SCALES if largest >= 10 * s), _SCALES[-1])

    def cells(texts: Sequence[str], dim: bool = False) -> list[Piece]:
        old = p.dim if dim else p.text
        return [(text, p.bright if n == len(shown) - 1 else old) for n, text in enumerate(texts)]

    def money(values: Sequence[float | None]) -> list[Piece]:
        return cells([price(None if value is None else value / scale, 1, g) for value in values])

    rows = [
        TableRow("quarter", cells([_name(one) for one in shown], dim=True)),
        TableRow(f"revenue, {unit}".rstrip(", "), money([one.revenue for one in shown])),
        TableRow("y/y %", cells([change(one.revenue_yoy_pct, 1, g) for one in shown])),
    ]
    if any(one.net_income is not None for one in shown):
        rows.append(TableRow(f"income, {unit}".rstrip(", "), money([one.net_income for one in shown])))
    rows.append(TableRow("filed", [(_filed(one, today, g), p.dim) for one in shown]))
    draw_table(column, rows, label, _CELL)
    if len(shown) > 2:
        column.block(_bars(column, shown, label))
    if any(one.derived for one in shown):
        column.text("* not reported by itself: the year less the nine months before")


def _name(one: QuarterRow) -> str:
    return f"Q{(one.end.month + 2) // 3} {one.end:%y}" + ("*" if one.derived else "")


def _filed(one: QuarterRow, today: date, g: Glyphs) -> str:
    """The day it was filed; of another year the month and the year, which have room."""
    if one.filed is None or one.filed.year == today.year:
        return day(one.filed, today, g)
    return month(one.filed, today, g)


def _bars(column: Column, shown: Sequence[QuarterRow], label: int) -> Sheet:
    p, g = column.p, column.g
    sheet = Sheet(column.width, _BAR_ROWS, p.text)
    most = max((one.revenue for one in shown if one.revenue), default=0.0)
    for n, one in enumerate(shown, 1):
        if not most or one.revenue is None or one.revenue <= 0:
            continue
        eighths = max(1, round(one.revenue / most * _BAR_ROWS * 8))
        style = p.accent if n == len(shown) else p.dim
        for y in range(_BAR_ROWS):
            fill = min(8, eighths - 8 * (_BAR_ROWS - 1 - y))
            if fill > 0:
                sheet.right(1 + label + n * _CELL, y, g.blocks[fill - 1] * _BAR, style)
    return sheet
