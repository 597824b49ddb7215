"""Scores, lights and the decay of what grows old (METHODOLOGY C.0, C.3 and C.5). No numpy is loaded here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from rallytui.indicators.numbers import real
from rallytui.model import Light

Bands = tuple[float, float]

ENTER: Bands = (40.0, 70.0)
"""Scores from which an indicator or a group is in watch and in stress."""
EXIT: Bands = (35.0, 65.0)
COMPOSITE_ENTER: Bands = (40.0, 60.0)
"""The composite's own bands: averaging pulls it to the middle."""
COMPOSITE_EXIT: Bands = (35.0, 55.0)

LIGHTS: tuple[Light, Light, Light] = ("calm", "watch", "stress")
BY_SEVERITY: tuple[Light, ...] = ("unknown", *LIGHTS)
"""What is not known hides no light that is (METHODOLOGY G.7)."""
CONFIRMATIONS = 2
REPLAY_SESSIONS = 126
"""How far back a replay starts, so that a light is a function of the data alone (METHODOLOGY C.5)."""


def score(value: float | None, knots: Sequence[tuple[float, float]]) -> float | None:
    """The score of `value`, 0 calm to 100 extreme: linear between the knots, flat beyond them (METHODOLOGY C.0).

    `knots` are (x, score) with x ascending, as the config's check makes sure. None for a missing value or no knots.
    """
    x = real(value)
    if x is None or not knots:
        return None
    if x <= knots[0][0]:
        return float(knots[0][1])
    for (left, low), (right, high) in pairwise(knots):
        if x <= right:
            return low + (high - low) * (x - left) / (right - left)
    return float(knots[-1][1])


def crossings(knots: Sequence[tuple[float, float]], points: float) -> list[tuple[float, bool]]:
    """The values at which the score reaches `points`, between the knots too; True where it is rising."""
    found = []
    for (left, low), (right, high) in pairwise(knots):
        if low != high and min(low, high) <= points <= max(low, high):
            found.append((left + (points - low) * (right - left) / (high - low), high > low))
    return found


def worst_score(
    value: float | None,
    change: float | None,
    knots: Sequence[tuple[float, float]],
    change_knots: Sequence[tuple[float, float]],
) -> float | None:
    """The worse of the score of a value and of its change; of one alone if the other is missing (METHODOLOGY C.1, VC3).

    None without the value: a change cannot stand for a level.
    """
    level, moved = score(value, knots), score(change, change_knots)
    return level if level is None or moved is None else max(level, moved)


def light(points: float | None, enter: Bands = ENTER) -> Light:
    """The band of one score without memory; unknown if there is none, never calm."""
    known = real(points)
    if known is None:
        return "unknown"
    return LIGHTS[(known >= enter[0]) + (known >= enter[1])]


def worst_light(lights: Iterable[Light]) -> Light:
    """The light of several: that of the worst whose light is known; unknown if none is (METHODOLOGY G.7)."""
    return max(lights, key=BY_SEVERITY.index, default="unknown")


def is_held(band: Light, points: float | None, enter: Bands = ENTER) -> bool:
    """Whether a light stands above its score only because it has not yet been left (METHODOLOGY C.5, G.7)."""
    return BY_SEVERITY.index(band) > BY_SEVERITY.index(light(points, enter)) > 0


def replay(scores: Iterable[float | None], enter: Bands = ENTER, leave: Bands = EXIT) -> list[Light]:
    """The light after each score in order, with hysteresis (METHODOLOGY C.5).

    It rises at once, and falls only after two scores in a row below the band's exit level: from stress to watch, or to
    calm if the second one is below the exit of watch too. A missing score keeps the light and the count as they are;
    before the first score the light is unknown. Give one score for each completed session.
    """
    held: tuple[Light, int] = ("unknown", 0)
    settled: float | None = None
    lights: list[Light] = []
    for points in scores:
        if points != settled:
            before, held = held, _after(held, points, enter, leave)
            settled = points if held == before else None  # what changes nothing now does not do so next time either
        lights.append(held[0])
    return lights


def replays(scores: Sequence[float | None], window: int, enter: Bands = ENTER, leave: Bands = EXIT) -> list[Light]:
    """For each of `scores` the last light of a `replay` of its own: of the `window` scores that end with it.

    A replay that begins a session later mostly differs in its first few lights: only those are stepped through again.
    """
    held: list[tuple[Light, int]] = []
    lights: list[Light] = []
    for place, points in enumerate(scores):
        if place >= window:
            _begin_anew(held, scores, place - window + 1, enter, leave)
        before = held[-1] if held and window > 1 else ("unknown", 0)
        held.append(_after(before, points, enter, leave))
        lights.append(held[-1][0])
    return lights


def _begin_anew(
    held: list[tuple[Light, int]], scores: Sequence[float | None], start: int, enter: Bands, leave: Bands
) -> None:
    """Make `held` the states of a replay that begins at `start`; once it meets the older one both are the same."""
    state: tuple[Light, int] = ("unknown", 0)
    for place in range(start, len(held)):
        state = _after(state, scores[place], enter, leave)
        if state == held[place]:
            return
        held[place] = state


def _after(before: tuple[Light, int], points: float | None, enter: Bands, leave: Bands) -> tuple[Light, int]:
    known = real(points)
    return before if known is None else _step(*before, known, enter, leave)


def _step(state: Light, below: int, points: float, enter: Bands, leave: Bands) -> tuple[Light, int]:
    raw = light(points, enter)
    if state == "unknown" or LIGHTS.index(raw) >= LIGHTS.index(state):
        return raw, 0
    if points >= leave[LIGHTS.index(state) - 1]:
        return state, 0
    if below + 1 < CONFIRMATIONS:
        return state, below + 1
    return ("calm" if points < leave[0] else "watch"), 0


def freshness(age: float | None, max_age: float) -> float:
    """1 while `age` is within `max_age`, then falling to 0 at twice that; 0 if the age is unknown (METHODOLOGY C.3).

    `age` counts from when the newest value became known, in the unit of the indicator's schedule.
    """
    known = real(age)
    if known is None:
        return 0.0
    if known <= max_age:
        return 1.0
    return max(0.0, 1 - (known - max_age) / max_age) if max_age > 0 else 0.0
