"""The file of the store: migrations, damage, locks, a full disk, threads, other instances and kill -9."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from rallytui.model import Bars, Facts
from rallytui.store import SqliteStore, file, open_store, schema
from tests.store_samples import NOW, QUOTE, assert_same_facts, full, make_bars


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "rallytui.db"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "BUSY_S", 0.05)


def test_the_file_is_in_wal_mode_and_closing_leaves_one_file(path: Path) -> None:
    store = open_store(path)
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    store.save(full())
    store.close()
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_version_1_file_is_migrated(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE schema_version (version BIGINT PRIMARY KEY)")
        db.execute("INSERT INTO schema_version VALUES (1)")
        for statement in schema.MIGRATIONS[0]:
            db.execute(statement)
        db.execute("INSERT INTO histories VALUES ('SPY', 'SPDR', 'Yahoo')")
        db.execute("INSERT INTO bars VALUES ('SPY', '2026-07-22', 1, 2, 0.5, 1.5, 1.4, NULL)")
        db.execute("INSERT INTO state VALUES ('theme', 'dark')")
    with closing(open_store(path)) as store:
        assert store.problem == ""
        store.save_board("live", NOW, b"{}")
        assert store.get_state("theme") == "dark"
        assert store.load_facts().bars[0].frame["close"].to_dict() == {pd.Timestamp("2026-07-22"): 1.5}
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT version FROM schema_version ORDER BY version").fetchall() == [
            (1,),
            (2,),
            (3,),
            (4,),
            (5,),
        ]


def test_a_failed_migration_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_store(path).close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE clash (a TEXT)")
    step = ("CREATE TABLE half (a TEXT)", "CREATE TABLE clash (a TEXT)")
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, step))
    monkeypatch.setattr(schema, "CURRENT", len(schema.MIGRATIONS))
    with closing(open_store(path)) as store:
        assert "cannot be used" in store.problem
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT MAX(version) FROM schema_version").fetchone() == (5,)
        assert db.execute("SELECT name FROM sqlite_master WHERE name = 'half'").fetchall() == []


def test_the_statements_stay_in_the_shared_subset() -> None:
    text = " ".join(statement for step in schema.MIGRATIONS for statement in step)
    for word in ("AUTOINCREMENT", "WITHOUT ROWID", "STRICT", "PRAGMA", "REPLACE", "BLOB", "REAL"):
        assert word not in text


def test_a_newer_file_is_left_alone(path: Path) -> None:
    open_store(path).close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO schema_version VALUES (99)")
    before = path.read_bytes()
    with closing(open_store(path)) as store:
        assert "schema 99" in store.problem
        store.save(full())
        assert_same_facts(store.load_facts(), full())
    assert path.read_bytes() == before


def test_a_corrupt_file_is_set_aside(path: Path) -> None:
    path.parent.mkdir()
    for content in (b"this is no database, " * 100, b"nor is this, " * 100):
        path.write_bytes(content)
        os.utime(path, (1_784_800_000, 1_784_800_000))
        with closing(open_store(path)) as store:
            assert "set aside" in store.problem
            store.save(full())
        path.unlink()
    kept = {entry.name: entry.read_bytes()[:4] for entry in path.parent.iterdir()}
    stamp = "rallytui.db.corrupt-20260723T094640Z"
    assert kept == {stamp: b"this", f"{stamp}-2": b"nor "}


def test_damage_found_later_begins_a_new_file(path: Path) -> None:
    with closing(open_store(path)) as store:
        store.save(Facts(bars=(make_bars(count=4000),)))
    content = bytearray(path.read_bytes())
    middle = slice(4096 * 60, 4096 * 100)
    content[middle] = os.urandom(middle.stop - middle.start)
    path.write_bytes(content)
    with closing(open_store(path)) as store:
        assert store.problem == ""
        store.load_facts()
        assert "set aside" in store.problem
        store.save(full())
    with closing(open_store(path)) as again:
        assert_same_facts(again.load_facts(), full())
    assert len(list(path.parent.glob("*.corrupt-*"))) == 1


@pytest.mark.usefixtures("quick")
def test_a_place_that_cannot_be_written_means_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    (tmp_path / "folder.db").mkdir()
    for bad in (tmp_path / "file" / "rallytui.db", tmp_path / "folder.db"):
        with closing(open_store(bad)) as store:
            assert str(bad) in store.problem
            store.save(full())
            assert_same_facts(store.load_facts(), full())
    assert (tmp_path / "file").read_text() == "not a directory"


@pytest.mark.usefixtures("quick")
def test_a_file_locked_at_the_start_means_memory(path: Path) -> None:
    open_store(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with closing(open_store(path)) as store:
            assert "locked" in store.problem


@pytest.mark.usefixtures("quick")
def test_a_file_locked_later_goes_on_in_memory_with_what_was_there(path: Path) -> None:
    with closing(open_store(path)) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        store.set_state("theme", "dark")
        other.execute("BEGIN IMMEDIATE")
        store.save(full())
        assert "locked" in store.problem
        assert store.get_state("theme") == "dark"
        assert_same_facts(store.load_facts(), full())


def test_a_full_disk_goes_on_in_memory_and_keeps_the_file(path: Path) -> None:
    store = open_store(path)
    store.save(full())
    pages = store._keeper._db.execute("PRAGMA page_count").fetchone()[0]
    store._keeper._db.execute(f"PRAGMA max_page_count = {pages + 2}")
    store.save(Facts(bars=(make_bars("SPY", 2000),)))
    assert "full" in store.problem
    assert [bars.symbol for bars in store.load_facts().bars] == ["SPY", "^GSPC"]
    with closing(open_store(path)) as other:
        assert_same_facts(other.load_facts(), full())
    store.close()  # a new connection does not have the limit: the disk has room again
    with closing(open_store(path)) as again:
        assert [bars.symbol for bars in again.load_facts().bars] == ["SPY", "^GSPC"]


def test_an_error_while_saving_leaves_no_half(path: Path) -> None:
    broken = Bars("BAD", pd.DataFrame({"open": [1.0]}, index=pd.DatetimeIndex(["2026-07-01"])), "Yahoo")
    with closing(open_store(path)) as store:
        store.save(full())
        with pytest.raises(KeyError):
            store.save(Facts(quotes=(replace(QUOTE, symbol="NEW"),), bars=(make_bars("SPY"), broken)))
        assert_same_facts(store.load_facts(), full())
        assert store.revision() == 1
        assert store.problem == ""
        store.save(Facts(bars=(make_bars("SPY"),)))
        assert store.revision() == 2


def test_a_second_instance_reads_while_the_first_writes(path: Path) -> None:
    with closing(open_store(path)) as first, closing(open_store(path)) as second:
        assert second.revision() == 0
        first.save(full())
        assert second.revision() == 1
        assert_same_facts(second.load_facts(), full())


def test_many_threads_may_call(path: Path) -> None:
    def work(store: SqliteStore, number: int) -> None:
        for step in range(20):
            store.save(Facts(quotes=(replace(QUOTE, symbol=f"S{number}", price=float(step)),)))
            store.load_facts()

    with closing(open_store(path)) as store:
        threads = [threading.Thread(target=work, args=(store, number)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [quote.price for quote in store.load_facts().quotes] == [19.0] * 4
        assert store.revision() == 80


def test_kill_9_loses_nothing_that_was_committed(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench.kill", "10", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parent.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    said = re.fullmatch(r"10 kills, (\d+) bundles: none lost, none half, the file is whole\n", done.stdout)
    assert said is not None
    assert int(said.group(1)) >= 10
