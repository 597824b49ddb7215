"""Pane 4: the claims of the thesis, each on track, at risk, broken or unknown, with the evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.cells import cell_len
from rich.style import Style

from rallytui.board.shape import Board, Claim, ClaimStatus, Sleeve
from rallytui.ui.format import change, cut
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.panes.board_pane import BoardPane
from rallytui.ui.panes.listing import ListPane
from rallytui.ui.widgets.sheet import Phrase, Sheet

WORST_FIRST: tuple[ClaimStatus, ...] = ("broken", "at_risk", "on_track", "unknown")
_CLAIM = 21
"""Columns of a claim beside its evidence."""
_CALM: tuple[ClaimStatus, ...] = ("on_track", "unknown")
_SEPARATORS = " \u00b7|"
_GLUE = "\u00a0"
_UNIT = re.compile(r"(?<=\d) (?=(?:[%\u00d7]|pp|bp|bn|m|d)(?!\w))")
"""The blank between a number and its unit, at which no line ends."""


class ThesisPane(ListPane, BoardPane):
    """The scorecard: a line a claim, or the broken ones alone where there is little room."""

    slot, kind = "thesis", "claim"
    title = "Thesis"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._claim_in: dict[int, str] = {}
        """The claim that stands in a row of the pane: evidence may take two rows, and one row may have two claims."""

    def row_keys(self) -> Sequence[str]:
        """The claims in their own order; where there is no room for all, the worst first."""
        claims = self.board.thesis if self.board else []
        return [claim.id for claim in (_worst_first(claims) if self._is_packed(claims) else claims)]

    def key_at(self, y: int) -> str | None:
        return self._claim_in.get(y)

    def inputs(self, board: Board | None) -> object:
        return board and (board.mode, board.thesis, board.sleeves)

    def wanted_rows(self, board: Board) -> int:
        """Rule, claims, and the sleeves with a blank row."""
        return len(board.thesis) + (5 if board.sleeves else 3)

    def _is_packed(self, claims: list[Claim]) -> bool:
        return self.size.height - 1 < min(4, len(claims))

    def summary(self, board: Board | None) -> list[Phrase]:
        """How many claims of each kind, the worst first."""
        if board is None or not board.thesis:
            return []
        statuses = [claim.status for claim in board.thesis]
        if all(status == "unknown" for status in statuses):
            sign = f"{self.glyphs.unsure} {len(statuses)}"
            return [(("waits for data", self.palette.dim),), ((sign, self.palette.dim),)]
        pieces = [piece for status in WORST_FIRST for piece in self._count(status, statuses.count(status))]
        return [tuple(pieces[:-1])]

    def _count(self, status: ClaimStatus, count: int) -> list[tuple[str, Style]]:
        p, sign = self.palette, self.glyphs.claim(status)
        if status == "on_track" and count:
            return [(f"{sign} ", p.good), (str(count), p.text), ("  ", p.text)]
        style = p.claim(status) + Style(bold=status != "unknown") if count else p.dim
        return [(f"{sign} {count}", style), ("  ", p.text)]

    def body(self, sheet: Sheet, board: Board | None) -> None:
        """The variant for this size."""
        claims = board.thesis if board else []
        self._claim_in = {}
        if self._is_packed(claims):
            self._draw_packed(sheet, _worst_first(claims))
            return
        shown = self.window(1, sheet.height - 1, len(claims))
        visible = claims[shown.start : shown.stop]
        if sheet.width >= 50:
            y = self._draw_evidence(sheet, visible)
            if board is not None and sheet.height - y >= 2:
                self._draw_sleeves(sheet, y + 1, board.sleeves)
        else:
            self._draw_brief(sheet, visible)
        for y, key in self._claim_in.items():
            if visible and key == claims[self.index].id:
                self.mark(sheet, y)
        self.more(sheet, len(claims))

    def _draw_evidence(self, sheet: Sheet, claims: list[Claim]) -> int:
        widest = max((cell_len(self.words(claim.claim)) for claim in claims), default=0)
        column = 3 + min(max(_CLAIM, widest), max(_CLAIM, (sheet.width - 5) // 3)) + 1
        room = sheet.width - 1 - column
        texts = [_wrapped(self.words(claim.evidence), room) for claim in claims]
        spare = sheet.height - 1 - len(claims)
        if spare >= 4 and self.board is not None and self.board.sleeves:
            spare -= 2  # a blank row and the sleeves
        # What tests the claims next has a row each once all evidence stands whole.
        tests = sum(bool(claim.next_test) for claim in claims)
        dated = tests <= spare - sum(len(lines) - 1 for lines in texts)
        y = 1
        for claim, lines, rows in zip(claims, texts, _rows_of(claims, texts, spare), strict=True):
            shown = lines[:rows]
            if rows < len(lines):
                shown[-1] = _shortened(shown[-1], self.words(claim.evidence), room, self.glyphs)
            if dated and claim.next_test:
                shown = [*shown, cut(f"next {self.words(claim.next_test)}", room, self.glyphs)]
            self._draw_claim(sheet, y, claim, column - 5)
            for row, line in enumerate(shown):
                sheet.put(column, y + row, line, self._evidence_style(claim.status))
                self._claim_in[y + row] = claim.id
            y += len(shown)
        return y

    def _draw_brief(self, sheet: Sheet, claims: list[Claim]) -> None:
        right = sheet.width - 2
        for y, claim in enumerate(claims, 1):
            brief = cut(self.words(claim.brief), max(6, right // 3), self.glyphs)
            self._draw_claim(sheet, y, claim, right - cell_len(brief) - 5)
            sheet.right(right, y, brief, self._evidence_style(claim.status))
            self._claim_in[y] = claim.id

    def _draw_sleeves(self, sheet: Sheet, y: int, sleeves: list[Sleeve]) -> None:
        """One line on what a balanced exposure has returned: of its parts as many as have room, the mix first."""
        g = self.glyphs
        names = [self.words(sleeve.title) for sleeve in sleeves]
        parts = [f"{name} {change(s.since_start_pct, 1, g)}" for name, s in zip(names, sleeves, strict=True)]
        known = [part for part, sleeve in zip(parts, sleeves, strict=True) if sleeve.since_start_pct is not None]
        for chosen in (known, known[-1:] + known[:-2], known[-1:] + known[:1], known[-1:]):
            text = f" {g.sep} ".join(chosen)
            for words in (f"{text} % since start", f"{text} %"):
                if chosen and cell_len(words) <= sheet.width - 2:
                    sheet.put(1, y, words, self.palette.dim)
                    return

    def _draw_claim(self, sheet: Sheet, y: int, claim: Claim, room: int) -> None:
        p = self.palette
        style = {"broken": p.bright, "unknown": p.dim}.get(claim.status, p.text)
        sign = p.claim(claim.status) + Style(bold=claim.status in ("broken", "at_risk"))
        sheet.put(1, y, self.glyphs.claim(claim.status), sign)
        sheet.put(3, y, cut(self.words(claim.claim), room, self.glyphs), style)

    def _draw_packed(self, sheet: Sheet, claims: list[Claim]) -> None:
        # What is broken, then what is at risk, one after the other; the rows follow the cursor.
        p, rows = self.palette, sheet.height - 1
        places = self._placed(sheet.width, claims)
        at = places[self.index][1] if places else 0
        top, calm = max(0, at - rows + 1), bool(claims) and claims[self.index].status in _CALM
        for n, (claim, (x, line)) in enumerate(zip(claims, places, strict=True)):
            y, text = 1 + line - top, cut(self.words(claim.claim), sheet.width - 4 - x, self.glyphs)
            if not 1 <= y < sheet.height or (claim.status in _CALM and not calm):
                continue
            sheet.put(x, y, self.glyphs.claim(claim.status), p.claim(claim.status) + Style(bold=True))
            end = sheet.put(x + 2, y, text, p.text if claim.status == "broken" else p.dim)
            self._claim_in.setdefault(y, claim.id)
            if n == self.index and self.has_focus:
                sheet.paint(x - 1, y, end - x + 1, p.cursor)
                sheet.put(x - 1, y, self.glyphs.cursor, p.accent + p.cursor)

    def _placed(self, width: int, claims: list[Claim]) -> list[tuple[int, int]]:
        """Column and line of each claim in running text."""
        x, line, places = 1, 0, []
        for claim in claims:
            room = 2 + cell_len(self.words(claim.claim))
            if x > 1 and x + room > width - 1:
                x, line = 1, line + 1
            places.append((x, line))
            x += room + 3
        return places

    def _evidence_style(self, status: ClaimStatus) -> Style:
        # Evidence is read when a claim is broken; that of a claim that holds may stay in the background.
        return self.palette.text if status == "broken" else self.palette.dim


def _worst_first(claims: list[Claim]) -> list[Claim]:
    return sorted(claims, key=lambda claim: WORST_FIRST.index(claim.status))


def _rows_of(claims: Sequence[Claim], texts: Sequence[Sequence[str]], spare: int) -> list[int]:
    """Rows for the evidence of each claim: one, and of the spare ones a further row each in turn, the worst first."""
    rows = [1] * len(texts)
    turns = sorted(range(len(texts)), key=lambda n: WORST_FIRST.index(claims[n].status))
    while spare > 0 and any(rows[n] < len(texts[n]) for n in turns):
        for n in turns:
            if spare > 0 and rows[n] < len(texts[n]):
                rows[n], spare = rows[n] + 1, spare - 1
    return rows


def _wrapped(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells, broken at its separators, and within a long phrase at its blanks."""
    if cell_len(text) <= width or width < 8:
        return [text]
    lines = [""]
    for phrase in re.split(r" (?=[\u00b7|] )", _UNIT.sub(_GLUE, text)):
        words = [phrase] if cell_len(phrase.lstrip(_SEPARATORS)) <= width else phrase.split(" ")
        for word in words:
            joined = f"{lines[-1]} {word}".strip()
            if cell_len(joined) <= width or not lines[-1]:
                lines[-1] = cut(joined, width)
            else:
                # Nobody needs a separator where the line ends.
                lines[-1] = lines[-1].rstrip(_SEPARATORS)
                lines.append(cut(word.lstrip(_SEPARATORS), width))
    return [line.replace(_GLUE, " ") for line in lines]


def _shortened(line: str, text: str, width: int, g: Glyphs) -> str:
    """A line of `text` after which something was left out: whole words and an ellipsis, no number cut."""
    if cell_len(line) + 2 > width and any(f"{line} {sign}" in text for sign in _SEPARATORS.strip()):
        return line  # a whole phrase, and no room to say that there are more
    kept = _UNIT.sub(_GLUE, line)
    while cell_len(kept) + 2 > width and " " in kept:
        kept = kept.rpartition(" ")[0].rstrip(_SEPARATORS)
    return f"{cut(kept, width - 2, g)} {g.ellipsis}".replace(_GLUE, " ")
