"""Readings beside the lights: they help to read them, have no score, and stand dim in the columns of the risk list."""

from __future__ import annotations

from collections.abc import Sequence

from rallytui.board.shape import Context
from rallytui.ui.format import change, clean, cut, price
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.panes.readings import tightened
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.sheet import Sheet


def context_number(one: Context, g: Glyphs) -> str:
    """The value without its unit."""
    return (change if one.signed else price)(one.value, 1, g)


def draw_context(
    sheet: Sheet, y: int, rows: Sequence[tuple[Context, str]], ends: tuple[int, int, int], p: Palette, g: Glyphs
) -> None:
    """A label and a row each. `ends` are the room of a title, where a number ends and where its unit begins."""
    title, number, unit = ends
    if rows:
        sheet.put(1, y, "not scored", p.dim)
    for row, (one, text) in enumerate(rows, y + 1):
        sheet.put(5, row, cut(tightened(g.words(clean(one.title, 80)), title), title, g), p.dim)
        sheet.right(number, row, text, p.dim)
        if one.value is not None:
            sheet.put(unit, row, g.words(clean(one.unit, 4)), p.dim)
