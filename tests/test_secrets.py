"""A key is in no place that can be read later, and is sent to no place where others can read it."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import replace
from rich.console import Console
from rich.traceback import Traceback

from rallytui.config import ProviderSettings, Settings, exposure
from rallytui.config.exposure import exposed
from rallytui.config.load import ConfigError, parse
from rallytui.config.show import as_toml
from tests.test_process import Terminal

SENTINEL = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
SOURCE = Path(__file__).parents[1] / "src"
CRASHING = """
import rallytui.feed.feed as feed
from rallytui.cli import main

ask = feed.Feed._series
crashed = []

async def series(self, name):
    await ask(self, name)
    if not crashed:
        crashed.append(name)
        key = self._agenda.settings.providers.fred.api_key
        assert key
        try:
            raise ValueError(repr(self._agenda.settings))
        except ValueError as fault:
            raise RuntimeError("a forced defect") from fault

feed.Feed._series = series
main()
"""
"""A program whose first round ends in a defect, with the settings in its traceback."""


class Echo(BaseHTTPRequestHandler):
    """Refuses everything in different ways, and says back what it was asked, key and all."""

    seen: list[str]

    def do_GET(self) -> None:
        self.seen.append(self.path)
        status = (200, 400, 500, 200, 302)[len(self.seen) % 5]
        kind = "text/html" if len(self.seen) % 2 else "application/json"
        body = f'{{"error_message": "no such thing {self.path}"}}'.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Location", f"http://localhost{self.path}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def echo() -> Iterator[tuple[str, list[str]]]:
    """The address of a server that refuses everything, and the paths that it was asked for."""
    Echo.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", Echo.seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_key_is_left_nowhere_when_everything_fails(tmp_path: Path, echo: tuple[str, list[str]]) -> None:
    base, seen = echo
    config = tmp_path / "config.toml"
    tables = [f'[providers.{name}]\nbase_url = "{base}"' for name in ("cboe", "yahoo", "treasury", "nasdaq")]
    tables.append(f'[providers.fred]\napi_url = "{base}"\n[providers.sec]\nbase_url = "{base}"\nwww_url = "{base}"')
    config.write_text("\n".join(tables) + '\ncontact = "ada@example.com"\n', "utf-8")
    places = {"HOME": str(tmp_path), "RALLYTUI_DATA_DIR": str(tmp_path / "data"), "FRED_API_KEY": SENTINEL}
    said = b""
    for command in (["check"], ["snapshot", "--format", "json", "--timeout", "1"], ["config", "show"]):
        call = [sys.executable, "-m", "rallytui", "--config", str(config), *command]
        done = subprocess.run(call, capture_output=True, env={**os.environ, **places}, check=False, timeout=60)
        said += done.stdout + done.stderr
    assert any(SENTINEL in path for path in seen), "the key was sent, or this test shows nothing"
    assert b"FRED" in said
    assert SENTINEL.encode() not in said
    kept = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert {"rallytui.db", "rallytui.log"} <= {path.name for path in kept}
    assert not [path.name for path in kept if SENTINEL.encode() in path.read_bytes()]


def test_a_key_is_in_no_repr_and_in_no_traceback_with_locals() -> None:
    fred = ProviderSettings(api_key=SENTINEL)
    settings = replace(Settings(), providers=replace(Settings().providers, fred=fred))
    text = repr(settings)
    assert SENTINEL not in text
    assert "api_key='***'" in text
    assert "base_url=''" in text
    try:
        raise ValueError(settings.thesis.name)
    except ValueError:
        screen = Console(file=io.StringIO(), width=200)
        screen.print(Traceback(show_locals=True, locals_max_string=None, locals_max_length=None))
        drawn = screen.file.getvalue()  # type: ignore[attr-defined]
    assert "ProviderSettings(" in drawn
    assert SENTINEL not in drawn.replace("SENTINEL", "")


def test_config_show_masks_keys_and_passwords() -> None:
    fred = ProviderSettings(api_key=SENTINEL, base_url=f"https://ada:{SENTINEL}@proxy.example.com/fred")
    shown = as_toml(replace(Settings(), providers=replace(Settings().providers, fred=fred)))
    assert SENTINEL not in shown
    assert 'base_url = "https://***@proxy.example.com/fred"' in shown


@pytest.mark.parametrize(
    ("table", "line", "words"),
    [
        ("[providers.fred]\napi_url = 'http://fred.example.com'", 2, "because a key is sent there"),
        ("[providers.sec]\ncontact = 'a@b.c'\nbase_url = 'http://sec.example.com'", 3, "because the contact address"),
        ("[providers.sec]\nwww_url = 'http://127.0.0.1.example.com'", 2, "because the contact address"),
    ],
)
def test_private_addresses_are_https(table: str, line: int, words: str) -> None:
    with pytest.raises(ConfigError, match=rf"^c\.toml:{line}: providers\.\w+\.\w+_url: must begin with https.*{words}"):
        parse(table, "c.toml")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8900/x", "http://localhost:1", "http://[::1]:1", "https://x.example"]
)
def test_other_addresses_pass(url: str) -> None:
    assert parse(f"[providers.fred]\napi_url = '{url}'\nbase_url = 'http://plain.example.com'", "c.toml")


@pytest.mark.skipif(os.name != "posix", reason="file modes")
@pytest.mark.parametrize(
    ("text", "mode", "warned"),
    [
        ("[providers.fred]\napi_key = 'k'", 0o644, True),
        ("[providers.fred]\napi_key = 'k'", 0o640, True),
        ("[providers.fred]\napi_key = 'k'", 0o600, False),
        ("[providers.fred]\napi_key = ''", 0o644, False),
        ("[providers]\nfred = 1", 0o644, False),
        ("not toml [", 0o644, False),
    ],
)
def test_a_key_that_others_can_read_is_warned_about(tmp_path: Path, text: str, mode: int, warned: bool) -> None:
    place = tmp_path / "config.toml"
    place.write_text(text, "utf-8")
    place.chmod(mode)
    assert exposed(place) == (
        f"{place} holds the key of fred and others on this machine can read it: chmod 600 {place}" if warned else ""
    )
    assert exposed(tmp_path / "none.toml") == ""


def test_where_files_have_no_mode_bits_nothing_is_warned_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "config.toml"
    place.write_text("[providers.fred]\napi_key = 'k'", "utf-8")
    place.chmod(0o644)
    monkeypatch.setattr(exposure, "os", SimpleNamespace(name="nt"))
    assert exposed(place) == ""


def test_nothing_turns_the_verification_of_certificates_off() -> None:
    code = "\n".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    assert "create_ssl_context()" in code
    assert not re.findall(r"verify\s*=\s*False|CERT_NONE|check_hostname\s*=\s*False|_create_unverified", code)


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
def test_a_key_is_left_nowhere_by_the_board_even_when_it_crashes(tmp_path: Path, echo: tuple[str, list[str]]) -> None:
    base, seen = echo
    config = tmp_path / "config.toml"
    lines = [f'[display]\nexport_dir = "{tmp_path}"']
    lines += [f'[providers.{name}]\nbase_url = "{base}"' for name in ("cboe", "yahoo", "treasury", "nasdaq")]
    lines.append(f'[providers.fred]\napi_url = "{base}"\n[providers.sec]\nbase_url = "{base}"\nwww_url = "{base}"')
    config.write_text("\n".join(lines) + '\ncontact = "ada@example.com"\n', "utf-8")
    data = tmp_path / "data"
    terminal = Terminal(
        [sys.executable, "-c", CRASHING, "--config", str(config)],
        (120, 36),
        HOME=str(tmp_path),
        RALLYTUI_DATA_DIR=str(data),
        FRED_API_KEY=SENTINEL,
    )
    log = data / "rallytui.log"
    try:
        terminal.until(lambda: log.exists() and "a forced defect" in log.read_text("utf-8"), "it does not crash")
        terminal.until(lambda: any(SENTINEL in path for path in seen), "the key is not sent, or this shows nothing")
        terminal.until(lambda: terminal.shows("Risk"), "no board")
        for key, suffix in ((b"t", "txt"), (b"j", "json"), (b"c", "csv"), (b"s", "svg")):
            terminal.press(b"e")
            terminal.until(lambda: terminal.shows("Write"), "no menu")
            terminal.press(key)
            terminal.until(lambda suffix=suffix: list(tmp_path.glob(f"rallytui-*.{suffix}")), f"no {suffix}")
        for key in (b"R", b"2", b"3", b"\r", b"\x1b", b"?"):
            terminal.press(key)
            terminal.read()
        terminal.press(b"\x03")
        assert terminal.ended() == 0
    finally:
        terminal.close()
    assert "Traceback" in log.read_text("utf-8")
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {".txt", ".json", ".csv", ".svg", ".db", ".log"} <= {path.suffix for path in kept}
    assert not [path.name for path in kept if SENTINEL.encode() in path.read_bytes()]
    assert SENTINEL.encode() not in terminal.said
