"""The shape of the whole: session, sources, charts, and the Board that holds everything."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from msgspec import Struct, field

from rallytui.board.shape.closeup import CloseUp
from rallytui.board.shape.risk import Claim, Risks, Sleeve
from rallytui.board.shape.target import Target
from rallytui.board.shape.watchlist import Watchlist
from rallytui.model import HealthStatus, SessionState

Mode = Literal["live", "as_of", "demo"]


class Session(Struct, frozen=True):
    """The exchange's day: times are aware UTC."""

    state: SessionState
    last_completed: date
    next_open: datetime | None
    closes: datetime | None = None
    """The close of the regular session that is running, else None."""


class SourceHealth(Struct, frozen=True):
    """How one provider is doing; times aware UTC, `last_ok` is when it last answered."""

    provider: str
    title: str
    host: str
    status: HealthStatus
    last_ok: datetime | None
    failures: int
    next_try: datetime | None
    detail: str
    delayed: bool = False
    describes: datetime | None = None
    """The newest moment its data describe."""


class Chart(Struct, frozen=True):
    """Points to draw, not part of the JSON: session dates as ordinals (`date.toordinal`) and closes, oldest first.

    `day` holds the running or last session's prices at even steps. `extra` holds further lines by name, with the
    same length as `days` and None where undefined.
    """

    days: list[int] = field(default_factory=list)
    closes: list[float] = field(default_factory=list)
    day: list[float] = field(default_factory=list)
    extra: dict[str, list[float | None]] = field(default_factory=dict)
    future_days: list[int] = field(default_factory=list)
    """The sessions still to come, to the target's date, thinned to at most 60."""
    future: dict[str, list[float]] = field(default_factory=dict)
    """Lines over `future_days`: `plan`, `low1`, `high1`, `low2`, `high2`."""


class Board(Struct, frozen=True):
    """All readings of one moment. `charts` is keyed by symbol and is only for drawing."""

    mode: Mode
    as_of: datetime
    thesis_name: str
    session: Session
    targets: list[Target]
    watchlists: list[Watchlist]
    risks: Risks
    thesis: list[Claim]
    health: list[SourceHealth]
    problems: list[str]
    sleeves: list[Sleeve] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What a reader should know that is no failure."""
    next_refresh: datetime | None = None
    """When the sources are asked again; None while they are being asked or when nothing is asked."""
    charts: dict[str, Chart] = field(default_factory=dict)
    simulated: bool = False
    """Whether all of it is invented: always with mode `demo`, and in the demo's look back with mode `as_of`."""
    sessions_back: int | None = None
    """In a look back, how many sessions lie between it and the last one that is final."""
    close_up: CloseUp | None = None
    """What the page that is open shows besides, not part of the JSON; None while none is open."""

    @property
    def is_invented(self) -> bool:
        """Whether no market is behind it, live or in a look back."""
        return self.simulated or self.mode == "demo"
