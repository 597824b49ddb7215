"""The shape of the risks and of the thesis: indicators, groups, composite, claims."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct, field

from rallytui.model import ClaimStatus, Light


class Indicator(Struct, frozen=True):
    """One risk reading (METHODOLOGY C.1): `value` in `unit`, `score` 0 calm to 100 extreme."""

    id: str
    title: str
    value: float | None
    unit: str
    score: float | None
    band: Light
    at: date | None
    known_at: datetime | None
    freshness: float
    """1 fresh, falling to 0 as it ages (C.3); 0 is stale or missing and is left out of the scores."""
    source: str
    flags: list[str] = field(default_factory=list)
    why: str = ""
    """One sentence: what the value means today, or why there is none."""
    decimals: int = 1
    contribution: float | None = None
    """Points of the composite that this indicator's group adds, shared by weight of the score."""
    definition: str = ""
    basis: str = ""
    """On what the thresholds rest."""
    knots: list[tuple[float, float]] = field(default_factory=list)
    held: bool = False
    """Whether the light is worse than the score because it has not yet been left (C.5, G.7)."""


class Group(Struct, frozen=True):
    """One family of risks (METHODOLOGY C.4, G.7); `weight` in percent of the composite.

    `score` is the weighted mean, `band` the light of the worst member, `held` if every member with that light is held.
    """

    id: str
    title: str
    weight: float
    score: float | None
    band: Light
    indicators: list[Indicator]
    held: bool = False


class Composite(Struct, frozen=True):
    """The one number of the risk pane; None when coverage (a fraction) is below 0.60."""

    score: float | None
    band: Light
    coverage: float
    score_5_sessions_ago: float | None = None
    """As it was said then. It compares with `score` only while `note` is empty."""
    change_5_sessions: float | None = None
    """Points since then over the readings that count on both days, each as fresh as now (METHODOLOGY G.7)."""
    note: str = ""
    """Over how many readings that change is, or why there is none; empty while the same ones count on both days."""
    held: bool = False
    score_at_equal_members: float | None = None
    """The score if the readings of the session before counted and no others; what coverage alone moves is not in it."""
    band_at_equal_members: Light = "unknown"
    """The light of that score."""


class Context(Struct, frozen=True):
    """A reading that is shown beside the lights and not scored; `signed` if it is a difference."""

    title: str
    value: float | None
    unit: str
    signed: bool = True


class Sleeve(Struct, frozen=True):
    """A part of a balanced exposure: total return since the start, daily rebalanced, descriptive only."""

    title: str
    symbols: list[str]
    since_start_pct: float | None
    counted: int = 0
    """Members whose prices are in it; below 60 % of `symbols` there is no return (METHODOLOGY B.3)."""


class Risks(Struct, frozen=True):
    """All risk readings."""

    composite: Composite
    groups: list[Group]
    context: list[Context] = field(default_factory=list)


class Claim(Struct, frozen=True):
    """One claim of the thesis and the evidence for its status (METHODOLOGY D)."""

    id: str
    claim: str
    status: ClaimStatus
    evidence: str
    brief: str = ""
    """The evidence as one number, for a narrow pane."""
    next_test: str = ""
    """What tests the claim next, as in `FOMC 9 Dec, in 17 days`; empty if nothing known does."""
    reached: date | None = None
    """Of a claim that a close fulfils, the first that did; it stays when the level is lost (METHODOLOGY G.8)."""
    lost_since: date | None = None
    """Since which close the level is lost again."""
