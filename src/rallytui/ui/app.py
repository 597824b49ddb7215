"""The app: takes boards from a source, paints them on a tick, and survives what fails in between."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import timedelta
from zoneinfo import ZoneInfo

from rich.console import RenderableType
from textual.app import App
from textual.screen import Screen
from textual.timer import Timer
from textual.worker import WorkerError

from rallytui.board.shape import Board
from rallytui.ui import theme
from rallytui.ui.commands import BoardCommands
from rallytui.ui.format import clean
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.keys import bindings
from rallytui.ui.screens.board import BoardScreen, has_data, waiting_for
from rallytui.ui.screens.frame import Frame, Moment
from rallytui.ui.source import BoardChanged, Source, next_refresh
from rallytui.ui.terminal import Title, colours, glyphs_for, leave_on_signals, title_of

_log = logging.getLogger(__name__)
PAINT_EVERY_S = 0.5
SOON_S = 0.01
"""A timer of zero seconds never fires."""
RESTART_AFTER_S = 10.0
ASK_AGAIN_AFTER_S = 2.0
BEGIN_WITHIN_S = 0.5
CLOSE_WITHIN_S = 2.0
_SECONDS_MATTER = timedelta(hours=1)
"""A countdown from further away shows minutes only, and the screen need not change every second."""


class RallyApp(App[None]):
    """Messages carry boards in; nothing here fetches or computes."""

    CSS_PATH = "rallytui.tcss"
    TITLE = "rallytui"
    BINDINGS = bindings("app")
    COMMANDS = {BoardCommands}  # noqa: RUF012  (Textual declares it as a class variable)

    def __init__(self, source: Source) -> None:
        self.colours = colours()
        # With few colours they are the terminal's own, and its background too.
        super().__init__(ansi_color=True if self.colours != "true" else None)
        self.source = source
        self.glyphs: Glyphs = glyphs_for(source.settings)
        self.zone = ZoneInfo(source.settings.time_zone)
        self.board: Board | None = None
        self.trouble = ""
        self._is_up = self._has_begun = False
        self._started = source.clock.now()
        self._title = Title(self)
        self._asked = float("-inf")
        self._restart = asyncio.Event()
        self._paint_timer: Timer | None = None
        self._painted = float("-inf")
        self._tick_timer: Timer | None = None
        for one in theme.textual_themes():
            self.register_theme(one)
        self.theme = f"rallytui-{source.settings.theme}"

    @property
    def palette(self) -> theme.Palette:
        """The styles of the theme, as far as the terminal has colours."""
        return theme.palette(self.theme, self.colours, self.source.settings.swap_up_down)

    def get_default_screen(self) -> Screen[None]:
        return BoardScreen(self.board, self.moment)

    # --- life ---

    def on_load(self) -> None:
        """The stored board is there before the first frame."""
        try:
            self.board = self.source.first_board()
        except Exception as fault:
            self._report(fault, "The stored board could not be read")

    def on_mount(self) -> None:
        self._is_up = True
        leave_on_signals(self.exit)
        self._paint()
        self._tick()
        # What the feed imports must not delay the first frame; but a page that is opened over a frame which
        # is not finished yet would put the feed off until it is closed, so there is a timer too.
        self.call_after_refresh(self._begin)
        self.set_timer(BEGIN_WITHIN_S, self._begin)

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """Leave, with the terminal's own title put back."""
        self._title.restore()
        super().exit(result, return_code, message)

    async def on_unmount(self) -> None:
        """The last thing: no connection outlives the screen, and none that hangs keeps the terminal."""
        await self._stop_feed()
        try:
            await asyncio.wait_for(self.source.close(), CLOSE_WITHIN_S)
        except Exception:
            _log.warning("the sources could not be closed", exc_info=True)

    # --- boards in ---

    def _begin(self) -> None:
        if not self._has_begun:
            self._start_feed()

    def _start_feed(self) -> None:
        self._has_begun = True
        self.run_worker(self._feed(), group="feed", exclusive=True, exit_on_error=False)

    async def _stop_feed(self) -> None:
        for worker in self.workers.cancel_group(self, "feed"):
            with suppress(WorkerError):
                await worker.wait()

    def _publish(self, board: Board) -> None:
        self.post_message(BoardChanged(board))

    async def _feed(self) -> None:
        while True:
            try:
                await self.source.run(self._publish)
                return
            except Exception as fault:
                again = f"it starts again in {RESTART_AFTER_S:.0f} s"
                self._report(fault, f"The data feed stopped, {again}")
            self._restart.clear()
            try:
                async with asyncio.timeout(RESTART_AFTER_S):
                    await self._restart.wait()
            except TimeoutError:
                continue

    def _report(self, fault: Exception, what: str) -> None:
        _log.error("%s", what, exc_info=fault)
        reason = clean(fault, 60) or type(fault).__name__
        self.trouble = f"{what}: {reason}. Details: {self.source.log_path}"
        if self._is_up:
            self._tick()

    def on_board_changed(self, message: BoardChanged) -> None:
        """Keep the board; paint at once, or at the next turn if the last paint was just now."""
        self.board, self.trouble = message.board, ""
        if self._paint_timer is None:
            since = self.source.clock.monotonic() - self._painted
            self._paint_timer = self.set_timer(max(SOON_S, PAINT_EVERY_S - since), self._paint)

    def _paint(self) -> None:
        self._paint_timer = None
        self._painted = self.source.clock.monotonic()
        for screen in self._frames():
            screen.paint(self.board)
        self._title.show(title_of(self.board, self.glyphs))
        self._tick()

    def _frames(self) -> list[Frame]:
        # Our own screens, wherever they are in the stack: a palette may lie above them.
        return [screen for screen in self.screen_stack if isinstance(screen, Frame) and screen.is_mounted]

    # --- time ---

    def moment(self) -> Moment:
        """What the bars need to know now."""
        now = self.source.clock.now()
        themes = self.colours == "true"
        waiting = waiting_for(self.board, (now - self._started).total_seconds())
        return Moment(now, self.zone, next_refresh(self.source, self.board), waiting, self.trouble, themes)

    def _tick(self) -> None:
        """Tell the bars the time, and come back when what they say changes."""
        moment = self.moment()
        for screen in self._frames():
            screen.tick(moment)
        if self._tick_timer is not None:
            self._tick_timer.stop()
        until = moment.next_refresh
        soon = bool(moment.waiting) or (until is not None and timedelta(0) < until - moment.now < _SECONDS_MATTER)
        seconds = moment.now.second + moment.now.microsecond / 1e6
        self._tick_timer = self.set_timer(1.02 - seconds % 1 if soon else 60.02 - seconds, self._tick)

    # --- commands ---

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what does something now."""
        if action == "demo":
            return not has_data(self.board)
        return self.colours == "true" if action == "theme" else super().check_action(action, parameters)

    def action_refresh(self) -> None:
        """Ask again, but not at every touch of a held key."""
        now = self.source.clock.monotonic()
        if now - self._asked >= ASK_AGAIN_AFTER_S:
            self._asked = now
            self._restart.set()
            self.source.refresh()

    async def action_demo(self) -> None:
        """Change to simulated boards."""
        await self._stop_feed()
        try:
            await self.source.switch_to_demo()
        except Exception as fault:
            self._report(fault, "The demo could not start")
        self._start_feed()

    def action_theme(self) -> None:
        names = list(theme.ROLES)
        self.theme = names[(names.index(self.theme) + 1) % len(names)] if self.theme in names else theme.DEFAULT

    def action_help(self) -> None:
        from rallytui.ui.screens.help import HelpScreen  # not needed for the first frame

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.board, self.moment))
