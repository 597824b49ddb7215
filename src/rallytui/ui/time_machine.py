"""The part of the app that leads through time: by sessions, by months, to a typed date, back to live."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from rallytui.ui import past
from rallytui.ui.app_part import AppPart

if TYPE_CHECKING:  # not needed for the first frame
    from rallytui.engine.landing import Landing


class TimeMachine(AppPart):
    """The source shows the day; where a key leads is `past`'s to say."""

    def action_leap(self, sessions: int) -> None:
        """So many sessions on, or back."""
        self.look(past.stepped(self.source, sessions))

    def action_leap_months(self, months: int) -> None:
        """So many months on, or back."""
        self.look(past.months_on(self.source, months))

    def action_live(self) -> None:
        """Back to now."""
        self.look(None)

    def action_go_to_date(self) -> None:
        """Ask for a date."""
        from rallytui.ui.screens.go_to_date import GoToDate  # not needed for the first frame

        if not isinstance(self.screen, GoToDate):
            self.push_screen(GoToDate(self.source), self._landed)

    def _landed(self, there: Landing | None) -> None:
        if there is not None:
            self.look(there.day)

    def look(self, day: date | None) -> None:
        """Show the board of a day; None is live."""
        if day != self.source.looking_at:
            self.source.look(day)
