"""The store: what goes in comes out, by the rules of the tape, and quickly."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rallytui.model import Bars, Facts, Health, Quote
from rallytui.store import Store, memory_store, open_store
from rallytui.store.frames import KEEP_VINTAGES
from rallytui.tape import Tape
from tests.facts import quote
from tests.store_samples import (
    COLUMNS,
    MONTHS,
    NOW,
    QUOTE,
    assert_same_facts,
    full,
    make_bars,
    make_company,
    make_series,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "rallytui.db"


# Round trips


def test_everything_comes_back_after_reopening(path: Path) -> None:
    store: Store = open_store(path)
    assert store.problem == ""
    store.save(full())
    store.close()
    with closing(open_store(path)) as again:
        assert_same_facts(again.load_facts(), full())


def test_an_empty_store_has_nothing(path: Path) -> None:
    with closing(open_store(path)) as store:
        assert_same_facts(store.load_facts(), Facts())
        assert store.load_board("live") is None
        assert store.fetched("bars", "SPY") is None
        assert store.get_state("theme") is None
        assert store.unknown_symbols() == {}
        assert store.revision() == 0


moments = st.integers(0, 7 * 10**15).map(lambda stamp: datetime.fromtimestamp(0, UTC) + timedelta(microseconds=stamp))
numbers = st.floats(allow_nan=False, allow_infinity=False)
maybe = st.none() | numbers
days = st.dates(date(1980, 1, 1), date(2199, 1, 1))
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
quotes = st.builds(
    Quote,
    *(words, numbers, moments, moments, words, days, st.integers(0, 10**6)),
    st.sampled_from(["pre", "regular", "post", "closed"]),
    *[maybe] * 6,
    day=st.lists(numbers, max_size=5).map(tuple),
)
healths = st.builds(
    Health,
    *(words, st.sampled_from(["ok", "failing"]), st.none() | moments, st.integers(0, 99), st.none() | moments, words),
    *(st.integers(0, 900), words, words),
)


@settings(max_examples=40, deadline=None)
@given(quotes, healths, st.binary(max_size=200), words, words, moments)
def test_any_value_comes_back(
    quote: Quote, health: Health, payload: bytes, key: str, text: str, moment: datetime
) -> None:
    with closing(memory_store()) as store:
        store.save(Facts(quotes=(quote,), health={health.provider: health}))
        store.save_board(key, moment, payload)
        store.set_state(key, text)
        store.mark_fetched(key, text, moment)
        store.mark_unknown(text, key, moment)
        loaded = store.load_facts()
        assert loaded.quotes == (quote,)
        assert loaded.health == {health.provider: health}
        assert store.load_board(key) == payload
        assert store.get_state(key) == text
        assert store.fetched(key, text) == moment
        assert store.unknown_symbols() == {(text, key): moment}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.floats(width=64), min_size=6, max_size=6), min_size=1, max_size=6))
def test_any_bar_comes_back(rows: list[list[float]]) -> None:
    frame = make_bars(count=len(rows)).frame
    bars = Bars("PLPC", pd.DataFrame(np.array(rows), index=frame.index, columns=COLUMNS), "Yahoo")
    with closing(memory_store()) as store:
        store.save(Facts(bars=(bars,)))
        assert_same_facts(store.load_facts(), Facts(bars=(bars,)))


def test_later_values_take_the_place_of_earlier_ones() -> None:
    with closing(memory_store()) as store:
        for text in ("dark", "light"):
            store.set_state("theme", text)
            store.save_board("live", NOW, text.encode())
        store.mark_fetched("bars", "SPY", NOW)
        store.mark_fetched("bars", "SPY", NOW + timedelta(hours=1))
        assert store.get_state("theme") == "light"
        assert store.load_board("live") == b"light"
        assert store.fetched("bars", "SPY") == NOW + timedelta(hours=1)
        assert store.fetched("bars", "QQQ") is None


# The rules of the tape


def saved(*bundles: Facts) -> Facts:
    with closing(memory_store()) as store:
        for facts in bundles:
            store.save(facts)
        return store.load_facts()


def assert_like_the_tape(*bundles: Facts) -> Facts:
    """Raw answers saved one by one give the tape that they gave in memory; so does saving what the tape holds."""
    tape, held = Tape(), []
    for facts in bundles:
        tape = tape.apply(facts)
        series = (*tape.series.values(), *tape.vintages.values())
        whole = (tuple(tape.quotes.values()), tuple(tape.bars.values()), series, tuple(tape.companies.values()))
        held.append(Facts(*whole, tape.health))
    assert_same_facts(saved(*bundles), held[-1])
    assert_same_facts(saved(*held), held[-1])
    return held[-1]


def test_new_bars_join_the_old() -> None:
    whole = make_bars(count=8)
    parts = (replace(whole, frame=whole.frame[:5]), replace(whole, frame=whole.frame[3:], source="Yahoo"))
    facts = assert_like_the_tape(*(Facts(bars=(part,)) for part in parts))
    assert len(facts.bars[0].frame) == 8


def test_bars_of_another_basis_replace_the_old() -> None:
    newer = make_bars(count=3, start="2026-07-06", level=50.0)
    facts = assert_like_the_tape(Facts(bars=(make_bars(count=5),)), Facts(bars=(newer,)))
    assert len(facts.bars[0].frame) == 3


def test_a_revision_is_a_row_of_its_own() -> None:
    first, later = (
        make_series(*MONTHS),
        make_series((MONTHS[0][0], 4.5), MONTHS[1], received=datetime(2026, 8, 1, tzinfo=UTC)),
    )
    third = replace(later, received=datetime(2026, 8, 8, tzinfo=UTC))
    facts = assert_like_the_tape(Facts(series=(first,)), Facts(series=(later,)), Facts(series=(third,)))
    assert facts.series[0].frame["value"].tolist() == [4.3, 4.5, 4.4]


def test_an_older_quote_does_not_replace_a_newer_one() -> None:
    late = replace(QUOTE, at=NOW - timedelta(minutes=15), price=1.0, source="Cboe")
    assert assert_like_the_tape(Facts(quotes=(QUOTE,)), Facts(quotes=(late,))).quotes == (QUOTE,)


def test_facts_without_filings_keep_the_filings() -> None:
    facts = make_company(facts=make_company().facts[:1], filings=(), source="Yahoo")
    bundle = assert_like_the_tape(Facts(companies=(make_company(),)), Facts(companies=(facts,)))
    assert len(bundle.companies[0].filings) == 2


def test_old_vintages_make_room() -> None:
    start = date(2026, 1, 1)
    vintages = [start + timedelta(days=number) for number in range(KEEP_VINTAGES + 3)]
    sets = [
        make_series((date(2025, 11, 1), 4.5), vintage=day, received=NOW + timedelta(seconds=number))
        for number, day in enumerate(vintages)
    ]
    left = saved(Facts(series=(make_series(*MONTHS),)), Facts(series=tuple(sets)))
    assert [series.vintage for series in left.series] == [None, *vintages[3:]]


# Cost


def test_the_last_board_is_there_before_pandas(path: Path) -> None:
    with closing(open_store(path)) as store:
        store.save_board("live", NOW, b'{"schema": 1}')
    code = (
        "import sys; from pathlib import Path; from rallytui.store import open_store;"
        "print(open_store(Path(sys.argv[1])).load_board('live').decode());"
        "print(sorted({'pandas', 'numpy', 'textual', 'msgspec', 'platformdirs'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ['{"schema": 1}', "[]"]


def test_loading_is_quick(path: Path) -> None:
    bars = tuple(make_bars(f"S{number}", 1500, "2020-01-01") for number in range(30))
    with closing(open_store(path)) as store:
        store.save(Facts(bars=bars))
        store.load_facts()
        began = time.perf_counter()
        loaded = store.load_facts()
        assert time.perf_counter() - began < 1.0  # 0.1 s on an idle machine
        assert sum(len(one.frame) for one in loaded.bars) == 45_000


def test_final_quotes_of_earlier_sessions_survive_a_restart(path: Path) -> None:
    """The newest quote of a symbol takes the place of the one before; its close has to stay until the bar comes."""
    days = ("2025-12-10", "2025-12-11", "2025-12-12")
    quotes = [
        quote("^GSPC", 6900.0 + n, f"{day}T16:15", volume=1e9, day=(6890.0, 6900.0 + n)) for n, day in enumerate(days)
    ]
    running = quote("^GSPC", 6850.0, "2025-12-15T11:00")
    with closing(open_store(path)) as store:
        for one in (*quotes, running):
            store.save(Facts(quotes=(one,)))
    with closing(open_store(path)) as store:
        facts = store.load_facts()
        assert facts.quotes == (running,)
        assert facts.closes == tuple(quotes)
        assert Tape().apply(facts).closes["^GSPC"] == tuple(quotes)
        store.save(Facts(quotes=(quote("^GSPC", 7000.0, "2026-01-15T16:15"),)))
        assert [one.price for one in store.load_facts().closes] == [7000.0], "two weeks later the bars are here"
