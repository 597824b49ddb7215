"""Pane 2: the names of a watchlist, with sorting, filtering, tabs, and symbols that come, go and move."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from msgspec.structs import replace
from textual import events

from rallytui.ui.format import clean
from rallytui.ui.keys import ACTIONS, Scope, bindings
from rallytui.ui.panes.columns import COLUMNS
from rallytui.ui.panes.listing import ScopesChanged
from rallytui.ui.panes.watchlist_edits import Change, swapped, without
from rallytui.ui.panes.watchlist_fit import known_columns
from rallytui.ui.panes.watchlist_lists import ALL
from rallytui.ui.panes.watchlist_view import WatchlistView
from rallytui.ui.source import BoardSource

if TYPE_CHECKING:
    from rallytui.ui.app import RallyApp

_FILTER_KEYS = {key: action.command for action in ACTIONS if action.scope == "filter" for key in action.keys}
_LONGEST_FILTER = 40
_NOTICE_S = 10.0
_NOT_THEN = "A past day cannot be changed; {key} goes back to live."


class WatchlistPane(WatchlistView):
    """What the keys and the mouse do."""

    BINDINGS = bindings("watchlist")

    @property
    def source(self) -> BoardSource:
        """Where choices are kept and symbols are looked up."""
        return cast("RallyApp", self.app).source

    def on_mount(self) -> None:
        """Begin as one left it."""
        state, display = self.source.state, self.source.display
        self.sort_by, self.turned = state.sort if state.sort in COLUMNS else "", state.reverse
        self.columns = known_columns(display.columns if state.columns is None else state.columns)

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """What the last row may name."""
        return ("filter",) if self.typing else (*super().scopes, "watchlist")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what does something now."""
        if action == "clear_filter":
            return bool(self.needle) or self.typing
        if action == "undo":
            return self.edits.can_undo
        return super().check_action(action, parameters)

    def say(self, *sentences: str) -> None:
        """Show in the last row what a key did, until the next one or for a while."""
        self.notice = words = " · ".join(filter(None, sentences))
        self.arrange_lists()
        if words:
            self.set_timer(_NOTICE_S, lambda: self.say() if self.notice == words else None)

    # --- order ---

    def action_sort(self) -> None:
        """The next visible column; after the last one your own order."""
        names = ["", *(placed.column.id for placed in self.placed())]
        at = names.index(self.sort_by) if self.sort_by in names else 0
        self.sort(names[(at + 1) % len(names)])

    def sort(self, column: str) -> None:
        """Sort by a column, or turn around if it is that one already."""
        self._order(column, column == self.sort_by and not self.turned)

    def action_reverse(self) -> None:
        self._order(self.sort_by, not self.turned)

    def _order(self, column: str, turned: bool) -> None:
        self.sort_by, self.turned, self.notice = column, turned, ""
        self.source.choose(replace(self.source.state, sort=column, reverse=turned))
        self.repaint()

    # --- lists ---

    def turn(self, step: int) -> None:
        """Show the next list, or the one before; after the last one all of them."""
        names = self.names
        if self.watchlist is not None:
            self.show_list(names[(names.index(self.watchlist.name) + step) % len(names)])

    def show_list(self, name: str) -> None:
        """Show another list."""
        self.list_name, self.needle, self.notice = name, "", ""
        self.arrange_lists()

    # --- symbols ---

    def _may_change(self) -> bool:
        """Not in a look back: what is shown is one day, and what would change is the list of all of them."""
        back = self.source.looking_at is not None or (self.board is not None and self.board.mode == "as_of")
        if back:
            live = next(action for action in cast("RallyApp", self.app).actions if action.id == "live")
            self.say(_NOT_THEN.format(key=live.shown))
        return not back

    def action_add(self) -> None:
        """Look for a symbol and put it into a list."""
        from rallytui.ui.screens.add_symbol import AddSymbol  # not needed for the first frame

        if self._lists and self._may_change():
            held = {one.name: [row.symbol for row in one.rows] for one in self._lists}
            titles = {one.name: clean(one.title, 40) for one in self._lists}
            self.app.push_screen(AddSymbol(self.source.search, titles, held, self.list_name), self._added)

    def _added(self, chosen: tuple[str, str] | None) -> None:
        if chosen is None:
            return
        name, symbol = chosen
        one = next((one for one in self._lists if one.name == name), None)
        shown = [row.symbol for row in one.rows] if one else []
        if one is None or symbol in shown:
            return
        problem = self.edits.make(self.source, {name: Change(shown, [*shown, symbol])}, f"{symbol} is out again")
        self.selected, self.needle = symbol, ""
        self.say(f"{symbol} added to {clean(one.title, 40)}", "u undoes", problem)

    def action_remove(self) -> None:
        """Take the symbol under the cursor out of its list; out of every list where all are shown."""
        keys = list(self.row_keys())
        if not keys or self.watchlist is None or not self._may_change():
            return
        symbol, at = keys[self.index], self.index
        lists = self._lists if self.watchlist.name == ALL else [self.watchlist]
        held = {one.name: [row.symbol for row in one.rows] for one in lists}
        changes = {name: Change(shown, without(shown, symbol)) for name, shown in held.items() if symbol in shown}
        name = clean(symbol, 24)
        problem = self.edits.make(self.source, changes, f"{name} is back")
        self.selected = (keys[at + 1 :] or keys[at - 1 : at] or [""])[0]
        where = self._title(self.watchlist) if len(changes) == 1 else f"{len(changes)} lists"
        self.say(f"{name} removed from {where}", "u undoes", problem)

    def action_undo(self) -> None:
        """Take back what was added, removed or moved last."""
        if self._may_change():
            self.say(self.edits.undo(self.source))

    def action_shift(self, steps: int) -> None:
        """Move the symbol under the cursor, in your own order."""
        keys, watchlist = self.row_keys(), self.watchlist
        if not keys or watchlist is None or not self._may_change():
            return
        if watchlist.name == ALL:
            self.say("The order of all follows its lists: n turns to one of them, J and K move there.")
        elif self.sort_by or self.turned or self.needle:
            self.say("J and K move in your own order: s until no column is marked, Esc ends a filter.")
        else:
            symbol, shown = keys[self.index], [row.symbol for row in watchlist.rows]
            wanted, self.selected = swapped(shown, symbol, steps), symbol
            if wanted != shown:
                moved = f"{clean(symbol, 24)} is where it was"
                self.say(self.edits.make(self.source, {watchlist.name: Change(shown, wanted)}, moved, join=True))

    # --- columns ---

    def action_columns(self) -> None:
        """Choose columns and their order."""
        from rallytui.ui.screens.choose_columns import ChooseColumns  # not needed for the first frame

        if self.watchlist is not None and self.board is not None:
            self.app.push_screen(ChooseColumns(self.watchlist, self.board, self.columns, self.size.width), self._chosen)

    def _chosen(self, columns: list[str] | None) -> None:
        if columns is None or columns == self.columns:
            return
        self.columns = columns or known_columns(self.source.display.columns)
        self.say(self.source.choose(replace(self.source.state, columns=columns or None)))

    # --- filter ---

    def action_filter(self) -> None:
        self._set_filter(self.needle, typing=True)

    def action_keep_filter(self) -> None:
        self._set_filter(self.needle, typing=False)

    def action_clear_filter(self) -> None:
        self._set_filter("", typing=False)

    def _set_filter(self, needle: str, typing: bool) -> None:
        self.needle, self.typing, self.notice = needle[:_LONGEST_FILTER], typing, ""
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

    # --- mouse and pages ---

    def on_click(self, event: events.Click) -> None:
        """A click on a tab shows that list, one on a header sorts by it; elsewhere it selects."""
        if event.y == 0 and (tab := self.tab_at(event.x)) is not None:
            event.prevent_default()
            self.show_list(tab)
        elif event.y == 1 and self.has_header(self.size.height):
            event.prevent_default()
            hit = [p.column.id for p in self.placed() if p.x - 1 <= event.x < p.x + p.width]
            if hit:
                self.sort(hit[0])
