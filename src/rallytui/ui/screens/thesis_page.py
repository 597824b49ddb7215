"""One claim with its evidence, its rule and its past; beside it all claims, and what a balanced exposure returned."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.style import Style

from rallytui.board.shape import Board, Claim, ClaimStatus, Record, Sleeve
from rallytui.ui.format import clean, column, cut, pct, wrapped
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.screens.claim_grounds import draw_grounds, draw_past, draw_way
from rallytui.ui.screens.claim_rules import RULES, conditions
from rallytui.ui.screens.sections import Column, side_by_side
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.record_strips import claim_strip, sessions_a_column
from rallytui.ui.widgets.sheet import Phrase, Sheet

_TWO_COLUMNS = 90
_RIGHT = 58 / 155
_SHORT, _LEAST_TESTS = 24, 44
_PART = " · "
"""What parts the pieces of an evidence line."""
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
    board: Board, claim: Claim, width: int, height: int, p: Palette, g: Glyphs, records: Sequence[Record] = (),
    is_filling: bool = False,
) -> Sheet:  # fmt: skip
    """In two columns where there is room, else one below the other.

    `records` are the board's past, oldest first; `is_filling` says that there will be more of them in a moment.
    """
    two = width >= _TWO_COLUMNS
    right_width = round((width - 3) * _RIGHT) if two else width
    left = Column(width - 3 - right_width if two else width, p, g)
    right = Column(right_width, p, g) if two else left
    _head(left, claim)
    _rule(left, claim)
    draw_grounds(left, board, claim, records)
    draw_past(left, claim, records, is_filling)
    if two:
        draw_way(left, board, claim, height - len(left.rows))
    _all(right, board, claim)
    _tests(right, board)
    _sleeves(right, board)
    _pasts(right, board, records)
    return side_by_side(left, right, 3, height) if two else left.sheet(height)


def _status(claim: Claim, p: Palette, g: Glyphs) -> Phrase:
    style = p.claim(claim.status) + Style(bold=claim.status in ("broken", "at_risk"))
    return ((f"{g.claim(claim.status)} {_STATUS[claim.status]}", style),)


def _head(column: Column, claim: Claim) -> None:
    p, g = column.p, column.g
    column.rule(g.words(clean(claim.claim, 60)), [_status(claim, p, g)], focused=True)
    column.blank()
    finding, *rest = clean(claim.evidence, 2000).split(_PART)
    column.text(finding, p.bright)
    for line in _joined(rest, column.width - 2):
        column.text(line, p.text)
    column.blank()
    column.text(_MEANING[claim.status])
    if claim.next_test:
        column.blank()
        column.phrase((("next test  ", p.dim), (g.words(clean(claim.next_test, 80)), p.text)))


def _joined(parts: Sequence[str], room: int) -> list[str]:
    """A line a part; what is as short as a date or a source follows the one before."""
    lines: list[str] = []
    for part in parts:
        longer = f"{lines[-1]}{_PART}{part}" if lines and len(part) <= _SHORT else ""
        if longer and cell_len(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def _rule(column: Column, claim: Claim) -> None:
    """What is measured, and the conditions in the order they are checked; the one that holds is bright."""
    rule, p, g = RULES.get(claim.id), column.p, column.g
    if rule is None:
        return
    column.rule("The rule", [(("checked from the top", p.dim),)])
    column.text(rule.measure)
    for status, condition in conditions(rule):
        holds = status == claim.status
        first, *more = wrapped(g.words(condition), column.width - 15, g)
        sign = (f"{g.claim(status)} {_STATUS[status]:<10}", p.claim(status) if holds else p.dim)
        column.phrase((sign, (first, p.text if holds else p.dim)))
        for line in more:
            column.phrase(((" " * 12, p.dim), (line, p.text if holds else p.dim)))
    if rule.note:
        column.text(rule.note)


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


def _tests(column: Column, board: Board) -> None:
    """What tests each claim next."""
    p, g = column.p, column.g
    coming = [(g.words(clean(one.claim, 60)), g.words(clean(one.next_test, 80))) for one in board.thesis]
    if not any(test for _, test in coming) or column.width < _LEAST_TESTS:
        return
    column.rule("Next tests")
    room = min(max(cell_len(name) for name, _ in coming), column.width // 2)
    for name, test in coming:
        line = Sheet(column.width, 1, p.text)
        line.put(1, 0, cut(name, room, g), p.dim)
        left = column.width - room - 4
        short = test if cell_len(test) <= left else test.rsplit(", in ", 1)[0]
        line.put(room + 3, 0, cut(short or g.missing, left, g), p.text if test else p.dim)
        column.block(line)


def _sleeves(page: Column, board: Board) -> None:
    """What the parts of a balanced exposure have returned, and of how many names that is known."""
    p, g = page.p, page.g
    if not board.sleeves:
        return
    page.rule("Balanced exposure", [(("total return since the start", p.dim),)])
    returns = column(pct(sleeve.since_start_pct, 1, g) for sleeve in board.sleeves)
    names = [g.words(clean(sleeve.title, 40)) for sleeve in board.sleeves]
    room = min(max(map(cell_len, names)), max(8, page.width // 2))
    for sleeve, name, text in zip(board.sleeves, names, returns, strict=True):
        missing = sleeve.since_start_pct is None
        start = room + 3
        line = Sheet(page.width, 1, p.text)
        line.put(1, 0, cut(name, room, g), p.dim)
        end = line.put(start, 0, text, p.dim if missing else p.text)
        line.put(end + 2, 0, cut(g.words(_members(sleeve)), page.width - end - 3, g), p.dim)
        page.block(line)
    page.text("Descriptive, daily rebalanced, costs ignored. A part of which fewer than 60 % is known is unknown.")


def _members(sleeve: Sleeve) -> str:
    """The symbols, and how many of them are known unless all are; why there is no return."""
    total, symbols = len(sleeve.symbols), ", ".join(clean(symbol, 12) for symbol in sleeve.symbols)
    if sleeve.since_start_pct is None:
        if not total:
            return "a part is unknown"
        return f"{sleeve.counted} of {total} known, {symbols}" if sleeve.counted < total else symbols
    return f"{sleeve.counted} of {total}: {symbols}" if 0 < sleeve.counted < total else symbols


def _pasts(column: Column, board: Board, records: Sequence[Record]) -> None:
    """The newest sessions of all claims, a strip each."""
    p, g = column.p, column.g
    names = [g.words(clean(claim.claim, 60)) for claim in board.thesis]
    room = min(max(map(cell_len, names), default=0), column.width // 2)
    field = column.width - room - 4
    if not records or field < 10:
        return
    step = sessions_a_column(len(records), field)
    column.rule(
        "All claims, session by session", [((f"{step} a column" if step > 1 else "", p.dim),)] if step > 1 else ()
    )
    for claim, name in zip(board.thesis, names, strict=True):
        strip = claim_strip(records, claim.id, field, p, g)
        column.phrase(((f"{cut(name, room, g):<{room + 2}}", p.dim), *strip))
