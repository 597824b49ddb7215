"""The first row: name, thesis, session and countdown, freshness, date and clock; or AS OF, or SIMULATED."""

from __future__ import annotations

from datetime import datetime

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from rallytui.board.shape import Board, Row, Target
from rallytui.board.words import SESSIONS
from rallytui.sessions import NEW_YORK
from rallytui.ui.format import clean, cut
from rallytui.ui.keys import chapter
from rallytui.ui.panes.offline import is_offline
from rallytui.ui.widgets.bar import Bar
from rallytui.ui.widgets.sheet import Phrase, Sheet, phrase_len

_SOON_S = 20 * 3600
"""A countdown up to here; from further away the day and hour of the opening say more."""


class HeaderBar(Bar):
    """Of what it can say, as much as has room."""

    def draw(self, width: int, height: int) -> list[Strip]:
        """The row for this width: what has no room leaves, the freshness last of all."""
        sheet = Sheet(width, height, self.palette.text)
        if self.board is not None and self.board.mode != "live":
            self._draw_bar(sheet, self.board)
        else:
            self._draw_live(sheet)
        return sheet.strips()

    # --- live ---

    def _draw_live(self, sheet: Sheet) -> None:
        edge = 1 if sheet.width >= 30 else 0
        right = next((r for r in self._rights(sheet.width) if phrase_len(r) + 10 <= sheet.width), self._rights(0)[-1])
        start = sheet.right_phrase(sheet.width - edge, 0, right)
        end = self._draw_name(sheet, edge, start - 3)
        middle = next((m for m in self._sessions() if end + 3 + phrase_len(m) + 3 <= start), ())
        if middle and sheet.width >= 90:
            x = (sheet.width - phrase_len(middle)) // 2
            sheet.phrase(max(end + 3, min(x, start - 3 - phrase_len(middle))), 0, middle)

    def _draw_name(self, sheet: Sheet, x: int, end: int) -> int:
        p = self.palette
        if end - x >= 8:
            x = sheet.put(x, 0, "rallytui", p.accent + Style(bold=True))
        thesis = self._thesis()
        room = end - x - 3
        # A thesis cut to a few letters says nothing.
        return sheet.put(x + 3, 0, cut(thesis, room), p.text) if room >= min(10, cell_len(thesis)) and thesis else x

    def _thesis(self) -> str:
        return self.glyphs.words(clean(self.board.thesis_name, 60)) if self.board else ""

    def _rights(self, width: int) -> list[Phrase]:
        """The right side, the fullest first."""
        p, clock, state = self.palette, self._clock(), self._state()
        bare: Phrase = ((clock.removesuffix(" ET"), p.bright),)
        tight: Phrase = (*state, ("  ", p.text), *bare) if state else bare
        full: Phrase = (*(state or ()), ("   " if state else "", p.text), (clock, p.bright))
        if width >= 140 and not self._is_down():
            date = (("      ", p.text), (f"{self._date()}  ", p.dim), (clock, p.bright))
            return [(*self._counts(everything=True), *date), full, bare]
        return [full, tight, bare] if width >= 90 else [(*self._short_session(), *tight), tight, bare]

    def _state(self) -> Phrase:
        """What is not as it should be: out of reach, or stale."""
        p = self.palette
        if self._is_down():
            board = self.board
            never = board is not None and is_offline(board)
            if never:
                return (("no network", p.bad + Style(bold=True)),)
            wait = self.until(self.next_refresh)
            then = f" {self.glyphs.sep} next try {wait}" if wait else ""
            return (("offline", p.bad + Style(bold=True)), (then, p.bad))
        return self._counts(everything=False)

    def _is_down(self) -> bool:
        return self.board is not None and is_down(self.board)

    def _counts(self, everything: bool) -> Phrase:
        if self.board is None:
            return ()
        p, g, (live, delayed, stale) = self.palette, self.glyphs, freshness_counts(self.board)
        fresh = "live" if self.board.session.state == "regular" else "fresh"
        parts: list[tuple[str, Style]] = []
        if everything:
            parts = [(f"{live} {fresh}", p.text), (f"{delayed} delayed {g.delayed}", p.dim)]
        if stale or everything:
            parts.append((f"{stale} stale {g.stale}", p.text if stale else p.dim))
        sep = (f" {g.sep} ", p.dim)
        return tuple(piece for n, part in enumerate(parts) for piece in ((sep, part) if n else (part,)))

    # --- session and clock ---

    def _sessions(self) -> list[Phrase]:
        if self.board is None or (self._is_down() and is_offline(self.board)):
            return []
        p, g, state = self.palette, self.glyphs, self.board.session.state
        light = (g.calm, p.good) if state == "regular" else (g.unknown, p.dim)
        word = (f" {SESSIONS[state]}", p.text)
        then = self._then()
        return [(light, word, (f" {g.sep} {then}", p.dim)), (light, word)] if then else [(light, word)]

    def _short_session(self) -> Phrase:
        board, p, g = self.board, self.palette, self.glyphs
        if board is None or self._is_down():
            return ()
        wait = self.until(board.session.closes if board.session.state == "regular" else None)
        light = (g.calm, p.good) if board.session.state == "regular" else (g.unknown, p.dim)
        return (light, (f" {wait or SESSIONS[board.session.state]}  ", p.dim))

    def _then(self) -> str:
        session = self.board.session if self.board else None
        if session is None or self.now is None:
            return ""
        if session.state == "regular":
            return f"closes in {self.until(session.closes)}" if session.closes else ""
        opens = session.next_open
        if opens is None:
            return ""
        if (opens - self.now).total_seconds() <= _SOON_S:
            return f"opens in {self.until(opens)}"
        return f"opens {opens.astimezone(self.zone):%a %H:%M}"

    def _clock(self) -> str:
        if self.now is None:
            return ""
        there = self.now.astimezone(self.zone)
        # New York's own abbreviation changes twice a year; traders write ET all year round.
        name = "ET" if getattr(self.zone, "key", "") == NEW_YORK.key else f"{there:%Z}"
        return f"{there:%H:%M} {name}"

    def _date(self) -> str:
        return _date(self.now.astimezone(self.zone)) if self.now else ""

    # --- not live ---

    def _draw_bar(self, sheet: Sheet, board: Board) -> None:
        # The word comes first, so that no width cuts it.
        p, edge = self.palette, 1 if sheet.width >= 30 else 0
        as_of = board.mode == "as_of"
        style = p.accent_bar if as_of else p.watch_bar
        sheet.put(0, 0, " " * sheet.width, style)
        there = board.as_of.astimezone(NEW_YORK)
        if as_of:
            head = f"AS OF  {_date(there)} {there.year} {self.glyphs.sep} {there:%H:%M} ET"
            head = f"SIMULATED {self.glyphs.sep} {head}" if board.simulated else head
            note = self.glyphs.words(clean(" ".join(board.notes), 160)) or "not live"
            back = [f"{board.sessions_back:,} sessions back"] if board.sessions_back else []
            said = [["as it was known then", *back, note], [*back, note], [note]]
        else:
            head, data = "SIMULATED", "invented data"
            said = [[self._thesis(), f"{data}, no market behind them"], [self._thesis(), data], [data]]
        room = sheet.width - 2 * edge
        x = sheet.put(edge, 0, cut(head, room), style)
        corners = [_ways()] if as_of else _moments(there)
        least = 40 if as_of else 2
        corner = next((text for text in corners if sheet.width - x >= cell_len(text) + least), "")
        if corner:
            room -= cell_len(corner) + 3
            sheet.right(sheet.width - edge, 0, corner, style)
        # Of what there is to say, as much as stands whole; a note alone may be cut.
        texts = [f" {self.glyphs.sep} ".join(filter(None, words)) for words in said]
        space = room - x - 3 + edge
        rest = next((text for text in texts if cell_len(text) <= space), texts[-1])
        if space >= min(12, cell_len(rest)):
            sheet.put(x + 3, 0, cut(rest, space), style + Style(bold=False))


def _moments(there: datetime) -> list[str]:
    """A simulated moment, the fullest first; its date is the last to go."""
    date, time = _date(there), f"{there:%H:%M} ET"
    return [f"{date} {there.year}  {time}", f"{date}  {time}", f"{there.day} {there:%b} {there:%H:%M}", time]


def _ways() -> str:
    """The keys that lead through time."""
    return "   ".join(f"{action.cap} {action.label}" for action in chapter(("time",)) if action.label)


def is_down(board: Board) -> bool:
    """Whether every source that was tried is failing."""
    tried = [health.status for health in board.health if health.status not in ("skipped", "untried")]
    return bool(tried) and all(status == "failing" for status in tried)


def freshness_counts(board: Board) -> tuple[int, int, int]:
    """How many readings are as new as they can be, delayed, and stale. What is missing is counted nowhere."""
    prices: list[Target | Row] = [*board.targets, *(row for one in board.watchlists for row in one.rows)]
    stale = sum(1 for price in prices if price.freshness == "stale")
    late = sum(1 for price in prices if price.freshness == "lagging" or price.badge.startswith("delayed"))
    known = sum(1 for price in prices if price.freshness != "missing")
    readings = [r for group in board.risks.groups for r in group.indicators if r.value is not None]
    old = sum(1 for reading in readings if reading.freshness <= 0)
    return known + len(readings) - stale - late - old, late, stale + old


def _date(moment: datetime) -> str:
    return f"{moment:%a} {moment.day} {moment:%b}"
