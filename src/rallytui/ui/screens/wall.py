"""Wall mode: the board for a screen across the room; one key leads back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from textual.widget import Widget

from rallytui.board.shape import Board
from rallytui.ui.keys import Scope, bindings
from rallytui.ui.panes.wall import Wall
from rallytui.ui.screens.frame import Frame, Moment


class WallScreen(Frame):
    """Between the two bars, which keep saying how old the data are and whether they are real."""

    BINDINGS = bindings("wall")

    def __init__(self, board: Board | None, ask: Callable[[], Moment], rotate_s: float = 0.0) -> None:
        super().__init__(board, ask)
        self._rotate_s = rotate_s

    def content(self) -> Iterable[Widget]:
        yield Wall(id="page")

    def on_mount(self) -> None:
        """Without a pace in the config nothing turns by itself."""
        if self._rotate_s:
            self.set_interval(self._rotate_s, partial(self.action_turn, 1))

    def paint(self, board: Board | None) -> None:
        super().paint(board)
        self.query_one(Wall).show(board)

    def tick(self, moment: Moment) -> None:
        super().tick(moment)
        self.query_one(Wall).tick(moment.now)

    def scopes(self) -> tuple[Scope, ...]:
        return ("wall", "app")

    def action_back(self) -> None:
        self.dismiss()

    def action_turn(self, steps: int) -> None:
        """The next rung and names."""
        self.query_one(Wall).turn(steps)
