"""The dialog behind `c`: which columns the watchlist shows and in which order, with the list as it would look."""

from __future__ import annotations

from textual import events
from textual.geometry import Size

from rallytui.board.shape import Board, Watchlist
from rallytui.ui.format import cut
from rallytui.ui.keys import Scope, bindings
from rallytui.ui.panes.columns import COLUMNS, Pen
from rallytui.ui.panes.readings import today
from rallytui.ui.panes.watchlist_edits import swapped, without
from rallytui.ui.panes.watchlist_fit import place, standard
from rallytui.ui.panes.watchlist_tail import draw_row
from rallytui.ui.panes.watchlist_view import draw_header
from rallytui.ui.widgets.dialog import Dialog
from rallytui.ui.widgets.sheet import Phrase, Sheet
from rallytui.ui.widgets.wheel import WheelMoves

_PREVIEW = 3
"""A header and two rows."""


class ChooseColumns(WheelMoves, Dialog[list[str] | None]):
    """Answers with ids in their order, or with none for the choice of the config."""

    BINDINGS = bindings("choosing")
    scope: Scope = "choosing"

    def __init__(self, watchlist: Watchlist, board: Board, columns: list[str], width: int) -> None:
        super().__init__()
        self._watchlist, self._board, self._width = watchlist, board, width
        self._has_day = any(board.charts[row.symbol].day for row in watchlist.rows if row.symbol in board.charts)
        self.shown = list(columns)
        """The chosen ids; without any the columns stay by priority."""
        self.at = self._listed()[0]
        self._top = 0

    @property
    def in_force(self) -> list[str]:
        """The ids on screen if there is room for all, in their order."""
        return self.shown or standard()

    def _listed(self) -> list[str]:
        chosen = without(self.in_force, "symbol")
        return [*chosen, *(name for name in COLUMNS if name not in chosen and name != "symbol")]

    def wanted(self, screen: Size) -> Size:
        return Size(max(min(76, screen.width), min(self._width, screen.width - 2)), min(28, screen.height - 2))

    # --- choosing ---

    def action_move(self, steps: int) -> None:
        names = self._listed()
        self.at = names[max(0, min(len(names) - 1, names.index(self.at) + steps))]
        self.box.repaint()

    def action_show_or_hide(self) -> None:
        """Show the column behind the others, or hide it; the symbol and one more always stay."""
        names = self.in_force
        if self.at not in names:
            self.shown = [*names, self.at]
        elif len(names) > 2:
            listed = self._listed()
            self.shown = without(names, self.at)
            self.at = listed[min(listed.index(self.at) + 1, len(listed) - 1)]
        self.box.repaint()

    def action_shift(self, steps: int) -> None:
        """Move the column among the shown ones."""
        names = without(self.in_force, "symbol")
        if self.at in names:
            self.shown = ["symbol", *swapped(names, self.at, steps)]
            self.box.repaint()

    def action_reset(self) -> None:
        self.shown = []
        self.box.repaint()

    def action_leave(self) -> None:
        self.dismiss(self.shown)

    def on_click(self, event: events.Click) -> None:
        """A click shows or hides; one beside the box closes."""
        if event.widget is self:
            self.dismiss(self.shown)
        row, names = event.y - 1 + self._top, self._listed()
        if event.widget is self.box and 1 <= event.y <= self._rows(self.box.size.height) and row < len(names):
            self.at = names[row]
            self.action_show_or_hide()

    # --- drawing ---

    def title_phrases(self) -> tuple[str, list[Phrase]]:
        p = self.box.palette
        said = f"{len(self.in_force)} chosen" if self.shown else "as many as fit"
        return "Columns", [((said, p.dim),)]

    def _rows(self, height: int) -> int:
        # rule, list, blank, preview, blank, keys, rule
        room = height - 3
        return max(1, room - _PREVIEW - 2 if room >= 12 else room)

    def inside(self, sheet: Sheet, last: int) -> None:
        p, g = self.box.palette, self.box.glyphs
        names, rows = self._listed(), self._rows(sheet.height)
        index = names.index(self.at)
        self._top = max(0, min(self._top, index, len(names) - rows), index - rows + 1)
        rows_of = [*self._watchlist.rows, *([self._watchlist.benchmark_row] if self._watchlist.benchmark_row else [])]
        placed = place(self._width, rows_of, self._has_day, False, self.shown, today(self._board))
        on_screen = {one.column.id for one in placed}
        for y, name in enumerate(names[self._top : self._top + rows], 1):
            self._draw_column(sheet, y, name, name in on_screen)
            if name == self.at:
                sheet.paint(0, y, sheet.width, p.cursor)
                sheet.put(0, y, g.cursor, p.accent + p.cursor)
        for y, sign in ((1, g.up if self._top else ""), (rows, g.down if self._top + rows < len(names) else "")):
            sheet.put(sheet.width - 1, y, sign, p.dim)
        if rows + _PREVIEW + 1 <= last:
            pen = Pen(p, g, self._board.charts, False, today(self._board))
            whole = [one for one in placed if one.x + one.width <= sheet.width]
            draw_header(sheet, rows + 2, whole, "", False, pen)
            for y, row in enumerate(self._watchlist.rows[: _PREVIEW - 1], rows + 3):
                draw_row(sheet, y, whole, row, pen)

    def _draw_column(self, sheet: Sheet, y: int, name: str, fits: bool) -> None:
        p, g, column = self.box.palette, self.box.glyphs, COLUMNS[name]
        chosen = name in self.in_force
        sheet.put(2, y, g.reached if chosen else " ", p.good if fits else p.dim)
        sheet.put(4, y, g.words(column.header), p.bright if chosen and fits else p.text if chosen else p.dim)
        side = "" if fits or not chosen else "no data yet" if name == "day" and not self._has_day else "no room"
        room = sheet.width - 16 - (len(side) + 2 if side else 0)
        sheet.put(15, y, cut(g.words(column.help), room, g), p.text if chosen else p.dim)
        sheet.right(sheet.width - 2, y, side, p.dim)
