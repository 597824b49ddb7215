"""The mouse wheel over a list: a notch moves the cursor by a row."""

from __future__ import annotations

from textual import events


class WheelMoves:
    """Beside a widget or screen that has a cursor."""

    def action_move(self, steps: int) -> None:
        """Move the cursor; positive is down."""
        raise NotImplementedError

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """One row down."""
        event.stop()
        self.action_move(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """One row up."""
        event.stop()
        self.action_move(-1)
