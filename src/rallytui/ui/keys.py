"""Every key the program answers to, once: bindings, last row, help page and palette read it here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from textual.binding import Binding, BindingType

Scope = Literal["app", "empty", "board", "target", "list", "watchlist", "several", "filter", "detail", "help"]
"""Where an action exists: everywhere, while there are no data, on the board, in one pane, in a pane with a cursor."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a key does. `command` is Textual's action string, in which `{key}` is the key that was pressed."""

    id: str
    command: str
    keys: tuple[str, ...]
    shown: str
    """The keys as a person reads them."""
    label: str
    """One or two words for the last row."""
    help: str
    """A sentence for the help page."""
    scope: Scope
    rank: int = 0
    """Who stays in the last row when it is narrow: 1 is the last to go, 0 is never there."""
    foot: str = ""
    """The keys as the last row has them, where a pair stands for two actions."""

    @property
    def cap(self) -> str:
        """The keys in the last row."""
        return self.foot or self.shown


ACTIONS: tuple[Action, ...] = (
    Action("demo", "app.demo", ("d",), "d", "demo", "See the board with simulated data.", "empty", 3),
    Action("retry", "app.refresh", ("r",), "r", "retry now", "Ask the sources again now.", "empty", 4),
    Action("back", "back", ("escape", "backspace"), "Esc", "back", "Back to the board.", "detail", 3),
    Action("next", "turn(1)", ("j", "down", "right"), "j Down", "next", "The next one.", "detail", 4, "j k"),
    Action("previous", "turn(-1)", ("k", "up", "left"), "k Up", "", "The one before.", "detail"),
    Action("page_down", "scroll(1)", ("pagedown", "space"), "PgDn", "", "Scroll a page down.", "detail"),
    Action("page_up", "scroll(-1)", ("pageup",), "PgUp", "", "Scroll a page up.", "detail"),
    Action("close_help", "back", ("escape", "q", "question_mark"), "Esc", "back", "Close this page.", "help", 1),
    Action("help_down", "scroll_by(1)", ("j", "down"), "j Down", "scroll", "Scroll down.", "help", 2, "j k"),
    Action("help_up", "scroll_by(-1)", ("k", "up"), "k Up", "", "Scroll up.", "help"),
    Action("help_page_down", "scroll_page(1)", ("pagedown", "space"), "PgDn", "", "Scroll a page down.", "help"),
    Action("help_page_up", "scroll_page(-1)", ("pageup",), "PgUp", "", "Scroll a page up.", "help"),
    Action("help_top", "scroll_by(-9999)", ("home",), "Home", "", "To the top of this page.", "help"),
    Action("help_bottom", "scroll_by(9999)", ("end",), "End", "", "To the end of this page.", "help"),
    Action("help", "app.help", ("question_mark",), "?", "help", "What the keys, panes and signs mean.", "app", 1),
    Action("keep", "keep_filter", ("enter",), "Enter", "keep", "Keep the filter and go back to the rows.", "filter", 1),
    Action("drop", "clear_filter", ("escape",), "Esc", "clear", "Show every name again.", "filter", 2),
    Action("filter", "filter", ("slash",), "/", "filter", "Show the names that contain what you type.", "watchlist", 3),
    Action("unfilter", "clear_filter", ("escape",), "Esc", "", "Show every name again.", "watchlist"),
    Action("sort", "sort", ("s",), "s", "sort", "Sort by the next column, in the end by none.", "watchlist", 4),
    Action("reverse", "reverse", ("S",), "S", "", "Turn the order around.", "watchlist"),
    Action("open_target", "open", ("enter",), "Enter", "open", "Everything known about the index.", "target", 5),
    Action("open", "open", ("enter",), "Enter", "open", "Everything known about the row.", "list", 5),
    Action("down", "move(1)", ("j", "down"), "j Down", "", "One row down.", "list"),
    Action("up", "move(-1)", ("k", "up"), "k Up", "", "One row up.", "list"),
    Action("page", "move_page(1)", ("pagedown",), "PgDn", "", "A page down.", "list"),
    Action("page_back", "move_page(-1)", ("pageup",), "PgUp", "", "A page up.", "list"),
    Action("first", "move(-999999)", ("home",), "Home", "", "The first row.", "list"),
    Action("last", "move(999999)", ("end",), "End", "", "The last row.", "list"),
    Action("pane", "pane({key})", ("1", "2", "3", "4"), "1-4", "pane", "Go to that pane.", "board", 6),
    Action("next_pane", "pane_step(1)", ("tab",), "Tab", "", "Go to the next pane.", "board"),
    Action("previous_pane", "pane_step(-1)", ("shift+tab",), "Shift+Tab", "", "Go to the pane before.", "board"),
    Action("refresh", "app.refresh", ("r",), "r", "refresh", "Ask the sources now, not at the next turn.", "board", 8),
    Action("several", "turn_pane", ("l",), "l", "next", "The next watchlist or the next index.", "several", 5),
    Action("theme", "app.theme", ("t",), "t", "theme", "Dark, light, high contrast, colour-blind.", "app", 7),
    Action(
        "palette", "app.command_palette", ("ctrl+p",), "Ctrl+P", "", "Find panes, names and commands by typing.", "app"
    ),
    Action("quit", "app.quit", ("q", "ctrl+c"), "q", "quit", "Leave.", "app", 2),
)

GROUPS: tuple[tuple[str, tuple[Scope, ...]], ...] = (
    ("Everywhere", ("board", "several", "app")),
    ("In the target", ("target",)),
    ("In a pane with rows", ("list",)),
    ("In the watchlist", ("watchlist",)),
    ("While the filter is open", ("filter",)),
    ("While there are no data", ("empty",)),
    ("On the page of one row", ("detail",)),
)
"""The chapters of the help page."""

SHOWN_AT_MOST = 6


def bindings(*scopes: Scope) -> list[BindingType]:
    """The Textual bindings of these scopes. The last row is drawn from `hints`, so none is shown by Textual."""
    return [
        Binding(key, action.command.format(key=key), action.help, show=False, key_display=action.shown)
        for action in ACTIONS
        if action.scope in scopes
        for key in action.keys
    ]


def hints(scopes: Collection[Scope]) -> list[Action]:
    """The keys worth naming where these scopes hold, in the order they are drawn; a key is named once."""
    named: dict[str, Action] = {}
    for action in ACTIONS:
        if action.scope in scopes and action.rank:
            named.setdefault(action.keys[0], action)
    return sorted(sorted(named.values(), key=lambda action: action.rank)[:SHOWN_AT_MOST], key=_place)


def _place(action: Action) -> tuple[bool, int]:
    # `q` stands last wherever it stands: the eye looks for the way out in the corner.
    return action.id == "quit", ACTIONS.index(action)


def width(actions: Collection[Action]) -> int:
    """Cells that these hints take in a row: key, blank, word, three blanks between."""
    return sum(len(a.cap) + 1 + len(a.label) for a in actions) + 3 * max(0, len(actions) - 1)


def fitting(actions: list[Action], cells: int) -> list[Action]:
    """As many hints as fit into `cells`; the least important leave first."""
    kept = list(actions)
    while kept and width(kept) > cells:
        kept.remove(max(kept, key=lambda action: action.rank))
    return kept


def chapter(scopes: tuple[Scope, ...]) -> list[Action]:
    """The actions of one chapter of the help page."""
    return [action for scope in scopes for action in ACTIONS if action.scope == scope]
