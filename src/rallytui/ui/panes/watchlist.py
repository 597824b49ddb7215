"""Pane 2: the names of a watchlist, with sorting, filtering and a cursor that stays on its symbol."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.style import Style
from textual import events

from rallytui.board.shape import Board, Row, Watchlist
from rallytui.ui.format import clean, cut, pct, pp
from rallytui.ui.keys import ACTIONS, Scope, bindings
from rallytui.ui.panes.columns import COLUMNS, Pen, Placed, place
from rallytui.ui.panes.listing import ListPane, Opened, ScopesChanged
from rallytui.ui.panes.watchlist_tail import benchmark_name, draw_row, draw_tail
from rallytui.ui.widgets.sheet import Phrase, Sheet

_FILTER_KEYS = {key: action.command for action in ACTIONS if action.scope == "filter" for key in action.keys}
_LONGEST_FILTER = 40


class WatchlistPane(ListPane):
    """One list at a time."""

    BINDINGS = bindings("watchlist")

    key = "2"
    title = "Watchlist"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.list_name = ""
        self.sort_by = ""
        """The id of a column; empty is the order of the config."""
        self.turned = False
        self.needle = ""
        self.typing = False

    # --- state ---

    @property
    def watchlist(self) -> Watchlist | None:
        """The list that is shown."""
        lists = self.board.watchlists if self.board else []
        return next((one for one in lists if one.name == self.list_name), lists[0] if lists else None)

    def show(self, board: Board | None) -> None:
        """Another board: sort, filter and selection stay."""
        self.board = board
        watchlist = self.watchlist
        self.title = self.glyphs.words(clean(watchlist.title, 40)) if watchlist else "Watchlist"
        self.repaint()

    def rows(self) -> list[Row]:
        """The rows that match the filter, in order; what has no value stands last, whatever the direction."""
        watchlist = self.watchlist
        if watchlist is None:
            return []
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
        """Numbers begin with the largest, names with A, and `S` turns either around."""
        return (self.sort_by != "symbol") is not self.turned

    def row_keys(self) -> Sequence[str]:
        """The symbols, in the order they stand."""
        return [row.symbol for row in self.rows()]

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """What the last row may name."""
        return ("filter",) if self.typing else (*super().scopes, "watchlist")

    # --- actions ---

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what does something now."""
        return bool(self.needle) or self.typing if action == "clear_filter" else True

    def action_sort(self) -> None:
        """The next visible column; after the last one the order of the config."""
        names = ["", *(placed.column.id for placed in self._placed())]
        at = names.index(self.sort_by) if self.sort_by in names else 0
        self.sort(names[(at + 1) % len(names)])

    def sort(self, column: str) -> None:
        """Sort by a column, or turn around if it is that one already."""
        self.turned = column == self.sort_by and not self.turned
        self.sort_by = column
        self.repaint()

    def action_reverse(self) -> None:
        self.turned = not self.turned
        self.repaint()

    def turn(self, step: int) -> None:
        """Show the next list of the board, or the one before."""
        names = [one.name for one in self.board.watchlists] if self.board else []
        if self.watchlist is not None:
            self.choose(names[(names.index(self.watchlist.name) + step) % len(names)])

    def choose(self, name: str) -> None:
        """Show another list."""
        self.list_name, self.needle = name, ""
        self.show(self.board)

    def action_filter(self) -> None:
        self._set_filter(self.needle, typing=True)

    def action_keep_filter(self) -> None:
        self._set_filter(self.needle, typing=False)

    def action_clear_filter(self) -> None:
        self._set_filter("", typing=False)

    def _set_filter(self, needle: str, typing: bool) -> None:
        self.needle, self.typing = needle[:_LONGEST_FILTER], typing
        self.repaint()
        self.post_message(ScopesChanged())

    async def on_key(self, event: events.Key) -> None:
        """While the filter is open, letters are words and not commands."""
        if not self.typing:
            return
        if event.key in _FILTER_KEYS:
            await self.run_action(_FILTER_KEYS[event.key])
        elif event.key == "backspace":
            self._set_filter(self.needle[:-1], typing=True)
        elif event.is_printable and event.character:
            self._set_filter(self.needle + event.character, typing=True)
        else:
            return
        event.stop()
        event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """Pasted words go into an open filter."""
        if self.typing:
            event.stop()
            self._set_filter(self.needle + clean(event.text, _LONGEST_FILTER), typing=True)

    def on_blur(self) -> None:
        """Whoever leaves has finished typing."""
        if self.typing:
            self.action_keep_filter()

    def on_click(self, event: events.Click) -> None:
        """A click on a header sorts by it; elsewhere it selects."""
        if event.y == 1 and self._has_header(self.size.height):
            hit = [p.column.id for p in self._placed() if p.x - 1 <= event.x < p.x + p.width]
            if hit:
                self.sort(hit[0])
            return
        super().on_click(event)

    def action_open(self) -> None:
        """All about the symbol under the cursor."""
        keys = self.row_keys()
        if keys:
            self.post_message(Opened("symbol", keys[self.index], keys))

    # --- drawing ---

    def summary(self, board: Board | None) -> list[Phrase]:
        """The basket, against its index, and how many names are above their mean."""
        watchlist, p, g = self.watchlist, self.palette, self.glyphs
        if watchlist is None or not watchlist.rows:
            return []
        if all(row.last is None for row in watchlist.rows):
            count = len(watchlist.rows)
            return [((f"{count} name{'' if count == 1 else 's'}, no quotes", p.dim),)]
        basket, breadth = watchlist.basket, watchlist.breadth
        move = f"{g.arrow(basket.change_pct)} {pct(basket.change_pct, 2, g)}"
        phrases: list[Phrase] = [(("basket ", p.dim), (move, p.move(basket.change_pct)))]
        if basket.rel_pct is not None:
            name = benchmark_name(watchlist, g).removesuffix(" 500")
            phrases.append(((f"vs {name} ", p.dim), (pp(basket.rel_pct, 2, g), p.text)))
        if breadth.with_sma50:
            phrases.append((("above 50 d ", p.dim), (f"{breadth.above_sma50}/{breadth.with_sma50}", p.text)))
        return phrases

    def body(self, sheet: Sheet, board: Board | None) -> None:
        """Header, the visible rows, basket and index, a footnote."""
        watchlist, p = self.watchlist, self.palette
        if watchlist is None or board is None:
            return
        if not watchlist.rows:
            words = "No symbols yet. List them under [watchlists] in the config file."
            sheet.put(1, 2, cut(words, sheet.width - 2), p.dim)
            return
        placed, rows = self._placed(sheet.width), self.rows()
        header = self._has_header(sheet.height)
        if header:
            self._draw_header(sheet, placed)
        first = 2 if header else 1
        filtering = 1 if self.typing or self.needle else 0
        room = sheet.height - first - filtering
        tail = _tail(room, len(watchlist.rows))
        shown = self.window(first, room - tail, len(rows))
        pen = Pen(p, self.glyphs, board.charts, not header)
        self._draw_rows(sheet, placed, rows, pen)
        if rows and all(_is_blank(row) for row in watchlist.rows):
            sheet.put(1, first + len(shown) + 1, cut("waits for the first source that answers", sheet.width - 2), p.dim)
        elif tail and rows:
            draw_tail(sheet, first + len(shown) + 1, placed, watchlist, pen, footnote=tail > 3 and not filtering)
        if filtering:
            self._draw_filter(sheet, len(rows), len(watchlist.rows))

    def _draw_rows(self, sheet: Sheet, placed: list[Placed], rows: list[Row], pen: Pen) -> None:
        if not rows:
            words = f'No name matches "{self.glyphs.words(clean(self.needle))}". Esc clears.'
            sheet.put(1, self._first_y, cut(words, sheet.width - 2), self.palette.dim)
        for y, index in enumerate(self._shown, self._first_y):
            row = rows[index]
            draw_row(sheet, y, placed[:3] if _is_blank(row) else placed, row, pen)
            if index == self.index:
                self.mark(sheet, y)
        self.more(sheet, len(rows))

    def _draw_header(self, sheet: Sheet, placed: list[Placed]) -> None:
        p, g = self.palette, self.glyphs
        for column, x, width in placed:
            sorted_by = column.id == self.sort_by
            header = g.words(column.header)
            start = x + width - cell_len(header) if column.right else x
            sheet.put(start, 1, header, p.bright if sorted_by else p.dim)
            if sorted_by:
                arrow = g.down if self.descending else g.up
                sheet.put(start - 1 if column.right else start + len(header), 1, arrow, p.accent)

    def _draw_filter(self, sheet: Sheet, found: int, total: int) -> None:
        p, y = self.palette, sheet.height - 1
        x = sheet.phrase(1, y, (("/ ", p.accent), (self.glyphs.words(clean(self.needle)), p.bright)))
        if self.typing:
            sheet.put(x, y, " ", Style(reverse=True))
        hint = f"{found} of {total}" + ("" if self.typing else "   Esc clears")
        if x + 3 + cell_len(hint) < sheet.width:
            sheet.put(x + 3, y, hint, p.dim)

    # --- places ---

    def _has_header(self, height: int) -> bool:
        return height >= 8

    def _placed(self, width: int | None = None) -> list[Placed]:
        watchlist, charts = self.watchlist, self.board.charts if self.board else {}
        if watchlist is None:
            return []
        has_day = any(charts[row.symbol].day for row in watchlist.rows if row.symbol in charts)
        rows = [*watchlist.rows, *([watchlist.benchmark_row] if watchlist.benchmark_row else [])]
        return place(width or self.size.width, rows, has_day, bare=not self._has_header(self.size.height))


def _tail(room: int, names: int) -> int:
    """Rows for basket, index and footnote, when the names keep enough."""
    if room - 5 >= min(names, 6):
        return 5
    return 3 if room - 3 >= min(names, 4) else 0


def _is_blank(row: Row) -> bool:
    return row.last is None and row.rsi14 is None
