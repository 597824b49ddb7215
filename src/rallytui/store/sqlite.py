"""The store in one SQLite file: opening it whatever its condition, and going on in memory when it fails."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from rallytui.model import Facts
from rallytui.store import rows
from rallytui.store.schema import NewerSchema, migrate, transaction

BUSY_S = 2.0
SIDE_FILES = ("", "-wal", "-shm")

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]


def _connect(target: str) -> sqlite3.Connection:
    """A connection with current tables. Raises sqlite3.DatabaseError and NewerSchema, and has closed it then."""
    db = sqlite3.connect(target, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")  # in WAL a killed process loses nothing, a power cut only the newest
        migrate(db)
    except BaseException:
        db.close()
        raise
    return db


def _is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is bad, rather than the way to it."""
    return type(error) is sqlite3.DatabaseError


def _set_aside(path: Path) -> Path:
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


class SqliteStore:
    """A `Store` in a SQLite file. `open_store` makes one."""

    def __init__(self, db: sqlite3.Connection, path: Path | None = None, problem: str = "") -> None:
        self._db = db
        self._path = path
        self._lock = threading.RLock()
        self.problem = problem

    def load_facts(self) -> Facts:
        """Everything that was saved, as one consistent bundle."""

        def work(db: sqlite3.Connection) -> Facts:
            with transaction(db, "BEGIN"):
                return rows.load_facts(db)

        return self._run(work)

    def save(self, facts: Facts) -> None:
        """Take in one bundle, whole or not at all."""
        self._write(lambda db: rows.save_facts(db, facts))

    def revision(self) -> int:
        """A number that each `save` moves on."""
        return self._run(lambda db: int(db.execute("SELECT number FROM revision").fetchone()[0]))

    def load_board(self, mode: str) -> bytes | None:
        """The last board of that mode as it was saved."""
        found: bytes | None = self._one("SELECT payload FROM boards WHERE mode = ?", mode)
        return found

    def save_board(self, mode: str, as_of: datetime, payload: bytes) -> None:
        """Keep the board of that mode."""
        self._upsert("boards", "mode", "as_of, payload", mode, rows.to_stamp(as_of), payload)

    def fetched(self, kind: str, name: str) -> datetime | None:
        """When that was last fetched with success."""
        stamp = self._one("SELECT last_ok FROM fetches WHERE kind = ? AND name = ?", kind, name)
        return None if stamp is None else rows.to_moment(stamp)

    def mark_fetched(self, kind: str, name: str, at: datetime) -> None:
        """Note that it was fetched with success."""
        self._upsert("fetches", "kind, name", "last_ok", kind, name, rows.to_stamp(at))

    def unknown_symbols(self) -> dict[tuple[str, str], datetime]:
        """Which (provider, symbol) the provider said it does not know, and when."""
        query = "SELECT provider, symbol, since FROM unknown_symbols"
        found = self._run(lambda db: db.execute(query).fetchall())
        return {(provider, symbol): rows.to_moment(since) for provider, symbol, since in found}

    def mark_unknown(self, provider: str, symbol: str, since: datetime) -> None:
        """Note that the provider does not know the symbol."""
        self._upsert("unknown_symbols", "provider, symbol", "since", provider, symbol, rows.to_stamp(since))

    def get_state(self, key: str) -> str | None:
        """A choice made in the app, as text."""
        found: str | None = self._one("SELECT value FROM state WHERE key = ?", key)
        return found

    def set_state(self, key: str, value: str) -> None:
        """Keep a choice made in the app."""
        self._upsert("state", "key", "value", key, value)

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._db.close()

    def _one(self, query: str, *values: str) -> Any:
        row = self._run(lambda db: db.execute(query, values).fetchone())
        return None if row is None else row[0]

    def _upsert(self, table: str, keys: str, columns: str, *values: object) -> None:
        self._write(lambda db: rows.upsert(db, table, keys, columns, [values]))

    def _write(self, work: Work[None]) -> None:
        def transact(db: sqlite3.Connection) -> None:
            with transaction(db):
                work(db)

        self._run(transact)

    def _run(self, work: Work[T]) -> T:
        """Do the work; when the file fails, do it once more on what takes the file's place."""
        with self._lock:
            try:
                return work(self._db)
            except sqlite3.DatabaseError as error:
                if self._path is None or not (_is_damage(error) or isinstance(error, sqlite3.OperationalError)):
                    raise
                self._replace_file(self._path, error)
                return work(self._db)

    def _replace_file(self, path: Path, error: sqlite3.DatabaseError) -> None:
        if _is_damage(error):
            self._db.close()
            other = _begin_anew(path, error)
        else:
            other = memory_store(_problem(path, error))
            with suppress(sqlite3.DatabaseError):  # what cannot be read any more is not worth stopping for
                self._db.backup(other._db)
            self._db.close()
        self._db, self._path, self.problem = other._db, other._path, other.problem


def _problem(path: Path, error: Exception) -> str:
    return f"The store {path} cannot be used ({error}): nothing new will be kept."


def memory_store(problem: str = "") -> SqliteStore:
    """A store that ends with the program."""
    return SqliteStore(_connect(":memory:"), None, problem)


def open_store(path: Path) -> SqliteStore:
    """Open or create the store at `path`; it always succeeds, and `problem` says at what price.

    A damaged file is set aside and a new one begun. A file of a later version, a locked one or a place that cannot be
    written is left alone, and the store lives in memory.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return SqliteStore(_connect(str(path)), path)
    except sqlite3.DatabaseError as error:
        return _begin_anew(path, error) if _is_damage(error) else memory_store(_problem(path, error))
    except (OSError, NewerSchema) as error:
        return memory_store(_problem(path, error))


def _begin_anew(path: Path, error: sqlite3.DatabaseError) -> SqliteStore:
    try:
        aside = _set_aside(path)
        db = _connect(str(path))
    except (OSError, sqlite3.DatabaseError, NewerSchema) as second:
        return memory_store(_problem(path, second))
    return SqliteStore(db, path, f"The store was damaged ({error}): it is set aside as {aside} and a new one begun.")
