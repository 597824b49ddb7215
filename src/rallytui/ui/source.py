"""What the app needs from the rest of the program, and the message that carries a board to the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from textual.message import Message

from rallytui.board.shape import Board

if TYPE_CHECKING:  # the first frame waits for none of it
    from rallytui.alerts.desk import Notice
    from rallytui.alerts.digest import Digest
    from rallytui.board.shape.history import Record
    from rallytui.calendar import CalendarEvent
    from rallytui.config.settings import Display
    from rallytui.config.state import State
    from rallytui.model import Clock, Match
    from rallytui.store import EventKey, EventRow

Publish = Callable[[Board], None]


class BoardSource(Protocol):
    """Where boards come from. The app knows nothing else of feeds, stores and the network."""

    @property
    def clock(self) -> Clock:
        """The clock that the data live by."""
        ...

    @property
    def display(self) -> Display:
        """`[display]` of the config."""
        ...

    @property
    def log_path(self) -> str:
        """The file that has the details when something fails."""
        ...

    @property
    def trouble(self) -> str:
        """What is wrong with the config file since it was changed; empty if nothing."""
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

    def refresh(self) -> str:
        """Ask the sources now, as far as they allow; why nothing will come of it, empty if something may."""
        ...

    @property
    def state(self) -> State:
        """The choices made in the app."""
        ...

    def choose(self, state: State) -> str:
        """Act on and keep other choices: new symbols are fetched and the next board has them.

        Answers why they could not be kept for the next run, as a sentence; empty if they were.
        """
        ...

    async def search(self, text: str) -> list[Match]:
        """Symbols whose name or ticker resembles `text`, best first. Raises SourceError with plain text to show."""
        ...

    def open(self, kind: str, key: str) -> None:
        """A page was opened: `symbol`, `indicator` and their key; the next boards carry its `close_up`.

        An empty `kind` says that none is open any more.
        """
        ...

    def look(self, day: date | None) -> None:
        """Show the board as it was known at 18:00 New York on `day`; None goes back to live. Data go on arriving."""
        ...

    @property
    def looking_at(self) -> date | None:
        """The day that the next board shows; None for live."""
        ...

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last session that `look` can show."""
        ...

    def session(self, day: date, steps: int = 0) -> date:
        """The session on or before `day`, then `steps` sessions on (back if negative), within `days`."""
        ...

    def is_session(self, day: date) -> bool:
        """Whether the exchange opens on that day."""
        ...

    def rest(self) -> None:
        """The program is about to be stopped by its shell: let another instance ask the sources."""
        ...

    def notices(self, show: Callable[[Notice], None]) -> None:
        """Hand every new event to `show`, with the ways in which it is to be told."""
        ...

    async def happened(self, since: datetime) -> Digest:
        """What happened since an aware moment, compared with the board of now."""
        ...

    async def events(self, since: datetime) -> list[EventRow]:
        """The kept events of `since` and later, oldest first."""
        ...

    async def acknowledge(self, keys: Sequence[EventKey]) -> None:
        """Note that a person has seen these events."""
        ...

    async def records(self) -> list[Record]:
        """The board's history, one record a completed session, oldest first, as far as it is computed."""
        ...

    @property
    def is_recording(self) -> bool:
        """Whether there will be more `records` in a moment: earlier sessions are still being computed."""
        ...

    def upcoming(self, board: Board | None, now: datetime, days: int) -> list[CalendarEvent]:
        """What is coming within `days` days of an aware moment, with the reports that the board estimates."""
        ...

    def next_open(self, now: datetime) -> datetime:
        """When the exchange opens next after an aware moment, aware UTC."""
        ...

    async def switch_to_demo(self) -> None:
        """Become a source of simulated boards. `run` is cancelled before and started afresh afterwards."""
        ...

    async def close(self) -> None:
        """Let go of connections. Called once, at the very end, with no `run` under way."""
        ...


def next_refresh(source: BoardSource, board: Board | None) -> datetime | None:
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
