"""The part of the app that opens screens and dialogs. None of them is needed for the first frame, so each is imported
where it is opened.
"""

from __future__ import annotations

from rallytui.ui.app_part import AppPart
from rallytui.ui.panes.listing import Opened
from rallytui.ui.screens.board import BoardScreen
from rallytui.ui.screens.frame import Frame


class Opening(AppPart):
    """One method for each key that leads somewhere from everywhere."""

    def action_wall(self) -> None:
        """The wall."""
        from rallytui.ui.screens.wall import WallScreen

        # Opened from a page, it would lead back to that page, which nobody remembers a day later.
        if isinstance(self.screen, BoardScreen):
            self.push_screen(WallScreen(self.board, self.moment, self.source.display.wall_rotate_s))

    def action_copy(self) -> None:
        """To the clipboard."""
        from rallytui.ui.export import copy

        copy(self)

    def action_export(self) -> None:
        """Ask what to write to a file."""
        from rallytui.ui.screens.export_menu import ExportMenu

        if isinstance(self.screen, Frame):
            self.push_screen(ExportMenu(), self._export)

    async def _export(self, chosen: str | None) -> None:
        from rallytui.ui.export import write

        if chosen:
            await write(self, chosen)

    def action_help(self) -> None:
        """The help page."""
        from rallytui.ui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            here = self.screen.scopes() if isinstance(self.screen, Frame) else ()
            self.push_screen(HelpScreen(self.board, self.moment, here))

    def on_opened(self, event: Opened) -> None:
        """The page of one row; what it was opened from goes on below it."""
        from rallytui.ui.screens.detail import DetailScreen

        self.push_screen(DetailScreen(self.board, self.moment, event))

    def action_events(self) -> None:
        """What happened, as a list."""
        from rallytui.ui.screens.event_log import EventLog

        if self._may_open(EventLog):
            self.push_screen(EventLog(self.board, self.moment, self.source))

    def action_calendar(self) -> None:
        """What is coming."""
        from rallytui.ui.screens.calendar_page import CalendarPage

        if self._may_open(CalendarPage):
            self.push_screen(CalendarPage(self.board, self.moment, self.source))

    def action_history(self) -> None:
        """What the board judged before."""
        from rallytui.ui.screens.history_page import HistoryPage

        if self._may_open(HistoryPage):
            self.push_screen(HistoryPage(self.board, self.moment, self.source))

    def _may_open(self, page: type[Frame]) -> bool:
        """From any screen of ours that is not such a page already."""
        return isinstance(self.screen, Frame) and not isinstance(self.screen, page)
