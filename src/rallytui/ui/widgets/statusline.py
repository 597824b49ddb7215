"""The last row: the sources with their ages and the next refresh, and the keys that matter here."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from rallytui.board.shape import Board, SourceHealth
from rallytui.sessions import NEW_YORK
from rallytui.ui.format import age, clean, cut, day
from rallytui.ui.keys import Action, fitting, width
from rallytui.ui.panes.offline import is_offline
from rallytui.ui.panes.readings import today
from rallytui.ui.widgets.bar import Bar
from rallytui.ui.widgets.header import is_down
from rallytui.ui.widgets.sheet import Phrase, Piece, Sheet, phrase_len

_LIVE_S = 90
_SAID_FOR_S = 6.0


class StatusLine(Bar):
    """Says how the sources are, unless a key has just done something."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.hints: list[Action] = []
        self.said = ""
        """What a key did: stands in place of the sources for a while."""
        self._is_wrong = False

    def say(self, words: str, wrong: bool = False) -> bool:
        """Say what a key did, if there is room for all of it; answers whether there is."""
        if cell_len(words) > self.size.width - 2:
            return False
        self.said, self._is_wrong = words, wrong
        self.set_timer(_SAID_FOR_S, lambda: self.say("") if self.said == words else None)
        self.repaint()
        return True

    def offer(self, hints: list[Action]) -> None:
        """Name other keys."""
        if hints != self.hints:
            self.hints = hints
            self.repaint()

    def draw(self, width: int, height: int) -> list[Strip]:
        """Keys first, then as much about the sources as fits beside them."""
        sheet = Sheet(width, height, self.palette.text)
        edge = 1 if width >= 30 else 0
        most = 6 if width >= 140 else 4 if width >= 90 else 3
        said = self.glyphs.words(self.said)
        taken = cell_len(said) + 3 if said else 0
        hints = fitting(sorted(self.hints, key=lambda a: a.rank)[:most], width - 2 * edge - taken)
        hints = [action for action in self.hints if action in hints]
        start = self._draw_hints(sheet, edge, hints)
        if said:
            sheet.put(edge, 0, said, self.palette.bad if self._is_wrong else self.palette.bright)
            return sheet.strips()
        room = start - 3 - edge
        left = next((phrase for phrase in self._lefts(room) if phrase_len(phrase) <= room), ())
        sheet.phrase(edge, 0, left)
        return sheet.strips()

    def _draw_hints(self, sheet: Sheet, edge: int, hints: Sequence[Action]) -> int:
        p = self.palette
        x = start = sheet.width - edge - width(hints)
        for action in hints:
            x = sheet.phrase(x, 0, ((action.cap, p.bright), (f" {action.label}", p.dim))) + 3
        return start

    def _lefts(self, room: int) -> list[Phrase]:
        """What there is to say, the fullest first."""
        board, p = self.board, self.palette
        wait = self._wait()
        if board is None:
            return [(("waiting for the first answer", p.dim),)]
        if board.mode == "live" and is_down(board):
            store = ("store empty", p.dim) if is_offline(board) else ("last values stay", p.dim)
            retry: list[Piece] = [("next try ", p.dim), (wait, p.text)]
            why = ("all sources unreachable", p.dim)
            return [self._joined([[store], [why], retry]), self._joined([[why], retry]), tuple(retry)]
        shown = [health for health in board.health if health.status in ("ok", "failing") or health.describes]
        again: list[Piece] = [("next refresh ", p.dim), (wait, p.text)] if wait else []
        full = [self._source(health, ages=True) for health in shown]
        short = [self._source(health, ages=False) for health in shown]
        variants = [[*full, again], full, [*short, again], short]
        for remark in remarks(board)[:1]:
            words = self.glyphs.words(clean(remark, 120))
            beside = room - phrase_len(self._joined(short)) - 3
            note, less = [(words, p.watch)], [(cut(words, beside, self.glyphs), p.watch)]
            variants = [[*full, note, again], [*full, note], *([[*short, less]] if beside >= 30 else []), [note]]
        soon: list[Piece] = [("next ", p.dim), (wait, p.text)] if wait else []
        return [self._joined(parts) for parts in variants] + [tuple(soon), self._wait_only(wait)]

    def _wait_only(self, wait: str) -> Phrase:
        return ((wait, self.palette.dim),)

    def _joined(self, parts: list[list[Piece]]) -> Phrase:
        sep = (f" {self.glyphs.sep} ", self.palette.dim)
        kept = [part for part in parts if part]
        return tuple(piece for n, part in enumerate(kept) for piece in ([sep, *part] if n else part))

    def _source(self, health: SourceHealth, ages: bool) -> list[Piece]:
        p, g = self.palette, self.glyphs
        name = g.words(cut(clean(health.title or health.provider, 24), 16, g))
        if health.status == "failing":
            return [(f"{name} ", p.dim), (g.failed, p.bad + Style(bold=True))]
        if self.board is not None and self.board.mode == "as_of" and health.describes:
            return [(f"{name} {day(health.describes.astimezone(NEW_YORK).date(), today(self.board), g)}", p.dim)]
        seconds = self._age_s(health)
        live = seconds is not None and seconds < _LIVE_S
        # What was delayed while the market was open is the close once it is shut.
        delayed = health.delayed and (self.board is None or self.board.session.state != "closed")
        mark = f" {g.delayed}" if delayed else ""
        if not ages and (live or delayed):
            return [(f"{name}{mark}", p.dim)]
        if delayed and seconds is not None and seconds < 3600:
            return [(f"{name} {max(1, round(seconds / 60))} min{mark}", p.dim)]
        when = "live" if live else ""
        if not live and health.describes and self.now:
            when = age(health.describes, self.now, self.zone, g=g)
        return [(f"{name} {when}".rstrip() + mark, p.dim)]

    def _age_s(self, health: SourceHealth) -> float | None:
        if health.describes is None or self.now is None:
            return None
        return (self.now - health.describes).total_seconds()

    def _wait(self) -> str:
        past = self.board is not None and self.board.mode == "as_of"
        return "" if past else self.until(self.next_refresh)


def remarks(board: Board) -> list[str]:
    """What else a reader should know: notes, and problems that are not a source's own, for those have their sign.

    In a look back the first row has the notes.
    """
    details = {health.detail for health in board.health}
    notes = [] if board.mode == "as_of" else board.notes
    return [*notes, *(problem for problem in board.problems if problem not in details)]
