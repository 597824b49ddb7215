"""Bars and macro series to rows and back. pandas and numpy are loaded only here, and only when there are frames."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rallytui.model import Bars, Series
from rallytui.store.codec import Row, day_or_none, insert, iso_or_none, to_moment, to_stamp, upsert

if TYPE_CHECKING:
    import pandas as pd

KEEP_VINTAGES = 120
"""How many (series, vintage) sets are kept: they are asked for again when needed, and loading must stay quick."""


def _days(values: Any) -> list[str]:
    import numpy as np

    days: list[str] = np.datetime_as_string(np.asarray(values, dtype="datetime64[D]")).tolist()
    return days


BAR_VALUES = "open, high, low, close, adj_close, volume"


def save_bars(db: sqlite3.Connection, bars: Bars, number: int) -> None:
    """Join the bars to the stored ones as the tape does; what changed is marked with revision `number`."""
    stored = _load_history(db, bars.symbol)
    if stored is not None:
        from rallytui.tape import merge_bars

        merged = merge_bars(stored, bars)
        if merged is stored:
            return
        if merged is bars:  # a split came between, or every day is new: no row of the old basis may stay
            db.execute("DELETE FROM bars WHERE symbol = ?", (bars.symbol,))
    header = [(bars.symbol, bars.name, bars.source, bars.currency, number)]
    upsert(db, "histories", "symbol", "name, source, currency, changed", header)
    columns = [bars.frame[column].tolist() for column in BAR_VALUES.split(", ")]
    days = _days(bars.frame.index)
    upsert(db, "bars", "symbol, day", BAR_VALUES, zip([bars.symbol] * len(days), days, *columns, strict=True))


def load_bars(db: sqlite3.Connection, since: int) -> Iterable[Bars]:
    """The whole history of each symbol that changed after revision `since`."""
    symbols = db.execute("SELECT symbol FROM histories WHERE changed > ? ORDER BY symbol", (since,)).fetchall()
    found = (_load_history(db, symbol) for (symbol,) in symbols)
    return [bars for bars in found if bars is not None]


def _load_history(db: sqlite3.Connection, symbol: str) -> Bars | None:
    query = f"SELECT day, {BAR_VALUES} FROM bars WHERE symbol = ? ORDER BY day"
    rows = db.execute(query, (symbol,)).fetchall()
    if not rows:
        return None
    header = "SELECT source, name, currency FROM histories WHERE symbol = ?"
    return Bars(symbol, _bar_frame(rows), *db.execute(header, (symbol,)).fetchone())


def _bar_frame(rows: list[Row]) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    days, *columns = zip(*rows, strict=True)
    index = pd.DatetimeIndex(np.array(days, dtype="datetime64[s]"), name="date")
    values = np.array(columns, dtype=float)
    return pd.DataFrame(values.T, index=index, columns=BAR_VALUES.split(", "))


OBSERVATIONS = (
    "SELECT obs, known_at, value FROM observations WHERE series_id = ? AND vintage = ? ORDER BY obs, known_at"
)


def save_series(db: sqlite3.Connection, series: Series, number: int) -> None:
    """Add what is news to the stored observations; a series with news is marked with revision `number`."""
    vintage, received = iso_or_none(series.vintage) or "", to_stamp(series.received)
    stored = db.execute(OBSERVATIONS, (series.id, vintage)).fetchall()
    fresh = list(_not_yet_known(stored, _observations(series), received))
    if not fresh:
        return
    header = [(series.id, vintage, series.source, received, number)]
    upsert(db, "series", "series_id, vintage", "source, received, changed", header)
    statement = insert("observations", "series_id, vintage, obs, known_at, value") + " ON CONFLICT DO NOTHING"
    db.executemany(statement, [(series.id, vintage, *row) for row in fresh])


def _observations(series: Series) -> Iterable[Row]:
    frame = series.frame
    stamps = frame["known_at"].dt.as_unit("us").astype("int64").tolist()
    values = (None if value != value else value for value in frame["value"].tolist())
    return zip(_days(frame["obs"]), stamps, values, strict=True)


def _not_yet_known(stored: Iterable[Row], given: Iterable[Row], received: int) -> Iterable[Row]:
    """The given rows that add something. What was known at a moment stays: another value is news of `received`."""
    known = {(day, stamp): value for day, stamp, value in stored}
    last = {day: value for (day, _), value in known.items()}
    for day, stamp, value in given:
        if (day, stamp) not in known:
            yield day, stamp, value
        elif value not in (known[day, stamp], last[day]):
            yield day, received, value


def drop_old_vintages(db: sqlite3.Connection) -> None:
    """Keep the sets that were received last."""
    query = "SELECT series_id, vintage FROM series WHERE vintage <> '' ORDER BY received DESC, series_id, vintage"
    old = db.execute(query).fetchall()[KEEP_VINTAGES:]
    for table in ("observations", "series"):
        db.executemany(f"DELETE FROM {table} WHERE series_id = ? AND vintage = ?", old)


def load_series(db: sqlite3.Connection, since: int) -> Iterable[Series]:
    """Each series with news after revision `since`, whole."""
    query = "SELECT series_id, vintage, source, received FROM series WHERE changed > ? ORDER BY series_id, vintage"
    for series_id, vintage, source, received in db.execute(query, (since,)).fetchall():
        if rows := db.execute(OBSERVATIONS, (series_id, vintage)).fetchall():
            frame = _observation_frame(rows)
            yield Series(series_id, frame, source, to_moment(received), day_or_none(vintage or None))


def _observation_frame(rows: list[Row]) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    days, stamps, values = zip(*rows, strict=True)
    seconds = -(-np.array(stamps, dtype="int64") // 1_000_000)  # up: never known before it was
    return pd.DataFrame(
        {
            "obs": np.array(days, dtype="datetime64[s]"),
            "value": np.array(values, dtype=float),
            "known_at": pd.DatetimeIndex(seconds.astype("datetime64[s]"), tz="UTC"),
        }
    )
