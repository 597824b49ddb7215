"""The page of one row: a symbol or a risk reading, opened from its pane; `j` and `k` turn to its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.widget import Widget

from rallytui.board.shape import Board
from rallytui.ui.keys import Scope, bindings
from rallytui.ui.panes.listing import Opened
from rallytui.ui.screens.frame import Frame, Moment
from rallytui.ui.screens.risk_page import risk_page
from rallytui.ui.screens.sections import Column
from rallytui.ui.screens.symbol_page import symbol_page
from rallytui.ui.widgets.page import Page
from rallytui.ui.widgets.sheet import Sheet


class DetailScreen(Frame):
    """It follows the board like the panes do."""

    BINDINGS = bindings("detail")

    def __init__(self, board: Board | None, ask: Callable[[], Moment], opened: Opened) -> None:
        super().__init__(board, ask)
        self.kind, self.key, self.keys = opened.kind, opened.key, opened.keys

    def content(self) -> Iterable[Widget]:
        yield Page(self._draw, id="page")

    def on_mount(self) -> None:
        self.query_one(Page).focus()

    def paint(self, board: Board | None) -> None:
        """The page of another board; where it is scrolled to stays."""
        super().paint(board)
        self.query_one(Page).repaint()

    def scopes(self) -> tuple[Scope, ...]:
        return ("detail", "app")

    def action_back(self) -> None:
        self.dismiss()

    def action_turn(self, step: int) -> None:
        """The row after or before; it stops at the ends."""
        at = self.keys.index(self.key) if self.key in self.keys else 0
        self.key = self.keys[max(0, min(len(self.keys) - 1, at + step))]
        self.query_one(Page).to_top()

    def action_scroll(self, pages: int) -> None:
        self.query_one(Page).scroll_pages(pages)

    def _draw(self, width: int, height: int) -> Sheet:
        page = self.query_one(Page)
        p, g, board = page.palette, page.glyphs, self.board
        if board is not None and self.kind == "symbol":
            rows = [row for one in board.watchlists for row in one.rows if row.symbol == self.key]
            if rows:
                return symbol_page(board, rows[0], width, height, p, g)
        if board is not None and self.kind == "indicator":
            for group in board.risks.groups:
                for reading in group.indicators:
                    if reading.id == self.key:
                        return risk_page(board, group, reading, width, height, p, g)
        gone = Column(width, p, g)
        gone.text("This row is not on the board any more. Esc goes back.")
        return gone.sheet(height)
