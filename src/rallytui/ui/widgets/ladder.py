"""The ladder: every rung with its state, distance and odds, and the price standing in its place among them."""

from __future__ import annotations

from datetime import date

from rich.style import Style

from rallytui.board.shape import Rung, Target
from rallytui.board.words import beyond_words, is_lost
from rallytui.ui import format as f
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.sheet import Sheet

WIDTH = 49
"""Cells of a ladder with odds, from the `▶` on; without them it is `NARROW`."""
NARROW = 37
_ODDS = WIDTH - NARROW


class Ladder:
    """Draws one target's ladder so that it ends before column `right`; its first row holds the headers."""

    def __init__(self, sheet: Sheet, right: int, target: Target, p: Palette, g: Glyphs, *, odds: bool) -> None:
        self.sheet, self.target, self.p, self.g = sheet, target, p, g
        self.right = right if odds else None
        self.away = right - _ODDS if odds else right
        self.date = self.away - 25
        self.start = self.date + 12
        """A word behind a date stands still: what is next to it changes its width with the price."""
        self.rung = self.away - 29
        self.here = self.away - 37
        self.edge = sheet.width

    def draw(self, y: int, rows: int, started: bool) -> int:
        """Draw the header and at most `rows` rows from `y` on; returns the row after the last."""
        self._header(y)
        rungs = self._nearest(rows - (2 if started else 1))
        last = self.target.last
        above = [rung for rung in rungs if last is None or rung.level > last]
        for rung in above:
            y += 1
            self._rung(y, rung)
        y += 1
        self._now(y, started)
        for rung in rungs[len(above) :]:
            y += 1
            self._rung(y, rung)
        if started:
            y += 1
            self._baseline(y)
        return y + 1

    def _nearest(self, count: int) -> list[Rung]:
        """The rungs to show, highest first: the next one always, then those nearest to the price."""
        last = self.target.last or 0.0
        near = sorted(self.target.rungs, key=lambda r: (r.level != self.target.next_rung, abs(r.level - last)))
        return sorted(near[: max(1, count)], key=lambda rung: -rung.level)

    def _header(self, y: int) -> None:
        dim = self.p.dim
        self.sheet.right(self.rung, y, "rung", dim)
        side = beyond_words(self.target.rungs).removeprefix("at or ")
        self.sheet.put(self.date, y, f"first close {side}", dim)
        self.sheet.right(self.away, y, "away %", dim)
        if self.right:
            self.sheet.right(self.right, y, "odds %", dim)

    def _rung(self, y: int, rung: Rung) -> None:
        p, g = self.p, self.g
        is_next = rung.level == self.target.next_rung
        main = p.bright if is_next else p.text
        self.sheet.right(self.rung, y, f.level(rung.level, g), main)
        away = self.sheet.right(self.away, y, *self._value(f.change(rung.remaining_pct, 2, g), main))
        self._state(y, rung, is_next, away)
        if self.right:
            again = rung.first_touch_close is not None
            sign = f"{g.retest} " if again else ""
            text, style = self._value(f.odds(rung.p_touch, g).removesuffix(" %"), p.dim if again else main)
            self.sheet.right(self.right, y, sign + text, style)

    def _value(self, text: str, style: Style) -> tuple[str, Style]:
        return text, self.p.dim if text == self.g.missing else style

    def _state(self, y: int, rung: Rung, is_next: bool, away: int) -> None:
        """The sign, and the day of the first close above or that the rung is open."""
        p, g, put = self.p, self.g, self.sheet.put
        sign, date = self.rung + 2, self.date
        if rung.first_touch_close is not None:
            lost = is_lost(rung)
            put(sign, y, g.reached, p.dim if lost else p.good)
            if rung.lost_since is not None:  # the page has room for the first close too
                put(date, y, f"lost since {self._day(rung.lost_since)}", p.watch)
                return
            put(date, y, rung.first_touch_close.isoformat(), p.text)
            if lost and self.start + len("lost") < away:
                put(self.start, y, "lost", p.watch)
        elif rung.state == "expired_missed":
            put(sign, y, g.broken, p.bad)
            put(date, y, "not reached", p.text)
        else:
            put(sign, y, g.open, p.bright if is_next else p.dim)
            put(date, y, "open" if rung.state == "open" else g.missing, p.bright if is_next else p.dim)

    def _day(self, day: date) -> str:
        """Short: the day of this year, else the month."""
        at = self.target.quote_time
        return f"{day.day} {day:%b}" if at is None or at.year == day.year else f"{day:%b %Y}"

    def _now(self, y: int, started: bool) -> None:
        p, g, target = self.p, self.g, self.target
        self.sheet.put(self.here, y, g.here, p.accent)
        self.sheet.right(self.rung, y, f.level(target.last, g), p.bright)
        x = self.sheet.put(self.date, y, "now", p.bright) + 2
        if started:
            x = self.sheet.put(x, y, "drawdown ", p.dim)
            self.sheet.put(x, y, f.pct(target.stats.drawdown_now_pct, 1, g), p.text)
        else:
            self.sheet.put(x, y, "the baseline", p.dim)
        self.sheet.paint(self.here, y, self.edge - self.here, p.raised)

    def _baseline(self, y: int) -> None:
        p, g, base = self.p, self.g, self.target.baseline
        self.sheet.right(self.rung, y, f.level(base.level, g), p.dim)
        self.sheet.put(self.rung + 2, y, g.dot, p.dim)
        self.sheet.put(self.date, y, base.date.isoformat(), p.dim)
        last = self.target.last
        away = (base.level / last - 1) * 100 if base.level and last else None
        edge = self.sheet.right(self.away, y, f.change(away, 2, g), p.dim)
        if self.start + len("start") < edge:
            self.sheet.put(self.start, y, "start", p.dim)
