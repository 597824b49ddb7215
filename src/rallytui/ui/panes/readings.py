"""A risk reading in words: its number, its light, the period it describes; for the list and for its page."""

from __future__ import annotations

import re
from datetime import date, timedelta

from rallytui.board.shape import Board, Indicator
from rallytui.model import Light
from rallytui.sessions import NEW_YORK
from rallytui.ui.format import change, day, month, price, quarter
from rallytui.ui.glyphs import Glyphs

_LIVE = timedelta(minutes=20)
_SEVERITY = {"stress": 3, "watch": 2, "unknown": 1, "calm": 0}
_CHANGES = (" vs ", "y/y", " minus ")
_WINDOW = re.compile(r",? \d+ [dm]$")
_COMMA = re.compile(r", (\d+ [dm])$")


def today(board: Board) -> date:
    """The New York date of the board."""
    return board.as_of.astimezone(NEW_YORK).date()


def light_of(reading: Indicator) -> Light:
    """The light to show: what is stale or has no score is unknown, whatever it was before."""
    return "unknown" if reading.score is None or reading.freshness <= 0 else reading.band


def severity(reading: Indicator) -> tuple[int, float]:
    """For sorting, the worst highest."""
    return _SEVERITY[light_of(reading)], reading.score or 0.0


def number(reading: Indicator, g: Glyphs) -> str:
    """The value without its unit. What can lie on both sides of zero, or is a change, carries its sign."""
    return (change if is_signed(reading) else price)(reading.value, reading.decimals, g)


def is_signed(reading: Indicator) -> bool:
    """Whether its numbers carry a plus."""
    two_sided = any(x < 0 for x, _ in reading.knots)
    return two_sided or any(word in reading.title for word in _CHANGES)


def when(reading: Indicator, board: Board, g: Glyphs) -> str:
    """The period a reading describes: `now`, `22 Jul`, `Jun`, `Q1`; with a dagger once it is stale."""
    if reading.at is None:
        return ""
    text = _period(reading, reading.at, board, g)
    return f"{text} {g.stale}" if reading.freshness <= 0 else text


def _period(reading: Indicator, at: date, board: Board, g: Glyphs) -> str:
    now = today(board)
    known = reading.known_at
    live = board.mode != "as_of" and board.session.state != "closed"
    if at == now and live and known is not None and board.as_of - known < _LIVE:
        return "now"
    # The board has dates only; how late a date became known tells a month or a quarter from a day.
    lag = (known.astimezone(NEW_YORK).date() - at).days if known else 0
    slow = lag >= 10 or (lag <= 0 and (now - at).days >= 45)
    if at.day == 1 and slow:
        return (quarter if lag >= 100 else month)(at, now, g)
    if slow and at.month % 3 == 0 and (at + timedelta(days=1)).day == 1:
        return quarter(at, now, g)
    return day(at, now, g)


def source_title(board: Board, provider: str) -> str:
    """`EDGAR` for `sec`: the name that the source has in the last row."""
    return next((health.title for health in board.health if health.provider == provider and health.title), provider)


def tightened(title: str, width: int) -> str:
    """A title without the comma before its window, if that makes it fit: `Gold vs S&P 63 d`."""
    return title if len(title) <= width else _COMMA.sub(r" \1", title)


def shortened(title: str) -> str:
    """A title without its window: `Gold vs S&P` for `Gold vs S&P, 63 d`."""
    return _WINDOW.sub("", title)
