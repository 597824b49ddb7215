"""The risk scores of the last sessions, each from what was known then: lights have a memory, files do not (C.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from rallytui.board.moment import Moment
from rallytui.board.tracks import Track, epoch
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
    """Readings change only when an input does, so each distinct set of inputs is read once."""
    first = moment.calendar.after(days[0], -LONGEST_WINDOW)
    sessions = np.array(moment.calendar.between(first, days[-1]), dtype="datetime64[D]")
    seen: dict[tuple[int, ...], tuple[Reading, Recipe] | None] = {}
    counts_sessions = any(recipe.transform == "step_change" for recipe in indicator.recipes)
    result = []
    for back, day in enumerate(reversed(days)):
        instant = moment.as_of if back == 0 else known_by(day)
        at = epoch(instant)
        upto = sessions[: len(sessions) - back]
        key = (*(track.rows_at(at) for track in tracks.values()), len(upto) if counts_sessions else 0)
        if key not in seen:
            seen[key] = read(indicator, {item: track.at(at) for item, track in tracks.items()}, upto)
        result.append(aged(moment, indicator, seen[key], tracks, instant, knots))
    return result[::-1]


def aged(
    moment: Moment,
    indicator: Indicator,
    found: tuple[Reading, Recipe] | None,
    tracks: Mapping[Input, Track],
    instant: datetime,
    knots: Knots,
) -> Evaluated:
    """A reading with its score, and how much it still counts at `instant` (METHODOLOGY C.3)."""
    if found is None:
        return UNKNOWN
    reading, recipe = found
    stamps = [tracks[item].known_of(reading.day, epoch(instant)) for item in recipe.inputs]
    known_at = datetime.fromtimestamp(max(stamp for stamp in stamps if stamp is not None), UTC)
    schedule = indicator.schedule
    fresh = freshness(age_of(moment, known_at, instant, schedule.age_unit), schedule.max_age)
    return Evaluated(reading, recipe, known_at, score_reading(indicator, reading, knots), fresh)


def age_of(moment: Moment, known_at: datetime, instant: datetime, unit: str) -> float:
    """Whole days, or sessions whose evening has come, since a value became known."""
    if unit == "sessions":
        return moment.calendar.count(new_york_date(known_at), moment.calendar.last_final(instant))
    return (new_york_date(instant) - new_york_date(known_at)).days
