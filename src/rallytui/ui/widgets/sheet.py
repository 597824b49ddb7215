"""A sheet of cells to place styled text on; it becomes strips of exactly its width."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter

from rich.cells import cell_len, get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

Cell = tuple[str, Style]
Piece = tuple[str, Style]
Phrase = tuple[Piece, ...]
"""Words of several styles that belong together."""


def phrase_len(phrase: Phrase) -> int:
    """The cells a phrase takes."""
    return sum(cell_len(text) for text, _ in phrase)


class Sheet:
    """`width` × `height` cells. Whatever falls outside is dropped, so a caller asks for room before a number."""

    def __init__(self, width: int, height: int, style: Style) -> None:
        self.width, self.height, self.style = width, height, style
        self.rows: list[list[Cell]] = [[(" ", style)] * width for _ in range(height)]

    def put(self, x: int, y: int, text: str, style: Style | None = None) -> int:
        """Write `text` from column `x` on; returns the column after it."""
        cells = _cells(text, self.style if style is None else style)
        end = x + len(cells)
        if 0 <= y < self.height and x < self.width and end > 0:
            _overwrite(self.rows[y], x, cells)
        return end

    def right(self, end: int, y: int, text: str, style: Style | None = None) -> int:
        """Write `text` so that it ends before column `end`; returns the column it starts in."""
        start = end - cell_len(text)
        self.put(start, y, text, style)
        return start

    def phrase(self, x: int, y: int, pieces: Iterable[Piece]) -> int:
        """Write pieces one after the other; returns the column after the last."""
        for text, style in pieces:
            x = self.put(x, y, text, style)
        return x

    def right_phrase(self, end: int, y: int, phrase: Phrase) -> int:
        """Write a phrase so that it ends before column `end`; returns the column it starts in."""
        start = end - phrase_len(phrase)
        self.phrase(start, y, phrase)
        return start

    def paint(self, x: int, y: int, width: int, style: Style) -> None:
        """Lay `style` (a background) over cells that are already written."""
        if 0 <= y < self.height:
            row = self.rows[y]
            start, end = max(0, x), min(self.width, x + width)
            row[start:end] = [(char, old + style) for char, old in row[start:end]]

    def strips(self) -> list[Strip]:
        """The sheet as Textual strips."""
        return [_strip(row, self.width) for row in self.rows]


def _overwrite(row: list[Cell], x: int, cells: list[Cell]) -> None:
    """Put cells into a row. Half of a wide sign that is cut off, or was there before, becomes a blank."""
    start, end = max(0, x), min(len(row), x + len(cells))
    halves = row[start][0] == "", end < len(row) and row[end][0] == ""
    row[start:end] = cells[start - x : end - x]
    if start and halves[0]:
        row[start - 1] = (" ", row[start - 1][1])
    if halves[1]:
        row[end] = (" ", row[end][1])
    if end < x + len(cells) and cells[end - x][0] == "":
        row[end - 1] = (" ", row[end - 1][1])
    if x < 0 and row[0][0] == "":
        row[0] = (" ", row[0][1])


def _strip(row: list[Cell], width: int) -> Strip:
    runs = groupby(row, key=itemgetter(1))
    return Strip([Segment("".join([char for char, _ in run]), style) for style, run in runs], width)


def _cells(text: str, style: Style) -> list[Cell]:
    if text.isascii():
        return [(char, style) for char in text]
    cells: list[Cell] = []
    for char in text:
        size = get_character_cell_size(char)
        if size:
            # The second cell of a wide sign is empty: the sign itself covers it.
            cells += [(char, style), ("", style)][:size]
    return cells
