"""The dialog behind `g`: a date is typed, and before Enter it says where that leads."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from rallytui.ui.past import Landing, landing
from rallytui.ui.source import Source


class GoToDate(ModalScreen[Landing | None]):
    """Answers with a valid landing, or None."""

    BINDINGS = [("escape", "cancel", "Cancel")]  # noqa: RUF012  (Textual declares it as a class variable)

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Go to a date", classes="title", markup=False)
            yield Input(max_length=10, id="date")
            yield Static("", id="verdict", markup=False)

    def on_mount(self) -> None:
        """Show the day that is looked at, and let another one be typed."""
        box = self.query_one(Input)
        box.placeholder = (self._source.looking_at or self._source.days[1]).isoformat()
        self._judge("")
        box.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        self._judge(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Only a valid date closes the dialog."""
        there = landing(self._source, event.value)
        if there.valid:
            if there.day is not None and there.day.isoformat() != event.value.strip():
                self.notify(there.words, markup=False)
            self.dismiss(there)

    def action_cancel(self) -> None:
        self.dismiss(None)

    def _judge(self, text: str) -> None:
        first, last = self._source.days
        words = landing(self._source, text).words if text.strip() else f"between {first} and {last}, or live"
        self.query_one("#verdict", Static).update(words)
