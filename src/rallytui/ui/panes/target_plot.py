"""What the Target pane's chart shows: closes, the plan, the rungs as the right axis, and the expected move."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

from rallytui.board.shape import Chart, Rung, Target
from rallytui.ui.format import level
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.chart import COARSE, FINE, PLAN, Level, Line, Plot
from rallytui.ui.widgets.sheet import Phrase
from rallytui.ui.widgets.viewport import RANGES, SINCE_START, Viewport, Window, span_name

TARGET_RANGES = (*RANGES[:4], SINCE_START, *RANGES[4:])
_BEFORE_START = 75  # days shown before the baseline
_AVERAGES = (("sma200", "200 d", COARSE, "2"), ("sma50", "50 d", FINE, "5"))


def target_plot(target: Target, chart: Chart, port: Viewport, p: Palette, g: Glyphs) -> Plot:
    """The plot of one index on its way, as far as the viewport shows it."""
    window = port.window(chart.days, first_day(target, chart))
    past = slice(*window)
    days, ahead = chart.days[past], _ahead(chart, port, window)
    plan = chart.extra.get("plan") or [None] * len(chart.days)
    averages = [one for one in _AVERAGES if any(value is not None for value in chart.extra.get(one[0], [])[past])]
    lines = [Line(days, chart.extra[name][past], p.dim, char, dash) for name, _, dash, char in averages]
    has_plan = any(value is not None for value in (*plan[past], *chart.future.get("plan", [])[:ahead]))
    at_end = bool(days) and window.stop == len(chart.days)
    return Plot(
        lines=[
            *lines,
            Line(days, plan[past], p.accent, g.plan, PLAN),
            *_plan_ahead(chart, ahead, p, g),
            Line(days, chart.closes[past], p.bright),
        ],
        levels=_levels(target, p, g),
        cone=_cone(target, chart, ahead, p),
        today=(days[-1], target.last) if at_end and target.last is not None else None,
        legend=_legend([label for _, label, _, _ in reversed(averages)], has_plan, ahead, p, g),
        note=range_note(port, days, p, g),
        corner=span_name(port, days),
    )


def first_day(target: Target, chart: Chart) -> int:
    """Enough of the past to see where the thesis came from, and at least half as much as lies ahead."""
    today = chart.days[-1] if chart.days else date.max.toordinal()
    ahead = (chart.future_days[-1] - today) if chart.future_days else 0
    return min(target.baseline.date.toordinal() - _BEFORE_START, today - max(90, ahead // 2))


def _ahead(chart: Chart, port: Viewport, window: Window) -> int:
    """How many points of the future show: all of them in the whole view, else no more of it than of the past."""
    if window.stop < len(chart.days) or not chart.days:
        return 0
    if port == Viewport(SINCE_START):
        return len(chart.future_days)
    today = chart.days[-1]
    return bisect_right(chart.future_days, 2 * today - chart.days[window.first])


def range_note(port: Viewport, days: Sequence[int], p: Palette, g: Glyphs) -> Phrase:
    """The range in words: its name and its first and last day."""
    if not days:
        return ()
    ends = f" {g.to} ".join(date.fromordinal(day).isoformat() for day in (days[0], days[-1]))
    return ((span_name(port, days), p.text), (f" {g.sep} {ends}", p.dim))


def _plan_ahead(chart: Chart, ahead: int, p: Palette, g: Glyphs) -> list[Line]:
    """The plan to the next rung; once all are reached there is none."""
    plan = chart.future.get("plan", [])[:ahead]
    return [Line(chart.future_days[: len(plan)], plan, p.accent, g.plan, PLAN)] if plan else []


def _cone(target: Target, chart: Chart, ahead: int, p: Palette) -> tuple[Line, Line] | None:
    low, high = chart.future.get("low1"), chart.future.get("high1")
    if not (low and high and ahead and chart.days and target.last is not None):
        return None
    days = [chart.days[-1], *chart.future_days[:ahead]]
    return Line(days, [target.last, *low[:ahead]], p.dim, "."), Line(days, [target.last, *high[:ahead]], p.dim, ".")


def _levels(target: Target, p: Palette, g: Glyphs) -> list[Level]:
    """In a row the price's label stays, then the next rung's, then the nearest; the next rung's line is on top."""
    last = target.last
    width = max((len(level(value, g)) for value in [last, *(rung.level for rung in target.rungs)]), default=0)
    rungs = sorted(target.rungs, key=lambda rung: rung.level == target.next_rung)
    found = [_rung_level(rung, target, width, p, g) for rung in rungs]
    if last is not None:
        found.insert(0, Level(last, f"{level(last, g):>{width}} {g.axis}", -2, p.bright, p.rule, g.level))
    return found


def _rung_level(rung: Rung, target: Target, width: int, p: Palette, g: Glyphs) -> Level:
    is_next = rung.level == target.next_rung
    sign = g.open if rung.first_touch_close is None else g.reached
    return Level(
        value=rung.level,
        label=f"{level(rung.level, g):>{width}} {sign}",
        rank=-1 if is_next else abs(rung.level - (target.last or 0.0)),
        label_style=p.bright if is_next else p.dim,
        line_style=p.accent if is_next else p.rule,
        char=g.target if is_next else g.level,
    )


def _legend(averages: Sequence[str], has_plan: bool, ahead: int, p: Palette, g: Glyphs) -> Phrase:
    signs = {"50 d": g.level, "200 d": g.target} if g.unicode else {"50 d": "5", "200 d": "2"}
    means = [piece for name in averages for piece in ((f"{signs[name]} ", p.text), (f"{name}  ", p.dim))]
    move = f"{g.cone} expected move, 1{g.sigma}" if ahead else ""
    plan = ((f"{g.plan} ", p.accent), ("plan  ", p.dim)) if has_plan else ()
    return ((f"{g.bar} ", p.bright), ("close  ", p.dim), *plan, *means, (move, p.dim))
