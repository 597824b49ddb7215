"""The canvas: it repaints what changed and nothing else, at exactly its width."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from rich.style import Style
from rich.text import Text
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.strip import Strip

from rallytui.ui import theme
from rallytui.ui.widgets.canvas import Canvas, Pane, changed_regions, draw_rule
from rallytui.ui.widgets.narrow import NarrowScreen, NarrowUpdate
from rallytui.ui.widgets.sheet import Phrase, Sheet
from tests.ui.sample import sample_board

PLAIN = Style()


class Board(Pane):
    """A pane that counts what it asks Textual to refresh."""

    key, title = "1", "Test"

    def __init__(self) -> None:
        super().__init__()
        self.value = "1.00"
        self.asked: list[tuple[Region, ...]] = []

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Board:
        if hasattr(self, "asked"):
            self.asked.append(regions)
        super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        return self

    def body(self, sheet: Sheet, board: object) -> None:
        sheet.put(1, 2, f"value {self.value} of many")


class Host(App[None]):
    """An app with one pane."""

    def __init__(self, widget: Canvas) -> None:
        super().__init__()
        self.widget = widget

    def compose(self) -> ComposeResult:
        yield self.widget

    def on_mount(self) -> None:
        for found in theme.textual_themes():
            self.register_theme(found)
        self.theme = theme.DEFAULT


async def test_one_changed_digit_repaints_its_cell_alone() -> None:
    pane = Board()
    async with Host(pane).run_test(size=(40, 6)) as pilot:
        await pilot.pause()
        pane.asked.clear()
        pane.value = "1.05"
        pane.repaint()
        assert pane.asked == [(Region(10, 2, 1, 1),)]
        await pilot.pause()
        assert "value 1.05 of many" in pane.render_line(2).text


async def test_nothing_is_repainted_when_nothing_changed() -> None:
    pane = Board()
    async with Host(pane).run_test(size=(40, 6)) as pilot:
        await pilot.pause()
        pane.asked.clear()
        pane.repaint()
        assert pane.asked == []


async def test_a_resize_and_a_theme_redraw_everything() -> None:
    pane = Board()
    async with Host(pane).run_test(size=(40, 6)) as pilot:
        await pilot.pause()
        await pilot.resize_terminal(31, 9)
        assert [pane.render_line(y).cell_length for y in range(9)] == [31] * 9
        before = pane.render_line(2)
        pilot.app.theme = "rallytui-light"
        await pilot.pause()
        assert pane.render_line(2) != before
        assert pane.render_line(2).text == before.text


async def test_focus_changes_the_rule_alone() -> None:
    pane = Board()
    async with Host(pane).run_test(size=(40, 6)) as pilot:
        pane.blur()
        await pilot.pause()
        assert pane.render_line(0).text.startswith("─ 1 Test ──")
        pane.asked.clear()
        pane.focus()
        await pilot.pause()
        assert pane.render_line(0).text.startswith("━ 1 Test ━━")


async def test_the_rule_says_what_an_empty_pane_waits_for() -> None:
    pane = Board()
    async with Host(pane).run_test(size=(50, 6)) as pilot:
        pane.wait_for("waiting for Cboe, 3 s")
        await pilot.pause()
        assert pane.render_line(0).text.endswith(" waiting for Cboe, 3 s ━")
        pane.show(sample_board(mode="as_of"))
        pane.wait_for("")
        await pilot.pause()
        assert set(pane.render_line(0).text) == set("═ 1Test")


class Broken(Canvas):
    """A canvas that cannot draw."""

    def draw(self, width: int, height: int) -> list[Text | Strip]:
        raise ValueError("[/no] markup")


async def test_a_pane_that_cannot_draw_says_so_and_the_app_goes_on() -> None:
    canvas = Broken()
    async with Host(canvas).run_test(size=(80, 3)) as pilot:
        await pilot.pause()
        assert "could not be drawn" in canvas.render_line(0).text
        canvas.repaint()


class Words(Canvas):
    """A canvas of rich texts."""

    def draw(self, width: int, height: int) -> list[Text | Strip]:
        return [Text("[/x] 漢字", "bold"), Text.assemble("a", ("b", "red"))]


async def test_texts_are_drawn_as_they_are() -> None:
    canvas = Words()
    async with Host(canvas).run_test(size=(12, 3)) as pilot:
        await pilot.pause()
        assert [canvas.render_line(y).text for y in range(3)] == ["[/x] 漢字   ", "ab" + " " * 10, " " * 12]


class NarrowHost(Host):
    """The same app on the screen that writes less."""

    def get_default_screen(self) -> NarrowScreen[None]:
        return NarrowScreen(id="_default")


async def test_a_narrow_screen_writes_the_changed_cells_and_shows_the_same() -> None:
    pane = Board()
    async with NarrowHost(pane).run_test(size=(40, 6)) as pilot:
        await pilot.pause()
        pane.value = "1.05"
        pane.repaint()
        compositor = pilot.app.screen._compositor
        compositor.update_widgets({pane})
        update = compositor.render_partial_update()
        assert isinstance(update, NarrowUpdate)
        written = update.render_segments(pilot.app.console)
        assert "\x1b[3;11H" in written
        assert re.sub(r"\x1b\[[0-9;]*[mH]", "", written) == "5"


def rows(*texts: str) -> list[Strip]:
    """Plain strips."""
    sheet = Sheet(max(map(len, texts)), len(texts), PLAIN)
    for y, text in enumerate(texts):
        sheet.put(0, y, text)
    return sheet.strips()


def test_changes_that_are_near_are_one_region_and_far_ones_two() -> None:
    old = rows("aaaaaaaaaaaaaaaaaaaaaaaa", "same")
    assert changed_regions(old, rows("abaabaaaaaaaaaaaaaaaaaab", "same")) == [Region(1, 0, 4, 1), Region(23, 0, 1, 1)]


def test_a_wide_sign_is_repainted_whole() -> None:
    one, other = Sheet(4, 1, PLAIN), Sheet(4, 1, PLAIN)
    one.put(0, 0, "漢")
    other.put(0, 0, "字")
    assert changed_regions(one.strips(), other.strips()) == [Region(0, 0, 2, 1)]


def test_a_change_of_style_is_a_change() -> None:
    one, other = Sheet(4, 1, PLAIN), Sheet(4, 1, PLAIN)
    other.paint(1, 0, 2, Style(bold=True))
    assert changed_regions(one.strips(), other.strips()) == [Region(1, 0, 2, 1)]


@pytest.mark.parametrize("x", range(-8, 12))
def test_a_sheet_keeps_its_width_wherever_one_writes(x: int) -> None:
    sheet = Sheet(6, 2, PLAIN)
    sheet.put(x, 0, "漢 ab é")
    sheet.right(x, 1, "12.5")
    sheet.put(x, 5, "below")
    assert [len(row) for row in sheet.rows] == [6, 6]


def rule(width: int, phrases: Iterable[str] = (), subtitle: str = "") -> str:
    """The text of a pane's rule."""
    sheet = Sheet(width, 1, PLAIN)
    found: list[Phrase] = [((text, PLAIN),) for text in phrases]
    draw_rule(sheet, 0, "─", PLAIN, (("1", PLAIN), (" Target", PLAIN)), found, (subtitle, PLAIN))
    return sheet.strips()[0].text


def test_a_rule_drops_what_has_no_room_the_least_important_first() -> None:
    parts = (("7,408.30  ▼ −1.21 %", "since start +8.74 %"), "S&P 500")
    assert rule(66, *parts) == "─ 1 Target  S&P 500 ── 7,408.30  ▼ −1.21 %   since start +8.74 % ─"
    assert rule(50, *parts) == "─ 1 Target  S&P 500 ──────── 7,408.30  ▼ −1.21 % ─"
    assert rule(36, *parts) == "─ 1 Target ─── 7,408.30  ▼ −1.21 % ─"
    assert rule(30, *parts) == "─ 1 Target  S&P 500 ──────────"


@pytest.mark.parametrize("width", range(1, 90))
def test_a_rule_is_as_wide_as_its_pane_and_cuts_no_number(width: int) -> None:
    text = rule(width, ("7,408.30  ▼ −1.21 %", "since start +8.74 %"), "S&P 500")
    assert len(text) == width
    assert ("7,408" in text) == ("7,408.30  ▼ −1.21 %" in text)
    assert ("+8" in text) == ("+8.74 %" in text)
