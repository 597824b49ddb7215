"""What the app needs from the rest of the program, and the message that carries a board to the screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from textual.message import Message

from rallytui.board.shape import Board
from rallytui.config.settings import Display
from rallytui.model import Clock

Publish = Callable[[Board], None]


class Source(Protocol):
    """Where boards come from. The app knows nothing else of feeds, stores and the network."""

    @property
    def clock(self) -> Clock:
        """The clock that the data live by."""
        ...

    @property
    def settings(self) -> Display:
        """`[display]` of the config."""
        ...

    @property
    def log_path(self) -> str:
        """The file that has the details when something fails."""
        ...

    @property
    def next_refresh(self) -> datetime | None:
        """When the sources are asked next, aware UTC; None when nobody knows."""
        ...

    def first_board(self) -> Board | None:
        """The stored board, at once; None if there is nothing to show yet. Called before the first frame."""
        ...

    async def run(self, publish: Publish) -> None:
        """Refresh and publish for as long as there is something to do. After an exception it is started again."""
        ...

    def refresh(self) -> None:
        """Ask the sources now, as far as they allow."""
        ...

    async def switch_to_demo(self) -> None:
        """Become a source of simulated boards. `run` is cancelled before and started afresh afterwards."""
        ...

    async def close(self) -> None:
        """Let go of connections. Called once, at the very end, with no `run` under way."""
        ...


def next_refresh(source: Source, board: Board | None) -> datetime | None:
    """When something is asked again: by plan, else when the first source that failed is tried again."""
    if board is None or board.mode == "demo":
        return None  # in the demo it is every second
    now, tries = source.clock.now(), [health.next_try for health in board.health]
    return source.next_refresh or min((when for when in tries if when and when > now), default=None)


class BoardChanged(Message):
    """There is a newer board. Of several that wait, the last one is enough."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        self.board = board

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, BoardChanged)
