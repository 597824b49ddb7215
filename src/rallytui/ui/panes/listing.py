"""A pane with a cursor: the selection stays on its row through refreshes and sorts; only visible rows are drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Literal

from textual import events
from textual.message import Message

from rallytui.ui.keys import Scope, bindings
from rallytui.ui.widgets.canvas import Pane
from rallytui.ui.widgets.sheet import Sheet
from rallytui.ui.widgets.wheel import WheelMoves

DETAIL_ROWS = 4
Kind = Literal["symbol", "indicator", "target", "claim"]
"""What a page can be about."""


class Opened(Message):
    """Someone wants to see all about one row: `keys` are its neighbours, in the order of the pane."""

    def __init__(self, kind: Kind, key: str, keys: Sequence[str]) -> None:
        super().__init__()
        self.kind: Kind = kind
        self.key = key
        self.keys = tuple(keys)


class ScopesChanged(Message):
    """Other keys than before do something now."""


class ListPane(WheelMoves, Pane):
    """Cursor, scrolling and mouse for panes whose body is a list."""

    BINDINGS = bindings("list")
    kind: ClassVar[Kind | None] = None
    """What the page of a row is about; None if its rows have no pages of one kind."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.selected = ""
        """The key of the row under the cursor; empty means the first one."""
        self._clicked = ""
        self._top = 0
        self._shown = range(0)
        self._first_y = 1

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """Where the keys that the last row names exist."""
        return ("app", "board", "list")

    def row_keys(self) -> Sequence[str]:
        """The keys of all rows, in the order they stand."""
        raise NotImplementedError

    @property
    def index(self) -> int:
        """Where the cursor is; the first row if the selected one is gone."""
        keys = self.row_keys()
        return keys.index(self.selected) if self.selected in keys else 0

    def window(self, first_y: int, rows: int, total: int) -> range:
        """The indexes to draw from row `first_y` of the pane on, so that the cursor is among them."""
        rows, index = max(0, rows), self.index
        self._top = max(min(self._top, index, total - rows), index - rows + 1, 0)
        self._first_y, self._shown = first_y, range(self._top, min(total, self._top + rows))
        return self._shown

    def draw_list(
        self, sheet: Sheet, total: int, draw_row: Callable[[int, int], None], draw_detail: Callable[[int, int], None]
    ) -> None:
        """A row of the sheet for each of `total` rows, and in the last four the whole of the one under the cursor.

        Both are called with the row of the sheet and the row of the list.
        """
        below = DETAIL_ROWS if sheet.height >= 3 * DETAIL_ROWS else 0
        for y, n in enumerate(self.window(1, sheet.height - 1 - below, total), 1):
            draw_row(y, n)
            if n == self.index:
                self.mark(sheet, y)
        self.more(sheet, total)
        if below and total:
            sheet.put(0, sheet.height - below, self.glyphs.rule * sheet.width, self.palette.rule)
            draw_detail(sheet.height - below + 1, self.index)

    def mark(self, sheet: Sheet, y: int) -> None:
        """Raise the cursor's row."""
        if self.has_focus:
            sheet.paint(0, y, sheet.width, self.palette.cursor)
            sheet.put(0, y, self.glyphs.cursor, self.palette.accent + self.palette.cursor)

    def more(self, sheet: Sheet, total: int) -> None:
        """Say in the margin that there are rows above or below."""
        shown = self._shown
        if shown and shown.start > 0:
            self._sign(sheet, self._first_y, self.glyphs.up)
        if shown and shown.stop < total:
            self._sign(sheet, self._first_y + len(shown) - 1, self.glyphs.down)

    def _sign(self, sheet: Sheet, y: int, glyph: str) -> None:
        """Put a sign into the right margin, else the left one; never over a number."""
        if not 0 <= y < sheet.height or sheet.width < 2:
            return
        row = sheet.rows[y]
        if row[-1][0] == " ":
            sheet.put(sheet.width - 1, y, glyph, self.palette.dim)
        elif row[0][0] == " ":
            sheet.put(0, y, glyph, self.palette.dim)

    def action_move(self, steps: int) -> None:
        """Move the cursor; it stops at the ends."""
        keys = self.row_keys()
        if keys:
            self.select(keys[max(0, min(len(keys) - 1, self.index + steps))])

    def action_first(self) -> None:
        """To the first row."""
        self.action_move(-len(self.row_keys()))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In a look back the key for the first row is the one that leads back to live."""
        return action != "first" or self.board is None or self.board.mode != "as_of"

    def action_move_page(self, pages: int) -> None:
        """Move the cursor by what is visible."""
        self.action_move(pages * max(1, len(self._shown) - 1))

    def select(self, key: str) -> None:
        """Put the cursor on a row."""
        self.selected, self._clicked = key, ""
        self.repaint()

    def on_click(self, event: events.Click) -> None:
        """A click selects, a second one on the same row opens."""
        key = self.key_at(event.y)
        if key is None:
            return
        again = event.chain > 1 or key == self._clicked
        self.select(key)
        self._clicked = "" if again else key
        if again:
            self.action_open()

    def key_at(self, y: int) -> str | None:
        """The row that stands in row `y` of the pane."""
        row = y - self._first_y
        keys = self.row_keys()
        return keys[self._shown[row]] if 0 <= row < len(self._shown) and self._shown[row] < len(keys) else None

    def action_open(self) -> None:
        """The page of the row under the cursor."""
        keys = self.row_keys()
        if self.kind and keys:
            self.post_message(Opened(self.kind, keys[self.index], keys))

    def marked(self) -> str:
        """The key of the row under the cursor; empty without rows."""
        keys = self.row_keys()
        return keys[self.index] if keys else ""
