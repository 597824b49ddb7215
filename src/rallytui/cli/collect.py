"""`rallytui collect`: the feed and the tripwires without a screen, so that the board opens full."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from argparse import Namespace
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from rallytui.cli.log import log_to_file
from rallytui.cli.wiring import engine
from rallytui.config import Settings
from rallytui.config.load import store_path

if TYPE_CHECKING:
    from rallytui.alerts.desk import Notice
    from rallytui.engine import Engine

log = logging.getLogger(__name__)
AGAIN_AFTER_S = 10.0
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def collect(options: Namespace, settings: Settings) -> int:
    """Run until it is told to end: 0."""
    from rallytui.store import open_store

    path = log_to_file()
    with closing(open_store(store_path())) as store:
        say(f"collecting into {store.path or 'memory'}; the log is {path}; Ctrl+C ends it")
        if store.problem:
            say(store.problem)
        asyncio.run(until_told(engine(options, settings, store, path)))
    return 0


async def until_told(source: Engine) -> None:
    """Run the engine until a signal comes. What fails in it is logged, and it begins anew."""
    source.notices(tell)
    work = asyncio.create_task(for_ever(source))
    loop = asyncio.get_running_loop()
    for number in ENDINGS:
        with suppress(NotImplementedError, RuntimeError, ValueError):  # not on this system, or not the main thread
            loop.add_signal_handler(number, work.cancel)
    try:
        with suppress(asyncio.CancelledError):
            await work
    finally:
        await source.close()


async def for_ever(source: Engine) -> None:
    while True:
        try:
            await source.run(lambda board: None)
        except Exception as fault:
            log.error("the collector stopped; it begins anew in %g s", AGAIN_AFTER_S, exc_info=fault)
            say(f"the collector stopped: {type(fault).__name__}: {fault}; it begins anew in {AGAIN_AFTER_S:g} s")
        await asyncio.sleep(AGAIN_AFTER_S)


def tell(notice: Notice) -> None:
    """An event as a line; the ways that need a screen are left to an instance that has one."""
    event = notice.event
    say(f"{event.at:%Y-%m-%d %H:%M} UTC  {event.title}: {event.text}")
    if notice.problem:
        say(notice.problem)


def say(text: str) -> None:
    """One line for whoever reads the journal."""
    clean = "".join(sign if sign.isprintable() else "?" for sign in text)
    sys.stdout.write(f"{clean}\n")
    sys.stdout.flush()
