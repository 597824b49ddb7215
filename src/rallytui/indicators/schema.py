"""The shape of a risk indicator's entry in the catalog. Plain data, no pandas and no numpy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Knots = tuple[tuple[float, float], ...]
"""(x, score) points, x ascending: the score is linear between them and flat beyond the ends."""

AgeUnit = Literal["days", "sessions"]
Kind = Literal["bars", "series", "derived"]
Direction = Literal["rising", "falling", "both"]


@dataclass(frozen=True, slots=True)
class Input:
    """What an indicator reads: total-return bars of a symbol, a macro series, or something the board derives."""

    kind: Kind
    id: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """One way to compute an indicator: a transform by name, its inputs in order, and its window in observations."""

    transform: str
    inputs: tuple[Input, ...]
    n: int = 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """How often a value comes, when it is known (the rule used without a vintage), and for how long it is fresh.

    `max_age` is counted from the moment it became known, in calendar days or in sessions.
    """

    frequency: str
    lag: str
    max_age: int
    age_unit: AgeUnit


@dataclass(frozen=True, slots=True)
class Indicator:
    """One risk indicator (METHODOLOGY C.1).

    `recipes` in order of preference. `knots` score the value and `change_knots`, where given, its change; the worse of
    the two counts. `direction` says which way the value moves when things get worse for the thesis.
    """

    id: str
    group: str
    title: str
    unit: str
    decimals: int
    definition: str
    recipes: tuple[Recipe, ...]
    schedule: Schedule
    knots: Knots
    direction: Direction
    why: str
    change_knots: Knots = ()

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Everything any of the recipes reads, each once."""
        return tuple(dict.fromkeys(item for recipe in self.recipes for item in recipe.inputs))


@dataclass(frozen=True, slots=True)
class Group:
    """A family of indicators; `weight` is its default share of the composite in percent."""

    id: str
    title: str
    weight: float


def bars(*symbols: str) -> tuple[Input, ...]:
    """Inputs that are total-return bars."""
    return tuple(Input("bars", symbol) for symbol in symbols)


def series(*ids: str) -> tuple[Input, ...]:
    """Inputs that are macro series."""
    return tuple(Input("series", name) for name in ids)
