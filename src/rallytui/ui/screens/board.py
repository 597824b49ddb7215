"""The board: four panes, the focus among them, and what of them is visible at this size."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual import events
from textual.widget import Widget

from rallytui.board.shape import Board
from rallytui.ui.format import clean
from rallytui.ui.keys import Scope, bindings
from rallytui.ui.layout import PANES, variant_of
from rallytui.ui.panes.board_pane import BoardPane
from rallytui.ui.panes.listing import ScopesChanged
from rallytui.ui.panes.offline import is_offline
from rallytui.ui.panes.registry import BOARD_PANES
from rallytui.ui.screens.frame import Frame, Moment


def has_data(board: Board | None) -> bool:
    """Whether there is any price to look at."""
    return board is not None and any(target.last is not None for target in board.targets)


def waiting_for(board: Board | None, seconds: float) -> str:
    """What an empty store waits for; nothing once there is a price, or a reason why there is none."""
    if has_data(board) or (board is not None and is_offline(board)):
        return ""
    names = [health.title for health in board.health if health.status in ("waiting", "untried")] if board else []
    return f"waiting for {clean(names[0], 24) if names else 'data'}, {max(0, int(seconds))} s"


class BoardScreen(Frame):
    """The first screen, and the one that stays."""

    BINDINGS = bindings("board", "several", "empty")

    def __init__(self, board: Board | None, ask: Callable[[], Moment]) -> None:
        super().__init__(board, ask)
        self.places.alone = PANES[0]
        self.panes: dict[str, BoardPane] = {pane.slot: pane(id=pane.slot) for pane in BOARD_PANES}
        """By their slots, in the order of their numbers."""

    def content(self) -> Iterable[Widget]:
        return self.panes.values()

    def on_mount(self) -> None:
        """The names are what one looks through; without a network, or in little room, the target comes first."""
        roomy = variant_of(*self.app.size) in ("wide", "medium")
        offline = self.board is not None and not has_data(self.board) and is_offline(self.board)
        self.focus_pane("watchlist" if roomy and not offline else "target")

    def paint(self, board: Board | None) -> None:
        """Every pane takes what is its own from the board."""
        super().paint(board)
        wanted = max(pane.wanted_rows(board) for pane in self.panes.values()) if board else 0
        if wanted != self.places.wanted:
            self.places.wanted = wanted
            self.relayout()
        for pane in self.panes.values():
            pane.show(board)
        self.offer_keys()

    def tick(self, moment: Moment) -> None:
        """Panes do not know the time, but what they wait for has an age."""
        super().tick(moment)
        for pane in self.panes.values():
            pane.tick(moment.now)
            if pane.waiting != moment.waiting:
                pane.wait_for(moment.waiting)

    # --- focus ---

    def focus_pane(self, name: str) -> None:
        """Give a pane the focus; where there is room for one, it is the one on screen."""
        if name != self.places.alone:
            self.places.alone = name
            self.relayout()
        self.set_focus(self.panes[name], scroll_visible=False)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A click moves the focus too."""
        name = event.widget.id
        if name in PANES and name != self.places.alone:
            self.places.alone = name
            self.relayout()
        self.offer_keys()

    def action_pane(self, number: int) -> None:
        self.focus_pane(PANES[number - 1])

    def action_pane_step(self, step: int) -> None:
        self.focus_pane(PANES[(PANES.index(self.places.alone) + step) % len(PANES)])

    # --- keys ---

    def scopes(self) -> tuple[Scope, ...]:
        """Those of the focused pane; without data only what leads to some."""
        if not has_data(self.board):
            return ("empty", "app")
        pane = self.focused
        own: tuple[Scope, ...] = pane.scopes if isinstance(pane, BoardPane) else ("app", "board")
        return (*own, "several") if self._several() and "app" in own else own

    def _several(self) -> bool:
        return self.board is not None and self.panes[self.places.alone].parts(self.board) > 1

    def on_scopes_changed(self, event: ScopesChanged) -> None:
        event.stop()
        self.offer_keys()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what does something now."""
        return self._several() if action == "turn_pane" else True

    def action_turn_pane(self, step: int) -> None:
        """The next index or list, or the one before."""
        if isinstance(self.focused, BoardPane):
            self.focused.turn(step)
