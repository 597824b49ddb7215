"""Facts to rows and back. pandas and numpy are loaded only here, and only when there are frames to read or write."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from rallytui.model import Bars, Company, Fact, Facts, Filing, Health, Quote, Series

if TYPE_CHECKING:
    import pandas as pd

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
KEEP_VINTAGES = 120
"""How many (series, vintage) sets are kept: they are asked for again when needed, and loading must stay quick."""

Row = Sequence[Any]


def to_moment(stamp: int) -> datetime:
    """The aware UTC moment of a stored stamp."""
    return EPOCH + stamp * MICROSECOND


def to_stamp(moment: datetime) -> int:
    """Microseconds since 1970 UTC, exact."""
    return (moment - EPOCH) // MICROSECOND


def _stamp(moment: datetime | None) -> int | None:
    return None if moment is None else to_stamp(moment)


def _moment(stamp: int | None) -> datetime | None:
    return None if stamp is None else to_moment(stamp)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _insert(table: str, names: str) -> str:
    marks = ", ".join("?" * len(names.split(", ")))
    return f"INSERT INTO {table} ({names}) VALUES ({marks})"


def upsert(db: sqlite3.Connection, table: str, keys: str, values: str, rows: Iterable[Row], unless: str = "") -> None:
    """Insert rows of (`keys`, `values`); where the keys are there already the values change, but not `unless` so."""
    change = ", ".join(f"{name} = excluded.{name}" for name in values.split(", "))
    guard = f" WHERE NOT ({unless})" if unless else ""
    statement = _insert(table, f"{keys}, {values}")
    db.executemany(f"{statement} ON CONFLICT ({keys}) DO UPDATE SET {change}{guard}", rows)


def save_facts(db: sqlite3.Connection, facts: Facts) -> None:
    """Write a bundle by the rules of `Tape.apply`, so that a tape read back is the tape that was. In a transaction."""
    db.execute("UPDATE revision SET number = number + 1")
    _save_quotes(db, facts.quotes)
    for bars in facts.bars:
        _save_bars(db, bars)
    for series in facts.series:
        _save_series(db, series)
    if any(series.vintage for series in facts.series):
        _drop_old_vintages(db)
    for company in facts.companies:
        _save_company(db, company)
    _save_health(db, facts.health.values())


def load_facts(db: sqlite3.Connection) -> Facts:
    """Read everything back. The caller has begun a transaction, so that it is one moment's state."""
    return Facts(
        quotes=tuple(_load_quotes(db)),
        bars=tuple(_load_bars(db)),
        series=tuple(_load_series(db)),
        companies=tuple(_load_companies(db)),
        health={health.provider: health for health in _load_health(db)},
    )


QUOTE_VALUES = (
    "price, traded_at, known_at, source, session_date, delay_s, state, prev_close, open, high, low, volume, "
    "extended, day"
)


def _save_quotes(db: sqlite3.Connection, quotes: Iterable[Quote]) -> None:
    rows = (
        (
            *(quote.symbol, quote.price, to_stamp(quote.at), to_stamp(quote.known_at), quote.source),
            *(quote.session_date.isoformat(), quote.delay_s, quote.state, quote.prev_close, quote.open, quote.high),
            *(quote.low, quote.volume, quote.extended, " ".join(map(str, quote.day))),
        )
        for quote in quotes
    )
    upsert(db, "quotes", "symbol", QUOTE_VALUES, rows, unless="excluded.traded_at < quotes.traded_at")


def _load_quotes(db: sqlite3.Connection) -> Iterable[Quote]:
    for symbol, price, at, known_at, source, session, *numbers, day in db.execute(
        f"SELECT symbol, {QUOTE_VALUES} FROM quotes ORDER BY symbol"
    ):
        delay_s, state, prev_close, opened, high, low, volume, extended = numbers
        yield Quote(
            *(symbol, price, to_moment(at), to_moment(known_at), source, date.fromisoformat(session)),
            *(delay_s, state, prev_close, opened, high, low, volume, extended),
            tuple(map(float, day.split())),
        )


def _days(values: Any) -> list[str]:
    import numpy as np

    days: list[str] = np.datetime_as_string(np.asarray(values, dtype="datetime64[D]")).tolist()
    return days


BAR_VALUES = "open, high, low, close, adj_close, volume"


def _save_bars(db: sqlite3.Connection, bars: Bars) -> None:
    stored = _load_history(db, bars.symbol)
    if stored is not None:
        from rallytui.tape import merge_bars

        merged = merge_bars(stored, bars)
        if merged is stored:
            return
        if merged is bars:  # a split came between, or every day is new: no row of the old basis may stay
            db.execute("DELETE FROM bars WHERE symbol = ?", (bars.symbol,))
    upsert(db, "histories", "symbol", "name, source", [(bars.symbol, bars.name, bars.source)])
    columns = [bars.frame[column].tolist() for column in BAR_VALUES.split(", ")]
    days = _days(bars.frame.index)
    upsert(db, "bars", "symbol, day", BAR_VALUES, zip([bars.symbol] * len(days), days, *columns, strict=True))


def _load_bars(db: sqlite3.Connection) -> Iterable[Bars]:
    symbols = db.execute("SELECT symbol FROM histories ORDER BY symbol").fetchall()
    found = (_load_history(db, symbol) for (symbol,) in symbols)
    return [bars for bars in found if bars is not None]


def _load_history(db: sqlite3.Connection, symbol: str) -> Bars | None:
    query = f"SELECT day, {BAR_VALUES} FROM bars WHERE symbol = ? ORDER BY day"
    rows = db.execute(query, (symbol,)).fetchall()
    if not rows:
        return None
    name, source = db.execute("SELECT name, source FROM histories WHERE symbol = ?", (symbol,)).fetchone()
    return Bars(symbol, _bar_frame(rows), source, name)


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


def _save_series(db: sqlite3.Connection, series: Series) -> None:
    vintage, received = _iso(series.vintage) or "", to_stamp(series.received)
    stored = db.execute(OBSERVATIONS, (series.id, vintage)).fetchall()
    fresh = list(_not_yet_known(stored, _observations(series), received))
    if not fresh:
        return
    upsert(db, "series", "series_id, vintage", "source, received", [(series.id, vintage, series.source, received)])
    statement = _insert("observations", "series_id, vintage, obs, known_at, value") + " ON CONFLICT DO NOTHING"
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


def _drop_old_vintages(db: sqlite3.Connection) -> None:
    query = "SELECT series_id, vintage FROM series WHERE vintage <> '' ORDER BY received DESC, series_id, vintage"
    old = db.execute(query).fetchall()[KEEP_VINTAGES:]
    for table in ("observations", "series"):
        db.executemany(f"DELETE FROM {table} WHERE series_id = ? AND vintage = ?", old)


def _load_series(db: sqlite3.Connection) -> Iterable[Series]:
    headers = db.execute("SELECT series_id, vintage, source, received FROM series ORDER BY series_id, vintage")
    for series_id, vintage, source, received in headers.fetchall():
        if rows := db.execute(OBSERVATIONS, (series_id, vintage)).fetchall():
            frame = _observation_frame(rows)
            yield Series(series_id, frame, source, to_moment(received), _day(vintage or None))


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


XBRL_VALUES = "tag, unit, start_day, end_day, value, filed, form"
FILING_VALUES = "form, filed, period, accepted, accession, url"


def _save_company(db: sqlite3.Connection, company: Company) -> None:
    upsert(db, "companies", "symbol", "name, source", [(company.symbol, company.name, company.source)])
    facts = [
        (fact.tag, fact.unit, _iso(fact.start), _iso(fact.end), fact.value, _iso(fact.filed), fact.form)
        for fact in company.facts
    ]
    filings = [
        (one.form, _iso(one.filed), _iso(one.period), _stamp(one.accepted), one.accession, one.url)
        for one in company.filings
    ]
    _replace_list(db, "xbrl_facts", XBRL_VALUES, company.symbol, facts)
    if filings:  # a source of facts alone does not take the filings of another away
        _replace_list(db, "filings", FILING_VALUES, company.symbol, filings)


def _replace_list(db: sqlite3.Connection, table: str, values: str, symbol: str, rows: Iterable[Row]) -> None:
    db.execute(f"DELETE FROM {table} WHERE symbol = ?", (symbol,))
    placed = ((symbol, place, *row) for place, row in enumerate(rows))
    db.executemany(_insert(table, f"symbol, place, {values}"), placed)


def _load_companies(db: sqlite3.Connection) -> Iterable[Company]:
    for symbol, name, source in db.execute("SELECT symbol, name, source FROM companies ORDER BY symbol").fetchall():
        yield Company(symbol, tuple(_load_xbrl(db, symbol)), tuple(_load_filings(db, symbol)), name, source)


def _load_xbrl(db: sqlite3.Connection, symbol: str) -> Iterable[Fact]:
    query = f"SELECT {XBRL_VALUES} FROM xbrl_facts WHERE symbol = ? ORDER BY place"
    day = date.fromisoformat
    for tag, unit, start, end, value, filed, form in db.execute(query, (symbol,)):
        yield Fact(tag, unit, _day(start), day(end), value, day(filed), form)


def _load_filings(db: sqlite3.Connection, symbol: str) -> Iterable[Filing]:
    query = f"SELECT {FILING_VALUES} FROM filings WHERE symbol = ? ORDER BY place"
    for form, filed, period, accepted, accession, url in db.execute(query, (symbol,)):
        yield Filing(form, date.fromisoformat(filed), _day(period), _moment(accepted), accession, url)


HEALTH_VALUES = "status, last_ok, failures, next_try, detail, delay_s, title, host"


def _save_health(db: sqlite3.Connection, healths: Iterable[Health]) -> None:
    rows = (
        (
            *(one.provider, one.status, _stamp(one.last_ok), one.failures, _stamp(one.next_try)),
            *(one.detail, one.delay_s, one.title, one.host),
        )
        for one in healths
    )
    upsert(db, "health", "provider", HEALTH_VALUES, rows)


def _load_health(db: sqlite3.Connection) -> Iterable[Health]:
    query = f"SELECT provider, {HEALTH_VALUES} FROM health ORDER BY provider"
    for provider, status, last_ok, failures, next_try, *texts in db.execute(query):
        detail, delay_s, title, host = texts
        yield Health(
            provider, status, _moment(last_ok), failures, _moment(next_try), detail, delay_s, title=title, host=host
        )
