"""How events reach a person: once whatever the instances, in no quiet hour, by terminal or by a command."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rallytui.alerts import deliver
from rallytui.alerts.deliver import OUTPUT_BYTES, desktop_bytes, run_command
from rallytui.alerts.desk import Desk, Notice, events_of, is_snoozed
from rallytui.alerts.event import Event
from rallytui.cli import main
from rallytui.clock import SystemClock
from rallytui.config.tripwires import is_quiet
from rallytui.store import SqliteStore, memory_store, open_store
from rallytui.store.journal import EventRow
from tests.alert_boards import MONDAY, NOON, board, config, evening, sessions, told

EVENT = Event("vix", "risks.VC1.value", MONDAY, NOON, "Fear", "VIX is 21.", "risks.VC1.value", "19", "21")
VIX = '[[alerts]]\nmetric = "risks.VC1.value"\nid = "vix"\nabove = 20.0\n'


@pytest.fixture
def store() -> Iterator[SqliteStore]:
    made = memory_store()
    yield made
    made.close()


def desk(store: SqliteStore, text: str = VIX) -> Desk:
    return Desk(config(text), store, {})


# ---- The terminal


def test_what_a_terminal_is_sent() -> None:
    assert desktop_bytes(EVENT, {"TERM": "xterm-256color"}) == b"\x1b]9;Fear: VIX is 21.\x1b\\"
    assert desktop_bytes(EVENT, {"TERM": "foot"}) == b"\x1b]777;notify;Fear;VIX is 21.\x1b\\"
    wrapped = desktop_bytes(EVENT, {"TERM": "tmux", "TMUX": "/tmp/x,1,0"})
    assert wrapped == b"\x1bPtmux;\x1b\x1b]9;Fear: VIX is 21.\x1b\x1b\\\x1b\\"
    assert b"SIMULATED Fear" in desktop_bytes(replace(EVENT, simulated=True), {})


@given(st.text(), st.text())
def test_no_text_breaks_out_of_the_sequence(title: str, text: str) -> None:
    made = desktop_bytes(replace(EVENT, title=title, text=text), {}).decode("utf-8", "surrogatepass")
    inside = made.removeprefix("\x1b]9;").removesuffix("\x1b\\")
    assert not any(sign in inside for sign in ("\x1b", "\x07", "\n", "\r", ";", "\x9c", "\u202e"))


# ---- A command


def script(tmp_path: Path, text: str) -> list[str]:
    place = tmp_path / "command.py"
    place.write_text(text, "utf-8")
    return [sys.executable, str(place)]


async def test_a_command_gets_the_event_and_none_of_our_secrets(tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = script(
        tmp_path,
        f"import json, os, sys\njson.dump([json.load(sys.stdin), dict(os.environ)], open({str(out)!r}, 'w'))",
    )
    secrets = {"FRED_API_KEY": "hunter2", "RALLYTUI_CONTACT": "ada@example.com", "HOME": "/home/ada"}
    assert await run_command(command, EVENT, secrets) == ("command", True, "")
    event, environment = json.loads(out.read_text("utf-8"))
    assert (event["rule"], event["session"], event["new"]) == ("vix", "2026-09-14", "21")
    assert environment["HOME"] == "/home/ada"
    assert not {"FRED_API_KEY", "RALLYTUI_CONTACT"} & set(environment)


async def test_a_command_that_fails_says_how(tmp_path: Path) -> None:
    loud = script(tmp_path, "import sys\nsys.stderr.write('no \\x1b[31mbus' + 'x' * 10**6)\nsys.exit(3)")
    outcome = await run_command(loud, EVENT, {})
    assert not outcome.ok
    assert outcome.detail.startswith(f"{sys.executable} ended with 3: no [31mbusxxx")
    assert len(outcome.detail) < OUTPUT_BYTES + 200
    outcome = await run_command(["/nowhere/at/all"], EVENT, {})
    assert outcome.detail == "/nowhere/at/all cannot be started: No such file or directory."


async def test_a_command_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "COMMAND_S", 0.2)
    hangs = script(tmp_path, "import time\ntime.sleep(60)")
    outcome = await run_command(hangs, EVENT, {})
    assert not outcome.ok
    assert "did not end within 0.2 s and was stopped" in outcome.detail


async def test_a_command_need_not_read(tmp_path: Path) -> None:
    big = replace(EVENT, text="x" * 10**6)
    assert (await run_command(script(tmp_path, "import os\nos.close(0)"), big, {})).ok


# ---- The desk


def test_an_event_is_kept_and_told_by_one_instance(store: SqliteStore) -> None:
    one, other = desk(store), desk(store)
    assert told(one.take(board(vix=25))) == [("vix", "risks.VC1.value", "2026-09-14")]
    assert other.take(board(vix=25)) == []
    kept = events_of(store.events(NOON - timedelta(days=1)))
    assert told(kept) == [("vix", "risks.VC1.value", "2026-09-14")]
    assert desk(store).take(board(NOON + timedelta(days=1), vix=26)) == [], "the next run remembers that it went off"


def test_the_next_run_makes_up_for_missed_evenings(store: SqliteStore) -> None:
    days = sessions(3)
    desk(store).take(evening(days[0], claim="on_track"), evening=True)
    again = desk(store)
    again.take(evening(days[1], claim="broken"), evening=True)
    assert told(events_of(store.events(NOON))) == [("claim", "D1", str(days[1]))]
    assert again.take(evening(days[1], claim="broken"), evening=True) == []


def test_what_every_quote_moves_is_not_written(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    writes: list[str] = []
    one = desk(store)
    monkeypatch.setattr(store, "set_state", lambda key, value: writes.append(value))
    for number, vix in enumerate((10.0, 11.0, 12.0)):
        one.take(board(NOON + timedelta(minutes=number), vix=vix))
    assert len(writes) == 1


def test_a_memory_that_cannot_be_read_begins_anew(store: SqliteStore) -> None:
    store.set_state("tripwires", "{not json")
    assert told(desk(store).take(board(vix=25))) != []
    store.add_events([EventRow("x", "y", MONDAY, NOON, "{}")])
    assert [event.rule for event in events_of(store.events(NOON))] == ["vix"]


def test_the_demo_keeps_and_sends_nothing(store: SqliteStore) -> None:
    one = desk(store, VIX + 'notify = ["toast", "bell", "desktop"]')
    (event,) = one.take(replace(board(vix=25), mode="demo", simulated=True))
    assert one.ways(event, NOON, {}) == ("toast",)
    assert store.events(NOON - timedelta(days=1)) == []
    assert store.get_state("tripwires") is None


def test_the_ways_of_an_event(store: SqliteStore) -> None:
    text = '[notify]\nways = ["bell"]\nquiet = "22:00-07:00"\n' + VIX
    assert desk(store, text).ways(EVENT, NOON, {}) == ("bell",)
    own = desk(store, text + 'notify = ["toast", "desktop", "toast"]\nquiet = ""')
    assert own.ways(EVENT, NOON, {}) == ("toast", "desktop")
    night = NOON + timedelta(hours=11)
    assert own.ways(EVENT, night, {}) == ("toast", "desktop")
    assert own.ways(replace(EVENT, rule="light"), night, {}) == ()
    later = (NOON + timedelta(hours=1)).isoformat()
    assert own.ways(EVENT, NOON, {"vix": later}) == ()
    assert own.ways(EVENT, NOON + timedelta(hours=2), {"vix": later}) == ("toast", "desktop")
    assert not is_snoozed("vix", NOON, {"vix": "soon"})
    assert not is_snoozed("vix", NOON, {"vix": "2026-09-14"})


@pytest.mark.parametrize(
    ("hours", "at", "quiet"),
    [
        ("22:00-07:00", "2026-09-14T21:59", False),
        ("22:00-07:00", "2026-09-14T22:00", True),
        ("22:00-07:00", "2026-09-15T06:59", True),
        ("22:00-07:00", "2026-09-15T07:00", False),
        ("12:00-13:00", "2026-09-15T12:30", True),
        ("12:00-13:00", "2026-09-15T13:00", False),
        ("", "2026-09-15T12:30", False),
    ],
)
def test_quiet_hours_are_those_of_the_persons_time_zone(hours: str, at: str, quiet: bool) -> None:
    berlin = datetime.fromisoformat(at).replace(tzinfo=UTC) - timedelta(hours=2)
    assert is_quiet(berlin, hours, "Europe/Berlin") is quiet


async def test_telling_runs_the_command_and_says_if_it_failed(store: SqliteStore, tmp_path: Path) -> None:
    command = script(tmp_path, "import sys\nsys.exit(1)")
    text = VIX + f'notify = ["command", "toast"]\ncommand = {json.dumps(command)}'
    (notice,) = await desk(store, text).tell([EVENT], NOON, {})
    assert notice == Notice(EVENT, ("toast",), f"{sys.executable} ended with 1.")
    (notice,) = await desk(store, text).tell([EVENT], NOON, {"vix": "2027-01-01T00:00:00+00:00"})
    assert notice == Notice(EVENT, (), "")


# ---- The command line


def test_the_list_of_tripwires(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = home / "my.toml"
    place.write_text(VIX + "[builtin_alerts]\nmoves = false\n", "utf-8")
    assert main(["--config", str(place), "alerts", "list"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[1] == ["vix", "not", "yet", "looked", "at", "risks.VC1.value", "=", "—", "—"]
    states = [["move", "off"], ["filing", "on"], ["stale", "on"], ["source", "on"], ["correction", "on"]]
    assert [line[:2] for line in lines[-5:]] == states


def test_the_list_says_when_a_tripwire_went_off_and_until_when_it_is_snoozed(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = home / "my.toml"
    place.write_text(VIX, "utf-8")
    kept = open_store(home / "data" / "rallytui.db")
    desk(kept).take(board(vix=25))
    kept.close()
    snoozed = {"light": "2026-09-15T20:30:12.345678+00:00", "claim": "2026-09-14T20:30:00+00:00"}
    (home / "data" / "state.json").write_text(json.dumps({"snoozed": snoozed}), "utf-8")
    monkeypatch.setattr(SystemClock, "now", lambda self: NOON + timedelta(hours=8))
    assert main(["--config", str(place), "alerts", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split()[1:3] == ["went", "off"]
    assert lines[1].endswith("2026-09-14")
    assert next(line for line in lines if line.startswith("light")).split()[1:7] == [
        *("snoozed", "until", "Tue", "15", "Sep", "16:30")
    ]
    assert next(line for line in lines if line.startswith("claim")).split()[1] == "on", "its time is over"


def test_the_list_takes_no_id(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alerts", "list", "vix"]) == 2
    assert capsys.readouterr().err == (
        "rallytui: alerts list vix: list shows them all; `rallytui alerts test vix` tries one\n"
    )


def test_a_trial_of_the_ways(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place, out = home / "my.toml", tmp_path / "out"
    command = script(tmp_path, f"import sys\nopen({str(out)!r}, 'w').write(sys.stdin.read())")
    text = VIX + f'notify = ["toast", "command"]\ncommand = {json.dumps(command)}'
    place.write_text(text, "utf-8")
    assert main(["--config", str(place), "alerts", "test", "vix"]) == 0
    assert json.loads(out.read_text("utf-8"))["rule"] == "vix"
    assert capsys.readouterr().out.splitlines() == ["toast    ok  shown while the app runs", "command  ok"]
    assert main(["--config", str(place), "alerts", "test", "vxi"]) == 2
    assert "did you mean 'vix'?" in capsys.readouterr().err
    place.write_text('[notify]\nways = ["bell"]', "utf-8")
    assert main(["--config", str(place), "alerts", "test"]) == 1
    assert "needs a terminal" in capsys.readouterr().out
    place.write_text("[notify]\nways = []", "utf-8")
    assert main(["--config", str(place), "alerts", "test"]) == 0
    assert "no way is set" in capsys.readouterr().out
