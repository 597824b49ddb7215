"""Words for the codes of a board, for all that is read by a person: the codes themselves are for programs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from math import isfinite
from zoneinfo import ZoneInfo

from rallytui.board.shape import Board, Odds, Rung, SourceHealth
from rallytui.indicators.target import beyond
from rallytui.model import SessionState

HONESTY = (
    "Describes how much of the thesis' known risks is visible in prices and data today. It is not a forecast: "
    "historically it said nothing about the next three months' return."
)
SESSIONS: dict[SessionState, str] = {
    "pre": "pre-market",
    "regular": "regular",
    "post": "after hours",
    "closed": "closed",
}
RUNGS = {"open": "open", "expired_missed": "not reached", "no_data": "no data", "expired_hit": "reached"}


def rung_words(rung: Rung) -> str:
    """What became of a level: reached and lost again is `lost`, with its day where that is in `rung.lost_since`."""
    if rung.first_touch_close is None:
        return RUNGS.get(rung.state, rung.state)
    return "lost" if is_lost(rung) else "reached"


def is_lost(rung: Rung) -> bool:
    """Whether a level that was reached no longer holds: by its closes, or by the price of now."""
    return rung.first_touch_close is not None and (rung.lost_since is not None or rung.reached_now is False)


def lost_words(rung: Rung) -> str:
    """`lost since 2025-12-12`; `lost` where only the price of now lies back, empty while the level holds or is open."""
    if not is_lost(rung):
        return ""
    return "lost" if rung.lost_since is None else f"lost since {rung.lost_since.isoformat()}"


def beyond_words(rungs: Iterable[Rung]) -> str:
    """On which side of them levels are reached: at or above, at or below, or at or past where there are both."""
    sides = {rung.down for rung in rungs}
    return "at or past" if len(sides) > 1 else "at or below" if True in sides else "at or above"


def side_words(rung: Rung) -> str:
    """Where a price is that has passed the level, `above` or `below`."""
    return "below" if rung.down else "above"


def is_past(rung: Rung, price: float | None) -> bool:
    """Whether a price is at or past the level."""
    return price is not None and beyond(price, rung.level, up=not rung.down)


def odds_words(odds: Odds) -> str:
    """The two scenarios as one range in percent, low first: `51–54 %`, `<1 %`, `98 to >99 %`; empty if unknown."""
    ends = sorted(end for end in (odds.neutral, odds.real_world) if end is not None and isfinite(end))
    parts = list(dict.fromkeys(map(_chance, ends)))
    # A dash beside a sign is read as one more sign.
    to = "–" if "".join(parts).isdigit() else " to "
    return f"{to.join(parts)} %" if parts else ""


def _chance(fraction: float) -> str:
    """Whole percent; what would round to never or always says so."""
    return "<1" if fraction < 0.01 else ">99" if fraction > 0.99 else f"{100 * fraction:.0f}"


def source_words(health: SourceHealth) -> str:
    """How a source is doing, with the reason if it is not well."""
    if health.status == "skipped":
        return health.detail or "not asked"
    status = "not asked this time" if health.status == "untried" else health.status
    return f"{status}: {health.detail}" if health.detail else status


def name_of(board: Board, symbol: str) -> str:
    """What a symbol is called on the screen: an index by its name, a share by its symbol."""
    rows = [one.benchmark_row for one in board.watchlists if one.benchmark_row is not None]
    names = {row.symbol: row.name for row in rows if row.name}
    names |= {one.symbol: one.name for one in reversed(board.targets)}
    return names.get(symbol, symbol)


def moment_words(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """`14:32 EST` of today, `Fri 20 Nov 16:00 EST` of another day, with the year if it is not this one."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    year = "" if local.year == today.year else f"{local.year} "
    day = "" if local.date() == today else f"{local:%a} {local.day} {local:%b} {year}"
    return f"{day}{local:%H:%M %Z}"
