"""The target pane's readings: one index, its ladder and its odds (METHODOLOGY A)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from rallytui.board.base import Base, percent
from rallytui.board.price import closing_of
from rallytui.board.shape import Baseline, Odds, Rung, Sigma, Target
from rallytui.board.sigma import horizon_sigma
from rallytui.board.stats import build_stats
from rallytui.indicators import odds, target
from rallytui.indicators.moves import Volatility
from rallytui.indicators.touches import Touches, lost_since, touches

SHORTEST_CAGR_DAYS = 30


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
        closing=closing_of(base.moment, settings.symbol),
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
    hits, judged = touched(base, level), judged_to(base)
    left = base.sessions_left
    days = (base.settings.by - base.day).days
    total, elapsed = (moment.calendar.count(base.start, day) for day in (base.settings.by, base.day))
    pace = target.required_pace(last, level, days, left)
    plan = target.plan_line(start_level, level, total, elapsed) if base.started else None
    sigma, tau = horizon_sigma(base, base.settings.by), odds.horizon(moment.calendar, base.day, base.settings.by)
    return Rung(
        level=level,
        state=target.rung_state(
            *(last, start_level, level, hits.first_touch_close if hits else None),
            completed=judged,
            by=base.settings.by,
            sessions_left=moment.calendar.count(judged, base.settings.by),
        ),
        reached_now=target.reached_now(last, start_level, level),
        progress_pct=target.progress_pct(last, start_level, level) if base.started else None,
        points_remaining=target.points_remaining(last, level),
        remaining_pct=target.remaining_pct(last, level),
        required_cagr_pct=percent(pace.cagr) if pace and days >= SHORTEST_CAGR_DAYS else None,
        required_daily_pct=percent(pace.daily_simple) if pace else None,
        sigma_distance=target.sigma_distance(last, level, sigma.value, tau) if sigma else None,
        plan=plan,
        vs_plan_pct=target.vs_plan_pct(last, plan),
        vs_plan_sessions=target.vs_plan_sessions(last, start_level, level, total, elapsed) if base.started else None,
        sessions_left=left,
        first_touch_close=hits.first_touch_close if hits else None,
        lost_since=lost(base, level, hits),
        first_touch_intraday=hits.first_touch_intraday if hits else None,
        touched_before_baseline=hits.touched_before_baseline if hits else None,
        days_at_or_above=hits.days_at_or_above if hits else None,
        share_at_or_above_pct=percent(hits.share) if hits else None,
        crossings_up=hits.crossings_up if hits else None,
        streak=hits.streak if hits else None,
        p_touch=touch_odds(base, level, hits, sigma),
        p_beyond=beyond_odds(base, level, sigma),
        sigma=Sigma(sigma.value, sigma.source) if sigma else Sigma(),
        down=is_down(base, level),
    )


def judged_to(base: Base) -> date:
    """The last session whose close is here, of a bar or of a final quote: without it a last day is not missed yet."""
    return base.history.last_day if base.history else base.moment.calendar.last_final(base.moment.as_of)


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


def lost(base: Base, level: float, hits: Touches | None) -> date | None:
    """Since which close a level that was reached is lost again; None while it holds."""
    history, start_level, first = base.history, base.level, hits.first_touch_close if hits else None
    if history is None or start_level is None or first is None:
        return None
    return base.moment.memo.get(
        ("lost", base.settings.name, level),
        (history, start_level, first),
        lambda: lost_since(history.days, history.close, base=start_level, level=level, touched=first),
    )


def touch_odds(base: Base, level: float, hits: Touches | None, sigma: Volatility | None) -> Odds:
    """The chance of a closing touch, or of a re-test; with no session left it is what happened."""
    if base.day > base.settings.by:
        return Odds()
    if base.sessions_left <= 0 and hits is not None:
        happened = float(hits.first_touch_close is not None)
        return Odds(happened, happened)
    return both(base, lambda s, tau, mu: odds.p_touch(base.last, level, s, tau, mu, at_closes=True), sigma)


def is_down(base: Base, level: float) -> bool:
    """Whether a level is reached from above: it lies below the baseline."""
    return base.level is not None and level < base.level


def beyond_odds(base: Base, level: float, sigma: Volatility | None) -> Odds:
    """The chance to stand at or past the level at the last day's close."""
    above = both(base, lambda s, tau, mu: odds.p_at_or_above(base.last, level, s, tau, mu), sigma)
    if not is_down(base, level):
        return above
    return Odds(*(None if p is None else 1 - p for p in (above.neutral, above.real_world)))


def both(base: Base, chance: Callable[[float, float, float], float | None], sigma: Volatility | None) -> Odds:
    """A probability under both scenarios of the settings, from today's price to the target's last day."""
    tau = odds.horizon(base.moment.calendar, base.day, base.settings.by)
    if sigma is None or tau is None:
        return Odds()
    views = base.moment.settings.odds
    return Odds(*(chance(view.sigma_factor * sigma.value, tau, view.mu) for view in (views.neutral, views.real_world)))
