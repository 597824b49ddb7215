"""The small menu of what to write: the letter of a line writes it, Esc writes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.strip import Strip

from rallytui.ui.format import cut
from rallytui.ui.keys import ACTIONS, Action, bindings, chapter
from rallytui.ui.widgets.canvas import Canvas, draw_rule
from rallytui.ui.widgets.sheet import Sheet


class ExportMenu(ModalScreen[str]):
    """Answers the name of a format, or nothing."""

    BINDINGS = bindings("export")
    AUTO_FOCUS = ""

    def compose(self) -> ComposeResult:
        yield Choices(id="choices")

    def action_write(self, name: str) -> None:
        self.dismiss(name)

    def action_back(self) -> None:
        self.dismiss(None)


class Choices(Canvas):
    """A line for each format."""

    def draw(self, width: int, height: int) -> list[Strip]:
        sheet, p, g = Sheet(width, height, self.palette.text), self.palette, self.glyphs
        actions: Sequence[Action] = getattr(self.app, "actions", ACTIONS)
        draw_rule(sheet, 0, g.focus, p.accent, (("Write to a file", p.bright),))
        for y, action in enumerate(chapter(("export",), actions), 1):
            sheet.put(1, y, cut(action.shown, 6, g), p.bright)
            sheet.put(8, y, cut(action.help, width - 9, g), p.text)
        return sheet.strips()
