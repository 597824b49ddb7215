"""The board's past on screen: strips, the cursor, the way to a session, and the file."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from rallytui.board.shape.history import Mark, Record, RungMark, TargetMark
from rallytui.model import Light
from rallytui.sessions import nyse
from rallytui.ui.app import RallyApp
from rallytui.ui.glyphs import UNICODE
from rallytui.ui.panes.listing import Opened
from rallytui.ui.screens.board import BoardScreen
from rallytui.ui.screens.export_menu import ExportMenu
from rallytui.ui.screens.history_page import HistoryPage
from rallytui.ui.theme import palette
from rallytui.ui.widgets.record_strips import STEPS, buckets, claim_sign, light_sign, light_strip, rung_sign
from rallytui.ui.widgets.statusline import StatusLine
from tests.ui.sample import offline_board, sample_board
from tests.ui.stage import board_screen, screen_text, stage, text, until

pytestmark = pytest.mark.usefixtures("quick")
LAST = date(2026, 7, 22)
P = palette()


def records(count: int = 60) -> list[Record]:
    """Oldest first; the composite climbs, VIX is in stress in the last five sessions, 7,000 is reached in the last."""
    days = nyse().days
    end = days.index(LAST) + 1
    made = []
    for n, day in enumerate(days[end - count : end]):
        late = count - n <= 5
        vix = Mark(75.0, "stress") if late else Mark(20.0, "calm")
        made.append(
            Record(
                session=day,
                composite=Mark(None if n == 3 else min(100.0, n + 5.0), "watch" if n > 34 else "calm"),
                coverage=0.95,
                groups={"vol": Mark(vix.score, vix.band)},
                indicators={"vix": vix, "gone": Mark(None, "unknown")},
                claims={"fed": "broken" if late else "on_track"},
                targets=[TargetMark("^GSPC", 7000.0 + n, [RungMark(7000.0, "reached" if late else "open", late)])],
            )
        )
    return made


async def opened(app: RallyApp, pilot: Pilot[None], shows: str) -> HistoryPage:
    await pilot.press("H")
    await until(pilot, lambda: isinstance(app.screen, HistoryPage) and app.screen.query("#page"))
    screen = app.screen
    assert isinstance(screen, HistoryPage)
    page = screen.query_one("#page")
    await until(pilot, lambda: page.region.area and page.has_focus and shows in text(page))
    return screen


def row(screen: HistoryPage, name: str) -> str:
    return next(line for line in text(screen.query_one("#page")).split("\n") if line.strip().startswith(name))


def said(app: RallyApp) -> str:
    """What was said, in the last row or in a note."""
    return " ".join([*(note.message for note in app._notifications), app.screen_stack[0].query_one(StatusLine).said])


async def test_each_light_claim_and_rung_is_a_strip_and_the_newest_session_is_read() -> None:
    app, source = stage()
    source.past = records()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        screen = await opened(app, pilot, "60 sessions")
        assert "Wed 22 Jul 2026" in text(screen.query_one("#page"))
        assert row(screen, "VIX ").rstrip().endswith("75 ■ S")
        assert "·" * 55 + "SSSSS" in row(screen, "VIX ")
        assert "gone" in text(screen.query_one("#page")), "what the board no longer has keeps its id"
        assert "✓✓✓✓✓✗✗✗✗✗" in row(screen, "Fed cuts").replace(" ", "")
        assert "·" * 55 + "✓" * 5 in row(screen, "^GSPC 7,000")
        await pilot.press("H")
        await until(pilot, lambda: app.screen is board_screen(app))


async def test_the_cursor_reads_a_session_and_enter_travels_there() -> None:
    app, source = stage()
    source.past = records()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        screen = await opened(app, pilot, "60 sessions")
        await pilot.press("left", "h", "b", "f", *["left"] * 6, "right")
        await until(pilot, lambda: "Mon 13 Jul 2026" in text(screen.query_one("#page")))
        assert row(screen, "VIX ").rstrip().endswith("20 ● C")
        await pilot.press("end", "right")
        await until(pilot, lambda: "Wed 22 Jul 2026" in text(screen.query_one("#page")))
        await pilot.press("left", "enter")
        await until(pilot, lambda: app.screen is board_screen(app))
        assert source.looked == [date(2026, 7, 21)]


async def test_without_records_it_says_when_there_will_be_some() -> None:
    app, source = stage()
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        screen = await opened(app, pilot, "No session is recorded yet.")
        await pilot.press("left", "enter")
        assert app.screen is screen
        assert not source.looked
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, BoardScreen))


async def test_the_first_records_appear_when_they_are_there() -> None:
    app, source = stage()
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        screen = await opened(app, pilot, "No session is recorded yet.")
        source.past = records()
        app.tick()
        await until(pilot, lambda: "60 sessions" in text(screen.query_one("#page")))


async def test_a_look_back_shows_no_later_session() -> None:
    app, source = stage(sample_board(mode="as_of", as_of=datetime(2026, 7, 10, 22, tzinfo=UTC)))
    source.past = records()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        screen = await opened(app, pilot, "52 sessions")
        assert screen.records[-1].session == date(2026, 7, 10)
        assert "S" not in row(screen, "VIX ")[4:]


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("size", [(200, 60), (100, 30), (60, 20), (40, 12), (20, 6)])
async def test_it_fits_any_size_and_scrolls(size: tuple[int, int], ascii_only: bool) -> None:
    app, source = stage(ascii=ascii_only)
    source.past = records(400)
    async with app.run_test(size=size, notifications=True) as pilot:
        screen = await opened(app, pilot, "History")
        page = screen.query_one("#page")
        await until(pilot, lambda: "Composite" in text(page))
        await pilot.press("j", "pagedown", "pageup", "k", "left")
        shown = text(page)
        assert all(len(line) == page.size.width for line in shown.split("\n"))
        assert shown.isascii() or not ascii_only


def written(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_h_in_the_export_menu_writes_the_past_as_a_table(tmp_path: Path) -> None:
    app, source = stage(export_dir=str(tmp_path))
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        for past, words in (([], "no session is recorded"), (records(), "Wrote ")):
            source.past = past
            await pilot.press("e")
            await until(pilot, lambda: isinstance(app.screen, ExportMenu) and app.screen.query("#box"))
            assert "as CSV" in screen_text(app)
            await pilot.press("h")
            await until(pilot, lambda words=words: words in said(app))
        path = written(tmp_path)[0]
        assert path.name.startswith("rallytui-history-")
        lines = path.read_text("utf-8").splitlines()
        assert lines[0] == "session,kind,id,value,state"
        assert "2026-07-22,indicator,vix,75.0,stress" in lines


async def test_an_exported_past_ends_with_the_day_that_is_shown(tmp_path: Path) -> None:
    board = sample_board(mode="as_of", as_of=datetime(2026, 7, 10, 22, tzinfo=UTC))
    app, source = stage(board, export_dir=str(tmp_path))
    source.past = records()
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, ExportMenu))
        await pilot.press("h")
        await until(pilot, lambda: written(tmp_path) and said(app))
        path = written(tmp_path)[0]
        assert path.read_text("utf-8").splitlines()[-1].startswith("2026-07-10,")


# --- the strips ---


@given(st.integers(0, 4000), st.integers(1, 200))
def test_the_columns_hold_the_newest_sessions_in_order(count: int, width: int) -> None:
    spans = buckets(count, width)
    assert len(spans) <= width
    sessions = [n for span in spans for n in span]
    assert sessions == list(range(count - len(sessions), count))
    assert len(sessions) == count or width * STEPS[-1] < count


lights = st.lists(st.sampled_from(["calm", "watch", "stress", "unknown"]), min_size=1, max_size=21)


@given(lights)
def test_a_column_shows_its_worst_light(found: list[Light]) -> None:
    letter = light_sign(found, P, UNICODE)[0]
    worst = "S" if "stress" in found else "W" if "watch" in found else "·" if "calm" in found else "?"
    assert letter == worst


def test_no_stress_is_lost_where_columns_are_few() -> None:
    past = records(400)
    signs = light_strip(past, lambda record: record.indicators["vix"].band, 10, P, UNICODE)
    assert len(signs) <= 10
    assert signs[-1][0] == "S"


def test_a_claim_and_a_rung_have_their_signs() -> None:
    assert claim_sign(["on_track", "broken", "unknown"], P, UNICODE)[0] == "✗"
    assert claim_sign([], P, UNICODE)[0] == "?"
    assert rung_sign([RungMark(7000.0, "reached", True)], P, UNICODE) == ("✓", P.good)
    assert rung_sign([RungMark(7000.0, "reached", False)], P, UNICODE) == ("✓", P.dim)
    assert rung_sign([RungMark(7000.0, "open", False)], P, UNICODE)[0] == "·"
    assert rung_sign([None], P, UNICODE)[0] == "?"


async def test_the_page_of_a_claim_has_its_own_strip() -> None:
    app, source = stage()
    source.past = records()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await until(pilot, lambda: source.publish)
        app.post_message(Opened("claim", "fed", ["fed"]))
        await until(pilot, lambda: "✓" * 55 + "✗" * 5 in screen_text(app))
        assert "since 27 Apr 2026   a session a column" in screen_text(app)


async def test_it_says_that_it_is_filling_and_follows_until_it_is_full() -> None:
    app, source = stage()
    source.is_recording = True
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await pilot.press("H")
        await until(pilot, lambda: "being judged; the first ones appear in a moment." in screen_text(app))
        source.past = records()[:5]
        await until(pilot, lambda: "5 sessions   earlier sessions are being judged" in screen_text(app))
        source.past, source.is_recording = records(), False
        await until(pilot, lambda: "60 sessions" in screen_text(app))
        assert "being judged" not in screen_text(app)


async def test_without_any_price_nothing_is_promised() -> None:
    app, source = stage(offline_board())
    source.is_recording = True
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await pilot.press("H")
        await until(pilot, lambda: isinstance(app.screen, HistoryPage) and app.screen.is_filling)
        assert "No session is recorded yet." in screen_text(app)
