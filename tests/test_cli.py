"""The command line, as a person or a script meets it: output, exit codes, and one readable line for every mistake."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from rallytui import __version__, providers
from rallytui.cli import main
from rallytui.cli.loading import load_for_screen
from rallytui.clock import SystemClock
from rallytui.config.load import ConfigError, parse
from rallytui.config.settings import Settings
from rallytui.macro import CATALOG
from rallytui.model import Unavailable
from rallytui.sessions import known_by, new_york_date, nyse
from tests.board.samples import index
from tests.facts import ny, quote, series
from tests.fakes import Fake

pytestmark = pytest.mark.usefixtures("home")
ROOT = Path(__file__).parent.parent


class Said:
    """What a call printed and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def call(*words: str) -> Said:
        try:
            code = main(words)
        except SystemExit as end:
            code = int(end.code or 0)
        done = capsys.readouterr()
        return Said(code, done.out, done.err)

    return call


Run = Callable[..., Said]


def outside(*words: str, **changes: Any) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own."""
    command = [sys.executable, "-m", "rallytui", *words]
    return subprocess.run(command, text=True, stderr=subprocess.PIPE, check=False, timeout=60, **changes)


def one_line(said: Said) -> str:
    """The only line on stderr; nothing is on stdout, and the call ended with 2."""
    assert (said.code, said.out) == (2, "")
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err
    return said.err.strip()


def config(home: Path, text: str) -> str:
    path = home / "my.toml"
    path.write_text(text, "utf-8")
    return str(path)


# ---- Usage


def test_version_and_help(run: Run) -> None:
    assert run("--version").out == f"rallytui {__version__}\n"
    said = run("--help")
    assert (said.code, said.err) == (0, "")
    for word in ("snapshot", "check", "config", "--as-of", "--demo", "FRED_API_KEY", "Exit codes"):
        assert word in " ".join(said.out.split())
    assert run("snapshot", "--help").code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("--nonsense",),
        ("nonsense",),
        ("snapshot", "--format", "xml"),
        ("snapshot", "--timeout", "0"),
        ("snapshot", "--timeout", "soon"),
        ("--as-of", "yesterday"),
        ("snapshot", "--as-of", "2025-02-30"),
        ("config",),
        ("config", "burn"),
        ("--print-completion", "tcsh"),
        ("snapshot", "--off"),
    ],
)
def test_wrong_usage(run: Run, words: tuple[str, ...]) -> None:
    said = run(*words)
    assert (said.code, said.out) == (2, "")
    assert "rallytui" in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize("command", [(), ("snapshot",)])
def test_a_day_without_an_evening_yet_cannot_be_looked_at(run: Run, command: tuple[str, ...]) -> None:
    tomorrow = new_york_date(SystemClock().now()) + timedelta(days=1)
    assert f"--as-of {tomorrow}: the last session that has closed" in one_line(run(*command, "--as-of", f"{tomorrow}"))
    assert "no source has data before Tue 3 Jan 1995" in one_line(run(*command, "--as-of", "1994-12-30"))


# ---- config


def test_config_path(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "etc"))
    assert run("config", "path").out == f"{home / 'etc' / 'rallytui' / 'config.toml'}\n"
    monkeypatch.setenv("RALLYTUI_CONFIG", str(home / "named.toml"))
    assert run("config", "path").out == f"{home / 'named.toml'}\n"
    assert run("config", "--config", str(home / "flag.toml"), "path").out == f"{home / 'flag.toml'}\n"
    assert run("--config", str(home / "flag.toml"), "config", "path").out == f"{home / 'flag.toml'}\n"


def test_config_init_writes_the_example_and_never_over_a_file(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = home / "etc" / "deep" / "config.toml"
    monkeypatch.setenv("RALLYTUI_CONFIG", str(place))
    said = run("config", "init")
    assert (said.code, said.out) == (0, f"wrote {place}\n")
    assert place.read_text("utf-8") == (ROOT / "config.example.toml").read_text("utf-8")
    assert run("config", "validate").out == f"{place}: valid\n"
    place.write_text("[thesis]\nname = 'mine'", "utf-8")
    assert "is left as it is" in one_line(run("config", "init"))
    assert place.read_text("utf-8") == "[thesis]\nname = 'mine'"


def test_config_init_where_nothing_can_be_written(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "file").write_text("", "utf-8")
    monkeypatch.setenv("RALLYTUI_CONFIG", str(home / "file" / "config.toml"))
    assert "cannot be written" in one_line(run("config", "init"))


def test_config_show_loads_again_and_hides_the_key(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    said = run("config", "show")
    assert said.code == 0
    assert parse(said.out, "shown") == Settings()
    monkeypatch.setenv("FRED_API_KEY", "hunter2")
    assert "hunter2" not in run("config", "show").out


def test_config_validate_without_a_file(run: Run) -> None:
    said = run("config", "validate")
    assert (said.code, said.out) == (0, "no config file: the defaults are in force\n")


COMMANDS = [("config", "validate"), ("config", "show"), ("snapshot", "--offline"), ("check",), ()]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("by", ["flag", "environment"])
def test_a_wrong_config_is_one_line(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], by: str
) -> None:
    path = config(home, "[thesis]\nname = 'x'\n\n[[targets]]\nlevls = [6900]\n")
    if by == "environment":
        monkeypatch.setenv("RALLYTUI_CONFIG", path)
    said = run(*(("--config", path) if by == "flag" else ()), *command)
    assert one_line(said) == f"rallytui: {path}:5: targets.0.levls: unknown key; did you mean 'levels'?"


def test_a_config_that_is_not_there(run: Run, home: Path) -> None:
    assert "there is no such file" in one_line(run("snapshot", "--config", str(home / "nowhere.toml"), "--offline"))


# ---- snapshot


def test_a_demo_as_json(run: Run) -> None:
    said = run("snapshot", "--demo", "--format", "json")
    assert (said.code, said.err) == (0, "")
    body = json.loads(said.out, parse_constant=pytest.fail)
    assert (body["schema"], body["mode"], body["problems"]) == (1, "demo", [])
    assert body["targets"][0]["last"] > 0
    assert [one["symbol"] for one in body["watchlists"][0]["rows"]] == ["PLPC", "INOD", "PATH", "FIVN"]
    assert body["risks"]["composite"]["coverage"] == 1
    assert body["session"]["state"] in ("regular", "post"), "the demo shows a trading day, perhaps a short one"


def test_a_demo_as_text_and_csv(run: Run) -> None:
    text = run("snapshot", "--demo")
    assert (text.code, text.err) == (0, "")
    assert text.out.startswith("SIMULATED  rallytui")
    assert "How the composite comes about" not in text.out
    assert "How the composite comes about" in run("snapshot", "--demo", "--explain").out
    rows = list(csv.reader(run("snapshot", "--demo", "--format", "csv").out.splitlines()))
    assert rows[0] == ["section", "name", "field", "value", "unit", "as_of", "source", "freshness"]
    assert len(rows) > 150
    assert not any(cell.lower() == "nan" for row in rows for cell in row)


def test_a_demo_of_a_past_day(run: Run) -> None:
    said = run("snapshot", "--demo", "--as-of", "2025-11-26", "--format", "json")
    body = json.loads(said.out)
    assert (body["as_of"], body["mode"]) == ("2025-11-26T23:00:00Z", "demo")
    assert body["targets"][0]["last"] == 6812.61
    again = run("--as-of", "2025-11-26", "snapshot", "--demo", "--format", "json")
    assert json.loads(again.out)["targets"] == body["targets"], "the options may stand before the command"


@pytest.mark.parametrize(("wanted", "spoken"), [("2025-11-27", "Thu 27 Nov 2025"), ("2025-11-30", "Sun 30 Nov 2025")])
def test_a_day_without_a_session_is_the_session_before_and_it_says_so(run: Run, wanted: str, spoken: str) -> None:
    said = run("snapshot", "--demo", "--as-of", wanted, "--format", "json")
    shown = date(2025, 11, 28) if wanted == "2025-11-30" else date(2025, 11, 26)
    assert json.loads(said.out)["as_of"] == known_by(shown).isoformat().replace("+00:00", "Z")
    assert said.err == f"rallytui: {spoken} was no session; shown is {shown:%a} {shown.day} Nov 2025.\n"


def test_the_days_since_the_last_evening_lead_to_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda self: ny("2026-09-13T12:00"))  # a Sunday
    the_world(monkeypatch)
    said = run("snapshot", "--as-of", "2026-09-12", "--format", "json")
    assert json.loads(said.out)["as_of"] == "2026-09-11T22:00:00Z"
    assert "Sat 12 Sep 2026 was no session; shown is Fri 11 Sep 2026" in said.err
    assert "Sun 13 Sep 2026 was no session; shown is Fri 11 Sep" in run("snapshot", "--as-of", "2026-09-13").err
    assert "the last session that has closed is that of Fri 11 Sep" in one_line(
        run("snapshot", "--as-of", "2026-09-14")
    )


def test_the_demo_leaves_no_facts_behind(run: Run) -> None:
    run("snapshot", "--demo")
    said = run("snapshot", "--offline", "--format", "json")
    assert (said.code, json.loads(said.out)["targets"][0]["last"]) == (1, None)


def test_without_a_terminal_the_bare_command_prints_the_text(run: Run) -> None:
    said = run("--demo")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("SIMULATED  rallytui")


def test_offline_with_an_empty_store_says_what_is_missing(run: Run) -> None:
    said = run("snapshot", "--offline")
    assert (said.code, said.err) == (1, "")
    assert "S&P 500: no source has a price of ^GSPC." in said.out
    assert "no price of ^GSPC from any source" in said.out


def the_world(monkeypatch: pytest.MonkeyPatch, *fakes: Fake) -> Mapping[str, Fake]:
    """Fakes in the place of all sources."""
    found = {fake.name: fake for fake in fakes}
    monkeypatch.setattr(providers, "create_all", lambda settings, clock: found)
    return found


def last_close() -> str:
    """The close of the last completed session, New York time."""
    day = nyse().last_completed(SystemClock().now())
    return f"{day}T{'13' if day in nyse().early else '16'}:00"


def test_a_partial_board_says_what_is_missing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    at = last_close()
    fred = Fake("fred", {("series", "DGS2"): Unavailable("fred", "FRED cannot be reached: no route")}, ["series"])
    cboe = Fake("cboe", {("quotes", "^GSPC"): quote("^GSPC", 6850.0, at)}, ["quotes"])
    the_world(monkeypatch, cboe, fred)
    said = run("snapshot", "--format", "json")
    assert (said.code, said.err) == (3, "")
    body = json.loads(said.out)
    assert body["targets"][0]["last"] == 6850.0
    assert body["watchlists"][0]["rows"][0]["last"] is None
    assert any("no route" in text for text in body["problems"])
    assert {one["provider"]: one["status"] for one in body["health"]} == {"cboe": "ok", "fred": "failing"}
    assert cboe.closed
    assert fred.closed
    offline = run("snapshot", "--offline", "--format", "json")
    assert json.loads(offline.out)["targets"][0]["last"] == 6850.0, "the store has it"
    assert cboe.count("quotes", "^GSPC") == 1


def test_a_source_that_never_answers_costs_the_time_allowed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent(Fake):
        async def quotes(self, symbols: Any) -> Any:
            await asyncio.Event().wait()

    the_world(monkeypatch, Silent("cboe", {}, ["quotes"]))
    said = run("snapshot", "--timeout", "0.05", "--format", "json")
    assert (said.code, said.err) == (1, "")
    assert json.loads(said.out)["problems"]


def test_a_look_back_asks_for_the_values_of_then(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    then = date(2025, 12, 19)
    fred = Fake("fred", {("series", name): series(name, {"2025-09-01": 4.0}) for name in CATALOG}, ["series"])
    fred.script |= {("vintage", name): series(name, {"2025-09-01": 4.1}, vintage=then) for name in CATALOG}
    the_world(monkeypatch, fred)
    said = run("snapshot", "--as-of", f"{then}")
    assert said.out.startswith("AS OF  ")
    assert {name for kind, name in fred.asked if kind == "vintage"} == {"UNRATE", "OPHNFB", "JTSLDR", "ICSA", "NFCI"}


def test_a_defect_is_not_hidden(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    the_world(monkeypatch, Fake("cboe", {("quotes", "^GSPC"): ZeroDivisionError("a defect")}, ["quotes"]))
    said = run("snapshot")
    assert said.code == 1
    assert said.err.startswith("rallytui: this should not have happened: ZeroDivisionError: a defect. ")
    assert "rallytui.log" in said.err


def test_a_place_for_data_that_cannot_be_written_costs_the_memory_only(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "file").write_text("", "utf-8")
    monkeypatch.setenv("RALLYTUI_DATA_DIR", str(home / "file" / "data"))
    said = run("snapshot", "--demo", "--format", "json")
    body = json.loads(said.out)
    assert body["targets"][0]["last"] > 0
    assert any("cannot be used" in text for text in body["problems"])
    assert (said.code, said.err) == (3, "")


def test_as_of_evening_of_a_known_day_is_allowed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    the_world(monkeypatch)
    day = nyse().last_final(SystemClock().now())
    said = run("snapshot", "--as-of", f"{day}", "--format", "json")
    assert json.loads(said.out)["as_of"] == known_by(day).isoformat().replace("+00:00", "Z")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
def test_output_without_room_is_one_line() -> None:
    with open("/dev/full", "wb") as full:
        done = outside("snapshot", "--demo", "--format", "json", stdout=full)
    assert (done.returncode, done.stderr) == (1, "rallytui: there is no space left where the output goes\n")


@pytest.mark.skipif(os.name != "posix", reason="closes a stream the way a shell does")
def test_streams_that_were_closed_are_no_fault() -> None:
    command = f"exec {sys.executable} -m rallytui config path >&- 2>&-"
    assert subprocess.run(["sh", "-c", command], check=False, timeout=60).returncode == 0


# ---- check


def test_check_says_where_things_are_and_ends_with_1_when_a_kind_has_no_source(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rallytui import doctor

    fakes = {"cboe": Fake("cboe", {("quotes", "^GSPC"): quote("^GSPC", 1, last_close())})}
    monkeypatch.setattr(doctor, "create_all", lambda settings, clock: fakes)
    said = run("check")
    assert (said.code, said.err) == (1, "")
    assert re.search(r"^config +\S+config\.toml  ", said.out, re.MULTILINE)
    assert re.search(rf"^data +{home / 'data'}$", said.out, re.MULTILINE)
    assert re.search(rf"^log +{home / 'data' / 'rallytui.log'}$", said.out, re.MULTILINE)
    assert said.out.rstrip().endswith("no source for series, companies, search, intraday")


# ---- completion


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions(run: Run, home: Path, shell: str) -> None:
    said = run("--print-completion", shell)
    assert (said.code, said.err) == (0, "")
    assert "snapshot" in said.out
    assert "as-of" in said.out
    installed = run("--install-completion", shell)
    assert installed.code == 0
    place = Path(installed.out.split("wrote ")[1].split(";")[0])
    assert place.is_relative_to(home)
    assert place.read_text("utf-8") == said.out


# ---- as a process


def test_it_runs_as_a_module(home: Path) -> None:
    done = outside("--version", stdout=subprocess.PIPE)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"rallytui {__version__}\n", "")


@pytest.mark.parametrize(
    "words",
    [("--help",), ("--version",), ("config", "show"), ("snapshot", "--offline"), ("--print-completion", "bash")],
)
def test_a_reader_who_goes_away_is_no_error(words: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = outside(*words, stdout=writing)
    finally:
        os.close(writing)
    assert done.stderr == ""
    assert done.returncode in (0, 1)


def test_a_terminal_without_the_signs_gets_something_else() -> None:
    done = outside(
        "snapshot",
        "--offline",
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "S&P 500" in done.stdout


def test_keys_that_cannot_be_are_refused_also_while_the_board_runs(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[keys]\nrefresh = "q"\n', "utf-8")
    with pytest.raises(ConfigError, match=r"keys\.refresh"):
        load_for_screen(path)


@pytest.mark.parametrize("now", ["2025-12-11T16:20", "2025-12-11T18:30", "2025-12-12T08:00"])
def test_the_close_of_today_is_there_that_evening(run: Run, monkeypatch: pytest.MonkeyPatch, now: str) -> None:
    """Live and with --as-of of the same day, while the source's history is a day late (METHODOLOGY G.1)."""
    monkeypatch.setattr(SystemClock, "now", lambda self: ny(now))
    final = quote("^GSPC", 6901.0, "2025-12-11T16:15", now, prev_close=6886.68)
    the_world(monkeypatch, Fake("cboe", {("quotes", "^GSPC"): final, ("bars", "^GSPC"): index("2025-12-10")}))
    for words in ((), ("--as-of", "2025-12-11")):
        target = json.loads(run("snapshot", "--format", "json", *words).out)["targets"][0]
        rung = next(one for one in target["rungs"] if one["level"] == 6900)
        assert (target["last"], rung["state"], rung["first_touch_close"]) == (6901.0, "reached", "2025-12-11")
