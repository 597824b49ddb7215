"""The calendar: decisions, releases, reports and closed days of the next weeks, and which light or claim each tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, tzinfo
from typing import NamedTuple

from textual.widget import Widget

from rallytui.board.shape import Board
from rallytui.calendar import CalendarEvent, countdown
from rallytui.sessions import NEW_YORK
from rallytui.ui.format import clean, cut, wrapped
from rallytui.ui.keys import Action, Scope, bindings
from rallytui.ui.pages import page_of, title_of_id
from rallytui.ui.panes.listing import ListPane, Opened
from rallytui.ui.screens.frame import Frame, Moment
from rallytui.ui.source import BoardSource
from rallytui.ui.widgets.sheet import Phrase, Sheet

DAYS = 60
_DATE, _WAIT, _HOUR = 12, 13, 10
_WHAT = 24


class Line(NamedTuple):
    """An event and the columns of its row."""

    event: CalendarEvent
    date: str
    wait: str
    hour: str
    what: str
    tests: str

    @property
    def id(self) -> str:
        """The event as text, for the cursor."""
        return f"{self.event.day} {self.event.kind} {self.event.title}"


class EventCalendar(ListPane):
    """One line an event, the soonest first."""

    key, title = "C", "Calendar"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.lines: list[Line] = []
        self.zone: tzinfo = NEW_YORK

    @property
    def scopes(self) -> tuple[Scope, ...]:
        return ("calendar", "list", "app")

    def tell(self, board: Board | None, events: Iterable[CalendarEvent], now: datetime, zone: tzinfo) -> None:
        """Show `events`, which come after `now`."""
        self.board, self.zone = board, zone
        self.lines = [self._line(event, now) for event in events]
        self.repaint()

    def _line(self, event: CalendarEvent, now: datetime) -> Line:
        hour = f"{event.at.astimezone(NEW_YORK):%H:%M} ET" if event.at else ""
        day, tests = event.day, ", ".join(title_of_id(self.board, name) for name in event.tests)
        about = f"  est. ±{event.window_days} d" if event.window_days else "  est." if event.projected else ""
        what = clean(event.title, 60) + about
        return Line(event, f"{day:%a} {day.day:>2} {day:%b}", countdown(event, now), hour, what, tests)

    def row_keys(self) -> Sequence[str]:
        return [line.id for line in self.lines]

    def summary(self, board: Board | None) -> list[Phrase]:
        return [((f"the next {DAYS} days", self.palette.dim),)]

    def pages(self) -> list[Opened]:
        """The pages of what the event under the cursor tests; of a report that tests nothing here, the name's."""
        if not self.lines:
            return []
        event = self.lines[self.index].event
        names = [*event.tests, *([event.title.removesuffix(" report")] if event.kind == "report" else [])]
        found = [page for name in names if (page := page_of(self.board, name)) is not None]
        kinds = [page for page in found if page.kind == found[0].kind]
        return [Opened(page.kind, page.key, [one.key for one in kinds]) for page in kinds]

    def action_open(self) -> None:
        """The page of the first thing it tests; `j` there turns to the others of its kind."""
        for page in self.pages()[:1]:
            self.post_message(page)

    # --- drawing ---

    def body(self, sheet: Sheet, board: Board | None) -> None:
        self.draw_list(
            sheet,
            len(self.lines),
            lambda y, n: self._draw_line(sheet, y, self.lines[n]),
            lambda y, n: self._draw_detail(sheet, y, self.lines[n]),
        )

    def _draw_line(self, sheet: Sheet, y: int, line: Line) -> None:
        p, g, event = self.palette, self.glyphs, line.event
        quiet = event.kind in ("holiday", "half_day") or event.projected
        sheet.put(1, y, line.date, p.text)
        x = 1 + _DATE
        sheet.put(x, y, line.wait, p.dim)
        x += _WAIT
        if sheet.width >= 56:
            sheet.put(x, y, line.hour, p.dim)
            x += _HOUR
        if sheet.width >= 90 and (there := self._there(event)):
            sheet.put(x, y, there, p.dim)
        if sheet.width >= 90 and self._is_elsewhere():
            x += _HOUR + 2
        what = g.words(line.what)
        wide = sheet.width >= x + _WHAT + 12
        sheet.put(x, y, cut(what, _WHAT if wide else sheet.width - x - 1, g), p.text if quiet else p.bright)
        if wide and line.tests:
            x += _WHAT + 2
            sheet.put(x, y, cut(g.words(f"tests {line.tests}"), sheet.width - x - 1, g), p.dim)

    def _draw_detail(self, sheet: Sheet, y: int, line: Line) -> None:
        p, g, event = self.palette, self.glyphs, line.event
        tests = f"{line.what}: tests {line.tests}" if line.tests else f"{line.what}: tests nothing on the board"
        if event.kind in ("holiday", "half_day"):
            tests = line.what
        for row, words in enumerate(wrapped(g.words(tests), sheet.width - 2, g)[:2], y):
            sheet.put(1, row, words, p.text)
        origin = (
            "estimated from" if event.kind == "report" else "projected, by the rule of" if event.projected else "from"
        )
        sheet.put(1, sheet.height - 1, cut(g.words(f"{origin} {clean(event.source, 100)}"), sheet.width - 2, g), p.dim)

    def _is_elsewhere(self) -> bool:
        return getattr(self.zone, "key", "") != NEW_YORK.key

    def _there(self, event: CalendarEvent) -> str:
        """The hour in the reader's own zone, with the day if it is another one there."""
        if event.at is None or not self._is_elsewhere():
            return ""
        there = event.at.astimezone(self.zone)
        return f"{there:%a %H:%M}" if there.date() != event.day else f"{there:%H:%M %Z}"


class CalendarPage(Frame):
    """It follows the clock, and in a look back the day that is shown."""

    BINDINGS = bindings("calendar")

    def __init__(self, board: Board | None, ask: Callable[[], Moment], source: BoardSource) -> None:
        super().__init__(board, ask)
        self._source = source

    def content(self) -> Iterable[Widget]:
        yield EventCalendar(id="page")

    @property
    def list(self) -> EventCalendar:
        """The rows."""
        return self.query_one(EventCalendar)

    def on_mount(self) -> None:
        self.list.focus()

    def paint(self, board: Board | None) -> None:
        super().paint(board)
        self._tell(self.moment)

    def tick(self, moment: Moment) -> None:
        super().tick(moment)
        self._tell(moment)

    def _tell(self, moment: Moment) -> None:
        past = self.board is not None and self.board.mode == "as_of"
        now = self.board.as_of if past and self.board else moment.now
        self.list.tell(self.board, self._source.upcoming(self.board, now, DAYS), now, moment.zone)

    def scopes(self) -> tuple[Scope, ...]:
        return self.list.scopes

    def does(self, action: Action) -> bool:
        """What tests nothing opens nothing."""
        return super().does(action) and (action.id != "open" or bool(self.list.pages()))

    def action_back(self) -> None:
        self.dismiss()
