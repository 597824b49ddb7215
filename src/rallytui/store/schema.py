"""The tables of the store and how an older file becomes a current one.

Moments are integer microseconds since 1970 UTC, days are ISO text, so that both sort and compare as they are; a missing
number is NULL. The statements stay in the subset that SQLite and PostgreSQL share.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

FIRST = (
    """CREATE TABLE quotes (
        symbol TEXT PRIMARY KEY, price DOUBLE PRECISION NOT NULL, traded_at BIGINT NOT NULL, known_at BIGINT NOT NULL,
        source TEXT NOT NULL, session_date TEXT NOT NULL, delay_s BIGINT NOT NULL, state TEXT NOT NULL,
        prev_close DOUBLE PRECISION, open DOUBLE PRECISION, high DOUBLE PRECISION, low DOUBLE PRECISION,
        volume DOUBLE PRECISION, extended DOUBLE PRECISION, day TEXT NOT NULL)""",
    "CREATE TABLE histories (symbol TEXT PRIMARY KEY, name TEXT NOT NULL, source TEXT NOT NULL)",
    """CREATE TABLE bars (
        symbol TEXT, day TEXT, open DOUBLE PRECISION, high DOUBLE PRECISION, low DOUBLE PRECISION,
        close DOUBLE PRECISION, adj_close DOUBLE PRECISION, volume DOUBLE PRECISION, PRIMARY KEY (symbol, day))""",
    """CREATE TABLE series (
        series_id TEXT, vintage TEXT, source TEXT NOT NULL, received BIGINT NOT NULL,
        PRIMARY KEY (series_id, vintage))""",
    """CREATE TABLE observations (
        series_id TEXT, vintage TEXT, obs TEXT, known_at BIGINT, value DOUBLE PRECISION,
        PRIMARY KEY (series_id, vintage, obs, known_at))""",
    "CREATE TABLE companies (symbol TEXT PRIMARY KEY, name TEXT NOT NULL, source TEXT NOT NULL)",
    """CREATE TABLE xbrl_facts (
        symbol TEXT, place BIGINT, tag TEXT NOT NULL, unit TEXT NOT NULL, start_day TEXT, end_day TEXT NOT NULL,
        value DOUBLE PRECISION, filed TEXT NOT NULL, form TEXT NOT NULL, PRIMARY KEY (symbol, place))""",
    """CREATE TABLE filings (
        symbol TEXT, place BIGINT, form TEXT NOT NULL, filed TEXT NOT NULL, period TEXT, accepted BIGINT,
        accession TEXT NOT NULL, url TEXT NOT NULL, PRIMARY KEY (symbol, place))""",
    "CREATE TABLE fetches (kind TEXT, name TEXT, last_ok BIGINT NOT NULL, PRIMARY KEY (kind, name))",
    """CREATE TABLE health (
        provider TEXT PRIMARY KEY, status TEXT NOT NULL, last_ok BIGINT, failures BIGINT NOT NULL,
        next_try BIGINT, detail TEXT NOT NULL, delay_s BIGINT NOT NULL, title TEXT NOT NULL, host TEXT NOT NULL)""",
    "CREATE TABLE unknown_symbols (provider TEXT, symbol TEXT, since BIGINT NOT NULL, PRIMARY KEY (provider, symbol))",
    "CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
)
BOARDS_AND_REVISION = (
    "CREATE TABLE boards (mode TEXT PRIMARY KEY, as_of BIGINT NOT NULL, payload BYTEA NOT NULL)",
    "CREATE TABLE revision (number BIGINT NOT NULL)",
    "INSERT INTO revision (number) VALUES (0)",
)
CHANGED = "ADD COLUMN changed BIGINT NOT NULL DEFAULT 0"
STAMPS_AND_JOURNAL = (
    *(f"ALTER TABLE {table} {CHANGED}" for table in ("quotes", "histories", "series", "companies", "health")),
    """CREATE TABLE events (
        rule TEXT, subject TEXT, session TEXT, at BIGINT NOT NULL, payload TEXT NOT NULL, acknowledged BIGINT,
        PRIMARY KEY (rule, subject, session))""",
    "CREATE TABLE records (session TEXT PRIMARY KEY, version TEXT NOT NULL, payload BYTEA NOT NULL)",
    """CREATE TABLE refused (
        provider TEXT, kind TEXT, name TEXT, at BIGINT, reason TEXT NOT NULL, payload BYTEA NOT NULL,
        PRIMARY KEY (provider, kind, name, at))""",
)
WAITS = (
    "ALTER TABLE health ADD COLUMN limited BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE health ADD COLUMN address TEXT NOT NULL DEFAULT ''",
)
CLOSES_AND_CURRENCY = (
    "ALTER TABLE histories ADD COLUMN currency TEXT NOT NULL DEFAULT ''",
    """CREATE TABLE closes (
        symbol TEXT, session TEXT, payload BYTEA NOT NULL, changed BIGINT NOT NULL, PRIMARY KEY (symbol, session))""",
)
MIGRATIONS = (FIRST, BOARDS_AND_REVISION, STAMPS_AND_JOURNAL, WAITS, CLOSES_AND_CURRENCY)
"""What makes version N of version N - 1, from 1 on. A released entry is never changed; a new one is added."""
CURRENT = len(MIGRATIONS)


class NewerSchema(Exception):
    """The file was written by a later version of the program."""


@contextmanager
def transaction(db: sqlite3.Connection, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
    """All of it or nothing. It takes the write lock at once: a read that turns into a write could not wait for it."""
    db.execute(begin)
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk has rolled back by itself
            db.execute("ROLLBACK")
        raise


def version(db: sqlite3.Connection) -> int:
    """The schema version of the file, 0 for a new one."""
    row = db.execute("SELECT MAX(version) FROM schema_version").fetchone()
    return int(row[0] or 0)


def migrate(db: sqlite3.Connection) -> None:
    """Bring the tables to the current version. Raises NewerSchema, and then nothing has been touched."""
    db.execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY)")
    if version(db) == CURRENT:
        return
    with transaction(db):
        found = version(db)  # again, under the lock: another instance may have been first
        if found > CURRENT:
            raise NewerSchema(f"schema {found}, this program knows {CURRENT}")
        for number in range(found + 1, CURRENT + 1):
            for statement in MIGRATIONS[number - 1]:
                db.execute(statement)
            db.execute("INSERT INTO schema_version (version) VALUES (?)", (number,))
