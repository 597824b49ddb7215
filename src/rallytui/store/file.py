"""The file of the store: connecting to it, what its errors mean, and setting a damaged one aside."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from rallytui.store import rows
from rallytui.store.codec import upsert
from rallytui.store.schema import NewerSchema, migrate, transaction

BUSY_S = 2.0
RETRY_S = 30.0
"""How often a file that could not be used is tried again, seconds."""
LOG_BYTES = 1 << 20
SIDE_FILES = ("", "-wal", "-shm")
DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
ADVICE = {
    sqlite3.SQLITE_BUSY: "Another program holds the file: end that one.",
    sqlite3.SQLITE_LOCKED: "Another program holds the file: end that one.",
    sqlite3.SQLITE_FULL: "Free space on its disk.",
    sqlite3.SQLITE_CORRUPT: "It is damaged: move it away.",
    sqlite3.SQLITE_NOTADB: "It is no store: move it away.",
    sqlite3.SQLITE_IOERR: "Free space on its disk, or see whether the disk works.",
}
WRITABLE = "Make the file and its folder writable, or name another folder in RALLYTUI_DATA_DIR."
UPDATE = "Update rallytui, or name another folder in RALLYTUI_DATA_DIR."
NOTES = (
    ("boards", "mode", "as_of, payload", "excluded.as_of < boards.as_of"),
    ("fetches", "kind, name", "last_ok", "excluded.last_ok < fetches.last_ok"),
    ("unknown_symbols", "provider, symbol", "since", "excluded.since < unknown_symbols.since"),
    ("state", "key", "value", ""),
    ("events", "rule, subject, session", "at, payload, acknowledged", "excluded.acknowledged IS NULL"),
    ("records", "session", "version, payload", ""),
    ("refused", "provider, kind, name, at", "reason, payload", ""),
)
"""What `carry` takes along besides facts: table, keys, values, and when the row that is there already stays."""

Identity = tuple[int, int] | None
Failure = sqlite3.DatabaseError | OSError | NewerSchema


class Damaged(sqlite3.DatabaseError):
    """The file does not hold together."""


def code_of(error: Exception) -> int:
    """SQLite's primary result code of an error, 0 for one that is not SQLite's."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def is_damage(error: Exception) -> bool:
    """Whether the file itself is bad, rather than the way to it."""
    return isinstance(error, Damaged) or code_of(error) in DAMAGE


def connect(target: str, busy_s: float) -> sqlite3.Connection:
    """A connection with current tables, which waits `busy_s` seconds for others.

    Raises sqlite3.DatabaseError and NewerSchema, and has closed it then.
    """
    db = sqlite3.connect(target, timeout=busy_s, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")  # in WAL a killed process loses nothing, a power cut only the newest
        db.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")
        migrate(db)
    except BaseException:
        db.close()
        raise
    return db


def identity(path: Path) -> Identity:
    """What tells the file at `path` from another one that takes its name; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def explain(path: Path, error: Exception) -> str:
    """What happened to the store, where, and what to do."""
    advice = UPDATE if isinstance(error, NewerSchema) else ADVICE.get(code_of(error), WRITABLE)
    return (
        f"The store {path} cannot be used ({error}): what comes is kept in memory, and the file is tried again every "
        f"{RETRY_S:.0f} s. {advice}"
    )


def set_aside(path: Path) -> Path:
    """Rename a bad file and what belongs to it. Its name gets the time of its last change; it is never deleted."""
    stamp = datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y%m%dT%H%M%SZ")
    aside, again = path.with_name(f"{path.name}.corrupt-{stamp}"), 1
    while aside.exists():
        again += 1
        aside = path.with_name(f"{path.name}.corrupt-{stamp}-{again}")
    for suffix in SIDE_FILES:
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(f"{aside}{suffix}")
    return aside


def _not_held(status: int, remaining: int, total: int) -> None:
    """A copy waits for a locked file for ever, unless this raises."""
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise sqlite3.OperationalError("database is locked")


def in_memory(source: sqlite3.Connection | None) -> sqlite3.Connection:
    """A database in memory with all that `source` holds, as far as it can be read."""
    if source is not None:
        copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        try:
            source.backup(copy, progress=_not_held)
            migrate(copy)
        except (sqlite3.Error, NewerSchema):  # what cannot be read is not worth stopping for
            copy.close()
        else:
            return copy
    return connect(":memory:", BUSY_S)


def copy_of(path: Path, *, at_rest: bool) -> sqlite3.Connection:
    """A database in memory with what can be read of a file that cannot be written.

    `at_rest` says that nobody writes it: then it can be read even where no lock can be taken.
    """
    newer = path.with_name(path.name + "-wal")
    modes = ["mode=ro"]
    with suppress(OSError):
        if at_rest and not (newer.exists() and newer.stat().st_size):  # else the file alone is not all of it
            modes.append("mode=ro&immutable=1")
    for mode in modes:
        with suppress(sqlite3.DatabaseError):
            uri = f"file:{quote(str(path.absolute()))}?{mode}"
            with closing(sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None)) as source:
                source.execute("SELECT MAX(version) FROM schema_version")
                return in_memory(source)
    return in_memory(None)


def carry(source: sqlite3.Connection, target: sqlite3.Connection, since: int) -> None:
    """Bring facts that came after revision `since`, and all notes, from memory into the file; whole or not at all."""
    with transaction(target):
        # a file that is older than the copy which was made of it is another file
        floor = since if since <= rows.number_of(target) else rows.EVERYTHING
        rows.save_facts(target, rows.load_facts(source, floor))
        for table, keys, values, unless in NOTES:
            upsert(target, table, keys, values, source.execute(f"SELECT {keys}, {values} FROM {table}"), unless)
