"""What stands in and below the rows of the watchlist: cells at their places, basket, index, footnote."""

from __future__ import annotations

from collections.abc import Iterator

from rallytui.board.shape import Row, Watchlist
from rallytui.board.words import SESSIONS
from rallytui.ui.format import age_sign, change, clean, cut, price
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.panes.columns import Column, Pen, is_volume_old
from rallytui.ui.panes.watchlist_fit import Placed
from rallytui.ui.panes.watchlist_lists import ALL, NO_BASKET
from rallytui.ui.widgets.sheet import Sheet

# What says something about an index too; the other columns compare a name with it.
_INDEX_HAS = frozenset(
    {
        *(
            "last",
            "change",
            "points",
            "gap",
            "outside",
            "month",
            "day",
            "range",
            "high",
            "low",
            "drawdown",
            "rsi",
            "beta",
        ),
        *("atr", "atr_pct", "volatility", "mom21", "mom63", "mom126", "mom252", "sma50", "sma200", "quoted", "source"),
    }
)

_OUTSIDE = ("pre", "post")


def draw_row(sheet: Sheet, y: int, placed: list[Placed], row: Row, pen: Pen) -> None:
    """One symbol's cells."""
    for column, x, width in placed:
        phrase = column.draw(row, width, pen)
        if column.right:
            sheet.right_phrase(x + width, y, phrase)
        else:
            sheet.phrase(x, y, phrase)


def draw_tail(sheet: Sheet, y: int, placed: list[Placed], watchlist: Watchlist, pen: Pen, footnote: bool) -> None:
    """Basket, index and footnote from row `y` on."""
    p, g = pen.palette, pen.glyphs
    if watchlist.name != ALL:
        _draw_basket(sheet, y, placed, watchlist, pen)
        y += 1
    index = watchlist.benchmark_row
    if index is not None:
        draw_row(sheet, y, [one for one in placed if _says(one.column, index)], index, pen)
        width, sign = placed[0].width, age_sign(index.freshness, index.badge, g)
        x = sheet.put(1, y, cut(benchmark_name(watchlist, g), width, g).ljust(width), p.text)
        sheet.put(x - 1, y, sign, p.dim)
    if footnote:
        sheet.put(1, y + 2, cut(footnote_of(watchlist, placed, g), sheet.width - 2, g), p.dim)


def basket_note(watchlist: Watchlist) -> str:
    """What the basket is, how many of its names are in it, or why it is unknown."""
    inside = [row for row in watchlist.rows if row.joined is None or row.symbol in watchlist.basket.members]
    total, moved = len(inside), sum(row.change_pct is not None for row in inside)
    basket, of = watchlist.basket, f"{moved} of {total}"
    if basket.change_pct is None and 0 < moved < total:
        return f"unknown: {of} names have a change, {-(-total * 6 // 10)} are needed"
    what = "equal weight, 100 at start" if basket.level is not None else ""
    return ", ".join(filter(None, (what, f"{of} names" if 0 < moved < total else "", *map(_since, watchlist.rows))))


def _since(row: Row) -> str:
    return f"{clean(row.symbol, 24)} since {row.joined.isoformat()}" if row.joined else ""


def _draw_basket(sheet: Sheet, y: int, placed: list[Placed], watchlist: Watchlist, pen: Pen) -> None:
    p, g, at, basket = pen.palette, pen.glyphs, 0, watchlist.basket
    for n, (column, x, width) in enumerate(placed):
        if column.id == "last":
            sheet.right(x + width, y, price(basket.level, 1, g), p.text)
        elif column.id == "change":
            text = change(basket.change_pct, 2, g).rjust(width - 1)
            sheet.put(x, y, g.arrow(basket.change_pct) + text, p.move(basket.change_pct))
        at = n if column.id in ("last", "change") else at
    if at:
        sheet.put(1, y, cut("basket", placed[0].width, g), p.text)
    if at and at + 1 < len(placed):
        x, note = placed[at + 1].x, basket_note(watchlist)
        room = placed[-1].x + placed[-1].width - x
        if room >= 12:
            sheet.put(x, y, cut(note, room, g), p.dim)


def _says(column: Column, index: Row) -> bool:
    spark = column.id in ("month", "day")
    return column.id in _INDEX_HAS and (spark or column.id in ("last", "change") or column.sort(index) is not None)


def benchmark_name(watchlist: Watchlist, g: Glyphs) -> str:
    """`S&P 500` rather than `^GSPC`."""
    row = watchlist.benchmark_row
    return g.words(clean(row.name or row.symbol if row else watchlist.benchmark, 24))


def footnote_of(watchlist: Watchlist, placed: list[Placed], g: Glyphs) -> str:
    """What the signs in the rows mean, and what the rows add up to."""
    shown, breadth = {one.column.id for one in placed}, watchlist.breadth
    thin = any(row.is_beta_thin for row in watchlist.rows)
    parts = [
        NO_BASKET if watchlist.name == ALL else "",
        *_badges(watchlist.rows, g),
        "+ joined later, in the basket from then on" if any(row.joined for row in watchlist.rows) else "",
        *(_volume_notes(watchlist.rows) if "volume" in shown else ()),
        "dim beta: R² below 0.10" if thin and "beta" in shown else "",
        f"{breadth.advancers} up" if breadth.members else "",
        f"{breadth.decliners} down" if breadth.members else "",
        f"above 200 d {breadth.above_sma200}/{breadth.with_sma200}" if breadth.with_sma200 else "",
        "dates est." if "report" in shown else "",
    ]
    return f" {g.sep} ".join(g.words(part) for part in parts if part)


def _volume_notes(rows: list[Row]) -> Iterator[str]:
    """Which session's volume the column has, while it is not the same for all."""
    if any(row.rel_volume_partial for row in rows):
        yield "vol × so far"
    if any(is_volume_old(row) for row in rows):
        yield "dim vol ×: the session before"


def _badges(rows: list[Row], g: Glyphs) -> list[str]:
    """One word for each kind of age in the list, as in `~ delayed 15 min` or `† Thu 20 Nov`."""
    old = {
        f"{g.stale if row.freshness == 'stale' else g.delayed} {clean(row.badge, 30)}": None
        for row in rows
        if row.badge and (row.freshness in ("lagging", "stale") or row.badge.startswith("delayed"))
    }
    rest = {clean(row.badge, 30): None for row in rows if row.badge in ("closed", "awaiting open")}
    rest |= {SESSIONS[row.session]: None for row in rows if row.session in _OUTSIDE and row.extended is not None}
    return [*list(old)[:2], *rest]
