"""The recorded past as strips: a column is a session, or a few where there is no room, and shows the worst of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.style import Style

from rallytui.board.shape import ClaimStatus
from rallytui.board.shape.history import Mark, Record, RungMark
from rallytui.model import Light
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.theme import Palette

WORST: tuple[Light, ...] = ("stress", "watch", "calm", "unknown")
WORST_STATUS: tuple[ClaimStatus, ...] = ("broken", "at_risk", "on_track", "unknown")
STEPS = (1, 2, 3, 4, 5, 10, 21, 63)
"""Sessions a column may stand for: up to a week, a month and a quarter."""

Sign = tuple[str, Style]


def sessions_a_column(count: int, width: int) -> int:
    """How many sessions a column stands for so that `count` of them have room."""
    return next((step for step in STEPS if -(-count // step) <= width), STEPS[-1])


def buckets(count: int, width: int) -> list[range]:
    """The records of each column, oldest first; the newest column is full, and what has no room is left out."""
    step = sessions_a_column(count, width)
    ends = range(count, 0, -step)
    return [range(max(0, end - step), end) for end in ends][:width][::-1]


def light_sign(lights: Sequence[Light], p: Palette, g: Glyphs) -> Sign:
    """The letter of the worst light; calm is a dot, so that what is not stands out."""
    worst: Light = min(lights, key=WORST.index, default="unknown")
    style = {"stress": p.bad, "watch": p.watch}.get(worst, p.dim)
    return (g.dot if worst == "calm" else g.letter(worst)), style


def claim_sign(statuses: Sequence[ClaimStatus], p: Palette, g: Glyphs) -> Sign:
    """The sign of the worst status."""
    worst: ClaimStatus = min(statuses, key=WORST_STATUS.index, default="unknown")
    return g.claim(worst), p.claim(worst) if worst != "on_track" else p.dim


def rung_sign(marks: Sequence[RungMark | None], p: Palette, g: Glyphs) -> Sign:
    """Beyond the level at the end of the column, reached and lost since, still open, or not known."""
    last = marks[-1] if marks else None
    if last is None or last.state == "no_data":
        return g.unsure, p.dim
    if last.reached_now:
        return g.reached, p.good
    return (g.reached, p.dim) if last.state in ("reached", "expired_hit") else (g.dot, p.dim)


def lights_of(pick: Callable[[Record], Mark | None]) -> Callable[[Record], Light]:
    """The light of what `pick` finds in a record."""

    def light(record: Record) -> Light:
        mark = pick(record)
        return mark.band if mark is not None else "unknown"

    return light


def light_strip(
    records: Sequence[Record], light: Callable[[Record], Light], width: int, p: Palette, g: Glyphs
) -> list[Sign]:
    """A sign for each column."""
    return [light_sign([light(records[n]) for n in span], p, g) for span in buckets(len(records), width)]


def claim_strip(records: Sequence[Record], claim: str, width: int, p: Palette, g: Glyphs) -> list[Sign]:
    """A sign for each column."""
    spans = buckets(len(records), width)
    return [claim_sign([records[n].claims.get(claim, "unknown") for n in span], p, g) for span in spans]
