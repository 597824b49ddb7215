"""Lists of numbers and tables on pages: a label, a value and a note each, and what to say where there is no value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rich.cells import cell_len

from rallytui.ui.format import change, clean, cut, price, with_unit
from rallytui.ui.screens.sections import Column
from rallytui.ui.widgets.sheet import Piece, Sheet

_GAP = 2
_LEAST_LABEL = 8


class Fact(NamedTuple):
    """One line: the field of the readings that it shows, what it is called, and how its number is written."""

    field: str
    label: str
    unit: str = ""
    decimals: int = 2
    signed: bool = False


def draw_facts(
    column: Column, readings: object, facts: Sequence[Fact], reasons: Mapping[str, str], notes: Mapping[str, str]
) -> None:
    """A line for each fact; a missing one says why, as far as that is known."""
    for field, label, unit, decimals, signed in facts:
        value = getattr(readings, field)
        if value is None:
            column.unknown(label, clean(reasons.get(field, ""), 80))
        else:
            text = (change if signed else price)(value, decimals, column.g)
            column.fact(label, with_unit(text, column.g.words(unit), column.g), notes.get(field, ""))


class TableRow(NamedTuple):
    """A label and one cell for each column of a table."""

    label: str
    cells: Sequence[Piece]


def draw_table(column: Column, rows: Sequence[TableRow], label: int, cell: int) -> None:
    """A table whose cells end at their column's edge; columns without room go into a second table below it."""
    count = max((len(row.cells) for row in rows), default=0)
    room = column.width - 2
    label = max(_LEAST_LABEL, min(label, room - cell))
    per_block = max(1, (room - label) // cell)
    for start in range(0, count, per_block):
        if start:
            column.blank()
        for row in rows:
            column.block(_table_row(column, row, start, per_block, label, cell))


def _table_row(column: Column, row: TableRow, start: int, count: int, label: int, cell: int) -> Sheet:
    p, g = column.p, column.g
    line = Sheet(column.width, 1, p.text)
    line.put(1, 0, cut(g.words(row.label), label, g), p.dim)
    for n, (text, style) in enumerate(row.cells[start : start + count], 1):
        missing = text == g.missing
        fitted = text if cell_len(text) <= cell - 1 else cut(text, cell - _GAP, g)
        line.right(1 + label + n * cell, 0, fitted, p.dim if missing else style)
    return line
