"""The columns of the watchlist: what each shows, how it is called and how it sorts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Literal, NamedTuple

from rallytui.board.shape import Chart, Row
from rallytui.sessions import NEW_YORK, new_york_date
from rallytui.ui.format import age_sign, change, clean, cut, day, money, price
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.braille import sparkline
from rallytui.ui.widgets.sheet import Phrase

MONTH = 30


@dataclass(frozen=True, slots=True)
class Pen:
    """What a cell is drawn with."""

    palette: Palette
    glyphs: Glyphs
    charts: dict[str, Chart] = field(default_factory=dict)
    units: bool = False
    """Write the unit in the cell, because there is no header to name it."""
    today: date = date.max
    """The New York date of the board: a price of another day shows its date and not its time."""

    def quiet(self, row: Row) -> bool:
        """Whether the whole row is dim, because it is old."""
        return row.freshness == "stale"


Cell = Callable[[Row, int, Pen], Phrase]


class Column(NamedTuple):
    """One column. Numbers end at its right edge, words and shapes begin at its left one."""

    id: str
    header: str
    width: int
    """Cells at least; a longer number makes the column wider."""
    draw: Cell
    sort: Callable[[Row], float | str | None]
    help: str
    right: bool = True
    measure: Literal["no", "ends", "all"] = "no"
    """How its longest number is found: among the largest and the smallest by `sort`, or by drawing every row."""


def _number(value: Callable[[Row], float | None], decimals: int, signed: bool = False) -> Cell:
    def draw(row: Row, _width: int, pen: Pen) -> Phrase:
        reading, p = value(row), pen.palette
        text = (change if signed else price)(reading, decimals, pen.glyphs)
        return ((text, p.dim if reading is None or pen.quiet(row) else p.text),)

    return draw


def stands_in(row: Row) -> bool:
    """Whether the price is the last good one, in place of a newer one that was refused: it is dim."""
    return any(flag.startswith("suspect value") for flag in row.flags)


def _last(row: Row, _width: int, pen: Pen) -> Phrase:
    p, dim = pen.palette, row.last is None or pen.quiet(row) or stands_in(row)
    return ((price(row.last, 2, pen.glyphs), p.dim if dim else p.text),)


def badge_of(row: Row, g: Glyphs) -> str:
    """The sign behind a symbol: suspect, stale or delayed, else `+` if it joined the basket later."""
    if row.is_suspect:
        return "!"
    return age_sign(row.freshness, row.badge, g) or ("+" if row.joined is not None else "")


def _symbol(row: Row, width: int, pen: Pen) -> Phrase:
    p, badge = pen.palette, badge_of(row, pen.glyphs)
    room = width - 2 if badge else width
    name = cut(pen.glyphs.words(clean(row.symbol, 24)), room, pen.glyphs)
    style = p.dim if pen.quiet(row) else p.text if row.last is None else p.bright
    return ((name, style), (f" {badge}" if badge else "", p.watch if badge == "!" else p.dim))


def _change(row: Row, width: int, pen: Pen) -> Phrase:
    p, g = pen.palette, pen.glyphs
    style = p.dim if pen.quiet(row) or stands_in(row) else p.move(row.change_pct)
    text = change(row.change_pct, 2, g) + (" %" if pen.units and row.change_pct is not None else "")
    return ((g.arrow(row.change_pct) + text.rjust(width - 1), style),)


def _spark(points: Callable[[Chart], list[float]]) -> Cell:
    def draw(row: Row, width: int, pen: Pen) -> Phrase:
        chart = pen.charts.get(row.symbol)
        values = points(chart) if chart else []
        return ((sparkline(values, width, pen.glyphs.unicode), pen.palette.dim),)

    return draw


def is_volume_old(row: Row) -> bool:
    """Whether the volume is that of a session before the price's."""
    if row.rel_volume_session is None or row.quote_time is None:
        return False
    return row.rel_volume_session < new_york_date(row.quote_time)


def _volume(row: Row, _width: int, pen: Pen) -> Phrase:
    p, value = pen.palette, row.rel_volume
    loud = value is not None and value >= 2
    old = value is None or pen.quiet(row) or is_volume_old(row)
    style = p.dim if old else p.bright if loud else p.text
    unit = f" {pen.glyphs.times}" if pen.units and value is not None else ""
    return ((price(value, 2, pen.glyphs), style), (unit, p.dim))


_END = 0.05  # of the year's range: so near to either end the marker stands out


def _range(row: Row, width: int, pen: Pen) -> Phrase:
    p, g = pen.palette, pen.glyphs
    if row.range52 is None:
        return ((g.missing, p.dim),)
    place = max(0, min(width - 1, round(row.range52 * (width - 1))))
    edge = not _END < row.range52 < 1 - _END and not row.symbol.startswith("^")
    style = p.dim if pen.quiet(row) else p.watch if edge else p.bright
    return ((g.track * place, p.rule), (g.marker, style), (g.track * (width - 1 - place), p.rule))


def _rsi(row: Row, _width: int, pen: Pen) -> Phrase:
    p, value = pen.palette, row.rsi14
    loud = value is not None and not 30 <= value <= 70
    return ((price(value, 0, pen.glyphs), p.dim if value is None or pen.quiet(row) else p.bright if loud else p.text),)


def _beta(row: Row, _width: int, pen: Pen) -> Phrase:
    p, thin = pen.palette, row.is_beta_thin
    dim = row.beta60 is None or thin or pen.quiet(row) or row.symbol.startswith("^")
    return ((price(row.beta60, 2, pen.glyphs), p.dim if dim else p.text),)


def _report(row: Row, _width: int, pen: Pen) -> Phrase:
    p, g, report = pen.palette, pen.glyphs, row.next_report
    if report is None:
        return ((g.missing, p.dim),)
    text = day(report.date, report.date, g)
    return ((text, p.dim if pen.quiet(row) else p.text), (g.words(f" ±{report.window_days}"), p.dim))


def _report_day(row: Row) -> float | None:
    return row.next_report.date.toordinal() if row.next_report else None


def _words(value: Callable[[Row], str]) -> Cell:
    def draw(row: Row, width: int, pen: Pen) -> Phrase:
        text = cut(pen.glyphs.words(clean(value(row), 60)), width, pen.glyphs)
        return ((text or pen.glyphs.missing, pen.palette.dim if pen.quiet(row) or not text else pen.palette.text),)

    return draw


def _dollars(value: Callable[[Row], float | None]) -> Cell:
    def draw(row: Row, _width: int, pen: Pen) -> Phrase:
        amount, p = value(row), pen.palette
        return ((money(amount, pen.glyphs), p.dim if amount is None or pen.quiet(row) else p.text),)

    return draw


def _quoted(row: Row, _width: int, pen: Pen) -> Phrase:
    p, g = pen.palette, pen.glyphs
    if row.quote_time is None:
        return ((g.missing, p.dim),)
    there = row.quote_time.astimezone(NEW_YORK)
    return ((f"{there:%H:%M}" if there.date() == pen.today else day(there.date(), pen.today, g), p.dim),)


def _quoted_at(row: Row) -> float | None:
    return row.quote_time.timestamp() if row.quote_time else None


def _figure(name: str, header: str, width: int, key: str, decimals: int, help: str, signed: bool = False) -> Column:
    value: Callable[[Row], float | None] = attrgetter(key)
    return Column(name, header, width, _number(value, decimals, signed), value, help, measure="ends")


def _money(name: str, header: str, key: str, help: str) -> Column:
    value: Callable[[Row], float | None] = attrgetter(key)
    return Column(name, header, 8, _dollars(value), value, help, measure="all")


_change_pct: Callable[[Row], float | None] = attrgetter("change_pct")
_ALL = (
    Column("symbol", "sym", 8, _symbol, lambda row: row.symbol, "the symbol, with ~ delayed, † old, ! suspect", False),
    Column("name", "name", 14, _words(lambda row: row.name), lambda row: row.name or None, "the company's name", False),
    Column("last", "last", 8, _last, attrgetter("last"), "the last price", measure="ends"),
    Column("change", "chg %", 8, _change, _change_pct, "change since the close before, %", measure="ends"),
    _figure("points", "chg", 7, "change", 2, "change since the close before, in price", True),
    _figure("gap", "gap %", 6, "gap_pct", 2, "open against the close before, %", True),
    _figure("outside", "pre/post", 8, "extended", 2, "the price before the open or after the close"),
    Column("month", "30 d", 5, _spark(lambda chart: chart.closes[-MONTH:]), attrgetter("mom21_pct"),
           "closes of 30 sessions; sorts by the move of 21", False),
    Column("day", "day", 5, _spark(lambda chart: chart.day), _change_pct, "the running session so far", False),
    Column("volume", "vol ×", 5, _volume, attrgetter("rel_volume"), "volume against the mean of 20 sessions",
           measure="ends"),
    Column("range", "52-week", 8, _range, attrgetter("range52"), "place between the year's low and high", False),
    _figure("high", "52w high", 8, "hi52", 2, "highest price of 52 weeks"),
    _figure("low", "52w low", 8, "lo52", 2, "lowest price of 52 weeks"),
    _figure("drawdown", "drawdown", 8, "drawdown_pct", 1, "price against the year's highest close, %", True),
    Column("rsi", "RSI", 3, _rsi, attrgetter("rsi14"), "Wilder's RSI of 14 sessions", measure="ends"),
    _figure("atr", "ATR", 6, "atr14", 2, "average true range of 14 sessions, in price"),
    _figure("atr_pct", "ATR %", 5, "atr_pct", 1, "the same in percent of the close"),
    _figure("volatility", "volat. %", 8, "vol21_pct", 0, "volatility of 21 sessions, % a year"),
    Column("beta", "beta", 4, _beta, attrgetter("beta60"), "beta of 60 sessions; dim when it explains little",
           measure="ends"),
    _figure("beta_adj", "beta adj", 8, "beta60_adjusted", 2, "beta of 60 sessions, pulled a third of the way to 1"),
    _figure("beta252", "beta 1y", 7, "beta252", 2, "beta of 252 sessions"),
    _figure("corr", "corr", 5, "corr60", 2, "correlation of 60 sessions with the index"),
    _figure("rs63", "RS63", 5, "rs63_pct", 1, "move of 63 sessions against the index, %", True),
    _figure("rs126", "RS126", 6, "rs126_pct", 1, "move of 126 sessions against the index, %", True),
    _figure("small63", "IWM63", 6, "rs63_iwm_pct", 1, "move of 63 sessions against small caps, %", True),
    _figure("small126", "IWM126", 6, "rs126_iwm_pct", 1, "move of 126 sessions against small caps, %", True),
    _figure("mansfield", "Mansfield", 9, "mansfield", 1, "RS against its own year's mean, %", True),
    _figure("mom21", "1 m %", 6, "mom21_pct", 1, "move of 21 sessions, %", True),
    _figure("mom63", "3 m %", 6, "mom63_pct", 1, "move of 63 sessions, %", True),
    _figure("mom126", "6 m %", 6, "mom126_pct", 1, "move of 126 sessions, %", True),
    _figure("mom252", "12 m %", 6, "mom252_pct", 1, "move of 252 sessions, %", True),
    _figure("sma50", "vs 50 d", 7, "dist_sma50_pct", 1, "price against its 50-day mean, %", True),
    _figure("sma200", "vs 200 d", 8, "dist_sma200_pct", 1, "price against its 200-day mean, %", True),
    _figure("revenue", "rev y/y", 7, "revenue_yoy_pct", 1, "the last quarter's revenue against a year before, %", True),
    _money("quarter", "quarter", "revenue", "revenue of the last quarter"),
    _money("sales", "rev 12 m", "revenue_ttm", "revenue of the last four quarters"),
    _figure("sales_yoy", "12 m y/y", 8, "revenue_ttm_yoy_pct", 1, "its four quarters against the four before, %", True),
    _figure("ps", "P/S", 5, "ps_ttm", 1, "price to sales of the last four quarters"),
    Column("report", "report", 9, _report, _report_day, "the next report, estimated, give or take days",
           measure="all"),
    Column("quoted", "quoted", 6, _quoted, _quoted_at, "when the price was made, New York time or its date",
           measure="all"),
    Column("session", "session", 7, _words(lambda row: row.session), attrgetter("session"),
           "the session of the price: pre, regular, post, closed", False),
    Column("source", "source", 8, _words(lambda row: row.source), lambda row: row.source or None,
           "where the price comes from", False),
)  # fmt: skip
COLUMNS = {column.id: column for column in _ALL}
"""Every column there is, in the order the unchosen ones stand on screen."""
