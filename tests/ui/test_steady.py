"""What fails inside the app leaves a banner, one entry in the log, and a running app."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import rallytui.ui.app as app_module
from rallytui.clock import FrozenClock
from rallytui.ui.app import RallyApp
from rallytui.ui.screens.board import BoardScreen
from rallytui.ui.screens.detail import DetailScreen
from rallytui.ui.steady import Trouble
from tests.ui.sample import sample_board
from tests.ui.sample_parts import NOW
from tests.ui.stage import board_screen, pane, stage, text, until

pytestmark = pytest.mark.usefixtures("quick")


def boom(*_: Any, **__: Any) -> None:
    raise RuntimeError("no [/such] thing")


def in_a_timer(app: RallyApp) -> None:
    app.set_timer(0.001, boom)


def in_a_timer_of_a_pane(app: RallyApp) -> None:
    pane(app, "risk").set_timer(0.001, boom)


def after_a_refresh(app: RallyApp) -> None:
    board_screen(app).call_after_refresh(boom)


def later_in_a_pane(app: RallyApp) -> None:
    pane(app, "target").call_later(boom)


def in_a_worker(app: RallyApp) -> None:
    async def work() -> None:
        boom()

    board_screen(app).run_worker(work(), group="test")


FAULTS = (in_a_timer, in_a_timer_of_a_pane, after_a_refresh, later_in_a_pane, in_a_worker)


@pytest.mark.parametrize("cause", FAULTS, ids=lambda cause: cause.__name__)
async def test_the_app_goes_on(
    cause: Callable[[RallyApp], None], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(RallyApp, "SURVIVES", True)
    app, source = stage()
    with caplog.at_level(logging.ERROR):
        async with app.run_test(size=(160, 45), notifications=True) as pilot:
            cause(app)
            banner = app.screen.query_one("#banner")
            await until(pilot, lambda: banner.region.area)
            assert "it went on: " in text(banner)
            assert "/somewhere/rallytui.log" in text(banner)
            await until(pilot, lambda: source.publish)
            assert source.publish is not None
            source.publish(sample_board(thesis_name="Another"))
            await until(pilot, lambda: app.board is not None and app.board.thesis_name == "Another")
            await pilot.press("4")
            await until(pilot, lambda: pane(app, "thesis").has_focus)
            assert banner.region.area, "a board does not wipe the banner away before it was read"
    assert "boom" in caplog.text


@pytest.mark.parametrize(
    ("owner", "handler", "key"),
    [
        (BoardScreen, "action_pane", "3"),
        (RallyApp, "on_opened", "enter"),
        (RallyApp, "action_theme", "t"),
        (DetailScreen, "content", "enter"),
    ],
)
async def test_a_key_whose_action_fails_is_not_the_last_one(
    owner: type, handler: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RallyApp, "SURVIVES", True)
    app, _ = stage()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        with monkeypatch.context() as broken:
            broken.setattr(owner, handler, boom)
            await pilot.press(key)
            await until(pilot, lambda: app.trouble.text)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, BoardScreen))
        await pilot.press("2")
        await until(pilot, lambda: pane(app, "watchlist").has_focus)


async def test_a_paint_that_fails_is_not_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RallyApp, "SURVIVES", True)
    app, source = stage()
    async with app.run_test(size=(160, 45)) as pilot:
        await until(pilot, lambda: source.publish)
        assert source.publish is not None
        with monkeypatch.context() as broken:
            broken.setattr(app_module, "title_of", boom)
            source.publish(sample_board(thesis_name="Broken"))
            await until(pilot, lambda: app.trouble.text)
        source.publish(sample_board(thesis_name="Whole"))
        await until(pilot, lambda: "Whole" in text(app.screen.query_one("#header")))


def test_one_fault_is_logged_once_an_hour(caplog: pytest.LogCaptureFixture) -> None:
    clock = FrozenClock(NOW)
    trouble = Trouble(clock.now, "rallytui.log")

    def fail() -> None:
        try:
            boom()
        except RuntimeError as fault:
            trouble.fault(fault, "It failed")

    with caplog.at_level(logging.ERROR):
        for _ in range(100):
            fail()
        assert len(caplog.records) == 1
        clock.advance(timedelta(hours=1).total_seconds())
        fail()
        assert len(caplog.records) == 2
    assert trouble.text == "It failed: no [/such] thing. Details: rallytui.log"
    clock.advance(121)
    assert trouble.text == ""


async def test_what_keeps_it_from_starting_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(RallyApp, "SURVIVES", True)
    monkeypatch.setattr(RallyApp, "get_default_screen", boom)
    app, _ = stage()
    with pytest.raises(RuntimeError, match="thing"):
        async with app.run_test():
            pass
    assert (
        capsys.readouterr().err.strip()
        == "rallytui could not start: no [/such] thing. Details: /somewhere/rallytui.log"
    )
