"""The board: four panes, the focus among them, and what of them is visible at this size."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual import events
from textual.widget import Widget

from rallytui.board.shape import Board
from rallytui.ui.keys import Scope, bindings
from rallytui.ui.layout import PANES, mode_of
from rallytui.ui.panes.listing import ListPane, Opened, ScopesChanged
from rallytui.ui.panes.risk import RiskPane
from rallytui.ui.panes.target import TargetPane
from rallytui.ui.panes.thesis import ThesisPane
from rallytui.ui.panes.watchlist import WatchlistPane
from rallytui.ui.screens.detail import DetailScreen
from rallytui.ui.screens.frame import Frame, Moment
from rallytui.ui.widgets.canvas import Pane


def has_data(board: Board | None) -> bool:
    """Whether there is any price to look at."""
    return board is not None and any(target.last is not None for target in board.targets)


def _wanted_rows(board: Board | None) -> int:
    """What the lower panes can fill: rule, header, names, basket, index and footnote; or the claims."""
    if board is None:
        return 0
    names = max((len(one.rows) for one in board.watchlists), default=0)
    return max(names + 7, len(board.thesis) + 3)


class BoardScreen(Frame):
    """The first screen, and the one that stays."""

    BINDINGS = bindings("board", "several", "empty")

    def __init__(self, board: Board | None, ask: Callable[[], Moment]) -> None:
        super().__init__(board, ask)
        self.places.alone = PANES[0]

    def content(self) -> Iterable[Widget]:
        """The panes by their numbers, which is also the order of Tab."""
        yield TargetPane(id="target")
        yield WatchlistPane(id="watchlist")
        yield RiskPane(id="risk")
        yield ThesisPane(id="thesis")

    @property
    def panes(self) -> list[Pane]:
        """All four, in the order of their numbers."""
        return list(self.query(Pane))

    def on_mount(self) -> None:
        """The names are what one looks through; without data, or with room for one pane, the target comes first."""
        roomy = mode_of(*self.app.size) in ("wide", "medium")
        self.focus_pane("watchlist" if roomy and has_data(self.board) else "target")

    def paint(self, board: Board | None) -> None:
        """Every pane takes what is its own from the board."""
        super().paint(board)
        wanted = _wanted_rows(board)
        if wanted != self.places.wanted:
            self.places.wanted = wanted
            self.relayout()
        for pane in self.panes:
            pane.show(board)
        self.offer_keys()

    def tick(self, moment: Moment) -> None:
        """Panes do not know the time, but what they wait for has an age."""
        super().tick(moment)
        for pane in self.panes:
            if pane.waiting != moment.waiting:
                pane.wait_for(moment.waiting)

    # --- focus ---

    def focus_pane(self, name: str) -> None:
        """Give a pane the focus; where there is room for one, it is the one on screen."""
        if name != self.places.alone:
            self.places.alone = name
            self.relayout()
        self.set_focus(self.query_one(f"#{name}", Pane), scroll_visible=False)

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
        own: tuple[Scope, ...] = self.focused.scopes if isinstance(self.focused, ListPane) else ("app", "board")
        return (*own, "several") if self._several() and "app" in own else own

    def _several(self) -> bool:
        if self.board is None:
            return False
        counts = {"target": len(self.board.targets), "watchlist": len(self.board.watchlists)}
        return counts.get(self.places.alone, 0) > 1

    def on_scopes_changed(self, event: ScopesChanged) -> None:
        event.stop()
        self.offer_keys()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what does something now."""
        if action == "demo":
            return not has_data(self.board)
        return self._several() if action == "turn_pane" else True

    def action_turn_pane(self) -> None:
        """The next index or the next list."""
        if isinstance(self.focused, TargetPane | WatchlistPane):
            self.focused.turn(1)

    def on_opened(self, event: Opened) -> None:
        """The page of one row; the board goes on below it."""
        event.stop()
        self.app.push_screen(DetailScreen(self.board, self.ask, event))
