"""What the keys and the wheel do to a chart, wherever it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rallytui.ui.widgets.viewport import Viewport


class History(NamedTuple):
    """What a viewport moves over: its times, and the day from which the range since the start shows."""

    times: Sequence[int]
    start: int = 0


class ChartKeys:
    """Mixed into a widget or screen with a chart. It keeps the viewport, and asks to be drawn when that changes."""

    port: Viewport
    ranges: Sequence[str] = ()
    """The ranges the keys go through, the shortest first."""
    home = Viewport()
    """The view that `0` goes back to."""

    def history(self) -> History:
        """What the chart shows a part of."""
        raise NotImplementedError

    def redraw_chart(self) -> None:
        """Draw after a change of the viewport."""
        raise NotImplementedError

    def look_at(self, port: Viewport) -> None:
        """Show another part."""
        if port != self.port:
            self.port = port
            self.redraw_chart()

    def action_range(self, steps: int) -> None:
        """A longer or shorter range."""
        self.look_at(self.port.ranged(self.ranges, steps))

    def action_zoom(self, steps: int) -> None:
        """More or less of the history."""
        self.look_at(self.port.zoomed(*self._moved_over(), steps))

    def action_pan(self, steps: int) -> None:
        """An earlier or later part of it."""
        self.look_at(self.port.panned(*self._moved_over(), steps))

    def action_whole(self) -> None:
        """As at the beginning."""
        self.look_at(self.home)

    def _moved_over(self) -> tuple[Sequence[int], int]:
        history = self.history()
        return history.times, history.start
