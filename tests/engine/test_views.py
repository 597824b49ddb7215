"""What a person does to a running engine: looks back, opens pages, chooses symbols, changes the config."""

from __future__ import annotations

import asyncio
import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from rallytui.board.shape import Board, IndicatorCloseUp, SymbolCloseUp
from rallytui.clock import FrozenClock
from rallytui.config import Settings
from rallytui.config.load import load
from rallytui.config.state import ListEdit, State, load_state
from rallytui.engine import engine as engine_module
from rallytui.engine.choices import Choices
from rallytui.engine.config_file import ConfigFile
from rallytui.engine.view import EARLIEST, PENDING, View, sessions_back, span, stepped
from rallytui.sessions import known_by, nyse
from tests.engine.running import OPEN, running

THEN = date(2026, 3, 2)


def rows(board: Board) -> list[str]:
    return [row.symbol for row in board.watchlists[0].rows]


async def test_a_look_back_and_home_again() -> None:
    async with running() as app:
        app.engine.look(THEN)
        assert app.engine.looking_at == THEN
        past = await app.until(lambda board: board.mode == "as_of")
        assert (past.as_of, past.simulated) == (known_by(THEN), True)
        assert past.sessions_back == nyse().count(THEN, date(2026, 9, 15))
        assert max(past.charts["^GSPC"].days) == THEN.toordinal()
        app.engine.look(None)
        live = await app.until(lambda board: board.mode == "demo")
        assert (live.as_of, live.sessions_back) == (OPEN, None)


async def test_how_a_day_was_come_by_is_said_until_the_next_look() -> None:
    words = "Thu 27 Nov 2025 was no session; shown is Wed 26 Nov 2025."
    async with running() as app:
        app.engine.look(THEN, words)
        past = await app.until(lambda board: board.mode == "as_of" and words in board.notes)
        assert past.notes.count(words) == 1
        app.engine.look(None)
        assert words not in (await app.until(lambda board: board.mode == "demo")).notes


async def test_an_open_page_gets_its_close_up_and_a_closed_one_none() -> None:
    async with running() as app:
        app.engine.open("symbol", "PATH")
        board = await app.until(
            lambda board: isinstance(board.close_up, SymbolCloseUp) and board.close_up.intraday.times
        )
        assert isinstance(board.close_up, SymbolCloseUp)
        assert board.close_up.symbol == "PATH"
        app.engine.open("indicator", "VC1")
        board = await app.until(lambda board: isinstance(board.close_up, IndicatorCloseUp))
        app.engine.look(THEN)
        board = await app.until(lambda board: board.mode == "as_of" and board.close_up is not None)
        assert isinstance(board.close_up, IndicatorCloseUp)
        assert max(board.close_up.times) <= THEN.toordinal(), "a page in a look back knows no later day"
        app.engine.open("", "")
        await app.until(lambda board: board.close_up is None)


async def test_a_chosen_symbol_is_fetched_and_a_removed_one_is_gone(tmp_path: Path) -> None:
    async with running() as app:
        edit = ListEdit(symbols=["NVDA", "PLPC"], base=["PLPC", "INOD", "PATH", "FIVN"])
        assert "demo keeps nothing" in app.engine.choose(State(lists={"ai": edit}))
        board = await app.until(lambda board: rows(board) == ["NVDA", "PLPC"])
        board = await app.until(lambda board: board.watchlists[0].rows[0].rsi14 is not None)
        assert board.watchlists[0].rows[0].last is not None, "its price came with its history"
        assert "" not in board.notes, "what there is nothing to say about takes no line"


def test_choices_are_kept_and_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    path = tmp_path / "state" / "state.json"
    choices = Choices(Settings(), path)
    assert choices.take(State(sort="rsi14")) == ""
    assert load_state(path) == Choices(Settings(), path).state == State(sort="rsi14")
    (tmp_path / "file").write_text("", "utf-8")
    blocked = Choices(Settings(), tmp_path / "file" / "state.json")
    said = blocked.take(State(theme="light"))
    assert str(tmp_path / "file" / "state.json") in said
    assert "until the program ends" in said
    assert blocked.state.theme == "light", "it holds all the same"


def test_two_instances_do_not_wipe_out_each_others_choices(tmp_path: Path) -> None:
    path, base = tmp_path / "state.json", ["PLPC", "INOD", "PATH", "FIVN"]
    one, other = Choices(Settings(), path), Choices(Settings(), path)
    one.take(State(lists={"ai": ListEdit([*base, "AMD"], base)}))
    other.take(State(sort="rsi14", snoozed={"move": "x"}))
    kept = load_state(path)
    assert (kept.sort, kept.lists["ai"].symbols[-1]) == ("rsi14", "AMD")
    assert one.reread() is False, "a sort is no other setting"
    assert one.state == kept
    other.take(replace(other.state, lists={}, snoozed={}))
    assert load_state(path) == State(sort="rsi14")
    assert one.reread() is True
    assert one.settings.watchlists["ai"].symbols == base
    assert one.reread() is False


async def test_what_another_instance_chose_is_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "CONFIG_EVERY_S", 0.01)
    path = tmp_path / "state.json"
    async with running() as app:
        app.engine._choices._path = path  # the demo has none of its own
        Choices(Settings(), path).take(State(lists={"ai": ListEdit(["PATH", "AMD"], ["PLPC", "INOD", "PATH", "FIVN"])}))
        await app.until(lambda board: rows(board) == ["PATH", "AMD"])


async def test_r_says_when_nothing_newer_can_be_there() -> None:
    evening = known_by(date(2026, 9, 16)) + timedelta(hours=5)
    async with running(clock=FrozenClock(evening)) as app:
        async with asyncio.timeout(20):
            while app.engine.next_refresh is None:
                await app.boards.get()
        assert app.engine.refresh().startswith("All that can be known is here; the sources are asked again Thu ")
        app.engine._parts.turns.mine = False
        assert app.engine.refresh() == "Another rallytui asks the sources: press r there."


async def test_a_look_back_says_that_it_waits_for_the_values_of_then() -> None:
    async with running() as app:
        app.engine.look(THEN)
        board = await app.until(lambda board: board.mode == "as_of")
        assert PENDING in board.notes
        await app.until(lambda board: board.mode == "as_of" and PENDING not in board.notes)


async def test_a_changed_config_is_taken_up_and_a_wrong_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "CONFIG_EVERY_S", 0.01)
    path = tmp_path / "config.toml"
    path.write_text("", "utf-8")
    async with running(config=ConfigFile(path, lambda: load(path, {}))) as app:
        path.write_text('[watchlists.ai]\ntitle = "Mine"\nsymbols = ["PATH"]\n', "utf-8")
        board = await app.until(lambda board: rows(board) == ["PATH"])
        assert board.watchlists[0].title == "Mine"
        assert app.engine.trouble == ""
        path.write_text('[watchlists.ai]\nsymbol = ["PATH"]\n', "utf-8")
        board = await app.until(lambda board: any("from before" in said for said in board.problems))
        assert board.problems[0].startswith(f"{path}:2: watchlists.ai.symbol: unknown key")
        assert rows(board) == ["PATH"]
        path.write_text("", "utf-8")
        await app.until(lambda board: rows(board) == ["PLPC", "INOD", "PATH", "FIVN"])


def test_a_config_that_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    path, reads = tmp_path / "config.toml", []

    def read() -> Settings:
        reads.append(1)
        return Settings()

    file = ConfigFile(path, read)
    assert file.reread() is None
    path.write_text("# a comm", "utf-8")
    assert file.reread() is None, "an editor may still be writing"
    path.write_text("# a comment", "utf-8")
    assert file.reread() is None
    assert file.reread() is not None
    assert file.reread() is None
    assert len(reads) == 1


def test_a_config_is_parsed_once_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, parsed = tmp_path / "config.toml", []
    path.write_text('[providers.fred]\napi_key = "once"\n', "utf-8")
    path.chmod(0o644)
    real = tomllib.loads
    monkeypatch.setattr(tomllib, "loads", lambda text: parsed.append(text) or real(text))
    load(path, {})
    assert "chmod 600" in ConfigFile(path, Settings).warning
    assert len(parsed) == 1


async def test_a_key_that_others_can_read_is_a_note_and_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[providers.fred]\napi_key = "sentinel"\n', "utf-8")
    path.chmod(0o644)
    async with running(config=ConfigFile(path, Settings)) as app:
        app.engine.open("", "again")
        board = await app.until(lambda board: any("chmod 600" in note for note in board.notes))
        assert not board.problems
        assert "sentinel" not in " ".join(board.notes)


@pytest.mark.parametrize(
    ("day", "steps", "there"),
    [
        (date(2026, 9, 15), 1, date(2026, 9, 15)),
        (date(2026, 9, 15), -1, date(2026, 9, 14)),
        (date(2026, 9, 8), -1, date(2026, 9, 4)),
        (date(2030, 1, 1), 0, date(2026, 9, 15)),
        (date(1900, 1, 1), 0, EARLIEST),
        (EARLIEST, -5, EARLIEST),
    ],
)
def test_steps_stay_among_the_sessions_there_are(day: date, steps: int, there: date) -> None:
    assert stepped(nyse(), OPEN, day, steps) == there


def test_the_span_ends_with_the_last_evening() -> None:
    assert span(nyse(), OPEN) == (EARLIEST, date(2026, 9, 15))
    assert span(nyse(), known_by(date(2026, 9, 16)))[1] == date(2026, 9, 16)
    assert sessions_back(nyse(), OPEN, View()) is None
    assert sessions_back(nyse(), OPEN, View(known_by(date(2026, 9, 14)))) == 1


async def test_what_happened_is_told_from_the_boards_of_then_and_now() -> None:
    async with running() as app:
        told = await app.engine.happened(OPEN - timedelta(days=60))
        assert (told.since, told.until) == (OPEN - timedelta(days=60), OPEN)
        assert told.of("move"), "in two months something moved"
        assert await app.engine.events(OPEN - timedelta(days=60)) == []


async def test_leafing_through_days_fetches_nothing_and_staying_does(monkeypatch: pytest.MonkeyPatch) -> None:
    from rallytui.engine import view as view_module
    from rallytui.feed.feed import Feed

    asked: list[date] = []

    async def note(feed: Feed, day: date) -> list[str]:
        asked.append(day)
        return []

    monkeypatch.setattr(Feed, "reach_back", note)
    monkeypatch.setattr(Feed, "vintages", note)
    monkeypatch.setattr(view_module, "DWELL_S", 0.2)
    async with running() as app:
        for day in (date(2026, 3, 4), date(2026, 3, 3), THEN):
            app.engine.look(day)
            await asyncio.sleep(0)
        async with asyncio.timeout(10):
            while len(asked) < 2:
                await app.boards.get()
                app.engine._view_state.hurry_up()
        assert asked == [THEN, THEN], "history and vintages of the day that was stayed at, and of no other"


async def test_settings_of_the_screen_follow_the_config() -> None:
    settings = Settings()
    light = replace(settings, display=replace(settings.display, theme="light"))
    async with running(light) as app:
        assert app.engine.display.theme == "light"
