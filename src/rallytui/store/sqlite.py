"""The store's calls in one SQLite file: each is one transaction on the connection that `Keeper` holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rallytui.model import Facts
from rallytui.store import journal, rows
from rallytui.store.codec import to_moment, to_stamp, upsert
from rallytui.store.journal import EventKey, EventRow, RefusedRow
from rallytui.store.keeper import Keeper, T, Work
from rallytui.store.schema import transaction
from rallytui.store.tidy import drop_old, mend

if TYPE_CHECKING:
    from rallytui.model import Clock

GENERATION = 1 << 40
"""Added to the revision for each file, or memory, that took the place of the one before."""


class SqliteStore:
    """A `Store` in a SQLite file. `open_store` makes one."""

    def __init__(self, path: Path | None = None, clock: Clock | None = None) -> None:
        self._keeper = Keeper(path, clock)
        self._marks: dict[tuple[str, str], datetime] = {}
        self._marks_of: tuple[int, int] | None = None

    @property
    def path(self) -> Path | None:
        """The file, None for a store that ends with the program."""
        return self._keeper.path

    @property
    def problem(self) -> str:
        """Plain text for the user about what is wrong with the file; empty while all is well."""
        return self._keeper.problem

    def load_facts(self) -> Facts:
        """Everything that was saved, as one consistent bundle."""
        return self.changes(rows.EVERYTHING)[1]

    def changes(self, since: int) -> tuple[int, Facts]:
        """The revision of now, and what changed after revision `since`: of a history or series all of it."""

        def work(db: sqlite3.Connection) -> tuple[int, Facts]:
            with transaction(db, "BEGIN"):
                generation, floor = divmod(since, GENERATION)
                now = self._revision(db)
                self._see_marks(db)
                same = generation == self._keeper.generation and since <= now
                return now, rows.load_facts(db, floor if same else rows.EVERYTHING)

        return self._keeper.run(work)

    def save(self, facts: Facts, fetched: rows.Marks | None = None) -> None:
        """Take in one bundle and when its parts were fetched, whole or not at all."""

        def work(db: sqlite3.Connection) -> None:
            rows.save_facts(db, facts)
            rows.save_marks(db, fetched or {})

        self._write(work)
        self._marks.update(fetched or {})

    def revision(self) -> int:
        """A number that each `save` moves on."""

        def work(db: sqlite3.Connection) -> int:
            self._see_marks(db)
            return self._revision(db)

        return self._keeper.run(work)

    def load_board(self, mode: str) -> bytes | None:
        """The last board of that mode as it was saved."""
        found: bytes | None = self._one("SELECT payload FROM boards WHERE mode = ?", mode)
        return found

    def save_board(self, mode: str, as_of: datetime, payload: bytes) -> None:
        """Keep the board of that mode."""
        self._upsert("boards", "mode", "as_of, payload", mode, to_stamp(as_of), payload)

    def fetched(self, kind: str, name: str) -> datetime | None:
        """When that was last fetched with success. Asks memory, not the file: it never waits for a write."""
        if self._marks_of is None or self._marks_of[0] != self._keeper.generation:
            self._keeper.run(self._see_marks)
        return self._marks.get((kind, name))

    def mark_fetched(self, kind: str, name: str, at: datetime) -> None:
        """Note that it was fetched with success."""
        self._write(lambda db: rows.save_marks(db, {(kind, name): at}))
        self._marks[kind, name] = at

    def unknown_symbols(self) -> dict[tuple[str, str], datetime]:
        """Which (provider, symbol) the provider said it does not know, and when."""

        def work(db: sqlite3.Connection) -> list[tuple[str, str, int]]:
            self._see_marks(db)
            return db.execute("SELECT provider, symbol, since FROM unknown_symbols").fetchall()

        return {(provider, symbol): to_moment(since) for provider, symbol, since in self._keeper.run(work)}

    def forget_unknown(self) -> None:
        """Forget which symbols were named unknown."""
        self._write(lambda db: db.execute("DELETE FROM unknown_symbols"))

    def mark_unknown(self, provider: str, symbol: str, since: datetime) -> None:
        """Note that the provider does not know the symbol."""
        self._upsert("unknown_symbols", "provider, symbol", "since", provider, symbol, to_stamp(since))

    def get_state(self, key: str) -> str | None:
        """A choice made in the app, as text."""
        found: str | None = self._one("SELECT value FROM state WHERE key = ?", key)
        return found

    def set_state(self, key: str, value: str) -> None:
        """Keep a choice made in the app."""
        self._upsert("state", "key", "value", key, value)

    def add_events(self, events: Sequence[EventRow]) -> list[EventRow]:
        """Keep the events whose key is new, and return these."""
        return self._write(lambda db: journal.add_events(db, events))

    def events(self, since: datetime) -> list[EventRow]:
        """Events of `since` and later, oldest first."""
        return self._keeper.run(lambda db: journal.events(db, since))

    def acknowledge(self, keys: Iterable[EventKey], at: datetime) -> None:
        """Note when they were acknowledged; the first time counts."""
        keys = list(keys)  # the work may be done twice
        self._write(lambda db: journal.acknowledge(db, keys, at))

    def save_records(self, records: Mapping[date, bytes], version: str) -> None:
        """Keep a record for each session; those of another version make room."""
        self._write(lambda db: journal.save_records(db, records, version))

    def records(self, version: str) -> dict[date, bytes]:
        """The records of that version by session, oldest first."""
        return self._keeper.run(lambda db: journal.records(db, version))

    def keep_refused(self, row: RefusedRow) -> None:
        """Keep an answer that was not believed, cut; the oldest make room."""
        self._write(lambda db: journal.keep_refused(db, row))

    def refused(self) -> list[RefusedRow]:
        """The refused answers, newest first."""
        return self._keeper.run(journal.refused)

    def tidy(self, now: datetime, first_day: date) -> None:
        """Drop what is past its time, look the file over and give room back."""
        self._write(lambda db: drop_old(db, now, first_day))
        self._marks_of = None
        self._keeper.run(mend)

    def close(self) -> None:
        """Release the file."""
        self._keeper.close()

    def _revision(self, db: sqlite3.Connection) -> int:
        return self._keeper.generation * GENERATION + rows.number_of(db)

    def _see_marks(self, db: sqlite3.Connection) -> None:
        """Read what was fetched when, unless nobody else has written since."""
        others = db.execute("PRAGMA data_version").fetchone()[0]
        if self._marks_of != (state := (self._keeper.generation, others)):
            self._marks, self._marks_of = rows.load_marks(db), state

    def _one(self, query: str, *values: str) -> Any:
        row = self._keeper.run(lambda db: db.execute(query, values).fetchone())
        return None if row is None else row[0]

    def _upsert(self, table: str, keys: str, columns: str, *values: object) -> None:
        self._write(lambda db: upsert(db, table, keys, columns, [values]))

    def _write(self, work: Work[T]) -> T:
        def transact(db: sqlite3.Connection) -> T:
            with transaction(db):
                return work(db)

        return self._keeper.run(transact)


def memory_store() -> SqliteStore:
    """A store that ends with the program."""
    return SqliteStore()


def open_store(path: Path, clock: Clock | None = None) -> SqliteStore:
    """Open or create the store at `path`; it always succeeds, and `problem` says at what price.

    A damaged file is set aside and a new one begun. A file of a later version, a locked one or a place that cannot be
    written is left alone: the store lives in memory, and every half minute of `clock` it tries the file again.
    """
    return SqliteStore(path, clock)
