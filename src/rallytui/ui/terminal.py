"""What the terminal can show, and its title."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from io import StringIO

from rich.console import Console
from textual.app import App

from rallytui.board.shape import Board
from rallytui.config.settings import Display
from rallytui.plain import beyond_ascii
from rallytui.ui.format import clean, pct, price
from rallytui.ui.glyphs import ASCII, UNICODE, Glyphs
from rallytui.ui.theme import Colours

_LEAVE_WITHIN_S = 5.0
_LEAVE_ALONE_S = 1.0
"""Without a terminal there is nothing to put back."""


def colours() -> Colours:
    """Any colour, the terminal's own sixteen, or none because someone said `NO_COLOR`."""
    system = Console(file=StringIO(), force_terminal=True).color_system
    if os.environ.get("NO_COLOR") or system is None:
        return "none"
    return "true" if system in ("truecolor", "256") else "16"


def glyphs_for(settings: Display) -> Glyphs:
    """ASCII if the settings ask for it, or if the locale could not print anything else."""
    return UNICODE if beyond_ascii(os.environ) and not settings.ascii else ASCII


def title_of(board: Board | None, g: Glyphs) -> str:
    """The terminal's title: level and change of the first target, so that a glance at a tab is enough."""
    target = board.targets[0] if board and board.targets else None
    if board is None or target is None or target.last is None:
        return "rallytui"
    mode = ("SIMULATED " if board.is_invented else "") + ("AS OF " * (board.mode == "as_of"))
    return f"{mode}{price(target.last, 2, g)} {pct(target.change_pct, 2, g)} {g.sep} {clean(target.name, 40)}"


def send(app: App[None], sequence: str) -> None:
    """Write a control sequence to the terminal, if there is one."""
    driver = app._driver
    if driver is not None and not driver.is_headless:
        driver.write(sequence)


class Title:
    """The terminal's title while the app runs; the one from before comes back."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._shown = ""

    def show(self, title: str) -> None:
        """Write a title, if it is another one."""
        if title != self._shown:
            save = "" if self._shown else "\x1b[22;0t"
            self._shown = title
            send(self._app, f"{save}\x1b]0;{title}\x07")

    def restore(self) -> None:
        """Put the old title back."""
        if self._shown:
            self._shown = ""
            send(self._app, "\x1b[23;0t")


def leave_on_signals(leave: Callable[..., None]) -> None:
    """End the app in order when it is told to, or its terminal is closed, so that the terminal is put back."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with suppress(NotImplementedError, RuntimeError, ValueError):  # not on this system, or not the main thread
            loop.add_signal_handler(number, _leave, leave, 128 + number)


def _leave(leave: Callable[..., None], code: int) -> None:
    # Textual waits for ever for a terminal that is gone to take its last words; the store is whole at any moment.
    last_resort = threading.Timer(_LEAVE_WITHIN_S if _has_terminal() else _LEAVE_ALONE_S, os._exit, [code])
    last_resort.daemon = True
    last_resort.start()
    leave(return_code=code)


def _has_terminal() -> bool:
    try:
        return sys.__stdin__ is not None and os.isatty(sys.__stdin__.fileno())
    except (OSError, ValueError):
        return False
