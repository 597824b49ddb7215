"""What leaves the screen: copies, files, and what is said about them."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widgets._toast import Toast

from rallytui.board.shape import Board
from rallytui.ui.app import RallyApp
from rallytui.ui.export import passage, save, stamp
from rallytui.ui.screens.export_menu import ExportMenu
from rallytui.ui.widgets.statusline import StatusLine
from tests.ui.sample import sample_board
from tests.ui.sample_parts import sample_row
from tests.ui.stage import focus, pane, stage, text, until

pytestmark = pytest.mark.usefixtures("quick")


def toasts(app: RallyApp) -> str:
    """What was said, in the last row or in a note."""
    lines = [line.said for screen in app.screen_stack for line in screen.query(StatusLine)]
    return " ".join([*(note.message for note in app._notifications), *lines])


@pytest.mark.parametrize(
    ("pane", "words"),
    [
        ("target", ("S&P 500", "8,000", "51–54 %")),
        ("watchlist", ("PLPC", "325.82", "vol ×")),
        ("risk", ("AI delays", "Hyperscaler capex y/y")),
        ("thesis", ("S&P at 6,900", "✓")),
    ],
)
async def test_y_copies_the_row_with_the_focus(pane: str, words: tuple[str, ...]) -> None:
    app, _ = stage()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await focus(pilot, pane)
        await pilot.press("y")
        assert all(word in app.clipboard for word in words), app.clipboard
        assert "rallytui  The 6,900 rally" in app.clipboard
        assert "INOD" not in app.clipboard
        assert "Copied" in toasts(app)


async def test_y_on_a_page_copies_the_page() -> None:
    app, _ = stage()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await focus(pilot, "risk")
        await pilot.press("enter", "y")
        await until(pilot, lambda: "AI basket drawdown" in app.clipboard)
        assert "Copied AI basket drawdown." in toasts(app)


async def test_a_copy_of_the_past_or_of_the_demo_says_so() -> None:
    for change, word in (({"mode": "as_of"}, "AS OF"), ({"mode": "demo", "simulated": True}, "SIMULATED")):
        app, _ = stage(sample_board(**change))
        async with app.run_test(size=(160, 45)) as pilot:
            await pilot.press("y")
            assert app.clipboard.startswith(word)


def test_a_copy_carries_no_escape_codes() -> None:
    board = sample_board()
    evil = replace(board.watchlists[0], rows=[sample_row("X\x1b[31m", "\u202ename", 1.0, 1.0, 1)])
    _, words = passage(replace(board, watchlists=[evil]), "symbol", "X\x1b[31m")
    assert "\x1b" not in words


def test_what_is_gone_is_copied_as_the_whole_board() -> None:
    assert passage(sample_board(), "symbol", "GONE")[0] == "the whole board"


async def chosen(pilot: Pilot[None], key: str) -> None:
    await pilot.press("e")
    await until(pilot, lambda: isinstance(pilot.app.screen, ExportMenu))
    await pilot.press(key)


@pytest.mark.parametrize(("key", "suffix"), [("t", "txt"), ("j", "json"), ("c", "csv"), ("s", "svg")])
async def test_e_writes_what_is_shown(key: str, suffix: str, tmp_path: Path) -> None:
    app, _ = stage(export_dir=str(tmp_path))
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await chosen(pilot, key)
        path = tmp_path / f"rallytui-live-2026-07-23-1346.{suffix}"
        await until(pilot, lambda: "Wrote" in toasts(app))
        words = path.read_text("utf-8")
        assert path.name in toasts(app)
    if suffix == "json":
        assert json.loads(words)["mode"] == "live"
    elif suffix == "csv":
        cells = [cell for row in csv.reader(io.StringIO(words)) for cell in row]
        assert "PLPC" in cells
        assert not [cell for cell in cells if cell[:1] in "=@" and cell]
    elif suffix == "svg":
        assert words.startswith("<svg")
        assert "Write" not in words  # the menu is not in its own picture
        assert "8,000" in words.replace("&#160;", " ")
    else:
        assert "Target  S&P 500  7,408.30" in words


async def test_nothing_is_overwritten(tmp_path: Path) -> None:
    first = save(str(tmp_path), "rallytui-live", "txt", "one")
    second = save(str(tmp_path), "rallytui-live", "txt", "two")
    assert (first.read_text(), second.read_text()) == ("one", "two")
    assert second.name == "rallytui-live-2.txt"


async def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    app, _ = stage(export_dir=str(tmp_path / "nowhere" / "at all"))
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await chosen(pilot, "t")
        await until(pilot, lambda: "Nothing was written" in toasts(app))
        assert "No such file" in toasts(app)
        assert "export_dir" in toasts(app)


async def test_escape_writes_nothing(tmp_path: Path) -> None:
    app, _ = stage(export_dir=str(tmp_path))
    async with app.run_test(size=(160, 45)) as pilot:
        await chosen(pilot, "escape")
        await until(pilot, lambda: not isinstance(app.screen, ExportMenu))
        assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("change", "start"),
    [
        ({}, "live-2026"),
        ({"mode": "as_of"}, "as-of-2026"),
        ({"mode": "demo"}, "simulated-2026"),
        ({"mode": "as_of", "simulated": True}, "simulated-as-of-2026"),
    ],
)
def test_a_file_is_named_after_mode_and_moment(change: dict[str, object], start: str) -> None:
    board: Board = sample_board(**change)
    assert stamp(board).startswith(start)


async def test_what_a_key_did_stands_in_the_last_row_and_hides_no_pane() -> None:
    app, _ = stage()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await focus(pilot, "risk")
        before = text(pane(app, "thesis"))
        await pilot.press("y")
        line = app.screen.query_one(StatusLine)
        await until(pilot, lambda: text(line).startswith(" Copied "))
        assert not app._notifications
        assert "q quit" in text(line)
        assert text(pane(app, "thesis")) == before
        line.say("")
        assert "Copied" not in text(line)


async def test_what_has_no_room_in_the_last_row_is_a_small_note_above_it() -> None:
    app, _ = stage()
    async with app.run_test(size=(60, 20), notifications=True) as pilot:
        app.say("Nothing was written to /somewhere: no such place. Set export_dir in [display] to another place.")
        await until(pilot, lambda: app.screen.query(Toast))
        note = app.screen.query_one(Toast)
        await until(pilot, lambda: note.region.area)
        assert note.region.height <= 3
        assert note.region.bottom == app.size.height - 1
