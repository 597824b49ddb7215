"""The risk pane: variants by size, alignment, states of a reading, the cursor."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from rallytui.board.shape import Board, Composite, Indicator
from rallytui.ui.app import RallyApp
from rallytui.ui.glyphs import UNICODE
from rallytui.ui.panes.readings import light_of, number, shortened, tightened, when
from rallytui.ui.panes.risk import RiskPane
from rallytui.ui.screens.detail import DetailScreen
from tests.ui.sample import offline_board, sample_board
from tests.ui.sample_parts import sample_risks
from tests.ui.stage import StubSource, focus, lines, text, until

pytestmark = pytest.mark.usefixtures("quick")


@asynccontextmanager
async def risk(size: tuple[int, int], board: Board | None = None) -> AsyncIterator[tuple[Pilot[None], RiskPane]]:
    """The pane in an app, with the focus."""
    async with RallyApp(StubSource(board or sample_board())).run_test(size=size) as pilot:
        await focus(pilot, "risk")
        yield pilot, pilot.app.screen.query_one(RiskPane)


def reading(**changes: Any) -> Indicator:
    return replace(sample_risks().groups[0].indicators[1], **changes)


async def test_wide_has_seven_groups_and_eighteen_readings() -> None:
    async with risk((160, 45)) as (_, pane):
        shown = lines(pane)
        assert shown[0].rstrip("━ ").endswith("■ 1  ◆ 4  ● 12  ○ 1")
        assert shown[1].strip() == "30 calm   was 27 five sessions ago · coverage 95 %"
        assert shown[2].strip() == "━━━━━━━━━━━━━━━━▮━━━━ 40 ━━━━━━━ 60 ━━━━━━━━━━━━━━━━━━━━"
        assert shown[3] == "▌AI delays  25 %                              ◆ 46        "
        assert shown[4] == " ● C Hyperscaler capex y/y     +61    %  ──────  0     Q1 "
        assert shown[5] == " ◆ W AI basket drawdown        −17.8  %  ━━━━── 62    now "
        assert shown[10] == " ○ ? Layoffs rate, 3 m           1.12 %          —  Apr † "
        assert shown[20] == " ● C VIX / VIX3M                 0.908   ━───── 23    now "
        assert len([line for line in shown if line[3] in "CWS?" and line[1] in "●◆■○"]) == 18


async def test_decimal_points_stand_below_each_other() -> None:
    async with risk((160, 45)) as (_, pane):
        points = {line.index(".") for line in lines(pane)[4:] if "." in line}
        assert points == {34}


async def test_in_less_width_the_bar_leaves_before_a_title_is_cut() -> None:
    async with risk((140, 40)) as (_, pane):
        shown = text(pane)
        assert "Initial claims vs 1y low" in shown
        assert "Treasuries vs S&P " in shown
        assert "──────" not in "".join(lines(pane)[3:])


async def test_medium_has_groups_and_only_members_that_are_not_calm() -> None:
    async with risk((100, 30)) as (_, pane):
        shown = lines(pane)
        assert shown[1].strip() == "30 calm   was 27 · coverage 95 %"
        assert "VIX" not in text(pane)
        assert [line.rstrip() for line in shown[3:7]] == [
            "▌◆ W AI delays                    46",
            "     ◆ AI basket drawdown      −17.8",
            "     ◆ AI basket vs S&P         −8.4",
            " ● C Labour                       10",
        ]


async def test_narrow_has_the_worst_reading_and_a_light_a_group() -> None:
    async with risk((60, 20)) as (_, pane):
        shown = lines(pane)
        assert shown[0].rstrip("━ ").endswith("30 calm   ■ 1  ◆ 4")
        assert shown[1].startswith("▌■ S Equal weight vs S&P 126 d")
        assert shown[1].rstrip().endswith("−4.9 %")
        lights = "".join(shown[2:4])
        for words in (
            "◆ W AI delays",
            "● C Labour",
            "◆ W Fed",
            "● C Havens",
            "● C Credit",
            "■ S Breadth",
            "● C Output",
        ):
            assert words in lights


async def test_a_tiny_pane_has_the_worst_readings_alone() -> None:
    async with risk((20, 6)) as (_, pane):
        assert "■ S" in lines(pane)[1]


async def test_nothing_known_is_never_drawn_as_calm() -> None:
    for size in ((160, 45), (100, 30), (60, 20), (40, 12)):
        async with risk(size, offline_board()) as (pilot, pane):
            shown = text(pane)
            assert "18 unknown" in lines(pane)[0] or size[0] < 60
            assert "not enough data for a composite" in shown or size == (60, 20)
            assert "●" not in shown
            await pilot.press("j", "end")


async def test_without_a_composite_the_groups_still_stand() -> None:
    risks = replace(sample_risks(), composite=Composite(None, "unknown", 0.5))
    async with risk((160, 45), sample_board(risks=risks)) as (_, pane):
        assert lines(pane)[1].strip() == "— not enough data for a composite"
        assert "AI basket drawdown" in text(pane)


async def test_the_cursor_goes_through_all_rows_and_stays_on_its_row() -> None:
    async with risk((160, 45)) as (pilot, pane):
        await pilot.press("end")
        assert pane.selected == "output"
        assert lines(pane)[27].startswith("▌")
        await pilot.press("home", "j", "j")
        assert pane.selected == "ai_drawdown"
        pane.show(sample_board(thesis_name="Another"))
        assert lines(pane)[5].startswith("▌")
        await pilot.press("1")
        assert "▌" not in text(pane)


async def test_a_pane_that_is_too_low_scrolls_and_says_so() -> None:
    async with risk((140, 40)) as (pilot, pane):
        assert lines(pane)[-1].endswith("▼")
        await pilot.press("end")
        assert any(line.startswith("▌") and "Output per hour" in line for line in lines(pane))
        assert lines(pane)[3].endswith("▲")


async def test_enter_on_a_group_opens_its_worst_reading() -> None:
    async with risk((160, 45)) as (pilot, _):
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, DetailScreen))
        assert pilot.app.screen.key == "ai_drawdown"
        assert len(pilot.app.screen.keys) == 18


# --- a reading in words ---


def test_stale_or_unscored_readings_have_an_unknown_light() -> None:
    assert light_of(reading()) == "watch"
    assert light_of(reading(freshness=0.0)) == "unknown"
    assert light_of(reading(score=None)) == "unknown"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"value": 12.3, "title": "AI vs S&P, 63 d"}, "+12.3"),
        ({"value": 0.13, "unit": "pp", "decimals": 2, "title": "Sahm indicator"}, "0.13"),
        ({"value": 0.5, "decimals": 2, "title": "Yield", "knots": [(-1.0, 100.0), (0.5, 0.0)]}, "+0.50"),
        ({"value": None}, "—"),
    ],
)
def test_changes_carry_a_sign_and_levels_do_not(changes: dict[str, Any], expected: str) -> None:
    assert number(reading(**changes), UNICODE) == expected


def known(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "known_at", "expected"),
    [
        (date(2026, 7, 22), date(2026, 7, 22), "22 Jul"),
        (date(2026, 7, 1), date(2026, 7, 2), "1 Jul"),
        (date(2026, 6, 1), date(2026, 7, 10), "Jun"),
        (date(2026, 3, 31), date(2026, 5, 14), "Q1"),
        (date(2026, 1, 1), date(2026, 5, 15), "Q1"),
        (date(2025, 10, 1), date(2026, 2, 15), "Q4 2025"),
        (date(2026, 6, 30), date(2026, 6, 30), "30 Jun"),
    ],
)
def test_the_period_is_named_as_its_publisher_does(at: date, known_at: date, expected: str) -> None:
    assert when(reading(at=at, known_at=known(known_at)), sample_board(), UNICODE) == expected


def test_now_is_only_said_of_live_data() -> None:
    board = sample_board()
    live = reading(at=date(2026, 7, 23), known_at=board.as_of)
    assert when(live, board, UNICODE) == "now"
    assert when(live, sample_board(mode="as_of"), UNICODE) == "23 Jul"
    assert when(replace(live, freshness=0.0), board, UNICODE) == "now †"
    assert when(reading(at=None), board, UNICODE) == ""


def test_titles_give_up_a_comma_before_their_window() -> None:
    assert tightened("Gold vs S&P, 63 d", 17) == "Gold vs S&P, 63 d"
    assert tightened("Gold vs S&P, 63 d", 16) == "Gold vs S&P 63 d"
    assert shortened("Gold vs S&P, 63 d") == "Gold vs S&P"
    assert shortened("Layoffs rate, 3 m") == "Layoffs rate"


def held_board(**composite: Any) -> Board:
    """The sample with a stress of small companies that is held, and so its group's light."""
    risks = sample_risks()
    groups = [
        replace(group, indicators=[replace(one, held=one.id == "equal") for one in group.indicators], held=True)
        if group.id == "breadth"
        else group
        for group in risks.groups
    ]
    return replace(sample_board(), risks=replace(risks, groups=groups, composite=replace(risks.composite, **composite)))


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        ((160, 45), ["30 calm held ", "Breadth  10 % held ", "■ S Equal weight vs S&P held "]),
        ((140, 40), ["30 calm held ", "Breadth  10 % held ", "■ S Equal weight vs S&P held "]),
        ((100, 30), ["30 calm held ", "■ S Breadth held ", "■ Equal weight vs S&P held "]),
        ((60, 20), ["■ S Equal weight vs S&P 126 d held ", "■ S Breadth held"]),
        ((40, 14), ["■ S Breadth held "]),
    ],
)
async def test_a_held_light_says_so_at_every_size(size: tuple[int, int], shown: list[str]) -> None:
    async with risk(size, held_board(held=True)) as (_, pane):
        for words in shown:
            assert words in text(pane), text(pane)
        assert "Small caps vs S&P held" not in text(pane)


async def test_the_page_of_a_held_light_says_so() -> None:
    async with risk((160, 45), held_board(note="+1.2 points in five sessions over the 17 readings")) as (pilot, _):
        await focus(pilot, "risk")
        await pilot.press("end", "k", "k", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, DetailScreen))
        assert pilot.app.screen.key == "equal"
        page = text(pilot.app.screen.query_one("#page"))
        assert "■ S stress held" in page
        assert "The composite: +1.2 points in five sessions" in page


@pytest.mark.parametrize(
    ("composite", "wide", "medium"),
    [
        ({"note": "…", "change_5_sessions": 2.6}, "+3 in five sessions at equal readings", "+3 at equal readings"),
        ({"note": "…", "change_5_sessions": None}, "not comparable with five sessions ago", "not comparable"),
    ],
)
async def test_while_other_readings_count_the_composite_compares_at_equal_ones(
    composite: dict[str, Any], wide: str, medium: str
) -> None:
    for size, words in (((200, 60), wide), ((160, 45), medium), ((100, 30), medium)):
        async with risk(size, held_board(**composite)) as (_, pane):
            assert words in lines(pane)[1]
            assert "was 27" not in lines(pane)[1]


async def test_where_many_lights_are_held_a_letter_says_so() -> None:
    board = held_board()
    groups = [replace(group, held=True) for group in board.risks.groups]
    async with risk((60, 20), replace(board, risks=replace(board.risks, groups=groups))) as (_, pane):
        shown = text(pane)
        assert all(f"{name} h" in shown for name in ("AI delays", "Labour", "Fed", "Havens", "Credit", "Breadth"))
        assert "■ S Equal weight vs S&P 126 d held" in shown
