"""Days of a running feed on made-up time: how often whom is asked, jumps of the clock, what is left behind."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from msgspec.structs import replace

from rallytui.config import ProviderSettings, WatchlistSettings
from rallytui.feed import pace as pace_module
from rallytui.feed.feed import Feed
from rallytui.model import BadPayload, Kind, Quote, RateLimited, SourceError, Unavailable
from rallytui.providers.simulated import Simulated
from rallytui.sessions import new_york_date, nyse
from tests.facts import ny
from tests.memory import memory_store
from tests.test_feed import SMALL
from tests.virtual import LoopClock, play

KINDS: dict[str, tuple[Kind, ...]] = {
    "cboe": ("quotes", "bars"),
    "yahoo": ("quotes", "bars", "companies"),
    "fred": ("series",),
    "sec": ("companies",),
}


class Market:
    """A source that has what the simulated market has, counts its calls by New York date, and fails when told."""

    delay_s, idle = 0, ""

    def __init__(self, name: str, clock: LoopClock) -> None:
        self.name, self.host = name, f"{name}.example.com"
        self.address = self.host
        self.misses: dict[str, SourceError] = {}
        self.calls: list[tuple[datetime, str, str]] = []
        self.fault: Callable[[str], SourceError | None] = lambda _: None
        self.price_factor = 1.0
        self.fresh_starts = 0
        self._clock, self._source = clock, Simulated(ProviderSettings(), clock)

    def serves(self, kind: Kind, name: str) -> bool:
        return kind in KINDS[self.name] and (kind != "companies" or self._source.serves(kind, name))

    def __call__(self, kind: str, name: str) -> None:
        self.calls.append((self._clock.now(), kind, name))
        if error := self.fault(name):
            raise error

    def during(self, begin: str, end: str) -> list[tuple[str, str]]:
        return [(kind, name) for at, kind, name in self.calls if ny(begin) <= at < ny(end)]

    async def quotes(self, symbols: Sequence[str]) -> list[Quote]:
        self("quotes", ",".join(symbols))
        found = await self._source.quotes(symbols)
        return [_scaled(quote, self.name, self.price_factor) for quote in found]

    async def bars(self, symbol: str, *days: Any) -> Any:
        self("bars", symbol)
        return await self._source.bars(symbol, *days)

    async def series(self, name: str, *days: Any) -> Any:
        self("series", name)
        return await self._source.series(name, *days)

    async def company(self, symbol: str) -> Any:
        self("companies", symbol)
        return await self._source.company(symbol)

    def retry_now(self) -> None:
        self.fresh_starts += 1

    async def close(self) -> None:
        self.calls.clear()


def _scaled(quote: Quote, source: str, factor: float) -> Quote:
    from dataclasses import replace as changed

    return changed(quote, source=source, price=quote.price * factor)


class Stage:
    """A running feed over four sources."""

    def __init__(
        self, start: str, chance: float = 0.0, quotes_every_s: float = 600.0, look_every_s: float = 600.0
    ) -> None:
        self.look_every_s = look_every_s
        self.clock = LoopClock(ny(start))
        self.sources = {name: Market(name, self.clock) for name in KINDS}
        data = replace(SMALL.data, quotes_every_s=quotes_every_s, extended_every_s=1800.0)
        self.settings = replace(SMALL, data=data)
        self.feed = Feed(self.settings, self.sources, memory_store(), self.clock, nyse(), chance=lambda: chance)

    @property
    def asked(self) -> int:
        return sum(len(source.calls) for source in self.sources.values())

    async def until(self, moment: str) -> None:
        await asyncio.sleep(max(0.0, (ny(moment) - self.clock.now()).total_seconds()))

    async def __aenter__(self) -> Stage:
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(pace_module, "LOOK_EVERY_S", self.look_every_s)
        self.task = asyncio.create_task(self.feed.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task
        await self.feed.close()
        self.patch.undo()


def scene(test: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    """Play an async test on made-up time."""

    def played() -> None:
        play(test())

    played.__name__, played.__doc__ = test.__name__, test.__doc__
    return played


@scene
async def test_nothing_is_asked_on_a_weekend() -> None:
    async with Stage("2025-11-21T15:00") as stage:
        await stage.until("2025-11-21T23:59")
        before = stage.asked
        assert before
        await stage.until("2025-11-24T03:59")
        assert stage.asked == before
        await stage.until("2025-11-24T09:40")
        assert stage.asked > before


@scene
async def test_nothing_is_asked_on_a_holiday() -> None:
    async with Stage("2025-11-26T15:00") as stage:
        await stage.until("2025-11-26T23:59")
        before = stage.asked
        await stage.until("2025-11-28T03:59")
        assert stage.asked == before, "Thanksgiving"
        await stage.until("2025-11-28T18:05")
        friday = new_york_date(ny("2025-11-28T12:00"))
        assert {bars.frame.index[-1].date() for bars in stage.feed.tape.bars.values()} == {friday}, "a half day"


@scene
async def test_a_day_costs_what_the_schedule_says() -> None:
    async with Stage("2025-08-19T23:00") as stage:
        await stage.until("2025-08-20T00:00")
        await stage.until("2025-08-21T00:00")
        cboe, yahoo, fred, sec = (source.during("2025-08-20", "2025-08-21") for source in stage.sources.values())
        count = Counter(kind for kind, _ in cboe + yahoo + fred + sec)
        wanted = stage.feed.wants
        assert count["bars"] == len(wanted.bars), "each once, after it is final"
        assert count["companies"] <= len(wanted.companies)
        assert max(Counter(name for _, name in fred).values()) <= 4
        assert ("series", "UNRATE") not in fred, "July is out, August is not over"
        regular = [one for one in cboe if one == ("quotes", "^GSPC")]
        assert 39 <= len(regular) <= 39 + 4, "each ten minutes of the session, and until the close is there"


@scene
async def test_bars_that_are_late_are_asked_for_less_and_less_often() -> None:
    async with Stage("2025-11-19T17:00") as stage:
        late = dict.fromkeys(("cboe", "yahoo"))
        for name in late:
            source = stage.sources[name]
            source.bars = _stale(source)  # type: ignore[method-assign]
        await stage.until("2025-11-20T03:00")
        calls = [at for at, kind, name in stage.sources["cboe"].calls if (kind, name) == ("bars", "^GSPC")]
        after = [at for at in calls if at >= ny("2025-11-19T18:00")]
        waits = [(b - a) / timedelta(hours=1) for a, b in pairwise(after)]
        assert [round(wait, 1) for wait in waits] == [0.5, 1, 2, 4]


def _stale(source: Market) -> Any:
    fetch = type(source).bars

    async def bars(symbol: str, start: Any, end: Any) -> Any:
        return await fetch(source, symbol, start, min(end, new_york_date(ny("2025-11-18T12:00"))))

    return bars


@pytest.mark.parametrize(("night", "opens"), [("2026-03-07T12:00", "2026-03-09"), ("2026-10-31T12:00", "2026-11-02")])
def test_the_first_round_after_the_clocks_change_is_at_four_in_new_york(night: str, opens: str) -> None:
    async def test() -> None:
        async with Stage(night) as stage:
            await stage.until(f"{opens}T03:59")
            before = stage.asked
            await stage.until(f"{opens}T04:01")
            assert stage.asked > before

    play(test())


@scene
async def test_rounds_are_spread_also_at_the_opening() -> None:
    begins = set[datetime]()
    for step in range(3):
        async with Stage("2025-11-22T12:00", chance=step / 3) as stage:
            await stage.until("2025-11-24T04:02")
            begins.add(min(at for at, *_ in stage.sources["yahoo"].calls if at >= ny("2025-11-24T03:59")))
    assert len(begins) == 3
    assert max(begins) - min(begins) >= timedelta(seconds=20)


@scene
async def test_the_next_round_counts_from_the_end_of_the_last() -> None:
    async with Stage("2025-11-19T10:00:00", quotes_every_s=60) as stage:
        source = stage.sources["yahoo"]
        fetch = source.quotes

        async def slow(symbols: Sequence[str]) -> list[Quote]:
            found = await fetch(symbols)
            await asyncio.sleep(45)
            return found

        source.quotes = slow  # type: ignore[method-assign]
        await stage.until("2025-11-19T10:30")
        times = [at for at, kind, _ in source.calls if kind == "quotes"][1:]
        assert {(b - a).total_seconds() for a, b in pairwise(times)} == {105}


@scene
async def test_a_person_who_keeps_asking_costs_one_round_more() -> None:
    async with Stage("2025-11-19T10:00:00") as stage:
        source = stage.sources["yahoo"]
        entered = asyncio.Event()
        fetch = source.quotes

        async def slow(symbols: Sequence[str]) -> list[Quote]:
            entered.set()
            found = await fetch(symbols)
            await asyncio.sleep(8)
            return found

        source.quotes = slow  # type: ignore[method-assign]
        await stage.until("2025-11-19T10:01")
        entered.clear()
        before = len(source.calls)
        stage.feed.refresh_soon()
        await entered.wait()
        for _ in range(20):
            stage.feed.refresh_soon()
            await asyncio.sleep(0.1)
        await stage.until("2025-11-19T10:05")
        assert len(source.calls) == before + 1, "what came a moment ago is fresh"
        stage.feed.refresh_soon()
        await stage.until("2025-11-19T10:06")
        assert len(source.calls) == before + 2


@scene
async def test_a_person_cannot_break_a_limit() -> None:
    async with Stage("2025-11-19T10:00:00") as stage:
        source = stage.sources["yahoo"]
        await stage.until("2025-11-19T10:01")
        source.fault = lambda _: RateLimited("yahoo", "HTTP 429", 1200)
        stage.feed.refresh_soon()
        await stage.until("2025-11-19T10:02")
        before = len(source.calls)
        for _ in range(30):
            stage.feed.refresh_soon()
            await asyncio.sleep(30)
        assert len(source.calls) == before
        assert stage.feed.health.get("yahoo").next_try == ny("2025-11-19T10:01") + timedelta(seconds=1200)


@scene
async def test_after_a_limit_one_request_goes_first() -> None:
    async with Stage("2025-11-19T10:00:00") as stage:
        source = stage.sources["yahoo"]
        await stage.until("2025-11-19T10:01")
        source.fault = lambda _: RateLimited("yahoo", "HTTP 429", 1200)
        stage.feed.refresh_soon()
        await stage.until("2025-11-19T10:20")
        before = len(source.calls)
        await stage.until("2025-11-19T10:32")
        assert [name for _, _, name in source.calls[before:]] == ["PLPC"], "it failed: nothing more"
        assert stage.feed.tape.quotes["INOD"].source == "cboe", "the number carries the name of who gave it"
        source.fault = lambda _: None
        await stage.until("2025-11-19T10:55")
        names = [name for _, _, name in source.calls[before + 1 :]]
        assert names[:2] == ["PLPC", "INOD"], "one alone, then the rest"


@scene
async def test_waking_from_sleep_refreshes_at_once() -> None:
    async with Stage("2025-11-18T22:00", look_every_s=pace_module.LOOK_EVERY_S) as stage:
        await stage.until("2025-11-18T23:00")
        stage.sources["fred"].calls.clear()
        before = len(stage.sources["yahoo"].calls)
        stage.clock.jump(timedelta(hours=12))
        await asyncio.sleep(5.5)
        assert len(stage.sources["yahoo"].calls) > before
        quote = stage.feed.tape.quotes["PLPC"]
        assert quote.session_date == new_york_date(stage.clock.now())
        assert [source.fresh_starts for source in stage.sources.values()] == [1] * len(stage.sources)


@scene
async def test_a_clock_that_is_set_back_does_not_stop_the_rounds() -> None:
    async with Stage("2025-11-19T11:00", look_every_s=pace_module.LOOK_EVERY_S) as stage:
        stage.sources["cboe"].fault = lambda _: RateLimited("cboe", "HTTP 429", 3600)
        await stage.until("2025-11-19T11:05")
        left = stage.feed.health.get("cboe").next_try
        assert left is not None
        wait = left - stage.clock.now()
        stage.clock.jump(-timedelta(days=1))
        await asyncio.sleep(6)
        before = len(stage.sources["yahoo"].calls)
        await asyncio.sleep(1300)
        assert len(stage.sources["yahoo"].calls) >= before + 2
        again = stage.feed.health.get("cboe").next_try
        assert again is not None
        assert again - stage.clock.now() < wait, "its limit has moved with the clock"


@scene
async def test_a_defect_costs_the_others_nothing_and_comes_out_once() -> None:
    stage = Stage("2025-11-18T22:00")

    def broken(name: str) -> SourceError | None:
        if name == "UNRATE":
            raise ZeroDivisionError("a defect")
        return None

    stage.sources["fred"].fault = broken
    with pytest.raises(ZeroDivisionError):
        await stage.feed.run()
    assert set(stage.feed.tape.bars) == set(stage.feed.wants.bars)
    assert set(stage.feed.tape.series) == set(stage.feed.wants.series) - {"UNRATE"}
    assert asyncio.all_tasks() == {asyncio.current_task()}
    await stage.feed.close()


@scene
async def test_stopping_in_the_middle_of_a_round_leaves_no_task() -> None:
    stage = Stage("2025-11-18T22:00")
    entered, source = asyncio.Event(), stage.sources["fred"]

    async def never(*_: object) -> None:
        entered.set()
        await asyncio.Event().wait()

    source.series = never  # type: ignore[assignment, method-assign]
    async with stage:
        await entered.wait()
    assert asyncio.all_tasks() == {asyncio.current_task()}


@scene
async def test_a_source_that_only_sends_nonsense_has_failed() -> None:
    async with Stage("2025-11-19T10:00") as stage:
        await stage.until("2025-11-19T10:05")
        source = stage.sources["yahoo"]
        source.fault = lambda _: BadPayload("yahoo", "$", "not what it was", b"{}")
        await stage.until("2025-11-19T10:45")
        health = stage.feed.health.get("yahoo")
        assert (health.status, health.detail) == ("failing", "yahoo: $: not what it was")
        assert health.next_try is not None
        assert stage.feed.tape.quotes["PLPC"].source == "cboe"
        assert stage.feed.known().suspects["PLPC"] == "yahoo: $: not what it was"
        source.fault = lambda _: None
        await stage.until("2025-11-19T11:30")
        assert stage.feed.health.get("yahoo").status == "ok"
        assert not stage.feed.known().suspects


@scene
async def test_sources_that_disagree_about_the_close_are_told_of() -> None:
    async with Stage("2025-11-19T15:50") as stage:
        stage.sources["cboe"].price_factor = 1.006
        await stage.until("2025-11-19T16:29")
        assert not stage.feed.known().disputes
        cboe = len(stage.sources["cboe"].calls)
        await stage.until("2025-11-19T17:00")
        dispute = stage.feed.known().disputes["PLPC"]
        assert (dispute.source, dispute.other_source) == ("yahoo", "cboe")
        assert dispute.other_price == pytest.approx(dispute.price * 1.006)
        assert stage.feed.tape.quotes["PLPC"].source == "yahoo", "the order of the config decides"
        assert len(stage.sources["cboe"].during("2025-11-19T16:29", "2025-11-19T18:00")) <= 2
        assert cboe
        stage.sources["cboe"].price_factor = 1.0
        await stage.until("2025-11-20T16:40")
        assert not stage.feed.known().disputes, "they agree again"


@scene
async def test_a_disagreement_is_seen_when_another_source_steps_in() -> None:
    async with Stage("2025-11-19T15:30", quotes_every_s=30) as stage:
        await stage.until("2025-11-19T15:31")
        stage.sources["cboe"].price_factor = 0.97
        stage.sources["yahoo"].fault = lambda _: Unavailable("yahoo", "HTTP 503")
        await stage.until("2025-11-19T15:32")
        assert stage.feed.tape.quotes["PLPC"].source == "cboe"
        assert stage.feed.known().disputes["PLPC"].source == "yahoo"


@scene
async def test_a_close_that_could_not_be_checked_is_checked_when_the_source_is_back() -> None:
    async with Stage("2025-11-19T15:50") as stage:
        await stage.until("2025-11-19T16:20")
        stage.sources["cboe"].price_factor = 1.006
        stage.sources["cboe"].fault = lambda _: Unavailable("cboe", "HTTP 503")
        await stage.until("2025-11-19T17:00")
        assert not stage.feed.known().disputes
        stage.sources["cboe"].fault = lambda _: None
        await stage.until("2025-11-19T17:35")
        assert stage.feed.known().disputes["PLPC"].other_source == "cboe"
        asked = len(stage.sources["cboe"].calls)
        await stage.until("2025-11-19T17:55")
        assert len(stage.sources["cboe"].calls) == asked, "once it has succeeded it is done"


@scene
async def test_a_disagreement_outlives_the_program_and_is_seen_by_who_follows() -> None:
    async with Stage("2025-11-19T15:50") as stage:
        parts = (stage.settings, {}, stage.feed._ledger._store, stage.clock, nyse())
        follower = Feed(*parts)
        following = asyncio.create_task(follower.follow())
        stage.sources["cboe"].price_factor = 1.006
        await stage.until("2025-11-19T17:00")
        known = dict(stage.feed.known().disputes)
        assert "PLPC" in known
        assert Feed(*parts).known().disputes == known
        assert follower.known().disputes == known
        stage.sources["cboe"].price_factor = 1.0
        await stage.until("2025-11-20T16:40")
        assert Feed(*parts).known().disputes == follower.known().disputes == {}
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following


@scene
async def test_days_leave_nothing_behind() -> None:
    async with Stage("2025-11-19T15:30", quotes_every_s=3600) as stage:
        stage.sources["cboe"].fault = lambda name: BadPayload("cboe", "$", "?", b"?") if name == "^VIX" else None
        await stage.until("2025-11-20T23:00")
        size, tasks, threads = _size(stage.feed), len(asyncio.all_tasks()), threading.active_count()
        await stage.until("2025-11-24T23:00")
        assert _size(stage.feed) <= size
        assert len(asyncio.all_tasks()) <= tasks
        assert threading.active_count() <= threads


def _size(feed: Feed) -> int:
    parts = (feed.health, feed._asker, feed._asker.attempts, feed._disputes, feed._ledger, feed._ondemand)
    return sum(len(held) for part in parts for held in vars(part).values() if isinstance(held, dict | set | list))


@scene
async def test_new_names_are_asked_for_at_once_and_old_ones_forgotten() -> None:
    async with Stage("2025-11-19T10:00") as stage:
        await stage.until("2025-11-19T10:02")
        before = len(stage.sources["yahoo"].calls)
        lists = {"ai": WatchlistSettings("AI", ["PLPC", "NVDA"])}
        stage.feed.rewant(replace(stage.settings, watchlists=lists))
        await stage.until("2025-11-19T10:03")
        calls = [(kind, name) for _, kind, name in stage.sources["yahoo"].calls[before:]]
        priced = {name for kind, names in calls if kind == "quotes" for name in names.split(",")}
        assert "NVDA" in priced
        assert "INOD" not in priced
        assert ("bars", "NVDA") in calls
        assert ("bars", "PLPC") not in calls
        assert "INOD" in stage.feed.tape.quotes, "what is known stays"
        assert stage.feed.tape.quotes["NVDA"].source == "yahoo"
