"""The dialog behind `g`: a date is typed, and before Enter it says where that leads."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.geometry import Size
from textual.widgets import Input

from rallytui.engine.landing import Landing, landing
from rallytui.ui.format import day, wrapped
from rallytui.ui.keys import Scope, bindings
from rallytui.ui.source import BoardSource
from rallytui.ui.widgets.dialog import Dialog
from rallytui.ui.widgets.sheet import Phrase, Sheet

_WORDS = 3  # the row in which it begins to say where the date leads


class GoToDate(Dialog[Landing | None]):
    """Answers with a valid landing, or None."""

    BINDINGS = bindings("dating")
    scope: Scope = "dating"

    def __init__(self, source: BoardSource) -> None:
        super().__init__()
        self._source = source

    def fields(self) -> ComposeResult:
        shown = self._source.looking_at or self._source.days[1]
        yield Input(id="field", compact=True, max_length=10, placeholder=shown.isoformat())

    def wanted(self, screen: Size) -> Size:
        return Size(min(74, screen.width - 2), min(8, screen.height - 2))

    def title_phrases(self) -> tuple[str, list[Phrase]]:
        shown, last = self._source.looking_at, self._source.days[1]
        words = f"now {day(shown, last, self.box.glyphs)}" if shown else "now live"
        return "Go to a date", [((words, self.box.palette.dim),)]

    @property
    def verdict(self) -> str:
        """Where the typed date leads, or what can be typed."""
        text, (first, last) = self.query_one(Input).value, self._source.days
        if not text.strip():
            return f"A session from {first} to {last}, or live."
        words = landing(self._source, text).words
        return f"{words[0].upper()}{words[1:]}."

    def inside(self, sheet: Sheet, last: int) -> None:
        p, g = self.box.palette, self.box.glyphs
        sheet.put(2, 1, ">", p.accent)
        for y, line in enumerate(wrapped(g.words(self.verdict), sheet.width - 4, g), _WORDS):
            if y <= last:
                sheet.put(2, y, line, p.text)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Judge what stands there now."""
        event.stop()
        self.box.repaint()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the field."""
        event.stop()
        self.action_take()

    def action_take(self) -> None:
        """Only a valid date closes the dialog."""
        text = self.query_one(Input).value
        there = landing(self._source, text)
        if there.valid:
            if there.day is not None and there.day.isoformat() != text.strip():
                self.notify(there.words, markup=False)
            self.dismiss(there)

    def action_leave(self) -> None:
        self.dismiss(None)
