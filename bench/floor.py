"""The least that a Textual app costs: one line of text. `python -m bench.floor`"""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static


class Floor(App[None]):
    """A bare app."""

    def compose(self) -> ComposeResult:
        yield Static("READY")


if __name__ == "__main__":
    Floor().run()
