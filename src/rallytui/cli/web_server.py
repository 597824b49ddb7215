"""textual-serve, asked only by its own page, and quiet; every session is a program of its own."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import Process
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler
from textual_serve.app_service import AppService
from textual_serve.server import Server

from rallytui.config.addresses import is_loopback

PAGE = Path(__file__).parent / "page"
SESSIONS = 8
"""Boards at a time: each is a process with about 120 MiB."""
LEAVE_WITHIN_S = 10.0
"""How long a board may take to save what it has."""
HEADERS = {
    # Nothing is loaded from elsewhere, and no other site shows the board in a frame.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class BoardServer(Server):
    """Serves the board that `words` start. `remote` lets requests in under names of other machines too."""

    def __init__(self, words: str, host: str, port: int, remote: bool) -> None:
        shown = f"[{host}]" if ":" in host else host
        super().__init__(words, host, port, "rallytui", f"http://{shown}:{port}", templates_path=PAGE)
        self._remote = remote
        self._sessions: set[asyncio.Task[Any]] = set()
        self._ending: set[asyncio.Task[None]] = set()

    def serve(self, debug: bool = False) -> None:
        """Until Ctrl+C. Raises OSError if the port cannot be had."""
        web.run_app(self._make_app(), host=self.host, port=self.port, print=self._say)

    def _say(self, *_: object) -> None:
        """Called once the port is open."""
        sys.stdout.write(f"the board is at {self.public_url} - Ctrl+C ends it\n")
        sys.stdout.flush()

    async def on_startup(self, app: web.Application) -> None:
        """Without the banner of textual-serve."""

    async def on_shutdown(self, app: web.Application) -> None:
        """End the boards in order: each saves what it has."""
        for task in self._sessions:
            task.cancel()
        if self._sessions:
            await asyncio.wait(self._sessions)
        if self._ending:
            await asyncio.wait(self._ending)

    async def _process_messages(self, websocket: web.WebSocketResponse, app_service: AppService) -> None:
        try:
            await super()._process_messages(websocket, app_service)
        finally:
            task = asyncio.create_task(end(app_service))
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)
            await asyncio.shield(task)  # the server may end meanwhile, and waits for it too

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._guard)
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not allowed(request.host, request.headers.get("Origin"), self._remote):
            raise web.HTTPForbidden(text="This board is not served to other sites or under other names.\n")
        if request.path == "/ws":
            return await self._session(request, handler)
        response = await handler(request)
        response.headers.update(HEADERS)
        return response

    async def _session(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if len(self._sessions) >= SESSIONS:
            raise web.HTTPServiceUnavailable(text=f"{SESSIONS} boards are open; close one.\n")
        task = asyncio.current_task()
        assert task is not None
        self._sessions.add(task)
        try:
            return await handler(request)
        finally:
            self._sessions.discard(task)


def allowed(host: str, origin: str | None, remote: bool) -> bool:
    """Whether a request may pass: a page of another site must not drive the board, whatever name it goes by.

    `host` and `origin` are the headers of those names. A browser cannot forge them for a page.
    """
    if origin is not None and urlsplit(origin).netloc != host:
        return False
    return remote or is_loopback(urlsplit(f"//{host}").hostname or "")


async def end(session: AppService) -> None:
    """Ask a board to end, and return when its process and its pipes are gone."""
    process = session._process
    assert process is not None
    deadline = asyncio.get_running_loop().time() + LEAVE_WITHIN_S
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout_at(deadline):
                await session.stop()
    finally:
        await gone(process, deadline)


async def gone(process: Process, deadline: float) -> None:
    """Wait for a process that was asked to end; at `deadline`, a time of the event loop, it is ended.

    A pipe that is left to the garbage collector would be closed on an event loop that is no more.
    """
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout_at(deadline):
            await process.communicate()  # with a full pipe before it, it would not come to its end
    except TimeoutError:
        process.kill()
        await process.communicate()
    with suppress(OSError):  # it did not take in everything
        await process.stdin.wait_closed()
