"""A file that cannot be used, each fault where it really happens: it runs on, says so, loses nothing, comes back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from rallytui.clock import FrozenClock
from rallytui.model import Facts
from rallytui.store import EventRow, RefusedRow, SqliteStore, file, open_store
from tests.store_samples import NOW, QUOTE, assert_same_facts, full, make_bars

HOLDER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in sys.argv[2:]:
    db.execute(statement).fetchall()
print("held", flush=True)
sys.stdin.read()
"""
EXCLUSIVE = ("PRAGMA locking_mode = EXCLUSIVE", "BEGIN EXCLUSIVE", "INSERT INTO state VALUES ('a', 'b')")
IMMEDIATE = ("BEGIN IMMEDIATE",)
EVENT = EventRow("above", "SPX", NOW.date(), NOW, "{}")
SPY = make_bars("SPY")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "rallytui.db"


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "BUSY_S", 0.05)


@contextmanager
def held(path: Path, *statements: str) -> Iterator[None]:
    """Another process holds the file; it is killed at the end."""
    command = [sys.executable, "-c", HOLDER, str(path), *statements]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        yield
        other.kill()


def seeded(path: Path) -> None:
    with closing(open_store(path)) as store:
        store.save(full())
        store.set_state("theme", "dark")


def symbols(store: SqliteStore) -> list[str]:
    return [bars.symbol for bars in store.load_facts().bars]


def on_disk(path: Path) -> list[str]:
    with closing(open_store(path)) as other:
        return symbols(other)


# Locked by another process


def test_a_lock_that_passes_loses_nothing(path: Path, clock: FrozenClock) -> None:
    seeded(path)
    with closing(open_store(path, clock)) as store:
        before = store.revision()
        with held(path, *IMMEDIATE):
            store.save(Facts(bars=(SPY,)), {("bars", "SPY"): NOW})
            assert "(database is locked)" in store.problem
            assert "end that one" in store.problem
            assert symbols(store) == ["SPY", "^GSPC"], "what was there is there"
            assert store.add_events([EVENT, EVENT]) == [EVENT]
            store.acknowledge([EVENT.key], NOW)
            store.set_state("theme", "light")
            store.save_records({NOW.date(): b"row"}, "1")
            store.keep_refused(RefusedRow("yahoo", "quotes", "PLPC", NOW, "why", b"{}"))
            store.mark_unknown("cboe", "X", NOW)
            store.save_board("live", NOW, b"board")
            clock.advance(file.RETRY_S)
            store.revision()
            assert "(database is locked)" in store.problem
        assert on_disk(path) == ["^GSPC"]
        store.revision()
        assert store.problem != "", "it is not tried again at every call"
        clock.advance(file.RETRY_S)
        at, facts = store.changes(before)
        assert store.problem == ""
        assert at > before
        assert [bars.symbol for bars in facts.bars] == ["SPY", "^GSPC"], "everything is news after a change of place"
        with closing(open_store(path)) as other:
            assert_same_facts(other.load_facts(), facts)
            assert other.fetched("bars", "SPY") == NOW
            assert other.events(NOW) == [replace(EVENT, acknowledged=NOW)]
            assert other.get_state("theme") == "light"
            assert other.records("1") == {NOW.date(): b"row"}
            assert len(other.refused()) == len(other.unknown_symbols()) == 1
            assert other.load_board("live") == b"board"


def test_another_instance_writes_while_this_one_is_away(path: Path, clock: FrozenClock) -> None:
    seeded(path)
    newer = replace(QUOTE, at=NOW + timedelta(hours=1), price=330.0)
    with closing(open_store(path, clock)) as store:
        with held(path, *IMMEDIATE):
            store.save(Facts(quotes=(replace(QUOTE, at=NOW + timedelta(minutes=1), price=1.0),), bars=(SPY,)))
            assert store.problem
        with closing(open_store(path)) as other:
            other.save(Facts(quotes=(newer,), bars=(make_bars("QQQ"),)))
            other.add_events([EVENT])
            other.acknowledge([EVENT.key], NOW)
        store.add_events([EVENT])
        clock.advance(file.RETRY_S)
        assert symbols(store) == ["QQQ", "SPY", "^GSPC"]
        assert store.load_facts().quotes == (newer,)
        assert store.events(NOW) == [replace(EVENT, acknowledged=NOW)]


def test_a_file_locked_at_the_start_is_taken_up_later(path: Path, clock: FrozenClock) -> None:
    seeded(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
    with held(path, *EXCLUSIVE):
        store = open_store(path, clock)
        assert "locked" in store.problem
        assert symbols(store) == []
        store.save(Facts(bars=(SPY,)))
        assert symbols(store) == ["SPY"]
    clock.advance(file.RETRY_S)
    assert symbols(store) == ["SPY", "^GSPC"]
    assert store.problem == ""
    store.close()
    assert on_disk(path) == ["SPY", "^GSPC"]


def test_closing_brings_home_what_is_in_memory(path: Path, clock: FrozenClock) -> None:
    store = open_store(path, clock)
    with held(path, *IMMEDIATE):
        store.save(Facts(bars=(SPY,)))
        assert store.problem
    store.close()
    assert on_disk(path) == ["SPY"]


def test_closing_while_the_file_is_still_held_says_what_is_lost(
    path: Path, clock: FrozenClock, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store(path, clock)
    with held(path, *IMMEDIATE):
        store.save(Facts(bars=(SPY,)))
        store.close()
    assert "What came since is lost" in caplog.messages[-1]


# Removed, replaced, cut short


def test_a_file_removed_while_in_use_is_written_again(path: Path, clock: FrozenClock) -> None:
    seeded(path)
    with closing(open_store(path, clock)) as store:
        store.save(Facts(bars=(SPY,)))
        path.unlink()  # its log stays behind
        store.save(Facts(bars=(make_bars("QQQ"),)))
        assert "removed while it was in use" in store.problem
        shutil.rmtree(path.parent)
        store.set_state("theme", "light")
        assert on_disk(path) == ["QQQ", "SPY", "^GSPC"]
    with closing(open_store(path)) as again:
        assert again.problem == ""
        assert again.get_state("theme") == "light"
        assert_same_facts(again.load_facts(), replace(full(), bars=(make_bars("QQQ"), SPY, make_bars())))


def test_two_instances_whose_file_is_removed_meet_again(path: Path, clock: FrozenClock) -> None:
    seeded(path)
    with closing(open_store(path, clock)) as first, closing(open_store(path, clock)) as second:
        at, _ = second.changes(-1)
        path.unlink()
        first.save(Facts(bars=(SPY,)))
        at, facts = second.changes(at)
        assert [bars.symbol for bars in facts.bars] == ["SPY", "^GSPC"]
        second.save(Facts(bars=(make_bars("QQQ"),)))
        assert symbols(first) == ["QQQ", "SPY", "^GSPC"]
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_removed_file_that_another_process_still_reads_is_written_again(path: Path, clock: FrozenClock) -> None:
    seeded(path)
    with closing(open_store(path, clock)) as store:
        store.save(Facts(bars=(make_bars("SPY", 2000),)))
        with held(path, "INSERT INTO state VALUES ('a', 'b')"):
            path.unlink()
            for number in range(20):
                store.save(Facts(bars=(make_bars(f"S{number}"),)))
            assert "removed while it was in use" in store.problem
            assert len(on_disk(path)) == 22
    assert len(on_disk(path)) == 22
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_file_replaced_while_in_use_is_taken_up(path: Path, tmp_path: Path, clock: FrozenClock) -> None:
    seeded(path)
    with closing(open_store(path, clock)) as store:
        store.save(Facts(bars=(SPY,)))
        other = tmp_path / "other.db"
        with closing(open_store(other)) as made:
            made.save(Facts(bars=(make_bars("QQQ"),)))
        other.rename(path)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink()
        at = "INSERT INTO state VALUES ('from', 'elsewhere')"
        with held(path, at):  # its change is in its log only, which must outlive our leaving the old file
            assert symbols(store) == ["QQQ"]
            assert "was replaced while it was in use" in store.problem
            assert store.get_state("from") == "elsewhere"
    with closing(open_store(path)) as again:
        assert again.get_state("from") == "elsewhere"
        assert symbols(again) == ["QQQ"]


def test_a_file_replaced_by_garbage_is_set_aside_and_written_again(path: Path, clock: FrozenClock) -> None:
    seeded(path)
    with closing(open_store(path, clock)) as store:
        garbage = path.with_name("garbage")
        garbage.write_bytes(b"this is no database, " * 100)
        garbage.rename(path)
        store.save(Facts(bars=(SPY,)))
        clock.advance(file.RETRY_S)
        store.revision()
        assert symbols(store) == ["SPY", "^GSPC"]
        assert "set aside" in store.problem
    assert on_disk(path) == ["SPY", "^GSPC"]
    (aside,) = path.parent.glob("*.corrupt-*Z")
    assert aside.read_bytes().startswith(b"this is no database")


@pytest.mark.parametrize("left", [100, 4096, 3 * 4096 + 7])
def test_a_file_cut_short_is_set_aside(path: Path, left: int) -> None:
    seeded(path)
    os.truncate(path, left)
    with closing(open_store(path)) as store:
        store.load_facts()
        assert "set aside" in store.problem
        store.save(full())
        assert_same_facts(store.load_facts(), full())
    assert on_disk(path) == ["^GSPC"]
    (aside,) = path.parent.glob("*.corrupt-*")
    assert aside.stat().st_size == left


def test_a_torn_page_that_nothing_reads_is_found_by_looking_the_file_over(path: Path, clock: FrozenClock) -> None:
    with closing(open_store(path)) as store:
        store.save_board("live", NOW, b"x" * 400_000)
    content = bytearray(path.read_bytes())
    content[4096 * 60 : 4096 * 61] = bytes(range(256)) * 16
    path.write_bytes(content)
    with closing(open_store(path, clock)) as store:
        store.save(full())
        assert store.problem == ""
        store.tidy(NOW, NOW.date() - timedelta(days=36_600))
        assert "set aside" in store.problem
        store.save(full())
    assert on_disk(path) == ["^GSPC"]


def test_a_copy_of_a_held_file_does_not_wait(path: Path) -> None:
    seeded(path)
    copies: list[sqlite3.Connection] = []
    with closing(sqlite3.connect(path, timeout=0, check_same_thread=False)) as ours:
        ours.execute("PRAGMA journal_mode = DELETE")
        with held(path, *EXCLUSIVE[1:]):
            copying = threading.Thread(target=lambda: copies.append(file.in_memory(ours)), daemon=True)
            copying.start()
            copying.join(5)
            assert len(copies) == 1
    with closing(copies[0]) as copy:
        assert copy.execute("SELECT COUNT(*) FROM histories").fetchone() == (0,)


# What the system refuses: in a process of its own, without the rights or the room

REFUSED = """
import os, sqlite3, sys
from pathlib import Path
import asyncio, filelock, numpy, pandas  # another user may not be able to read them
from rallytui.clock import FrozenClock
from rallytui.model import Facts
from rallytui.store import FetchLock, file, open_store
from tests.store_samples import NOW, full, make_bars, make_series, MONTHS
folder, kind = Path(sys.argv[1]), sys.argv[2]
path, clock = folder / "rallytui.db", FrozenClock(NOW)
with_rights = os.geteuid()
make_series(*MONTHS)
if with_rights == 0:
    os.seteuid(65534)
folder.chmod(0o555) if with_rights else None
store = open_store(path, clock)
store.save(Facts(bars=(make_bars("SPY"),)))
print(store.problem)
print([bars.symbol for bars in store.load_facts().bars])
print(FetchLock(path).acquire())
os.seteuid(with_rights)
for place in (folder, path):
    place.chmod(0o755)
clock.advance(file.RETRY_S)
print([bars.symbol for bars in store.load_facts().bars], repr(store.problem))
store.close()
"""


@pytest.mark.parametrize("kind", ["file", "folder", "both"])
def test_what_cannot_be_written_is_read_and_kept(kind: str) -> None:
    folder = Path(tempfile.mkdtemp(prefix="rallytui-"))  # every parent of tmp_path is closed to other users
    path = folder / "rallytui.db"
    try:
        seeded(path)
        path.chmod(0o444 if kind in ("file", "both") else 0o666)
        folder.chmod(0o555 if kind in ("folder", "both") else 0o777)
        command = [sys.executable, "-c", REFUSED, str(folder), kind]
        root = Path(__file__).parent.parent
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root)
        assert done.returncode == 0, done.stderr
        problem, found, lock, after = done.stdout.splitlines()
        assert str(path) in problem
        assert "Make the file and its folder writable" in problem
        assert found == "['SPY', '^GSPC']"
        assert lock == "True"
        assert after == "['SPY', '^GSPC'] ''"
        assert on_disk(path) == ["SPY", "^GSPC"]
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from rallytui.clock import FrozenClock
from rallytui.model import Facts
from rallytui.store import file, open_store
from tests.store_samples import NOW, make_bars
path, clock = Path(sys.argv[1]), FrozenClock(NOW)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = open_store(path, clock)
most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, most))
store.save(Facts(bars=(make_bars("QQQ", 2000),)))
print(store.problem)
store.save(Facts(bars=(make_bars("SPY"),)))
clock.advance(file.RETRY_S)
print([bars.symbol for bars in store.load_facts().bars], bool(store.problem))
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
clock.advance(file.RETRY_S)
print([bars.symbol for bars in store.load_facts().bars], repr(store.problem))
store.close()
"""


def test_a_disk_that_is_full_for_a_while(path: Path) -> None:
    seeded(path)
    command = [sys.executable, "-c", FULL_DISK, str(path)]
    root = Path(__file__).parent.parent
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root)
    assert done.returncode == 0, done.stderr
    problem, meanwhile, after = done.stdout.splitlines()
    assert "Free space on its disk" in problem
    assert meanwhile == "['QQQ', 'SPY', '^GSPC'] True"
    assert after == "['QQQ', 'SPY', '^GSPC'] ''"
    assert on_disk(path) == ["QQQ", "SPY", "^GSPC"]
