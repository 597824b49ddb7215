"""What the watchlist shows: one list or all, sorted and filtered, in the columns that were chosen or that fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.style import Style

from rallytui.board.shape import Board, Row, Watchlist
from rallytui.ui.format import clean, cut, pct, pp
from rallytui.ui.panes.board_pane import BoardPane
from rallytui.ui.panes.columns import COLUMNS, Pen
from rallytui.ui.panes.listing import ListPane
from rallytui.ui.panes.readings import today
from rallytui.ui.panes.watchlist_edits import Edits
from rallytui.ui.panes.watchlist_fit import Placed, place
from rallytui.ui.panes.watchlist_lists import ALL, all_lists, lists_of
from rallytui.ui.panes.watchlist_tail import benchmark_name, draw_row, draw_tail
from rallytui.ui.widgets.sheet import Phrase, Piece, Sheet, phrase_len

_LEAST_HEADER = 8


class _Seen(NamedTuple):
    """What the rows were made of, and the rows: asked for at every key, made when one of these is another."""

    watchlist: Watchlist
    order: tuple[str, bool, str]
    rows: list[Row]
    keys: list[str]


class _Fit(NamedTuple):
    """What the columns were placed for, and where they are."""

    watchlist: Watchlist
    board: Board
    asked: tuple[int, bool, tuple[str, ...]]
    placed: list[Placed]


class WatchlistView(ListPane, BoardPane):
    """One list at a time, or all of them."""

    slot, kind = "watchlist", "symbol"
    title = "Watchlist"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.list_name = ""
        self.sort_by = ""
        """The id of a column; empty is your own order."""
        self.turned = False
        self.columns: list[str] = []
        """Ids of the chosen columns; without any they stay by priority."""
        self.needle = ""
        self.typing = False
        self.notice = ""
        """What the last key did: stands in the last row of the pane."""
        self.edits = Edits()
        self._lists: list[Watchlist] = []
        self._all: Watchlist | None = None
        self._tabs: list[tuple[int, int, str]] = []
        self._seen: _Seen | None = None
        self._fit: _Fit | None = None

    # --- state ---

    @property
    def names(self) -> list[str]:
        """The lists one can turn to: with more than one there is also all of them."""
        return [one.name for one in self._lists] + ([ALL] if len(self._lists) > 1 else [])

    @property
    def watchlist(self) -> Watchlist | None:
        """The list that is shown."""
        if self.list_name == ALL and len(self._lists) > 1:
            self._all = self._all or all_lists(self._lists)
            return self._all
        return next((one for one in self._lists if one.name == self.list_name), next(iter(self._lists), None))

    def show(self, board: Board | None) -> None:
        """Another board: sort, filter and selection stay."""
        self.board = board
        self.edits.settle(board)
        self.arrange_lists()

    def wanted_rows(self, board: Board) -> int:
        """Rule, header, the names of the longest list, basket, index and footnote."""
        return max((len(one.rows) for one in board.watchlists), default=0) + 7

    def parts(self, board: Board) -> int:
        return len(board.watchlists)

    def arrange_lists(self) -> None:
        """Show the lists as they were arranged, whether the board has them so already or not."""
        self._lists, self._all = lists_of(self.board, self.edits.expected), None
        watchlist = self.watchlist
        self.title = self._title(watchlist) if watchlist else "Watchlist"
        self.repaint()

    def rows(self) -> list[Row]:
        """The rows that match the filter, in order; what has no value stands last, whatever the direction."""
        watchlist, order = self.watchlist, (self.sort_by, self.turned, self.needle)
        if watchlist is None:
            return []
        if self._seen is None or self._seen.watchlist is not watchlist or self._seen.order != order:
            rows = self._ordered(watchlist)
            self._seen = _Seen(watchlist, order, rows, [row.symbol for row in rows])
        return self._seen.rows

    def _ordered(self, watchlist: Watchlist) -> list[Row]:
        needle = self.needle.casefold()
        rows = [row for row in watchlist.rows if needle in row.symbol.casefold() or needle in row.name.casefold()]
        if not self.sort_by:
            return rows[::-1] if self.turned else rows
        value = COLUMNS[self.sort_by].sort
        known = [(found, row) for row in rows if (found := value(row)) is not None and found == found]
        known.sort(key=lambda pair: pair[0], reverse=self.descending)
        return [row for _, row in known] + [row for row in rows if (v := value(row)) is None or v != v]

    @property
    def descending(self) -> bool:
        """Numbers begin with the largest, words with A, and `S` turns either around."""
        return (self.sort_by not in ("symbol", "name", "session", "source")) is not self.turned

    def row_keys(self) -> Sequence[str]:
        """The symbols, in the order they stand."""
        self.rows()
        return self._seen.keys if self._seen and self._lists else []

    # --- drawing ---

    def _title(self, watchlist: Watchlist) -> str:
        return self.glyphs.words(clean(watchlist.title, 40))

    def heading(self, width: int) -> Phrase:
        """The lists as tabs in the rule; without room the one that is shown and which of how many it is."""
        p, names = self.palette, self.names
        self._tabs = []
        if len(names) < 2 or (watchlist := self.watchlist) is None:
            return super().heading(width)
        titles = [self._title(one) for one in self._lists] + ["all"]
        first = next(iter(self.summary(self.board)), ())
        room = width - 5 - (phrase_len(first) + 3 if first else 0)
        if sum(map(cell_len, titles)) + 3 * len(titles) > room:
            return ((f" {self.title}", p.bright), (f"  {names.index(watchlist.name) + 1}/{len(names)}", p.dim))
        pieces: list[Piece] = []
        x = 4
        for name, title in zip(names, titles, strict=True):
            gap = "   " if pieces else " "
            x += len(gap) - 1 if pieces else 0
            pieces.append((f"{gap}{title}", p.bright if name == watchlist.name else p.dim))
            self._tabs.append((x, x + cell_len(title), name))
            x += cell_len(title) + 1
        return tuple(pieces)

    def summary(self, board: Board | None) -> list[Phrase]:
        """The basket, against its index, and how many names are above their mean."""
        watchlist, p, g = self.watchlist, self.palette, self.glyphs
        if watchlist is None or not watchlist.rows:
            return []
        count = len(watchlist.rows)
        names = f"{count} name{'' if count == 1 else 's'}"
        if all(row.last is None for row in watchlist.rows):
            return [((f"{names}, no quotes", p.dim),)]
        basket, breadth = watchlist.basket, watchlist.breadth
        move = f"{g.arrow(basket.change_pct)} {pct(basket.change_pct, 2, g)}"
        phrases: list[Phrase] = [(("basket ", p.dim), (move, p.move(basket.change_pct)))]
        if watchlist.name == ALL:
            phrases = [((names, p.text),)]
        if basket.rel_pct is not None:
            name = benchmark_name(watchlist, g).removesuffix(" 500")
            phrases.append(((f"vs {name} ", p.dim), (pp(basket.rel_pct, 2, g), p.text)))
        elif basket.note:
            phrases.append((("not of one moment", p.dim),))
        if breadth.with_sma50:
            phrases.append((("above 50 d ", p.dim), (f"{breadth.above_sma50}/{breadth.with_sma50}", p.text)))
        return phrases

    def body(self, sheet: Sheet, board: Board | None) -> None:
        """Header, the visible rows, basket and index, a footnote; in the last row the filter or what a key did."""
        watchlist, p = self.watchlist, self.palette
        if watchlist is None or board is None:
            return
        last = 1 if self.typing or self.needle or self.notice else 0
        if not watchlist.rows:
            sheet.put(1, min(2, sheet.height - 1 - last), cut("No symbols yet. a adds one.", sheet.width - 2), p.dim)
            self._draw_last(sheet, 0, 0)
            return
        placed, rows = self.placed(sheet.width), self.rows()
        header = self.has_header(sheet.height)
        if header:
            self._draw_header(sheet, placed)
        first = 2 if header else 1
        room = sheet.height - first - last
        saved = 1 if watchlist.name == ALL else 0  # the basket's row
        tail = max(0, _tail(room + saved, len(watchlist.rows)) - saved)
        shown = self.window(first, room - tail, len(rows))
        pen = Pen(p, self.glyphs, board.charts, not header, today(board))
        nothing = all(_is_blank(row) for row in watchlist.rows)
        self._draw_rows(sheet, placed, rows, pen, reasons=not nothing)
        if rows and nothing:
            sheet.put(1, first + len(shown) + 1, cut("waits for the first source that answers", sheet.width - 2), p.dim)
        elif tail and rows:
            draw_tail(sheet, first + len(shown) + 1, placed, watchlist, pen, footnote=tail + saved > 3 and not last)
        self._draw_last(sheet, len(rows), len(watchlist.rows))

    def _draw_rows(self, sheet: Sheet, placed: list[Placed], rows: list[Row], pen: Pen, reasons: bool) -> None:
        if not rows:
            words = f'No name matches "{self.glyphs.words(clean(self.needle))}". Esc clears.'
            sheet.put(1, self._first_y, cut(words, sheet.width - 2), self.palette.dim)
        for y, index in enumerate(self._shown, self._first_y):
            row = rows[index]
            blank = _is_blank(row)
            draw_row(sheet, y, placed[:3] if blank else placed, row, pen)
            if blank and reasons and len(placed) > 3:
                why, x = self.glyphs.words(clean(row.missing.get("last") or "waiting", 60)), placed[3].x
                sheet.put(x, y, cut(why, sheet.width - 2 - x), self.palette.dim)
            if index == self.index:
                self.mark(sheet, y)
        self.more(sheet, len(rows))

    def _draw_header(self, sheet: Sheet, placed: list[Placed]) -> None:
        draw_header(sheet, 1, placed, self.sort_by, self.descending, Pen(self.palette, self.glyphs))

    def _draw_last(self, sheet: Sheet, found: int, total: int) -> None:
        p, y = self.palette, sheet.height - 1
        if not (self.typing or self.needle):
            words = cut(self.glyphs.words(clean(self.notice)), sheet.width - 2, self.glyphs)
            sheet.put(1, y, words.ljust(sheet.width - 2) if words else "", p.text)
            return
        x = sheet.phrase(1, y, (("/ ", p.accent), (self.glyphs.words(clean(self.needle)), p.bright)))
        if self.typing:
            sheet.put(x, y, " ", Style(reverse=True))
        hint = f"{found} of {total}" + ("" if self.typing else "   Esc clears")
        if x + 3 + cell_len(hint) < sheet.width:
            sheet.put(x + 3, y, hint, p.dim)

    # --- places ---

    def has_header(self, height: int) -> bool:
        """Whether there is room for one."""
        return height >= _LEAST_HEADER

    def placed(self, width: int | None = None) -> list[Placed]:
        """The columns at their places; the same for the same rows, whose numbers need not be measured twice."""
        watchlist, board = self.watchlist, self.board
        if watchlist is None or board is None:
            return []
        asked = (width or self.size.width, not self.has_header(self.size.height), tuple(self.columns))
        fit = self._fit
        if fit is None or fit.watchlist is not watchlist or fit.board is not board or fit.asked != asked:
            has_day = any(board.charts[row.symbol].day for row in watchlist.rows if row.symbol in board.charts)
            rows = [*watchlist.rows, *([watchlist.benchmark_row] if watchlist.benchmark_row else [])]
            fit = _Fit(watchlist, board, asked, place(asked[0], rows, has_day, asked[1], asked[2], today(board)))
            self._fit = fit
        return fit.placed

    def tab_at(self, x: int) -> str | None:
        """The list whose tab stands in column `x` of the rule."""
        return next((name for start, end, name in self._tabs if start <= x < end), None)


def draw_header(sheet: Sheet, y: int, placed: list[Placed], sort_by: str, descending: bool, pen: Pen) -> None:
    """The columns' names; the one that sorts is bright and has an arrow."""
    p, g = pen.palette, pen.glyphs
    for column, x, width in placed:
        sorted_by = column.id == sort_by
        header = g.words(column.header)
        start = x + width - cell_len(header) if column.right else x
        sheet.put(start, y, header, p.bright if sorted_by else p.dim)
        if sorted_by:
            sheet.put(start - 1 if column.right else start + len(header), y, g.down if descending else g.up, p.accent)


def _tail(room: int, names: int) -> int:
    """Rows for basket, index and footnote, when the names keep enough."""
    if room - 5 >= min(names, 6):
        return 5
    return 3 if room - 3 >= min(names, 4) else 0


def _is_blank(row: Row) -> bool:
    return row.last is None and row.rsi14 is None
