"""What the records of the past rest on: a mark for each evening that changes when what is known of it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, timedelta
from hashlib import sha256
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from rallytui.config import Settings
from rallytui.feed.wants import wants
from rallytui.sessions import known_by
from rallytui.tape import Tape, stamps

Dates = NDArray[np.datetime64]
Counts = NDArray[np.int64]
WINDOW = timedelta(days=366)
"""So far back facts are counted: less than a store keeps, so that what it drops one day changes no mark."""
VINTAGE = -1
"""In place of a count: the values of then are whole and never change."""


def grounds(tape: Tape, settings: Settings, sessions: Sequence[date]) -> dict[date, str]:
    """A mark for the evening of each session: how much was known by then of each name that a record is judged by.

    Watchlists do not count, as in the version of a record. A bar that came late, a series or a company that came at
    all, values of then in place of today's: each changes the marks of the evenings that it was known on, of no other.
    """
    table = np.stack(list(_counts(tape, settings, sessions)), axis=1)
    return {day: sha256(row.tobytes()).hexdigest()[:16] for day, row in zip(sessions, table, strict=True)}


def _counts(tape: Tape, settings: Settings, sessions: Sequence[date]) -> Iterator[Counts]:
    """For each name, what is known of it on each evening."""
    names = wants(replace(settings, watchlists={}))
    days = _dates(sessions, "D")
    evenings = _dates((known_by(day).astimezone(UTC).replace(tzinfo=None) for day in sessions), "us")
    for name in names.bars:
        bars = tape.bars.get(name)
        yield _within(_dates((), "D") if bars is None else bars.frame.index.to_numpy().astype("datetime64[D]"), days)
        yield _quoted(tape, name, sessions)
    for name in names.series:
        series = tape.series.get(name)
        counts = _within(_dates((), "us") if series is None else stamps(series)[1], evenings)
        yield np.where([(name, day) in tape.vintages for day in sessions], VINTAGE, counts)
    for name in names.companies:
        company = tape.companies.get(name)
        yield _within(_dates(sorted(fact.filed for fact in company.facts) if company else (), "D"), days)


def _quoted(tape: Tape, name: str, sessions: Sequence[date]) -> Counts:
    """The final quotes that stand for bars which are not here yet, each as a number of its own; 0 without one."""
    bars = tape.bars.get(name)
    last = bars.last_day if bars is not None else None
    closes = {one.session_date: one.price for one in tape.closes.get(name, ()) if last and one.session_date > last}
    return np.array([closes.get(day, 0.0) for day in sessions]).view(np.int64)


def _dates(values: Iterable[Any], unit: str) -> Dates:
    return np.array(list(values), dtype=f"datetime64[{unit}]")


def _within(ascending: Dates, ends: Dates) -> Counts:
    """How many of the dates lie in the window that ends with each of `ends`."""
    return ascending.searchsorted(ends, side="right") - ascending.searchsorted(
        ends - np.timedelta64(WINDOW), side="left"
    )
