"""A stage for tests of the app: a source that does what it is told, and ways to wait and to read the screen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from textual.pilot import Pilot
from textual.widget import Widget

from rallytui.board.shape import Board
from rallytui.clock import FrozenClock
from rallytui.config.settings import Display
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
        self.settings = Display(**display)
        self.log_path = "/somewhere/rallytui.log"
        self.next_refresh: datetime | None = None
        self.board = board
        self.publish: Publish | None = None
        self.starts = self.refreshes = self.demos = 0
        self.closes = 0
        self.cancelled = self.was_stopped = self.closed_while_running = False
        self.fault: Exception | None = None
        self.close_fault: Exception | None = None
        self.demo_fault: Exception | None = None

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

    def refresh(self) -> None:
        self.refreshes += 1

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
