"""What the parts of the app share: each part is a mixin that knows the source, the board and how to say the time."""

from __future__ import annotations

from textual.app import App

from rallytui.board.shape import Board
from rallytui.ui.screens.frame import Frame, Moment
from rallytui.ui.source import Source
from rallytui.ui.steady import Steady, Trouble


class AppPart(Steady, App[None]):
    """Whatever `RallyApp` sets before a part needs it."""

    source: Source
    board: Board | None
    trouble: Trouble

    def moment(self) -> Moment:
        """What the bars need to know now."""
        raise NotImplementedError

    def tick(self) -> None:
        """Tell the bars the time."""
        raise NotImplementedError

    def frames(self) -> list[Frame]:
        """Our own screens, wherever they are in the stack: a palette may lie above them."""
        return [screen for screen in self.screen_stack if isinstance(screen, Frame) and screen.is_mounted]
