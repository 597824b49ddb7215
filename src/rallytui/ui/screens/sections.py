"""The parts of a page: a column of rules, facts and text, written from top to bottom, and two columns side by side."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.style import Style

from rallytui.ui.format import cut, wrapped
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.canvas import draw_rule
from rallytui.ui.widgets.sheet import Cell, Phrase, Sheet, phrase_len

TWO_COLUMNS = 110
"""From this width on a page has two columns."""
_RIGHT, _GAP = 58 / 155, 3  # share of the right column, as on the board, and blank columns before it
_NOTE = 12
"""Columns of the notes to the right of values."""
_FAR = 52


class Column:
    """A column of a page, as wide as it is told and as high as what is written into it."""

    def __init__(self, width: int, p: Palette, g: Glyphs) -> None:
        self.width, self.p, self.g = width, p, g
        self.rows: list[list[Cell]] = []

    def _row(self) -> Sheet:
        sheet = Sheet(self.width, 1, self.p.text)
        self.rows.append(sheet.rows[0])
        return sheet

    def blank(self, rows: int = 1) -> None:
        """Empty rows."""
        for _ in range(rows):
            self._row()

    def rule(self, title: str, phrases: Sequence[Phrase] = (), subtitle: str = "", focused: bool = False) -> None:
        """A rule with a title, one blank row above unless it is the first."""
        if self.rows:
            self.blank()
        p, g = self.p, self.g
        char, style = (g.focus, p.accent) if focused else (g.rule, p.rule)
        draw_rule(self._row(), 0, char, style, ((title, p.bright),), phrases, (subtitle, p.bright))

    def phrase(self, phrase: Phrase) -> None:
        """One line of several styles."""
        self._row().phrase(1, 0, phrase)

    def text(self, words: str, style: Style | None = None) -> None:
        """A paragraph."""
        for line in wrapped(self.g.words(words), self.width - 2, self.g):
            self._row().put(1, 0, line, self.p.dim if style is None else style)

    def fact(self, label: str, value: str, note: str = "", style: Style | None = None) -> None:
        """A label, a value in its column, and a note at the edge."""
        row, p, g, right = self._row(), self.p, self.g, self.width - 1
        # In a wide column the number stays near its label.
        end = min(right - _NOTE, _FAR) if self.width >= 44 else right
        row.put(1, 0, cut(g.words(label), end - cell_len(value) - 2, g), p.dim)
        row.right(end, 0, value, p.text if style is None else style)
        if note and end < right:
            note = cut(g.words(note), _NOTE - 1, g)
            row.right(min(right, end + _NOTE), 0, note, p.dim)

    def unknown(self, label: str, reason: str) -> None:
        """A label without a value, and why."""
        row, g, right = self._row(), self.g, self.width - 1
        row.put(1, 0, g.words(label), self.p.dim)
        # The sign stands where the number would end, and the reason before it, if there is one.
        right = min(right, _FAR + _NOTE)
        end = right - _NOTE if self.width >= 44 and not reason else right
        text = cut(g.words(reason), right - cell_len(label) - 6, g)
        row.right(end, 0, f"{g.missing}  {text}".rstrip(), self.p.dim)

    def pair(self, left: Phrase, right: Phrase) -> None:
        """Something at either edge."""
        row = self._row()
        row.phrase(1, 0, left)
        if phrase_len(left) + phrase_len(right) + 4 <= self.width:
            row.right_phrase(self.width - 1, 0, right)

    def block(self, sheet: Sheet) -> None:
        """What was drawn elsewhere, in this width."""
        self.rows += sheet.rows

    def sheet(self, height: int = 0) -> Sheet:
        """The column by itself."""
        return _sheet([(row, []) for row in self.rows], self.width, 0, height, self.p.text)


class Columns:
    """The columns of a page: two where there is room, else one that is both `left` and `right`."""

    def __init__(self, width: int, p: Palette, g: Glyphs) -> None:
        self.two = width >= TWO_COLUMNS
        right = round((width - _GAP) * _RIGHT)
        self.left = Column(width - _GAP - right if self.two else width, p, g)
        self.right = Column(right, p, g) if self.two else self.left

    def sheet(self, height: int) -> Sheet:
        """The page."""
        return side_by_side(self.left, self.right, _GAP, height) if self.two else self.left.sheet(height)


def side_by_side(left: Column, right: Column, gap: int, height: int) -> Sheet:
    """Two columns in one sheet."""
    rows = max(len(left.rows), len(right.rows))
    pairs = [
        (left.rows[y] if y < len(left.rows) else [], right.rows[y] if y < len(right.rows) else []) for y in range(rows)
    ]
    return _sheet(pairs, left.width + gap + right.width, left.width + gap, height, left.p.text)


def _sheet(pairs: list[tuple[list[Cell], list[Cell]]], width: int, second: int, height: int, style: Style) -> Sheet:
    sheet = Sheet(width, max(height, len(pairs)), style)
    for row, (left, right) in zip(sheet.rows, pairs, strict=False):
        row[: len(left)] = left
        if right:
            row[second : second + len(right)] = right
    return sheet
