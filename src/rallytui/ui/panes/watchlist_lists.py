"""The watchlists of a board as the pane shows them: rearranged by what was just chosen, and all of them as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from rallytui.board.shape import Basket, Board, Row, Watchlist

ALL = "\x00all"
"""The name of all lists together: no name that a config could give."""
NO_BASKET = "all lists together have no basket: each has its own"


def lists_of(board: Board | None, expected: Mapping[str, Sequence[str]]) -> list[Watchlist]:
    """The board's lists, those in `expected` with these symbols: what the board does not have yet is a blank row."""
    lists = board.watchlists if board else []
    return [rearranged(one, expected[one.name]) if one.name in expected else one for one in lists]


def rearranged(watchlist: Watchlist, symbols: Sequence[str]) -> Watchlist:
    """The list with these symbols in this order."""
    found = {row.symbol: row for row in watchlist.rows}
    return replace(watchlist, rows=[found.get(symbol) or Row(symbol=symbol) for symbol in symbols])


def all_lists(lists: Sequence[Watchlist]) -> Watchlist:
    """Every symbol of every list once, where it stands first; the index only if they share it."""
    from rallytui.board.watchlist import build_breadth  # not needed for the first frame

    found: dict[str, Row] = {}
    for one in lists:
        for row in one.rows:
            found.setdefault(row.symbol, row)
    rows = list(found.values())
    shared = lists[0] if len({one.benchmark for one in lists}) == 1 else None
    return Watchlist(
        name=ALL,
        title="all",
        benchmark=shared.benchmark if shared else "",
        basket=Basket(),
        breadth=build_breadth(rows),
        rows=rows,
        benchmark_row=shared.benchmark_row if shared else None,
    )
