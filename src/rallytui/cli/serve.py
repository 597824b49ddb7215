"""`rallytui serve`: the board in a browser, through textual-serve; every session is a program of its own."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import shlex
import sys
from argparse import Namespace
from asyncio.subprocess import Process
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rallytui.cli.commands import UsageError

if TYPE_CHECKING:
    from aiohttp import web
    from aiohttp.typedefs import Handler
    from textual_serve.app_service import AppService
    from textual_serve.server import Server

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
MISSING = (
    "serve needs the package textual-serve, which is not installed; install it with: "
    "pip install 'rallytui[serve]' (from a clone: pip install '.[serve]')"
)


def serve(options: Namespace) -> int:
    """Serve until Ctrl+C. Raises UsageError without the extra, for a host beyond this machine, and for a taken port."""
    if not options.allow_remote and not is_loopback(options.host):
        raise UsageError(
            f"serve --host {options.host}: others could reach the board, and there is no password; "
            "keep to 127.0.0.1, or add --allow-remote if that is meant"
        )
    try:
        made = server(command(options), options.host, options.port, options.allow_remote)
    except ImportError:
        raise UsageError(MISSING) from None
    try:
        made.serve()
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise UsageError(
            f"serve: {options.host}:{options.port} cannot be used: {reason}; choose another --host or --port"
        ) from None
    return 0


def is_loopback(host: str) -> bool:
    """Whether only this machine answers to that name."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def command(options: Namespace) -> str:
    """The shell command of one session, with the options that a board has."""
    # The terminal in the page has all colours, whatever this one has.
    words = ["exec", "env", "TERM=xterm-256color", "COLORTERM=truecolor", sys.executable, "-m", "rallytui"]
    if options.config:
        words += ["--config", str(options.config.absolute())]
    if options.as_of:
        words += ["--as-of", options.as_of.isoformat()]
    return shlex.join([*words, "--demo"] if options.demo else words)


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


def server(words: str, host: str, port: int, remote: bool) -> Server:
    """The server of a command. Raises ImportError without the extra."""
    from aiohttp import web
    from textual_serve.server import Server

    class Guarded(Server):
        """textual-serve, asked only by its own page, and quiet."""

        def serve(self, debug: bool = False) -> None:
            web.run_app(self._make_app(), host=self.host, port=self.port, print=self._say)

        def _say(self, *_: object) -> None:
            """Called once the port is open."""
            sys.stdout.write(f"the board is at {self.public_url} - Ctrl+C ends it\n")
            sys.stdout.flush()

        async def on_startup(self, app: web.Application) -> None:
            """Without the banner of textual-serve."""

        async def on_shutdown(self, app: web.Application) -> None:
            """End the boards in order: each saves what it has."""
            for task in sessions:
                task.cancel()
            if sessions:
                await asyncio.wait(sessions)
            if ending:
                await asyncio.wait(ending)

        async def _process_messages(self, websocket: web.WebSocketResponse, app_service: AppService) -> None:
            try:
                await super()._process_messages(websocket, app_service)
            finally:
                task = asyncio.create_task(end(app_service))
                ending.add(task)
                task.add_done_callback(ending.discard)
                await asyncio.shield(task)  # the server may end meanwhile, and waits for it too

        async def _make_app(self) -> web.Application:
            app = await super()._make_app()
            app.middlewares.append(guard)
            return app

    sessions: set[asyncio.Task[Any]] = set()
    ending: set[asyncio.Task[None]] = set()

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not allowed(request.host, request.headers.get("Origin"), remote):
            raise web.HTTPForbidden(text="This board is not served to other sites or under other names.\n")
        if request.path != "/ws":
            response = await handler(request)
            response.headers.update(HEADERS)
            return response
        if len(sessions) >= SESSIONS:
            raise web.HTTPServiceUnavailable(text=f"{SESSIONS} boards are open; close one.\n")
        task = asyncio.current_task()
        assert task is not None
        sessions.add(task)
        try:
            return await handler(request)
        finally:
            sessions.discard(task)

    shown = f"[{host}]" if ":" in host else host
    return Guarded(words, host, port, "rallytui", f"http://{shown}:{port}", templates_path=PAGE)
