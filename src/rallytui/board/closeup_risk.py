"""The past of one risk indicator, each day from what was known on its evening (METHODOLOGY 0.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from rallytui.board.moment import Moment
from rallytui.board.replay import Evaluated, history_of_scores, knots_of
from rallytui.board.risk import why
from rallytui.board.shape import IndicatorCloseUp
from rallytui.board.tracks import Track, growth_track, tracks_of
from rallytui.indicators.catalog import CAPEX_GROWTH
from rallytui.indicators.schema import Indicator, Input
from rallytui.indicators.scoring import REPLAY_SESSIONS, replays
from rallytui.model import Light

SESSIONS = 504
"""Two years of sessions are shown."""
REACH_DAYS = 1_000
"""Calendar days that hold them and the replay before them."""


def indicator_close_up(moment: Moment, entry: Indicator) -> IndicatorCloseUp:
    """Value, score and light at the end of each session, as the board of that evening showed them."""
    last = moment.calendar.last_final(moment.as_of)
    days = moment.calendar.between(moment.calendar.after(last, 1 - SESSIONS - REPLAY_SESSIONS), last)
    tracks = far_tracks(moment, entry)
    found = history_of_scores(moment, entry, tracks, days, use="close-up")
    return moment.memo.get(
        ("close-up shown", entry.id), (found, moment.in_past), lambda: shown(moment, entry, tracks, days, found)
    )


def shown(
    moment: Moment,
    entry: Indicator,
    tracks: Mapping[Input, Track],
    days: Sequence[date],
    found: Sequence[Evaluated],
) -> IndicatorCloseUp:
    """The last two years of the replay, from the first value on."""
    scores = [one.score if one.freshness > 0 else None for one in found]
    lights: list[Light] = replays(scores, REPLAY_SESSIONS)
    first = next((place for place, one in enumerate(found) if one.reading is not None), len(found))
    part = slice(max(first, len(found) - SESSIONS), None)
    return IndicatorCloseUp(
        id=entry.id,
        times=[day.toordinal() for day in days[part]],
        values=[one.reading.value if one.reading else None for one in found[part]],
        scores=scores[part],
        lights=["unknown" if score is None else lit for score, lit in zip(scores[part], lights[part], strict=True)],
        knots=list(knots_of(moment, entry)),
        missing="" if found[part] else why(moment, entry, found[-1], tracks),
    )


def far_tracks(moment: Moment, entry: Indicator) -> dict[Input, Track]:
    """The indicator's inputs; capital spending, which the board needs for half a year only, as far back as is shown."""
    tracks = dict(tracks_of(moment, frozenset(entry.inputs)))
    if CAPEX_GROWTH in tracks:
        companies = tuple(moment.tape.companies.get(name) for name in moment.settings.risk.hyperscalers)
        far = moment.memo.get(("far track",), (*companies, moment.today), lambda: growth_track(moment, REACH_DAYS))
        tracks[CAPEX_GROWTH] = far or tracks[CAPEX_GROWTH]
    return tracks
