"""The Board: every finished reading of one moment, as the screen, the JSON and the alerts all see it.

Loads neither pandas nor numpy, so that the last stored board can be painted before anything heavy is imported.
Fields ending in `_pct` are percent and in `_pp` percentage points; other ratios and all odds are fractions.
A field that could not be computed is None and its reason stands in the `missing` map of the row, target or risk.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from msgspec import Struct, field

from rallytui.model import Freshness, Light, SessionState

Mode = Literal["live", "as_of", "demo"]
RungState = Literal["no_data", "open", "reached", "expired_hit", "expired_missed"]
ClaimStatus = Literal["on_track", "at_risk", "broken", "unknown"]


class Session(Struct, frozen=True):
    """The exchange's day: times are aware UTC."""

    state: SessionState
    last_completed: date
    next_open: datetime | None
    closes: datetime | None = None
    """The close of the regular session that is running, else None."""


class Odds(Struct, frozen=True):
    """A probability under two scenarios (METHODOLOGY A.9), fractions."""

    neutral: float | None = None
    real_world: float | None = None


class Sigma(Struct, frozen=True):
    """Annualised volatility as a fraction, and where it came from, as in `VIX/VIX3M interpolated`."""

    value: float | None = None
    source: str = ""


class Rung(Struct, frozen=True):
    """One level of the ladder (METHODOLOGY A.1-A.3, A.6, A.9, A.11)."""

    level: float
    state: RungState
    reached_now: bool | None
    progress_pct: float | None = None
    points_remaining: float | None = None
    remaining_pct: float | None = None
    required_cagr_pct: float | None = None
    required_daily_pct: float | None = None
    plan: float | None = None
    vs_plan_pct: float | None = None
    vs_plan_sessions: float | None = None
    sessions_left: int | None = None
    first_touch_close: date | None = None
    first_touch_intraday: date | None = None
    touched_before_baseline: date | None = None
    days_at_or_above: int | None = None
    streak: int | None = None
    p_touch: Odds = Odds()
    p_beyond: Odds = Odds()
    sigma: Sigma = Sigma()


class TrendEta(Struct, frozen=True):
    """Log-linear trend ETA with the random-walk interval (METHODOLOGY A.4); a None end means no bound."""

    sessions: float | None
    date: date | None
    low_sessions: float | None
    high_sessions: float | None
    window: int


class ModelEta(Struct, frozen=True):
    """Median first-touch time of the model (METHODOLOGY A.5), sessions, both scenarios."""

    neutral_sessions: int | None
    real_world_sessions: int | None


class Band(Struct, frozen=True):
    """An expected-move band at a horizon of `sessions`: [low1, high1] is one sigma, [low2, high2] two."""

    sessions: int
    low1: float
    high1: float
    low2: float
    high2: float


class TargetStats(Struct, frozen=True):
    """What the index did: METHODOLOGY A.4, A.5, A.7, A.8, A.10."""

    ytd_pct: float | None = None
    since_start_pct: float | None = None
    max_gain_pct: float | None = None
    max_drawdown_pct: float | None = None
    drawdown_now_pct: float | None = None
    hi52: float | None = None
    lo52: float | None = None
    dist_hi52_pct: float | None = None
    dist_lo52_pct: float | None = None
    sma50: float | None = None
    sma200: float | None = None
    cross: str | None = None
    vol_cc21_pct: float | None = None
    vol_yz21_pct: float | None = None
    implied_vol_pct: float | None = None
    """The VIX, or what stands in for it over the next 21 sessions."""
    trend_eta: TrendEta | None = None
    trend_eta_126: TrendEta | None = None
    model_eta: ModelEta | None = None
    expected_move: list[Band] = field(default_factory=list)


class Baseline(Struct, frozen=True):
    """Where the thesis started: `level` in points on session `date`."""

    date: date
    level: float | None


class Target(Struct, frozen=True):
    """One index and its ladder."""

    symbol: str
    name: str
    last: float | None
    change: float | None
    change_pct: float | None
    baseline: Baseline
    by: date
    next_rung: float | None
    rung_progress: float | None
    """Fraction of the way from the highest reached rung (or the baseline) to the next one."""
    rungs: list[Rung]
    stats: TargetStats
    source: str = ""
    quote_time: datetime | None = None
    freshness: Freshness = "missing"
    badge: str = ""
    provisional: bool = False
    """True while `last` is a quote and not the close of a finished bar."""
    missing: dict[str, str] = field(default_factory=dict)


class NextReport(Struct, frozen=True):
    """The estimated next report: a session date, give or take `window_days`."""

    date: date
    window_days: int


class Basket(Struct, frozen=True):
    """The equal-weight basket of a list (METHODOLOGY B.3); `rel_pct` is its change minus the benchmark's, in pp."""

    level: float | None = None
    change_pct: float | None = None
    rel_pct: float | None = None


class Breadth(Struct, frozen=True):
    """How many members are above their averages: `above_sma50` of `with_sma50`, and so on."""

    above_sma50: int = 0
    with_sma50: int = 0
    above_sma200: int = 0
    with_sma200: int = 0
    advancers: int = 0
    decliners: int = 0
    unchanged: int = 0
    members: int = 0


class Row(Struct, frozen=True):
    """One symbol's readings (METHODOLOGY B)."""

    symbol: str
    name: str = ""
    last: float | None = None
    change: float | None = None
    change_pct: float | None = None
    gap_pct: float | None = None
    rel_volume: float | None = None
    rel_volume_partial: bool = False
    range52: float | None = None
    hi52: float | None = None
    lo52: float | None = None
    rsi14: float | None = None
    atr14: float | None = None
    atr_pct: float | None = None
    beta60: float | None = None
    r2_60: float | None = None
    beta252: float | None = None
    corr60: float | None = None
    rs63_pct: float | None = None
    rs126_pct: float | None = None
    rs63_iwm_pct: float | None = None
    rs126_iwm_pct: float | None = None
    mansfield: float | None = None
    drawdown_pct: float | None = None
    mom21_pct: float | None = None
    mom63_pct: float | None = None
    mom126_pct: float | None = None
    mom252_pct: float | None = None
    dist_sma50_pct: float | None = None
    dist_sma200_pct: float | None = None
    vol21_pct: float | None = None
    revenue: float | None = None
    revenue_quarter: date | None = None
    revenue_yoy_pct: float | None = None
    revenue_ttm: float | None = None
    ps_ttm: float | None = None
    next_report: NextReport | None = None
    extended: float | None = None
    source: str = ""
    revenue_source: str = ""
    quote_time: datetime | None = None
    session: SessionState = "closed"
    freshness: Freshness = "missing"
    badge: str = ""
    """Words for the state of the quote, as in `delayed`, `closed`, `Thu 20 Nov`, `no trade since 10:42`."""
    flags: list[str] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)


class Watchlist(Struct, frozen=True):
    """One named list of symbols."""

    name: str
    title: str
    benchmark: str
    basket: Basket
    breadth: Breadth
    rows: list[Row]
    benchmark_row: Row | None = None


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


class Group(Struct, frozen=True):
    """One family of risks (METHODOLOGY C.4); `weight` in percent of the composite."""

    id: str
    title: str
    weight: float
    score: float | None
    band: Light
    indicators: list[Indicator]


class Composite(Struct, frozen=True):
    """The one number of the risk pane; None when coverage (a fraction) is below 0.60."""

    score: float | None
    band: Light
    coverage: float
    score_5_sessions_ago: float | None = None


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


class SourceHealth(Struct, frozen=True):
    """How one provider is doing; times aware UTC, `last_ok` is when it last answered."""

    provider: str
    title: str
    host: str
    status: str
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
    volumes: list[float] = field(default_factory=list)
    extra: dict[str, list[float | None]] = field(default_factory=dict)
    future_days: list[int] = field(default_factory=list)
    """The sessions still to come, to the target's date, thinned to at most 120."""
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
