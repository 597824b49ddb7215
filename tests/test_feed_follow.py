"""A second process follows the store of the one that asks; what a person asks for beside the rounds."""

from __future__ import annotations

import asyncio
import dataclasses
from contextlib import suppress
from pathlib import Path

import pytest

from rallytui.feed import follow as follow_module
from rallytui.feed.feed import Feed
from rallytui.model import BadPayload, Facts, Intraday, Match, RateLimited, SourceError, Unavailable
from rallytui.sessions import nyse
from rallytui.store import open_store
from rallytui.tape import Tape
from tests.facts import bars, day, frame, ny, quote, series
from tests.fakes import Fake
from tests.memory import memory_store
from tests.test_feed import CLOSED, INDEX, OPEN, SMALL, Bench, everything, prices
from tests.virtual import LoopClock, play


def same(one: Tape, other: Tape) -> bool:
    """Whether two tapes know the same."""
    return (
        one.quotes == other.quotes
        and one.bars.keys() == other.bars.keys()
        and all(one.bars[name].frame.equals(other.bars[name].frame) for name in one.bars)
        and one.series.keys() == other.series.keys()
        and all(one.series[name].frame.equals(other.series[name].frame) for name in one.series)
        and {name: found.facts for name, found in one.companies.items()}
        == {name: found.facts for name, found in other.companies.items()}
    )


def test_a_follower_has_the_same_tape_within_two_seconds(tmp_path: Path) -> None:
    async def scene() -> None:
        clock, path = LoopClock(ny(CLOSED)), tmp_path / "rallytui.db"
        stores = [open_store(path), open_store(path)]
        fakes = {name: Fake(name, everything()) for name in ("cboe", "yahoo", "fred")}
        idle = {name: Fake(name, {}) for name in ("cboe", "yahoo", "fred")}
        leader = Feed(SMALL, fakes, stores[0], clock, nyse())
        follower = Feed(SMALL, idle, stores[1], clock, nyse())
        changes: list[float] = []
        follower.on_change = lambda: changes.append(clock.monotonic())
        following = asyncio.create_task(follower.follow())
        await asyncio.sleep(3)
        assert not changes, "nothing came"
        assert follower.answered.is_set(), "what the leader has is here"
        assert not leader.answered.is_set()
        await leader.refresh()
        assert leader.answered.is_set()
        await asyncio.sleep(2)
        assert same(leader.tape, follower.tape)
        assert follower.tape.quotes
        assert follower.known().health["cboe"].status == "ok", "the health is the leader's"
        kept = follower.tape.bars["PLPC"], len(changes)
        fakes["cboe"].script[INDEX] = Unavailable("cboe", "HTTP 503")
        news = series("DGS2", {"2025-09-01": 4.0, "2025-11-24": 4.1}, ny(CLOSED))
        stores[0].save(Facts(quotes=(quote("PLPC", 210, CLOSED),), series=(news,)))
        await asyncio.sleep(2)
        assert follower.tape.quotes["PLPC"].price == 210
        assert len(follower.tape.series["DGS2"].frame) == 2
        assert follower.tape.bars["PLPC"] is kept[0], "what did not change stays the same object"
        assert len(changes) == kept[1] + 1
        assert not [fake for fake in idle.values() if fake.asked], "a follower asks nobody"
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
        for store in stores:
            store.close()

    assert follow_module.LOOK_EVERY_S <= 1
    play(scene())


def test_who_takes_over_asks_for_nothing_that_the_other_has_just_fetched(tmp_path: Path) -> None:
    async def scene() -> None:
        clock, path = LoopClock(ny(CLOSED)), tmp_path / "rallytui.db"
        stores = [open_store(path), open_store(path)]
        fakes = [{name: Fake(name, everything()) for name in ("cboe", "yahoo", "fred")} for _ in stores]
        feeds = [Feed(SMALL, own, store, clock, nyse()) for own, store in zip(fakes, stores, strict=True)]
        following = asyncio.create_task(feeds[1].follow())
        await feeds[0].refresh()
        await asyncio.sleep(2)
        following.cancel()
        running = asyncio.create_task(feeds[1].run())
        await asyncio.sleep(10)
        running.cancel()
        await asyncio.gather(following, running, return_exceptions=True)
        assert not [fake.asked for fake in fakes[1].values() if fake.asked]
        for store in stores:
            store.close()

    play(scene())


# ---- A refused answer


async def test_a_refused_answer_leaves_the_last_value_and_is_kept_once() -> None:
    bad = BadPayload("cboe", "$.data.current_price", "a price of -3", b'{"current_price": -3}')
    cboe = Fake("cboe", prices(GSPC=6765.88, PLPC=200, INOD=60), ["quotes"])
    bench = Bench(OPEN, [cboe])
    await bench.feed.refresh()
    cboe.script[INDEX] = bad
    for _ in range(3):
        bench.clock.advance(60)
        await bench.feed.refresh()
    assert bench.feed.tape.quotes["^GSPC"].price == 6765.88
    assert bench.feed.known().suspects["^GSPC"] == str(bad)
    (kept,) = bench.store.refused()
    assert (kept.provider, kept.kind, kept.name, kept.payload) == ("cboe", "quotes", "^GSPC", bad.payload)
    assert kept.reason == str(bad)


# ---- On demand


class Finder(Fake):
    """Can search and has candles."""

    async def search(self, text: str) -> list[Match]:
        found: list[Match] = self.answer("search", text)
        return found

    async def intraday(self, symbol: str) -> Intraday:
        found: Intraday = self.answer("intraday", symbol)
        return found


NVDA = Match("NVDA", "NVIDIA Corporation", "stock", "NASDAQ")


async def test_a_search_answers_or_says_why_not() -> None:
    yahoo = Finder("yahoo", {("search", "nvid"): [NVDA]}, ["search"])
    bench = Bench(OPEN, [yahoo])
    assert await bench.feed.search("nvid") == [NVDA]
    yahoo.script["search", "nvid"] = Unavailable("yahoo", "Yahoo cannot be reached: its name cannot be resolved")
    with pytest.raises(SourceError, match="cannot be reached"):
        await bench.feed.search("nvid")
    with pytest.raises(SourceError, match="Yahoo can be asked again in 45 s: Yahoo cannot be reached"):
        await bench.feed.search("nvid")
    assert yahoo.count("search", "nvid") == 2, "it is left alone"
    assert bench.status("yahoo") == "failing"


async def test_a_search_keeps_to_a_limit_and_nobody_to_ask_is_said() -> None:
    yahoo = Finder("yahoo", {("search", "nvid"): RateLimited("yahoo", "HTTP 429", 1200)}, ["search"])
    bench = Bench(OPEN, [yahoo])
    for _ in range(3):
        with pytest.raises(SourceError):
            await bench.feed.search("nvid")
        bench.feed.refresh_soon()
    assert yahoo.count("search", "nvid") == 1
    with pytest.raises(SourceError, match="no source that can search is enabled"):
        await Bench(OPEN, []).feed.search("nvid")


def candles(symbol: str, at: str) -> Intraday:
    return Intraday(symbol, frame([day("2025-11-25")], [100.0]).drop(columns="adj_close"), "yahoo", ny(at))


@pytest.mark.parametrize(("begins", "requests"), [("2025-11-25T11:00", 11), ("2025-11-25T21:00", 1)])
def test_candles_are_kept_current_while_a_page_is_open(begins: str, requests: int) -> None:
    async def scene() -> None:
        yahoo = Finder("yahoo", {("intraday", name): candles(name, begins) for name in ("PLPC", "INOD")}, ["intraday"])
        bench = Bench(begins, [])
        clock = LoopClock(ny(begins))
        feed = Feed(SMALL, {"yahoo": yahoo}, bench.store, clock, nyse())
        feed.watch_intraday("PLPC")
        await asyncio.sleep(601)
        assert feed.tape.intraday["PLPC"].source == "yahoo"
        assert yahoo.count("intraday", "PLPC") == requests
        feed.watch_intraday("INOD")
        await asyncio.sleep(1)
        assert yahoo.count("intraday", "INOD") == 1
        feed.watch_intraday(None)
        await asyncio.sleep(601)
        assert len(yahoo.asked) == requests + 1, "nobody looks"
        feed.watch_intraday("PLPC")
        await feed.close()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    play(scene())


async def test_history_from_long_ago_is_fetched_once() -> None:
    short = {"2019-11-25": 99.0, "2025-11-25": 100.0}
    script = {key: answer for key, answer in everything().items() if key[0] == "bars"}
    cboe = Fake("cboe", script, ["bars"])
    bench = Bench(CLOSED, [cboe])
    await bench.feed.refresh()
    for key in script:
        cboe.script[key] = bars(key[1], {"2008-01-02": 50.0} | short)
    cboe.script["bars", "PLPC"] = bars("PLPC", short)
    before = len(cboe.asked)
    assert await bench.feed.reach_back(day("2010-06-01")) == ["PLPC"], "nobody has it"
    assert len(cboe.asked) == before + len(bench.feed.wants.bars)
    assert bench.feed.tape.bars["^GSPC"].frame.index[0].date() == day("2008-01-02")
    assert await bench.feed.reach_back(day("2010-06-02")) == ["PLPC"]
    assert len(cboe.asked) == before + len(bench.feed.wants.bars), "once a symbol"
    assert bench.feed.tape.bars["^GSPC"].frame["close"].iloc[-1] == 100.0
    feed = bench.feed
    feed._ledger.tape = dataclasses.replace(feed.tape, bars={**feed.tape.bars, "^GSPC": bars("^GSPC", short)})
    before = len(cboe.asked)
    await feed.reach_back(day("2010-06-01"))
    assert cboe.asked[before:] == [("bars", "^GSPC")], "what was lost to a shorter history is fetched again"


def test_a_defect_ends_the_candles_of_one_page_until_it_is_opened_again() -> None:
    async def scene() -> None:
        yahoo = Finder("yahoo", {("intraday", "PLPC"): ZeroDivisionError("a defect")}, ["intraday"])
        feed = Feed(SMALL, {"yahoo": yahoo}, memory_store(), LoopClock(ny(OPEN)), nyse())
        feed.watch_intraday("PLPC")
        await asyncio.sleep(600)
        assert yahoo.count("intraday", "PLPC") == 1
        yahoo.script["intraday", "PLPC"] = candles("PLPC", OPEN)
        feed.watch_intraday("PLPC")
        await asyncio.sleep(1)
        assert feed.tape.intraday["PLPC"].source == "yahoo"
        await feed.close()

    play(scene())
