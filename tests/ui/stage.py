"""A stage for tests of the app: a source that does what it is told, and ways to wait and to read the screen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from textual.pilot import Pilot
from textual.widget import Widget

from rallytui.alerts.desk import Notice
from rallytui.alerts.digest import Digest
from rallytui.board.coming import reports_of
from rallytui.board.shape import Board
from rallytui.board.shape.history import Record
from rallytui.calendar import CalendarEvent, upcoming
from rallytui.clock import FrozenClock
from rallytui.config.settings import Display, Risk
from rallytui.config.state import State
from rallytui.model import Match
from rallytui.sessions import nyse
from rallytui.store import EventKey, EventRow
from rallytui.ui.app import RallyApp
from rallytui.ui.screens.board import BoardScreen
from rallytui.ui.source import Publish
from rallytui.ui.widgets.canvas import Pane
from tests.ui.sample import sample_board
from tests.ui.sample_parts import NOW

PATIENCE_S = 5.0


class StubSource:
    """A source under the control of a test."""

    def __init__(self, board: Board | None = None, **display: Any) -> None:
        self.clock = FrozenClock(NOW)
        self.display = Display(**display)
        self.log_path = "/somewhere/rallytui.log"
        self.next_refresh: datetime | None = None
        self.trouble = ""
        self.board = board
        self.publish: Publish | None = None
        self.starts = self.refreshes = self.demos = 0
        self.closes = 0
        self.cancelled = self.was_stopped = self.closed_while_running = False
        self.fault: Exception | None = None
        self.close_fault: Exception | None = None
        self.demo_fault: Exception | None = None
        self.state = State()
        self.states: list[State] = []
        self.state_fault = ""
        self.matches: list[Match] = []
        self.searched: list[str] = []
        self.search_fault: Exception | None = None
        self.opened: list[tuple[str, str]] = []
        self.looked: list[date | None] = []
        self.looking_at: date | None = None
        self.show: Callable[[Notice], None] = lambda notice: None
        self.asked_since: list[datetime] = []
        self.digest = Digest(NOW, NOW, [])
        self.kept: list[EventRow] = []
        self.acknowledged: list[EventKey] = []
        self.past: list[Record] = []
        self.is_recording = False
        self.rests = 0

    def first_board(self) -> Board | None:
        return self.board

    async def run(self, publish: Publish) -> None:
        self.starts += 1
        self.publish = publish
        if self.fault is not None:
            raise self.fault
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise

    def refresh(self) -> str:
        self.refreshes += 1
        return ""

    def choose(self, state: State) -> str:
        self.states.append(state)
        self.state = state
        return self.state_fault

    async def search(self, text: str) -> list[Match]:
        self.searched.append(text)
        if self.search_fault is not None:
            raise self.search_fault
        return self.matches

    def open(self, kind: str, key: str) -> None:
        self.opened.append((kind, key))

    def look(self, day: date | None) -> None:
        self.looked.append(day)
        self.looking_at = day

    def rest(self) -> None:
        self.rests += 1

    def notices(self, show: Callable[[Notice], None]) -> None:
        self.show = show

    async def happened(self, since: datetime) -> Digest:
        self.asked_since.append(since)
        return self.digest

    async def events(self, since: datetime) -> list[EventRow]:
        return [row for row in self.kept if row.at >= since]

    def upcoming(self, board: Board | None, now: datetime, days: int) -> list[CalendarEvent]:
        return upcoming(now, nyse(), reports_of(board, Risk().hyperscalers) if board else [], days)

    def next_open(self, now: datetime) -> datetime:
        return nyse().next_open(now)

    async def acknowledge(self, keys: Sequence[EventKey]) -> None:
        self.acknowledged.extend(keys)

    async def records(self) -> list[Record]:
        return self.past

    @property
    def days(self) -> tuple[date, date]:
        return date(2021, 1, 4), date(2026, 7, 23)

    def session(self, day: date, steps: int = 0) -> date:
        calendar, (first, last) = nyse(), self.days
        start = calendar.on_or_before(min(max(day, first), last))
        return min(max(calendar.after(start, steps) if steps else start, first), last)

    def is_session(self, day: date) -> bool:
        return nyse().is_session(day)

    async def switch_to_demo(self) -> None:
        self.demos += 1
        self.was_stopped = self.cancelled
        if self.demo_fault is not None:
            raise self.demo_fault

    async def close(self) -> None:
        self.closes += 1
        self.closed_while_running = not self.cancelled
        if self.close_fault is not None:
            raise self.close_fault


def stage(board: Board | None = None, **display: Any) -> tuple[RallyApp, StubSource]:
    """An app on the sample board, or on another one."""
    source = StubSource(sample_board() if board is None else board, **display)
    return RallyApp(source), source


async def until(pilot: Pilot[None], condition: Callable[[], object], what: str = "") -> None:
    """Let the app work until something is so."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, what or "it never came to that"
        await asyncio.sleep(0)  # only lets the app work: nothing is waited for but the condition


def lines(widget: Widget) -> list[str]:
    """What a widget shows."""
    return ["".join(segment.text for segment in widget.render_line(y)) for y in range(widget.size.height)]


def text(widget: Widget) -> str:
    """What a widget shows, in one piece."""
    return "\n".join(lines(widget))


def screen_text(app: RallyApp) -> str:
    """What all widgets of the screen show that have a place on it."""
    return "\n".join(text(child) for child in app.screen.children if child.region.area and child.id)


def board_screen(app: RallyApp) -> BoardScreen:
    """The screen with the panes, whatever lies above it."""
    return next(screen for screen in app.screen_stack if isinstance(screen, BoardScreen))


def pane(app: RallyApp, name: str) -> Pane:
    """One of the four."""
    return board_screen(app).query_one(f"#{name}", Pane)


def focused(app: RallyApp) -> str | None:
    """Who has the focus."""
    return app.focused.id if app.focused else None


async def focus(pilot: Pilot[None], name: str) -> None:
    """Give a pane the focus, and wait until it has it and a place on the screen."""
    screen = pilot.app.screen
    assert isinstance(screen, BoardScreen)
    screen.focus_pane(name)
    one = screen.query_one(f"#{name}", Pane)
    await until(pilot, lambda: one.has_focus and one.region.area)
