"""Every key of the registry, pressed wherever one can be: it does something or is refused, and nothing fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import get_args

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from rallytui.board.shape import Board
from rallytui.model import Match
from rallytui.ui.app import RallyApp
from rallytui.ui.keys import ACTIONS, Scope
from rallytui.ui.screens import add_symbol
from tests.ui.sample import offline_board, sample_board, sample_watchlist
from tests.ui.sample_closeup import sample_close_up
from tests.ui.stage import StubSource
from tests.ui.test_away import some
from tests.ui.test_events import rows
from tests.ui.test_history_page import records

pytestmark = pytest.mark.usefixtures("quick")
LEAVES = {"q", "ctrl+c"}
KEYS = list(dict.fromkeys(key for action in ACTIONS for key in action.keys if key not in LEAVES))
PLACES = {
    "target": ("1",),
    "watchlist": ("2",),
    "risk": ("3",),
    "thesis": ("4",),
    "filter": ("2", "slash"),
    "page": ("3", "enter"),
    "share": ("2", "enter"),
    "help": ("question_mark",),
    "wall": ("w",),
    "menu": ("e",),
    "date": ("g",),
}


@pytest.mark.parametrize("place", PLACES)
async def test_no_key_fails(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await press_all(sample_board(), PLACES[place], monkeypatch)


async def test_no_key_fails_without_data(monkeypatch: pytest.MonkeyPatch) -> None:
    await press_all(offline_board(), (), monkeypatch)


async def press_all(board: Board, way: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RallyApp, "SURVIVES", False)
    monkeypatch.setattr("rallytui.ui.export.save", lambda *_: "nowhere")
    app = RallyApp(StubSource(board))
    async with app.run_test(size=(60, 20), notifications=True) as pilot:
        await pilot.press(*way)
        for key in KEYS:
            app.simulate_key(key)
            for _ in range(4):
                await asyncio.sleep(0)  # let the key arrive; what it leads to may come during the next ones
            while len(app.screen_stack) > 2:
                await pilot.press("escape")
        assert app.is_running
    assert app._exception is None


# --- each key does something: it changes the screen or the state, or tells something ---

Way = tuple[str, ...]
WHERE: dict[str, tuple[Way, tuple[Scope, ...]]] = {
    "board": (("1",), ("app", "time", "board")),
    "target": (("1",), ("target",)),
    "watchlist": (("2",), ("list", "watchlist", "several")),
    "filter": (("2", "slash", "P"), ("filter",)),
    "symbol": (("2", "enter"), ("detail", "charted", "filed")),
    "help": (("question_mark",), ("help",)),
    "wall": (("w",), ("wall",)),
    "export": (("e",), ("export",)),
    "events": (("A",), ("events",)),
    "snooze": (("A", "z"), ("snoozing",)),
    "away": (("W",), ("away",)),
    "calendar": (("C",), ("calendar",)),
    "history": (("H",), ("history",)),
    "add": (("2", "a", "n", "v"), ("adding",)),
    "columns": (("2", "c"), ("choosing",)),
    "date": (("g", *"2026-07-01"), ("dating",)),
    "no data": ((), ("empty",)),
}
"""How a place is reached, and the scopes whose keys must each do something there."""
SIZES = {"history": 14, "target": 45}
"""Rows of the screen where 24 are too many for a page to scroll, or too few for a chart."""
TEXTUALS = {"ctrl+z", "ctrl+p"}
"""What Textual does itself: to the shell, which a test has none of, and the palette, which has tests of its own."""


class Hand:
    """Presses keys in one place of the app, and sees what comes of each."""

    def __init__(self, app: RallyApp, source: StubSource, pilot: Pilot[None], way: Way) -> None:
        self.app, self.source, self.pilot, self.way = app, source, pilot, way
        self.outside: list[object] = []
        self.home: object = None

    def where(self) -> object:
        return [type(screen) for screen in self.app.screen_stack], self.app.focused and self.app.focused.id

    def seen(self) -> object:
        """All that a key can change: what is on screen, the state, what is told, written, opened or copied."""
        strips = [list(strip) for strip in self.app.screen._compositor.render_strips()]
        source = [repr(value) for name, value in sorted(vars(self.source).items()) if name not in ("clock", "board")]
        told = len(self.app._notifications)
        return strips, self.where(), source, told, self.app.theme, self.app.clipboard, list(self.outside)

    async def settle(self) -> None:
        for _ in range(3):
            await asyncio.sleep(0)
            await self.pilot.pause()
        for field in self.app.screen.query(Input):
            field.cursor_blink = False

    async def go(self) -> None:
        """To the place, from wherever the last key led."""
        if self.home is not None and self.where() == self.home:
            return
        while len(self.app.screen_stack) > 1:
            self.app.pop_screen()
            await self.pilot.pause()
        for key in self.way:
            await self.pilot.press(key)
            await self.settle()
        self.home = self.where()

    async def does(self, key: str) -> bool:
        """Whether the key does something."""
        await self.go()
        before = await self.still()
        self.app.simulate_key(key)
        for _ in range(10):
            for _ in range(4):
                await asyncio.sleep(0)
            if self.seen() != before:
                return True
        return await self.still() != before

    async def still(self) -> object:
        """What is seen once nothing moves any more."""
        last: object = None
        while (now := self.seen()) != last:
            last = now
            await self.pilot.pause()
        return now

    async def idle(self, keys: Sequence[str]) -> set[str]:
        """The keys that never do anything: not in their order, nor each after any other."""
        left = [key for key in keys if not await self.does(key)]
        return {key for key in left if not await self._does_after_another(key, keys)}

    async def _does_after_another(self, key: str, keys: Sequence[str]) -> bool:
        for other in keys:
            await self.does(other)
            if await self.does(key):
                return True
        return False


@asynccontextmanager
async def hand(place: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hand]:
    way, _ = WHERE[place]
    lists = [sample_watchlist(), sample_watchlist(name="second", title="Second")]
    board = offline_board() if place == "no data" else sample_board(close_up=sample_close_up(), watchlists=lists)
    source = StubSource(board)
    source.kept, source.past, source.digest = rows(), records(), some()
    source.matches = [Match("NVDA", "NVIDIA", "EQUITY", "NASDAQ"), Match("AVGO", "Broadcom", "EQUITY", "NASDAQ")]
    app = RallyApp(source)
    async with app.run_test(size=(110, SIZES.get(place, 24)), notifications=True) as pilot:
        made = Hand(app, source, pilot, way)
        await made.settle()
        monkeypatch.setattr(add_symbol, "DEBOUNCE_S", 0.0)
        monkeypatch.setattr("rallytui.ui.panes.watchlist._NOTICE_S", 1e6)  # no notice fades while a key is watched
        monkeypatch.setattr("rallytui.ui.export.save", lambda *given: made.outside.append(given[-1]) or "nowhere")
        monkeypatch.setattr(app, "open_url", lambda url, **_: made.outside.append(url))
        monkeypatch.setattr("rallytui.ui.screens.detail.has_browser", lambda: True)
        yield made


def keys_of(place: str) -> list[str]:
    keys = (key for action in ACTIONS if action.scope in WHERE[place][1] for key in action.keys)
    left_out = TEXTUALS | (LEAVES | {"1"} if place == "board" else set())  # 1 is where it stands: `target` presses it
    return [key for key in dict.fromkeys(keys) if key not in left_out]


@pytest.mark.parametrize("place", WHERE)
async def test_every_key_does_something(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with hand(place, monkeypatch) as one:
        assert await one.idle(keys_of(place)) == set()


async def test_a_key_that_does_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RallyApp, "action_nothing", lambda self: None, raising=False)
    async with hand("watchlist", monkeypatch) as one:
        one.app.bind("f12", "app.nothing")
        assert await one.idle(["f12", "f11", "j", "k", "t"]) == {"f12", "f11"}


def test_every_scope_is_tried() -> None:
    assert {scope for _, scopes in WHERE.values() for scope in scopes} == set(get_args(Scope))
