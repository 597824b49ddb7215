"""What a decoded `[[alerts]]` must still fulfil, and its durations, quiet hours and conditions as values."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from rallytui.config.settings import Alert, Settings, Way

Test = Literal["above", "below", "crosses", "changes", "becomes"]
Problem = tuple[tuple[str, ...], str]
"""A key path and what is wrong with its value."""

LEVELS: tuple[Test, ...] = ("above", "below", "crosses")
HOLD = re.compile(r"(\d+) (sessions?|minutes?)\Z")
QUIET = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)\Z")


class Hold(NamedTuple):
    """How long a condition must hold: so many completed sessions, or so long while the program watches."""

    sessions: int = 0
    minutes: int = 0


def tests_of(alert: Alert) -> list[Test]:
    """The conditions that are set; a valid alert has exactly one."""
    given: dict[Test, bool] = {
        "above": alert.above is not None,
        "below": alert.below is not None,
        "crosses": alert.crosses is not None,
        "changes": alert.changes,
        "becomes": alert.becomes is not None,
    }
    return [name for name, is_set in given.items() if is_set]


def hold_of(text: str) -> Hold:
    """`2 sessions` or `30 minutes` as a value; empty is none. Raises ValueError."""
    if not text:
        return Hold()
    found = HOLD.match(text)
    if found is None or int(found[1]) < 1:
        raise ValueError(f"{text!r} is not a duration; write it as 2 sessions or 30 minutes")
    return Hold(sessions=int(found[1])) if found[2].startswith("session") else Hold(minutes=int(found[1]))


def quiet_of(text: str) -> tuple[time, time] | None:
    """`22:00-07:00` as its two ends; None if empty. Raises ValueError."""
    if not text:
        return None
    found = QUIET.match(text)
    if found is None:
        raise ValueError(f"{text!r} is not a span of hours; write it as 22:00-07:00")
    from_hour, from_minute, to_hour, to_minute = (int(part) for part in found.groups())
    return time(from_hour, from_minute), time(to_hour, to_minute)


def is_quiet(now: datetime, text: str, zone: str) -> bool:
    """Whether `now` (aware) lies in the quiet hours of a time zone; the end is not part of them."""
    span = quiet_of(text)
    if span is None:
        return False
    (start, end), hour = span, now.astimezone(ZoneInfo(zone)).time()
    return start <= hour < end if start <= end else hour >= start or hour < end


def alert_name(alert: Alert) -> str:
    """The id of a tripwire: its own, else made of its reading and condition."""
    if alert.id:
        return alert.id
    test = tests_of(alert)[0]
    value = "" if test == "changes" else f" {plain(getattr(alert, test))}"
    return f"{alert.metric} {test}{value}" + (f" for {alert.hold}" if alert.hold else "")


def plain(value: str | float | bool) -> str:
    """A value of a condition as it is written in the config."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def alert_problems(settings: Settings) -> Iterator[Problem]:
    """Everything wrong with the tripwires that can be told without knowing the board's readings."""
    names: list[str] = []
    for index, alert in enumerate(settings.alerts):
        path = ("alerts", str(index))
        problems = list(own_problems(path, alert, settings.notify.command))
        yield from problems
        if not problems:
            if alert_name(alert) in names:
                yield (*path, "id"), f"{alert_name(alert)!r} is the id of an earlier tripwire; ids must differ"
            names.append(alert_name(alert))
    yield from way_problems(("notify",), settings.notify.quiet, settings.notify.ways, settings.notify.command)


def own_problems(path: tuple[str, ...], alert: Alert, command: list[str]) -> Iterator[Problem]:
    tests = tests_of(alert)
    if len(tests) != 1:
        said = f"has {' and '.join(tests)}" if tests else "has none"
        yield path, f"needs exactly one of above, below, crosses, changes, becomes; it {said}"
    for name in LEVELS:
        value = getattr(alert, name)
        if value is not None and not math.isfinite(value):
            yield (*path, name), f"must be a number, not {value:g}"
    if not 0 <= alert.hysteresis < math.inf:
        yield (*path, "hysteresis"), f"must be 0 or more, not {alert.hysteresis:g}"
    if alert.hysteresis and not set(tests) & set(LEVELS):
        yield (*path, "hysteresis"), "goes with above, below or crosses"
    try:
        hold_of(alert.hold)
    except ValueError as error:
        yield (*path, "for"), str(error)
    yield from way_problems(path, alert.quiet or "", alert.notify, command if alert.command is None else alert.command)


def way_problems(
    path: tuple[str, ...], quiet: str, ways: Sequence[Way] | None, command: Sequence[str]
) -> Iterator[Problem]:
    try:
        quiet_of(quiet)
    except ValueError as error:
        yield (*path, "quiet"), str(error)
    if "command" in (ways or []) and not command:
        yield (*path, "command"), 'is needed by the way "command": a list, as in ["notify-send", "rallytui"]'
