"""What a pane has to be to stand on the board: its slot, its page, what its picture depends on, what its keys turn."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from rallytui.board.shape import Board
from rallytui.ui.format import clean
from rallytui.ui.keys import Scope
from rallytui.ui.layout import PANES
from rallytui.ui.panes.listing import Kind
from rallytui.ui.widgets.canvas import Pane


class BoardPane(Pane):
    """One of the panes that `panes.BOARD_PANES` lists; mixed into a pane or a list of its own."""

    slot: ClassVar[str] = ""
    """Its place in `layout.PANES`, and so its number."""
    kind: ClassVar[Kind | None] = None
    """What the page behind Enter is about."""
    _drawn: object = None

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.slot:
            cls.key = str(PANES.index(cls.slot) + 1)

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """Where the keys exist that the last row names while it has the focus."""
        return ("app", "board")

    def inputs(self, board: Board | None) -> object:
        """What its picture depends on: most boards change one quote, and the other panes need not be drawn again."""
        return board

    def show(self, board: Board | None) -> None:
        """Take another board, and draw it if it changes the picture."""
        inputs = self.inputs(board)
        self.board = board
        if board is None or inputs != self._drawn:
            self._drawn = inputs
            self.repaint()

    def words(self, text: str) -> str:
        """Words from outside as this terminal can write them."""
        return self.glyphs.words(clean(text))

    def tick(self, now: datetime) -> None:
        """A second may have passed; panes know no other time than the board's, and most need none."""

    def wanted_rows(self, board: Board) -> int:
        """The rows that a pane of the lower storey can fill."""
        return 0

    def parts(self, board: Board) -> int:
        """How many lists or indices it turns through."""
        return 1

    def turn(self, step: int) -> None:
        """Show the next of them, or the one before."""

    def marked(self) -> str:
        """The key of what the reader is at; empty for nothing."""
        return ""
