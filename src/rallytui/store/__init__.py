"""The tape on disk between runs: what a store can do, and how one is opened. Loads neither pandas nor numpy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from rallytui.model import Facts
from rallytui.store.journal import EventKey, EventRow, RefusedRow
from rallytui.store.lock import FetchLock
from rallytui.store.sqlite import SqliteStore, memory_store, open_store

__all__ = [
    "EventKey",
    "EventRow",
    "FetchLock",
    "RefusedRow",
    "SqliteStore",
    "Store",
    "memory_store",
    "open_store",
]


class Store(Protocol):
    """Keeps facts, the last boards and the program's own notes. Every method may be called from any thread.

    A write is whole or not at all. A store that cannot go on with its file goes on in memory and says so in `problem`;
    when the file can be used again, what came meanwhile is brought there. All but `fetched`, `path` and `problem` may
    wait for the disk: an event loop calls them from a thread.
    """

    @property
    def path(self) -> Path | None:
        """The file, None for a store that ends with the program."""
        ...

    @property
    def problem(self) -> str:
        """Plain text for the user about what is wrong with the file; empty while all is well."""
        ...

    def load_facts(self) -> Facts:
        """Everything that was saved, as one consistent bundle."""
        ...

    def changes(self, since: int) -> tuple[int, Facts]:
        """The revision of now and what changed after revision `since` (-1: everything), as one moment's state.

        Each item is whole as the store has it, so a follower puts it in the place of its own: joined to it with
        `Tape.apply`, an earlier value of a revised series would pass for a new one. If another file took the place of
        the one before, everything is news.
        """
        ...

    def save(self, facts: Facts, fetched: Mapping[tuple[str, str], datetime] | None = None) -> None:
        """Take in one bundle: bars by session, observations added, companies and quotes in place of the old ones.

        `fetched` notes in the same transaction when which (kind, name) was fetched.
        """
        ...

    def revision(self) -> int:
        """A number that each `save` moves on, so that a second instance sees cheaply that there is news."""
        ...

    def load_board(self, mode: str) -> bytes | None:
        """The last board of that mode as it was saved, for an instant first frame."""
        ...

    def save_board(self, mode: str, as_of: datetime, payload: bytes) -> None:
        """Keep the board of that mode."""
        ...

    def fetched(self, kind: str, name: str) -> datetime | None:
        """When that was last fetched with success, from memory, so that it does not wait.

        What another instance fetched is known after the next `revision`, `changes` or `unknown_symbols`.
        """
        ...

    def mark_fetched(self, kind: str, name: str, at: datetime) -> None:
        """Note that it was fetched with success."""
        ...

    def unknown_symbols(self) -> dict[tuple[str, str], datetime]:
        """Which (provider, symbol) the provider said it does not know, and when it said so."""
        ...

    def forget_unknown(self) -> None:
        """Forget all that `mark_unknown` noted."""
        ...

    def mark_unknown(self, provider: str, symbol: str, since: datetime) -> None:
        """Note that the provider does not know the symbol."""
        ...

    def get_state(self, key: str) -> str | None:
        """A choice made in the app, as text."""
        ...

    def set_state(self, key: str, value: str) -> None:
        """Keep a choice made in the app."""
        ...

    def add_events(self, events: Sequence[EventRow]) -> list[EventRow]:
        """Keep the events whose key is new and return these: of several instances, one gets an event back."""
        ...

    def events(self, since: datetime) -> list[EventRow]:
        """Events of `since` and later, oldest first."""
        ...

    def acknowledge(self, keys: Iterable[EventKey], at: datetime) -> None:
        """Note when they were acknowledged; the first time counts."""
        ...

    def save_records(self, records: Mapping[date, bytes], version: str) -> None:
        """Keep a record for each completed session; those of another version make room."""
        ...

    def records(self, version: str) -> dict[date, bytes]:
        """The records of that version by session, oldest first."""
        ...

    def keep_refused(self, row: RefusedRow) -> None:
        """Keep an answer that was not believed: 64 KiB of it, the last 10 of a provider, 50 in all."""
        ...

    def refused(self) -> list[RefusedRow]:
        """The refused answers, newest first."""
        ...

    def tidy(self, now: datetime, first_day: date) -> None:
        """Once a day: drop what is past its time, look the file over and give room back to the disk.

        `first_day` is the first day of history that is wanted. History goes a year after that, events after two years,
        vintages after 400 days, symbols that were not fetched for 90 days while others were.
        """
        ...

    def close(self) -> None:
        """Release the file. A closed store takes no more calls."""
        ...
