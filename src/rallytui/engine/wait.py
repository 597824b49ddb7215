"""Waiting for an event, but not for ever."""

from __future__ import annotations

import asyncio
from contextlib import suppress


async def woken(event: asyncio.Event, within_s: float) -> None:
    """Return when the event is set, and after `within_s` seconds at the latest."""
    # not wait_for: before Python 3.12 it swallows a cancellation that comes together with the event
    with suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            await event.wait()
