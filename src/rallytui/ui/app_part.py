"""What the parts of the app share: each part is a mixin that knows the source, the board and how to say the time."""

from __future__ import annotations

from textual.app import App

from rallytui.board.shape import Board
from rallytui.ui.format import clean
from rallytui.ui.screens.frame import Frame, Moment
from rallytui.ui.source import BoardSource
from rallytui.ui.steady import Steady, Trouble
from rallytui.ui.widgets.header import HeaderBar


class AppPart(Steady, App[None]):
    """Whatever `RallyApp` sets before a part needs it."""

    source: BoardSource
    board: Board | None
    trouble: Trouble

    def moment(self) -> Moment:
        """What the bars need to know now."""
        raise NotImplementedError

    def tick(self) -> None:
        """Tell the bars the time."""
        raise NotImplementedError

    def say(self, words: str, wrong: bool = False) -> None:
        """Tell what a key did: in the last row, else in a note above it. The words never go through markup."""
        words, screen = clean(words, 300), self.screen
        if not (isinstance(screen, Frame) and screen.say(words, wrong)):
            self.notify(words, severity="error" if wrong else "information", markup=False)

    def frames(self) -> list[Frame]:
        """Our own screens, wherever they are in the stack: a palette may lie above them."""
        frames = (screen for screen in self.screen_stack if isinstance(screen, Frame))
        # one that is being taken down is still in the stack, without its children
        return [screen for screen in frames if screen.is_mounted and screen.query(HeaderBar)]
