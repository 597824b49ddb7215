"""The panes that stand on the board, in the order of their numbers and of Tab."""

from __future__ import annotations

from rallytui.ui.panes.board_pane import BoardPane
from rallytui.ui.panes.risk import RiskPane
from rallytui.ui.panes.target import TargetPane
from rallytui.ui.panes.thesis import ThesisPane
from rallytui.ui.panes.watchlist import WatchlistPane

BOARD_PANES: tuple[type[BoardPane], ...] = (TargetPane, WatchlistPane, RiskPane, ThesisPane)
"""Each has a slot of its own in `layout.PANES`, which has the same order."""
