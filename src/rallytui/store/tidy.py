"""What is kept for how long, so that the store stays small over the years."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from datetime import date, datetime, timedelta

from rallytui.store.codec import to_moment, to_stamp
from rallytui.store.file import Damaged

KEEP_EVENTS = timedelta(days=730)
KEEP_VINTAGES_FOR = timedelta(days=400)
KEEP_UNUSED = timedelta(days=90)
KEEP_UNKNOWN = timedelta(days=30)
MARGIN = timedelta(days=366)
"""History is kept this much longer than it is wanted, so that a window never runs into what was dropped."""
ROOMY_PAGES = 256
"""A file with this many unused pages, and a quarter of all, is written anew."""


def drop_old(db: sqlite3.Connection, now: datetime, first_day: date) -> None:
    """Delete what is past its time. In a transaction.

    Ages count from the newest row of a table: a clock that is wrong by years takes nothing away, and a program that was
    not used for long still finds its history.
    """
    day = (first_day - MARGIN).isoformat()
    for table, column in (("bars", "day"), ("observations", "obs"), ("records", "session")):
        # never the newest row of a table: a first day in the future is a wrong clock
        db.execute(f"DELETE FROM {table} WHERE {column} < ? AND ? < (SELECT MAX({column}) FROM {table})", (day, day))
    _drop_aged(db, "events", "at", now, KEEP_EVENTS)
    _drop_aged(db, "unknown_symbols", "since", now, KEEP_UNKNOWN)
    _drop_unused(db, now)
    _drop_aged(db, "series", "received", now, KEEP_VINTAGES_FOR, " AND vintage <> ''")
    gone = " NOT IN (SELECT series_id FROM series WHERE vintage = observations.vintage)"
    db.execute(f"DELETE FROM observations WHERE series_id{gone}")


def _limit(db: sqlite3.Connection, table: str, column: str, now: datetime, keep: timedelta, only: str = "") -> int:
    """The stamp before which rows are past their time; 0 for an empty table."""
    newest = db.execute(f"SELECT MAX({column}) FROM {table} WHERE {column} <= ?{only}", (to_stamp(now),)).fetchone()[0]
    return 0 if newest is None else to_stamp(to_moment(newest) - keep)


def _drop_aged(db: sqlite3.Connection, table: str, column: str, now: datetime, keep: timedelta, only: str = "") -> None:
    limit = _limit(db, table, column, now, keep, only)
    db.execute(f"DELETE FROM {table} WHERE {column} < ?{only}", (limit,))


def _drop_unused(db: sqlite3.Connection, now: datetime) -> None:
    """Symbols that nobody asked for any more: they are fetched again when they are wanted."""
    unused = "symbol IN (SELECT name FROM fetches WHERE kind = ? AND last_ok < ?)"
    for kind, tables in (("bars", ("bars", "histories")), ("companies", ("xbrl_facts", "filings", "companies"))):
        limit = _limit(db, "fetches", "last_ok", now, KEEP_UNUSED, f" AND kind = '{kind}'")
        for table in tables:
            db.execute(f"DELETE FROM {table} WHERE {unused}", (kind, limit))
        db.execute("DELETE FROM fetches WHERE kind = ? AND last_ok < ?", (kind, limit))
    _drop_aged(db, "quotes", "known_at", now, KEEP_UNUSED)
    db.execute("DELETE FROM closes WHERE symbol NOT IN (SELECT symbol FROM quotes)")


def mend(db: sqlite3.Connection) -> None:
    """Give unused pages and the log back to the disk. Raises `Damaged` when the file does not hold together.

    Not in a transaction. These are SQLite's own matters: another database sees to them by itself.
    """
    found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise Damaged(" ".join(str(found).split())[:200])
    unused, pages = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("freelist_count", "page_count"))
    if unused > ROOMY_PAGES and 4 * unused > pages:
        with suppress(sqlite3.OperationalError):  # another instance reads, or there is no room for it: another day
            db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
