"""What the first and the last row have in common: they are told the moment, and know no other time."""

from __future__ import annotations

from datetime import datetime, tzinfo

from rallytui.board.shape import Board
from rallytui.sessions import NEW_YORK
from rallytui.ui.format import countdown
from rallytui.ui.widgets.canvas import Canvas


class Bar(Canvas):
    """A row that shows a board at a moment."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.board: Board | None = None
        self.now: datetime | None = None
        self.zone: tzinfo = NEW_YORK
        self.next_refresh: datetime | None = None
        """When the sources are asked next, or tried again; aware UTC."""

    def tick(self, board: Board | None, now: datetime, zone: tzinfo, next_refresh: datetime | None) -> None:
        """Draw another moment."""
        self.board, self.now, self.zone, self.next_refresh = board, now, zone, next_refresh
        self.repaint()

    def until(self, then: datetime | None) -> str:
        """How long until a moment, in words; empty if one of the two is not known."""
        if then is None or self.now is None:
            return ""
        return countdown((then - self.now).total_seconds(), self.glyphs)
