"""Pane 4: the claims of the thesis, each on track, at risk, broken or unknown, with the evidence."""

from __future__ import annotations

from itertools import pairwise

from rich.cells import cell_len
from rich.style import Style

from rallytui.board.shape import Board, Claim, ClaimStatus
from rallytui.ui.format import clean, cut
from rallytui.ui.widgets.canvas import Pane
from rallytui.ui.widgets.sheet import Phrase, Sheet

WORST_FIRST: tuple[ClaimStatus, ...] = ("broken", "at_risk", "on_track", "unknown")
_CLAIM = 21
"""Columns of a claim beside its evidence."""
_SEPARATORS = " \u00b7|"


class ThesisPane(Pane):
    """The scorecard: a line a claim, or the broken ones alone where there is little room."""

    key = "4"
    title = "Thesis"

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
        if sheet.height - 1 < min(4, len(claims)):
            self._draw_packed(sheet, claims)
        elif sheet.width >= 50:
            self._draw_evidence(sheet, claims)
        else:
            self._draw_brief(sheet, claims)
        if 4 < sheet.height <= len(claims):
            sheet.put(sheet.width - 1, sheet.height - 1, self.glyphs.ellipsis, self.palette.dim)

    def _draw_evidence(self, sheet: Sheet, claims: list[Claim]) -> None:
        widest = max((cell_len(self._words(claim.claim)) for claim in claims), default=0)
        column = 3 + min(max(_CLAIM, widest), max(_CLAIM, (sheet.width - 5) // 3)) + 1
        room = sheet.width - 1 - column
        texts = [_wrapped(self._words(claim.evidence), room) for claim in claims]
        spare = sheet.height - 1 - len(claims)
        y = 1
        for claim, lines in zip(claims, texts, strict=True):
            # A second line for long evidence, as long as there are rows that nobody else needs.
            shown = lines if len(lines) - 1 <= spare else [cut(self._words(claim.evidence), room, self.glyphs)]
            spare -= len(shown) - 1
            self._draw_claim(sheet, y, claim, column - 5)
            for row, line in enumerate(shown):
                sheet.put(column, y + row, line, self._evidence_style(claim.status))
            y += len(shown)

    def _draw_brief(self, sheet: Sheet, claims: list[Claim]) -> None:
        right = sheet.width - 2
        for y, claim in enumerate(claims, 1):
            brief = cut(self._words(claim.brief), max(6, right // 3), self.glyphs)
            self._draw_claim(sheet, y, claim, right - cell_len(brief) - 5)
            sheet.right(right, y, brief, self._evidence_style(claim.status))

    def _draw_claim(self, sheet: Sheet, y: int, claim: Claim, room: int) -> None:
        p = self.palette
        style = {"broken": p.bright, "unknown": p.dim}.get(claim.status, p.text)
        sign = p.claim(claim.status) + Style(bold=claim.status in ("broken", "at_risk"))
        sheet.put(1, y, self.glyphs.claim(claim.status), sign)
        sheet.put(3, y, cut(self._words(claim.claim), room, self.glyphs), style)

    def _draw_packed(self, sheet: Sheet, claims: list[Claim]) -> None:
        # What is broken, then what is at risk, one after the other until the rows are full.
        p, x, y = self.palette, 1, 1
        for claim in sorted(claims, key=lambda claim: WORST_FIRST.index(claim.status)):
            text = self._words(claim.claim)
            if x > 1 and x + 2 + cell_len(text) > sheet.width - 1:
                x, y = 1, y + 1
            if y >= sheet.height or claim.status == "on_track":
                return
            sheet.put(x, y, self.glyphs.claim(claim.status), p.claim(claim.status) + Style(bold=True))
            style = p.text if claim.status == "broken" else p.dim
            x = sheet.put(x + 2, y, cut(text, sheet.width - 3 - x, self.glyphs), style) + 3

    def _evidence_style(self, status: ClaimStatus) -> Style:
        # Evidence is read when a claim is broken; that of a claim that holds may stay in the background.
        return self.palette.text if status == "broken" else self.palette.dim

    def _words(self, text: str) -> str:
        return self.glyphs.words(clean(text))


def _wrapped(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells, broken at its separators or blanks."""
    if cell_len(text) <= width or width < 8:
        return [text]
    places = [0, *(i for i, char in enumerate(text) if char == " "), len(text)]
    lines = [""]
    for start, end in pairwise(places):
        word = text[start:end].strip()
        joined = f"{lines[-1]} {word}".strip()
        if cell_len(joined) <= width or not lines[-1]:
            lines[-1] = cut(joined, width)
        else:
            # Nobody needs a separator where the line ends.
            lines[-1] = lines[-1].rstrip(_SEPARATORS)
            lines.append(cut(word.lstrip(_SEPARATORS), width))
    return lines
