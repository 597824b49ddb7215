"""The ways to a person: what a terminal is sent to ring or to notify the desktop, and the command that is run."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple
from unicodedata import category

import msgspec

from rallytui.alerts.event import Event

COMMAND_S = 10.0
OUTPUT_BYTES = 500
CHUNK = 4096
SECRETS = ("FRED_API_KEY", "RALLYTUI_CONTACT")
BELL = b"\a"
ESCAPE, END = "\x1b", "\x1b\\"
NOTIFY_777 = ("rxvt", "foot")
"""Terminals that know OSC 777 and not OSC 9, by the beginning of TERM."""


class Outcome(NamedTuple):
    """How one way went; `detail` is a plain sentence if it failed."""

    way: str
    ok: bool
    detail: str = ""


def desktop_bytes(event: Event, environment: Mapping[str, str]) -> bytes:
    """What makes a terminal show a desktop notification: OSC 777 for those that want it, OSC 9 for all others.

    A terminal that knows neither ignores it. Inside tmux it is wrapped, so that the terminal outside gets it.
    """
    title, text = inert(heading(event)), inert(event.text)
    if environment.get("TERM", "").startswith(NOTIFY_777):
        code = f"{ESCAPE}]777;notify;{title};{text}{END}"
    else:
        code = f"{ESCAPE}]9;{title}: {text}{END}"
    if environment.get("TMUX"):
        code = f"{ESCAPE}Ptmux;{code.replace(ESCAPE, ESCAPE * 2)}{END}"
    return code.encode("utf-8", "replace")


def heading(event: Event) -> str:
    """The title; what is simulated says so."""
    return f"SIMULATED {event.title}" if event.simulated else event.title


def inert(text: str) -> str:
    """Text that ends no escape sequence and begins no part of one: no control characters, no semicolons."""
    kept = "".join(sign if category(sign) not in ("Cc", "Cf", "Zl", "Zp") else " " for sign in text)
    return " ".join(kept.replace(";", ",").split())


async def run_command(command: Sequence[str], event: Event, environment: Mapping[str, str]) -> Outcome:
    """Run a command with the event as JSON on its standard input, without a shell and without our secrets.

    After 10 seconds it and what it started are killed. Of what it writes only the beginning of its errors is kept.
    """
    kept = {name: value for name, value in environment.items() if name not in SECRETS}
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env=kept,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        return Outcome(
            "command", False, f"{command[0]} cannot be started: {getattr(error, 'strerror', None) or error}."
        )
    try:
        async with asyncio.timeout(COMMAND_S):
            said = await talk(process, msgspec.json.encode(event))
            code = await process.wait()
    except TimeoutError:
        await kill(process)
        return Outcome("command", False, f"{command[0]} did not end within {COMMAND_S:g} s and was stopped.")
    except asyncio.CancelledError:
        await kill(process)
        raise
    if code == 0:
        return Outcome("command", True)
    told = inert(said.decode("utf-8", "replace"))
    return Outcome("command", False, f"{command[0]} ended with {code}" + (f": {told}" if told else "."))


async def talk(process: asyncio.subprocess.Process, payload: bytes) -> bytes:
    """Hand over the payload and read the errors to their end; only their beginning is kept."""
    assert process.stdin is not None
    assert process.stderr is not None
    with suppress(BrokenPipeError, ConnectionResetError):  # a command need not read
        process.stdin.write(payload)
        await process.stdin.drain()
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.close()
    said = b""
    while chunk := await process.stderr.read(CHUNK):
        said = (said + chunk)[:OUTPUT_BYTES]
    return said


async def kill(process: asyncio.subprocess.Process) -> None:
    """End a command and whatever it started in its session."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
