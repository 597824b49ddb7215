"""What happened between two moments, from the events kept and from two boards: "while you were away". Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rallytui.alerts.builtin import STATUS_WORDS, indicators, lost_of, near_side, rows, rung_signs
from rallytui.alerts.event import Event, Severity
from rallytui.alerts.path import name_of as item_name
from rallytui.board.rounding import all_rounded
from rallytui.board.shape import Board
from rallytui.board.words import beyond_words, name_of
from rallytui.indicators.composite import Comparison, Scored, compare
from rallytui.indicators.evidence import signed
from rallytui.indicators.scoring import BY_SEVERITY, COMPOSITE_ENTER, COMPOSITE_EXIT, light
from rallytui.model import Light
from rallytui.plain import escaped, plain
from rallytui.sessions import new_york_date

ItemKind = Literal[
    "rung", "light", "composite", "claim", "basket", "stale", "filing", "source", "correction", "tripwire", "move"
]
TITLES: dict[ItemKind, str] = {
    "rung": "Rungs",
    "composite": "Composite",
    "light": "Risk lights",
    "stale": "No longer judged",
    "claim": "Thesis",
    "basket": "AI infrastructure",
    "filing": "Filings",
    "source": "Sources",
    "correction": "Corrected closes",
    "tripwire": "Your tripwires",
    "move": "Movers",
}
"""In the order they are told."""
KINDS: dict[str, ItemKind] = {
    "rung-reached": "rung",
    "rung-lost": "rung",
    "light": "light",
    "composite": "composite",
    "claim": "claim",
    "basket": "basket",
    "stale": "stale",
    "filing": "filing",
    "source": "source",
    "correction": "correction",
    "move": "move",
}
MOST_MOVERS = 5
GONE = "gone"


class Item(Struct, frozen=True):
    """One thing that happened to one subject. `at` is aware UTC, None if only the two ends are known."""

    kind: ItemKind
    subject: str
    text: str
    severity: Severity = "info"
    at: datetime | None = None
    old: str | float | None = None
    new: str | float | None = None
    change_pct: float | None = None


class Digest(Struct, frozen=True):
    """What happened after `since` until `until`, both aware UTC.

    `from_close` is the session whose closes the movers are counted from, because prices within a session are not kept.
    """

    since: datetime
    until: datetime
    items: list[Item]
    from_close: date | None = None

    def of(self, kind: ItemKind) -> list[Item]:
        """The items of one kind, in their order."""
        return [item for item in self.items if item.kind == kind]


def digest(before: Board, after: Board, events: Iterable[Event] = ()) -> Digest:
    """What happened between two boards: the events in between, then what the boards differ in and no event tells.

    Unknown counts as a state of its own, and movers are all names whose price changed. So two digests in a row never
    tell less than the one over both.
    """
    told = [event for event in events if before.as_of < event.at <= after.as_of and not event.simulated]
    items = [item_of(event) for event in told]
    seen = {(item.kind, item.subject) for item in items if item.kind != "move"}
    differing = [item for item in differences(before, after) if (item.kind, item.subject) not in seen]
    order = list(TITLES)
    told_of = sorted([*items, *differing], key=lambda item: order.index(item.kind))
    return Digest(before.as_of, after.as_of, told_of, from_close_of(before))


def from_close_of(board: Board) -> date | None:
    """The session of a board's prices."""
    at = board.targets[0].quote_time if board.targets else None
    return None if at is None else new_york_date(at)


def title_of(told: Digest, kind: ItemKind) -> str:
    """The heading of a kind; that of the movers says since which close."""
    if kind != "move" or told.from_close is None:
        return TITLES[kind]
    return f"{TITLES[kind]} since the close of {told.from_close:%a} {told.from_close.day} {told.from_close:%b}"


def item_of(event: Event) -> Item:
    kind = KINDS.get(event.rule, "tripwire")
    text = f"{event.title}: {event.text}" if kind == "tripwire" else event.text
    return Item(kind, event.subject, text, event.severity, event.at, event.old or None, event.new or None)


def differences(before: Board, after: Board) -> Iterator[Item]:
    """Every subject that stands differently on the second board."""
    for kind, states, tell in KINDS_OF_STATE:
        was, now = states(before), states(after)
        for subject in (*now, *(name for name in was if name not in now)):
            old, new = was.get(subject), now.get(subject)
            if old != new and old is not None:
                told = tell(kind, subject, old, new or Named(subject, GONE))
                yield at_equal_members(told, before, after) if kind == "composite" else told
    yield from moves(before, after)


def at_equal_members(told: Item, before: Board, after: Board) -> Item:
    """A change of the composite's light, told with what the readings moved that count on both boards (METHODOLOGY G.7).

    Nothing is added while the same ones count. A light that only coverage moved says so and is no bad news.
    """
    old, new = before.risks.composite, after.risks.composite
    if old.score is None or new.score is None:
        return told
    found = comparison(before, after)
    if found.alike or not found.shared:
        return told
    covered = f"coverage {100 * old.coverage:.0f} % then, {100 * new.coverage:.0f} % now"
    both = f"what counts on both days ({found.shared} reading{'s' if found.shared != 1 else ''})"
    if found.change is None:
        return replace(
            told, text=f"{told.text} Not comparable: {both} stands for less than 60 % of the weight ({covered})."
        )
    moved = f"{both} moved it by {signed(found.change, 'points')} ({covered})"
    if not left_band(old.band, new.band, old.score + found.change):
        return replace(told, text=f"{told.text} Only because other readings count: {moved}.", severity="info")
    return replace(told, text=f"{told.text} At equal members {moved}.")


def comparison(before: Board, after: Board) -> Comparison:
    """Two boards' composites by the readings that counted on both."""
    now, then = ({one.id: Scored(one.score, one.freshness) for one in indicators(board)} for board in (after, before))
    members = {group.id: [one.id for one in group.indicators] for group in after.risks.groups}
    return compare(now, then, members, {group.id: group.weight for group in after.risks.groups})


def left_band(old: Light, new: Light, points: float) -> bool:
    """Whether the composite at `points` would have gone the way from `old` to `new` as well."""
    was, now = BY_SEVERITY.index(old), BY_SEVERITY.index(new)
    if now > was:
        return BY_SEVERITY.index(light(points, COMPOSITE_ENTER)) > was
    return points < COMPOSITE_EXIT[was - 2] if was > 1 else True


class Named(Struct, frozen=True):
    """A state and the name of what is in it; two are equal if their states are."""

    name: str
    state: str
    sides: tuple[str, str] = ("", "")
    """Of a rung, where a close is past it and where it is not, with since when it is lost."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Named) and self.state == other.state

    def __hash__(self) -> int:
        return hash(self.state)


States = dict[str, Named]


def rung_states(board: Board) -> States:
    """Reached or not, and on which side the last close was."""
    found: States = {}
    for sign in rung_signs(board):
        both = found.get(sign.subject, Named("", "")).state
        found[sign.subject] = Named(f"{sign.name} {sign.about}", f"{both} {sign.state or 'unknown'}".strip())
    for target in board.targets:
        for rung in target.rungs:
            subject = f"{target.symbol} {item_name(rung)}"
            sides = (beyond_words([rung]), f"{near_side(rung)} it{lost_of(rung)}")
            found[subject] = replace(found[subject], sides=sides)
    return found


def light_states(board: Board) -> States:
    lights = {one.id: Named(one.title, one.band) for one in board.risks.groups}
    return lights | {one.id: Named(one.title, one.band) for one in indicators(board)}


def composite_states(board: Board) -> States:
    return {"composite": Named("The composite", board.risks.composite.band)}


def claim_states(board: Board) -> States:
    return {one.id: Named(f"“{one.claim}”", one.status) for one in board.thesis}


def filing_states(board: Board) -> States:
    return {row.symbol: Named(row.filed_form, row.filed.isoformat() if row.filed else "none") for _, row in rows(board)}


def source_states(board: Board) -> States:
    return {one.provider: Named(one.title, "failing" if one.status == "failing" else "fine") for one in board.health}


def tell_rung(kind: ItemKind, subject: str, old: Named, new: Named) -> Item:
    was, first, side = old.state.partition(" ")[0], *new.state.partition(" ")[::2]
    if new.state == GONE:
        text = f"{old.name} is no longer on the ladder."
    elif was == "never" and first not in ("never", "unknown"):
        text = f"{new.name}: first close {new.sides[0]} it on {first}."
    elif side == "unknown":
        text = f"{new.name}: its closes are no longer known."
    else:
        text = f"{new.name}: the last close is {f'{new.sides[0]} it' if side == 'above' else new.sides[1]}."
    return Item(kind, subject, text, "watch" if side == "below" else "info", None, old.state, new.state)


def tell_state(kind: ItemKind, subject: str, old: Named, new: Named) -> Item:
    was, now = (STATUS_WORDS.get(state, state) for state in (old.state, new.state))
    text = f"{old.name} went from {was} to {now}."
    return Item(kind, subject, text, severity_of(old.state, new.state), None, old.state, new.state)


def tell_filing(kind: ItemKind, subject: str, old: Named, new: Named) -> Item:
    text = (
        f"{subject} filed a {new.name or 'report'} on {new.state}." if new.name else f"{subject}: no filing is known."
    )
    return Item(kind, subject, text, "info", None, old.state, new.state)


def severity_of(old: str, new: str) -> Severity:
    if new in ("stress", "broken"):
        return "bad"
    if new in ("failing", "unknown", "at_risk"):
        return "watch"
    return "watch" if new == "watch" and old != "stress" else "info"


KINDS_OF_STATE: Sequence[tuple[ItemKind, Callable[[Board], States], Callable[[ItemKind, str, Named, Named], Item]]] = (
    ("rung", rung_states, tell_rung),
    ("composite", composite_states, tell_state),
    ("light", light_states, tell_state),
    ("claim", claim_states, tell_state),
    ("filing", filing_states, tell_filing),
    ("source", source_states, tell_state),
)


def moves(before: Board, after: Board) -> list[Item]:
    """Every index and name whose price is another one, the biggest change first; those without a price last."""
    was, now = prices(before), prices(after)
    found = []
    for subject in (*now, *(name for name in was if name not in now)):
        old, new = was.get(subject), now.get(subject)
        if old != new:
            change = 100 * (new / old - 1) if old and new is not None else None
            size = "has no price to compare" if change is None else f"{change:+.1f} %".replace("-", "−")
            name = name_of(after if subject in now else before, subject)
            found.append(Item("move", subject, f"{name} {size}", "info", None, old, new, change))
    return sorted(found, key=lambda item: -abs(item.change_pct) if item.change_pct is not None else 1.0)


def prices(board: Board) -> dict[str, float | None]:
    targets = {one.symbol: one.last for one in board.targets}
    return targets | {row.symbol: row.last for _, row in rows(board)}


def to_json(told: Digest) -> str:
    """The digest as JSON; times are ISO 8601 UTC."""
    body = msgspec.json.encode({"schema": 1, **all_rounded(msgspec.to_builtins(told))})
    return escaped(msgspec.json.format(body, indent=2).decode()) + "\n"


def to_text(told: Digest, zone: str = "America/New_York") -> str:
    """The digest for a person, times in the time zone."""
    since, until = (f"{moment:%a} {moment.day} {moment:%b %H:%M}" for moment in local((told.since, told.until), zone))
    lines = [f"From {since} to {until}"]
    for kind in TITLES:
        items = told.of(kind)
        shown = items[:MOST_MOVERS] if kind == "move" else items
        lines += [f"\n{title_of(told, kind)}"] if items else []
        lines += [f"  {dated(item, zone)}{plain(item.text)}" for item in shown]
        lines += [f"  and {len(items) - len(shown)} more"] if len(items) > len(shown) else []
    return "\n".join(lines if told.items else [*lines, "\nNothing happened."]) + "\n"


def dated(item: Item, zone: str) -> str:
    """The day of an event, in front of its text; nothing for what is only known from the two ends."""
    if item.at is None:
        return ""
    (at,) = local([item.at], zone)
    return f"{at.day} {at:%b}  "


def local(times: Iterable[datetime], zone: str) -> Iterator[datetime]:
    return (moment.astimezone(ZoneInfo(zone)) for moment in times)
