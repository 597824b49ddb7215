"""What the board judged before, session by session: a cursor over the records, and a way to the board of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from textual.widget import Widget

from rallytui.board.shape import Board
from rallytui.board.shape.history import Record
from rallytui.ui.background import background
from rallytui.ui.keys import Action, Scope, bindings
from rallytui.ui.past import recorded_by
from rallytui.ui.screens.frame import Frame, Moment
from rallytui.ui.screens.history_picture import Drawing
from rallytui.ui.screens.sections import Column
from rallytui.ui.source import Source
from rallytui.ui.widgets.page import Page
from rallytui.ui.widgets.sheet import Sheet


class HistoryPage(Frame):
    """The records are read when the page opens; in a look back those of later sessions are left out."""

    BINDINGS = bindings("history")

    def __init__(self, board: Board | None, ask: Callable[[], Moment], source: Source) -> None:
        super().__init__(board, ask)
        self._source = source
        self._all: list[Record] | None = None
        self._day: date | None = None

    def content(self) -> Iterable[Widget]:
        yield Page(self._draw, id="page")

    def on_mount(self) -> None:
        self.query_one(Page).focus()
        background(self, self._load, "history")

    async def _load(self) -> None:
        self._all = await self._source.records()
        self.query_one(Page).repaint()
        self.offer_keys()

    def tick(self, moment: Moment) -> None:
        """Records are computed while the program runs: the first ones are waited for."""
        super().tick(moment)
        if self._all == []:
            background(self, self._load, "history")

    def paint(self, board: Board | None) -> None:
        super().paint(board)
        self.query_one(Page).repaint()

    @property
    def records(self) -> list[Record]:
        """Those that may be shown, oldest first."""
        return recorded_by(self.board, self._all or [])

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
            return Drawing(records, self.at, self.board, width, page.palette, page.glyphs).sheet(height)
        column = Column(width, page.palette, page.glyphs)
        column.rule("History", focused=True)
        column.blank()
        if self._all is None:
            column.text("reading the records")
        elif self._all:
            column.text("No session up to that day is recorded.")
        else:
            column.text("No session is recorded yet. The board of each completed session is, on its evening.")
        return column.sheet(height)
