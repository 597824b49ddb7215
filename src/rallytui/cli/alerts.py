"""`rallytui alerts` and `rallytui digest`: the tripwires with their state, a trial of their ways, and what happened."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from argparse import Namespace
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from rallytui.cli.errors import UsageError
from rallytui.cli.streams import write_data
from rallytui.config import Settings
from rallytui.config.check import nearest
from rallytui.config.load import ConfigError, config_path, state_path, store_path
from rallytui.config.locate import line_of
from rallytui.config.state import load_state, merged

if TYPE_CHECKING:
    from rallytui.alerts.deliver import Outcome
    from rallytui.alerts.event import Event
    from rallytui.alerts.watch import Memory
    from rallytui.board.shape import Board
    from rallytui.config.settings import Alert
    from rallytui.store import Store

SPAN = re.compile(r"(\d{1,4})([hdw])\Z")
HOURS = {"h": 1, "d": 24, "w": 168}
MISSING = "—"


def check_paths(settings: Settings, path: Path | None) -> None:
    """Raise ConfigError if a tripwire names a reading that no board has."""
    from rallytui.alerts.skeleton import check

    shown = merged(settings, load_state(state_path()))
    for fault in check(settings, shown):
        place = path or config_path()
        line = line_of(place.read_text("utf-8-sig"), fault.path)
        raise ConfigError(f"{place}:{line}: {'.'.join(fault.path)}: {fault.text}")


def carry_out(options: Namespace, settings: Settings) -> int:
    """The exit code of `alerts` or `digest`. Raises UsageError."""
    from rallytui.cli.log import log_to_file
    from rallytui.store import open_store

    if options.command == "alerts" and options.action == "list" and options.id:
        raise UsageError(
            f"alerts list {options.id}: list shows them all; `rallytui alerts test {options.id}` tries one"
        )
    log_to_file()
    with closing(open_store(store_path())) as store:
        if store.problem:
            sys.stderr.write(f"rallytui: {store.problem}\n")
        if options.command == "digest":
            told = digest(settings, store, options.since, options.format)
            if not told:
                sys.stderr.write("rallytui: nothing is stored yet; `rallytui` or `rallytui collect` fills the store\n")
                return 1
            (write_data if options.format == "json" else sys.stdout.write)(told)
        elif options.action == "list":
            sys.stdout.write(listing(settings, store))
        else:
            return trial(settings, options.id)
    return 0


# --- digest ---


def moment_of(text: str, now: datetime) -> datetime:
    """`1d`, `12h`, `2w` before now, or 18:00 New York on a date. Raises UsageError."""
    from rallytui.sessions import known_by
    from rallytui.store.tidy import KEEP_EVENTS

    found = SPAN.match(text)
    try:
        then = now - timedelta(hours=int(found[1]) * HOURS[found[2]]) if found else known_by(date.fromisoformat(text))
    except ValueError:
        raise UsageError(f"--since {text}: write it as 12h, 1d, 2w or as a date like 2026-07-24") from None
    if not now - KEEP_EVENTS <= then < now:
        meant = "" if found else "18:00 New York on that day "
        raise UsageError(f"--since {text}: {meant}must lie before now and not more than {KEEP_EVENTS.days} days back")
    return then


def digest(settings: Settings, store: Store, since: str, format_name: str) -> str:
    """What happened since then, from what the store holds; no request is made. Empty if it holds no price."""
    from rallytui.alerts import digest as telling
    from rallytui.alerts.desk import events_of
    from rallytui.board.build import build_board
    from rallytui.clock import SystemClock
    from rallytui.sessions import nyse
    from rallytui.tape import Tape

    now = SystemClock().now()
    then = moment_of(since, now)
    shown, calendar = merged(settings, load_state(state_path())), nyse(settings.data.closures)
    facts = store.load_facts()
    if not (facts.quotes or facts.bars):
        return ""
    tape = Tape().apply(facts)
    before = build_board(tape, shown, then, calendar, mode="as_of")
    after = build_board(tape, shown, now, calendar)
    told = telling.digest(before, after, events_of(store.events(then)))
    return telling.to_json(told) if format_name == "json" else telling.to_text(told, settings.display.time_zone)


# --- list ---


def listing(settings: Settings, store: Store) -> str:
    """Every tripwire: its id, its state, its reading on the last board, and when it last went off."""
    from rallytui.alerts.builtin import SWITCHES
    from rallytui.alerts.desk import load_memory
    from rallytui.alerts.rules import rules_of, value_of
    from rallytui.alerts.watch import worded
    from rallytui.clock import SystemClock

    board, memory, last = last_board(store), load_memory(store), last_fired(store)
    now = SystemClock().now()
    snoozed = snoozes(load_state(state_path()).snoozed, now, ZoneInfo(settings.display.time_zone))
    rows = [("id", "state", "reading", "last")]
    for rule in rules_of(settings):
        value = value_of(rule, board) if board else None
        state = state_of(rule.id, rule.alert, memory)
        shown = MISSING if value is None else worded(value, rule.alert.metric)
        rows.append((rule.id, state, f"{rule.alert.metric} = {shown}", last.get(rule.id, MISSING)))
    for switch, names in SWITCHES.items():
        on = getattr(settings.builtin_alerts, switch)
        rows += [(name, "on" if on else "off", "built in", last.get(name, MISSING)) for name in names]
    rows = [(a, snoozed.get(a, b), c, d) for a, b, c, d in rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join(lines) + "\n"


def snoozes(until: Mapping[str, str], now: datetime, zone: ZoneInfo) -> dict[str, str]:
    """The tripwires that keep quiet now, and until when in words."""
    from rallytui.alerts.desk import is_snoozed
    from rallytui.board.words import moment_words

    kept = {name: datetime.fromisoformat(text) for name, text in until.items() if is_snoozed(name, now, until)}
    return {name: f"snoozed until {moment_words(moment, now, zone)}" for name, moment in kept.items()}


def state_of(name: str, alert: Alert, memory: Memory) -> str:
    """A tripwire's state in a word or two."""
    own = memory.rules.get(name)
    if own is None:
        return "not yet looked at"
    if own.done:
        return "went off, once"
    if own.pending is not None:
        return "holding"
    return "went off" if own.label == "in" else "armed"


def last_board(store: Store) -> Board | None:
    """The last live board that was kept; None if there is none of this version."""
    from rallytui.board.shape import Board

    payload = store.load_board("live")
    try:
        return msgspec.msgpack.decode(payload, type=Board) if payload else None
    except msgspec.DecodeError:
        return None


def last_fired(store: Store) -> dict[str, str]:
    """The session in which each tripwire last went off."""
    return {row.rule: str(row.session) for row in store.events(datetime(1970, 1, 1, tzinfo=UTC))}


# --- test ---


def trial(settings: Settings, name: str | None) -> int:
    """Send a test event on every way of one tripwire, or of all; 1 if a way failed."""
    from rallytui.alerts.desk import Desk
    from rallytui.clock import SystemClock
    from rallytui.store import memory_store

    known = names_of(settings)
    if name is not None and name not in known:
        raise UsageError(f"alerts test {name}: there is no such tripwire; {nearest(name, known)}")
    with closing(memory_store()) as store:
        desk = Desk(settings, store, os.environ)
        event = test_event(name or "test", SystemClock().now())
        ways = desk.chosen(event)
        outcomes = [asyncio.run(desk.run(event)) if way == "command" else sent(way, event) for way in ways]
    for outcome in outcomes:
        sys.stdout.write(f"{outcome.way:<8} {'ok' if outcome.ok else 'failed'}  {outcome.detail}".rstrip() + "\n")
    if not outcomes:
        sys.stdout.write("no way is set: events are only kept in the log\n")
    return 0 if all(outcome.ok for outcome in outcomes) else 1


def names_of(settings: Settings) -> list[str]:
    """The ids of all tripwires."""
    from rallytui.alerts.builtin import TELL
    from rallytui.alerts.rules import rules_of

    return [*(rule.id for rule in rules_of(settings)), *TELL]


def test_event(rule: str, now: datetime) -> Event:
    from rallytui.alerts.event import Event
    from rallytui.sessions import new_york_date

    return Event(
        rule, "test", new_york_date(now), now, "Test", f"This is how the tripwire “{rule}” makes itself known."
    )


def sent(way: str, event: Event) -> Outcome:
    """Try a way that goes through the terminal or the app."""
    from rallytui.alerts.deliver import BELL, Outcome, desktop_bytes

    if way == "toast":
        return Outcome(way, True, "shown while the app runs")
    out = sys.__stderr__
    if out is None or not out.isatty():
        return Outcome(way, False, "needs a terminal; this output is none")
    out.write((BELL if way == "bell" else desktop_bytes(event, os.environ)).decode())
    out.flush()
    return Outcome(way, True, "sent to the terminal; not every terminal shows it" if way == "desktop" else "sent")
