"""What the program notes besides facts: events of rules, a record of each session, answers that were refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from rallytui.store.codec import insert, moment_or_none, stamp_or_none, to_moment, to_stamp, upsert

REFUSED_BYTES = 64 * 1024
REFUSED_TEXT = 500
REFUSED_PER_PROVIDER = 10
REFUSED_IN_ALL = 50

EventKey = tuple[str, str, date]
"""Rule, subject and New York session date: a rule speaks once of a subject in a session."""


@dataclass(frozen=True, slots=True)
class EventRow:
    """A rule came true: `at` and `acknowledged` are aware UTC, `session` is the New York date, `payload` is JSON."""

    rule: str
    subject: str
    session: date
    at: datetime
    payload: str
    acknowledged: datetime | None = None

    @property
    def key(self) -> EventKey:
        return self.rule, self.subject, self.session


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """An answer that was not believed: what was asked of whom, when (aware UTC), why not, and the answer as it came."""

    provider: str
    kind: str
    name: str
    at: datetime
    reason: str
    payload: bytes


EVENT_COLUMNS = "rule, subject, session, at, payload, acknowledged"


def add_events(db: sqlite3.Connection, rows: Iterable[EventRow]) -> list[EventRow]:
    """Insert those whose key is new; these are returned, so that of several instances one delivers."""
    statement = insert("events", EVENT_COLUMNS) + " ON CONFLICT DO NOTHING"
    fresh = []
    for row in rows:
        values = (row.rule, row.subject, row.session.isoformat(), to_stamp(row.at), row.payload)
        if db.execute(statement, (*values, stamp_or_none(row.acknowledged))).rowcount == 1:
            fresh.append(row)
    return fresh


def events(db: sqlite3.Connection, since: datetime) -> list[EventRow]:
    """Events of `since` and later, oldest first."""
    query = f"SELECT {EVENT_COLUMNS} FROM events WHERE at >= ? ORDER BY at, rule, subject, session"
    return [
        EventRow(rule, subject, date.fromisoformat(session), to_moment(at), payload, moment_or_none(acknowledged))
        for rule, subject, session, at, payload, acknowledged in db.execute(query, (to_stamp(since),))
    ]


def acknowledge(db: sqlite3.Connection, keys: Iterable[EventKey], at: datetime) -> None:
    """Note when they were first acknowledged."""
    statement = (
        "UPDATE events SET acknowledged = ? WHERE rule = ? AND subject = ? AND session = ? AND acknowledged IS NULL"
    )
    db.executemany(statement, [(to_stamp(at), rule, subject, day.isoformat()) for rule, subject, day in keys])


def save_records(db: sqlite3.Connection, rows: Mapping[date, bytes], version: str) -> None:
    """Keep a record for each session; records of another version make room."""
    db.execute("DELETE FROM records WHERE version <> ?", (version,))
    kept = [(day.isoformat(), version, payload) for day, payload in rows.items()]
    upsert(db, "records", "session", "version, payload", kept)


def records(db: sqlite3.Connection, version: str) -> dict[date, bytes]:
    """The records of that version by session, oldest first."""
    found = db.execute("SELECT session, payload FROM records WHERE version = ? ORDER BY session", (version,))
    return {date.fromisoformat(day): bytes(payload) for day, payload in found}


def _storable(text: str) -> str:
    """Text from outside, cut, without what no database takes."""
    return text[:REFUSED_TEXT].encode("utf-8", "replace").decode().replace("\0", " ")


def keep_refused(db: sqlite3.Connection, row: RefusedRow) -> None:
    """Keep an answer, cut to `REFUSED_BYTES`; the oldest of the provider and of all go when there are too many."""
    texts = (row.provider, row.kind, _storable(row.name), to_stamp(row.at))
    payload = row.payload[:REFUSED_BYTES]
    upsert(db, "refused", REFUSED_KEYS, "reason, payload", [(*texts, _storable(row.reason), payload)])
    newest_first = "ORDER BY at DESC, provider, kind, name"
    of_provider = f"SELECT {REFUSED_KEYS} FROM refused WHERE provider = ? {newest_first}"
    of_all = f"SELECT {REFUSED_KEYS} FROM refused {newest_first}"
    too_many = db.execute(of_provider, (row.provider,)).fetchall()[REFUSED_PER_PROVIDER:]
    too_many += db.execute(of_all).fetchall()[REFUSED_IN_ALL:]
    db.executemany("DELETE FROM refused WHERE provider = ? AND kind = ? AND name = ? AND at = ?", too_many)


REFUSED_KEYS = "provider, kind, name, at"


def refused(db: sqlite3.Connection) -> list[RefusedRow]:
    """The answers that were kept, newest first."""
    query = f"SELECT {REFUSED_KEYS}, reason, payload FROM refused ORDER BY at DESC, provider, kind, name"
    return [
        RefusedRow(provider, kind, name, to_moment(at), reason, bytes(payload))
        for provider, kind, name, at, reason, payload in db.execute(query)
    ]
