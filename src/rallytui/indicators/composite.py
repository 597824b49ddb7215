"""Groups, the composite and what each indicator adds to it (METHODOLOGY C.4). No numpy is loaded here.

It describes how much of the known risks shows today. In the back-test it said nothing about the next three months.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rallytui.indicators.numbers import real, reals

MEAN_SHARE, WORST_SHARE = 0.75, 0.25
LEAST_COVERAGE = 0.60


@dataclass(frozen=True, slots=True)
class Scored:
    """One member's score and its freshness from 0 to 1; a stale or missing one takes no part."""

    score: float | None
    freshness: float = 1.0

    @property
    def weight(self) -> float:
        """The freshness, 0 without a score."""
        fresh = real(self.freshness)
        return 0.0 if real(self.score) is None or fresh is None else min(max(fresh, 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Composite:
    """The composite: `value` 0 to 100, None without any group; do not show it unless `sufficient`.

    `coverage` is the fraction of the weight that fresh readings stand for. `contributions` are points by group and
    `shares` points by indicator; each of the two adds up to `value`.
    """

    value: float | None
    coverage: float
    sufficient: bool
    groups: dict[str, float | None]
    contributions: dict[str, float]
    shares: dict[str, float]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two evenings by the readings that counted on both, each with the weight of the later one (METHODOLOGY G.7).

    `change` is in points, None where what they share stands for less than 60 % of the weight. `shared` readings of
    `now` and `then` counted; `alike` if all did on both, each as fresh as before: then the two scores compare as are.
    """

    change: float | None
    shared: int
    now: int
    then: int
    alike: bool


def group_parts(members: Mapping[str, Scored]) -> dict[str, float]:
    """What each member adds to its group's score: its part of three quarters of the mean, and the worst one the rest.

    The mean is weighted by freshness; the worst member counts, so that one red light still shows. Members of equal
    worst score share that quarter. Empty if no member takes part; the values add up to the score.
    """
    taking = {
        name: (item.score, item.weight) for name, item in members.items() if item.score is not None and item.weight > 0
    }
    if not taking:
        return {}
    total = sum(weight for _, weight in taking.values())
    worst = max(points for points, _ in taking.values())
    tied = sum(points == worst for points, _ in taking.values())
    return {
        name: MEAN_SHARE * weight * points / total + (WORST_SHARE * worst / tied if points == worst else 0.0)
        for name, (points, weight) in taking.items()
    }


def composite(
    scores: Mapping[str, Scored], members: Mapping[str, Sequence[str]], weights: Mapping[str, float]
) -> Composite:
    """The weighted mean of the groups that have a score.

    `members` lists each group's indicators, those switched off left out; one that `scores` lacks is missing and lowers
    the coverage. `weights` are by group, in any unit; a group without members or with no weight takes no part.
    """
    every = {group: {name: scores.get(name, Scored(None)) for name in names} for group, names in members.items()}
    parts = {group: group_parts(items) for group, items in every.items()}
    active = {group: weight for group, weight in weights.items() if weight > 0 and every.get(group)}
    groups = {group: sum(part.values()) if part else None for group, part in parts.items()}
    total = sum(weight for group, weight in active.items() if parts[group])
    scale = {group: weight / total for group, weight in active.items() if parts[group]}
    coverage = sum(weight * _mean_freshness(every[group]) for group, weight in active.items())
    coverage /= sum(active.values()) or 1.0
    contributions = {group: share * sum(parts[group].values()) for group, share in scale.items()}
    return Composite(
        value=sum(contributions.values()) if contributions else None,
        coverage=coverage,
        sufficient=bool(contributions) and coverage >= LEAST_COVERAGE,
        groups=groups,
        contributions=contributions,
        shares={name: share * points for group, share in scale.items() for name, points in parts[group].items()},
    )


def compare(
    now: Mapping[str, Scored],
    then: Mapping[str, Scored],
    members: Mapping[str, Sequence[str]],
    weights: Mapping[str, float],
) -> Comparison:
    """How far the composite went from `then` to `now` at equal members."""
    names = [name for group, inside in members.items() if weights.get(group, 0) > 0 for name in inside]
    counted, before = (
        {name: scores[name].weight for name in names if name in scores and scores[name].weight}
        for scores in (now, then)
    )
    shared = {name: now[name] for name in counted if name in before}
    earlier = {name: Scored(then[name].score, one.freshness) for name, one in shared.items()}
    ours, theirs = (composite(scores, members, weights) for scores in (shared, earlier))
    values = reals(ours.value, theirs.value) if ours.sufficient else None
    change = values[0] - values[1] if values else None
    return Comparison(change, len(shared), len(counted), len(before), counted == before)


def _mean_freshness(items: Mapping[str, Scored]) -> float:
    return sum(item.weight for item in items.values()) / len(items)
