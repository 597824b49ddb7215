"""The target pane's readings: one index, its ladder, its odds and its statistics (METHODOLOGY A)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from rallytui.board.moment import History, Moment
from rallytui.board.price import Price, price_of
from rallytui.board.shape import (
    Band,
    Baseline,
    ModelEta,
    Odds,
    Rung,
    Sigma,
    Target,
    TargetStats,
    TrendEta,
)
from rallytui.config import TargetSettings
from rallytui.indicators import eta, moves, odds, pricepath, target
from rallytui.indicators.arrays import FloatArray
from rallytui.indicators.moves import Volatility
from rallytui.indicators.numbers import change_pct
from rallytui.indicators.touches import Touches, touches
from rallytui.indicators.volatility import vol_cc, vol_yz

SP500, VIX, VIX3M = "^GSPC", "^VIX", "^VIX3M"
VIX_SERIES = {VIX: "VIXCLS", VIX3M: "VXVCLS"}
OLDEST_VIX_SESSIONS = 4
MOVE_SESSIONS = (1, 5, 21)
TREND_SESSIONS = 63
SHORTEST_CAGR_DAYS = 30
OPENING_PRINTS = "SPY"


@dataclass(frozen=True, eq=False, slots=True)
class Base:
    """What the readings of one target share."""

    moment: Moment
    settings: TargetSettings
    price: Price | None
    history: History | None
    start: date
    level: float | None

    @property
    def day(self) -> date:
        """The session `t` that the readings are about."""
        return self.price.session_date if self.price else self.moment.completed

    @property
    def is_sp500(self) -> bool:
        """Whether the VIX and SPY speak of this target."""
        return self.settings.symbol == SP500

    @property
    def last(self) -> float | None:
        return self.price.value if self.price else None

    @property
    def sessions_left(self) -> int:
        return self.moment.calendar.count(self.day, self.settings.by)


def base_of(moment: Moment, settings: TargetSettings) -> Base:
    """Price, history and baseline of one `[[targets]]` entry."""
    history, start = moment.history(settings.symbol), moment.settings.baseline_of(settings)
    level = settings.baseline_level or (history.close_on(start) if history else None)
    return Base(moment, settings, price_of(moment, settings.symbol), history, start, level)


def build_target(base: Base) -> Target:
    """All readings of one target."""
    settings, level = base.settings, base.level
    rungs = [build_rung(base, rung) for rung in sorted(settings.levels)]
    reached = [rung.level for rung in rungs if is_behind(base, rung)]
    ladder = target.ladder(settings.levels, level, reached, base.last) if level else None
    price = base.price
    return Target(
        symbol=settings.symbol,
        name=settings.name,
        last=base.last,
        change=price.change if price else None,
        change_pct=price.change_pct if price else None,
        baseline=Baseline(base.start, level),
        by=settings.by,
        next_rung=ladder.next_rung if ladder else min(settings.levels),
        rung_progress=ladder.progress if ladder else None,
        rungs=rungs,
        stats=build_stats(base, ladder.next_rung if ladder else None),
        source=price.source if price else "",
        quote_time=price.at if price else None,
        freshness=price.freshness if price else "missing",
        badge=price.badge if price else "",
        provisional=bool(price and price.quote),
        missing=missing(base),
    )


def is_behind(base: Base, rung: Rung) -> bool:
    """Whether the way no longer leads to this rung: it had its closing touch, or, without any history, lies behind."""
    return rung.first_touch_close is not None or (base.history is None and bool(rung.reached_now))


def missing(base: Base) -> dict[str, str]:
    """Why readings are not there."""
    reasons: dict[str, str] = {}
    if base.price is None:
        reasons["last"] = f"no price of {base.settings.symbol} from any source"
    elif base.price.change is None:
        reasons["change_pct"] = f"no close of the session before {base.day}"
    if base.history is None:
        reasons["stats"] = f"no daily history of {base.settings.symbol} from any source"
    elif base.level is None:
        reasons["rungs"] = f"no close on the baseline day {base.start}; set baseline_level in the config"
    return reasons


def build_rung(base: Base, level: float) -> Rung:
    """One level of the ladder."""
    moment, start_level, last = base.moment, base.level, base.last
    hits, final = touched(base, level), moment.calendar.last_final(moment.as_of)
    left = base.sessions_left
    days = (base.settings.by - base.day).days
    total, elapsed = (moment.calendar.count(base.start, day) for day in (base.settings.by, base.day))
    pace = target.required_pace(last, level, days, left)
    plan = target.plan_line(start_level, level, total, elapsed)
    sigma = horizon_sigma(base, base.settings.by)
    return Rung(
        level=level,
        state=target.rung_state(
            *(last, start_level, level, hits.first_touch_close if hits else None),
            completed=final,  # the last day is judged by its finished bar, not in the two hours before
            by=base.settings.by,
            sessions_left=moment.calendar.count(final, base.settings.by),
        ),
        reached_now=target.reached_now(last, start_level, level),
        progress_pct=target.progress_pct(last, start_level, level),
        points_remaining=target.points_remaining(last, level),
        remaining_pct=target.remaining_pct(last, level),
        required_cagr_pct=percent(pace.cagr) if pace and days >= SHORTEST_CAGR_DAYS else None,
        required_daily_pct=percent(pace.daily_simple) if pace else None,
        plan=plan,
        vs_plan_pct=target.vs_plan_pct(last, plan),
        vs_plan_sessions=target.vs_plan_sessions(last, start_level, level, total, elapsed),
        sessions_left=left,
        first_touch_close=hits.first_touch_close if hits else None,
        first_touch_intraday=hits.first_touch_intraday if hits else None,
        touched_before_baseline=hits.touched_before_baseline if hits else None,
        days_at_or_above=hits.days_at_or_above if hits else None,
        streak=hits.streak if hits else None,
        p_touch=touch_odds(base, level, hits, sigma),
        p_beyond=both(base, lambda s, tau, mu: odds.p_at_or_above(last, level, s, tau, mu), sigma),
        sigma=Sigma(sigma.value, sigma.source) if sigma else Sigma(),
    )


def touched(base: Base, level: float) -> Touches | None:
    """When finished bars touched the level, from the baseline to the target's last day."""
    history, start_level = base.history, base.level
    if history is None or start_level is None:
        return None
    return base.moment.memo.get(
        ("touches", base.settings.name, level),
        (history, start_level, base.start, base.settings.by),
        lambda: touches(
            *(history.days, history.high, history.low, history.close),
            base=start_level,
            level=level,
            start=base.start,
            end=base.settings.by,
        ),
    )


def touch_odds(base: Base, level: float, hits: Touches | None, sigma: Volatility | None) -> Odds:
    """The chance of a closing touch, or of a re-test; with no session left it is what happened."""
    if base.sessions_left <= 0 and hits is not None:
        happened = float(hits.first_touch_close is not None)
        return Odds(happened, happened)
    return both(base, lambda s, tau, mu: odds.p_touch(base.last, level, s, tau, mu, at_closes=True), sigma)


def both(base: Base, chance: Callable[[float, float, float], float | None], sigma: Volatility | None) -> Odds:
    """A probability under both scenarios of the settings, from today's price to the target's last day."""
    tau = odds.horizon(base.moment.calendar, base.day, base.settings.by)
    if sigma is None or tau is None:
        return Odds()
    views = base.moment.settings.odds
    return Odds(*(chance(view.sigma_factor * sigma.value, tau, view.mu) for view in (views.neutral, views.real_world)))


def percent(fraction: float | None) -> float | None:
    return None if fraction is None else 100 * fraction


def index_close(moment: Moment, symbol: str) -> float | None:
    """A volatility index's last close in points, at most four sessions old; FRED's copy if need be."""
    oldest = moment.calendar.after(moment.completed, -OLDEST_VIX_SESSIONS)
    history = moment.history(symbol)
    if history is not None:
        sessions = history.days[history.days <= np.datetime64(moment.completed, "D")]
        if len(sessions) and sessions[-1] >= np.datetime64(oldest, "D"):
            return float(history.close[len(sessions) - 1])
    series = moment.tape.series.get(VIX_SERIES[symbol])
    if series is None:
        return None
    row = series.frame.iloc[-1]
    return float(row["value"]) if row["obs"].date() >= oldest else None


def implied_pair(moment: Moment) -> tuple[float | None, float | None]:
    """The closes of VIX and VIX3M in points."""
    tape = moment.tape
    inputs = [tape.bars.get(symbol) for symbol in VIX_SERIES] + [tape.series.get(name) for name in VIX_SERIES.values()]
    return moment.memo.get(
        ("implied",),
        (*inputs, moment.completed),
        lambda: (index_close(moment, VIX), index_close(moment, VIX3M)),
    )


def horizon_sigma(base: Base, end: date) -> Volatility | None:
    """The volatility for the time until `end`: implied, else realised (METHODOLOGY A.9)."""
    moment, history = base.moment, base.history
    days = (end - base.day).days
    vix, vix3m = implied_pair(moment) if base.is_sp500 else (None, None)
    if vix is not None or vix3m is not None or history is None:
        return moves.horizon_volatility(vix, vix3m, days)
    realised = moment.memo.get(("vol63", history.symbol), (history,), lambda: realised63(history))
    return moves.horizon_volatility(None, None, days, yz63=realised[0], cc63=realised[1])


def realised63(history: History) -> tuple[float | None, float | None]:
    """Yang-Zhang and close-to-close volatility of 63 sessions, yearly fractions."""
    yang_zhang = vol_yz(history.open, history.high, history.low, history.close, 63)
    return (yang_zhang.value if yang_zhang else None), vol_cc(history.close, 63)


def build_stats(base: Base, next_rung: float | None) -> TargetStats:
    """What the index did since the start and over the year, and where trend and model point."""
    history, moment = base.history, base.moment
    if history is None:
        return TargetStats()
    slow = moment.memo.get(
        ("daily stats", base.settings.name), (history, base.start), lambda: daily_stats(base, history)
    )
    last, year = base.last, slow.year
    implied = horizon_sigma(base, base.moment.calendar.after(base.day, MOVE_SESSIONS[-1]))
    since = slow.since_start
    return TargetStats(
        ytd_pct=pricepath.ytd_pct(last, history.days, history.close, max(base.day, moment.completed)),
        since_start_pct=change_pct(last, base.level),
        max_gain_pct=pricepath.max_gain_pct(since, base.level),
        max_drawdown_pct=pricepath.max_drawdown_pct(since),
        drawdown_now_pct=pricepath.drawdown_pct(history.close, last),
        hi52=year.high if year else None,
        lo52=year.low if year else None,
        dist_hi52_pct=change_pct(last, year.high) if year else None,
        dist_lo52_pct=change_pct(last, year.low) if year else None,
        sma50=slow.sma50,
        sma200=slow.sma200,
        cross=slow.cross,
        vol_cc21_pct=slow.cc21,
        vol_yz21_pct=slow.yz21,
        implied_vol_pct=percent(implied.value) if implied else None,
        trend_eta=trend(base, history, next_rung, TREND_SESSIONS),
        trend_eta_126=trend(base, history, next_rung, 2 * TREND_SESSIONS),
        model_eta=model(base, next_rung),
        expected_move=expected_moves(base),
    )


@dataclass(frozen=True, eq=False, slots=True)
class DailyStats:
    """What only a new bar can change."""

    since_start: FloatArray
    year: pricepath.YearRange | None
    sma50: float | None
    sma200: float | None
    cross: str | None
    cc21: float | None
    yz21: float | None


def daily_stats(base: Base, history: History) -> DailyStats:
    cross = pricepath.last_cross(history.close)
    # an index's opening print is often the close before; the fund's is a trade
    spy = (base.moment.history(OPENING_PRINTS) if base.is_sp500 else None) or history
    yang_zhang = vol_yz(spy.open, spy.high, spy.low, spy.close)
    return DailyStats(
        since_start=history.close[history.days > np.datetime64(base.start, "D")],
        year=pricepath.year_range(history.days, history.high, history.low, history.last_day),
        sma50=pricepath.sma(history.close, 50),
        sma200=pricepath.sma(history.close, 200),
        cross=f"{cross.kind} cross {cross.sessions_ago} sessions ago" if cross else None,
        cc21=percent(vol_cc(history.close)),
        yz21=percent(yang_zhang.value) if yang_zhang else None,
    )


def trend(base: Base, history: History, level: float | None, window: int) -> TrendEta | None:
    found = eta.trend_eta(history.close, base.last, level, window)
    if found is None:
        return None
    day = eta.eta_date(base.moment.calendar, base.day, found.sessions)
    return TrendEta(found.sessions, day, found.low, found.high, found.trend.window)


def model(base: Base, level: float | None) -> ModelEta | None:
    sigma = horizon_sigma(base, base.settings.by)
    if sigma is None or level is None or base.last is None:
        return None
    views = base.moment.settings.odds
    times = [
        eta.model_eta(base.last, level, view.sigma_factor * sigma.value, view.mu)
        for view in (views.neutral, views.real_world)
    ]
    return ModelEta(*(found.sessions if found else None for found in times))


def expected_moves(base: Base) -> list[Band]:
    """The bands for a day, a week, a month and to the target's last day (METHODOLOGY A.10)."""
    bands = []
    for sessions in (*MOVE_SESSIONS, base.sessions_left):
        if sessions <= 0:
            continue
        sigma = horizon_sigma(base, base.moment.calendar.after(base.day, sessions))
        move = moves.expected_move(base.last, sigma.value if sigma else None, sessions)
        if move is not None:
            bands.append(Band(sessions, move.low1, move.high1, move.low2, move.high2))
    return bands
