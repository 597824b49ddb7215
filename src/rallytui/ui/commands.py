"""What the command palette finds: panes, the board's names and readings, themes, and the keys of the registry."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.types import IgnoreReturnCallbackType

from rallytui.ui import theme
from rallytui.ui.format import clean
from rallytui.ui.pages import pages
from rallytui.ui.screens.board import BoardScreen

if TYPE_CHECKING:
    from rallytui.ui.app import RallyApp

_LISTED = ("refresh", "help", "quit", "demo", "events", "digest", "calendar", "history")


class Command(NamedTuple):
    """A line of the palette. The text may come from outside: it never goes through markup."""

    text: str
    run: IgnoreReturnCallbackType
    help: str


class BoardCommands(Provider):
    """The only provider: everything that can be done, by typing a part of it."""

    async def discover(self) -> Hits:
        """All commands, before anything is typed."""
        for command in self._commands():
            yield DiscoveryHit(cast(str, Content(command.text)), command.run, command.text, command.help)

    async def search(self, query: str) -> Hits:
        """Those that match."""
        matcher = self.matcher(query)
        for command in self._commands():
            score = matcher.match(command.text)
            if score > 0:
                yield Hit(score, matcher.highlight(command.text), command.run, command.text, command.help)

    def _commands(self) -> Iterator[Command]:
        app = cast("RallyApp", self.app)
        board = next((screen for screen in app.screen_stack if isinstance(screen, BoardScreen)), None)
        if board is None:
            return
        if board is self.screen:
            for slot, pane in board.panes.items():
                yield Command(f"Go to {clean(pane.title, 40)}", partial(board.focus_pane, slot), f"pane {pane.key}")
            yield from self._rows(board)
        if app.colours == "true":
            for name in theme.ROLES:
                text = f"Theme {name.removeprefix('rallytui-')}"
                yield Command(text, partial(setattr, app, "theme", name), "how the screen looks")
        yield from self._actions(app)

    def _rows(self, board: BoardScreen) -> Iterator[Command]:
        if board.board is None:
            return
        for page in pages(board.board):
            yield Command(f"Open {page.text}".rstrip(), partial(board.post_message, page.opened), page.what)

    def _actions(self, app: RallyApp) -> Iterator[Command]:
        for action in app.actions:
            possible = app.check_action(action.command.removeprefix("app."), ())
            if action.id in _LISTED and possible:
                run = partial(app.run_action, action.command)
                yield Command(action.help.rstrip("."), run, f"key {action.shown}")
