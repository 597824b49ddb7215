"""Which columns of the watchlist stand where: by priority or by choice, and none cuts a number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from operator import itemgetter
from typing import NamedTuple

from rallytui.board.shape import Row
from rallytui.ui.glyphs import UNICODE
from rallytui.ui.panes.columns import COLUMNS, Column, Pen
from rallytui.ui.theme import palette
from rallytui.ui.widgets.sheet import phrase_len

PRIORITY = ("symbol", "last", "change", "range", "volume", "rsi", "revenue", "rs63", "report", "month", "day", "beta")
"""The columns without a choice, in the order they stay: the last one leaves first."""
BARE = ("symbol", "last", "change", "range", "volume")
"""The columns, and their order, of a list without a header: those that say what they are."""
_UNITS = {"change": 2, "volume": 2}
"""Cells of a blank and the unit, where no header names it."""
_WIDEST_RANGE = 28
_WIDEST_NAME = 30
_WIDEST_SYMBOL = 10


class Placed(NamedTuple):
    """A column at its place."""

    column: Column
    x: int
    width: int


def standard() -> list[str]:
    """The columns without a choice, in the order they stand."""
    return [name for name in COLUMNS if name in PRIORITY]


def known_columns(names: Sequence[str] | None) -> list[str]:
    """A choice as it can be shown: only what there is, once, and the symbol first. Empty if nothing was chosen."""
    found = [name for name in dict.fromkeys(names or ()) if name in COLUMNS and name != "symbol"]
    return ["symbol", *found] if found else []


def place(
    width: int,
    rows: Sequence[Row],
    has_day: bool,
    bare: bool = False,
    choice: Sequence[str] = (),
    today: date = date.max,
) -> list[Placed]:
    """The columns that fit into `width`, from column 1 on, with what is left given to shapes and names.

    `choice` are ids in their order; without it they stay by priority. `bare` is a list without a header.
    """
    order = [name for name in _order(bare, choice) if has_day or name != "day"]
    base = widths(rows, order, today)
    base |= {name: base[name] + more for name, more in _UNITS.items() if bare and name in base}
    chosen = _fitting(order, width - 1, base)
    if not bare and not known_columns(choice):
        chosen = [name for name in COLUMNS if name in chosen]
    spare = width - 1 - _total(chosen, base)
    symbol = _WIDEST_SYMBOL if bare else 0
    growing = (("symbol", symbol), ("range", 11), ("month", 9), ("day", 8), ("name", _WIDEST_NAME))
    for name, most in (*growing, ("range", _WIDEST_RANGE)):
        if name in chosen:
            more = max(0, min(spare, most - base[name]))
            base[name] += more
            spare -= more
    return _in_place(chosen, base)


def widths(rows: Sequence[Row], names: Sequence[str], today: date) -> dict[str, int]:
    """The width of each of these columns, so that no number of the rows is cut."""
    pen = Pen(palette(), UNICODE, today=today)
    found = {name: max(COLUMNS[name].width, _longest(COLUMNS[name], rows, pen)) for name in names}
    # The longest of the names decides, but a strange one does not push the numbers away.
    longest = max((len(row.symbol) + 2 for row in rows), default=0)
    return found | {"symbol": min(_WIDEST_SYMBOL, max(COLUMNS["symbol"].width, longest))}


def _longest(column: Column, rows: Sequence[Row], pen: Pen) -> int:
    """Cells of the longest cell."""
    if column.measure == "no":
        return 0
    valued = [(value, row) for row in rows if (value := column.sort(row)) is not None and value == value]
    if column.measure == "ends" and valued:
        # with fixed decimals the longest number is the largest or the smallest
        valued = [min(valued, key=itemgetter(0)), max(valued, key=itemgetter(0))]
    return max((phrase_len(column.draw(row, 0, pen)) for _, row in valued), default=0)


def _order(bare: bool, choice: Sequence[str]) -> list[str]:
    if not bare:
        return known_columns(choice) or list(PRIORITY)
    own = [name for name in BARE if name == "symbol" or name in choice]
    return own if len(own) > 1 else list(BARE)


def _fitting(order: Sequence[str], room: int, base: dict[str, int]) -> list[str]:
    kept: list[str] = []
    for name in order:
        if _total([*kept, name], base) > room:
            break
        kept.append(name)
    return kept


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
