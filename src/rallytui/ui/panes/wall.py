"""The wall as a widget: which rung and names it shows, and where the picture stands this hour."""

from __future__ import annotations

from datetime import datetime

from textual.strip import Strip

from rallytui.board.shape import Board
from rallytui.ui.panes.wall_picture import Picture
from rallytui.ui.widgets.canvas import Canvas
from rallytui.ui.widgets.sheet import Sheet

_SHIFTS = ((0, 0), (1, 0), (1, 1), (0, 1))
"""Where the picture stands, hour by hour, so that a screen which is never switched off does not keep it."""
_HOUR_S = 3600


class Wall(Canvas):
    """Draws the board for a reader two metres away. It moves once an hour and when it is told to, else never."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.board: Board | None = None
        self.step = 0
        self._shift = _SHIFTS[0]

    def show(self, board: Board | None) -> None:
        """Draw another board; only what differs is painted."""
        self.board = board
        self.repaint()

    def tick(self, now: datetime) -> None:
        """Stand where this hour wants it."""
        shift = _SHIFTS[int(now.timestamp()) // _HOUR_S % len(_SHIFTS)]
        if shift != self._shift:
            self._shift = shift
            self.repaint()

    def turn(self, steps: int) -> None:
        """The next rung and the next names, or those before."""
        self.step += steps
        self.repaint()

    def draw(self, width: int, height: int) -> list[Strip]:
        """The picture leaves one column and one row free, in which it moves."""
        sheet, (x, y) = Sheet(width, height, self.palette.text), self._shift
        inner = Sheet(max(0, width - 1), max(0, height - 1), self.palette.text)
        if self.board is not None:
            Picture(inner, self.board, self.step, self.palette, self.glyphs).draw()
        for row, cells in zip(sheet.rows[y:], inner.rows, strict=False):
            row[x : x + len(cells)] = cells
        return sheet.strips()
