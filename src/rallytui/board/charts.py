"""What is drawn: closes of each symbol, and for a target the plan and the cone ahead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from rallytui.board.base import Base
from rallytui.board.moment import Moment
from rallytui.board.shape import Chart
from rallytui.board.sigma import horizon_sigma
from rallytui.indicators.moves import expected_move
from rallytui.indicators.target import plan_line

CLOSES = 260
FUTURE_POINTS = 60
EPOCH = date(1970, 1, 1).toordinal()


def symbol_charts(moment: Moment, symbols: Iterable[str]) -> dict[str, Chart]:
    """A year of closes and the running session of each symbol."""
    return {symbol: chart_of(moment, symbol) for symbol in dict.fromkeys(symbols)}


def chart_of(moment: Moment, symbol: str) -> Chart:
    history, quote = moment.history(symbol), moment.tape.quotes.get(symbol)
    day = list(quote.day) if quote is not None else []
    if history is None:
        return Chart(day=day)
    chart = moment.memo.get(
        ("chart", symbol),
        (history,),
        lambda: Chart(
            days=[int(n) + EPOCH for n in history.days[-CLOSES:].astype("int64")],
            closes=history.close[-CLOSES:].tolist(),
        ),
    )
    return replace(chart, day=day) if day else chart


def with_future(chart: Chart, base: Base, level: float | None) -> Chart:
    """The chart of a target with its plan line to `level` and the expected move to the last day."""
    calendar, by = base.moment.calendar, base.settings.by
    ahead = calendar.between(base.day, by)
    step = max(1, -(-len(ahead) // FUTURE_POINTS))
    picked = [*ahead[step - 1 : -1 : step], *ahead[-1:]]
    lines: dict[str, list[float]] = {}
    plan = [plan_at(base, level, day) for day in picked]
    if picked and all(value is not None for value in plan):
        lines["plan"] = [value for value in plan if value is not None]
    moves = [move_to(base, day) for day in picked]
    if picked and all(move is not None for move in moves):
        lines["low1"] = [move[0] for move in moves if move is not None]
        lines["high1"] = [move[1] for move in moves if move is not None]
    past = base.moment.memo.get(
        ("plan", base.settings.name),
        (tuple(chart.days[-1:]), level, base.level),
        lambda: [
            plan_at(base, level, date.fromordinal(n)) if n >= base.start.toordinal() else None for n in chart.days
        ],
    )
    return replace(chart, extra={"plan": past}, future_days=[day.toordinal() for day in picked], future=lines)


def plan_at(base: Base, level: float | None, day: date) -> float | None:
    """The plan line on a day, points."""
    calendar = base.moment.calendar
    total, elapsed = calendar.count(base.start, base.settings.by), calendar.count(base.start, day)
    return plan_line(base.level, level, total, elapsed)


def move_to(base: Base, day: date) -> tuple[float, float] | None:
    """The one-sigma expected move to a day, low and high."""
    sigma = horizon_sigma(base, day)
    move = expected_move(base.last, sigma.value if sigma else None, base.moment.calendar.count(base.day, day))
    return (move.low1, move.high1) if move else None
