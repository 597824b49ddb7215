"""The composite of the moment, and how far it went at equal members (METHODOLOGY C.4, C.5, G.7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rallytui.board.replay import Evaluated
from rallytui.board.shape import Composite
from rallytui.indicators import composite as blend
from rallytui.indicators.evidence import signed
from rallytui.indicators.scoring import (
    BY_SEVERITY,
    COMPOSITE_ENTER,
    COMPOSITE_EXIT,
    CONFIRMATIONS,
    is_held,
    replay,
)

FIVE_SESSIONS_AGO = -6


@dataclass(frozen=True, eq=False, slots=True)
class Blend:
    """The composite of one evening and the evaluations that it blends, in the order of the catalogue."""

    parts: tuple[Evaluated, ...]
    whole: blend.Composite


def scored(names: Iterable[str], parts: Iterable[Evaluated]) -> dict[str, blend.Scored]:
    """The evaluations of one evening by the names of their indicators."""
    return {name: part.scored for name, part in zip(names, parts, strict=True)}


def build_composite(
    evenings: Sequence[Blend], names: Mapping[str, Sequence[str]], weights: Mapping[str, float]
) -> Composite:
    """The composite now, its band with the memory of the replay, and how far it went at equal members (G.7)."""
    values = [one.whole.value if one.whole.sufficient else None for one in evenings]
    now, coverage = values[-1], evenings[-1].whole.coverage
    if now is None:
        return Composite(None, "unknown", coverage, value_ago(values, FIVE_SESSIONS_AGO))
    order = [name for group in names.values() for name in group]

    def since(place: int, to: int = -1) -> blend.Comparison:
        ours, theirs = (scored(order, evenings[at].parts) for at in (to, place))
        return blend.compare(ours, theirs, names, weights)

    lights = replay(values, COMPOSITE_ENTER, COMPOSITE_EXIT)
    before = value_ago(values, FIVE_SESSIONS_AGO)
    week = since(FIVE_SESSIONS_AGO) if before is not None else None
    alike = at_equal_members(values, since)
    fell = len(lights) > 1 and BY_SEVERITY.index(lights[-1]) < BY_SEVERITY.index(lights[-2])
    path = at_equal_members(values, since, CONFIRMATIONS) if fell else alike
    return Composite(
        score=now,
        band=lights[-1],
        coverage=coverage,
        score_5_sessions_ago=before,
        change_5_sessions=week.change if week else None,
        note=comparison_words(week) if week and not week.alike else "",
        held=is_held(lights[-1], now, COMPOSITE_ENTER),
        score_at_equal_members=alike[-1],
        band_at_equal_members=replay(path, COMPOSITE_ENTER, COMPOSITE_EXIT)[-1],
    )


def value_ago(values: Sequence[float | None], place: int) -> float | None:
    return values[place] if len(values) >= -place else None


def at_equal_members(
    values: Sequence[float | None], compared: Callable[[int, int], blend.Comparison], steps: int = 1
) -> list[float | None]:
    """The composites, the last `steps` at equal members: moved only by what readings did that count on both days.

    A light rises at once, so its last step says whether coverage alone moved it; it falls after two. Where too few
    readings are the same, nothing is said to have moved. The last of `values` is known.
    """
    path = list(values)
    known = [place for place, value in enumerate(values) if value is not None][-1 - steps :]
    for before, after in pairwise(known):
        found, was, came = compared(before, after), path[before], path[after]
        if was is not None and not (found.alike and was == values[before]):
            same = (came or 0.0) - (values[before] or 0.0)
            path[after] = was + (same if found.alike else found.change or 0.0)
    return path


def comparison_words(found: blend.Comparison) -> str:
    """Over which readings the change since five sessions ago is, or why there is none."""
    counted = f"{found.shared} readings that count on both days ({found.now} now, {found.then} then)"
    if found.change is None:
        return f"not comparable with five sessions ago: the {counted} stand for less than 60 % of the weight"
    moved = signed(found.change, "")
    return f"{moved} points in five sessions over the {counted}, each as fresh as now"
