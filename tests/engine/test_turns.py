"""Of several instances one asks the sources; the turn passes on when its holder ends, sleeps or dies."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import pytest

from rallytui.engine.turns import FOLLOWS, LOOK_EVERY_S, Turns
from rallytui.store import FetchLock
from tests.virtual import play


class Work:
    """Stands in for a feed: it notes what it is asked to do, and does it for ever."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.log: list[str] = []
        self.fault = fault

    async def run(self) -> None:
        await self._go("asks")

    async def follow(self) -> None:
        await self._go("follows")

    async def _go(self, what: str) -> None:
        self.log.append(what)
        if self.fault is not None:
            raise self.fault
        try:
            await asyncio.Event().wait()
        finally:
            self.log.append(f"{what} no more")


def start(turns: Turns, work: Work) -> asyncio.Task[None]:
    return asyncio.create_task(turns.run(cast(Any, work)))


async def stop(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def test_one_asks_the_other_follows_and_takes_over_when_the_first_gives_up(tmp_path: Path) -> None:
    async def scene() -> None:
        one, other = (Turns(FetchLock(tmp_path / "rallytui.db")) for _ in range(2))
        first, second = Work(), Work()
        running = start(one, first)
        await asyncio.sleep(0.1)
        following = start(other, second)
        await asyncio.sleep(3 * LOOK_EVERY_S)
        assert (first.log, second.log) == (["asks"], ["follows"])
        assert (one.note, other.note) == ("", FOLLOWS)
        await stop(running)
        one.give_up()
        await asyncio.sleep(LOOK_EVERY_S + 0.1)
        assert second.log == ["follows", "follows no more", "asks"]
        assert other.note == ""
        await stop(following)
        other.give_up()
        assert second.log[-1] == "asks no more"

    play(scene())


def test_one_that_sleeps_follows_when_it_wakes(tmp_path: Path) -> None:
    async def scene() -> None:
        one, other = (Turns(FetchLock(tmp_path / "rallytui.db")) for _ in range(2))
        first = Work()
        running = start(one, first)
        await asyncio.sleep(0.1)
        one.give_up()  # what Ctrl+Z does before the process stops
        assert await other.claim()
        await asyncio.sleep(2 * LOOK_EVERY_S)
        assert first.log == ["asks", "asks no more", "follows"]
        await stop(running)
        other.give_up()
        one.give_up()

    play(scene())


def test_one_that_nobody_disturbs_goes_on_after_giving_up(tmp_path: Path) -> None:
    async def scene() -> None:
        turns, work = Turns(FetchLock(tmp_path / "rallytui.db")), Work()
        running = start(turns, work)
        await asyncio.sleep(0.1)
        turns.give_up()
        await asyncio.sleep(2 * LOOK_EVERY_S)
        assert work.log == ["asks", "asks no more", "asks"]
        await stop(running)
        turns.give_up()

    play(scene())


def test_a_defect_of_the_feed_comes_out_and_leaves_nothing_running(tmp_path: Path) -> None:
    async def scene() -> None:
        turns = Turns(FetchLock(tmp_path / "rallytui.db"))
        with pytest.raises(ExceptionGroup) as caught:
            await start(turns, Work(ZeroDivisionError("a defect")))
        assert isinstance(caught.value.exceptions[0], ZeroDivisionError)
        assert len(asyncio.all_tasks()) == 1
        turns.give_up()

    play(scene())


def test_a_store_in_memory_is_nobody_elses() -> None:
    async def scene() -> None:
        turns = Turns(FetchLock(None))
        assert await turns.claim()
        assert (turns.note, turns.problem) == ("", "")

    play(scene())


@pytest.mark.parametrize(("simulated", "words"), [(True, "makes up its data and asks no source"), (False, "asks the")])
def test_the_log_says_who_is_asked(simulated: bool, words: str, caplog: pytest.LogCaptureFixture) -> None:
    async def scene() -> None:
        work = start(Turns(FetchLock(None), simulated=simulated), Work())
        await asyncio.sleep(0.1)
        await stop(work)

    with caplog.at_level("INFO", "rallytui"):
        play(scene())
    assert words in caplog.text
    assert ("asks the sources" in caplog.text) is not simulated
