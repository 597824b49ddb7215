"""All tripwires on one board after another: `step` is pure, `Watch` keeps its memory.

A live board moves the tripwires of the config and the sources. The built-in ones, and those that count sessions, move
on evenings: the board of 18:00 New York of each completed session, one after another, also of those that ended while
the program did not run. So a restart neither repeats nor misses; `due` says which evenings are still to come.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from rallytui.alerts.builtin import Sign, evening_signs, live_signs, news_of
from rallytui.alerts.event import Event, session_of, shortened
from rallytui.alerts.path import Value
from rallytui.alerts.rules import Rule, RuleMemory, advance, rules_of, value_at_equal_members, value_of
from rallytui.board.shape import Board
from rallytui.config.settings import BuiltinAlerts, Settings
from rallytui.sessions import Calendar, known_by

SETTLES = timedelta(minutes=30)
"""So long after 18:00 New York the sources have had time to publish the day's bars."""
LONGEST_GAP = 30
"""Evenings that are made up for at most; what happened before them is history."""


class Memory(Struct, frozen=True):
    """All that the tripwires remember; as JSON it survives a restart. `session` is the last evening looked at."""

    session: date | None = None
    signs: dict[str, str] = field(default_factory=dict)
    rules: dict[str, RuleMemory] = field(default_factory=dict)


def step(
    rules: Sequence[Rule], on: BuiltinAlerts, memory: Memory, board: Board, evening: bool = False
) -> tuple[Memory, list[Event]]:
    """The memory after one more board and what happened. A look back moves nothing, nor does an evening a second time.

    Evenings come in their order, each before any live board of a later time. One without any price stays due.
    """
    session = board.session.last_completed if evening else session_of(board)
    if (board.mode == "as_of") is not evening or (evening and is_over(board, session, memory)):
        return memory, []
    own, events = dict(memory.rules), list[Event]()
    for rule in rules:
        was, value = own.get(rule.id), value_of(rule, board)
        alike = value_at_equal_members(rule, board)
        own[rule.id], fires = advance(rule, was, value, board.as_of, session, evening, alike)
        if fires and value is not None:
            events.append(own_event(rule, was, value, board, session))
    signs = dict(memory.signs)
    for sign in evening_signs(board, on) if evening else live_signs(board, on):
        events.extend(sign_events(sign, signs.get(sign.key), board, session))
        if sign.state is not None:
            signs[sign.key] = sign.state
    return Memory(session if evening else memory.session, signs, own), events


def is_over(board: Board, session: date, memory: Memory) -> bool:
    """Whether an evening has nothing to tell: it was looked at before, or nothing was known on it yet."""
    seen = memory.session is not None and session <= memory.session
    return seen or all(target.last is None for target in board.targets)


def own_event(rule: Rule, was: RuleMemory | None, value: Value, board: Board, session: date) -> Event:
    """The event of a tripwire of the config."""
    alert, now = rule.alert, worded(value, rule.alert.metric)
    old = "" if was is None or was.value is None else worded(was.value, alert.metric)
    words = rule.words if rule.test in ("above", "below") or not old else f"{rule.words}, was {old}"
    return Event(
        rule=rule.id,
        subject=alert.metric,
        session=session,
        at=board.as_of,
        title=alert.name or rule.id,
        text=shortened(f"{alert.metric} is {now} ({words})"),
        path=alert.metric,
        old=old,
        new=now,
        severity="watch",
        simulated=board.simulated,
    )


def sign_events(sign: Sign, before: str | None, board: Board, session: date) -> Iterator[Event]:
    """The event of a built-in tripwire, if the change of its sign is one. The first look at a subject never is."""
    if sign.state is None or before is None:
        return
    news = news_of(sign, before)
    if news is not None:
        yield Event(
            rule=sign.rule,
            subject=sign.subject,
            session=news.session or session,
            at=board.as_of,
            title=news.title,
            text=shortened(news.text),
            path=sign.path,
            old=before,
            new=sign.state,
            severity=news.severity,
            simulated=board.simulated,
        )


def worded(value: Value, path: str) -> str:
    """A reading as text, with the unit that the name of its field states."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value
    unit = " %" if path.endswith("_pct") else " pp" if path.endswith("_pp") else ""
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return ("0" if text in ("-0", "") else text.replace("-", "−")) + unit


class Watch:
    """The tripwires of the settings with their memory."""

    def __init__(self, settings: Settings, memory: Memory | None = None) -> None:
        self.memory = memory or Memory()
        self.retune(settings)

    def retune(self, settings: Settings) -> None:
        """Go on with other settings; a tripwire that means the same keeps its memory, one that is gone loses it."""
        self.rules, self.builtin = rules_of(settings), settings.builtin_alerts
        names = {rule.id for rule in self.rules}
        kept = {name: memory for name, memory in self.memory.rules.items() if name in names}
        self.memory = replace(self.memory, rules=kept)

    def step(self, board: Board, evening: bool = False) -> list[Event]:
        """What happened on one more board. `evening` boards are made for the tripwires, with an `as_of` from `due`."""
        self.memory, events = step(self.rules, self.builtin, self.memory, board, evening)
        return events

    def due(self, calendar: Calendar, now: datetime) -> list[date]:
        """The sessions whose evening is still to be looked at, oldest first; the last one when nothing is known."""
        last = calendar.last_final(now - SETTLES)
        if self.memory.session is None:
            return [last]
        return list(calendar.between(self.memory.session, last))[-LONGEST_GAP:]


def evening_of(session: date) -> datetime:
    """The `as_of` of the board that `step` wants for a session."""
    return known_by(session)
