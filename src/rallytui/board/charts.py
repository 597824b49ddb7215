"""What is drawn: closes of each symbol, and for a target the plan and the cone ahead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
from msgspec.structs import replace

from rallytui.board.base import Base
from rallytui.board.moment import History, Moment
from rallytui.board.shape import Chart
from rallytui.board.sigma import horizon_sigma, inputs_of
from rallytui.indicators import pricepath
from rallytui.indicators.arrays import DayArray, FloatArray
from rallytui.indicators.moves import ExpectedMove, expected_move
from rallytui.indicators.target import plan_line

CLOSES = 260
FUTURE_POINTS = 60
AVERAGES = (50, 200)
DECIMALS = 4
CONE = ("low1", "high1", "low2", "high2")
EPOCH = date(1970, 1, 1).toordinal()


def symbol_charts(moment: Moment, symbols: Iterable[str]) -> dict[str, Chart]:
    """A year of closes and the running session of each symbol."""
    return {symbol: chart_of(moment, symbol, CLOSES) for symbol in dict.fromkeys(symbols)}


def chart_of(moment: Moment, symbol: str, closes: int = 0) -> Chart:
    """The last `closes` closes of a symbol, 0 for all there are, and its running session."""
    history, quote = moment.history(symbol), moment.tape.quotes.get(symbol)
    day = list(quote.day) if quote is not None else []
    if history is None:
        return Chart(day=day)
    chart = moment.memo.get(
        ("chart", symbol, closes),
        (history,),
        lambda: closes_of(history.with_closes, closes),
    )
    return replace(chart, day=day) if day else chart


def closes_of(history: History, closes: int) -> Chart:
    return Chart(days=ordinals(history.days[-closes:]), closes=history.close[-closes:].tolist())


def ordinals(days: DayArray) -> list[int]:
    """Days as `date.toordinal` counts them."""
    found: list[int] = (days.astype("datetime64[D]").astype(np.int64) + EPOCH).tolist()
    return found


def averages(closes: FloatArray) -> dict[str, list[float | None]]:
    """The moving averages `sma50` and `sma200` after each close (METHODOLOGY A.7)."""
    return {f"sma{n}": optional(pricepath.sma_line(closes, n).round(DECIMALS)) for n in AVERAGES}


def optional(column: FloatArray) -> list[float | None]:
    """A column as a list, None for NaN."""
    values: list[float | None] = column.tolist()
    for place in np.flatnonzero(np.isnan(column)).tolist():
        values[place] = None
    return values


def target_chart(base: Base, level: float | None) -> Chart:
    """The whole history of a target with its averages, the plan line to `level` and the expected move ahead."""
    moment, history = base.moment, base.history
    chart = chart_of(moment, base.settings.symbol)
    if history is not None:
        lines = moment.memo.get(("averages", history.symbol), (history,), lambda: averages(history.with_closes.close))
        chart = replace(chart, extra=dict(lines))
    return with_future(chart, base, level)


def with_future(chart: Chart, base: Base, level: float | None) -> Chart:
    """The chart of a target with its plan line to `level` and the expected move to the last day."""
    memo, name = base.moment.memo, base.settings.name
    days, lines = memo.get(("future", name), (level, base.level, *inputs_of(base)), lambda: future_of(base, level))
    past = memo.get(
        ("plan", name),
        (chart.days, level, base.level),
        lambda: [
            plan_at(base, level, date.fromordinal(n)) if n >= base.start.toordinal() else None for n in chart.days
        ],
    )
    return replace(
        chart, extra={**chart.extra, "plan": past}, future_days=[day.toordinal() for day in days], future=lines
    )


def future_of(base: Base, level: float | None) -> tuple[list[date], dict[str, list[float]]]:
    """Days up to the target's last one, and the plan and the expected moves on them."""
    ahead = base.moment.calendar.between(base.day, base.settings.by)
    step = max(1, -(-len(ahead) // FUTURE_POINTS))
    picked = [*ahead[step - 1 : -1 : step], *ahead[-1:]]
    lines: dict[str, list[float]] = {}
    plan = [plan_at(base, level, day) for day in picked]
    if picked and all(value is not None for value in plan):
        lines["plan"] = [value for value in plan if value is not None]
    moves = [move_to(base, day) for day in picked]
    if picked and all(move is not None for move in moves):
        for name in CONE:
            lines[name] = [getattr(move, name) for move in moves if move is not None]
    return picked, lines


def plan_at(base: Base, level: float | None, day: date) -> float | None:
    """The plan line on a day, points."""
    calendar = base.moment.calendar
    total, elapsed = calendar.count(base.start, base.settings.by), calendar.count(base.start, day)
    return plan_line(base.level, level, total, elapsed)


def move_to(base: Base, day: date) -> ExpectedMove | None:
    """The expected move to a day."""
    sigma = horizon_sigma(base, day)
    return expected_move(base.last, sigma.value if sigma else None, base.moment.calendar.count(base.day, day))
