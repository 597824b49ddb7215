"""What the Target pane says about its goal: which rung it is, the sentence above the number, what the odds rest on."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.style import Style

from rallytui.board.shape import Rung, Target
from rallytui.board.words import side_words
from rallytui.ui import format as f
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.sheet import Phrase, Piece


def goal_of(target: Target) -> Rung:
    """The rung that the pane is about: the next one, or the furthest if all are reached."""
    rungs = sorted(target.rungs, key=lambda rung: -rung.level if rung.down else rung.level)
    return next((rung for rung in rungs if rung.level == target.next_rung), rungs[-1])


def headings(target: Target, goal: Rung, past: bool, p: Palette, g: Glyphs) -> Sequence[Phrase]:
    """What the big number is the distance to, the longest form first."""
    level = (f.level(goal.level, g), p.bright)
    if target.next_rung is None and target.last is not None:
        since = "" if goal.lost_since is None else f" since {goal.lost_since.isoformat()}"
        tail = f", the {'lowest' if goal.down else 'highest'} rung" if past else f", reached and lost{since}"
        return _tailed(f"{side_words(goal)} " if past else "back to ", level, tail, p.dim)
    if past:
        return _tailed(f"{side_words(goal)} ", level, ", not yet at a close", p.dim)
    by = f"{target.by.day} {target.by:%b %Y}"
    return (
        (("to the next rung, ", p.dim), level, (f", by {by}", p.dim)),
        (("to ", p.dim), level, (f" by {by}", p.dim)),
        (("to ", p.dim), level),
    )


def _tailed(words: str, level: Piece, tail: str, dim: Style) -> Sequence[Phrase]:
    return ((words, dim), level, (tail, dim)), ((words, dim), level)


def footnote(target: Target, goal: Rung, room: int, g: Glyphs) -> str:
    """What the odds rest on, in the longest form that has room."""
    sigma = goal.sigma
    again = [f"{g.retest} re-test"] if any(r.first_touch_close for r in target.rungs) else []
    source = g.words(f.clean(sigma.source, 40))
    model = [] if sigma.value is None else [f"GBM, {g.sigma} {sigma.value * 100:.1f} %"]
    forms = [[f"{text} {words}"] for text in model for words in (source, source.split(" ")[0]) if words] + [model]
    notes = [f" {g.sep} ".join(again + form) for form in forms]
    return next((note for note in notes if cell_len(note) <= room), "")
