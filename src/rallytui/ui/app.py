"""The app: takes boards from a source, paints them on a tick, and survives what fails in between."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from rich.console import RenderableType
from rich.text import Text
from textual.app import App
from textual.screen import Screen
from textual.timer import Timer
from textual.worker import WorkerFailed

from rallytui.board.shape import Board
from rallytui.ui import theme
from rallytui.ui.commands import BoardCommands
from rallytui.ui.feeding import Feeding
from rallytui.ui.format import clean
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.happenings import Happenings
from rallytui.ui.keymap import Choice, keymap, remapped
from rallytui.ui.keys import bindings
from rallytui.ui.opening import Opening
from rallytui.ui.screens.board import BoardScreen, has_data, waiting_for
from rallytui.ui.screens.frame import Moment
from rallytui.ui.source import BoardChanged, BoardSource, next_refresh
from rallytui.ui.steady import Trouble
from rallytui.ui.terminal import Title, colours, glyphs_for, leave_on_signals, title_of
from rallytui.ui.time_machine import TimeMachine

_log = logging.getLogger(__name__)
PAINT_EVERY_S = 0.5
SOON_S = 0.01
"""A timer of zero seconds never fires."""
BEGIN_WITHIN_S = 0.5
_SECONDS_MATTER = timedelta(hours=1)
"""A countdown from further away shows minutes only, and the screen need not change every second."""


class RallyApp(Feeding, TimeMachine, Opening, Happenings):
    """Messages carry boards in; nothing here fetches or computes."""

    CSS_PATH = "rallytui.tcss"
    TITLE = "rallytui"
    BINDINGS = bindings("app", "time")
    SURVIVES = True
    """Tests switch it off, so that no exception passes unseen."""
    COMMANDS = {BoardCommands}  # noqa: RUF012  (Textual declares it as a class variable)

    def __init__(self, source: BoardSource, keys: Choice | None = None) -> None:
        self.colours = colours()
        # With few colours they are the terminal's own, and its background too.
        super().__init__(ansi_color=True if self.colours != "true" else None)
        self.source = source
        self.actions = remapped(keys or {})
        self.set_keymap(keymap(keys or {}))
        self.glyphs: Glyphs = glyphs_for(source.display)
        self.zone = ZoneInfo(source.display.time_zone)
        self.board: Board | None = None
        self.trouble = Trouble(source.clock.now, source.log_path)
        self._is_up = False
        self._started = source.clock.now()
        self._looks = source.display
        self._title = Title(self)
        self._paint_timer: Timer | None = None
        self._painted = float("-inf")
        self._tick_timer: Timer | None = None
        for one in theme.textual_themes():
            self.register_theme(one)
        self.theme = self._wanted_theme()

    @property
    def palette(self) -> theme.Palette:
        """The styles of the theme, as far as the terminal has colours."""
        looks = self.source.display
        return theme.palette(self.theme, self.colours, looks.swap_up_down, looks.up, looks.down)

    def get_default_screen(self) -> Screen[None]:
        return BoardScreen(self.board, self.moment)

    # --- life ---

    def on_load(self) -> None:
        """The stored board is there before the first frame."""
        try:
            self.board = self.source.first_board()
        except Exception as fault:
            self.trouble.fault(fault, "The stored board could not be read")

    def on_mount(self) -> None:
        self._is_up = True
        leave_on_signals(self.exit)
        self.app_resume_signal.subscribe(self, self._repaint_all)
        self.app_suspend_signal.subscribe(self, lambda _: self.source.rest())
        self.hear()
        self._paint()
        self.tick()
        # What the feed imports must not delay the first frame; but a page that is opened over a frame which
        # is not finished yet would put the feed off until it is closed, so there is a timer too.
        self.call_after_refresh(self.begin)
        self.set_timer(BEGIN_WITHIN_S, self.begin)

    def _repaint_all(self, _app: App[None]) -> None:
        """Back from the shell the terminal is empty; what did not change since would stay so."""
        self.refresh()

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """Leave, with the terminal's own title put back."""
        self._title.restore()
        super().exit(result, return_code, message)

    async def on_unmount(self) -> None:
        await self.let_go()

    # --- boards in ---

    def _restyle(self) -> None:
        """The config's looks, at the start and when the file was changed."""
        self._looks = display = self.source.display
        self.glyphs, self.zone = glyphs_for(display), ZoneInfo(display.time_zone)
        if self.theme != (wanted := self._wanted_theme()):
            self.theme = wanted
        elif self._is_up:
            self.theme_changed_signal.publish(self.current_theme)

    @property
    def survives(self) -> bool:
        """Whether an exception in a handler, a timer or a worker leaves a banner and not a terminal."""
        return self._is_up and self.SURVIVES

    def _handle_exception(self, error: Exception) -> None:
        if not self.survives:
            super()._handle_exception(error)
            return
        cause = error.error if isinstance(error, WorkerFailed) else error
        reason = cause if isinstance(cause, Exception) else error
        self.trouble.fault(reason, "Something in the program failed, and it went on")
        with suppress(Exception):  # drawing the banner may be the very thing that fails
            self.tick()

    def _fatal_error(self) -> None:
        """The end, in a sentence: a traceback with the values of variables is nothing for a terminal."""
        _log.critical("the program could not start", exc_info=self._exception)
        reason = clean(self._exception, 200) or type(self._exception).__name__
        words = f"rallytui could not start: {reason}. Details: {self.source.log_path}"
        self._exit_renderables.append(Text(words, style="bold"))
        self._close_messages_no_wait()

    def on_board_changed(self, message: BoardChanged) -> None:
        """Keep the board; paint at once, or at the next turn if the last paint was just now."""
        other = is_other_view(self.board, message.board)
        self.board = message.board
        self.trouble.boards_come()
        if self.source.display is not self._looks:
            self._restyle()
        if other and self._paint_timer is not None:
            self._paint_timer.stop()
            self._paint_timer = None
        if self._paint_timer is None:
            since = self.source.clock.monotonic() - self._painted
            wait = SOON_S if other else PAINT_EVERY_S - since
            self._paint_timer = self.set_timer(max(SOON_S, wait), self._paint)

    def _paint(self) -> None:
        self._paint_timer = None
        self._painted = self.source.clock.monotonic()
        for screen in self.frames():
            screen.paint(self.board)
        self._title.show(title_of(self.board, self.glyphs))
        self.tick()

    # --- time ---

    def moment(self) -> Moment:
        """What the bars need to know now."""
        now = self.source.clock.now()
        themes = self.colours == "true"
        waiting = waiting_for(self.board, (now - self._started).total_seconds())
        again, trouble = next_refresh(self.source, self.board), self.trouble.text or self.source.trouble
        return Moment(now, self.zone, again, waiting, trouble, themes, self.unread)

    def tick(self) -> None:
        """Tell the bars the time, and come back when what they say changes."""
        moment = self.moment()
        for screen in self.frames():
            screen.tick(moment)
        if self._tick_timer is not None:
            self._tick_timer.stop()
        until = moment.next_refresh
        soon = bool(moment.waiting) or (until is not None and timedelta(0) < until - moment.now < _SECONDS_MATTER)
        seconds = moment.now.second + moment.now.microsecond / 1e6
        self._tick_timer = self.set_timer(1.02 - seconds % 1 if soon else 60.02 - seconds, self.tick)

    # --- commands ---

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what does something now."""
        if action == "demo":
            return not has_data(self.board)
        if action == "live":
            return self.source.looking_at is not None
        return self.colours == "true" if action == "theme" else super().check_action(action, parameters)

    def action_theme(self) -> None:
        names = list(theme.ROLES)
        self.theme = names[(names.index(self.theme) + 1) % len(names)] if self.theme in names else theme.DEFAULT
        self.source.choose(replace(self.source.state, theme=self.theme.removeprefix("rallytui-")))

    def _wanted_theme(self) -> str:
        """The theme chosen in the app, else the config's."""
        chosen = f"rallytui-{self.source.state.theme}"
        return chosen if chosen in theme.ROLES else f"rallytui-{self.source.display.theme}"


def is_other_view(before: Board | None, after: Board) -> bool:
    """Whether a person asked for this board, by leafing through time or by opening a page."""
    if before is None or (before.close_up is None) != (after.close_up is None):
        return True
    return before.mode != after.mode or (after.mode == "as_of" and before.as_of != after.as_of)
