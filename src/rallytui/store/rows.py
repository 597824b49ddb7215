"""Facts to rows and back, each marked with the revision that brought it, so that a follower reads only the news."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from rallytui.model import Company, Fact, Facts, Filing, Health, Quote
from rallytui.store.codec import (
    Row,
    day_or_none,
    insert,
    iso_or_none,
    moment_or_none,
    stamp_or_none,
    to_moment,
    to_stamp,
    upsert,
)
from rallytui.store.frames import drop_old_vintages, load_bars, load_series, save_bars, save_series

EVERYTHING = -1
"""The revision before the first."""
KEEP_CLOSES = timedelta(days=14)
"""Final quotes stand for bars that are not here yet; so much later the bars are."""
Marks = Mapping[tuple[str, str], datetime]


def number_of(db: sqlite3.Connection) -> int:
    """The revision of what is stored."""
    return int(db.execute("SELECT number FROM revision").fetchone()[0])


def save_facts(db: sqlite3.Connection, facts: Facts) -> None:
    """Write a bundle by the rules of `Tape.apply`, so that a tape read back is the tape that was. In a transaction."""
    db.execute("UPDATE revision SET number = number + 1")
    number = number_of(db)
    _save_closes(db, (*facts.closes, *facts.quotes), number)
    _save_quotes(db, facts.quotes, number)
    for bars in facts.bars:
        save_bars(db, bars, number)
    for series in facts.series:
        save_series(db, series, number)
    if any(series.vintage for series in facts.series):
        drop_old_vintages(db)
    for company in facts.companies:
        _save_company(db, company, number)
    _save_health(db, facts.health.values(), number)


def load_facts(db: sqlite3.Connection, since: int = EVERYTHING) -> Facts:
    """Read back what changed after revision `since`. The caller has begun a transaction: it is one moment's state."""
    return Facts(
        quotes=tuple(_load_quotes(db, since)),
        bars=tuple(load_bars(db, since)),
        series=tuple(load_series(db, since)),
        companies=tuple(_load_companies(db, since)),
        health={health.provider: health for health in _load_health(db, since)},
        closes=tuple(_load_closes(db, since)),
    )


def save_marks(db: sqlite3.Connection, marks: Marks) -> None:
    """Note what was fetched when."""
    upsert(db, "fetches", "kind, name", "last_ok", [(*key, to_stamp(at)) for key, at in marks.items()])


def load_marks(db: sqlite3.Connection) -> dict[tuple[str, str], datetime]:
    """When each (kind, name) was last fetched."""
    found = db.execute("SELECT kind, name, last_ok FROM fetches").fetchall()
    return {(kind, name): to_moment(stamp) for kind, name, stamp in found}


QUOTE_VALUES = (
    "price, traded_at, known_at, source, session_date, delay_s, state, prev_close, open, high, low, volume, "
    "extended, day"
)


def _save_quotes(db: sqlite3.Connection, quotes: Iterable[Quote], number: int) -> None:
    rows = (
        (
            *(quote.symbol, quote.price, to_stamp(quote.at), to_stamp(quote.known_at), quote.source),
            *(quote.session_date.isoformat(), quote.delay_s, quote.state, quote.prev_close, quote.open, quote.high),
            *(quote.low, quote.volume, quote.extended, " ".join(map(str, quote.day)), number),
        )
        for quote in quotes
    )
    upsert(db, "quotes", "symbol", f"{QUOTE_VALUES}, changed", rows, unless="excluded.traded_at < quotes.traded_at")


def _load_quotes(db: sqlite3.Connection, since: int) -> Iterable[Quote]:
    for symbol, price, at, known_at, source, session, *numbers, day in db.execute(
        f"SELECT symbol, {QUOTE_VALUES} FROM quotes WHERE changed > ? ORDER BY symbol", (since,)
    ):
        delay_s, state, prev_close, opened, high, low, volume, extended = numbers
        yield Quote(
            *(symbol, price, to_moment(at), to_moment(known_at), source, date.fromisoformat(session)),
            *(delay_s, state, prev_close, opened, high, low, volume, extended),
            tuple(map(float, day.split())),
        )


def _save_closes(db: sqlite3.Connection, quotes: Sequence[Quote], number: int) -> None:
    """Keep the final ones: the quotes table holds the newest of each symbol alone."""
    if not quotes:
        return
    import msgspec  # not for the first frame, which reads no facts

    from rallytui.exchanges import is_final

    final = [quote for quote in quotes if is_final(quote)]
    rows = [(one.symbol, one.session_date.isoformat(), msgspec.msgpack.encode(one), number) for one in final]
    upsert(db, "closes", "symbol, session", "payload, changed", rows)
    old = [(one.symbol, (one.session_date - KEEP_CLOSES).isoformat()) for one in final]
    db.executemany("DELETE FROM closes WHERE symbol = ? AND session < ?", old)


def _load_closes(db: sqlite3.Connection, since: int) -> Iterable[Quote]:
    query = "SELECT payload FROM closes WHERE changed > ? ORDER BY session, symbol"
    payloads = db.execute(query, (since,)).fetchall()
    if not payloads:
        return []
    import msgspec

    return [msgspec.msgpack.decode(payload, type=Quote) for (payload,) in payloads]


XBRL_VALUES = "tag, unit, start_day, end_day, value, filed, form"
FILING_VALUES = "form, filed, period, accepted, accession, url"


def _save_company(db: sqlite3.Connection, company: Company, number: int) -> None:
    header = [(company.symbol, company.name, company.source, number)]
    upsert(db, "companies", "symbol", "name, source, changed", header)
    facts = [
        (
            fact.tag,
            fact.unit,
            iso_or_none(fact.start),
            iso_or_none(fact.end),
            fact.value,
            iso_or_none(fact.filed),
            fact.form,
        )
        for fact in company.facts
    ]
    filings = [
        (one.form, iso_or_none(one.filed), iso_or_none(one.period), stamp_or_none(one.accepted), one.accession, one.url)
        for one in company.filings
    ]
    _replace_list(db, "xbrl_facts", XBRL_VALUES, company.symbol, facts)
    if filings:  # a source of facts alone does not take the filings of another away
        _replace_list(db, "filings", FILING_VALUES, company.symbol, filings)


def _replace_list(db: sqlite3.Connection, table: str, values: str, symbol: str, rows: Iterable[Row]) -> None:
    db.execute(f"DELETE FROM {table} WHERE symbol = ?", (symbol,))
    placed = ((symbol, place, *row) for place, row in enumerate(rows))
    db.executemany(insert(table, f"symbol, place, {values}"), placed)


def _load_companies(db: sqlite3.Connection, since: int) -> Iterable[Company]:
    query = "SELECT symbol, name, source FROM companies WHERE changed > ? ORDER BY symbol"
    for symbol, name, source in db.execute(query, (since,)).fetchall():
        yield Company(symbol, tuple(_load_xbrl(db, symbol)), tuple(_load_filings(db, symbol)), name, source)


def _load_xbrl(db: sqlite3.Connection, symbol: str) -> Iterable[Fact]:
    query = f"SELECT {XBRL_VALUES} FROM xbrl_facts WHERE symbol = ? ORDER BY place"
    day = date.fromisoformat
    for tag, unit, start, end, value, filed, form in db.execute(query, (symbol,)):
        yield Fact(tag, unit, day_or_none(start), day(end), value, day(filed), form)


def _load_filings(db: sqlite3.Connection, symbol: str) -> Iterable[Filing]:
    query = f"SELECT {FILING_VALUES} FROM filings WHERE symbol = ? ORDER BY place"
    for form, filed, period, accepted, accession, url in db.execute(query, (symbol,)):
        yield Filing(form, date.fromisoformat(filed), day_or_none(period), moment_or_none(accepted), accession, url)


HEALTH_VALUES = "status, last_ok, failures, next_try, detail, delay_s, title, host, limited, address"


def _save_health(db: sqlite3.Connection, healths: Iterable[Health], number: int) -> None:
    rows = (
        (
            *(one.provider, one.status, stamp_or_none(one.last_ok), one.failures, stamp_or_none(one.next_try)),
            *(one.detail, one.delay_s, one.title, one.host, int(one.limited), one.address, number),
        )
        for one in healths
    )
    upsert(db, "health", "provider", f"{HEALTH_VALUES}, changed", rows)


def _load_health(db: sqlite3.Connection, since: int) -> Iterable[Health]:
    query = f"SELECT provider, {HEALTH_VALUES} FROM health WHERE changed > ? ORDER BY provider"
    for provider, status, last_ok, failures, next_try, *texts in db.execute(query, (since,)):
        detail, delay_s, title, host, limited, address = texts
        yield Health(
            provider,
            status,
            moment_or_none(last_ok),
            failures,
            moment_or_none(next_try),
            detail,
            delay_s,
            title=title,
            host=host,
            limited=bool(limited),
            address=address,
        )
