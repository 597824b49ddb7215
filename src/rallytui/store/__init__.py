"""The tape on disk between runs: what a store can do, and how one is opened. Loads neither pandas nor numpy."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Protocol

from rallytui.model import Facts
from rallytui.store.sqlite import SqliteStore, memory_store, open_store

__all__ = ["SqliteStore", "Store", "default_path", "memory_store", "open_store"]


class Store(Protocol):
    """Keeps facts, the last boards and the program's own notes. Every method may be called from any thread.

    A write is whole or not at all. A store that cannot go on with its file goes on in memory and says so in `problem`.
    """

    @property
    def problem(self) -> str:
        """Plain text for the user about what is wrong with the file; empty while all is well."""
        ...

    def load_facts(self) -> Facts:
        """Everything that was saved, as one consistent bundle."""
        ...

    def save(self, facts: Facts) -> None:
        """Take in one bundle: bars by session, observations added, companies and quotes in place of the old ones."""
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
        """When that was last fetched with success."""
        ...

    def mark_fetched(self, kind: str, name: str, at: datetime) -> None:
        """Note that it was fetched with success."""
        ...

    def unknown_symbols(self) -> dict[tuple[str, str], datetime]:
        """Which (provider, symbol) the provider said it does not know, and when it said so."""
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

    def close(self) -> None:
        """Release the file. A closed store takes no more calls."""
        ...


def default_path() -> Path:
    """Where the store is unless the caller says otherwise: `rallytui.db` in the platform's data directory."""
    from platformdirs import user_data_path

    return user_data_path("rallytui", appauthor=False) / "rallytui.db"
