"""The picture on the wall: distance, index, names and claims, each in letters as large as the room allows."""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len
from rich.style import Style

from rallytui.board.shape import Board, ClaimStatus, Row, Rung, Target
from rallytui.board.words import is_past, side_words
from rallytui.sessions import NEW_YORK
from rallytui.ui import format as f
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.panes.target_words import goal_of
from rallytui.ui.panes.wall_lights import compact_width, draw_compact, draw_lights, lights_height, lights_width
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.bigdigits import big, big_height, big_width
from rallytui.ui.widgets.rail import draw_rail
from rallytui.ui.widgets.sheet import Sheet

LEAST = (56, 15)
"""Columns and rows of the picture: what a terminal of 60 by 20 leaves for it, and a little less."""
_GAP = 3  # columns between the two halves
_LEFT = 62  # columns that the left half needs before the lights may be large
_MOST_AIR = 3


class Sizes(NamedTuple):
    """How large each part is written: the scale of its letters, 0 for plain text."""

    distance: int
    heading: int
    price: int
    names: int
    claims: int


_LARGEST_FIRST = (
    *(Sizes(scale, 1, 1, names, claims) for scale in (3, 2) for names, claims in ((1, 1), (1, 0), (0, 0))),
    *(Sizes(scale, 0, 1, 0, 0) for scale in (3, 2)),
    Sizes(2, 0, 0, 0, 0), Sizes(1, 0, 1, 0, 0), Sizes(1, 0, 0, 0, 0), Sizes(0, 0, 0, 0, 0),
)  # fmt: skip


class Picture:
    """One drawing. `step` counts through the rungs of all targets, and through the names that have no room at once."""

    def __init__(self, sheet: Sheet, board: Board, step: int, p: Palette, g: Glyphs) -> None:
        self.sheet, self.board, self.step, self.p, self.g = sheet, board, step, p, g
        self.edge = 2 if sheet.width >= 100 else 1
        self.target, self.rung = _stop(board, step)
        stale = self.target is not None and self.target.freshness == "stale"
        self.faded = p.faded() if stale else p
        self.names = list({row.symbol: row for one in board.watchlists for row in one.rows}.values())
        self.width = sheet.width - 2 * self.edge

    def draw(self) -> None:
        """Both halves, or the distance alone where there is no room for them."""
        sheet, risks = self.sheet, self.board.risks
        if sheet.width < LEAST[0] or sheet.height < LEAST[1]:
            self._draw_alone()
            return
        wide = lights_width(risks, self.g)
        large = self.width - wide - _GAP >= _LEFT and sheet.height > lights_height(risks, self.g)
        right = wide if large else compact_width(risks, self.g)
        self.width -= right + _GAP
        sizes = next((sizes for sizes in _LARGEST_FIRST if self._fits(sizes)), _LARGEST_FIRST[-1])
        top = self._draw_left(sizes)
        x = self.edge + self.width + _GAP
        (draw_lights if large else draw_compact)(sheet, x, top, risks, self.p, self.g)

    # --- what is said ---

    def _distance(self) -> float | None:
        target, rung = self.target, self.rung
        if target is None or rung is None or target.last is None or not rung.level:
            return None
        return (target.last / rung.level - 1) * 100 if self._is_past() else rung.remaining_pct

    def _is_past(self) -> bool:
        return bool(self.target and self.rung and is_past(self.rung, self.target.last))

    def _number(self) -> str:
        away = self._distance()
        return f.pct(away, 2 if away is None or abs(away) < 100 else 0, self.g).replace(" %", "%")

    def _heading(self) -> str:
        if self.rung is None:
            return "no rung"
        lost = self.rung.first_touch_close is not None
        word = side_words(self.rung).upper() if self._is_past() else "BACK TO" if lost else "TO"
        return f"{word} {f.level(self.rung.level, self.g)}"

    def _note(self) -> list[str]:
        """Beside the heading, for who stands close: which index, how old if it is old, and by when."""
        target, g = self.target, self.g
        if target is None:
            return []
        parts = [g.words(f.clean(target.name, 40))]
        if target.freshness == "stale" and target.quote_time is not None:
            there = target.quote_time.astimezone(NEW_YORK)
            parts.append(f"{g.stale} {there.day} {there:%b}")
        return [*parts, f"by {target.by.day} {target.by:%b %Y}"]

    def _index(self) -> tuple[str, str]:
        target, g = self.target, self.g
        if target is None:
            return g.missing, ""
        change = f.pct(target.change_pct, 2, g).replace(" %", "%")
        return f.price(target.last, 2, g), "" if target.change_pct is None else change

    def _claims(self) -> list[tuple[str, Style]]:
        counts = {status: sum(c.status == status for c in self.board.thesis) for status in ("broken", "at_risk")}
        unknown = sum(claim.status == "unknown" for claim in self.board.thesis)
        if unknown == len(self.board.thesis):
            return [(f"{unknown} unknown".upper(), self.p.dim)]
        words: tuple[tuple[ClaimStatus, str], ...] = (("broken", "BROKEN"), ("at_risk", "AT RISK"))
        return [(f"{counts[s]} {word}", self.p.claim(s) if counts[s] else self.p.dim) for s, word in words]

    # --- how large ---

    def _rows(self, scale: int) -> int:
        return big_height(scale, self.g.unicode) if scale else 1

    def _cells(self, text: str, scale: int) -> int:
        return big_width(text, scale, self.g.unicode) if scale else cell_len(text)

    def _fits(self, sizes: Sizes) -> bool:
        if self._height(sizes, self._name_rows(sizes, 1)) > self.sheet.height:
            return False
        index = sum(self._cells(text, sizes.price) for text in self._index()) + self._between(sizes.price)
        claims = sum(self._cells(text, sizes.claims) for text, _ in self._claims()) + self._between(sizes.claims)
        widths = (
            *(self._cells(self._number(), sizes.distance), self._cells(self._heading(), sizes.heading), index, claims),
            self._name_width(sizes.names) if self.names else 0,
        )
        return max(widths) <= self.width

    def _height(self, sizes: Sizes, names: int) -> int:
        """Rows of all parts, with a blank one below each but the last."""
        rows = [*map(self._rows, sizes[:3]), 1, *([names] if names else []), self._rows(sizes.claims)]
        return sum(rows) + len(rows) - 1

    def _name_rows(self, sizes: Sizes, lines: int) -> int:
        """Rows of so many lines of names; large ones have a blank row between them."""
        if not self.names:
            return 0
        blank = sizes.names > 0 and self.g.unicode
        return lines * (self._rows(sizes.names) + blank) - blank

    def _between(self, scale: int) -> int:
        return 4 if scale and self.g.unicode else 3

    def _name_width(self, scale: int) -> int:
        """Columns of one name and its change."""
        texts = [self._name(row) for row in self.names]
        symbols = max(self._cells(symbol, scale) for symbol, _ in texts)
        return symbols + max(self._cells(change, scale) for _, change in texts) + (3 if scale else 2)

    def _name(self, row: Row) -> tuple[str, str]:
        mark = self.g.stale if row.freshness == "stale" else ""
        return self.g.words(f.clean(row.symbol, 12)), f.change(row.change_pct, 1, self.g) + (mark and f" {mark}")

    # --- the left half ---

    def _draw_left(self, sizes: Sizes) -> int:
        """Draw it and answer its first row."""
        per_line = self._per_line(sizes)
        lines = 1
        while lines * per_line < len(self.names) and self._height(sizes, self._name_rows(sizes, lines + 1)) <= (
            self.sheet.height
        ):
            lines += 1
        names = self._name_rows(sizes, lines)
        spare = self.sheet.height - self._height(sizes, names)
        air = min(_MOST_AIR, spare // 6)
        y = top = min(2, max(0, spare - 5 * air) // 2)
        self._write(self.edge, y, self._heading(), self.faded.dim, sizes.heading)
        self._draw_note(y + self._rows(sizes.heading) - 1, sizes.heading)
        y += self._rows(sizes.heading) + 1 + air
        style = self.p.dim if self._distance() is None else self.faded.bright
        self._write(self.edge, y, self._number(), style, sizes.distance)
        y += self._rows(sizes.distance) + 1 + air
        self._draw_index(y, sizes.price)
        y += self._rows(sizes.price) + 1 + air
        if self.target is not None and self.target.rungs:
            draw_rail(self.sheet, self.edge, y, self.width, self.target, self.faded, self.g)
        y += 2 + air
        if names:
            self._draw_names(y, sizes.names, per_line, lines)
            y += names + 1 + air
        self._draw_claims(y, sizes.claims)
        return top

    def _write(self, x: int, y: int, text: str, style: Style, scale: int) -> int:
        """Write large or plain; answers the column after it."""
        rows = big(text, scale, self.g.unicode) if scale else [text]
        for row, line in enumerate(rows):
            self.sheet.put(x, y + row, line, style if scale and self.g.unicode else style + Style(bold=True))
        return x + cell_len(rows[0])

    def _draw_note(self, y: int, scale: int) -> None:
        x = self.edge + self._cells(self._heading(), scale) + 3
        room, parts = self.edge + self.width - x, self._note()
        texts = [f" {self.g.sep} ".join(parts[:count]) for count in range(len(parts), 0, -1)]
        self.sheet.put(x, y, next((text for text in texts if cell_len(text) <= room), ""), self.p.dim)

    def _draw_index(self, y: int, scale: int) -> None:
        last, change = self._index()
        x = self._write(self.edge, y, last, self.p.dim if last == self.g.missing else self.faded.bright, scale)
        move = self.target.change_pct if self.target is not None else None
        self._write(x + self._between(scale), y, change, self.faded.move(move), scale)

    def _per_line(self, sizes: Sizes) -> int:
        if not self.names:
            return 1
        return max(1, (self.width + _GAP) // (self._name_width(sizes.names) + _GAP))

    def _draw_names(self, y: int, scale: int, per_line: int, lines: int) -> None:
        page = per_line * lines
        start = self.step * page % (-(-len(self.names) // page) * page)
        shown = self.names[start : start + page]
        pitch = self._rows(scale) + (scale > 0 and self.g.unicode)
        room, cells = (self.width + _GAP) // per_line, self._name_width(scale)
        for n, row in enumerate(shown):
            x, top = self.edge + n % per_line * room, y + n // per_line * pitch
            symbol, change = self._name(row)
            p = self.p.faded() if row.freshness in ("stale", "missing") else self.p
            self._write(x, top, symbol, p.bright, scale)
            # What rounds to zero has neither sign nor colour.
            move = row.change_pct if change[:1] in ("+", self.g.minus) else None
            self._write(x + cells - self._cells(change, scale), top, change, p.move(move), scale)
        left = len(self.names) - len(shown)
        if left:
            below = y + self._name_rows(Sizes(0, 0, 0, scale, 0), lines)
            self.sheet.right(self.edge + self.width, below, f"{left} more", self.p.dim)

    def _draw_claims(self, y: int, scale: int) -> None:
        x = self.edge
        for text, style in self._claims():
            x = self._write(x, y, text, style, scale) + self._between(scale)

    # --- no room ---

    def _draw_alone(self) -> None:
        """The distance, as large as it fits, and how much the rest needs."""
        sheet, height, edge = self.sheet, self.sheet.height, 1 if self.sheet.width >= 30 else 0
        number = self._number()
        scale = next((n for n in (2, 1) if self._cells(number, n) <= sheet.width and self._rows(n) < height), 0)
        rows = self._rows(scale)
        y = self._write(edge, 1 if height > rows + 1 else 0, number, self.faded.bright, scale) and rows + (
            1 if height > rows + 1 else 0
        )
        if height > rows + 1:
            sheet.put(edge, 0, f.cut(self._heading().lower(), sheet.width - edge, self.g), self.p.dim)
        last, change = self._index()
        sheet.phrase(edge, y, ((last, self.faded.bright), (f"  {change}", self.faded.move(_move(self.target)))))
        said = self._claims()
        if len(said) > 1:
            text, style = said[0]
            sheet.put(edge, y + 1, f.cut(text.lower(), sheet.width - edge, self.g), style)
        words = "60 x 20 cells show the rest."
        if y + 2 < height and cell_len(words) <= sheet.width - edge:
            sheet.put(edge, height - 1, words, self.p.dim)


def _move(target: Target | None) -> float | None:
    return target.change_pct if target is not None else None


def _stop(board: Board, step: int) -> tuple[Target | None, Rung | None]:
    """The target and rung of a step: each target's own goal first, then its other rungs, the lowest first."""
    stops: list[tuple[Target, Rung]] = []
    for target in board.targets:
        if target.rungs:
            goal = goal_of(target)
            others = sorted((rung for rung in target.rungs if rung is not goal), key=lambda rung: rung.level)
            stops += [(target, rung) for rung in (goal, *others)]
    if not stops:
        return (board.targets[0] if board.targets else None), None
    return stops[step % len(stops)]
