"""What the board judged before, session by session: a cursor over the records, and a way to the board of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from textual.widget import Widget

from rallytui.board.shape import Board
from rallytui.board.shape.history import Record
from rallytui.ui.keys import Action, Scope, bindings
from rallytui.ui.past import recorded_by
from rallytui.ui.screens.board import has_data
from rallytui.ui.screens.frame import Moment
from rallytui.ui.screens.history_picture import Drawing
from rallytui.ui.screens.recorded import Recorded
from rallytui.ui.screens.sections import Column
from rallytui.ui.source import BoardSource
from rallytui.ui.widgets.page import Page
from rallytui.ui.widgets.sheet import Sheet


class HistoryPage(Recorded):
    """The records are read when the page opens; in a look back those of later sessions are left out."""

    BINDINGS = bindings("history")

    def __init__(self, board: Board | None, ask: Callable[[], Moment], source: BoardSource) -> None:
        super().__init__(board, ask)
        self._source = source
        self._day: date | None = None

    def content(self) -> Iterable[Widget]:
        yield Page(self._draw, id="page")

    def on_mount(self) -> None:
        self.query_one(Page).focus()
        self.read_records()

    def tick(self, moment: Moment) -> None:
        """Records are computed while the program runs: the first ones are waited for."""
        super().tick(moment)
        if self.recorded == [] and not self.is_filling:
            self.read_records()

    def paint(self, board: Board | None) -> None:
        super().paint(board)
        self.query_one(Page).repaint()

    @property
    def records(self) -> list[Record]:
        """Those that may be shown, oldest first."""
        return recorded_by(self.board, self.recorded or [])

    @property
    def at(self) -> int:
        """The index of the record under the cursor: the newest one until it was moved."""
        records = self.records
        later = (n for n, record in enumerate(records) if self._day is not None and record.session >= self._day)
        return next(later, len(records) - 1)

    def scopes(self) -> tuple[Scope, ...]:
        return ("history", "app")

    def does(self, action: Action) -> bool:
        """Without records there is nothing to go to."""
        return super().does(action) and (action.id not in ("earlier", "travel") or bool(self.records))

    # --- keys ---

    def action_back(self) -> None:
        self.dismiss()

    def action_step(self, sessions: int) -> None:
        """Move the cursor; it stops at the ends."""
        records = self.records
        if records:
            self._day = records[max(0, min(len(records) - 1, self.at + sessions))].session
            self.query_one(Page).repaint()

    def action_travel(self) -> None:
        """The board of that session."""
        records = self.records
        if records:
            self._source.look(self._source.session(records[self.at].session))
            self.dismiss()

    def action_scroll_by(self, rows: int) -> None:
        self.query_one(Page).scroll_rows(rows)

    def action_scroll(self, pages: int) -> None:
        self.query_one(Page).scroll_pages(pages)

    # --- drawing ---

    def _draw(self, width: int, height: int) -> Sheet:
        page, records = self.query_one(Page), self.records
        if records:
            drawing = Drawing(records, self.at, self.board, width, page.palette, page.glyphs)
            return drawing.sheet(height, self.is_filling)
        column = Column(width, page.palette, page.glyphs)
        column.rule("History", focused=True)
        column.blank()
        if self.recorded is None:
            column.text("reading the records")
        elif self.is_filling and has_data(self.board):
            column.text("The sessions of the last year are being judged; the first ones appear in a moment.")
        elif self.recorded:
            column.text("No session up to that day is recorded.")
        else:
            column.text("No session is recorded yet. The board of each completed session is, on its evening.")
        return column.sheet(height)
