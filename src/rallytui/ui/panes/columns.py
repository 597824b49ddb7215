"""The columns of the watchlist: what each shows, how it sorts, how wide it is, and which leave first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from rallytui.board.shape import Chart, Row
from rallytui.ui.format import change, clean, cut, day, price
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.braille import sparkline
from rallytui.ui.widgets.sheet import Phrase

THIN_R2 = 0.10
"""Below this share of explained variance a beta says little."""
MONTH = 30


@dataclass(frozen=True, slots=True)
class Pen:
    """What a cell is drawn with."""

    palette: Palette
    glyphs: Glyphs
    charts: dict[str, Chart] = field(default_factory=dict)
    units: bool = False
    """Write the unit in the cell, because there is no header to name it."""

    def quiet(self, row: Row) -> bool:
        """Whether the whole row is dim, because it is old."""
        return row.freshness == "stale"


Cell = Callable[[Row, int, Pen], Phrase]


class Column(NamedTuple):
    """One column. Numbers end at its right edge, words and shapes begin at its left one."""

    id: str
    header: str
    width: int
    draw: Cell
    sort: Callable[[Row], float | str | None]
    right: bool = True


def _number(value: Callable[[Row], float | None], decimals: int, signed: bool = False) -> Cell:
    def draw(row: Row, _width: int, pen: Pen) -> Phrase:
        reading, p = value(row), pen.palette
        text = (change if signed else price)(reading, decimals, pen.glyphs)
        return ((text, p.dim if reading is None or pen.quiet(row) else p.text),)

    return draw


def badge_of(row: Row, g: Glyphs) -> str:
    """The sign behind a symbol: suspect, stale or delayed; empty when it is as it should be."""
    if any(flag.startswith("suspect") for flag in row.flags):
        return "!"
    if row.freshness == "stale":
        return g.stale
    return g.delayed if row.freshness == "lagging" or row.badge.startswith("delayed") else ""


def _symbol(row: Row, width: int, pen: Pen) -> Phrase:
    p, badge = pen.palette, badge_of(row, pen.glyphs)
    room = width - 2 if badge else width
    name = cut(pen.glyphs.words(clean(row.symbol, 24)), room, pen.glyphs)
    style = p.dim if pen.quiet(row) else p.text if row.last is None else p.bright
    return ((name, style), (f" {badge}" if badge else "", p.watch if badge == "!" else p.dim))


def _change(row: Row, width: int, pen: Pen) -> Phrase:
    p, g = pen.palette, pen.glyphs
    style = p.dim if pen.quiet(row) else p.move(row.change_pct)
    text = change(row.change_pct, 2, g) + (" %" if pen.units and row.change_pct is not None else "")
    return ((g.arrow(row.change_pct) + text.rjust(width - 1), style),)


def _spark(points: Callable[[Chart], list[float]]) -> Cell:
    def draw(row: Row, width: int, pen: Pen) -> Phrase:
        chart = pen.charts.get(row.symbol)
        values = points(chart) if chart else []
        return ((sparkline(values, width, pen.glyphs.unicode), pen.palette.dim),)

    return draw


def _volume(row: Row, _width: int, pen: Pen) -> Phrase:
    p, value = pen.palette, row.rel_volume
    loud = value is not None and value >= 2
    style = p.dim if value is None or pen.quiet(row) else p.bright if loud else p.text
    unit = f" {pen.glyphs.times}" if pen.units and value is not None else ""
    return ((price(value, 2, pen.glyphs), style), (unit, p.dim))


def _range(row: Row, width: int, pen: Pen) -> Phrase:
    p, g = pen.palette, pen.glyphs
    if row.range52 is None:
        return ((g.missing, p.dim),)
    place = max(0, min(width - 1, round(row.range52 * (width - 1))))
    edge = place in (0, width - 1) and not row.symbol.startswith("^")
    style = p.dim if pen.quiet(row) else p.watch if edge else p.bright
    return ((g.track * place, p.rule), (g.marker, style), (g.track * (width - 1 - place), p.rule))


def _rsi(row: Row, _width: int, pen: Pen) -> Phrase:
    p, value = pen.palette, row.rsi14
    loud = value is not None and not 30 <= value <= 70
    return ((price(value, 0, pen.glyphs), p.dim if value is None or pen.quiet(row) else p.bright if loud else p.text),)


def _beta(row: Row, _width: int, pen: Pen) -> Phrase:
    p, thin = pen.palette, row.r2_60 is not None and row.r2_60 < THIN_R2
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


def _day_change(row: Row) -> float | None:
    return row.change_pct


COLUMNS = {
    column.id: column
    for column in (
        Column("symbol", "sym", 8, _symbol, lambda row: row.symbol, right=False),
        Column("last", "last", 8, _number(lambda row: row.last, 2), lambda row: row.last),
        Column("change", "chg %", 8, _change, _day_change),
        Column("month", "30 d", 5, _spark(lambda chart: chart.closes[-MONTH:]), lambda row: row.mom21_pct, False),
        Column("day", "day", 5, _spark(lambda chart: chart.day), _day_change, False),
        Column("volume", "vol ×", 5, _volume, lambda row: row.rel_volume),
        Column("range", "52-week", 8, _range, lambda row: row.range52, False),
        Column("rsi", "RSI", 3, _rsi, lambda row: row.rsi14),
        Column("beta", "beta", 4, _beta, lambda row: row.beta60),
        Column("rs63", "RS63", 5, _number(lambda row: row.rs63_pct, 1, True), lambda row: row.rs63_pct),
        Column("revenue", "rev y/y", 7, _number(lambda row: row.revenue_yoy_pct, 1, True), lambda r: r.revenue_yoy_pct),
        Column("report", "report", 9, _report, _report_day),
    )
}
"""In the order they stand on screen."""

PRIORITY = ("symbol", "last", "change", "range", "volume", "rsi", "revenue", "rs63", "report", "month", "day", "beta")
"""In the order they stay: the last one leaves first."""
BARE = ("symbol", "last", "change", "range", "volume")
"""The columns, and their order, of a list without a header."""
_WIDEST_RANGE = 28


class Placed(NamedTuple):
    """A column at its place."""

    column: Column
    x: int
    width: int


def place(width: int, rows: list[Row], has_day: bool, bare: bool = False) -> list[Placed]:
    """The columns that fit into `width`, from column 1 on, with what is left given to shapes."""
    base = _widths(rows) | ({"change": 10, "volume": 7} if bare else {})
    chosen = _chosen(width - 1, base, has_day, bare)
    spare = width - 1 - _total(chosen, base)
    symbol = 10 if bare else 0
    for name, most in (("symbol", symbol), ("range", 11), ("month", 9), ("day", 8), ("range", _WIDEST_RANGE)):
        if name in chosen:
            more = max(0, min(spare, most - base[name]))
            base[name] += more
            spare -= more
    return _in_place(chosen, base)


def _widths(rows: list[Row]) -> dict[str, int]:
    base = {name: column.width for name, column in COLUMNS.items()}
    base["last"] = max([base["last"], *(len(price(row.last)) for row in rows)])
    # The longest of the names decides, but a strange one does not push the numbers away.
    base["symbol"] = min(10, max([base["symbol"], *(len(row.symbol) + 2 for row in rows)]))
    return base


def _chosen(room: int, base: dict[str, int], has_day: bool, bare: bool) -> list[str]:
    kept: list[str] = []
    for name in BARE if bare else PRIORITY:
        if name == "day" and not has_day:
            continue
        if _total([*kept, name], base) > room:
            break
        kept.append(name)
    return kept if bare else [name for name in COLUMNS if name in kept]


def _gap(name: str) -> int:
    # A symbol's field has room for its badge, which is gap enough.
    return {"symbol": 0, "last": 1}.get(name, 2)


def _total(names: list[str], base: dict[str, int]) -> int:
    return sum(base[name] + _gap(name) for name in names)


def _in_place(names: list[str], base: dict[str, int]) -> list[Placed]:
    placed, x = [], 1
    for name in names:
        x += _gap(name)
        placed.append(Placed(COLUMNS[name], x, base[name]))
        x += base[name]
    return placed
