"""Keeps the app alive when something in it fails: a banner that names the log, one entry there, and on it goes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from textual.message import Message
from textual.message_pump import MessagePump

from rallytui.ui.format import clean

_log = logging.getLogger(__name__)
_SHOWN_FOR = timedelta(minutes=2)
_LOGGED_AGAIN_AFTER = timedelta(hours=1)
_KEPT = 50


class Steady(MessagePump):
    """A pump that outlives its handlers: Textual would close it, and with it the app, after an exception in one."""

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as fault:
            if not getattr(self.app, "survives", False):
                raise
            self.app._handle_exception(fault)


class Trouble:
    """What went wrong inside the program, for the banner. A fault that goes on happening is logged once an hour."""

    def __init__(self, now: Callable[[], datetime], log_path: str) -> None:
        self._now = now
        self._log_path = log_path
        self._feed = self._fault = ""
        self._until: datetime | None = None
        self._logged: dict[tuple[object, ...], datetime] = {}

    @property
    def text(self) -> str:
        """The banner's sentence; empty while all is well."""
        if self._until is not None and self._now() >= self._until:
            self._fault, self._until = "", None
        return self._feed or self._fault

    def feed(self, fault: Exception, what: str) -> None:
        """The feed failed; this stands until a board comes."""
        self._feed = self._sentence(fault, what)

    def boards_come(self) -> None:
        """The feed works."""
        self._feed = ""

    def fault(self, fault: Exception, what: str) -> None:
        """Something else failed; this stands for a while."""
        self._fault, self._until = self._sentence(fault, what), self._now() + _SHOWN_FOR

    def _sentence(self, fault: Exception, what: str) -> str:
        now, place = self._now(), _place(fault)
        last = self._logged.get(place)
        if last is None or now - last >= _LOGGED_AGAIN_AFTER:
            _log.error("%s", what, exc_info=fault)
            self._logged[place] = now
            while len(self._logged) > _KEPT:
                del self._logged[next(iter(self._logged))]
        reason = clean(fault, 60) or type(fault).__name__
        return f"{what}: {reason}. Details: {self._log_path}"


def _place(fault: Exception) -> tuple[object, ...]:
    """Where it was raised, so that the same fault is recognised."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return (type(fault), trace.tb_frame.f_code.co_filename, trace.tb_lineno) if trace is not None else (type(fault),)
