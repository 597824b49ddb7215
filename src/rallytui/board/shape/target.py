"""The shape of a target: one index, its ladder, its odds, what it did."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct, field

from rallytui.indicators.target import RungState
from rallytui.model import Freshness

CORRECTION = 0.0002
"""A bar's close that differs by more than this fraction from the final quote is told (METHODOLOGY G.1)."""


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
    sigma_distance: float | None = None
    """ln(level / last) in standard deviations of the time that is left, by `sigma`; negative for a level below."""
    plan: float | None = None
    vs_plan_pct: float | None = None
    vs_plan_sessions: float | None = None
    sessions_left: int | None = None
    first_touch_close: date | None = None
    lost_since: date | None = None
    """The first of the closes up to the newest that lie back on the near side after a touch (G.8)."""
    first_touch_intraday: date | None = None
    touched_before_baseline: date | None = None
    days_at_or_above: int | None = None
    share_at_or_above_pct: float | None = None
    """`days_at_or_above` of all sessions since the baseline that have a close."""
    crossings_up: int | None = None
    """Closes at or past the level after one that was not."""
    streak: int | None = None
    p_touch: Odds = Odds()
    p_beyond: Odds = Odds()
    """To stand at or past the level at the last day's close."""
    sigma: Sigma = Sigma()
    down: bool = False
    """Whether the level lies below the baseline: past it is at or below it."""


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


class Closing(Struct, frozen=True):
    """What the last session closed at by its final quote, and by its bar once that is here (METHODOLOGY G.1)."""

    session: date
    quoted: float
    bar: float | None = None

    @property
    def is_corrected(self) -> bool:
        """Whether the bar tells another close than the quote did."""
        return self.bar is not None and abs(self.bar / self.quoted - 1) > CORRECTION


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
    closing: Closing | None = None
    missing: dict[str, str] = field(default_factory=dict)
