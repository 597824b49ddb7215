"""Words from outside in every place they can appear: inert, no wider than their place, and nothing falls over."""

from __future__ import annotations

import csv
import io
import json
import logging
import sys
import tomllib
import xml.etree.ElementTree as ElementTree
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, get_type_hints
from unicodedata import category

import msgspec
import pytest
from msgspec.structs import fields, replace
from rich.cells import cell_len
from textual.pilot import Pilot

from rallytui import doctor, report
from rallytui.alerts import digest as telling
from rallytui.alerts.deliver import desktop_bytes
from rallytui.alerts.desk import Notice, row_of
from rallytui.alerts.event import Event, shortened
from rallytui.board.shape import Board
from rallytui.board.shape.history import Record
from rallytui.cli.log import PlainFormatter
from rallytui.clock import FrozenClock
from rallytui.config import Settings, WatchlistSettings
from rallytui.config.show import as_toml
from rallytui.model import Match, Unavailable
from rallytui.ui.app import RallyApp
from rallytui.ui.panes.listing import Opened
from rallytui.ui.screens import add_symbol
from rallytui.ui.screens.add_symbol import AddSymbol
from rallytui.ui.screens.detail import DetailScreen
from rallytui.ui.terminal import title_of
from tests.fakes import Fake
from tests.ui.sample import sample_board
from tests.ui.sample_closeup import sample_close_up
from tests.ui.sample_parts import NOW, TODAY
from tests.ui.stage import StubSource, board_screen, focus, until

MARKUP = "[bold]a[/bold] [/x] [@click=app.quit]b[/] [link=file:///etc/passwd]c[/link] [red"
ESCAPES = "\x1b[31md\x1b]0;owned\x07\x1b[2J\x9b31m\x9d0;e\x9c\x1bP1;f\x1b\\\x08\x7f"
DIRECTIONS = "\u202etxet\u202c \u2066g\u2069\u200b\u200d\ufeff\u2028h\u2029\u061c\u00ad\U000e0001"
SIGNS = "nul\0nul\tx\r\ny\x85z " + "e\u0301\u0327\u20dd" * 40 + "👩‍👩‍👧🇩🇪👍🏽\ufe0f"
LONG = "A" * 10_000
WIDE = "名前漢字ｗｉｄｅ" * 60
COCKTAILS = {
    "markup and escapes": f"{MARKUP} {ESCAPES} {DIRECTIONS}",
    "long": LONG,
    "wide": WIDE,
    "signs": f"{SIGNS}{DIRECTIONS}",
}
FORMULAS = ("=cmd()", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", "＋1", "－1", "＠x", "\u200b=1", "\n=1")
NAMES = ("symbol", "id", "provider", "url", "unit", "benchmark", "host")
"""Text fields that no outsider fills: the config's checked names and our own words."""
CONTROLS = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def spoilt(value: Any, words: str, kind: Any = None) -> Any:
    """A copy of a value of the board in which every text that can come from outside is `words`."""
    if isinstance(value, msgspec.Struct):
        hints = get_type_hints(type(value))
        names = [one.name for one in fields(value) if one.name not in (*NAMES, "status", "state")]
        return replace(value, **{name: spoilt(getattr(value, name), words, hints[name]) for name in names})
    if isinstance(value, list):
        inner = kind.__args__[0] if kind is not None and getattr(kind, "__args__", None) else None
        return [spoilt(item, words, inner) for item in value] or ([words] if inner is str else [])
    if isinstance(value, dict):
        inner = kind.__args__[1] if kind is not None and getattr(kind, "__args__", None) else None
        return {key: spoilt(item, words, inner) for key, item in value.items()}
    return words if kind is str else value


def hostile(words: str) -> Board:
    return spoilt(sample_board(close_up=sample_close_up(days=300)), words)  # type: ignore[no-any-return]


def unsafe(text: str, allowed: str = "") -> set[str]:
    """The characters of a text that control a terminal, a line or a direction."""
    return {char for char in text if category(char) in CONTROLS and char not in allowed}


@pytest.mark.parametrize("words", COCKTAILS.values(), ids=list(COCKTAILS))
def test_the_board_on_paper(words: str) -> None:
    board = hostile(words)
    for explain in (False, True):
        text = report.to_text(board, explain)
        assert not unsafe(text, "\n")
        assert all(cell_len(line) <= report.WIDTH for line in text.splitlines())
    found = json.loads(report.to_json(board))
    assert found["thesis_name"] == words, "a program gets what was said"
    assert not unsafe(report.to_json(board), "\n")
    assert not unsafe(report.to_csv(board), "\n")


@pytest.mark.parametrize("words", FORMULAS)
def test_no_cell_of_a_table_is_a_formula(words: str) -> None:
    board = sample_board()
    watchlists = [replace(one, name=words, rows=[replace(one.rows[0], symbol=words)]) for one in board.watchlists]
    record = Record(TODAY, board.risks.composite, 1.0, {words: board.risks.composite}, {}, {words: "broken"}, [])
    for table in (report.to_csv(replace(board, watchlists=watchlists)), report.history_csv([record])):
        cells = [cell for line in csv.reader(io.StringIO(table)) for cell in line]
        assert any(words.strip("\t\r\n\u200b ") in cell for cell in cells)
        for cell in cells:
            assert not cell.lstrip().startswith(("=", "+", "@", "＝", "＋", "－", "＠"))
            assert not unsafe(cell)
            assert not cell.startswith("-") or cell[1:].replace(".", "").replace("e-", "").isdigit()


# --- on the screen ---


@asynccontextmanager
async def app_of(words: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Pilot[None], StubSource]]:
    monkeypatch.setattr("rallytui.ui.app.PAINT_EVERY_S", 0.0)
    monkeypatch.setattr("locale.getencoding", lambda: "UTF-8")
    monkeypatch.delenv("LANG", raising=False)
    monkeypatch.setattr(RallyApp, "SURVIVES", False)
    monkeypatch.setattr(add_symbol, "DEBOUNCE_S", 0.0)
    source = StubSource(hostile(words))
    source.matches = [Match("NVDA", words, words, words), Match(words, words, "EQUITY", "NYSE")]
    made = Event("light", "vix", TODAY, NOW - timedelta(hours=1), words, words, words, words, words)
    source.kept = [row_of(made)]
    source.digest = telling.Digest(NOW - timedelta(days=1), NOW, [telling.Item("filing", "PATH", words)])
    app = RallyApp(source)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        source.show(Notice(made, ("toast",), words))
        yield pilot, source
        assert app.is_running
    assert app._exception is None


def check_screen(app: RallyApp, where: str) -> None:
    """Every row of the screen is as wide as the screen, says no control character and has no link or action."""
    for strip in app.screen._compositor.render_strips():
        assert cell_len(strip.text) == app.size.width, f"{where}: {strip.text!r}"
        assert not unsafe(strip.text), f"{where}: {strip.text!r}"
        for segment in strip:
            style = segment.style
            assert style is None or not (style.link and "passwd" in style.link), where
            assert style is None or "@click" not in style.meta, where


def pages(board: Board) -> Iterator[Opened]:
    yield Opened("target", "0", ["0"])
    yield Opened("symbol", "INOD", ["INOD", "PATH"])
    reading = board.risks.groups[0]
    yield Opened("indicator", f"group {reading.id}", [f"group {reading.id}"])
    yield Opened("indicator", reading.indicators[0].id, [reading.indicators[0].id])
    yield Opened("claim", board.thesis[0].id, [board.thesis[0].id])


@pytest.mark.parametrize("words", COCKTAILS.values(), ids=list(COCKTAILS))
async def test_panes_pages_dialogs_and_toasts(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with app_of(words, monkeypatch) as (pilot, source):
        app = pilot.app
        assert isinstance(app, RallyApp)
        await until(pilot, lambda: len(app._notifications) >= 2)  # the event, and that a way to tell it failed
        assert all(not note.markup and not unsafe(note.message + note.title) for note in app._notifications)
        await pilot.pause()
        check_screen(app, "panes")
        assert source.board is not None
        for page in pages(source.board):
            board_screen(app).post_message(page)
            await until(pilot, lambda: isinstance(app.screen, DetailScreen))
            for key in ("pagedown", "end"):
                await pilot.press(key)
                check_screen(app, f"{page.kind} {page.key}")
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is board_screen(app))
        for key in ("A", "W", "C", "H", "w", "e", "question_mark"):
            await pilot.press(key)
            await until(pilot, lambda: app.screen is not board_screen(app))
            await pilot.pause()
            check_screen(app, key)
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is board_screen(app))
        await focus(pilot, "watchlist")
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, AddSymbol) and app.focused)
        await pilot.press(*"nvi")
        await until(pilot, lambda: source.searched)
        await pilot.pause()
        check_screen(app, "search")
        source.search_fault = Unavailable("yahoo", words)
        await pilot.press("d")
        await until(pilot, lambda: len(source.searched) > 1)
        await pilot.pause()
        check_screen(app, "a search that failed")


@pytest.mark.parametrize("words", COCKTAILS.values(), ids=list(COCKTAILS))
async def test_a_picture_of_the_screen(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with app_of(words, monkeypatch) as (pilot, _):
        await pilot.pause()
        drawn = pilot.app.export_screenshot(title="rallytui")
    root = ElementTree.fromstring(drawn)
    names = {one.tag.rpartition("}")[2] for one in root.iter()}
    assert not names & {"script", "a", "image", "foreignObject"}
    assert not unsafe("".join(root.itertext()), "\n")


# --- beside the screen ---


@pytest.mark.parametrize("words", COCKTAILS.values(), ids=list(COCKTAILS))
def test_what_a_terminal_is_told(words: str) -> None:
    from rallytui.ui.glyphs import UNICODE

    title = title_of(hostile(words), UNICODE)
    assert not unsafe(title)
    assert cell_len(title) < 80
    made = Event("light", "vix", TODAY, NOW, words, words)
    for environment in ({"TERM": "xterm"}, {"TERM": "rxvt"}):
        sent = desktop_bytes(made, environment).decode()
        assert sent.startswith("\x1b]")
        assert sent.endswith("\x1b\\")
        assert not unsafe(sent[2:-2])


@pytest.mark.parametrize("words", COCKTAILS.values(), ids=list(COCKTAILS))
def test_the_digest_as_text_and_json(words: str) -> None:
    board = hostile(words)
    before = replace(sample_board(), as_of=NOW - timedelta(days=1))
    made = Event("mine", "x", TODAY, NOW - timedelta(hours=1), words, shortened(words))
    told = telling.digest(before, board, [made])
    assert told.items
    text = telling.to_text(told)
    assert not unsafe(text, "\n")
    assert len(text.splitlines()) == text.count("\n"), "no text begins a line of its own"
    assert any(words[:40] in item["text"] for item in json.loads(telling.to_json(told))["items"])
    assert not unsafe(telling.to_json(told), "\n")


@pytest.mark.parametrize("words", COCKTAILS.values(), ids=list(COCKTAILS))
def test_the_log_has_one_line_an_entry(words: str) -> None:
    try:
        raise ValueError(words)
    except ValueError:
        record = logging.LogRecord("x", logging.WARNING, "", 0, "%s of %s", (words, words), sys.exc_info())
    first, *rest = PlainFormatter("%(levelname)s: %(message)s").format(record).split("\n")
    assert first.startswith("WARNING: ")
    assert first.isprintable()
    assert rest[0] == "Traceback (most recent call last):"
    assert all(line.isprintable() for line in rest)


@pytest.mark.parametrize("words", COCKTAILS.values(), ids=list(COCKTAILS))
async def test_check_says_errors_plainly(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FrozenClock(NOW)
    fault = Unavailable("yahoo", words)
    script = {(kind, name): fault for kind in ("quotes", "bars") for name in ("^GSPC", "PLPC")}
    fakes: Mapping[str, Any] = {"yahoo": Fake("yahoo", script)}
    monkeypatch.setattr(doctor, "create_all", lambda *_: fakes)
    text, healthy = await doctor.examine(Settings(), clock, {})
    assert not healthy
    assert "FAILED" in text
    assert not unsafe(text, "\n")


@pytest.mark.parametrize("words", [*COCKTAILS.values(), *FORMULAS])
def test_config_show_escapes_what_controls_a_terminal(words: str) -> None:
    base = Settings()
    settings = replace(
        base, thesis=replace(base.thesis, name=words), watchlists={"ai": WatchlistSettings(words, ["PLPC"])}
    )
    text = as_toml(settings)
    assert not unsafe(text, "\n")
    read = tomllib.loads(text)
    assert read["thesis"]["name"] == words
    assert read["watchlists"]["ai"]["title"] == words
