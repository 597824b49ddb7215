"""The risk scores of the last sessions, each from what was known then: lights have a memory, files do not (C.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from rallytui.board.moment import Moment
from rallytui.board.tracks import Track, epoch
from rallytui.indicators.arrays import DayArray
from rallytui.indicators.composite import Scored
from rallytui.indicators.risk import read, score_reading
from rallytui.indicators.schema import Indicator, Input, Knots, Recipe
from rallytui.indicators.scoring import REPLAY_SESSIONS, freshness
from rallytui.indicators.transforms import Reading
from rallytui.sessions import known_by, new_york_date

LONGEST_WINDOW = 260
"""Sessions before the first replayed one that a transform may count back."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One indicator at one instant: the reading and its recipe, None for unknown; score and freshness."""

    reading: Reading | None
    recipe: Recipe | None
    known_at: datetime | None
    score: float | None
    freshness: float

    @property
    def scored(self) -> Scored:
        return Scored(self.score, self.freshness)


UNKNOWN = Evaluated(None, None, None, None, 0.0)


def replay_days(moment: Moment) -> tuple[date, ...]:
    """The last 126 sessions whose evening has come, oldest first."""
    last = moment.calendar.last_final(moment.as_of)
    return moment.calendar.between(moment.calendar.after(last, -REPLAY_SESSIONS), last)


def history_of_scores(
    moment: Moment, indicator: Indicator, tracks: Mapping[Input, Track], days: Sequence[date]
) -> list[Evaluated]:
    """The indicator on the evening of each of `days`; the last one is the board's own instant."""
    own = {item: tracks[item] for item in indicator.inputs if item in tracks}
    knots = knots_of(moment, indicator)
    inputs = (tuple(own), tuple(own.values()), tuple(days), moment.today, knots)
    return moment.memo.get(("scores", indicator.id), inputs, lambda: evaluate_all(moment, indicator, own, days, knots))


def knots_of(moment: Moment, indicator: Indicator) -> Knots:
    """The indicator's knots, or those the config puts in their place."""
    own = moment.settings.risk.indicators.get(indicator.id)
    return tuple(own.knots) if own and own.knots else indicator.knots


def evaluate_all(
    moment: Moment, indicator: Indicator, tracks: Mapping[Input, Track], days: Sequence[date], knots: Knots
) -> list[Evaluated]:
    """Readings change only when an input does, so each distinct state of the inputs is read once."""
    sessions = np.array(
        moment.calendar.between(moment.calendar.after(days[0], -LONGEST_WINDOW), days[-1]), "datetime64[D]"
    )
    instants = [*map(known_by, days[:-1]), moment.as_of]
    counts = list(zip(*(track.counts([epoch(at) for at in instants]) for track in tracks.values()), strict=True))
    counts_sessions = any(recipe.transform == "step_change" for recipe in indicator.recipes)
    seen: dict[tuple[int, ...], Found | None] = {}
    result = []
    for place, instant in enumerate(instants):
        upto = len(sessions) - len(days) + place + 1
        key = (*(counts[place] if counts else ()), upto if counts_sessions else 0)
        if key not in seen:
            seen[key] = find(indicator, tracks, epoch(instant), sessions[:upto], knots)
        result.append(aged(moment, indicator, seen[key], instant))
    return result


@dataclass(frozen=True, slots=True)
class Found:
    """What a state of the inputs says, whenever it is looked at."""

    reading: Reading
    recipe: Recipe
    known_at: datetime
    known_on: date
    score: float | None


def find(
    indicator: Indicator, tracks: Mapping[Input, Track], at: int, sessions: DayArray, knots: Knots
) -> Found | None:
    """The reading from what was known at `at` (seconds since 1970), None if it is unknown."""
    found = read(indicator, {item: track.at(at) for item, track in tracks.items()}, sessions)
    if found is None:
        return None
    reading, recipe = found
    stamps = [tracks[item].known_of(reading.day, at) for item in recipe.inputs]
    known_at = datetime.fromtimestamp(max(stamp for stamp in stamps if stamp is not None), UTC)
    return Found(reading, recipe, known_at, new_york_date(known_at), score_reading(indicator, reading, knots))


def aged(moment: Moment, indicator: Indicator, found: Found | None, instant: datetime) -> Evaluated:
    """A reading with how much it still counts at `instant` (METHODOLOGY C.3)."""
    if found is None:
        return UNKNOWN
    schedule, calendar = indicator.schedule, moment.calendar
    if schedule.age_unit == "sessions":
        age = calendar.count(found.known_on, calendar.last_final(instant))
    else:
        age = (new_york_date(instant) - found.known_on).days
    return Evaluated(found.reading, found.recipe, found.known_at, found.score, freshness(age, schedule.max_age))
