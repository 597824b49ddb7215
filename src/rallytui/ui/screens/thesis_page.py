"""One claim of the thesis with its whole evidence, all claims beside it, and what a balanced exposure has returned."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.style import Style

from rallytui.board.shape import Board, Claim, ClaimStatus, Record
from rallytui.ui.format import clean, column, cut, pct
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.screens.sections import Column, side_by_side, wrapped
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.record_strips import claim_strip, sessions_a_column
from rallytui.ui.widgets.sheet import Phrase, Sheet

_TWO_COLUMNS = 90
_RIGHT = 58 / 155
_STATUS: dict[ClaimStatus, str] = {
    "on_track": "on track", "at_risk": "at risk", "broken": "broken", "unknown": "unknown",
}  # fmt: skip
_MEANING: dict[ClaimStatus, str] = {
    "on_track": "The data bear it out so far.",
    "at_risk": "The data no longer clearly bear it out.",
    "broken": "The data contradict it.",
    "unknown": "There are no data yet that could decide it.",
}


def thesis_page(
    board: Board, claim: Claim, width: int, height: int, p: Palette, g: Glyphs, records: Sequence[Record] = ()
) -> Sheet:
    """In two columns where there is room, else one below the other. `records` are the board's past, oldest first."""
    two = width >= _TWO_COLUMNS
    right_width = round((width - 3) * _RIGHT) if two else width
    left = Column(width - 3 - right_width if two else width, p, g)
    right = Column(right_width, p, g) if two else left
    _head(left, claim)
    _past(left, claim, records)
    _all(right, board, claim)
    _sleeves(left, board)
    return side_by_side(left, right, 3, height) if two else left.sheet(height)


def _status(claim: Claim, p: Palette, g: Glyphs) -> Phrase:
    style = p.claim(claim.status) + Style(bold=claim.status in ("broken", "at_risk"))
    return ((f"{g.claim(claim.status)} {_STATUS[claim.status]}", style),)


def _head(column: Column, claim: Claim) -> None:
    p, g = column.p, column.g
    column.rule(g.words(clean(claim.claim, 60)), [_status(claim, p, g)], focused=True)
    column.blank()
    for line in wrapped(g.words(clean(claim.evidence, 2000)), column.width - 2):
        column.phrase(((line, p.bright if claim.status == "broken" else p.text),))
    column.blank()
    column.text(_MEANING[claim.status])
    if claim.next_test:
        column.blank()
        column.phrase((("next test  ", p.dim), (g.words(clean(claim.next_test, 80)), p.text)))


def _past(column: Column, claim: Claim, records: Sequence[Record]) -> None:
    """The claim's status over the recorded sessions, in one row."""
    p, g, room = column.p, column.g, column.width - 2
    known = [record for record in records if claim.id in record.claims]
    if not known or room < 1:
        return
    column.blank()
    step, first = sessions_a_column(len(known), room), known[0].session
    each = "a session a column" if step == 1 else f"{step} sessions a column"
    column.phrase(((f"since {first.day} {first:%b %Y}, {each}", p.dim),))
    column.phrase(tuple(claim_strip(known, claim.id, room, p, g)))


def _all(column: Column, board: Board, chosen: Claim) -> None:
    """Every claim, the chosen one under the cursor."""
    p, g = column.p, column.g
    column.rule("All claims", [(("there is no overall mark", p.dim),)])
    for claim in board.thesis:
        line = Sheet(column.width, 1, p.text)
        brief = g.words(clean(claim.brief, max(6, column.width // 3)))
        end = line.right(column.width - 1, 0, brief, p.dim)
        style = p.bright if claim.status == "broken" else p.dim if claim.status == "unknown" else p.text
        line.phrase(1, 0, ((g.claim(claim.status), p.claim(claim.status)),))
        line.put(3, 0, cut(g.words(clean(claim.claim, 60)), end - 5, g), style)
        if claim.id == chosen.id:
            line.paint(0, 0, column.width, p.cursor)
            line.put(0, 0, g.cursor, p.accent + p.cursor)
        column.block(line)


def _sleeves(page: Column, board: Board) -> None:
    """What the parts of a balanced exposure have returned."""
    p, g = page.p, page.g
    if not board.sleeves:
        return
    page.rule("Balanced exposure", [(("total return since the start", p.dim),)])
    returns = column(pct(sleeve.since_start_pct, 1, g) for sleeve in board.sleeves)
    names = [g.words(clean(sleeve.title, 40)) for sleeve in board.sleeves]
    room = min(max(map(cell_len, names)), max(8, page.width // 2))
    for sleeve, name, text in zip(board.sleeves, names, returns, strict=True):
        symbols = g.words(", ".join(clean(symbol, 12) for symbol in sleeve.symbols))
        missing = sleeve.since_start_pct is None
        start = room + 3
        line = Sheet(page.width, 1, p.text)
        line.put(1, 0, cut(name, room, g), p.dim)
        end = line.put(start, 0, text, p.dim if missing else p.text)
        line.put(end + 2, 0, cut(symbols, page.width - end - 3, g), p.dim)
        page.block(line)
    page.text("Descriptive, daily rebalanced, costs ignored.")
