"""All readings of one symbol, with units, and the reason where there is none."""

from __future__ import annotations

from rallytui.board.shape import Board, Row
from rallytui.sessions import NEW_YORK
from rallytui.ui.format import age, change, clean, day, money, pct, price, quarter
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.panes.columns import badge_of, is_volume_old, stands_in
from rallytui.ui.panes.readings import source_title, today
from rallytui.ui.screens.facts import Fact, draw_facts
from rallytui.ui.screens.filings import SHOWN, draw_filings
from rallytui.ui.screens.page_view import PageView, close_up_of
from rallytui.ui.screens.price_chart import Marked, PriceChart
from rallytui.ui.screens.quarters import draw_quarters
from rallytui.ui.screens.sections import Column, Columns
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.sheet import Phrase, Sheet

_LEAST_CHART = 16
_AROUND_FILINGS = 4  # rows of their rule, and of the words below them
_LEAST_FILINGS, _MOST_FILINGS = 4, 20  # with fewer beside the chart they stand below it
_TRACK = 9  # cells of the year's range in the rule
_WIDE_TABLE = 60  # columns from which the rule has room for what sums the quarters up

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
    Fact("beta60_adjusted", "beta 60 d, adjusted"),
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


def symbol_page(
    board: Board, row: Row, width: int, height: int, p: Palette, g: Glyphs, view: PageView | None = None
) -> Sheet:
    """In two columns where there is room, else one below the other."""
    view = view or PageView()
    view.filing_rows = {}
    columns = Columns(width, p, g)
    left, right = columns.left, columns.right
    _head(left, row)
    if columns.two:
        # The chart takes what the rest of its column leaves; the filings stand where the shorter column ends.
        below, beside = Column(left.width, p, g), Column(right.width, p, g)
        _revenue(below, board, row)
        for part in (_now, _momentum, _shape, _flags):
            part(beside, board, row)
        shown = min(_MOST_FILINGS, height - len(beside.rows) - _AROUND_FILINGS)
        aside = shown >= _LEAST_FILINGS
        if not aside:
            _filings(below, board, row, PageView())
        rows = max(_LEAST_CHART, height - len(left.rows) - len(below.rows) - 1)
        _chart(left, board, row, rows, view)
        _revenue(left, board, row)
        if not aside:
            _filings(left, board, row, view)
    else:
        _chart(left, board, row, max(8, min(_LEAST_CHART, height * 3 // 5)), view)
    for part in (_now, _momentum, _shape) if columns.two else (_now, _momentum, _shape, _revenue):
        part(right, board, row)
    if not columns.two:
        _filings(right, board, row, view)
    _flags(right, board, row)
    if columns.two and aside:
        _filings(right, board, row, view, shown)
    return columns.sheet(height)


def _head(column: Column, row: Row) -> None:
    p, g = column.p, column.g
    mark, old = badge_of(row, g), stands_in(row) or row.freshness == "stale"
    move = f"{g.arrow(row.change_pct)} {pct(row.change_pct, 2, g)}"
    phrases: list[Phrase] = [
        ((price(row.last, 2, g), p.dim if old else p.bright), (f" {mark}" if mark else "", p.dim),
         (f"  {move}", p.dim if old else p.move(row.change_pct))),
    ]  # fmt: skip
    if row.lo52 is not None and row.hi52 is not None:
        phrases.append(_year(row, p, g))
    column.rule(g.words(clean(row.symbol, 24)), phrases, g.words(clean(row.name, 48)), focused=True)


def _year(row: Row, p: Palette, g: Glyphs) -> Phrase:
    """The year's range with the price on it; without its place there the two ends."""
    low, high = price(row.lo52, 2, g), price(row.hi52, 2, g)
    if row.range52 is None:
        return ((f"52-week {low} {g.to} {high}", p.dim),)
    at = max(0, min(_TRACK - 1, round(row.range52 * (_TRACK - 1))))
    left, right = g.track * at, g.track * (_TRACK - 1 - at)
    return (
        ("52-week ", p.dim),
        (low, p.text),
        (f" {left}", p.rule),
        (g.marker, p.bright),
        (f"{right} ", p.rule),
        (high, p.text),
    )


def _chart(column: Column, board: Board, row: Row, rows: int, view: PageView) -> None:
    PriceChart(column, board, row.symbol, view).draw(rows, Marked(row.last, row.hi52, row.lo52, row.rel_volume))


def _now(column: Column, board: Board, row: Row) -> None:
    p, g = column.p, column.g
    phrases: list[Phrase] = []
    if row.quote_time is not None:
        there, now = row.quote_time.astimezone(NEW_YORK), today(board)
        when = f"{there:%H:%M} ET" if there.date() == now else day(there.date(), now, g)
        phrases.append(((when, p.text),))
    words = clean(f"{row.foreign} {source_title(board, row.source)} {row.badge}".strip(), 40)
    column.rule("Now", [*phrases, ((words, p.dim),)] if words else phrases)
    outside = "" if row.extended is None else row.session
    of = row.rel_volume_session
    volume = "so far" if row.rel_volume_partial else day(of, today(board), g) if of and is_volume_old(row) else ""
    draw_facts(
        column,
        row,
        _NOW,
        row.missing,
        {"change": pct(row.change_pct, 2, g), "rel_volume": volume, "extended": outside},
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
    fit = "" if row.r2_60 is None else f"R² {price(row.r2_60, 2, column.g)}"
    draw_facts(column, row, _SHAPE, row.missing, {"beta60": fit})


def _revenue(column: Column, board: Board, row: Row) -> None:
    p, g, now = column.p, column.g, today(board)
    close_up = close_up_of(board, row.symbol)
    source: Phrase = ((clean(source_title(board, row.revenue_source), 24), p.dim),)
    grown = row.revenue_ttm_yoy_pct
    year = f"{pct(grown, 1, g)} y/y" if grown is not None else ""
    sums: list[Phrase] = [
        (("TTM ", p.dim), (money(row.revenue_ttm, g), p.text), (f" {year}" if year else "", p.text)),
        (("P/S ", p.dim), (price(row.ps_ttm, 1, g), p.text)),
    ]
    table = bool(close_up and close_up.quarters)
    in_rule = table and column.width >= _WIDE_TABLE
    column.rule("Revenue", [*(sums if in_rule else ()), *([source] if row.revenue_source else ())])
    if close_up and close_up.quarters:
        draw_quarters(column, sorted(close_up.quarters, key=lambda one: one.end), now)
    else:
        _money(column, "last quarter", row.revenue, row, "revenue", quarter(row.revenue_quarter, now, g))
        against = (Fact("revenue_yoy_pct", "against a year before", "%", 1, True),)
        draw_facts(column, row, against, row.missing, {})
    if not in_rule:
        _money(column, "four quarters", row.revenue_ttm, row, "revenue_ttm", year)
        draw_facts(column, row, (Fact("ps_ttm", "price to sales", "×", 1),), row.missing, {})
    if row.next_report is None:
        column.unknown("next report", clean(row.missing.get("next_report", ""), 80))
    else:
        window = g.words(f"±{row.next_report.window_days} d est.")
        column.fact("next report", day(row.next_report.date, now, g), window)
    if not table:
        column.text(clean(close_up.quarters_missing, 120) if close_up else "waiting for quarters")


def _filings(column: Column, board: Board, row: Row, view: PageView, shown: int = SHOWN) -> None:
    close_up = close_up_of(board, row.symbol)
    column.rule("Filings")
    if close_up and close_up.filings:
        draw_filings(column, close_up.filings, view, shown)
    else:
        column.text(clean(close_up.filings_missing or "no filings", 120) if close_up else "waiting for filings")


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
