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


def value_at_equal_members(rule: Rule, board: Board) -> Value | None:
    """The reading if the composite counted what it counted a session before; None for what is none of the composite's.

    What coverage alone moves is no event (METHODOLOGY G.7).
    """
    whole = board.risks.composite
    if not rule.alert.metric.startswith("risks.composite.") or whole.score_at_equal_members is None:
        return None
    alike = replace(whole, score=whole.score_at_equal_members, band=whole.band_at_equal_members)
    return value_of(rule, replace(board, risks=replace(board.risks, composite=alike)))


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
    rule: Rule,
    was: RuleMemory | None,
    value: Value | None,
    at: datetime,
    session: date,
    final: bool,
    alike: Value | None = None,
) -> tuple[RuleMemory, bool]:
    """The memory after one reading, and whether the tripwire goes off. `final` says that a session has just ended.

    `alike` is what the reading would be at equal members: a step that it does not make is settled without a word.

    A tripwire is settled in a state, its label, and may be going to another one. It settles there at once if nothing is
    told of the step (its first reading, the way back out), else when the state has held for as long as the rule says.
    """
    memory = was if was is not None and was.spec == rule.spec else blank(rule)
    if value is None or not is_counted(rule.hold, final):
        return memory, False
    label = label_of(rule, value, memory.pending or memory.label)
    if label is None:
        return memory, False
    begins = memory.value is not None and memory.pending != label
    unmoved = begins and alike is not None and label_of(rule, alike, memory.label) == memory.label
    if unmoved or not is_told(rule, memory, label):
        return settled(replace(memory, seen=at), label, value), False
    memory = looked_again(memory, label, at, final)
    if not has_held(rule.hold, memory, at):
        return memory, False
    return go_off(rule, settled(memory, label, value), session)


def blank(rule: Rule) -> RuleMemory:
    """The memory of a tripwire that is new, or means something else than before."""
    return RuleMemory(rule.spec, OUT if rule.test in ("above", "below") else None)


def is_counted(hold: Hold, final: bool) -> bool:
    """Whether this reading is one of those that the rule looks at: sessions by their evenings, minutes between them."""
    return not hold.minutes if final else not hold.sessions


def is_told(rule: Rule, memory: RuleMemory, label: str) -> bool:
    """Whether the step to `label` is one that the tripwire is there for."""
    if memory.label is None or label == memory.label:
        return False
    return label != OUT or rule.test == "changes"


def settled(memory: RuleMemory, label: str, value: Value) -> RuleMemory:
    """The memory of a tripwire that has come to `label` and goes nowhere."""
    return replace(memory, label=label, pending=None, since=None, sessions=0, value=value)


def looked_again(memory: RuleMemory, label: str, at: datetime, final: bool) -> RuleMemory:
    """The memory with one more look at the state it may be going to."""
    if memory.pending != label:
        return replace(memory, pending=label, since=at, seen=at, sessions=int(final))
    unseen = memory.seen is not None and at - memory.seen > GAP
    return replace(memory, since=at if unseen else memory.since, seen=at, sessions=memory.sessions + final)


def has_held(hold: Hold, memory: RuleMemory, at: datetime) -> bool:
    """Whether the state it may be going to has lasted for as long as the rule says."""
    if hold.sessions:
        return memory.sessions >= hold.sessions
    return memory.since is not None and at - memory.since >= timedelta(minutes=hold.minutes)


def go_off(rule: Rule, memory: RuleMemory, session: date) -> tuple[RuleMemory, bool]:
    """The memory after the step, and whether it is told: once a session, and once for ever if the rule says `once`."""
    if memory.done or memory.fired == session:
        return memory, False
    return replace(memory, fired=session, done=rule.alert.once), True
