"""What happens to a live board after it was made: its events are told, it is kept, and its session is recorded."""

from __future__ import annotations

import asyncio
from dataclasses import replace as replace_tape
from datetime import date, datetime
from typing import Any, cast

import msgspec
from msgspec.structs import replace

from rallytui.alerts.desk import Notice
from rallytui.alerts.event import Event
from rallytui.board import history
from rallytui.board.history import version
from rallytui.board.memo import Memo
from rallytui.board.shape import Board
from rallytui.board.shape.history import Mark, Record
from rallytui.config import Settings
from rallytui.engine import chronicle as chronicle_module
from rallytui.engine.chronicle import LOOK_EVERY_S, Chronicle
from rallytui.engine.monitor import LIVE_EVERY_S, SAVE_EVERY_S, Monitor
from rallytui.sessions import known_by, nyse
from rallytui.store import SqliteStore
from rallytui.tape import Tape
from tests.engine.running import OPEN, running
from tests.facts import market, ny
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


EVENING = date(2026, 3, 31)
WHOLE = Tape().apply(market("2026-03-31", "2025-01-02"))


class Feed:
    """A feed that has answered, or not yet."""

    def __init__(self, tape: Tape, answered: bool = True) -> None:
        self.tape, self.answered = tape, asyncio.Event()
        if answered:
            self.answered.set()

    def known(self) -> Tape:
        return self.tape


class Recording:
    """A chronicle at work at 20:00 of `EVENING`, and the sessions that it computed."""

    def __init__(self, feed: Feed, store: SqliteStore, monkeypatch: Any) -> None:
        self.computed: list[date] = []
        real = history.records_at

        def counted(tape: Tape, settings: Any, calendar: Any, days: Any, memo: Any) -> list[Record]:
            self.computed.extend(days)
            return real(tape, settings, calendar, days, memo)

        monkeypatch.setattr(history, "records_at", counted)
        own: Any = (Settings(), nyse(), feed, store, LoopClock(ny("2026-03-31T20:00")))
        self.chronicle = Chronicle(*own)

    async def __aenter__(self) -> Recording:
        self.task = asyncio.create_task(self.chronicle.run())
        await asyncio.sleep(60)
        assert not self.task.done(), self.task
        return self

    async def __aexit__(self, *_: object) -> None:
        assert not self.task.done(), self.task
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def kept(self) -> dict[date, Record]:
        """What is recorded once the chronicle has looked again."""
        await asyncio.sleep(2 * LOOK_EVERY_S)
        return {record.session: record for record in await self.chronicle.records()}


def unknown(record: Record) -> int:
    return sum(mark.band == "unknown" for mark in record.indicators.values())


def of_everything(day: date) -> dict[str, Mark]:
    """The lights of a session by all that can be known of it."""
    return history.record_at(WHOLE, Settings(), nyse(), day, Memo()).indicators


def test_records_are_kept_and_not_computed_twice(monkeypatch: Any) -> None:
    store = memory_store()

    async def scene(expected: list[date]) -> None:
        async with Recording(Feed(WHOLE), store, monkeypatch) as run:
            assert list(await run.kept()) == [EVENING]
            assert run.computed == expected

    play(scene([EVENING]))
    play(scene([]))


def test_nothing_is_recorded_before_the_first_round_has_ended(monkeypatch: Any) -> None:
    """On a first run the prices come before the macro series: what asks for the past then must not get it without."""
    monkeypatch.setattr(chronicle_module, "SESSIONS", 5)

    async def scene() -> None:
        feed = Feed(replace_tape(WHOLE, series={}), answered=False)
        async with Recording(feed, memory_store(), monkeypatch) as run:
            assert await run.chronicle.records() == []
            assert await run.kept() == {}
            assert run.chronicle.is_filling, "they are still to come"
            feed.tape = WHOLE
            feed.answered.set()
            found = await run.kept()
            assert len(found) == len(run.computed) == 5
            assert all(record.indicators == of_everything(day) for day, record in found.items())

    play(scene())


def test_a_source_that_is_down_holds_nothing_up_and_what_it_lacked_is_made_good(monkeypatch: Any) -> None:
    monkeypatch.setattr(chronicle_module, "SESSIONS", 3)
    store = memory_store()

    async def down() -> None:
        async with Recording(Feed(replace_tape(WHOLE, series={})), store, monkeypatch) as run:
            assert unknown((await run.kept())[EVENING]) > 5

    async def back() -> None:
        """Another start, days later, that at first has not got it either."""
        feed = Feed(replace_tape(WHOLE, series={}))
        async with Recording(feed, store, monkeypatch) as run:
            assert unknown((await run.kept())[EVENING]) > 5
            assert EVENING not in run.computed
            feed.tape = WHOLE
            assert (await run.kept())[EVENING].indicators == of_everything(EVENING)
            await run.kept()
            assert run.computed.count(EVENING) == 1, "once, for each change"

    play(down())
    play(back())


def test_records_of_before_the_marks_are_made_again(monkeypatch: Any) -> None:
    store = memory_store()
    old = Record(EVENING, Mark(None, "unknown"), 0.0)
    store.save_records({EVENING: msgspec.msgpack.encode(old)}, version(Settings()))

    async def scene() -> None:
        async with Recording(Feed(WHOLE), store, monkeypatch) as run:
            assert (await run.kept())[EVENING].composite.score is not None

    play(scene())
