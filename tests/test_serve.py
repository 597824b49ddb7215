"""`rallytui serve`: who may ask, what it says when it cannot, and the board in a real browser."""

from __future__ import annotations

import gc
import os
import shlex
import signal
import socket
import subprocess
import sys
import warnings
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from rallytui.cli import main
from rallytui.cli.arguments import parse
from rallytui.cli.serve import command
from rallytui.cli.web_server import PAGE, BoardServer, allowed
from rallytui.config.addresses import is_loopback
from tests.browser import browser, chromium

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("[::1]", True), ("localhost", True),
        ("0.0.0.0", False), ("::", False), ("192.0.2.7", False), ("board.example", False), ("", False),
        ("localhost.example", False),
    ],
)  # fmt: skip
def test_what_loopback_is(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    ("host", "origin", "remote", "expected"),
    [
        ("127.0.0.1:8000", None, False, True),
        ("localhost:8000", "http://localhost:8000", False, True),
        ("[::1]:8000", "http://[::1]:8000", False, True),
        ("127.0.0.1:8000", "http://other.example", False, False),
        ("127.0.0.1:8000", "http://127.0.0.1:9000", False, False),
        ("127.0.0.1:8000", "null", False, False),
        ("rebound.example:8000", "http://rebound.example:8000", False, False),
        ("board.example", "https://board.example", True, True),
        ("board.example", "https://other.example", True, False),
        ("", None, False, False),
    ],
)
def test_who_may_ask(host: str, origin: str | None, remote: bool, expected: bool) -> None:
    assert allowed(host, origin, remote) is expected


def test_a_session_gets_the_options_of_the_board() -> None:
    options = parse(["serve", "--config", "my $(file).toml", "--as-of", "2025-11-26", "--demo"])
    words = shlex.split(command(options))
    start = words.index(sys.executable)
    assert words[start : start + 3] == [sys.executable, "-m", "rallytui"]
    session = parse(words[start + 3 :])
    assert session.config == Path("my $(file).toml").absolute()
    assert (session.as_of, session.demo) == (date(2025, 11, 26), True)


def test_a_host_for_others_needs_to_be_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--host", "0.0.0.0"]) == 2
    said = capsys.readouterr().err
    assert "no password" in said
    assert "--allow-remote" in said


def test_without_the_extra_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "rallytui.cli.web_server")
    monkeypatch.setitem(sys.modules, "textual_serve.server", None)
    assert main(["serve"]) == 2
    assert "pip install 'rallytui[serve]'" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1", ""])
def test_a_port_is_a_port(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parse(["serve", "--port", text])
    assert end.value.code == 2
    assert "port" in capsys.readouterr().err


def test_the_page_asks_for_nothing_from_elsewhere() -> None:
    text = (PAGE / "app_index.html").read_text("utf-8")
    assert "http" not in text.replace('"https:" ? "wss://"', "")
    assert "@import" not in text


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def served(free_port: int) -> Iterator[str]:
    """The address of a demo that is being served."""
    words = [sys.executable, "-m", "rallytui", "serve", "--demo", "--port", str(free_port)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert f"http://127.0.0.1:{free_port}" in said, said
        yield f"http://127.0.0.1:{free_port}/"
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert process.stdout.read() == ""


async def test_other_sites_and_names_are_turned_away(served: str) -> None:
    async with aiohttp.ClientSession() as session:
        for headers in ({"Host": "rebound.example"}, {"Origin": "http://other.example"}):
            async with session.get(served, headers=headers) as answer:
                assert answer.status == 403
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(served + "ws", headers=headers)
            assert refused.value.status == 403
        async with session.get(served) as answer:
            assert answer.status == 200
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


async def test_only_so_many_boards_at_a_time(free_port: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from aiohttp.test_utils import TestClient, TestServer

    monkeypatch.setattr("rallytui.cli.web_server.SESSIONS", 1)
    monkeypatch.setattr("rallytui.cli.web_server.LEAVE_WITHIN_S", 0.1)
    made: Any = BoardServer("cat", "127.0.0.1", free_port, False)
    async with TestClient(TestServer(await made._make_app())) as client:
        first = await client.ws_connect("/ws")
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await client.ws_connect("/ws")
        assert refused.value.status == 503
        await first.close()


LEAVING = """
import os, sys
def say(kind, payload):
    sys.stdout.buffer.write(kind + len(payload).to_bytes(4, "big") + payload)
print("__GANGLION__", flush=True)
say(b"D", str(os.getpid()).encode())
say(b"M", b'{"type": "exit"}')
say(b"D", bytes(1 << 20))
sys.stdout.flush()
"""
"""A session that ends by itself, with more to say than a pipe holds."""
DEAF = """
import os, signal, time
print("__GANGLION__", flush=True)
print("D\\0\\0\\0" + chr(len(str(os.getpid()))) + str(os.getpid()), end="", flush=True)
while True:
    time.sleep(60)
"""
"""A session that hears nothing."""


@pytest.mark.parametrize("program", [LEAVING, DEAF], ids=["leaving", "deaf"])
@pytest.mark.parametrize("by_browser", [True, False], ids=["page closed", "server ended"])
async def test_no_process_and_no_pipe_outlives_the_server(
    program: str, by_browser: bool, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aiohttp.test_utils import TestClient, TestServer

    monkeypatch.setattr("rallytui.cli.web_server.LEAVE_WITHIN_S", 2.0 if program == LEAVING else 0.2)
    made: Any = BoardServer(shlex.join(["exec", sys.executable, "-c", program]), "127.0.0.1", free_port, False)
    async with TestClient(TestServer(await made._make_app())) as client:
        page = await client.ws_connect("/ws")
        pid = int(await page.receive_bytes())
        if by_browser:
            await page.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        gc.collect()
    assert not [one for one in caught if "transport" in str(one.message)]


async def test_a_session_that_was_left_leaves_nothing_to_say(served: str) -> None:
    """The fixture sees what the server wrote: Ctrl+C comes right after `q`."""
    async with aiohttp.ClientSession() as session, session.ws_connect(served + "ws?width=120&height=40") as page:
        await page.receive_bytes()
        await page.send_json(["stdin", "q"])
        async for message in page:
            assert message.type == aiohttp.WSMsgType.BINARY


async def test_the_board_in_a_browser(served: str, tmp_path: Path) -> None:
    """Set RALLYTUI_PICTURES to a folder to keep what the browser showed."""
    if (program := chromium()) is None:
        pytest.skip("no Chromium is installed")
    async with browser(program, tmp_path / "profile") as page:
        await page.open(served)
        await page.until("document.body.classList.contains('-first-byte')", "the first frame")
        await page.text(b"SIMULATED")
        await page.text("· S&P 500\x07".encode())  # the title has a price: the first round is in
        await page.until("document.querySelectorAll('#terminal canvas').length > 0", "a terminal")
        board = await page.picture()
        page.received = b""
        await page.press("?")
        await page.text(b"scroll")
        help_page = await page.picture()
        assert board != help_page
        assert page.requested
        assert {urlsplit(url).hostname for url in page.requested if not url.startswith("data:")} == {"127.0.0.1"}
        if folder := os.environ.get("RALLYTUI_PICTURES"):
            (Path(folder) / "serve-board.png").write_bytes(board)
            (Path(folder) / "serve-help.png").write_bytes(help_page)
        await page.press("q")
        await page.press("q")
        await page.until("document.body.classList.contains('-closed')", "the end of the session")
