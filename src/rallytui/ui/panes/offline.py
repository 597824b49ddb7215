"""What the Target pane says when there is no price at all: what failed, why, when it tries again, and what to do."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from rallytui.board.shape import Board, SourceHealth
from rallytui.ui import format as f
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.sheet import Phrase, Sheet

_SENTENCE = "No prices: none of the sources answered, and nothing is stored from an earlier run."
_HOPE = "The board appears by itself when the first source answers. Nothing needs a key or an account."
_TITLE, _HOST, _WHY, _NEXT = 12, 28, 24, 9  # cells of the columns; the reason takes what is left


def is_offline(board: Board) -> bool:
    """True once sources have failed and none has ever answered: before that the board only waits."""
    return any(h.status == "failing" for h in board.health) and not any(h.last_ok for h in board.health)


def draw_offline(sheet: Sheet, board: Board, now: datetime, p: Palette, g: Glyphs) -> None:
    """Draw the whole pane below its rule, as airy as the rows allow. `now` is what the waits are counted from."""
    inner = sheet.width - 2
    missing: list[Phrase] = [((g.missing, p.bright),)]
    sentence: list[Phrase] = [((line, p.text),) for line in f.wrapped(_SENTENCE, inner, g)]
    hope: list[Phrase] = [((line, p.dim),) for line in f.wrapped(_HOPE, inner, g)]
    first, keys = [missing, sentence, _table(board, now, inner, p, g)], _keys(p)
    rows: list[Phrase] = []
    for room in _ROOMS:
        last = [_spaced([[key] for key in keys], room.between_keys), *([hope] if room.hope else [])]
        rows = _spaced([[], *first, *last], room.between_blocks)
        if len(rows) < sheet.height:
            break
    for y, row in enumerate(rows[: sheet.height - 1], 1):
        sheet.phrase(1, y, row)


class _Room(NamedTuple):
    """How airy it may be: blank rows between the blocks and between the keys, and whether there is a last sentence."""

    between_blocks: int
    between_keys: int
    hope: bool


_ROOMS = (_Room(2, 1, True), _Room(1, 1, True), _Room(1, 0, True), _Room(1, 0, False), _Room(0, 0, False))
"""From the airiest on; the first that fits is taken."""


def _spaced(blocks: list[list[Phrase]], gap: int) -> list[Phrase]:
    """The rows of all blocks, with blank ones between the blocks."""
    blank: Phrase = ()
    return [row for n, block in enumerate(blocks) for row in ([blank] * gap * (n > 0) + block)]


def _table(board: Board, now: datetime, width: int, p: Palette, g: Glyphs) -> list[Phrase]:
    host = _HOST if width >= _TITLE + _HOST + _WHY + _NEXT else 0
    title = max(0, min(_TITLE, width - _NEXT))
    why = width - title - host - _NEXT
    head = f.left("source", title) + f.left("host", host) + f.left("what happened", why) + f.right("next try", _NEXT)
    failed = [health for health in board.health if health.status in ("failing", "skipped")]
    return [((head[:width], p.dim),), *(_source(h, now, (title, host, why), p, g) for h in failed)]


def _source(health: SourceHealth, now: datetime, widths: tuple[int, int, int], p: Palette, g: Glyphs) -> Phrase:
    title, host, why = widths
    failing = health.status == "failing"
    said = health.detail.removeprefix(f"{health.title} ")
    wait = (health.next_try - now).total_seconds() if health.next_try else None
    return (
        (g.failed if failing else g.unknown, p.bad if failing else p.dim),
        (f.left(f" {_words(health.title, g)}", title - 1, g), p.text),
        (f.left(_words(health.host, g), host, g), p.dim),
        (f.left(f.cut(_words(said, g), max(0, why - 1), g), why), p.text),
        (f.right(f.countdown(wait, g), _NEXT), p.dim if wait is None else p.text),
    )


def _words(text: str, g: Glyphs) -> str:
    return g.words(f.clean(text, 120))


def _keys(p: Palette) -> list[Phrase]:
    return [
        ((" d ", p.accent_bar), ("  see the board with simulated data", p.bright)),
        ((" r ", p.keycap), ("  try again now", p.text)),
        (
            (" q ", p.keycap),
            ("  quit, then ", p.text),
            ("rallytui check", p.bright),
            (" says what to fix here", p.text),
        ),
    ]
