"""What the Target pane's chart shows: closes, the plan, the rungs as the right axis, and the expected move."""

from __future__ import annotations

from datetime import date

from rallytui.board.shape import Chart, Rung, Target
from rallytui.ui.format import level
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.chart import Level, Line, Plot
from rallytui.ui.widgets.sheet import Phrase

_BEFORE_START = 75  # days shown before the baseline


def target_plot(target: Target, chart: Chart, p: Palette, g: Glyphs) -> Plot:
    """The plot of one index on its way."""
    first = _first_day(target, chart)
    past = [n for n, day in enumerate(chart.days) if day >= first]
    days = [chart.days[n] for n in past]
    plan = chart.extra.get("plan") or [None] * len(chart.days)
    ahead = chart.future.get("plan", [])
    return Plot(
        lines=[
            Line(days, [plan[n] for n in past], p.accent, g.plan, dashed=True),
            Line(chart.future_days[: len(ahead)], ahead, p.accent, g.plan, dashed=True),
            Line(days, [chart.closes[n] for n in past], p.bright),
        ],
        levels=_levels(target, p, g),
        cone=_cone(target, chart, p),
        today=(days[-1], target.last) if days and target.last is not None else None,
        legend=_legend(p, g),
    )


def _first_day(target: Target, chart: Chart) -> int:
    """Enough of the past to see where the thesis came from, and at least half as much as lies ahead."""
    today = chart.days[-1] if chart.days else date.max.toordinal()
    ahead = (chart.future_days[-1] - today) if chart.future_days else 0
    return min(target.baseline.date.toordinal() - _BEFORE_START, today - max(90, ahead // 2))


def _cone(target: Target, chart: Chart, p: Palette) -> tuple[Line, Line] | None:
    low, high = chart.future.get("low1"), chart.future.get("high1")
    if not (low and high and chart.days and target.last is not None):
        return None
    days = [chart.days[-1], *chart.future_days]
    return Line(days, [target.last, *low], p.dim, "."), Line(days, [target.last, *high], p.dim, ".")


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


def _legend(p: Palette, g: Glyphs) -> Phrase:
    close, plan, move = f"{g.bar} ", f"{g.plan} ", f"{g.cone} expected move, 1{g.sigma}"
    return (
        (close, p.bright), ("close  ", p.dim), (plan, p.accent), ("plan  ", p.dim), (move, p.dim),
    )  # fmt: skip
