"""Every key of the registry, pressed wherever one can be: it does something or is refused, and nothing fails."""

from __future__ import annotations

import asyncio

import pytest

from rallytui.board.shape import Board
from rallytui.ui.app import RallyApp
from rallytui.ui.keys import ACTIONS
from tests.ui.sample import offline_board, sample_board
from tests.ui.stage import StubSource

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
