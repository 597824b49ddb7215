"""All readings of one symbol, with units, and the reason where there is none."""

from __future__ import annotations

from textual.geometry import Region

from rallytui.board.shape import Board, Row
from rallytui.sessions import NEW_YORK
from rallytui.ui.format import age, change, clean, day, money, pct, price, quarter
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.panes.columns import THIN_R2, badge_of
from rallytui.ui.panes.readings import source_title, today
from rallytui.ui.screens.facts import Fact, draw_facts
from rallytui.ui.screens.sections import Column, side_by_side
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.chart import Level, Line, Plot, draw_chart
from rallytui.ui.widgets.sheet import Phrase, Sheet

TWO_COLUMNS = 110
_RIGHT = 58 / 155


_NOW = (
    Fact("last", "last"),
    Fact("change", "change", "", 2, True),
    Fact("gap_pct", "gap at the open", "%", 2, True),
    Fact("rel_volume", "volume against 20 d", "×"),
    Fact("atr14", "ATR 14"),
    Fact("atr_pct", "ATR of price", "%", 1),
    Fact("extended", "outside the session"),
)
_SHAPE = (
    Fact("rsi14", "RSI 14", "", 0),
    Fact("hi52", "52-week high"),
    Fact("lo52", "52-week low"),
    Fact("range52", "place between them, 0 to 1"),
    Fact("drawdown_pct", "drawdown", "%", 1, True),
    Fact("dist_sma50_pct", "from 50-day mean", "%", 1, True),
    Fact("dist_sma200_pct", "from 200-day mean", "%", 1, True),
    Fact("beta60", "beta 60 d"),
    Fact("beta252", "beta 252 d"),
    Fact("corr60", "correlation 60 d"),
    Fact("mansfield", "Mansfield RS", "", 1, True),
    Fact("vol21_pct", "volatility 21 d, a year", "%", 0),
)
# The window, the price's own move, and the moves against the index and against small caps where there are any.
_MOMENTUM = (
    ("1 month", "mom21_pct", ("", "")),
    ("3 months", "mom63_pct", ("rs63_pct", "rs63_iwm_pct")),
    ("6 months", "mom126_pct", ("rs126_pct", "rs126_iwm_pct")),
    ("12 months", "mom252_pct", ("", "")),
)


def symbol_page(board: Board, row: Row, width: int, height: int, p: Palette, g: Glyphs) -> Sheet:
    """In two columns where there is room, else one below the other."""
    if width < TWO_COLUMNS:
        one = Column(width, p, g)
        _head(one, row)
        _chart(one, board, row, max(7, min(12, height // 2)))
        for part in (_now, _momentum, _shape, _revenue, _flags):
            part(one, board, row)
        return one.sheet(height)
    right_width = round((width - 3) * _RIGHT)
    left, right = Column(width - 3 - right_width, p, g), Column(right_width, p, g)
    _head(left, row)
    _chart(left, board, row, max(8, height - 13))
    _revenue(left, board, row)
    for part in (_now, _momentum, _shape, _flags):
        part(right, board, row)
    return side_by_side(left, right, 3, height)


def _head(column: Column, row: Row) -> None:
    p, g = column.p, column.g
    mark = badge_of(row, g)
    move = f"{g.arrow(row.change_pct)} {pct(row.change_pct, 2, g)}"
    phrases: list[Phrase] = [
        ((price(row.last, 2, g), p.bright), (f" {mark}" if mark else "", p.dim), (f"  {move}", p.move(row.change_pct))),
    ]
    if row.lo52 is not None and row.hi52 is not None:
        phrases.append(((f"52-week {price(row.lo52, 2, g)} {g.to} {price(row.hi52, 2, g)}", p.dim),))
    column.rule(g.words(clean(row.symbol, 24)), phrases, g.words(clean(row.name, 48)), focused=True)


def _chart(column: Column, board: Board, row: Row, rows: int) -> None:
    p, g, chart = column.p, column.g, board.charts.get(row.symbol)
    if chart is None or len(chart.closes) < 2:
        column.blank()
        column.text("No history yet: the chart appears with the first daily bars.")
        return
    sheet = Sheet(column.width, rows, p.text)
    closes = chart.closes
    ends = [(max(closes), "", 2), (min(closes), "", 3), (row.last or closes[-1], f" {g.axis}", 0)]
    levels = [
        Level(value, price(value, 2, g) + mark, rank, p.bright if mark else p.dim, p.rule, g.level)
        for value, mark, rank in ends
    ]
    plot = Plot([Line(chart.days, closes, p.bright)], levels)
    draw_chart(sheet, Region(1, 1, column.width - 2, rows - 1), plot, p, g)
    column.block(sheet)


def _now(column: Column, board: Board, row: Row) -> None:
    p, g = column.p, column.g
    phrases: list[Phrase] = []
    if row.quote_time is not None:
        there, now = row.quote_time.astimezone(NEW_YORK), today(board)
        when = f"{there:%H:%M} ET" if there.date() == now else day(there.date(), now, g)
        phrases.append(((when, p.text),))
    words = clean(f"{source_title(board, row.source)} {row.badge}".strip(), 40)
    column.rule("Now", [*phrases, ((words, p.dim),)] if words else phrases)
    outside = "" if row.extended is None else row.session
    partial = "so far" if row.rel_volume_partial else ""
    draw_facts(
        column,
        row,
        _NOW,
        row.missing,
        {"change": pct(row.change_pct, 2, g), "rel_volume": partial, "extended": outside},
    )


def _momentum(column: Column, board: Board, row: Row) -> None:
    p, g = column.p, column.g
    # The numbers end below their headers, which the rule ends two columns before the edge.
    ends = (column.width - 22, column.width - 12, column.width - 2)
    heads = ("price", f"vs {_benchmark(board, row)}", "vs IWM")
    title = "Momentum, %" if column.width >= 42 else "Moves"
    column.rule(title, [((f"{heads[0]}{heads[1]:>10}{heads[2]:>10}", p.dim),)])
    moves = [getattr(row, field) for _, field, _ in _MOMENTUM]
    most = max((abs(move) for move in moves if move is not None), default=0.0)
    for (label, field, against), move in zip(_MOMENTUM, moves, strict=True):
        if move is None:
            column.unknown(label, clean(row.missing.get(field, ""), 80))
            continue
        line = Sheet(column.width, 1, p.text)
        line.put(1, 0, label, p.dim)
        fields = [(end, getattr(row, name)) for end, name in zip(ends[1:], against, strict=True) if name]
        for end, value in ((ends[0], move), *fields):
            line.right(end, 0, change(value, 1, g), p.dim if value is None else p.text)
        _bar(line, ends[0] - 8, move / most if most else 0.0, p, g)
        column.block(line)
    reasons = dict.fromkeys(
        clean(row.missing[name], 120) for _, _, fields in _MOMENTUM for name in fields if name in row.missing
    )
    for reason in reasons:
        column.text(reason)


def _bar(line: Sheet, end: int, share: float, p: Palette, g: Glyphs) -> None:
    """A bar to either side of an axis, as long as the move is of the largest one."""
    arm = min(9, (end - 12) // 2)
    if arm < 3:
        return
    axis, cells = end - arm - 1, round(abs(share) * arm)
    line.put(axis, 0, g.today, p.rule)
    line.put(axis + 1 if share > 0 else axis - cells, 0, g.bar * cells, p.up if share > 0 else p.down)


def _benchmark(board: Board, row: Row) -> str:
    one = next((one for one in board.watchlists if any(r.symbol == row.symbol for r in one.rows)), None)
    return "index" if one is None or one.benchmark != "^GSPC" else "S&P"


def _shape(column: Column, board: Board, row: Row) -> None:
    column.rule("Shape")
    thin = row.r2_60 is not None and row.r2_60 < THIN_R2
    fit = "" if row.r2_60 is None else f"R² {price(row.r2_60, 2, column.g)}" + (" thin" if thin else "")
    draw_facts(column, row, _SHAPE, row.missing, {"beta60": fit})


def _revenue(column: Column, board: Board, row: Row) -> None:
    p, g, now = column.p, column.g, today(board)
    source = clean(source_title(board, row.revenue_source), 24)
    column.rule("Revenue", [((source, p.dim),)] if source else [])
    _money(column, "last quarter", row.revenue, row, "revenue", quarter(row.revenue_quarter, now, g))
    grown = (Fact("revenue_yoy_pct", "against a year before", "%", 1, True),)
    draw_facts(column, row, grown, row.missing, {})
    _money(column, "four quarters", row.revenue_ttm, row, "revenue_ttm", "")
    draw_facts(column, row, (Fact("ps_ttm", "price to sales", "×", 1),), row.missing, {})
    if row.next_report is None:
        column.unknown("next report", clean(row.missing.get("next_report", ""), 80))
    else:
        window = g.words(f"±{row.next_report.window_days} d est.")
        column.fact("next report", day(row.next_report.date, now, g), window)


def _money(column: Column, label: str, value: float | None, row: Row, field: str, note: str) -> None:
    if value is None:
        column.unknown(label, clean(row.missing.get(field, row.missing.get("revenue_yoy_pct", "")), 80))
    else:
        column.fact(label, money(value, column.g), note if note != column.g.missing else "")


def _flags(column: Column, board: Board, row: Row) -> None:
    p, g = column.p, column.g
    column.rule("Flags and sources")
    for flag in row.flags:
        column.phrase((("! ", p.watch), (g.words(clean(flag, column.width - 5)), p.text)))
    if row.quote_time is not None:
        source = g.words(clean(source_title(board, row.source), 24))
        column.fact("quote", source, age(row.quote_time, board.as_of, NEW_YORK, g=g))
    words = g.words(clean(row.badge, 40))
    column.fact("state of the quote", row.freshness, words if words != row.freshness else "")
    if row.revenue_source:
        column.fact("revenue", g.words(clean(source_title(board, row.revenue_source), 24)))
    for one in board.health:
        if one.provider == row.source and one.detail:
            column.text(f"{clean(one.title)}: {clean(one.detail, 120)}")
