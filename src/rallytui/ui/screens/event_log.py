"""The log of events: what happened, newest first, what of it nobody has seen yet, and how to quieten a tripwire."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from msgspec.structs import replace
from rich.style import Style
from textual.widget import Widget

from rallytui.alerts.desk import events_of, is_snoozed
from rallytui.alerts.event import Event, Severity
from rallytui.board.shape import Board
from rallytui.sessions import NEW_YORK, new_york_date
from rallytui.store import EventKey
from rallytui.ui.background import background
from rallytui.ui.format import clean, cut, wrapped
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.keys import Action, Scope, bindings
from rallytui.ui.pages import page_of_path
from rallytui.ui.panes.listing import ListPane
from rallytui.ui.screens.frame import Frame, Moment
from rallytui.ui.screens.snooze import Snooze
from rallytui.ui.source import BoardSource
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.sheet import Phrase, Sheet

if TYPE_CHECKING:
    from rallytui.ui.app import RallyApp

LOG_BACK = timedelta(days=365)
_WHEN, _SIGN, _TITLE = 13, 2, 24


class Entry(NamedTuple):
    """An event of the log; `seen` if someone acknowledged it."""

    key: EventKey
    event: Event
    seen: bool

    @property
    def id(self) -> str:
        """The key as text, for the cursor."""
        return repr(self.key)


def sign_of(severity: Severity, p: Palette, g: Glyphs) -> tuple[str, Style]:
    """The shape and style of a severity; the shapes are those of the lights."""
    return {"bad": (g.stress, p.bad), "watch": (g.watch, p.watch)}.get(severity, (g.dot, p.dim))


class EventList(ListPane):
    """One line an event, and the whole text of the one under the cursor below."""

    key, title = "A", "Events"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.entries: list[Entry] = []
        self.loaded = False
        self.zone: tzinfo = NEW_YORK
        self.snoozed: dict[str, str] = {}
        self.now: datetime | None = None

    @property
    def scopes(self) -> tuple[Scope, ...]:
        return ("events", "list", "app")

    def listed(self) -> list[Entry]:
        """The entries, newest first; in a look back those of that day and before."""
        board = self.board
        if board is None or board.mode != "as_of":
            return self.entries
        day = new_york_date(board.as_of)
        return [entry for entry in self.entries if entry.event.session <= day]

    def row_keys(self) -> Sequence[str]:
        return [entry.id for entry in self.listed()]

    def chosen(self) -> Entry | None:
        """The entry under the cursor."""
        entries = self.listed()
        return entries[self.index] if entries else None

    def action_open(self) -> None:
        """The page of what it is about, if there is one."""
        entry = self.chosen()
        opened = page_of_path(self.board, entry.event.path) if entry else None
        if opened is not None:
            self.post_message(opened)

    def summary(self, board: Board | None) -> list[Phrase]:
        entries, p = self.listed(), self.palette
        fresh = sum(1 for entry in entries if not entry.seen)
        if not entries:
            return []
        return [((f"{fresh} new", p.bright if fresh else p.dim),), ((f"{len(entries)} in all", p.dim),)]

    # --- drawing ---

    def body(self, sheet: Sheet, board: Board | None) -> None:
        entries = self.listed()
        if not entries:
            self._draw_nothing(sheet)
            return
        self.draw_list(
            sheet,
            len(entries),
            lambda y, n: self._draw_entry(sheet, y, entries[n]),
            lambda y, n: self._draw_detail(sheet, y, entries[n]),
        )

    def _draw_nothing(self, sheet: Sheet) -> None:
        words = "No event is kept. When a light, a rung, a claim or a tripwire of yours changes, it stands here."
        if self.entries:
            words = "Nothing had happened up to that day, as far as it is kept."
        for y, line in enumerate(wrapped(words if self.loaded else "reading the log", sheet.width - 2), 2):
            sheet.put(1, y, self.glyphs.words(line), self.palette.dim)

    def _draw_entry(self, sheet: Sheet, y: int, entry: Entry) -> None:
        p, g, event = self.palette, self.glyphs, entry.event
        roomy = sheet.width >= 70
        sheet.put(1, y, self._when(event.at), p.dim)
        sign, style = sign_of(event.severity, p, g)
        x = sheet.put(1 + _WHEN, y, sign, p.dim if entry.seen else style) + _SIGN - 1
        end = sheet.right(sheet.width - 2, y, "seen" if entry.seen else "new", p.dim if entry.seen else p.bright)
        title = g.words(clean(event.title, 60))
        room = _TITLE if roomy else end - x - 2
        sheet.put(x, y, cut(title, room, g), p.dim if entry.seen else p.bright)
        if roomy:
            text = cut(g.words(clean(event.text)), end - x - _TITLE - 4, g)
            sheet.put(x + _TITLE + 2, y, text, p.dim if entry.seen else p.text)

    def _draw_detail(self, sheet: Sheet, y: int, entry: Entry) -> None:
        p, g, event = self.palette, self.glyphs, entry.event
        for row, line in enumerate(wrapped(g.words(clean(event.text)), sheet.width - 2, g)[:2], y):
            sheet.put(1, row, line, p.text)
        about = [f"tripwire {clean(event.rule, 60)}", f"session {event.session}"]
        about += [clean(event.path, 80)] if event.path else []
        if self.now is not None and is_snoozed(event.rule, self.now, self.snoozed):
            until = datetime.fromisoformat(self.snoozed[event.rule]).astimezone(self.zone)
            about.insert(0, f"quiet until {until:%a} {until.day} {until:%b %H:%M}")
        sheet.put(1, sheet.height - 1, cut(g.words(f" {g.sep} ".join(about)), sheet.width - 2, g), p.dim)

    def _when(self, at: datetime) -> str:
        there = at.astimezone(self.zone)
        today = self.now.astimezone(self.zone).date() if self.now else there.date()
        if there.year != today.year:
            return f"{there.day} {there:%b %Y}"
        return f"{there.day:>2} {there:%b %H:%M}"


class EventLog(Frame):
    """It reads the log when it opens, when something happens, and after every change."""

    BINDINGS = bindings("events")

    def __init__(self, board: Board | None, ask: Callable[[], Moment], source: BoardSource) -> None:
        super().__init__(board, ask)
        self._source = source
        self._unread = -1

    def content(self) -> Iterable[Widget]:
        yield EventList(id="page")

    @property
    def list(self) -> EventList:
        """The rows."""
        return self.query_one(EventList)

    def on_mount(self) -> None:
        self.list.focus()

    def paint(self, board: Board | None) -> None:
        super().paint(board)
        self.list.show(board)

    def tick(self, moment: Moment) -> None:
        """The count of the unread changes whenever the log does."""
        super().tick(moment)
        self.list.zone, self.list.now = moment.zone, moment.now
        self.list.snoozed = self._source.state.snoozed
        if moment.unread != self._unread:
            self._unread = moment.unread
            background(self, self._load, "log")
        self.list.repaint()

    async def _load(self) -> None:
        rows = await self._source.events(self.moment.now - LOG_BACK)
        found = [Entry(row.key, event, row.acknowledged is not None) for row in rows for event in events_of([row])]
        self.list.entries, self.list.loaded = found[::-1], True
        self.list.repaint()
        self.offer_keys()

    def scopes(self) -> tuple[Scope, ...]:
        return self.list.scopes

    def does(self, action: Action) -> bool:
        """Without an event there is nothing to see, to open or to quieten."""
        if action.id == "events":
            return False
        if action.scope in ("events", "list") and action.id != "events_back" and not self.list.listed():
            return False
        return super().does(action)

    # --- keys ---

    def action_back(self) -> None:
        self.dismiss()

    def action_acknowledge(self) -> None:
        """Mark the one under the cursor, and go on to the next."""
        entry = self.list.chosen()
        if entry is not None:
            self.list.action_move(1)
            self._acknowledge([entry])

    def action_acknowledge_all(self) -> None:
        """Mark all that are listed."""
        self._acknowledge(self.list.listed())

    def _acknowledge(self, entries: Sequence[Entry]) -> None:
        keys = [entry.key for entry in entries if not entry.seen]
        if keys:
            background(self, partial(self._keep_seen, keys))

    async def _keep_seen(self, keys: Sequence[EventKey]) -> None:
        await self._source.acknowledge(keys)
        await self._load()
        cast("RallyApp", self.app).recount()

    def action_snooze(self) -> None:
        """Ask for how long the tripwire is to be quiet."""
        entry = self.list.chosen()
        if entry is None:
            return
        rule = entry.event.rule
        quiet = is_snoozed(rule, self.moment.now, self._source.state.snoozed)
        self.app.push_screen(Snooze(rule, quiet), lambda chosen: self._snooze(rule, chosen))

    def _snooze(self, rule: str, chosen: str | None) -> None:
        if chosen is None:
            return
        now, state = self.moment.now, self._source.state
        kept = {name: until for name, until in state.snoozed.items() if is_snoozed(name, now, state.snoozed)}
        kept.pop(rule, None)
        ends = {"hour": now + timedelta(hours=1), "week": now + timedelta(days=7), "open": self._source.next_open(now)}
        if chosen in ends:
            kept[rule] = ends[chosen].isoformat()
        problem = self._source.choose(replace(state, snoozed=kept))
        if problem:
            self.notify(clean(problem, 200), severity="warning", markup=False)
        self.tick(self.ask())
