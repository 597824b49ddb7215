"""The help page: what it says of the keys is what the screens listen to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from rallytui.board.shape import Board
from rallytui.ui.app import RallyApp
from rallytui.ui.keys import ACTIONS, GROUPS, chapter
from rallytui.ui.panes.listing import Opened
from rallytui.ui.screens.frame import Frame
from rallytui.ui.screens.help import HelpScreen, chapters
from tests.ui.sample import sample_board
from tests.ui.sample_closeup import sample_close_up
from tests.ui.stage import board_screen, stage, text, until

pytestmark = pytest.mark.usefixtures("quick")
EVERYWHERE = {action.id for action in ACTIONS if action.scope in ("app", "time")}
SOMETIMES = {"live", "demo", "theme", "undo", "unfilter", "first", "several", "several_back", "retry"}
"""Heard only while they do something: `check_action` has tests of its own."""
PLACES: dict[str, Callable[[], tuple[str, ...] | Opened]] = {
    "target": lambda: ("1",),
    "watchlist": lambda: ("2",),
    "risk": lambda: ("3",),
    "thesis": lambda: ("4",),
    "index": lambda: Opened("target", "0", ["0"]),
    "share": lambda: Opened("symbol", "INOD", ["INOD"]),
    "light": lambda: Opened("indicator", "AI2", ["AI2"]),
    "claim": lambda: Opened("claim", "D1", ["D1"]),
    "events": lambda: ("A",),
    "calendar": lambda: ("C",),
    "history": lambda: ("H",),
    "wall": lambda: ("w",),
}


def heard(screen: Screen[object]) -> dict[str, str]:
    """The actions of the registry that a key leads to, by that key: the nearest one, as Textual finds it."""
    found: dict[str, str] = {}
    for key, active in screen.active_bindings.items():
        if active.binding.id:
            found[key] = active.binding.id.rpartition(".")[0]
    return found


@asynccontextmanager
async def at(place: str, board: Board | None = None) -> AsyncIterator[tuple[Pilot[None], RallyApp, Frame]]:
    app, source = stage(board or sample_board(close_up=sample_close_up()))
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await until(pilot, lambda: source.publish)
        way = PLACES[place]()
        if isinstance(way, Opened):
            app.post_message(way)
        else:
            await pilot.press(*way)
        away = place in ("target", "watchlist", "risk", "thesis")
        await until(pilot, lambda: away or app.screen is not board_screen(app))
        screen = app.screen
        assert isinstance(screen, Frame)
        await until(pilot, lambda: screen.is_mounted and (screen.focused or place == "wall"))
        yield pilot, app, screen


@pytest.mark.parametrize("place", PLACES)
async def test_the_chapters_of_a_place_list_exactly_the_keys_it_listens_to(place: str) -> None:
    async with at(place) as (_, _, screen):
        near = [scopes for _, scopes, is_near in chapters(screen.scopes()) if is_near]
        listed = {action.id for scopes in near for action in chapter(scopes)}
        own = set(heard(screen).values()) - EVERYWHERE
        assert own - listed - SOMETIMES == set(), "keys that do something and are not listed"
        bound = {binding.id.rpartition(".")[0] for _, keys in screen._binding_chain
                 for many in keys.key_to_bindings.values() for binding in many if binding.id}  # fmt: skip
        assert listed - bound == set(), "keys that are listed and not bound"


@pytest.mark.parametrize("place", PLACES)
async def test_what_is_everywhere_is_heard_everywhere_unless_the_place_has_its_own(place: str) -> None:
    async with at(place) as (_, _, screen):
        keys = heard(screen)
        own = {action.id for _, scopes, near in chapters(screen.scopes()) if near for action in chapter(scopes)}
        for action in ACTIONS:
            if action.scope in ("app", "time") and action.id not in SOMETIMES:
                key = action.keys[0]  # Ctrl+C first copies what is selected
                assert keys.get(key) == action.id or keys.get(key) in own, (action.id, key)


def test_everywhere_has_no_key_of_the_board_alone() -> None:
    scopes = dict(GROUPS)["Everywhere"]
    ids = {action.id for action in chapter(scopes)}
    assert ids.isdisjoint({"pane", "next_pane", "previous_pane", "wall", "refresh", "several"})


async def test_the_help_of_a_page_names_its_own_keys_before_those_of_the_board() -> None:
    async with at("history") as (pilot, app, _):
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        page = app.screen.query_one("#page")
        await until(pilot, lambda: page.region.area)
        shown = text(page)
        assert "In the history ─" in shown
        assert shown.count("where you were") == 1
        assert shown.index("Everywhere") < shown.index("In the history") < shown.index("On the board")


async def test_a_page_without_prices_neither_lists_nor_hears_the_keys_of_a_chart() -> None:
    async with at("light") as (_, _, screen):
        assert "charted" not in screen.scopes()
        assert heard(screen).get("comma") is None
    async with at("index") as (_, _, screen):
        assert {"charted", "detail"} <= set(screen.scopes())
        assert heard(screen)["comma"] == "page_shorter"
