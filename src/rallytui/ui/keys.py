"""Every key the program answers to, once: bindings, last row, help page and palette read it here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from textual.binding import Binding, BindingType

from rallytui.ui.layout import PANES

Scope = Literal[
    "app",
    "empty",
    "board",
    "target",
    "list",
    "watchlist",
    "several",
    "filter",
    "detail",
    "charted",
    "filed",
    "help",
    "time",
    "wall",
    "export",
    "adding",
    "choosing",
    "dating",
    "events",
    "snoozing",
    "away",
    "calendar",
    "history",
]
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


_NUMBERS = tuple(str(n) for n in range(1, len(PANES) + 1))
ACTIONS: tuple[Action, ...] = (
    Action("demo", "app.demo", ("d",), "d", "demo", "See the board with simulated data.", "empty", 3),
    Action("retry", "app.refresh", ("r",), "r", "retry now", "Ask the sources again now.", "empty", 4),
    Action("back", "back", ("escape", "backspace"), "Esc", "back", "Back to the board.", "detail", 1),
    Action("next", "turn(1)", ("j",), "j", "next", "The next one.", "detail", 4, "j k"),
    Action("previous", "turn(-1)", ("k",), "k", "", "The one before.", "detail"),
    Action("page_shorter", "range(-1)", ("comma",), ",", "range", "A shorter range of the chart.", "charted", 5, ", ."),
    Action("page_longer", "range(1)", ("full_stop",), ".", "", "A longer range of the chart.", "charted"),
    Action("page_zoom_in", "zoom(1)", ("plus", "equals_sign"), "+", "", "Less of the chart, larger.", "charted"),
    Action("page_zoom_out", "zoom(-1)", ("minus",), "-", "", "More of the chart, smaller.", "charted"),
    Action("page_pan_back", "pan(-1)", ("h", "left"), "h Left", "", "Move the chart back in time.", "charted"),
    Action("page_pan_on", "pan(1)", ("l", "right"), "l Right", "", "Move the chart on in time.", "charted"),
    Action("page_whole", "whole", ("0",), "0", "", "The chart as it was at first.", "charted"),
    Action("style", "style", ("v",), "v", "candles", "Candles or a line.", "charted", 6),
    Action("filing_down", "step(1)", ("down",), "Down", "", "The next filing, else a row down.", "detail"),
    Action("filing_up", "step(-1)", ("up",), "Up", "", "The filing before, else a row up.", "detail"),
    Action("filing", "open_filing", ("o", "enter"), "o Enter", "filing", "Open the filing in the browser.", "filed", 8),
    Action("page_down", "scroll(1)", ("pagedown", "space"), "PgDn", "", "Scroll a page down.", "detail"),
    Action("page_up", "scroll(-1)", ("pageup",), "PgUp", "", "Scroll a page up.", "detail"),
    Action("close_help", "back", ("escape", "q", "question_mark"), "Esc", "back", "Close this page.", "help", 1),
    Action("help_down", "scroll_by(1)", ("j", "down"), "j Down", "scroll", "Scroll down.", "help", 2, "j k"),
    Action("help_up", "scroll_by(-1)", ("k", "up"), "k Up", "", "Scroll up.", "help"),
    Action("help_page_down", "scroll_page(1)", ("pagedown", "space"), "PgDn", "", "Scroll a page down.", "help"),
    Action("help_page_up", "scroll_page(-1)", ("pageup",), "PgUp", "", "Scroll a page up.", "help"),
    Action("help_top", "scroll_by(-9999)", ("home",), "Home", "", "To the top of this page.", "help"),
    Action("help_bottom", "scroll_by(9999)", ("end", "G"), "End G", "", "To the end of this page.", "help"),
    Action("day_back", "app.leap(-1)", ("left_square_bracket",), "[", "session", "A session back.", "time", 0, "[ ]"),
    Action("day_on", "app.leap(1)", ("right_square_bracket",), "]", "", "A session on.", "time"),
    Action(
        "month_back", "app.leap_months(-1)", ("left_curly_bracket",), "{", "month", "A month back.", "time", 0, "{ }"
    ),
    Action("month_on", "app.leap_months(1)", ("right_curly_bracket",), "}", "", "A month on.", "time"),
    Action("date", "app.go_to_date", ("g",), "g", "date", "Go to a date you type.", "time"),
    Action("live", "app.live", ("home",), "Home", "live", "Back to live.", "time", 3),
    Action("help", "app.help", ("question_mark",), "?", "help", "What the keys, panes and signs mean.", "app", 1),
    Action("events", "app.events", ("A",), "A", "events", "What happened: the log of events.", "app"),
    Action("digest", "app.digest", ("W",), "W", "", "What happened since yesterday.", "app"),
    Action("calendar", "app.calendar", ("C",), "C", "", "What is coming: decisions, releases, reports.", "app"),
    Action("history", "app.history", ("H",), "H", "", "What the board judged before, session by session.", "app"),
    Action("copy", "app.copy", ("y",), "y", "copy", "Copy the row, or the page, as text.", "app", 11),
    Action("export", "app.export", ("e",), "e", "export", "Write the board to a file.", "app", 10),
    Action("events_back", "back", ("escape", "A"), "Esc", "back", "Back.", "events", 3),
    Action("seen", "acknowledge", ("space",), "Space", "seen", "Mark the event as seen.", "events", 4),
    Action("all_seen", "acknowledge_all", ("a",), "a", "all seen", "Mark all of them as seen.", "events", 6),
    Action("snooze", "snooze", ("z",), "z", "snooze", "Keep its tripwire quiet for a while.", "events", 7),
    Action("snooze_hour", "choose('hour')", ("1", "h"), "1", "", "For an hour.", "snoozing"),
    Action("snooze_open", "choose('open')", ("2", "o"), "2", "", "Until the next session opens.", "snoozing"),
    Action("snooze_week", "choose('week')", ("3", "w"), "3", "", "For a week.", "snoozing"),
    Action("snooze_end", "choose('')", ("0", "e"), "0", "", "Not at all: it tells again from now on.", "snoozing"),
    Action("snooze_leave", "back", ("escape", "z", "q"), "Esc", "leave as it is", "Change nothing.", "snoozing", 1),
    Action("away_close", "back", ("escape",), "any key", "closes this", "Any key closes the digest.", "away", 1),
    Action("calendar_back", "back", ("escape", "C"), "Esc", "back", "Back.", "calendar", 3),
    Action("history_back", "back", ("escape", "H"), "Esc", "back", "Back.", "history", 3),
    Action("earlier", "step(-1)", ("h", "left"), "h Left", "session", "The session before.", "history", 4, "h l"),
    Action("later", "step(1)", ("l", "right"), "l Right", "", "The next session.", "history"),
    Action("much_earlier", "step(-21)", ("b",), "b", "", "21 sessions back.", "history"),
    Action("much_later", "step(21)", ("f",), "f", "", "21 sessions on.", "history"),
    Action("newest", "step(999999)", ("end", "G"), "End G", "", "To the newest session.", "history"),
    Action("travel", "travel", ("enter",), "Enter", "look at it", "Show the board of that session.", "history", 5),
    Action("history_down", "scroll_by(1)", ("j", "down"), "j Down", "", "Scroll down.", "history"),
    Action("history_up", "scroll_by(-1)", ("k", "up"), "k Up", "", "Scroll up.", "history"),
    Action("history_page", "scroll(1)", ("pagedown", "space"), "PgDn", "", "Scroll a page down.", "history"),
    Action("history_page_back", "scroll(-1)", ("pageup",), "PgUp", "", "Scroll a page up.", "history"),
    Action("leave_wall", "back", ("w", "escape"), "w Esc", "back", "Back to the board.", "wall", 1, "w"),
    Action(
        "wall_next",
        "turn(1)",
        ("j", "down", "right", "space"),
        "j Down",
        "turn",
        "The next rung, and the next names.",
        "wall",
        4,
        "j k",
    ),
    Action("wall_previous", "turn(-1)", ("k", "up", "left"), "k Up", "", "The rung and the names before.", "wall"),
    Action("export_text", "write('text')", ("t",), "t", "", "The whole board as plain text.", "export"),
    Action("export_json", "write('json')", ("j",), "j", "", "All readings as JSON, for programs.", "export"),
    Action("export_csv", "write('csv')", ("c",), "c", "", "All readings as CSV, for spreadsheets.", "export"),
    Action("export_history", "write('history')", ("h",), "h", "", "What the board judged before, as CSV.", "export"),
    Action("export_svg", "write('svg')", ("s",), "s", "", "This screen as a picture (SVG).", "export"),
    Action("export_none", "back", ("escape", "e", "q"), "Esc", "write nothing", "Write nothing.", "export", 1),
    Action("keep", "keep_filter", ("enter",), "Enter", "keep", "Keep the filter and go back to the rows.", "filter", 1),
    Action("drop", "clear_filter", ("escape",), "Esc", "clear", "Show every name again.", "filter", 2),
    Action("filter", "filter", ("slash",), "/", "filter", "Show the names that contain what you type.", "watchlist", 3),
    Action("unfilter", "clear_filter", ("escape",), "Esc", "", "Show every name again.", "watchlist"),
    Action("sort", "sort", ("s",), "s", "sort", "Sort by the next column, in the end by none.", "watchlist", 4),
    Action("reverse", "reverse", ("S",), "S", "", "Turn the order around.", "watchlist"),
    Action("add", "add", ("a",), "a", "add", "Look for a symbol and add it.", "watchlist", 6),
    Action("remove", "remove", ("x",), "x", "", "Remove the symbol under the cursor.", "watchlist"),
    Action("undo", "undo", ("u",), "u", "", "Undo what was added, removed or moved last.", "watchlist"),
    Action("shift_down", "shift(1)", ("J", "shift+down"), "J", "", "Move the symbol a row down.", "watchlist"),
    Action("shift_up", "shift(-1)", ("K", "shift+up"), "K", "", "Move the symbol a row up.", "watchlist"),
    Action("columns", "columns", ("c",), "c", "", "Choose columns and their order.", "watchlist"),
    Action("add_it", "accept", ("enter",), "Enter", "add", "Add the symbol under the cursor.", "adding", 1),
    Action("add_close", "leave", ("escape",), "Esc", "close", "Close without adding.", "adding", 2),
    Action("add_down", "move(1)", ("down",), "Down", "choose", "The next match.", "adding", 3, "Up Down"),
    Action("add_up", "move(-1)", ("up",), "Up", "", "The match before.", "adding"),
    Action("add_list", "turn(1)", ("tab",), "Tab", "other list", "Add to the next list.", "adding", 4),
    Action("add_list_back", "turn(-1)", ("shift+tab",), "Shift+Tab", "", "Add to the list before.", "adding"),
    Action(
        "column_toggle", "show_or_hide", ("space",), "Space", "show or hide", "Show or hide a column.", "choosing", 2
    ),
    Action("column_done", "leave", ("enter", "escape"), "Enter", "done", "Keep this choice.", "choosing", 1),
    Action("column_next", "move(1)", ("j", "down"), "j Down", "", "The next column.", "choosing"),
    Action("column_previous", "move(-1)", ("k", "up"), "k Up", "", "The column before.", "choosing"),
    Action("column_page", "move(10)", ("pagedown",), "PgDn", "", "Ten columns on.", "choosing"),
    Action("column_page_back", "move(-10)", ("pageup",), "PgUp", "", "Ten columns back.", "choosing"),
    Action("column_right", "shift(1)", ("J", "shift+down"), "J", "move", "Move it right.", "choosing", 3, "J K"),
    Action("column_left", "shift(-1)", ("K", "shift+up"), "K", "", "Move it left.", "choosing"),
    Action("column_reset", "reset", ("d",), "d", "default", "Back to the choice of the config.", "choosing", 4),
    Action("date_take", "take", ("enter",), "Enter", "look at it", "Show the board of that day.", "dating", 1),
    Action("date_leave", "leave", ("escape",), "Esc", "close", "Stay where you are.", "dating", 2),
    Action("open_target", "open", ("enter",), "Enter", "open", "Everything known about the index.", "target", 5),
    Action("chart_shorter", "range(-1)", ("comma",), ",", "range", "A shorter range of the chart.", "target", 6, ", ."),
    Action("chart_longer", "range(1)", ("full_stop",), ".", "", "A longer range of the chart.", "target"),
    Action("chart_zoom_in", "zoom(1)", ("plus", "equals_sign"), "+", "", "Less of the chart, larger.", "target"),
    Action("chart_zoom_out", "zoom(-1)", ("minus",), "-", "", "More of the chart, smaller.", "target"),
    Action("chart_pan_back", "pan(-1)", ("h", "left"), "h Left", "", "Move the chart back in time.", "target"),
    Action("chart_pan_on", "pan(1)", ("l", "right"), "l Right", "", "Move the chart on in time.", "target"),
    Action("chart_whole", "whole", ("0",), "0", "", "The chart as it was at first.", "target"),
    Action("open", "open", ("enter",), "Enter", "open", "Everything known about the row.", "list", 5),
    Action("down", "move(1)", ("j", "down"), "j Down", "", "One row down.", "list"),
    Action("up", "move(-1)", ("k", "up"), "k Up", "", "One row up.", "list"),
    Action("page", "move_page(1)", ("pagedown",), "PgDn", "", "A page down.", "list"),
    Action("page_back", "move_page(-1)", ("pageup",), "PgUp", "", "A page up.", "list"),
    Action("first", "first", ("home",), "Home", "", "The first row.", "list"),
    Action("last", "move(999999)", ("end", "G"), "End G", "", "The last row.", "list"),
    Action("pane", "pane({key})", _NUMBERS, f"1-{len(PANES)}", "pane", "Go to that pane.", "board", 6),
    Action("next_pane", "pane_step(1)", ("tab",), "Tab", "", "Go to the next pane.", "board"),
    Action("previous_pane", "pane_step(-1)", ("shift+tab",), "Shift+Tab", "", "Go to the pane before.", "board"),
    Action("wall", "app.wall", ("w",), "w", "wall", "The wall: large, for a screen across the room.", "board", 9),
    Action("refresh", "app.refresh", ("r",), "r", "refresh", "Ask the sources now, not at the next turn.", "board", 8),
    Action("several", "turn_pane(1)", ("n",), "n", "next", "The next watchlist or the next index.", "several", 5),
    Action("several_back", "turn_pane(-1)", ("N",), "N", "", "The watchlist or the index before.", "several"),
    Action("theme", "app.theme", ("t",), "t", "theme", "Dark, light, high contrast, colour-blind.", "app", 7),
    Action(
        "palette", "app.command_palette", ("ctrl+p",), "Ctrl+P", "", "Find panes, names and commands by typing.", "app"
    ),
    Action("suspend", "app.suspend_process", ("ctrl+z",), "Ctrl+Z", "", "To the shell; `fg` comes back.", "app"),
    Action("quit", "app.quit", ("q", "ctrl+c"), "q", "quit", "Leave.", "app", 2),
)

GROUPS: tuple[tuple[str, tuple[Scope, ...]], ...] = (
    ("Everywhere", ("app",)),
    ("Through time", ("time",)),
    ("On the board", ("board", "several")),
    ("In the target", ("target",)),
    ("In a pane with rows", ("list",)),
    ("In the watchlist", ("watchlist",)),
    ("While the filter is open", ("filter",)),
    ("While a symbol is added", ("adding",)),
    ("While columns are chosen", ("choosing",)),
    ("While a date is typed", ("dating",)),
    ("While there are no data", ("empty",)),
    ("On the page of one row", ("detail",)),
    ("On a page with prices", ("charted",)),
    ("On a page with filings", ("filed",)),
    ("On the wall", ("wall",)),
    ("While choosing what to write", ("export",)),
    ("In the log of events", ("events",)),
    ("While a tripwire is snoozed", ("snoozing",)),
    ("In the digest", ("away",)),
    ("In the calendar", ("calendar",)),
    ("In the history", ("history",)),
)
"""The chapters of the help page."""

SHOWN_AT_MOST = 6
_ORDER = {action.id: n for n, action in enumerate(ACTIONS)}


def bindings(*scopes: Scope) -> list[BindingType]:
    """The Textual bindings of these scopes. The last row is drawn from `hints`, so none is shown by Textual."""
    return [
        Binding(key, action.command.format(key=key), action.help, show=False, id=f"{action.id}.{n}")
        for action in ACTIONS
        if action.scope in scopes
        for n, key in enumerate(action.keys)
    ]


def hints(scopes: Collection[Scope], actions: Sequence[Action] = ACTIONS) -> list[Action]:
    """The keys worth naming where these scopes hold, in the order they are drawn; a key is named once."""
    named: dict[str, Action] = {}
    for action in sorted(actions, key=lambda action: action.rank):
        if action.scope in scopes and action.rank:
            named.setdefault(action.keys[0], action)
    return sorted(sorted(named.values(), key=lambda action: action.rank)[:SHOWN_AT_MOST], key=_place)


def _place(action: Action) -> tuple[bool, int]:
    # `q` stands last wherever it stands: the eye looks for the way out in the corner.
    return action.id == "quit", _ORDER[action.id]


def width(actions: Collection[Action]) -> int:
    """Cells that these hints take in a row: key, blank, word, three blanks between."""
    return sum(len(a.cap) + 1 + len(a.label) for a in actions) + 3 * max(0, len(actions) - 1)


def fitting(actions: list[Action], cells: int) -> list[Action]:
    """As many hints as fit into `cells`; the least important leave first."""
    kept = list(actions)
    while kept and width(kept) > cells:
        kept.remove(max(kept, key=lambda action: action.rank))
    return kept


def chapter(scopes: tuple[Scope, ...], actions: Sequence[Action] = ACTIONS) -> list[Action]:
    """The actions of one chapter of the help page."""
    return [action for scope in scopes for action in actions if action.scope == scope]
