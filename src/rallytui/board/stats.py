"""What the index did since the start and over the year, and where trend and model point (METHODOLOGY A.4-A.10)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rallytui.board.base import Base, percent
from rallytui.board.moment import History
from rallytui.board.shape import Band, ModelEta, TargetStats, TrendEta
from rallytui.board.sigma import horizon_sigma, inputs_of
from rallytui.indicators import eta, moves, pricepath
from rallytui.indicators.arrays import FloatArray
from rallytui.indicators.numbers import change_pct
from rallytui.indicators.volatility import vol_cc, vol_yz

MOVE_SESSIONS = (1, 5, 21)
TREND_SESSIONS = 63
OPENING_PRINTS = "SPY"


def build_stats(base: Base, next_rung: float | None) -> TargetStats:
    """What the index did since the start and over the year, and where trend and model point."""
    history, moment = base.history, base.moment
    if history is None:
        return TargetStats()
    spy, own = moment.history(OPENING_PRINTS), inputs_of(base)
    return moment.memo.get(
        ("stats", base.settings.name),
        (next_rung, base.level, moment.completed, spy, *own),
        lambda: stats_of(base, history, next_rung),
    )


def stats_of(base: Base, history: History, next_rung: float | None) -> TargetStats:
    """The same, computed."""
    moment = base.moment
    slow = moment.memo.get(
        ("daily stats", base.settings.name),
        (history, base.start, moment.history(OPENING_PRINTS)),
        lambda: daily_stats(base, history),
    )
    last, year = base.last, slow.year
    implied = horizon_sigma(base, base.moment.calendar.after(base.day, MOVE_SESSIONS[-1]))
    since = slow.since_start
    return TargetStats(
        ytd_pct=pricepath.ytd_pct(last, history.days, history.close, max(base.day, moment.completed)),
        since_start_pct=change_pct(last, base.level) if base.started else None,
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
        yz21=percent(yang_zhang.value) if yang_zhang and yang_zhang.method == "yz" else None,
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
