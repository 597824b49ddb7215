"""Stores in memory that are closed when their test is over."""

from __future__ import annotations

from rallytui import store
from rallytui.store import SqliteStore

_opened: list[SqliteStore] = []


def memory_store() -> SqliteStore:
    """A store for one test."""
    _opened.append(store.memory_store())
    return _opened[-1]


def close_all() -> None:
    """Called after every test."""
    while _opened:
        _opened.pop().close()
