"""The time machine's arithmetic: which day a key leads to."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from rallytui.board.shape import Board, Record
from rallytui.sessions import new_york_date
from rallytui.ui.source import BoardSource


def stepped(source: BoardSource, sessions: int) -> date | None:
    """The day `sessions` on from the one shown; live lies one session after the last evening."""
    last = source.days[1]
    if source.looking_at is None:
        return None if sessions > 0 else source.session(last, sessions + 1)
    if source.looking_at >= last and sessions > 0:
        return None
    return source.session(source.looking_at, sessions)


def months_on(source: BoardSource, months: int) -> date | None:
    """The same day of another month, or the session before it; beyond the last evening it is live."""
    last = source.days[1]
    if source.looking_at is None and months > 0:
        return None
    there = same_day(source.looking_at or last, months)
    return None if there > last else source.session(there)


def same_day(day: date, months: int) -> date:
    """`day` in another month; the last day of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def recorded_by(board: Board | None, records: list[Record]) -> list[Record]:
    """The records that may be shown: in a look back those of its day and before."""
    if board is None or board.mode != "as_of":
        return records
    day = new_york_date(board.as_of)
    return [record for record in records if record.session <= day]
