"""Garbage collection is put off while the program starts: what starting makes is kept for the whole run anyway."""

from __future__ import annotations

import atexit
import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

STARTED_AFTER_S = 10.0


def collect_later(seconds: float = STARTED_AFTER_S) -> None:
    """Collect nothing for `seconds`; then collect as usual, without looking at what is there by then ever again."""
    gc.disable()
    resume = threading.Timer(seconds, collect_from_now)
    resume.daemon = True  # leaving the program does not wait for it
    resume.start()


def collect_from_now() -> None:
    """Collect as usual, from the objects of now on."""
    gc.freeze()
    gc.enable()


@contextmanager
def uncollected() -> Iterator[None]:
    """Collect nothing in a command that is over soon, nor when the program ends: the system takes back all of it."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        atexit.register(gc.freeze)
