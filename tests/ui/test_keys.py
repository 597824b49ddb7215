"""The registry of keys: nothing in it does nothing, and no key has two meanings in one place."""

from __future__ import annotations

from collections import Counter

import pytest

from rallytui.ui.app import RallyApp
from rallytui.ui.keys import ACTIONS, GROUPS, SHOWN_AT_MOST, Action, bindings, chapter, fitting, hints, width
from rallytui.ui.layout import PANES, slots
from rallytui.ui.panes.listing import ListPane
from rallytui.ui.panes.registry import BOARD_PANES
from rallytui.ui.panes.target import TargetPane
from rallytui.ui.panes.watchlist import WatchlistPane
from rallytui.ui.screens.add_symbol import AddSymbol
from rallytui.ui.screens.away import Away
from rallytui.ui.screens.board import BoardScreen
from rallytui.ui.screens.calendar_page import CalendarPage
from rallytui.ui.screens.choose_columns import ChooseColumns
from rallytui.ui.screens.detail import DetailScreen
from rallytui.ui.screens.event_log import EventLog
from rallytui.ui.screens.export_menu import ExportMenu
from rallytui.ui.screens.go_to_date import GoToDate
from rallytui.ui.screens.help import HelpScreen
from rallytui.ui.screens.history_page import HistoryPage
from rallytui.ui.screens.snooze import Snooze
from rallytui.ui.screens.wall import WallScreen

# Who answers in each scope, unless the command names the app.
ANSWERS = {
    "app": RallyApp,
    "empty": BoardScreen,
    "board": BoardScreen,
    "target": TargetPane,
    "several": BoardScreen,
    "list": ListPane,
    "watchlist": WatchlistPane,
    "filter": WatchlistPane,
    "detail": DetailScreen,
    "charted": DetailScreen,
    "filed": DetailScreen,
    "help": HelpScreen,
    "wall": WallScreen,
    "export": ExportMenu,
    "adding": AddSymbol,
    "choosing": ChooseColumns,
    "dating": GoToDate,
    "events": EventLog,
    "snoozing": Snooze,
    "away": Away,
    "calendar": CalendarPage,
    "history": HistoryPage,
}
TOGETHER = (
    *(
        ("app",),
        ("board", "several", "target"),
        ("list",),
        ("watchlist",),
        ("detail", "charted", "filed"),
        ("help",),
        ("filter",),
    ),
    *(("adding",), ("choosing",), ("dating",), ("wall",), ("export",)),
    *(("list", "events"), ("list", "calendar"), ("history",), ("snoozing",), ("away",)),
)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_is_answered_by_someone(action: Action) -> None:
    owner, _, command = action.command.partition("(")[0].rpartition(".")
    answer = RallyApp if owner == "app" else ANSWERS[action.scope]
    assert hasattr(answer, f"action_{command}")


@pytest.mark.parametrize("scopes", TOGETHER, ids="+".join)
def test_no_key_means_two_things_in_one_place(scopes: tuple[str, ...]) -> None:
    keys = Counter(key for action in ACTIONS if action.scope in scopes for key in action.keys)
    assert [key for key, count in keys.items() if count > 1] == []


def test_ids_are_unique() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)


def test_every_action_has_a_help_sentence_and_is_in_a_chapter() -> None:
    listed = {action.id for _, scopes in GROUPS for action in chapter(scopes)}
    assert all(action.help.endswith(".") for action in ACTIONS)
    assert {action.id for action in ACTIONS if action.scope != "help"} == listed


def test_what_stands_in_the_last_row_has_a_word() -> None:
    assert all(action.label for action in ACTIONS if action.rank)


@pytest.mark.parametrize(
    "scopes", [("app", "board"), ("app", "board", "list", "watchlist", "several"), ("empty", "app"), ("detail", "app")]
)
def test_the_last_row_names_at_most_six_keys_and_ends_with_quit(scopes: tuple[str, ...]) -> None:
    offered = hints(scopes)  # type: ignore[arg-type]
    assert len(offered) <= SHOWN_AT_MOST
    assert offered[-1].id == "quit"
    assert len({action.keys[0] for action in offered}) == len(offered)


def test_without_room_the_most_important_keys_stay() -> None:
    offered = hints(("app", "board", "list", "watchlist"))
    kept = fitting(offered, 16)
    assert [action.id for action in kept] == ["help", "quit"]
    assert width(kept) <= 16
    assert fitting(offered, 0) == []


def test_a_binding_for_every_key_knows_which_key_it_was() -> None:
    made = {binding.key: binding.action for binding in bindings("board")}  # type: ignore[union-attr]
    assert made["1"] == "pane(1)"
    assert made["4"] == "pane(4)"


def test_the_panes_stand_in_the_order_of_their_slots() -> None:
    assert tuple(pane.slot for pane in BOARD_PANES) == PANES
    assert [pane.key for pane in BOARD_PANES] == [str(n) for n in range(1, len(PANES) + 1)]
    for size in ((200, 60), (100, 30), (60, 20)):
        assert set(PANES) <= slots(*size).keys(), "every pane has a place wherever there is room for several"
    for alone in PANES:
        assert alone in slots(40, 12, alone)
