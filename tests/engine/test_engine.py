"""The engine: boards are published as facts come, a defect comes out as itself, the demo leaves the store alone."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from rallytui.board.shape import Board
from rallytui.clock import DemoClock, FrozenClock, demo_moment
from rallytui.config import Settings
from rallytui.engine import Engine
from rallytui.feed.feed import Feed
from rallytui.store import SqliteStore, memory_store
from tests.facts import ny

OPEN = ny("2026-09-16T13:46")


@pytest.fixture
def store() -> Any:
    made = memory_store()
    yield made
    made.close()


async def first_full_board(engine: Engine) -> Board:
    """Run until a board with a composite is published."""
    boards: asyncio.Queue[Board] = asyncio.Queue()
    task = asyncio.create_task(engine.run(boards.put_nowait))
    try:
        async with asyncio.timeout(30):
            while (board := await boards.get()).risks.composite.score is None:
                assert not task.done()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    return board


async def test_boards_are_published_as_the_facts_come(store: SqliteStore) -> None:
    engine = Engine(Settings(), store, demo=True, clock=FrozenClock(OPEN))
    assert engine.first_board() is None
    assert engine.next_refresh is None
    board = await first_full_board(engine)
    assert board.mode == "demo"
    assert board.targets[0].last is not None
    assert board.as_of == OPEN
    assert engine.next_refresh is not None
    await engine.close()


async def test_the_next_run_begins_with_the_last_board_and_the_demo_keeps_no_facts(store: SqliteStore) -> None:
    engine = Engine(Settings(), store, demo=True, clock=FrozenClock(OPEN))
    made = await engine.once(30)
    await engine.close()
    again = Engine(Settings(), store, demo=True, clock=FrozenClock(OPEN + timedelta(days=1)))
    stored = again.first_board()
    assert stored is not None
    assert stored.targets == made.targets
    assert stored.charts == made.charts
    assert store.load_facts().quotes == ()
    assert Engine(Settings(), store).first_board() is None, "a simulated board is never shown as a live one"
    assert Engine(Settings(), store, demo=True, as_of=OPEN.date()).first_board() is None


def test_a_board_of_another_version_is_passed_over(store: SqliteStore) -> None:
    store.save_board("live", OPEN, b"\x93not a board")
    assert Engine(Settings(), store).first_board() is None


async def test_a_defect_comes_out_as_itself(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(feed: Feed) -> None:
        raise ZeroDivisionError("a defect")

    monkeypatch.setattr(Feed, "run", broken)
    engine = Engine(Settings(), store, demo=True, clock=FrozenClock(OPEN))
    with pytest.raises(ZeroDivisionError, match="a defect"):
        await engine.run(lambda board: None)
    await engine.close()


async def test_the_demo_can_follow_a_live_run(store: SqliteStore) -> None:
    engine = Engine(Settings(), store, clock=FrozenClock(OPEN))
    assert engine.mode == "live"
    await engine.switch_to_demo()
    assert engine.mode == "demo"
    assert isinstance(engine.clock, DemoClock)
    board = await first_full_board(engine)
    assert board.session.state == "regular", "the demo trades at any hour"
    await engine.close()


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        ("2026-09-16T13:46", "2026-09-16T13:46"),
        ("2026-09-16T08:00", "2026-09-15T11:00"),
        ("2026-09-16T17:00", "2026-09-16T11:00"),
        ("2026-09-20T12:00", "2026-09-18T11:00"),
        ("2026-09-21T08:00", "2026-09-18T11:00"),
    ],
)
def test_a_demo_outside_trading_hours_goes_back_into_them(now: str, wanted: str) -> None:
    assert demo_moment(ny(now)) == ny(wanted)


def test_a_demo_goes_round_a_holiday(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = DemoClock()
    day = clock.now().date()
    clock.skip_holidays(lambda one: one < day)
    assert clock.now().date() == day - timedelta(days=1)
