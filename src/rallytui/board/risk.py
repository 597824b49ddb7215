"""The risk pane's readings: indicators, groups, the composite (METHODOLOGY C)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import is_

from msgspec.structs import asdict

from rallytui.board.company import capex_flags
from rallytui.board.composite import Blend, build_composite, scored
from rallytui.board.moment import Moment
from rallytui.board.replay import Evaluated, history_of_scores, knots_of, replay_days
from rallytui.board.shape import Group, Indicator, Risks
from rallytui.board.tracks import Track, tracks_of
from rallytui.indicators import catalog
from rallytui.indicators import composite as blend
from rallytui.indicators.schema import Group as Family
from rallytui.indicators.schema import Indicator as Entry
from rallytui.indicators.schema import Input
from rallytui.indicators.scoring import ENTER, EXIT, LIGHTS, crossings, is_held, replay, worst_light
from rallytui.macro import CATALOG
from rallytui.model import Light

AI_INFRA = "AI infra"
TITLE_CELLS = 26
SHUTDOWN = (date(2025, 10, 1), date(2025, 12, 20))


def build_risks(moment: Moment) -> Risks:
    """All risk readings of the moment."""
    entries = [entry for entry in catalog.INDICATORS if is_on(moment, entry.id)]
    tracks = tracks_of(moment, frozenset(item for entry in entries for item in entry.inputs))
    days = replay_days(moment)
    scores = {entry.id: history_of_scores(moment, entry, tracks, days) for entry in entries}
    inputs = (*scores.values(), *tracks.values(), moment.today, moment.mode)
    return moment.memo.follow(
        ("risks",), inputs, lambda before: assemble(moment, scores, tracks, blends_of(moment, scores, days, before))
    ).risks


@dataclass(frozen=True, eq=False, slots=True)
class Assembled:
    """The risks and the composites of the replayed sessions that their bands remember."""

    risks: Risks
    blends: Mapping[date, Blend]


def blends_of(
    moment: Moment, scores: Mapping[str, Sequence[Evaluated]], days: Sequence[date], before: Assembled | None
) -> dict[date, Blend]:
    """The composite of each replayed session; those of `before` hold where every evaluation is still the same one."""
    names, weights = members(scores), weights_of(moment)
    held = before.blends if before is not None else {}
    blends: dict[date, Blend] = {}
    rows: Iterable[tuple[Evaluated, ...]] = zip(*scores.values(), strict=True) if scores else [()] * len(days)
    for day, parts in zip(days, rows, strict=True):
        old = held.get(day)
        if old is not None and len(old.parts) == len(parts) and all(map(is_, old.parts, parts)):
            blends[day] = old
        else:
            blends[day] = Blend(parts, blend.composite(scored(scores, parts), names, weights))
    return blends


def weights_of(moment: Moment) -> dict[str, float]:
    """The weights of the groups, percent."""
    return asdict(moment.settings.risk.weights)


def assemble(
    moment: Moment,
    scores: Mapping[str, Sequence[Evaluated]],
    tracks: Mapping[Input, Track],
    blends: Mapping[date, Blend],
) -> Assembled:
    """Groups and composite from the indicators' scores of the replayed sessions."""
    evenings = list(blends.values())
    groups = [build_group(moment, group, scores, tracks, evenings[-1].whole) for group in catalog.GROUPS]
    whole = build_composite(evenings, members(scores), weights_of(moment))
    return Assembled(Risks(whole, [group for group in groups if group.indicators]), blends)


def is_on(moment: Moment, name: str) -> bool:
    own = moment.settings.risk.indicators.get(name)
    return own is None or own.on


def members(scores: Mapping[str, Sequence[Evaluated]]) -> dict[str, list[str]]:
    """The indicators of each group that are switched on."""
    return {group.id: [name for name in catalog.members(group.id) if name in scores] for group in catalog.GROUPS}


def build_group(
    moment: Moment,
    group: Family,
    scores: Mapping[str, Sequence[Evaluated]],
    tracks: Mapping[Input, Track],
    now: blend.Composite,
) -> Group:
    """One family: its score is the weighted mean, its light its worst member's; members in the catalogue's order."""
    names = members(scores)[group.id]
    found = [build_indicator(moment, catalog.BY_ID[name], scores, tracks, now.shares.get(name)) for name in names]
    band = worst_light(one.band for one in found)
    return Group(
        id=group.id,
        title=group.title,
        weight=weights_of(moment)[group.id],
        score=now.groups.get(group.id),
        band=band,
        indicators=found,
        held=any(one.held for one in found) and all(one.held for one in found if one.band == band),
    )


def build_indicator(
    moment: Moment,
    entry: Entry,
    scores: Mapping[str, Sequence[Evaluated]],
    tracks: Mapping[Input, Track],
    share: float | None,
) -> Indicator:
    """One reading as it stands now. A stale one keeps its value and date but loses its score and light."""
    history = scores[entry.id]
    now = history[-1]
    counts = now.score is not None and now.freshness > 0
    lights = replay(one.score if one.freshness > 0 else None for one in history)
    band = lights[-1] if counts else "unknown"
    held = is_held(band, now.score)
    used = [tracks[item].source for item in now.recipe.inputs] if now.recipe else []
    return Indicator(
        id=entry.id,
        title=title_of(moment, entry),
        value=now.reading.value if now.reading else None,
        unit=entry.unit,
        score=now.score if counts else None,
        band=band,
        at=now.reading.day if now.reading else None,
        known_at=now.known_at,
        freshness=now.freshness,
        source=", ".join(dict.fromkeys(used)),
        flags=flags(moment, entry, now, scores),
        why=why(moment, entry, now, tracks) + (remembered(band) if held else ""),
        decimals=entry.decimals,
        contribution=share,
        definition=definition_of(moment, entry),
        basis=entry.why,
        knots=list(knots_of(moment, entry)),
        held=held,
    )


def havens_ahead(scores: Mapping[str, Sequence[Evaluated]]) -> bool:
    """Whether gold and Treasuries both beat stocks, the flight that the thesis warns of."""
    pair = [scores[name][-1].reading for name in ("SH1", "SH2") if name in scores]
    return len(pair) == 2 and all(one is not None and one.value > 0 for one in pair)


def flags(moment: Moment, entry: Entry, now: Evaluated, scores: Mapping[str, Sequence[Evaluated]]) -> list[str]:
    """What weakens the reading: age, values revised since, the shutdown of 2025, a part that tips the score."""
    said = []
    if now.reading is not None and now.freshness == 0:
        said.append("stale")
    used = [item for item in (now.recipe.inputs if now.recipe else ()) if item.kind == "series"]
    if moment.in_past and any(revised_since(moment, item.id) for item in used):
        said.append("revised")
    monthly = any(CATALOG[item.id].frequency in ("monthly", "quarterly") for item in used)
    if monthly and SHUTDOWN[0] <= moment.today <= SHUTDOWN[1]:
        said.append("approximate: releases were late in the shutdown of 2025")
    if entry.id == "AI1" and now.reading:
        said += capex_flags(moment)
    if entry.id == "SH2" and havens_ahead(scores):
        said.append("bonds and gold both ahead")
    if now.reading and now.reading.change is not None:
        said.append(f"63 observations: {now.reading.change:+.2f} pp")
    return said


def revised_since(moment: Moment, series_id: str) -> bool:
    """Whether the series is one that is revised and its values are not those of a vintage of the day."""
    series = moment.tape.series.get(series_id)
    return CATALOG[series_id].revised and series is not None and series.vintage is None


def why(moment: Moment, entry: Entry, now: Evaluated, tracks: Mapping[Input, Track]) -> str:
    """One sentence on where the value stands between its thresholds, or on what is missing."""
    if now.reading is None:
        absent = [input_words(item) for item in entry.inputs if item not in tracks]
        if entry.recipes[0].inputs[0] not in tracks:
            return f"Unknown: no data for {', '.join(absent)}."
        used = ", ".join(map(input_words, entry.recipes[0].inputs))
        return f"Unknown: {used} does not reach back far enough."
    if now.freshness == 0:
        limit = f"{entry.schedule.max_age} {entry.schedule.age_unit}"
        return f"Left out: the newest value describes {now.reading.day} and is older than {limit} allow."
    rounded = round(now.reading.value, entry.decimals) + 0.0  # no minus in front of a zero
    value = f"{rounded:.{entry.decimals}f}{' ' + entry.unit if entry.unit else ''}".replace("-", "−")
    return f"{value} scores {now.score:.0f} of 100; {thresholds(knots_of(moment, entry))}."


def title_of(moment: Moment, entry: Entry) -> str:
    """The catalogue's title, and for AI infrastructure what that is: its one member, or how many there are."""
    if catalog.AI_BASKET not in entry.inputs:
        return entry.title
    made_of = moment.settings.risk.ai_basket
    named = [entry.title.replace(AI_INFRA, f"{AI_INFRA} {word}") for word in (*made_of[:1], f"({len(made_of)})")]
    return next((title for title in named[len(made_of) > 1 :] if len(title) <= TITLE_CELLS), entry.title)


def definition_of(moment: Moment, entry: Entry) -> str:
    """The catalogue's definition, and for AI infrastructure all that it is made of."""
    made_of = moment.settings.risk.ai_basket
    if catalog.AI_BASKET not in entry.inputs:
        return entry.definition
    parts = f"the equal-weight mean of {', '.join(made_of)}" if len(made_of) > 1 else f"{made_of[0]} alone"
    return f"{entry.definition} It is {parts}; it is not the watchlist."


def input_words(item: Input) -> str:
    """What an indicator reads: a symbol or a series by its id, and what the board derives by a name."""
    return {catalog.CAPEX_GROWTH: "capital spending", catalog.AI_BASKET: "AI infrastructure"}.get(item, item.id)


def remembered(band: Light) -> str:
    """Why a held light is higher than the score: it falls only after two sessions below the exit of its band."""
    leave = EXIT[LIGHTS.index(band) - 1]
    return f" Still {band} from before: it ends after two sessions below {leave:g}."


def thresholds(knots: Sequence[tuple[float, float]]) -> str:
    """Where watch and stress begin, in the value's own unit."""
    found = []
    for name, score in zip(("watch", "stress"), ENTER, strict=True):
        at = dict.fromkeys(f"{round(x, 2) + 0.0:g}".replace("-", "−") for x, _ in crossings(knots, score))
        if at:
            found.append(f"{name} begins at {' and '.join(at)}")
    return ", ".join(found) or "its own knots"
