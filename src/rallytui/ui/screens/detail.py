"""The page of one row of a pane, opened with Enter; `j` and `k` turn to its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from textual.widget import Widget

from rallytui.board.shape import Board
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.keys import Action, Scope, bindings
from rallytui.ui.panes.listing import Opened
from rallytui.ui.screens.frame import Frame, Moment
from rallytui.ui.screens.risk_page import risk_page
from rallytui.ui.screens.sections import Column
from rallytui.ui.screens.symbol_page import symbol_page
from rallytui.ui.screens.target_page import target_page
from rallytui.ui.screens.thesis_page import thesis_page
from rallytui.ui.theme import Palette
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

    def does(self, action: Action) -> bool:
        """A page without neighbours turns to none."""
        return super().does(action) and (action.id != "next" or len(self.keys) > 1)

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
        p, g = page.palette, page.glyphs
        if self.board is not None and self.board.mode == "as_of":
            g = replace(g, rule=g.as_of, focus=g.as_of)
        drawn = self._page(self.board, width, height, p, g) if self.board is not None else None
        if drawn is not None:
            return drawn
        gone = Column(width, p, g)
        gone.text("This row is not on the board any more. Esc goes back.")
        return gone.sheet(height)

    def _page(self, board: Board, width: int, height: int, p: Palette, g: Glyphs) -> Sheet | None:
        """The page of the row with our key; None if there is no such row."""
        if self.kind == "symbol":
            rows = [row for one in board.watchlists for row in one.rows if row.symbol == self.key]
            return symbol_page(board, rows[0], width, height, p, g) if rows else None
        if self.kind == "target":
            targets = [target for n, target in enumerate(board.targets) if str(n) == self.key]
            return target_page(board, targets[0], width, height, p, g) if targets else None
        if self.kind == "claim":
            claims = [claim for claim in board.thesis if claim.id == self.key]
            return thesis_page(board, claims[0], width, height, p, g) if claims else None
        for group in board.risks.groups:
            for reading in group.indicators:
                if reading.id == self.key:
                    return risk_page(board, group, reading, width, height, p, g)
        return None
