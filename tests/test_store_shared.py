"""Several instances on one store: one fetches, the others follow, and what one notes the others do not repeat."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rallytui.model import Facts
from rallytui.store import EventRow, FetchLock, SqliteStore, memory_store, open_store
from rallytui.tape import Tape
from tests.store_samples import MONTHS, NOW, QUOTE, assert_same_facts, full, make_bars, make_company, make_series

HOLDER = """
import sys
from pathlib import Path
from rallytui.store import FetchLock
lock = FetchLock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "rallytui.db"


@contextmanager
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the lock."""
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        try:
            yield other
        finally:
            other.kill()


# The lock


def test_one_of_two_has_the_lock_and_hands_it_over(path: Path) -> None:
    first, second = FetchLock(path), FetchLock(path)
    assert not first.owned
    assert first.acquire()
    assert first.acquire(), "asking again changes nothing"
    assert not second.acquire()
    assert (first.owned, second.owned) == (True, False)
    second.release()
    assert first.owned, "only the holder can let go"
    first.release()
    assert not first.owned
    assert second.acquire()
    second.release()


def test_the_lock_of_a_killed_process_is_free(path: Path) -> None:
    lock = FetchLock(path)
    with holder(path) as other:
        assert not lock.acquire()
        other.send_signal(signal.SIGKILL)
        other.wait()
        assert lock.acquire()
        lock.release()


def test_a_store_in_memory_is_nobody_elses() -> None:
    with closing(memory_store()) as store:
        lock = FetchLock(store.path)
        assert lock.owned
        assert lock.acquire()
        lock.release()
        assert lock.owned
        assert lock.problem == ""


def test_without_a_place_for_the_lock_it_fetches_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    lock = FetchLock(tmp_path / "file" / "rallytui.db")
    assert lock.acquire()
    assert lock.owned
    assert "rallytui.db.lock cannot be written" in lock.problem
    lock.release()
    assert not lock.owned


def test_of_many_threads_with_a_lock_each_one_gets_it(path: Path) -> None:
    locks = [FetchLock(path) for _ in range(8)]
    threads = [threading.Thread(target=lock.acquire) for lock in locks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(lock.owned for lock in locks) == 1
    for lock in locks:
        lock.release()


# Following


def test_a_follower_gets_what_changed_and_nothing_else(path: Path) -> None:
    with closing(open_store(path)) as owner, closing(open_store(path)) as follower:
        owner.save(full())
        at, everything = follower.changes(-1)
        assert_same_facts(everything, full())
        at_rest, nothing = follower.changes(at)
        assert at_rest == at
        assert_same_facts(nothing, Facts())
        quote, spy = replace(QUOTE, price=326.0, at=NOW + timedelta(minutes=1)), make_bars("SPY")
        owner.save(Facts(quotes=(quote,), bars=(spy,)))
        later, news = follower.changes(at)
        assert later == at + 1 == owner.revision()
        assert_same_facts(news, Facts(quotes=(quote,), bars=(spy,)))


def test_a_revised_series_comes_whole_and_what_added_nothing_does_not(path: Path) -> None:
    revised = make_series((MONTHS[0][0], 4.5), MONTHS[1], received=NOW + timedelta(days=30))
    with closing(open_store(path)) as owner, closing(open_store(path)) as follower:
        owner.save(full())
        at, _ = follower.changes(-1)
        owner.save(Facts(bars=(make_bars(),), series=(make_series(*MONTHS),)))
        assert_same_facts(follower.changes(at)[1], Facts())
        owner.save(Facts(series=(revised,)))
        _, news = follower.changes(at)
        assert news.series[0].frame["value"].tolist() == [4.3, 4.5, 4.4]


steps = st.lists(st.sampled_from(["quote", "bars", "series", "company", "health", "look"]), max_size=12)


@settings(max_examples=30, deadline=None)
@given(steps)
def test_news_put_in_place_is_the_whole(order: list[str]) -> None:
    """Whenever the follower looks, what it has is what the store has."""
    with closing(memory_store()) as store:
        at, held = -1, Facts()
        for number, step in enumerate([*order, "look"]):
            later = NOW + timedelta(hours=number)
            if step == "look":
                at, news = store.changes(at)
                held = in_place(held, news)
                assert_same_facts(held, store.load_facts())
            else:
                store.save(
                    {
                        "quote": Facts(quotes=(replace(QUOTE, price=100.0 + number, at=later),)),
                        "bars": Facts(bars=(make_bars(f"S{number % 3}", count=3 + number),)),
                        "series": Facts(series=(make_series(MONTHS[0], (MONTHS[1][0], 4.0 + number), received=later),)),
                        "company": Facts(companies=(make_company(name=f"Name {number}"),)),
                        "health": Facts(health=full().health),
                    }[step]
                )


def in_place(held: Facts, news: Facts) -> Facts:
    def over(old: tuple, new: tuple, name: str) -> tuple:  # type: ignore[type-arg]
        both = {getattr(item, name): item for item in (*old, *new)}
        return tuple(both[key] for key in sorted(both))

    return Facts(
        quotes=over(held.quotes, news.quotes, "symbol"),
        bars=over(held.bars, news.bars, "symbol"),
        series=over(held.series, news.series, "id"),
        companies=over(held.companies, news.companies, "symbol"),
        health={**held.health, **news.health},
    )


@pytest.mark.parametrize("look", ["revision", "changes", "unknown_symbols"])
def test_the_marks_of_another_instance_are_known_after_looking(path: Path, look: str) -> None:
    with closing(open_store(path)) as owner, closing(open_store(path)) as follower:
        at, _ = follower.changes(-1)
        owner.save(Facts(quotes=(QUOTE,)), {("bars", "SPY"): NOW, ("series", "UNRATE"): NOW})
        assert owner.fetched("bars", "SPY") == NOW
        assert follower.fetched("bars", "SPY") is None
        getattr(follower, look)(*([at] if look == "changes" else []))
        assert follower.fetched("bars", "SPY") == follower.fetched("series", "UNRATE") == NOW


def test_asking_what_was_fetched_does_not_wait_for_a_write(path: Path) -> None:
    with closing(open_store(path)) as store:
        store.mark_fetched("bars", "SPY", NOW)
        assert store.fetched("bars", "SPY") == NOW
        inside, leave = threading.Event(), threading.Event()

        def slow(_: object) -> None:
            inside.set()
            leave.wait(10)

        thread = threading.Thread(target=store._keeper.run, args=(slow,))
        thread.start()
        assert inside.wait(10)
        try:
            asked = threading.Thread(target=store.fetched, args=("bars", "SPY"))
            asked.start()
            asked.join(5)
            assert not asked.is_alive()
        finally:
            leave.set()
            thread.join()


# What one notes, the others do not repeat


def test_of_several_instances_one_delivers_an_event(path: Path) -> None:
    row = EventRow("above", "SPX", date(2026, 7, 23), NOW, '{"level": 6900}')
    delivered: list[EventRow] = []
    stores = [open_store(path) for _ in range(4)]

    def deliver(store: SqliteStore) -> None:
        delivered.extend(store.add_events([row]))

    threads = [threading.Thread(target=deliver, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert delivered == [row]
    assert [store.events(NOW) for store in stores] == [[row]] * 4
    for store in stores:
        store.close()


def test_the_tape_of_the_owner_is_the_tape_of_the_follower(path: Path) -> None:
    with closing(open_store(path)) as owner, closing(open_store(path)) as follower:
        tape = Tape().apply(full())
        owner.save(full())
        other = Tape().apply(follower.changes(-1)[1])
        assert other.quotes == tape.quotes
        assert other.series["UNRATE"].frame.equals(tape.series["UNRATE"].frame)
