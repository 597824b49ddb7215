"""All about one index: its chart, every rung, when trend and model expect the next one, and where the index stands."""

from __future__ import annotations

from textual.geometry import Region

from rallytui.board.shape import Band, Board, Target, TrendEta
from rallytui.sessions import NEW_YORK
from rallytui.ui import format as f
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.panes.readings import source_title, today
from rallytui.ui.panes.target_plot import TARGET_RANGES, first_day, target_plot
from rallytui.ui.screens.facts import Fact, TableRow, draw_facts, draw_table
from rallytui.ui.screens.page_view import PageView
from rallytui.ui.screens.price_chart import Marked, PriceChart, draw_range
from rallytui.ui.screens.rung_table import draw_rungs
from rallytui.ui.screens.sections import Column, Columns
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.chart import draw_chart
from rallytui.ui.widgets.sheet import Phrase, Sheet
from rallytui.ui.widgets.viewport import INTRADAY, SINCE_START, Viewport

INDEX_RANGES = (*INTRADAY, *TARGET_RANGES)
_LEAST_CHART = 12
_NEVER = "less likely than not in 50 years"
_STATS = (
    Fact("ytd_pct", "this year", "%", 2, True),
    Fact("since_start_pct", "since start", "%", 2, True),
    Fact("max_gain_pct", "best close since start", "%", 2, True),
    Fact("max_drawdown_pct", "largest drawdown since start", "%", 2, True),
    Fact("drawdown_now_pct", "drawdown now", "%", 2, True),
    Fact("hi52", "52-week high"),
    Fact("lo52", "52-week low"),
    Fact("sma50", "50-day mean"),
    Fact("sma200", "200-day mean"),
)
_VOLATILITY = (
    Fact("vol_cc21_pct", "volatility 21 d, closes", "%", 1),
    Fact("vol_yz21_pct", "volatility 21 d, Yang-Zhang", "%", 1),
    Fact("implied_vol_pct", "volatility implied", "%", 1),
)


def target_page(
    board: Board, target: Target, width: int, height: int, p: Palette, g: Glyphs, view: PageView | None = None
) -> Sheet:
    """In two columns where there is room, else one below the other."""
    view = view or PageView(Viewport(SINCE_START))
    columns = Columns(width, p, g)
    left, right = columns.left, columns.right
    _head(left, target)
    if columns.two:
        below = Column(left.width, p, g)
        _rungs(below, board, target)
        _chart(left, board, target, max(_LEAST_CHART, height - 2 - len(below.rows)), view)
        left.blank()
        left.block(below.sheet())
    else:
        _chart(left, board, target, max(8, min(15, height // 2)), view)
        _rungs(left, board, target)
    for part in (_when, _moves, _stands, _origin):
        part(right, board, target)
    return columns.sheet(height)


def _head(column: Column, target: Target) -> None:
    p, g = column.p, column.g
    move = f"  {g.arrow(target.change_pct)} {f.pct(target.change_pct, 2, g)}"
    mark = f" {f.age_sign(target.freshness, target.badge, g)}".rstrip()
    now: Phrase = ((f.price(target.last, 2, g), p.bright), (mark, p.dim), (move, p.move(target.change_pct)))
    start, by = target.baseline, target.by
    level = f"{f.level(start.level, g)} on {start.date.isoformat()}, until {by.isoformat()}"
    phrases: list[Phrase] = [now, ((f"from {level}", p.dim),)]
    symbol = g.words(f.clean(target.symbol, 24))
    column.rule(g.words(f.clean(target.name, 40)) or symbol, phrases, symbol, focused=True)


def _chart(column: Column, board: Board, target: Target, rows: int, view: PageView) -> None:
    """The way to the rungs; candles if they are asked for, and within the day."""
    chart, port = board.charts.get(target.symbol), view.port
    view.filing_rows = {}
    if port.is_intraday or view.candles or chart is None or len(chart.closes) < 2:
        start = first_day(target, chart) if chart else 0
        marked = Marked(target.last, target.stats.hi52, target.stats.lo52)
        PriceChart(column, board, target.symbol, view, start).draw(rows, marked, INDEX_RANGES)
        return
    p, g, top = column.p, column.g, len(column.rows)
    first, stop = port.window(chart.days, first_day(target, chart))
    draw_range(column, (), port, chart.days[first:stop], INDEX_RANGES)
    sheet = Sheet(column.width, rows - 1, p.text)
    draw_chart(sheet, Region(1, 0, column.width - 2, rows - 1), target_plot(target, chart, port, p, g), p, g)
    view.chart, view.chart_width, view.has_candles = range(top, top + rows), column.width, False
    column.block(sheet)


def _rungs(column: Column, board: Board, target: Target) -> None:
    column.rule("Rungs")
    draw_rungs(column, target)


# --- when ---


def _when(column: Column, board: Board, target: Target) -> None:
    p, g, stats = column.p, column.g, target.stats
    rung = "" if target.next_rung is None else f"to {f.level(target.next_rung, g)}"
    column.rule("When", [((rung, p.dim),)] if rung else [])
    if target.next_rung is None:
        column.text("Every rung has been reached: there is no next one to wait for.")
        return
    for sessions, trend in ((63, stats.trend_eta), (126, stats.trend_eta_126)):
        if trend is None:
            column.unknown(f"trend ETA, {sessions} sessions", _why_not(target, "stats"))
            continue
        column.text(_trend(trend, g), p.text)
        day = "" if trend.date is None else f"; {f.day(trend.date, today(board), g)}"
        column.text(f"  from the last {trend.window} sessions{day}")
    model = stats.model_eta
    if model is None:
        column.unknown("model ETA", _why_not(target, "stats"))
        return
    column.text(_model(model.neutral_sessions, model.real_world_sessions, g), p.text)
    column.text("  when a touch becomes as likely as not, in two scenarios")


def _trend(trend: TrendEta, g: Glyphs) -> str:
    ends = [_sessions(end, g) or "no bound" for end in (trend.low_sessions, trend.high_sessions)]
    interval = f"(95 %: {ends[0]} {g.to} {ends[1]})"
    count = _sessions(trend.sessions, g)
    return f"trend points away {interval}" if not count else f"trend ETA ≈ {count} sessions {interval}"


def _sessions(count: float | None, g: Glyphs) -> str:
    return f.price(count, 0, g) if f.known(count) else ""


def _model(neutral: int | None, real_world: int | None, g: Glyphs) -> str:
    if neutral is None and real_world is None:
        return f"model ETA: {_NEVER}"
    if neutral is None or real_world is None:
        known, unknown = ("real world", "neutral") if neutral is None else ("neutral", "real world")
        return f"model ETA {_sessions(neutral or real_world, g)} sessions {known}; {unknown}: {_NEVER}"
    ends = dict.fromkeys(_sessions(end, g) for end in sorted((neutral, real_world)))
    return f"model ETA {g.to.join(ends)} sessions"


def _why_not(target: Target, field: str) -> str:
    return f.clean(target.missing.get(field, target.missing.get("last", "")), 80)


# --- expected move ---


def _moves(column: Column, board: Board, target: Target) -> None:
    p, g, bands = column.p, column.g, target.stats.expected_move
    column.rule("Expected move", [(("points, by the model", p.dim),)])
    if not bands:
        column.unknown("bands", _why_not(target, "stats"))
        return
    decimals = 0 if all(band.low2 >= 100 for band in bands) else 2
    heads = [f"{sign}{count}{g.sigma}" for sign, count in ((g.minus, 2), (g.minus, 1), ("+", 1), ("+", 2))]
    rows = [TableRow("sessions", [(head, p.dim) for head in heads])]
    for band in bands:
        ends = (band.low2, band.low1, band.high1, band.high2)
        rows.append(TableRow(_horizon(band, target), [(f.price(end, decimals, g), p.text) for end in ends]))
    draw_table(column, rows, 17, 9)


def _horizon(band: Band, target: Target) -> str:
    last = next((rung.sessions_left for rung in target.rungs if rung.sessions_left is not None), None)
    return f"{band.sessions}, to {target.by.day} {target.by:%b}" if band.sessions == last else str(band.sessions)


# --- where it stands ---


def _stands(column: Column, board: Board, target: Target) -> None:
    g, stats, last = column.g, target.stats, target.last
    column.rule("Where it stands")
    reasons = dict.fromkeys((fact.field for fact in (*_STATS, *_VOLATILITY)), _why_not(target, "stats"))
    away = {
        "hi52": stats.dist_hi52_pct,
        "lo52": stats.dist_lo52_pct,
        "sma50": _from(last, stats.sma50),
        "sma200": _from(last, stats.sma200),
    }
    notes = {field: f.pct(distance, 2, g) for field, distance in away.items() if distance is not None}
    draw_facts(column, stats, _STATS, reasons, notes)
    if stats.cross:
        column.fact("last cross", g.words(f.clean(stats.cross, 40)))
    else:
        column.unknown("last cross", _why_not(target, "stats"))
    draw_facts(column, stats, _VOLATILITY, reasons, {})


def _from(last: float | None, mean: float | None) -> float | None:
    return (last / mean - 1) * 100 if last is not None and mean else None


# --- where it comes from ---


def _origin(column: Column, board: Board, target: Target) -> None:
    g = column.g
    column.rule("Where it comes from")
    column.fact("source", g.words(f.clean(source_title(board, target.source), 30)) or g.missing)
    if target.quote_time is not None:
        there = target.quote_time.astimezone(NEW_YORK)
        age = f.age(target.quote_time, board.as_of, NEW_YORK, g=g) if board.mode != "as_of" else ""
        column.fact("time", f"{f.day(there.date(), today(board), g)} {there:%H:%M} ET", age)
    words = g.words(f.clean(target.badge, 40))
    column.fact("state", target.freshness, words if words != target.freshness else "")
    column.fact(
        "price",
        "a quote, no bar yet" if target.provisional else "the close of a finished bar",
    )
    for reason in target.missing.values():
        column.text(f"! {f.clean(reason, 200)}")
