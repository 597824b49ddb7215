"""Events, records and refused answers, and that the file stays small."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rallytui.model import Bars, Facts
from rallytui.store import EventRow, RefusedRow, SqliteStore, memory_store, open_store
from rallytui.store.journal import REFUSED_BYTES, REFUSED_IN_ALL, REFUSED_PER_PROVIDER, REFUSED_TEXT
from tests.store_samples import MONTHS, NOW, QUOTE, full, make_bars, make_company, make_series

DAY = date(2026, 7, 23)
EVENT = EventRow("above", "SPX", DAY, NOW, '{"level": 6900}')
REFUSED = RefusedRow("yahoo", "quotes", "PLPC", NOW, "price is -1", b'{"price": -1}')


# Events


def test_an_event_is_new_once_in_a_session() -> None:
    other, next_day = replace(EVENT, subject="PLPC"), replace(EVENT, session=DAY + timedelta(days=1))
    with closing(memory_store()) as store:
        assert store.add_events([EVENT, other]) == [EVENT, other]
        again = replace(EVENT, at=NOW + timedelta(minutes=5), payload="{}")
        assert store.add_events([again, next_day, next_day]) == [next_day]
        assert store.events(NOW) == [other, EVENT, next_day], "equal times by name"
        assert store.events(NOW + timedelta(microseconds=1)) == []


def test_the_first_acknowledgement_counts() -> None:
    with closing(memory_store()) as store:
        store.add_events([EVENT])
        store.acknowledge([EVENT.key, ("none", "such", DAY)], NOW + timedelta(hours=1))
        store.acknowledge(iter([EVENT.key]), NOW + timedelta(hours=2))
        assert store.events(NOW) == [replace(EVENT, acknowledged=NOW + timedelta(hours=1))]


def test_events_are_added_whole_or_not_at_all() -> None:
    with closing(memory_store()) as store:
        with pytest.raises(sqlite3.IntegrityError):
            store.add_events([EVENT, replace(EVENT, subject="PLPC", payload=None)])  # type: ignore[arg-type]
        assert store.events(NOW) == []


# Records


def test_records_of_another_version_make_room() -> None:
    days = {DAY + timedelta(days=number): bytes([number]) for number in range(3)}
    with closing(memory_store()) as store:
        store.save_records(days, "1")
        store.save_records({DAY: b"again"}, "1")
        assert store.records("1") == days | {DAY: b"again"}
        assert list(store.records("1")) == sorted(days)
        assert store.records("2") == {}
        store.save_records({DAY: b"new"}, "2")
        assert store.records("2") == {DAY: b"new"}
        assert store.records("1") == {}


# Refused answers


def test_a_refused_answer_is_cut_and_storable() -> None:
    hostile = replace(REFUSED, name="\ud800\0[b]", reason="x" * 10**6, payload=b"\xff" * 10**6)
    with closing(memory_store()) as store:
        store.keep_refused(hostile)
        (kept,) = store.refused()
        assert kept.name == "? [b]"
        assert len(kept.reason) == REFUSED_TEXT
        assert kept.payload == b"\xff" * REFUSED_BYTES


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcdefg"), st.integers(0, 5)), max_size=90))
def test_the_newest_refused_answers_stay(asked: list[tuple[str, int]]) -> None:
    rows = [
        replace(REFUSED, provider=provider, name=str(name), at=NOW + timedelta(seconds=number))
        for number, (provider, name) in enumerate(asked)
    ]
    per_provider = [
        row
        for number, row in enumerate(rows)
        if sum(later.provider == row.provider for later in rows[number + 1 :]) < REFUSED_PER_PROVIDER
    ]
    with closing(memory_store()) as store:
        for row in rows:
            store.keep_refused(row)
        assert store.refused() == per_provider[::-1][:REFUSED_IN_ALL]


# What goes when


def test_what_is_past_its_time_goes_and_the_rest_stays() -> None:
    old, first_day = NOW - timedelta(days=800), date(2024, 7, 1)
    ancient = make_bars(count=10, start="2023-06-28")
    with closing(memory_store()) as store:
        vintages = (
            make_series(MONTHS[0], vintage=date(2024, 6, 1), received=old),
            make_series(MONTHS[0], vintage=DAY, received=NOW),
        )
        store.save(Facts(bars=(ancient, make_bars()), series=(make_series(*MONTHS), *vintages)))
        store.add_events([replace(EVENT, at=old, session=old.date()), EVENT])
        store.mark_unknown("cboe", "OLD", old)
        store.mark_unknown("cboe", "NEW", NOW)
        store.save_records({date(2023, 1, 3): b"old", DAY: b"new"}, "1")
        store.tidy(NOW, first_day)
        facts = store.load_facts()
        assert facts.bars[0].frame.index[0] == pd.Timestamp("2023-07-03"), "a year more than is wanted"
        assert [series.vintage for series in facts.series] == [None, DAY]
        assert store.events(old) == [EVENT]
        assert list(store.unknown_symbols()) == [("cboe", "NEW")]
        assert store.records("1") == {DAY: b"new"}


def test_events_stay_two_years_and_vintages_400_days() -> None:
    before = {days: NOW - timedelta(days=days) for days in (730.5, 729.5, 400.5, 399.5)}
    events = [EVENT, *(replace(EVENT, at=before[days], session=before[days].date()) for days in (729.5, 730.5))]
    vintages = {
        date(2024, 6, 1): make_series(MONTHS[0], vintage=date(2024, 6, 1), received=before[400.5]),
        date(2024, 6, 2): make_series(MONTHS[0], vintage=date(2024, 6, 2), received=before[399.5]),
        DAY: make_series(MONTHS[0], vintage=DAY, received=NOW),
    }
    with closing(memory_store()) as store:
        store.save(Facts(series=tuple(vintages.values())))
        store.add_events(events)
        store.tidy(NOW, date(2020, 1, 1))
        assert {event.at for event in store.events(before[730.5])} == {NOW, before[729.5]}
        assert {series.vintage for series in store.load_facts().series} == {date(2024, 6, 2), DAY}


def test_a_symbol_of_which_all_bars_were_too_old_is_no_history() -> None:
    with closing(memory_store()) as store:
        store.save(Facts(bars=(make_bars("OLD", count=5, start="2010-01-04"), make_bars())))
        store.tidy(NOW, date(2024, 7, 1))
        assert [(bars.symbol, len(bars.frame) > 0) for bars in store.load_facts().bars] == [("^GSPC", True)]


def test_a_symbol_that_is_not_asked_for_any_more_goes() -> None:
    with closing(memory_store()) as store:
        store.save(full(), {("bars", "^GSPC"): NOW, ("companies", "PLPC"): NOW})
        later = NOW + timedelta(days=100)
        quote = replace(QUOTE, symbol="SPY", at=later, known_at=later)
        store.save(Facts(quotes=(quote,), bars=(make_bars("SPY"),)), {("bars", "SPY"): later})
        store.tidy(later, date(2020, 1, 1))
        facts = store.load_facts()
        assert [bars.symbol for bars in facts.bars] == ["SPY"]
        assert facts.quotes == (quote,)
        assert [company.symbol for company in facts.companies] == ["PLPC"], "nobody asked for another company since"
        assert store.fetched("bars", "^GSPC") is None


@pytest.mark.parametrize("years", [-30, 30])
def test_a_wrong_clock_takes_nothing_away(years: int) -> None:
    wrong = NOW.replace(year=NOW.year + years)
    with closing(memory_store()) as store:
        store.save(full(), {("bars", "^GSPC"): NOW, ("companies", "PLPC"): NOW})
        store.add_events([EVENT])
        store.save_records({DAY: b"row"}, "1")
        before = (store.load_facts(), store.events(EVENT.at), store.records("1"))
        store.tidy(wrong, wrong.date() - timedelta(days=2200))
        after = (store.load_facts(), store.events(EVENT.at), store.records("1"))
        assert [len(bars.frame) for bars in after[0].bars] == [len(bars.frame) for bars in before[0].bars]
        assert [len(one.frame) for one in after[0].series] == [len(one.frame) for one in before[0].series]
        assert after[0].companies[0].facts == make_company().facts
        assert after[0].quotes == before[0].quotes
        assert after[1:] == before[1:]


def test_room_is_given_back(tmp_path: Path) -> None:
    path = tmp_path / "rallytui.db"
    with closing(open_store(path)) as store:
        ages = {f"S{number}": NOW + timedelta(days=120 if number == 0 else 0) for number in range(12)}
        for symbol, at in ages.items():
            store.save(Facts(bars=(make_bars(symbol, count=1500, start="2020-01-01"),)), {("bars", symbol): at})
        store.tidy(NOW, date(2020, 1, 1))
        full_size = path.stat().st_size
        store.tidy(NOW + timedelta(days=120), date(2020, 1, 1))
        assert [bars.symbol for bars in store.load_facts().bars] == ["S0"]
        assert path.stat().st_size < full_size / 3
        assert path.with_name("rallytui.db-wal").stat().st_size == 0


def size(path: Path) -> int:
    return sum(entry.stat().st_size for entry in path.parent.iterdir() if entry.name.startswith(path.name))


def test_a_year_of_writing_does_not_grow_the_file(tmp_path: Path) -> None:
    """The store holds a year of history with its margin and all it keeps of events; then a year goes by."""
    path, begin = tmp_path / "rallytui.db", date(2026, 1, 5)
    days = [stamp.date() for stamp in pd.bdate_range(begin, periods=255)]
    history = make_bars("SPY", count=522, start="2024-01-05")
    with closing(open_store(path)) as store:
        store.save(Facts(bars=(history,)), {("bars", "SPY"): at_noon(begin)})
        earlier = [at_noon(begin) - timedelta(days=number) for number in range(1, 730)]
        store.add_events([replace(EVENT, at=at, session=at.date()) for at in earlier])
        store.save_records({at.date(): bytes(500) for at in earlier}, "1")
        for number in range(REFUSED_IN_ALL):
            row = replace(REFUSED, provider=f"p{number % 5}", name=str(number), payload=bytes(REFUSED_BYTES))
            store.keep_refused(row)
        live_through(store, days[:5])
        before = size(path)
        live_through(store, days[5:])
        assert size(path) < 1.1 * before
        assert path.with_name(path.name + "-wal").stat().st_size == 0


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def live_through(store: SqliteStore, days: list[date]) -> None:
    bar = make_bars("SPY", count=1).frame
    for day in days:
        at = at_noon(day)
        for minute in range(4):
            moment = at + timedelta(minutes=minute)
            store.save(Facts(quotes=(replace(QUOTE, at=moment, known_at=moment, session_date=day),)))
            store.save_board("live", moment, bytes(20_000 + 100 * minute))
        frame = bar.set_axis(pd.DatetimeIndex([day], name="date").as_unit("s"))
        store.save(Facts(bars=(Bars("SPY", frame, "Cboe"),)), {("bars", "SPY"): at})
        store.add_events([replace(EVENT, at=at, session=day)])
        store.save_records({day: bytes(500)}, "1")
        store.keep_refused(replace(REFUSED, at=at, payload=bytes(REFUSED_BYTES)))
        if day.weekday() == 4:
            store.tidy(at, day - timedelta(days=366))
