"""One tripwire of the config and its memory: when a condition has held for long enough, and when it may fire again.

A reading that is missing, unknown, old or suspect leaves the memory as it is: it neither fires nor starts anew. `above`
and `below` fire when the condition comes to hold, also if it already holds when the tripwire is new; `crosses`,
`changes` and `becomes` need a reading before. `for` sessions are counted on the evenings of completed sessions only,
`for` minutes only while the program watches.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rallytui.alerts.path import UNKNOWN, Value, WrongPath, reading
from rallytui.board.shape import Board
from rallytui.config.settings import Alert, Settings
from rallytui.config.tripwires import Hold, Test, alert_name, hold_of, plain, tests_of

GAP = timedelta(minutes=10)
"""After a longer pause nobody knows whether the condition held: its minutes are counted anew."""
IN, OUT = "in", "out"


class Rule(NamedTuple):
    """A tripwire with its condition taken apart; `value` is what its reading is held against."""

    id: str
    alert: Alert
    test: Test
    value: Value
    hold: Hold

    @property
    def spec(self) -> str:
        """Text that differs when the tripwire means something else, so that an old memory is not applied to it."""
        return msgspec.json.encode([self.alert.metric, self.test, self.value, self.alert.hold]).decode()

    @property
    def words(self) -> str:
        """The condition as it stands in the config."""
        value = "" if self.test == "changes" else f" {plain(self.value)}"
        return self.test + value + (f" for {self.alert.hold}" if self.alert.hold else "")


class RuleMemory(Struct, frozen=True):
    """What a tripwire remembers: the state it is in, the one it may be going to, since when, and when it last fired."""

    spec: str
    label: str | None = None
    pending: str | None = None
    since: datetime | None = None
    seen: datetime | None = None
    sessions: int = 0
    value: Value | None = None
    fired: date | None = None
    done: bool = False


def rules_of(settings: Settings) -> list[Rule]:
    """The tripwires of the config."""
    found = []
    for alert in settings.alerts:
        test = tests_of(alert)[0]
        found.append(Rule(alert_name(alert), alert, test, getattr(alert, test), hold_of(alert.hold)))
    return found


def value_of(rule: Rule, board: Board) -> Value | None:
    """The tripwire's reading if it can be relied upon; `unknown` counts as missing unless it is waited for."""
    try:
        value = reading(board, rule.alert.metric)
    except WrongPath:
        return None  # the symbol was taken off its list in the app
    return None if value == UNKNOWN and rule.value != UNKNOWN else value


def label_of(rule: Rule, value: Value, now: str | None) -> str | None:
    """The state that a reading means; within the hysteresis it is the one it is in."""
    if rule.test == "changes":
        return str(value)
    if rule.test == "becomes":
        return IN if value == rule.value else OUT
    assert isinstance(value, (int, float))
    assert isinstance(rule.value, (int, float))
    slack, over = rule.alert.hysteresis, value - rule.value
    if rule.test == "crosses":
        return "over" if over > 0 and over >= slack else "under" if over < 0 and -over >= slack else now
    beyond = over if rule.test == "above" else -over
    return IN if beyond > 0 else OUT if beyond <= -slack else now or OUT


def advance(
    rule: Rule, was: RuleMemory | None, value: Value | None, at: datetime, session: date, final: bool
) -> tuple[RuleMemory, bool]:
    """The memory after one reading, and whether the tripwire goes off. `final` says that a session has just ended."""
    if was is None or was.spec != rule.spec:
        was = RuleMemory(rule.spec, OUT if rule.test in ("above", "below") else None)
    if value is None or (rule.hold.sessions and not final) or (rule.hold.minutes and final):
        return was, False
    label = label_of(rule, value, was.pending or was.label)
    if label is None:
        return was, False
    if was.label is None or label == was.label or (label == OUT and rule.test != "changes"):
        return replace(was, label=label, pending=None, since=None, seen=at, sessions=0, value=value), False
    now = pending(was, label, at, final)
    if not has_held(rule.hold, now, at):
        return now, False
    fires = not was.done and was.fired != session
    settled = replace(now, label=label, pending=None, since=None, sessions=0, value=value)
    return (replace(settled, fired=session, done=rule.alert.once) if fires else settled), fires


def pending(was: RuleMemory, label: str, at: datetime, final: bool) -> RuleMemory:
    """The memory with one more look at the state it may be going to."""
    if was.pending != label:
        return replace(was, pending=label, since=at, seen=at, sessions=int(final))
    unseen = was.seen is not None and at - was.seen > GAP
    return replace(was, since=at if unseen else was.since, seen=at, sessions=was.sessions + final)


def has_held(hold: Hold, now: RuleMemory, at: datetime) -> bool:
    if hold.sessions:
        return now.sessions >= hold.sessions
    return now.since is not None and at - now.since >= timedelta(minutes=hold.minutes)
