"""The dialog behind `a`: the sources are searched as one types, Enter adds what stands under the cursor."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.geometry import Size
from textual.widgets import Input

from rallytui.config.state import is_symbol
from rallytui.model import Match
from rallytui.ui.background import background
from rallytui.ui.format import clean, cut
from rallytui.ui.keys import Action, Scope, bindings
from rallytui.ui.widgets.dialog import Dialog
from rallytui.ui.widgets.sheet import Phrase, Sheet

DEBOUNCE_S = 0.3
_FIRST_ROW = 3
_AS_TYPED = "as typed"
_NOT_FOUND = "No source knows this name"
_NO_SEARCH = "No search: "
Search = Callable[[str], Awaitable[list[Match]]]


class AddSymbol(Dialog[tuple[str, str] | None]):
    """Answers with a list and a symbol, or None."""

    BINDINGS = bindings("adding")
    scope: Scope = "adding"

    def __init__(self, search: Search, titles: Mapping[str, str], held: Mapping[str, Sequence[str]], into: str) -> None:
        super().__init__()
        self._search = search
        self._titles, self._held = titles, held
        self.into = into if into in titles else next(iter(titles))
        self.matches: list[Match] = []
        self.words = ""
        """Why there is nothing to choose from, or what to do."""
        self._asked: str | None = None
        """The text that the matches answer; None while there is no answer to what stands in the field."""
        self._is_awaited = False
        """Whether Enter was pressed before there was an answer."""
        self._index = 0
        self._top = 0
        self._listed = _FIRST_ROW

    def fields(self) -> ComposeResult:
        yield Input(id="field", compact=True, max_length=60, placeholder="a company or a symbol, as in UiPath or PATH")

    def wanted(self, screen: Size) -> Size:
        return Size(min(78, screen.width - 2), min(16, screen.height - 2))

    # --- searching ---

    @property
    def typed(self) -> str:
        """What stands in the field."""
        return self.query_one(Input).value.strip()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another text: what was found for the one before no longer counts, and nobody waits for it."""
        event.stop()
        self.matches, self._asked, self._index, self.words = [], None, 0, ""
        self._is_awaited = False
        self._look_up(DEBOUNCE_S)

    def _look_up(self, wait_s: float) -> None:
        self.workers.cancel_group(self, "search")
        if self.typed:
            background(self, partial(self._find, self.typed, wait_s), "search", exit_on_error=False)
        self.box.repaint()

    async def _find(self, text: str, wait_s: float) -> None:
        await asyncio.sleep(wait_s)
        try:
            found, why = await self._search(text), _NOT_FOUND
        except Exception as fault:
            found, why = [], f"{_NO_SEARCH}{(clean(fault, 120) or type(fault).__name__).rstrip('.')}"
        if text == self.typed:
            self._take([match for match in found if is_symbol(match.symbol)], text, why)

    def _take(self, matches: list[Match], text: str, why: str) -> None:
        """The answer to `text`; `why` says why it is empty. What was already asked for with Enter is added."""
        self.matches, self._asked = matches, text
        symbols = [match.symbol for match in matches]
        self._index = symbols.index(text.upper()) if text.upper() in symbols else 0
        way_out = "; Enter adds it as typed" if self.choices() else "; try another spelling"
        self.words = "" if matches else f"{why}{way_out}."
        awaited, self._is_awaited = self._is_awaited, False
        self.box.repaint()
        if awaited and matches:
            self.action_accept()

    # --- choosing ---

    def choices(self) -> list[Match]:
        """The matches, and the text itself where it can be a symbol that is not among them."""
        literal = self.typed.upper()
        if self._asked is None or not is_symbol(literal) or any(match.symbol == literal for match in self.matches):
            return self.matches
        return [*self.matches, Match(literal, "", "", "")]

    def action_move(self, steps: int) -> None:
        self._index = max(0, min(len(self.choices()) - 1, self._index + steps))
        self.box.repaint()

    def action_turn(self, step: int) -> None:
        names = list(self._titles)
        self.into = names[(names.index(self.into) + step) % len(names)]
        self.box.repaint()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the field."""
        event.stop()
        self.action_accept()

    def action_accept(self) -> None:
        """Add the match under the cursor. Before there is an answer it is waited for: nothing is added blindly."""
        choices = self.choices()
        if self._asked is None:
            if self.typed and not self._is_awaited:
                self._is_awaited = True
                self._look_up(0)
        elif choices:
            symbol = choices[self._index].symbol
            if symbol in self._held[self.into]:
                self.words = f"{symbol} is in {self._titles[self.into]} already."
                self.box.repaint()
            else:
                self.dismiss((self.into, symbol))

    def does(self, action: Action) -> bool:
        """With one list there is no other."""
        return action.id != "add_list" or len(self._titles) > 1

    def action_leave(self) -> None:
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """A click chooses, a second one adds; one beside the box closes."""
        if event.widget is self:
            self.dismiss(None)
        row = event.y - self._listed + self._top
        if event.widget is self.box and event.y >= self._listed and row < len(self.choices()):
            again, self._index = row == self._index and event.chain > 1, row
            self.box.repaint()
            if again:
                self.action_accept()

    # --- drawing ---

    def title_phrases(self) -> tuple[str, list[Phrase]]:
        p, g = self.box.palette, self.box.glyphs
        return "Add a symbol", [(("to ", p.dim), (g.words(self._titles[self.into]), p.text))]

    def inside(self, sheet: Sheet, last: int) -> None:
        p, g = self.box.palette, self.box.glyphs
        sheet.put(2, 1, "/", p.accent)
        choices = self.choices()
        words = self.words if self._asked is not None else self._searching()
        rows = max(0, last - _FIRST_ROW - (1 if words else 0))
        self._index = max(0, min(self._index, len(choices) - 1))
        self._top = max(0, min(self._top, self._index), self._index - rows + 1)
        y = self._listed = _FIRST_ROW
        for n, match in enumerate(choices[self._top : self._top + rows], self._top):
            self._draw_match(sheet, y, match, n == self._index)
            y += 1
        if words:
            sheet.put(2, min(y + (1 if choices else 0), last), cut(g.words(words), sheet.width - 4, g), p.dim)

    def _searching(self) -> str:
        if self._is_awaited:
            return "searching; the best match is added when it comes, Esc adds nothing"
        return "searching" if self.typed else ""

    def _draw_match(self, sheet: Sheet, y: int, match: Match, chosen: bool) -> None:
        p, g, end = self.box.palette, self.box.glyphs, sheet.width - 2
        symbol = cut(g.words(clean(match.symbol, 24)), 12, g)
        held = match.symbol in self._held[self.into]
        about = [
            clean(part, 16).lower() if n == 0 else clean(part, 12)
            for n, part in enumerate((match.kind, match.exchange))
        ]
        side = "in the list" if held else "  ".join(part for part in about if part)
        name = clean(match.name, 80) or ("" if match.kind else _AS_TYPED)
        sheet.put(2, y, symbol, p.dim if held else p.bright)
        room = end - 16
        if room - cell_len(side) - 2 >= 16:
            sheet.right(end, y, g.words(side), p.dim)
            room -= cell_len(side) + 2
        sheet.put(16, y, cut(g.words(name), room, g), p.dim if held or not match.name else p.text)
        if chosen:
            sheet.paint(0, y, sheet.width, p.cursor)
            sheet.put(0, y, g.cursor, p.accent + p.cursor)
