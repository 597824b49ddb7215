"""The history on a reading's page: bands, labels, the strip of lights, and what stands there until it has come."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot

from rallytui.board.shape import Board, IndicatorCloseUp
from rallytui.model import Light
from rallytui.ui.screens.detail import DetailScreen
from rallytui.ui.theme import palette
from rallytui.ui.widgets.history import View, changes, crossings, light_at, recent, score_at
from tests.ui.sample import sample_board
from tests.ui.sample_parts import TODAY
from tests.ui.stage import focus, screen_text, stage, until

pytestmark = pytest.mark.usefixtures("quick")
KNOTS = [(0.0, 0.0), (-12.0, 40.0), (-20.0, 70.0), (-35.0, 100.0)][::-1]
LAST = TODAY.toordinal()


def history(**changed: Any) -> IndicatorCloseUp:
    times = list(range(LAST - 600, LAST + 1))
    values = [-6.0 - 20.0 * (n % 100 > 80) for n in range(len(times))]
    lights: list[Light] = ["stress" if value < -20 else "calm" for value in values]
    fields = {"times": times, "values": values, "scores": [score_at(v, KNOTS) for v in values], "lights": lights}
    return IndicatorCloseUp(**{"id": "ai_drawdown", **fields, "knots": KNOTS, **changed})


@asynccontextmanager
async def page(size: tuple[int, int], board: Board) -> AsyncIterator[Pilot[None]]:
    """The page of the AI basket's drawdown."""
    app, _ = stage(board)
    async with app.run_test(size=size, notifications=True) as pilot:
        await focus(pilot, "risk")
        await pilot.press("home", "enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        await pilot.pause()
        yield pilot


async def test_the_page_has_bands_strip_and_changes() -> None:
    async with page((160, 45), sample_board(close_up=history())) as pilot:
        shown = screen_text(pilot.app)  # type: ignore[arg-type]
        for words in ("■ STRESS", "◆ WATCH", "● CALM", "70 S", "40 W", "Changes of the light", "light "):
            assert words in shown, words
        page_strips = [pilot.app.screen.query_one("#page").render_line(y) for y in range(40)]
        grounds = {segment.style.bgcolor for strip in page_strips for segment in strip if segment.style}
        assert {palette().stress_band.bgcolor, palette().watch_band.bgcolor} <= grounds


async def test_until_it_is_there_it_says_what_it_waits_for() -> None:
    for close_up in (None, history(id="another")):
        async with page((160, 45), sample_board(close_up=close_up)) as pilot:
            assert "waiting for the history" in screen_text(pilot.app)  # type: ignore[arg-type]


async def test_without_a_history_it_says_why() -> None:
    empty = IndicatorCloseUp("ai_drawdown", missing="No source has it.")
    async with page((160, 45), sample_board(close_up=empty)) as pilot:
        assert "No source has it." in screen_text(pilot.app)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [(200, 60), (120, 35), (100, 30), (80, 24), (60, 20), (40, 12), (20, 6)], ids=str)
async def test_every_size_can_be_drawn(size: tuple[int, int]) -> None:
    values = [None, *history().values[1:]]
    async with page(size, sample_board(close_up=history(values=values))) as pilot:
        assert "could not be drawn" not in screen_text(pilot.app)  # type: ignore[arg-type]


def test_the_score_follows_the_bounds() -> None:
    assert [score_at(x, KNOTS) for x in (-50.0, -35.0, -20.0, -16.0, -12.0, 0.0, 9.0)] == [100, 100, 70, 55, 40, 0, 0]
    assert [light_at(score) for score in (100.0, 70.0, 69.9, 40.0, 39.9)] == [
        "stress",
        "stress",
        "watch",
        "watch",
        "calm",
    ]


def test_bounds_are_crossed_where_the_light_changes() -> None:
    assert crossings(KNOTS, 70.0) == [-20.0]
    assert crossings([(-2.0, 100.0), (-1.0, 40.0), (0.0, 0.0), (1.0, 40.0), (2.0, 100.0)], 40.0) == [-1.0, 1.0]
    assert crossings([(0.0, 0.0), (10.0, 30.0)], 40.0) == []


def test_slow_series_are_shown_over_more_years() -> None:
    assert len(recent(history()).times) == 366
    months = list(range(LAST - 30 * 99, LAST + 1, 30))
    slow = history(times=months, values=[1.0] * 100, lights=["calm"] * 100)
    assert 40 <= len(recent(slow).times) < 100


def test_changes_come_newest_first() -> None:
    view = View([1, 2, 3], [0.1, 0.2, 0.3], ["calm", "watch", "calm"])
    assert [(one.day, one.light) for one in changes(view)] == [(3, "calm"), (2, "watch")]
