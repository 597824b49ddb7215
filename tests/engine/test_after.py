"""What happens to a live board after it was made: its events are told, it is kept, and its session is recorded."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import Any, cast

import msgspec
from msgspec.structs import replace

from rallytui.alerts.desk import Notice
from rallytui.alerts.event import Event
from rallytui.board.history import version
from rallytui.board.shape import Board
from rallytui.board.shape.history import Mark, Record
from rallytui.config import Settings
from rallytui.engine import chronicle as chronicle_module
from rallytui.engine.chronicle import Chronicle
from rallytui.engine.monitor import LIVE_EVERY_S, SAVE_EVERY_S, Monitor
from rallytui.sessions import known_by, nyse
from tests.engine.running import OPEN, running
from tests.memory import memory_store
from tests.ui.sample import sample_board
from tests.virtual import LoopClock, play

LIVE = replace(sample_board(), simulated=False, mode="live")
SESSION = date(2026, 9, 15)


def event(text: str, at: datetime = OPEN) -> Event:
    return Event("light", text, SESSION, at, "A title", text)


class Desk:
    """A desk that finds what it is told to find."""

    def __init__(self, due: list[date], found: list[Event]) -> None:
        self.sessions, self.found = due, found
        self.taken: list[tuple[datetime, bool]] = []
        self.snoozed: list[Any] = []

    def due(self, calendar: Any, now: datetime) -> list[date]:
        due, self.sessions = self.sessions, []
        return due

    def take(self, board: Board, evening: bool = False) -> list[Event]:
        self.taken.append((board.as_of, evening))
        found, self.found = self.found, []
        return found

    async def tell(self, events: list[Event], now: datetime, snoozed: Any) -> list[Notice]:
        self.snoozed.append(snoozed)
        return [Notice(one, ("toast",)) for one in events]


class Boards:
    """Boards for the asking."""

    def __init__(self) -> None:
        self.made = 0

    async def live(self) -> Board:
        self.made += 1
        return LIVE

    async def of(self, moment: datetime) -> Board:
        return replace(LIVE, mode="as_of", as_of=moment)


class Round:
    next_round: datetime | None = OPEN


def monitor(desk: Desk, boards: Boards, shown: list[Notice], feed: Any = Round) -> Monitor:
    own: Any = (desk, boards, feed, memory_store(), LoopClock(OPEN), nyse())
    return Monitor(*own, shown.append)


def test_evenings_that_passed_come_first_and_new_events_are_shown() -> None:
    async def scene() -> None:
        desk, shown = Desk([SESSION], [event("one"), event("two")]), []
        await monitor(desk, Boards(), shown).take(LIVE, {"light": "x"})
        assert desk.taken == [(known_by(SESSION), True), (LIVE.as_of, False)]
        assert [notice.event.text for notice in shown] == ["one", "two"]
        assert desk.snoozed == [{"light": "x"}]

    play(scene())


def test_no_evening_is_judged_before_the_first_round_and_none_in_the_demo() -> None:
    async def scene() -> None:
        class NoRound:
            next_round = None

        for feed, board in ((NoRound, LIVE), (Round, replace(LIVE, mode="demo", simulated=True))):
            desk = Desk([SESSION], [])
            await monitor(desk, Boards(), [], feed).take(board, {})
            assert desk.taken == [(board.as_of, False)]

    play(scene())


def test_while_the_screen_looks_elsewhere_live_boards_are_made_and_kept_all_the_same() -> None:
    async def scene() -> None:
        desk, boards = Desk([], []), Boards()
        watch = monitor(desk, boards, [])
        store = cast(Any, watch)._store
        task = asyncio.create_task(watch.run(dict))
        watch.see(LIVE)
        await asyncio.sleep(1)
        assert (len(desk.taken), boards.made) == (1, 0)
        assert store.load_board("live") is not None
        await asyncio.sleep(3 * LIVE_EVERY_S)
        assert boards.made == 3
        assert SAVE_EVERY_S >= 10, "the disk is not written with every tick"
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    play(scene())


async def test_the_last_session_is_recorded_and_a_year_when_somebody_asks(monkeypatch: Any) -> None:
    monkeypatch.setattr(chronicle_module, "PAUSE_S", 0.0)
    monkeypatch.setattr(chronicle_module, "SESSIONS", 12)
    async with running() as app:
        async with asyncio.timeout(30):
            turn = 0
            while len(found := await app.engine.records()) < 12:
                app.engine.open("", str(turn := turn + 1))  # anything that makes another board
                await app.boards.get()
        days = [record.session for record in found]
        assert days == list(nyse().between(nyse().after(SESSION, -12), SESSION))
        assert found[-1].composite.score is not None
        assert {"D0", "D1"} <= found[-1].claims.keys()


def test_records_are_kept_and_not_computed_twice(monkeypatch: Any) -> None:
    store, computed = memory_store(), []

    class Feed:
        class tape:
            bars = {"^GSPC": object()}  # noqa: RUF012

    def compute(self: Chronicle, days: list[date]) -> dict[date, Any]:
        computed.extend(days)
        record = Record(days[-1], Mark(40.0, "watch"), 1.0)
        payload = msgspec.msgpack.encode(record)
        store.save_records({days[-1]: payload}, version(self._settings))
        return {days[-1]: record}

    monkeypatch.setattr(Chronicle, "_compute", compute)

    async def scene() -> None:
        for _ in range(2):
            own: Any = (Settings(), nyse(), Feed, store, LoopClock(OPEN))
            chronicle = Chronicle(*own)
            task = asyncio.create_task(chronicle.run())
            await asyncio.sleep(1)
            assert not task.done(), task
            assert [record.session for record in await chronicle.records()] == [SESSION]
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    play(scene())
    assert computed == [SESSION]
