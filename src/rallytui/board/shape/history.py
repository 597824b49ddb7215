"""The shape of the board's past: what it judged at the end of one session, small enough to keep for years."""

from __future__ import annotations

from datetime import date

from msgspec import Struct, field

from rallytui.indicators.target import RungState
from rallytui.model import ClaimStatus, Light

SCHEMA = 2
"""Raised when a record means something else than before."""


class Mark(Struct, frozen=True, array_like=True):
    """A score, 0 calm to 100 extreme, and its light; None and `unknown` where there was none."""

    score: float | None
    band: Light


class RungMark(Struct, frozen=True, array_like=True):
    """One level of a target's ladder."""

    level: float
    state: RungState
    reached_now: bool | None


class TargetMark(Struct, frozen=True):
    """A target's last close in points and its ladder, lowest level first."""

    symbol: str
    close: float | None
    rungs: list[RungMark] = field(default_factory=list)


class Record(Struct, frozen=True):
    """The board of 18:00 New York on `session`, as far as it judges. `coverage` is a fraction; keys are ids."""

    session: date
    composite: Mark
    coverage: float
    groups: dict[str, Mark] = field(default_factory=dict)
    indicators: dict[str, Mark] = field(default_factory=dict)
    claims: dict[str, ClaimStatus] = field(default_factory=dict)
    targets: list[TargetMark] = field(default_factory=list)
