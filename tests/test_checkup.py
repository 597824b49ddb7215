"""What `rallytui check` says around the sources: places, the store, refused answers, warnings."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from rallytui import doctor
from rallytui.cli.checkup import check
from rallytui.clock import SystemClock
from rallytui.config.load import load
from rallytui.model import Facts, Health
from rallytui.store import RefusedRow, open_store
from tests.facts import ny, quote
from tests.fakes import Fake

NOON = ny("2026-03-31T12:00")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place of its own, with a config that holds a key, a stored quote, and sources that all lack everything."""
    monkeypatch.setenv("RALLYTUI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("RALLYTUI_CONFIG", raising=False)
    monkeypatch.setattr(SystemClock, "now", lambda self: NOON + timedelta(days=1))
    monkeypatch.setattr(doctor, "create_all", lambda settings, clock: {"cboe": Fake("cboe", {})})
    (tmp_path / "config.toml").write_text("[providers.fred]\napi_key = 'k'\n", "utf-8")
    (tmp_path / "config.toml").chmod(0o600)
    with closing(open_store(tmp_path / "data" / "rallytui.db")) as store:
        health = {"cboe": Health("cboe", "ok", last_ok=NOON + timedelta(minutes=3))}
        store.save(Facts(quotes=(quote("^GSPC", 6850, "2026-03-31T12:00"),), health=health))
    return tmp_path


def checked(home: Path) -> int:
    return check(load(home / "config.toml"), home / "config.toml")


def test_places_and_the_store(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(home) == 1
    said = capsys.readouterr().out
    for name, place in (("config", "config.toml"), ("state", "data/state.json"), ("log", "data/rallytui.log")):
        assert f"{name:<9}{home / place}\n" in said
    assert f"{home / 'data' / 'rallytui.db'}: 0." in said
    assert "last news Tue 31 Mar 12:03 EDT" in said
    assert "Cboe      FAILED" in said
    assert "refused" not in said
    assert "warnings" not in said
    assert said.splitlines()[-1].startswith("no source for index_quotes, ")


def test_refused_answers_and_warnings(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "config.toml").chmod(0o644)
    with closing(open_store(home / "data" / "rallytui.db")) as store:
        for minute in range(7):
            reason = f"cboe: $.data: \x1b[31mtoo odd {minute}\n" + "x" * 500
            at = NOON + timedelta(minutes=minute)
            store.keep_refused(RefusedRow("cboe", "quotes", "^GSPC", at, reason, b"{}"))
    checked(home)
    said = capsys.readouterr().out
    assert "answers that were refused (7 kept)" in said
    assert "  Tue 31 Mar 12:06 EDT  cboe, quotes of ^GSPC: cboe: $.data: [31mtoo odd 6 xxx" in said
    assert "too odd 1" not in said, "the last five are enough"
    assert "\x1b" not in said
    assert f"warnings\n  {home / 'config.toml'} holds the key of fred" in said


def test_a_store_that_cannot_be_used_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "data" / "rallytui.db").write_bytes(b"no database " * 200)
    checked(home)
    assert "  PROBLEM  " in capsys.readouterr().out
