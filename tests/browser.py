"""A headless Chromium, driven through its debugging port: enough to open a page, press keys and look at it."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

LIMIT_S = 15.0
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """Where a Chromium is; None if there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Page:
    """One tab: what it asked for, what came through its web sockets, and what it shows."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0
        self.requested: list[str] = []
        self.received = b""

    async def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Give a command and take its answer, noting the events that come before it."""
        self._number += 1
        await self._socket.send_json({"id": self._number, "method": method, "params": parameters})
        while True:
            message = await asyncio.wait_for(self._socket.receive_json(), LIMIT_S)
            if message.get("id") == self._number:
                assert "error" not in message, message
                return dict(message["result"])
            self._note(message.get("method"), message.get("params", {}))

    def _note(self, method: str | None, parameters: dict[str, Any]) -> None:
        if method == "Network.requestWillBeSent":
            self.requested.append(parameters["request"]["url"])
        elif method == "Network.webSocketCreated":
            self.requested.append(parameters["url"])
        elif method == "Network.webSocketFrameReceived":
            frame = parameters["response"]
            data = frame["payloadData"]
            self.received += base64.b64decode(data) if frame["opcode"] == 2 else data.encode()

    async def open(self, url: str) -> None:
        """Go to a page."""
        for domain in ("Network", "Page", "Runtime"):
            await self.send(f"{domain}.enable")
        await self.send("Emulation.setFocusEmulationEnabled", enabled=True)
        await self.send("Page.navigate", url=url)

    async def value(self, script: str) -> Any:
        """What a script evaluates to."""
        found = await self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        return found["result"].get("value")

    async def until(self, script: str, what: str) -> None:
        """Wait until a script says true."""
        end = time.monotonic() + LIMIT_S
        while not await self.value(script):
            assert time.monotonic() < end, f"{what} did not happen; it received {self.received[-500:]!r}"

    async def text(self, wanted: bytes) -> None:
        """Wait until the web socket has brought `wanted`."""
        end = time.monotonic() + LIMIT_S
        while wanted not in self.received:
            await self.value("1")
            assert time.monotonic() < end, f"no {wanted!r} in {self.received[-500:]!r}"

    async def press(self, key: str) -> None:
        """Press and release a printable key."""
        await self.send("Input.dispatchKeyEvent", type="keyDown", key=key, text=key)
        await self.send("Input.dispatchKeyEvent", type="keyUp", key=key)

    async def picture(self) -> bytes:
        """The page as a PNG."""
        return base64.b64decode((await self.send("Page.captureScreenshot", format="png"))["data"])


@asynccontextmanager
async def browser(program: str, folder: Path) -> AsyncIterator[Page]:
    """A tab of a Chromium that lives as long as the block. It may reach this machine only."""
    flags = [
        *("--headless=new", "--no-sandbox", "--no-first-run", "--remote-debugging-port=0", "--mute-audio"),
        *("--enable-unsafe-swiftshader", "--window-size=1600,960", "--disable-background-networking"),
        *("--disable-component-update", "--disable-dev-shm-usage", f"--user-data-dir={folder}"),
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    ]
    quiet = subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(program, *flags, "about:blank", stdout=quiet, stderr=quiet)
    try:
        port = await _port(folder, process)
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                tabs = json.loads(await answer.text())
            target = next(tab for tab in tabs if tab["type"] == "page")
            async with session.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                yield Page(socket)
    finally:
        process.kill()
        await process.wait()


async def _port(folder: Path, process: asyncio.subprocess.Process) -> int:
    """The debugging port, as Chromium writes it down."""
    end = time.monotonic() + LIMIT_S
    while True:
        assert process.returncode is None, "Chromium ended at once"
        assert time.monotonic() < end, "Chromium did not open its debugging port"
        place = folder / "DevToolsActivePort"
        if place.exists() and len(lines := place.read_text("utf-8").splitlines()) == 2:
            return int(lines[0])
        await asyncio.sleep(0.05)
