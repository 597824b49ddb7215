"""A page that may be longer than the screen: drawn whole on a sheet, shown through a window that scrolls."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.strip import Strip

from rallytui.ui.widgets.canvas import Canvas
from rallytui.ui.widgets.sheet import Sheet

Draw = Callable[[int, int], Sheet]
"""Draws a page of a width; the height is what is on screen, and the sheet may be higher."""


Wheel = Callable[[int, int, int], bool]
"""What a turn of the wheel (1 up, -1 down) does at a column and row of the page; False leaves it to scroll."""


class Page(Canvas, can_focus=True):
    """The window. What to draw is handed in by its screen."""

    def __init__(self, make: Draw, wheel: Wheel | None = None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._make = make
        self._wheel = wheel
        self._top = 0
        self._rows = 0

    def draw(self, width: int, height: int) -> list[Strip]:
        """The visible part, with a sign in the margin where there is more."""
        sheet = self._make(width, height)
        self._rows = sheet.height
        self._top = max(0, min(self._top, sheet.height - height))
        below = self._top + height
        if below < sheet.height:
            sheet.put(width - 1, below - 1, self.glyphs.down, self.palette.dim)
        if self._top:
            sheet.put(width - 1, self._top, self.glyphs.up, self.palette.dim)
        return sheet.strips()[self._top : below]

    def scroll_rows(self, rows: int) -> None:
        """Move the window."""
        self._top = max(0, min(self._top + rows, self._rows - self.size.height))
        self.repaint()

    def scroll_pages(self, pages: int) -> None:
        """Move the window by what is visible."""
        self.scroll_rows(pages * max(1, self.size.height - 1))

    def reveal(self, y: int) -> None:
        """Move the window as little as brings row `y` of the page into it, with a row below."""
        self.scroll_rows(min(0, y - self._top) or max(0, y + 2 - self._top - self.size.height))

    def row_at(self, y: int) -> int:
        """The row of the page that stands in row `y` of the window."""
        return self._top + y

    def to_top(self) -> None:
        """Begin again, as for another page."""
        self._top = 0
        self.repaint()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel."""
        event.stop()
        self._turn(event, -1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel."""
        event.stop()
        self._turn(event, 1)

    def _turn(self, event: events.MouseEvent, step: int) -> None:
        if self._wheel is None or not self._wheel(event.x, self._top + event.y, step):
            self.scroll_rows(-2 * step)
