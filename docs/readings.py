"""Every reading that a tripwire can watch, by its path: the table in configuration.md."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from rallytui.alerts.path import bare, follow, is_number, options, paths
from rallytui.alerts.skeleton import skeleton
from rallytui.config import Settings, TargetSettings, WatchlistSettings

SAMPLE = Settings(
    targets=[TargetSettings("SYMBOL", levels=[1.0])], watchlists={"NAME": WatchlistSettings(symbols=["SYMBOL"])}
)
PLACES = {
    "targets.SYMBOL": "An index and where it stands.",
    "targets.SYMBOL.rungs.LEVEL": "A level of its ladder, written without separators: `rungs.6900`.",
    "targets.SYMBOL.stats": "What the index did.",
    "watchlists.NAME": "A watchlist as a whole; NAME is that of `[watchlists.NAME]`.",
    "watchlists.NAME.SYMBOL": "A name of it. `watchlists.NAME.benchmark_row` has the same for its benchmark.",
    "risks": "The composite of all risks.",
    "risks.GROUP": "A group, by its id: `risks.AI`.",
    "risks.ID": "An indicator, by its id: `risks.VC1`.",
    "thesis.ID": "A claim, by its id: `thesis.D1`.",
    "session": "The exchange.",
    "health.SOURCE": "A source, by its name under `[providers]`: `health.cboe`.",
}
"""Where readings are, and what is there; the longest that a path begins with counts."""
FRESH = "How old its price is."
SIDES = "in the neutral scenario", "in the real-world scenario"
MEANING = {
    "targets.SYMBOL": {
        "last": "The newest price.",
        "change": "Points against the close of the session before.",
        "change_pct": "The same in percent.",
        "baseline.date": "The session of the baseline.",
        "baseline.level": "The close of that session.",
        "by": "The last day.",
        "next_rung": "The next level that is not reached.",
        "rung_progress": "How much of the way to it is done, a fraction.",
        "quote_time": "When the price was made.",
        "source": "Who gave the price.",
        "freshness": FRESH,
        "provisional": "Whether the price is a quote; the bar of its session is not here yet.",
        "closing.session": "The last session that a final quote is known of.",
        "closing.quoted": "What it closed at by that quote.",
        "closing.bar": "What it closed at by its daily bar, once that is here.",
    },
    "targets.SYMBOL.rungs.LEVEL": {
        "level": "The level itself.",
        "state": "What became of it.",
        "reached_now": "Whether the price is at or past it.",
        "progress_pct": "How much of the way from the baseline to it is done.",
        "points_remaining": "Points still to go; below 0 it lies behind.",
        "remaining_pct": "The same in percent of the price.",
        "required_cagr_pct": "The pace that is needed, a year.",
        "required_daily_pct": "The pace that is needed, a session.",
        "sigma_distance": "How many standard deviations of the time left it is away.",
        "plan": "Where the plan line stands today.",
        "vs_plan_pct": "The price against the plan line.",
        "vs_plan_sessions": "Sessions ahead of the plan; below 0 behind it.",
        "sessions_left": "Sessions until the last day.",
        "lost_since": "The first of the closes up to now that lie back on the near side after a touch.",
        "down": "Whether the level lies below the baseline: at or past it is then at or below it.",
        "first_touch_close": "The first close at or past it.",
        "first_touch_intraday": "The first session that traded there.",
        "touched_before_baseline": "The last session before the baseline that traded there.",
        "days_at_or_above": "Closes at or past it since the baseline.",
        "share_at_or_above_pct": "The same as a share of all sessions.",
        "crossings_up": "How often it was crossed upwards.",
        "streak": "Closes in a row at or past it, until now.",
        "p_touch.neutral": f"The odds of a touch until the last day, a fraction, {SIDES[0]}.",
        "p_touch.real_world": f"The same {SIDES[1]}.",
        "p_beyond.neutral": f"The odds of closing past it on the last day, a fraction, {SIDES[0]}.",
        "p_beyond.real_world": f"The same {SIDES[1]}.",
        "sigma.value": "The volatility behind the odds, a year, a fraction.",
        "sigma.source": "Where that volatility is from.",
    },
    "targets.SYMBOL.stats": {
        "ytd_pct": "Change since the end of last year.",
        "since_start_pct": "Change since the baseline.",
        "max_gain_pct": "The highest close since the baseline against it.",
        "max_drawdown_pct": "The deepest fall from a high since the baseline.",
        "drawdown_now_pct": "The price against the highest close of 252 sessions.",
        "hi52": "The highest price of a year.",
        "lo52": "The lowest price of a year.",
        "dist_hi52_pct": "The price against that high.",
        "dist_lo52_pct": "The price against that low.",
        "sma50": "The mean of the last 50 closes.",
        "sma200": "The mean of the last 200 closes.",
        "cross": "Which of the two means crossed the other last, and how many sessions ago.",
        "vol_cc21_pct": "Volatility of 21 sessions a year, from closes.",
        "vol_yz21_pct": "The same from opens, highs, lows and closes (Yang and Zhang).",
        "implied_vol_pct": "Volatility that option prices imply for 21 sessions.",
        "trend_eta.sessions": "Sessions until the next level along the trend.",
        "trend_eta.date": "The session that this leads to.",
        "trend_eta.low_sessions": "The early end of the range.",
        "trend_eta.high_sessions": "The late end of the range.",
        "trend_eta.window": "Over how many sessions the trend is measured.",
        "trend_eta_126.sessions": "The same five along the trend of 126 sessions: sessions,",
        "trend_eta_126.date": "date,",
        "trend_eta_126.low_sessions": "early end,",
        "trend_eta_126.high_sessions": "late end,",
        "trend_eta_126.window": "window.",
        "model_eta.neutral_sessions": f"Sessions until the next level by the model, {SIDES[0]}.",
        "model_eta.real_world_sessions": f"The same {SIDES[1]}.",
    },
    "watchlists.NAME": {
        "basket.level": "The equal-weight basket; 100 on the baseline.",
        "basket.change_pct": "Its change against the session before.",
        "basket.rel_pct": "That change less the benchmark's, in percentage points.",
        "breadth.above_sma50": "How many names are above their 50-session mean,",
        "breadth.with_sma50": "of how many that have one.",
        "breadth.above_sma200": "How many are above their 200-session mean,",
        "breadth.with_sma200": "of how many that have one.",
        "breadth.advancers": "How many rose.",
        "breadth.decliners": "How many fell.",
        "breadth.unchanged": "How many did neither.",
        "breadth.members": "How many names there are.",
    },
    "watchlists.NAME.SYMBOL": {
        "last": "The newest price.",
        "currency": "The currency of its prices, as in USD or GBp (pence).",
        "revenue_currency": "The currency of its revenue.",
        "change": "Against the close of the session before.",
        "change_pct": "The same in percent.",
        "joined": "Since which day's close it counts in the basket; empty for one of the baseline's.",
        "gap_pct": "The open against the close before.",
        "rel_volume": "Volume over the mean of 20 sessions.",
        "rel_volume_partial": "Whether the session still runs.",
        "rel_volume_session": "The session whose volume it is.",
        "range52": "Place in the year's range, 0 to 1.",
        "hi52": "The highest price of a year.",
        "lo52": "The lowest price of a year.",
        "rsi14": "Relative strength index, 0 to 100.",
        "atr14": "Average true range of 14 sessions.",
        "atr_pct": "The same in percent of the close.",
        "beta60": "Beta of 60 returns.",
        "r2_60": "How much of the moves it explains, a fraction.",
        "beta60_adjusted": "The same beta, pulled a third of the way to 1.",
        "beta252": "Beta of 252 returns.",
        "corr60": "Correlation of 60 returns.",
        "rs63_pct": "Against the benchmark over 63 sessions.",
        "rs126_pct": "Against the benchmark over 126 sessions.",
        "rs63_iwm_pct": "Against small companies (IWM) over 63 sessions.",
        "rs126_iwm_pct": "Against small companies over 126 sessions.",
        "mansfield": "The ratio to the benchmark against its own mean of 252 sessions, percent.",
        "drawdown_pct": "Against the highest close of 252 sessions.",
        "mom21_pct": "Change over 21 sessions.",
        "mom63_pct": "Change over 63 sessions.",
        "mom126_pct": "Change over 126 sessions.",
        "mom252_pct": "Change over 252 sessions.",
        "dist_sma50_pct": "Against the mean of 50 closes.",
        "dist_sma200_pct": "Against the mean of 200 closes.",
        "vol21_pct": "Volatility of 21 sessions, a year.",
        "revenue": "Revenue of the newest quarter, dollars.",
        "revenue_quarter": "The end of that quarter.",
        "revenue_yoy_pct": "That revenue against a year before.",
        "revenue_ttm": "Revenue of four quarters, dollars.",
        "revenue_ttm_yoy_pct": "The same against a year before.",
        "ps_ttm": "Price over sales of four quarters.",
        "next_report.date": "The estimated day of the next report,",
        "next_report.window_days": "give or take so many days.",
        "filed": "The day of the newest 10-Q or 10-K,",
        "filed_form": "and which of them it is.",
        "extended": "The price outside of the session.",
        "source": "Who gave the price.",
        "revenue_source": "Who gave the revenue.",
        "quote_time": "When the price was made.",
        "session": "The part of the day it was made in.",
        "freshness": FRESH,
        "closing.session": "The last session that a final quote is known of.",
        "closing.quoted": "What it closed at by that quote.",
        "closing.bar": "What it closed at by its daily bar, once that is here.",
    },
    "risks": {
        "composite.score": "0 calm to 100 extreme.",
        "composite.band": "Its light.",
        "composite.coverage": "How much of the weight has a reading, a fraction.",
        "composite.score_5_sessions_ago": "What it was five sessions ago, with the readings that counted then.",
        "composite.change_5_sessions": "Its change since then over the readings that count on both days.",
        "composite.note": "Over how many those are; empty while all are the same.",
        "composite.held": "Whether the light is worse than the score because it has not yet been left.",
        "composite.score_at_equal_members": "The score if what counted a session before counted now.",
        "composite.band_at_equal_members": "The light of that score.",
    },
    "risks.GROUP": {
        "weight": "Its weight, percent of the composite.",
        "score": "0 calm to 100 extreme, the weighted mean.",
        "band": "The light of its worst member.",
        "held": "Whether that member's light is held.",
    },
    "risks.ID": {
        "value": "The value in its own unit.",
        "score": "0 calm to 100 extreme.",
        "band": "Its light.",
        "at": "What day the value describes.",
        "known_at": "When it could first be known.",
        "freshness": "1 fresh, falling to 0 as it ages.",
        "source": "Who gave it.",
        "decimals": "With how many decimals it is shown.",
        "contribution": "Points of the composite that it adds.",
        "held": "Whether the light is worse than the score because it has not yet been left.",
    },
    "thesis.ID": {
        "status": "How it stands.",
        "evidence": "Why, in words.",
        "reached": "The first close that fulfilled it; it stays when the level is lost.",
        "lost_since": "Since which close that level is lost again.",
    },
    "session": {
        "state": "The part of the day.",
        "last_completed": "The last session that has closed.",
        "next_open": "When it opens next.",
        "closes": "When the running session closes.",
    },
    "health.SOURCE": {
        "status": "How it is doing; `skipped` is not asked at all as things are configured.",
        "last_ok": "When it last answered.",
        "failures": "How often in a row it failed.",
        "next_try": "When it may be asked again.",
        "delayed": "Whether its prices are late by design.",
        "describes": "The newest moment that its data describe.",
    },
}
"""What each reading says; one of the board that is not here, or the other way round, is an error."""


def patterns() -> Iterator[tuple[str, str, Any]]:
    """(place, rest, type) of every reading. Words that only name or explain something are left out."""
    board, seen = skeleton(SAMPLE), set()
    groups, indicators = (
        {one.id for one in board.risks.groups},
        {i.id for g in board.risks.groups for i in g.indicators},
    )
    for path in paths(board):
        head, second, *rest = path.split(".")
        if head == "risks" and second in groups | indicators:
            second = "GROUP" if second in groups else "ID"
        elif head in ("thesis", "health"):
            second = "ID" if head == "thesis" else "SOURCE"
        shown = ".".join((head, second, *rest)).replace("rungs.1.", "rungs.LEVEL.")
        place = max((one for one in PLACES if shown.startswith(f"{one}.")), key=len)
        name, kind = shown.removeprefix(f"{place}."), bare(follow(board, path).kind)
        if shown in seen or second == "benchmark_row" or "benchmark_row" in rest:
            continue
        seen.add(shown)
        if kind is not str or name in MEANING[place]:
            yield place, name, kind


def kind_words(name: str, kind: Any) -> str:
    """What a reading is, with the unit that its name states."""
    if words := options(kind):
        return ", ".join(f"`{word}`" for word in words)
    if is_number(kind):
        return "number, %" if name.endswith("_pct") else "number, pp" if name.endswith("_pp") else "number"
    return {bool: "true or false", date: "date", datetime: "time", str: "text"}[kind]


def readings() -> str:
    """A table for each place."""
    rows: dict[str, list[str]] = {place: [] for place in PLACES}
    left = {(place, name) for place, names in MEANING.items() for name in names}
    for place, name, kind in patterns():
        left.remove((place, name))
        rows[place].append(f"| `{name}` | {kind_words(name, kind)} | {MEANING[place][name]} |")
    if left:
        raise KeyError(f"no such readings: {sorted(left)}")
    head = "| reading | what it is | meaning |\n| --- | --- | --- |"
    return "\n\n".join(
        f"### `{place}.…`\n\n{PLACES[place]}\n\n{head}\n" + "\n".join(lines) for place, lines in rows.items()
    )
