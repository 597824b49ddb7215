"""How an event is told on the screen: a toast, the bell, a notification of the desktop, and which way failed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal

from textual.app import App
from textual.message import Message

from rallytui.ui.format import clean
from rallytui.ui.terminal import send

if TYPE_CHECKING:  # the first frame waits for none of it
    from rallytui.alerts.desk import Notice
    from rallytui.alerts.event import Severity

LOUDNESS: dict[Severity, Literal["information", "warning", "error"]] = {
    "info": "information",
    "watch": "warning",
    "bad": "error",
}


class EventTold(Message):
    """Something happened that a person wants to know. It may come from any thread."""

    def __init__(self, notice: Notice) -> None:
        super().__init__()
        self.notice = notice


def tell(app: App[None], notice: Notice) -> None:
    """Tell an event in its ways. The words may come from outside: they never go through markup."""
    from rallytui.alerts.deliver import desktop_bytes, heading

    event = notice.event
    if "toast" in notice.ways:
        app.notify(
            clean(event.text, 200),
            title=clean(heading(event), 60),
            severity=LOUDNESS[event.severity],
            markup=False,
        )
    if "bell" in notice.ways:
        app.bell()
    if "desktop" in notice.ways:
        send(app, desktop_bytes(event, os.environ).decode())


def warn(app: App[None], problem: str) -> None:
    """Say that a way to tell an event failed."""
    app.notify(clean(problem, 200), title="An event was not told", severity="warning", markup=False)
