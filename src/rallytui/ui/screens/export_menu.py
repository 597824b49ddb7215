"""The small menu of what to write: the letter of a line writes it, Esc writes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Size

from rallytui.ui.format import cut
from rallytui.ui.keys import ACTIONS, Action, Scope, bindings, chapter
from rallytui.ui.widgets.dialog import Dialog
from rallytui.ui.widgets.sheet import Phrase, Sheet

_WAY_OUT = "export_none"


class ExportMenu(Dialog[str]):
    """Answers the name of a format, or nothing."""

    BINDINGS = bindings("export")
    scope: Scope = "export"

    def wanted(self, screen: Size) -> Size:
        return Size(min(56, screen.width), len(self._formats()) + 4)

    def title_phrases(self) -> tuple[str, list[Phrase]]:
        return "Write to a file", []

    def action_write(self, name: str) -> None:
        self.dismiss(name)

    def action_back(self) -> None:
        self.dismiss(None)

    def inside(self, sheet: Sheet, last: int) -> None:
        p, g = self.box.palette, self.box.glyphs
        for y, action in enumerate(self._formats()[: max(0, last)], 1):
            sheet.put(2, y, cut(action.shown, 4, g), p.bright)
            sheet.put(6, y, cut(g.words(action.help), sheet.width - 8, g), p.text)

    def _formats(self) -> list[Action]:
        actions: Sequence[Action] = getattr(self.app, "actions", ACTIONS)
        return [one for one in chapter(("export",), actions) if one.id != _WAY_OUT]
