"""The risk scores of the last sessions, each from what was known then: lights have a memory, files do not (C.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from rallytui.board.moment import Moment
from rallytui.board.tracks import Track, epoch, same_until
from rallytui.indicators.arrays import DayArray
from rallytui.indicators.composite import Scored
from rallytui.indicators.risk import read, score_reading
from rallytui.indicators.schema import Indicator, Input, Knots, Recipe
from rallytui.indicators.scoring import REPLAY_SESSIONS, freshness
from rallytui.indicators.transforms import Reading
from rallytui.sessions import known_by, new_york_date


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


@dataclass(frozen=True, eq=False, slots=True)
class Replay:
    """One indicator at several instants, ascending, and the inputs that it was read from."""

    tracks: Mapping[Input, Track]
    knots: Knots
    instants: list[int]
    """Whole seconds since 1970."""
    found: list[Evaluated]

    def holding(self, tracks: Mapping[Input, Track], knots: Knots, last: int) -> Mapping[int, Evaluated]:
        """Of the evaluations up to `last` those that hold for other inputs too: both knew the same up to then."""
        until = min(last, self.instants[-1])
        held = knots == self.knots and tracks.keys() == self.tracks.keys()
        if not held or not all(same_until(track, self.tracks[item], until) for item, track in tracks.items()):
            return {}
        return {at: found for at, found in zip(self.instants, self.found, strict=True) if at <= until}


def history_of_scores(
    moment: Moment, indicator: Indicator, tracks: Mapping[Input, Track], days: Sequence[date], use: str = "scores"
) -> list[Evaluated]:
    """The indicator on the evening of each of `days`; the last one is the board's own instant.

    What the last call for the same `use` found is taken over as far as its inputs knew the same.
    """
    own = {item: tracks[item] for item in indicator.inputs if item in tracks}
    knots = knots_of(moment, indicator)
    inputs = (tuple(own), tuple(own.values()), tuple(days), moment.today, knots)
    return moment.memo.follow(
        (use, indicator.id), inputs, lambda before: replayed(moment, indicator, own, days, before)
    ).found


def knots_of(moment: Moment, indicator: Indicator) -> Knots:
    """The indicator's knots, or those the config puts in their place."""
    own = moment.settings.risk.indicators.get(indicator.id)
    return tuple(own.knots) if own and own.knots else indicator.knots


def replayed(
    moment: Moment, indicator: Indicator, tracks: Mapping[Input, Track], days: Sequence[date], before: Replay | None
) -> Replay:
    """Readings change only when an input does, so each distinct state of the inputs is read once."""
    sessions, knots = all_sessions(moment), knots_of(moment, indicator)
    times, instants = evenings(moment, tuple(days))
    held = before.holding(tracks, knots, instants[-1]) if before is not None else {}
    counts = list(zip(*(track.counts(instants) for track in tracks.values()), strict=True)) or [()] * len(instants)
    counts_sessions = any(recipe.transform == "step_change" for recipe in indicator.recipes)
    seen: dict[tuple[int, ...], Found | None] = {}
    found = []
    for at, day, instant, count in zip(instants, days, times, counts, strict=True):
        if at in held:
            found.append(held[at])
            continue
        upto = int(sessions.searchsorted(np.datetime64(day, "D"), side="right"))
        key = (*count, upto if counts_sessions else 0)
        if key not in seen:
            seen[key] = find(indicator, tracks, at, sessions[:upto], knots)
        found.append(aged(moment, indicator, seen[key], instant))
    return Replay(tracks, knots, instants, found)


def evenings(moment: Moment, days: tuple[date, ...]) -> tuple[list[datetime], list[int]]:
    """When each of `days` is looked at, also in whole seconds since 1970: its evening, of the last one now."""

    def found() -> tuple[list[datetime], list[int]]:
        times = [known_by(day) for day in days[:-1]]
        return times, [epoch(at) for at in times]

    times, instants = moment.memo.get(("evenings", len(days)), (days,), found)
    return [*times, moment.as_of], [*instants, epoch(moment.as_of)]


def all_sessions(moment: Moment) -> DayArray:
    """Every session of the calendar."""
    days = moment.calendar.days
    return moment.memo.get(("sessions",), (moment.calendar,), lambda: np.array(days, dtype="datetime64[D]"))


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
