"""What happened: the event that a tripwire makes, as it is told, kept and handed to a command."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from rallytui.board.shape import Board
from rallytui.sessions import new_york_date

Severity = Literal["info", "watch", "bad"]
TEXT_LENGTH = 100


class Event(Struct, frozen=True):
    """One event; (rule, subject, session) says which, so that the same one is never told twice.

    `session` is the New York session it belongs to, `at` when it was seen (aware UTC). `path` is the reading's, `old`
    and `new` are its values as text. `text` is one plain sentence of at most 100 characters.
    """

    rule: str
    subject: str
    session: date
    at: datetime
    title: str
    text: str
    path: str = ""
    old: str = ""
    new: str = ""
    severity: Severity = "info"
    simulated: bool = False

    @property
    def key(self) -> tuple[str, str, date]:
        """What makes it the same event as another one."""
        return self.rule, self.subject, self.session


def session_of(board: Board) -> date:
    """The session that what is seen now belongs to: today's from its early hours to its close, else the last one."""
    if board.session.state in ("pre", "regular"):
        return new_york_date(board.as_of)
    return board.session.last_completed


def shortened(text: str) -> str:
    """At most 100 characters."""
    return text if len(text) <= TEXT_LENGTH else text[: TEXT_LENGTH - 1] + "…"
