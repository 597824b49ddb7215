"""Adding a symbol: the search as one types, what counts as an answer, and where the symbol goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from rallytui.board.shape import Watchlist
from rallytui.model import Match, Unavailable
from rallytui.ui.app import RallyApp
from rallytui.ui.panes.watchlist import WatchlistPane
from rallytui.ui.screens import add_symbol
from rallytui.ui.screens.add_symbol import AddSymbol
from tests.ui.sample import sample_board, sample_rows, sample_watchlist
from tests.ui.stage import StubSource, focus, lines, pane, text, until

pytestmark = pytest.mark.usefixtures("quick")
MATCHES = [
    Match("NVDA", "NVIDIA Corporation", "EQUITY", "NASDAQ"),
    Match("PATH", "UiPath Inc.", "EQUITY", "NYSE"),
    Match("not a symbol", "[red]bad[/]", "EQUITY", "NYSE"),
]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(add_symbol, "DEBOUNCE_S", 0.0)


@asynccontextmanager
async def adding(
    source: StubSource | None = None, size: tuple[int, int] = (160, 45)
) -> AsyncIterator[tuple[Pilot[None], AddSymbol, StubSource]]:
    source = source or StubSource(sample_board())
    source.matches = source.matches or MATCHES
    async with RallyApp(source).run_test(size=size, notifications=True) as pilot:
        await focus(pilot, "watchlist")
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, AddSymbol) and pilot.app.focused)
        screen = pilot.app.screen
        assert isinstance(screen, AddSymbol)
        yield pilot, screen, source


async def test_a_match_is_chosen_and_added() -> None:
    async with adding() as (pilot, screen, source):
        assert "to AI watchlist" in text(screen.box)
        await pilot.press(*"nvi")
        await until(pilot, lambda: "NVIDIA Corporation" in text(screen.box))
        assert source.searched[-1] == "nvi"
        assert "not a symbol" not in text(screen.box)
        assert "in the list" in next(line for line in lines(screen.box) if "PATH" in line)
        await pilot.press("enter")
        watchlist = pane(pilot.app, "watchlist")  # type: ignore[arg-type]
        assert isinstance(watchlist, WatchlistPane)
        await until(pilot, lambda: watchlist.selected == "NVDA")
        assert source.state.lists["ai"].symbols == ["PLPC", "INOD", "PATH", "FIVN", "NVDA"]
        assert "NVDA" in text(watchlist)
        assert "waiting" in text(watchlist)
        assert "NVDA added to AI watchlist · u undoes" in lines(watchlist)[-1]
        await pilot.press("u")
        assert "NVDA is out again" in lines(watchlist)[-1]
        assert source.state.lists == {}


async def test_what_is_in_the_list_already_says_so() -> None:
    async with adding() as (pilot, screen, source):
        await pilot.press(*"path")
        await until(pilot, lambda: screen.matches)
        await pilot.press("down", "enter")
        assert "PATH is in AI watchlist already." in text(screen.box)
        await pilot.press("up", "up", "escape")
        assert source.states == []


async def test_offline_an_exact_symbol_is_added_unchecked() -> None:
    source = StubSource(sample_board())
    source.search_fault = Unavailable("yahoo", "Yahoo cannot be reached")
    async with adding(source) as (pilot, screen, _):
        await pilot.press(*"smci")
        await until(pilot, lambda: "No search: Yahoo cannot be reached; Enter adds it as typed." in text(screen.box))
        assert "SMCI          as typed " in text(screen.box)
        await pilot.press("enter")
        await until(pilot, lambda: source.state.lists)
        assert source.state.lists["ai"].symbols[-1] == "SMCI"


async def test_words_that_can_be_no_symbol_add_nothing() -> None:
    source = StubSource(sample_board())
    source.matches = [Match("has blanks", "", "", "")]
    async with adding(source) as (pilot, screen, _):
        await pilot.press(*"a b")
        await until(pilot, lambda: "No source knows this name; try another spelling." in text(screen.box))
        await pilot.press("enter", "down", "enter")
        assert pilot.app.screen is screen
        assert source.states == []


async def test_an_answer_to_an_older_text_is_dropped_and_its_search_cancelled() -> None:
    source, gates, ended = StubSource(sample_board()), {}, []

    async def search(words: str) -> list[Match]:
        gates[words] = asyncio.Event()
        try:
            await gates[words].wait()
        except asyncio.CancelledError:
            ended.append(words)
            raise
        return [Match(words.upper(), f"about {words}", "EQUITY", "NYSE")]

    source.search = search  # type: ignore[method-assign]
    async with adding(source) as (pilot, screen, _):
        await pilot.press("a")
        await until(pilot, lambda: "a" in gates)
        assert "searching" in text(screen.box)
        await pilot.press("b")
        await until(pilot, lambda: "ab" in gates)
        assert ended == ["a"]
        gates["a"].set()
        gates["ab"].set()
        await until(pilot, lambda: "about ab" in text(screen.box))
        assert [match.symbol for match in screen.matches] == ["AB"]


async def test_enter_before_the_answer_waits_for_it_and_adds_the_best_match(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(add_symbol, "DEBOUNCE_S", 3600.0)
    source, gate = StubSource(sample_board()), asyncio.Event()

    async def search(words: str) -> list[Match]:
        source.searched.append(words)
        await gate.wait()
        return MATCHES

    source.search = search  # type: ignore[method-assign]
    async with adding(source) as (pilot, screen, _):
        await pilot.press(*"nvidia")
        assert source.searched == []
        await pilot.press("enter", "enter")
        await until(pilot, lambda: source.searched)
        assert "searching; the best match is added when it comes" in text(screen.box)
        assert source.states == []
        gate.set()
        await until(pilot, lambda: source.states)
        assert source.state.lists["ai"].symbols[-1] == "NVDA"
        assert source.searched == ["nvidia"]


async def test_enter_before_the_answer_takes_the_exact_symbol(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(add_symbol, "DEBOUNCE_S", 3600.0)
    source = StubSource(sample_board())
    source.matches = [Match("NVDL", "Twice NVIDIA", "ETF", ""), Match("NVD", "Less NVIDIA", "ETF", "")]
    async with adding(source) as (pilot, _, _):
        await pilot.press(*"nvd", "enter")
        await until(pilot, lambda: source.states)
        assert source.state.lists["ai"].symbols[-1] == "NVD"


async def test_enter_before_the_answer_adds_nothing_that_no_source_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(add_symbol, "DEBOUNCE_S", 3600.0)
    source = StubSource(sample_board())
    source.matches = [Match("not a symbol", "", "", "")]
    async with adding(source) as (pilot, screen, _):
        await pilot.press(*"xyzzy", "enter")
        await until(pilot, lambda: "No source knows this name; Enter adds it as typed." in text(screen.box))
        assert source.states == []
        assert text(screen.box).count("source") == 1
        await pilot.press("enter")
        await until(pilot, lambda: source.states)
        assert source.state.lists["ai"].symbols[-1] == "XYZZY"


async def test_typing_on_takes_back_an_early_enter(monkeypatch: pytest.MonkeyPatch) -> None:
    source, gates = StubSource(sample_board()), dict[str, asyncio.Event]()

    async def search(words: str) -> list[Match]:
        await gates.setdefault(words, asyncio.Event()).wait()
        return MATCHES

    source.search = search  # type: ignore[method-assign]
    async with adding(source) as (pilot, screen, _):
        await pilot.press("n", "enter", "v")
        await until(pilot, lambda: "nv" in gates)
        gates["nv"].set()
        await until(pilot, lambda: screen.matches)
        assert source.states == []
        assert pilot.app.screen is screen


async def test_tab_names_another_list() -> None:
    other = sample_watchlist(name="b", title="Other names", rows=sample_rows()[:1])
    lists: list[Watchlist] = [sample_watchlist(), other]
    async with adding(StubSource(sample_board(watchlists=lists))) as (pilot, screen, source):
        await pilot.press("tab")
        assert "to Other names" in text(screen.box)
        await pilot.press("shift+tab", "tab", *"nv")
        await until(pilot, lambda: screen.matches)
        await pilot.click(screen.box, offset=(20, 3), times=2)
        await until(pilot, lambda: source.state.lists)
        assert source.state.lists["b"].symbols == ["PLPC", "NVDA"]


async def test_hostile_matches_are_inert() -> None:
    source = StubSource(sample_board())
    source.matches = [Match("OK", "\x1b[31m[red]Evil\u202e\n", "[b]x", "\x07y"), Match("\x1b[2J", "z", "", "")]
    async with adding(source) as (pilot, screen, _):
        await pilot.press("o")
        await until(pilot, lambda: screen.matches)
        shown = text(screen.box)
        assert "[red]Evil" in shown
        assert not any(sign in shown for sign in "\x1b\x07\u202e")
        assert [match.symbol for match in screen.matches] == ["OK"]


@pytest.mark.parametrize("size", [(160, 45), (100, 30), (60, 20), (30, 10), (20, 6)])
async def test_the_dialog_fits_every_size_and_a_click_beside_it_closes(size: tuple[int, int]) -> None:
    async with adding(size=size) as (pilot, screen, _):
        await pilot.press("n")
        await until(pilot, lambda: screen.matches)
        assert pilot.app.screen.region.contains_region(screen.box.region)
        assert screen.query_one(Input).region.height == 1
        assert {len(line) for line in lines(screen.box)} == {screen.box.size.width}
        await pilot.click(offset=(0, 0))
        await until(pilot, lambda: pilot.app.screen is not screen)
