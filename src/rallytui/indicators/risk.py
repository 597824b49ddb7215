"""One risk indicator from its inputs: the recipe that has the newest value, and its score (METHODOLOGY C)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rallytui.indicators import transforms
from rallytui.indicators.arrays import DayArray, Observations
from rallytui.indicators.schema import Indicator, Input, Knots, Recipe
from rallytui.indicators.scoring import worst_score
from rallytui.indicators.transforms import Reading

Transform = Callable[[Sequence[Observations], DayArray, int], Reading | None]

TRANSFORMS: dict[str, Transform] = {
    "latest": lambda data, sessions, n: transforms.latest(data[0]),
    "latest_session": lambda data, sessions, n: transforms.latest_session(data[0], sessions),
    "same_day_ratio": lambda data, sessions, n: transforms.same_day_ratio(data[0], data[1], sessions),
    "difference": lambda data, sessions, n: transforms.difference(data[0], data[1]),
    "policy_gap": lambda data, sessions, n: transforms.policy_gap(data[0], data[1]),
    "step_change": lambda data, sessions, n: transforms.step_change(data[0], sessions, n),
    "ratio_return": lambda data, sessions, n: transforms.ratio_return(data[0], data[1], n),
    "drawdown": lambda data, sessions, n: transforms.drawdown(data[0], n),
    "level_and_change": lambda data, sessions, n: transforms.level_and_change(data[0], n),
    "claims_ratio": lambda data, sessions, n: transforms.claims_ratio(data[0], n),
    "mean_of_months": lambda data, sessions, n: transforms.mean_of_months(data[0], n),
    "sahm": lambda data, sessions, n: transforms.sahm(data[0]),
    "year_on_year": lambda data, sessions, n: transforms.year_on_year(data[0]),
}


def apply(recipe: Recipe, data: Mapping[Input, Observations], sessions: DayArray) -> Reading | None:
    """The value of one recipe; None if an input is not in `data` or its window is not filled."""
    inputs = [data[item] for item in recipe.inputs if item in data]
    if len(inputs) < len(recipe.inputs):
        return None
    return TRANSFORMS[recipe.transform](inputs, sessions, recipe.n)


def read(indicator: Indicator, data: Mapping[Input, Observations], sessions: DayArray) -> tuple[Reading, Recipe] | None:
    """The newest reading among the indicator's recipes, the earlier recipe where two describe the same day.

    `data` holds what was known at the moment of the board and `sessions` the exchange's sessions up to it, ascending.
    None is "unknown", which is never calm.
    """
    found = [(reading, recipe) for recipe in indicator.recipes if (reading := apply(recipe, data, sessions))]
    return max(found, key=lambda pair: pair[0].day) if found else None


def score_reading(
    indicator: Indicator, reading: Reading | None, knots: Knots | None = None, change_knots: Knots | None = None
) -> float | None:
    """The score of a reading, by the catalog's knots unless others are given; None without a reading."""
    if reading is None:
        return None
    return worst_score(reading.value, reading.change, knots or indicator.knots, change_knots or indicator.change_knots)
