"""Work that a screen does not wait for. Of a named group only the newest goes on."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual.dom import DOMNode
from textual.worker import WorkType


def background(
    node: DOMNode, work: Callable[[], Coroutine[Any, Any, None]], group: str = "", *, exit_on_error: bool = True
) -> None:
    """Begin `work`; it ends with its node, and an exception in it is one of the app, unless the work sees to its own.

    It is called when it begins: a coroutine made here would stay unawaited if the node ended at once.
    """
    job: WorkType[None] = work
    node.run_worker(job, group=group or "default", exclusive=bool(group), exit_on_error=exit_on_error)
