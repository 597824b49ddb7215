"""What the Target pane says when there is no price at all: what failed, why, when it tries again, and what to do."""

from __future__ import annotations

from datetime import datetime

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
    blocks: list[list[Phrase]] = [
        [((g.missing, p.bright),)],
        [((line, p.text),) for line in _wrapped(_SENTENCE, inner, g)],
        _table(board, now, inner, p, g),
        _keys(p),
        [((line, p.dim),) for line in _wrapped(_HOPE, inner, g)],
    ]
    for y, row in enumerate(_fitted(blocks, sheet.height - 1), 1):
        sheet.phrase(1, y, row)


def _fitted(blocks: list[list[Phrase]], height: int) -> list[Phrase]:
    """The blocks with blank rows between them and between the keys; these leave first, then the last sentence."""
    rows: list[Phrase] = []
    for gap, air, count in ((2, 1, 5), (1, 1, 5), (1, 0, 5), (1, 0, 4), (0, 0, 4)):
        keys = [row for key in blocks[3] for row in (key, *[()] * air)][: len(blocks[3]) * (air + 1) - air]
        shown = [*blocks[:3], keys, *blocks[4:]][:count]
        rows = [row for block in shown for row in (*[()] * gap, *block)]
        if len(rows) <= height:
            break
    return rows[:height]


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


def _wrapped(text: str, width: int, g: Glyphs) -> list[str]:
    """The words of `text` in lines of at most `width` cells; a word that is longer is cut."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(f.cut(word, width, g))
    return [line for line in lines if line]
