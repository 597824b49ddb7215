"""One row below the header for what went wrong inside the program itself, and where the details are."""

from __future__ import annotations

from rich.style import Style
from textual.strip import Strip

from rallytui.ui.format import clean, cut
from rallytui.ui.widgets.canvas import Canvas
from rallytui.ui.widgets.sheet import Sheet


class Banner(Canvas):
    """Empty, and then not on screen at all, while everything works."""

    text = ""

    def say(self, text: str) -> None:
        """Show a sentence; an empty one takes the banner away."""
        self.text = text
        self.repaint()

    def draw(self, width: int, height: int) -> list[Strip]:
        sheet = Sheet(width, height, self.palette.text)
        words = cut(self.glyphs.words(clean(self.text)), width - 4, self.glyphs)
        bad = self.palette.bad + Style(bold=True)
        sheet.phrase(1, 0, ((f"{self.glyphs.failed} ", bad), (words, self.palette.bright)))
        return sheet.strips()
