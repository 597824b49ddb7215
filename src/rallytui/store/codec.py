"""What all statements share: moments and days as they are stored, and the upsert."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

Row = Sequence[Any]


def to_moment(stamp: int) -> datetime:
    """The aware UTC moment of a stored stamp."""
    return EPOCH + stamp * MICROSECOND


def to_stamp(moment: datetime) -> int:
    """Microseconds since 1970 UTC, exact."""
    return (moment - EPOCH) // MICROSECOND


def stamp_or_none(moment: datetime | None) -> int | None:
    """`to_stamp`, NULL for what is missing."""
    return None if moment is None else to_stamp(moment)


def moment_or_none(stamp: int | None) -> datetime | None:
    """`to_moment`, None for NULL."""
    return None if stamp is None else to_moment(stamp)


def iso_or_none(day: date | None) -> str | None:
    """A day as ISO text, NULL for what is missing."""
    return None if day is None else day.isoformat()


def day_or_none(text: str | None) -> date | None:
    """The day of ISO text, None for NULL."""
    return None if text is None else date.fromisoformat(text)


def insert(table: str, names: str) -> str:
    """The statement that inserts one row of the columns `names`."""
    marks = ", ".join("?" * len(names.split(", ")))
    return f"INSERT INTO {table} ({names}) VALUES ({marks})"


def upsert(db: sqlite3.Connection, table: str, keys: str, values: str, rows: Iterable[Row], unless: str = "") -> None:
    """Insert rows of (`keys`, `values`); where the keys are there already the values change, but not `unless` so."""
    change = ", ".join(f"{name} = excluded.{name}" for name in values.split(", "))
    guard = f" WHERE NOT ({unless})" if unless else ""
    statement = insert(table, f"{keys}, {values}")
    db.executemany(f"{statement} ON CONFLICT ({keys}) DO UPDATE SET {change}{guard}", rows)
