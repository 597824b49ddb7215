"""Work that a screen does not wait for. Of a named group only the newest goes on."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual.dom import DOMNode
from textual.worker import WorkType


def background(node: DOMNode, work: Callable[[], Coroutine[Any, Any, None]], group: str = "") -> None:
    """Begin `work`; it ends with its node, and an exception in it is one of the app."""
    job: WorkType[None] = work
    node.run_worker(job, group=group or "default", exclusive=bool(group))
