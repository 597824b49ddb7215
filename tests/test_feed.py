"""The feed: whom it asks and in what order, what it leaves alone, what it says, and how it goes on after failures."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace as replace_company
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from rallytui.clock import FrozenClock
from rallytui.config import Settings, WatchlistSettings
from rallytui.config.settings import Risk
from rallytui.feed import pace as pace_module
from rallytui.feed.feed import Feed
from rallytui.macro import CATALOG
from rallytui.model import BadPayload, Facts, Filing, RateLimited, Refused, SourceError, Unavailable
from rallytui.sessions import nyse
from rallytui.store import Store
from tests.facts import bars, day, ny, quarters, quote, series
from tests.fakes import Fake, Script
from tests.memory import memory_store

OPEN, CLOSED = "2025-11-25T11:00", "2025-11-25T21:00"
SMALL = Settings(
    watchlists={"ai": WatchlistSettings("AI", ["PLPC", "INOD"])}, risk=Risk(ai_basket=["SMH"], hyperscalers=["MSFT"])
)
INDEX, PLPC, INOD = ("quotes", "^GSPC"), ("quotes", "PLPC"), ("quotes", "INOD")


class Watched(FrozenClock):
    """A clock that tells when it is looked at: the feed does so before it goes to sleep."""

    def __init__(self, moment: datetime) -> None:
        super().__init__(moment)
        self.looked_at = asyncio.Event()

    def now(self) -> datetime:
        self.looked_at.set()
        return super().now()


class Bench:
    """A feed among fakes, with its clock and its store."""

    def __init__(self, now: str, fakes: list[Fake], store: Store | None = None, settings: Settings = SMALL) -> None:
        self.clock = Watched(ny(now))
        self.store = store or memory_store()
        self.fakes = {fake.name: fake for fake in fakes}
        self.feed = Feed(settings, self.fakes, self.store, self.clock, nyse(), chance=lambda: 0.0)

    @property
    def requests(self) -> int:
        return sum(fake.requests for fake in self.fakes.values())

    def status(self, name: str) -> str:
        return self.feed.health.get(name).status

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait, from look to look at the clock, for something to hold."""
        async with asyncio.timeout(5):
            while not condition():
                self.clock.looked_at.clear()
                await self.clock.looked_at.wait()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Task[None]]:
        task = asyncio.create_task(self.feed.run())
        try:
            yield task
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def prices(at: str = OPEN, **levels: float) -> Script:
    return {("quotes", name.replace("GSPC", "^GSPC")): quote(name, price, at) for name, price in levels.items()} | (
        {INDEX: quote("^GSPC", levels["GSPC"], at)} if "GSPC" in levels else {}
    )


def everything(at: str = CLOSED) -> Script:
    """An answer for all that the small thesis wants, as of the close of 2025-11-25."""
    needed = Feed(SMALL, {}, memory_store(), FrozenClock(ny(at)), nyse()).wants
    close = "2025-11-25T16:00"
    return {
        **{("quotes", name): quote(name, 100, close, at) for name in needed.quotes},
        **{("bars", name): bars(name, {"2025-11-24": 99, "2025-11-25": 100}) for name in needed.bars},
        **{("series", name): series(name, {"2025-09-01": 4.0}, ny(at)) for name in CATALOG},
        **{("companies", name): quarters(name, [1e8], "2025-09-30") for name in needed.companies},
    }


# ---- Whom it asks


async def test_the_next_source_steps_in_when_one_fails() -> None:
    yahoo = Fake("yahoo", {("quotes", "*"): Unavailable("yahoo", "HTTP 503")}, ["quotes"])
    cboe = Fake("cboe", prices(GSPC=6765.88, PLPC=200, INOD=60), ["quotes"])
    bench = Bench(OPEN, [cboe, yahoo])
    await bench.feed.refresh()
    found = {name: one.price for name, one in bench.feed.tape.quotes.items()}
    assert found == {"^GSPC": 6765.88, "PLPC": 200, "INOD": 60}
    assert yahoo.asked[:2] == [PLPC, INOD], "the index goes to Cboe first"
    assert (bench.status("yahoo"), bench.status("cboe")) == ("failing", "ok")
    health = bench.feed.known().health["yahoo"]
    assert (health.failures, health.detail, health.next_try) == (1, "HTTP 503", ny(OPEN) + timedelta(seconds=45))


async def test_the_order_of_the_config_counts() -> None:
    order = replace(SMALL.data.order, index_quotes=["yahoo", "cboe"], stock_quotes=["nasdaq", "yahoo"])
    fakes = [Fake(name, prices(GSPC=1, PLPC=2, INOD=3), ["quotes"]) for name in ("cboe", "yahoo", "nasdaq")]
    bench = Bench(OPEN, fakes, settings=replace(SMALL, data=replace(SMALL.data, order=order)))
    await bench.feed.refresh()
    assert [fake.asked for fake in fakes] == [[], [INDEX], [PLPC, INOD]]


async def test_what_one_batch_lacks_the_next_source_is_asked_for() -> None:
    settings = replace(SMALL, watchlists={"ai": WatchlistSettings("AI", ["PLPC", "INOD", "PATH", "FIVN"])})
    yahoo = Fake("yahoo", prices(PLPC=200, INOD=60), ["quotes"])
    cboe = Fake("cboe", prices(GSPC=6765.88, PATH=14), ["quotes"])
    nasdaq = Fake("nasdaq", prices(FIVN=20), ["quotes"])
    bench = Bench(OPEN, [cboe, yahoo, nasdaq], settings=settings)
    await bench.feed.refresh()
    assert set(bench.feed.tape.quotes) == {"^GSPC", "PLPC", "INOD", "PATH", "FIVN"}
    assert yahoo.requests == 1, "one batch"
    assert [name for _, name in cboe.asked] == ["^GSPC", "PATH", "FIVN"]
    assert [name for _, name in nasdaq.asked] == ["FIVN"]


async def test_history_series_and_filings_go_down_their_own_chains() -> None:
    script = everything()
    without_history = {key: answer for key, answer in script.items() if key[0] != "bars"}
    yahoo = Fake("yahoo", without_history, ["quotes", "bars", "companies"])
    cboe = Fake("cboe", script, ["quotes", "bars"])
    fred = Fake("fred", {key: answer for key, answer in script.items() if key[1] != "DGS2"}, ["series"])
    treasury = Fake("treasury", {("series", "DGS2"): script["series", "DGS2"]}, ["series"])
    bench = Bench(CLOSED, [cboe, yahoo, fred, treasury])
    await bench.feed.refresh()
    tape, needed = bench.feed.tape, bench.feed.wants
    assert set(tape.bars) == set(needed.bars)
    assert set(tape.series) == set(CATALOG)
    assert set(tape.companies) == set(needed.companies) == {"PLPC", "INOD", "PATH", "FIVN", "MSFT"}
    assert yahoo.count("bars", "PLPC") == 1, "stocks' history is asked of Yahoo first"
    assert yahoo.count("bars", "^GSPC") == 0
    assert treasury.asked == [("series", "DGS2")]


async def test_a_source_that_is_switched_off_is_passed_over() -> None:
    cboe = Fake("cboe", prices(GSPC=6765.88, PLPC=200, INOD=60), ["quotes"])
    bench = Bench(OPEN, [cboe])
    await bench.feed.refresh()
    assert len(bench.feed.tape.quotes) == 3


def test_a_source_that_cannot_be_asked_says_why() -> None:
    sec = Fake("sec", {}, [])
    sec.idle, sec.delay_s = "no contact address", 5
    health = Bench(OPEN, [sec]).feed.known().health["sec"]
    assert (health.status, health.detail, health.title, health.host) == (
        *("skipped", "no contact address", "EDGAR", "sec.example.com"),
    )
    assert health.delay_s == 5


# ---- What nobody knows


async def test_an_unknown_symbol_is_asked_for_once() -> None:
    fakes = [Fake("cboe", prices(GSPC=1), ["quotes"]), Fake("yahoo", prices(INOD=2), ["quotes"])]
    bench = Bench(OPEN, fakes, settings=replace(SMALL, watchlists={"ai": WatchlistSettings("AI", ["PLPC"])}))
    for _ in range(3):
        await bench.feed.refresh()
    assert [fake.count(*PLPC) for fake in fakes] == [1, 1]
    assert all(bench.status(fake.name) != "failing" for fake in fakes), "that is no failure of the source"


async def test_every_unknown_symbol_of_a_batch_is_remembered_before_long() -> None:
    cboe = Fake("cboe", prices(GSPC=1), ["quotes"])
    bench = Bench(OPEN, [cboe])
    for _ in range(5):
        await bench.feed.refresh()
    assert cboe.count(*INDEX) == 5
    assert cboe.count(*PLPC) <= 2
    assert cboe.count(*INOD) <= 2


async def test_a_source_without_history_of_a_symbol_still_gives_its_price() -> None:
    cboe = Fake("cboe", {INDEX: quote("^GSPC", 6765.88, OPEN)}, ["quotes", "bars"])
    bench = Bench(OPEN, [cboe])
    for _ in range(3):
        await bench.feed.refresh()
    assert cboe.count("bars", "^GSPC") == 1
    assert cboe.count(*INDEX) == 3


async def test_a_name_is_unknown_when_its_source_says_so_on_two_days() -> None:
    """Then it is asked for again after a week, also by another run; a person who asks is believed at once."""
    cboe, store = Fake("cboe", {}, ["bars"]), memory_store()
    bench = Bench(OPEN, [cboe], store)
    counts = []
    for hours in (0, 2, 22, 24, 5 * 24, 48):
        bench.clock.advance(3600 * hours)
        await bench.feed.refresh()
        counts.append(cboe.count("bars", "^GSPC"))
    assert counts == [1, 1, 2, 2, 2, 3]
    again = Bench("2025-12-05T11:00", [cboe], store)
    await again.feed.refresh()
    assert cboe.count("bars", "^GSPC") == 3, "it is remembered between runs"
    again.feed.refresh_soon()
    await again.feed.refresh()
    assert cboe.count("bars", "^GSPC") == 4
    assert ("cboe", "before bars ^GSPC") not in store.unknown_symbols(), "it has been said once again"


# ---- Failures


async def test_a_limit_is_kept_even_when_a_person_asks() -> None:
    cboe = Fake("cboe", {INDEX: RateLimited("cboe", "HTTP 429", 120)}, ["quotes"])
    bench = Bench(OPEN, [cboe])
    await bench.feed.refresh()
    assert bench.feed.known().health["cboe"].next_try == ny(OPEN) + timedelta(seconds=120)
    cboe.script = prices(GSPC=6765.88, PLPC=1, INOD=1)
    bench.clock.advance(119)
    bench.feed.refresh_soon()
    await bench.feed.refresh()
    assert cboe.requests == 1
    bench.clock.advance(1)
    await bench.feed.refresh()
    assert bench.feed.tape.quotes["^GSPC"].price == 6765.88
    assert bench.status("cboe") == "ok"


@pytest.mark.parametrize(
    "error", [Unavailable("cboe", "no route"), Refused("cboe", "HTTP 403"), RateLimited("cboe", "x")]
)
async def test_waits_double_up_to_a_quarter_of_an_hour(error: SourceError) -> None:
    cboe = Fake("cboe", {INDEX: error, ("quotes", "*"): error}, ["quotes"])
    bench, waits = Bench(OPEN, [cboe]), []
    for _ in range(7):
        await bench.feed.refresh()
        health = bench.feed.known().health["cboe"]
        assert health.next_try is not None
        waits.append((health.next_try - bench.clock.now()).total_seconds())
        bench.clock.advance(waits[-1])
    assert waits == [45, 90, 180, 360, 720, 900, 900]
    assert bench.feed.known().health["cboe"].failures == 7


async def test_a_person_who_asks_does_not_wait_out_our_own_pause() -> None:
    cboe = Fake("cboe", {INDEX: Unavailable("cboe", "no route")}, ["quotes"])
    bench = Bench(OPEN, [cboe])
    await bench.feed.refresh()
    await bench.feed.refresh()
    assert cboe.count(*INDEX) == 1
    bench.feed.refresh_soon()
    await bench.feed.refresh()
    assert cboe.count(*INDEX) == 2


async def test_one_bad_answer_does_not_stop_the_source(caplog: pytest.LogCaptureFixture) -> None:
    script: Script = {("bars", "PLPC"): bars("PLPC", {"2025-11-24": 1}), INDEX: quote("^GSPC", 1, OPEN)}
    script["bars", "^GSPC"] = BadPayload("cboe", "$.close", "not a number")
    cboe = Fake("cboe", script, ["quotes", "bars"])
    yahoo = Fake("yahoo", {("bars", "^GSPC"): bars("^GSPC", {"2025-11-24": 6705.12})}, ["bars"])
    bench = Bench(OPEN, [cboe, yahoo])
    with caplog.at_level(logging.INFO, "rallytui"):
        await bench.feed.refresh()
        assert bench.feed.tape.bars["^GSPC"].frame["close"].tolist() == [6705.12], "the next source's"
        assert bench.feed.tape.bars["PLPC"].source == "cboe"
        assert bench.status("cboe") == "ok"
        assert bench.feed.known().suspects == {"^GSPC": "cboe: $.close: not a number"}
        await ask_for_bars_again(bench)
        cboe.script["bars", "^GSPC"] = bars("^GSPC", {"2025-11-24": 6705.12})
        await ask_for_bars_again(bench)
    lines = [record.getMessage() for record in caplog.records if "^GSPC" in record.getMessage()]
    assert lines == ["bars of ^GSPC: cboe: $.close: not a number", "bars of ^GSPC: cboe makes sense again"]
    assert not bench.feed.known().suspects


async def test_one_bad_price_of_a_batch_is_left_out_and_told() -> None:
    bad = {INOD: BadPayload("yahoo", "$.INOD.close", "a price of -3")}
    bench = Bench(OPEN, [Fake("yahoo", prices(PLPC=200) | bad, ["quotes"]), Fake("cboe", prices(GSPC=1), ["quotes"])])
    await bench.feed.refresh()
    assert set(bench.feed.tape.quotes) == {"^GSPC", "PLPC"}
    assert bench.feed.known().suspects == {"INOD": "yahoo: $.INOD.close: a price of -3"}
    assert bench.status("yahoo") == "ok"
    bench.fakes["yahoo"].script[INOD] = quote("INOD", 60, OPEN)
    await bench.feed.refresh()
    assert bench.feed.tape.quotes["INOD"].price == 60
    assert not bench.feed.known().suspects


async def ask_for_bars_again(bench: Bench) -> None:
    bench.clock.advance(86_400)
    await bench.feed.refresh()


async def test_the_log_has_one_line_on_failing_and_one_on_recovering(caplog: pytest.LogCaptureFixture) -> None:
    cboe = Fake("cboe", {INDEX: Unavailable("cboe", "HTTP 503")}, ["quotes"])
    bench = Bench(OPEN, [cboe])
    with caplog.at_level(logging.INFO, "rallytui"):
        for _ in range(4):
            await bench.feed.refresh()
            bench.clock.advance(900)
        cboe.script[INDEX] = lambda: quote("^GSPC", 6765.88, OPEN)
        for _ in range(2):
            await bench.feed.refresh()
    lines = [(record.levelname, record.getMessage()) for record in caplog.records if "cboe" in record.getMessage()]
    assert lines == [("WARNING", "cboe fails: HTTP 503"), ("INFO", "cboe is back after 4 failed requests")]


async def test_requests_that_fail_together_count_once() -> None:
    fred = Fake("fred", {("series", name): Unavailable("fred", "no route") for name in CATALOG}, ["series"])
    bench = Bench(OPEN, [fred])
    await bench.feed.refresh()
    assert bench.feed.known().health["fred"].failures == 1


async def test_what_failed_keeps_its_last_value() -> None:
    cboe = Fake("cboe", prices(GSPC=6765.88, PLPC=1, INOD=1), ["quotes"])
    bench = Bench(OPEN, [cboe])
    await bench.feed.refresh()
    cboe.script = {INDEX: Unavailable("cboe", "no route")}
    bench.clock.advance(60)
    await bench.feed.refresh()
    assert bench.feed.tape.quotes["^GSPC"].price == 6765.88


async def test_a_defect_in_a_provider_comes_out_of_run() -> None:
    for kind in ("quotes", "bars", "series", "companies"):
        broken = Fake("cboe", {(kind, name): ZeroDivisionError("a defect") for name in ("^GSPC", "DGS2", "PLPC")})
        order = replace(SMALL.data.order, series=["cboe"], companies=["cboe"])
        bench = Bench(OPEN, [broken], settings=replace(SMALL, data=replace(SMALL.data, order=order)))
        with pytest.raises(ZeroDivisionError):
            await asyncio.wait_for(bench.feed.run(), 5)


# ---- What is not asked for


async def test_nothing_is_asked_for_that_is_fresh() -> None:
    script = everything()
    fakes = [Fake(name, script) for name in ("cboe", "yahoo", "fred", "sec")]
    bench = Bench(CLOSED, fakes)
    await bench.feed.refresh()
    first = bench.requests
    needed = bench.feed.wants
    assert sum(len(fake.asked) for fake in fakes) == sum(
        len(names) for names in (needed.quotes, needed.quotes, needed.bars, needed.series, needed.companies)
    ), "each name once, and once more each price of the close of a second source"
    await bench.feed.refresh()
    bench.clock.advance(3600)
    await bench.feed.refresh()
    assert bench.requests == first


async def test_series_are_asked_for_every_six_hours_and_filings_every_day() -> None:
    script = everything()
    fake = Fake("fred", script)
    prices_of_nobody = {key: [] for key in ("index_quotes", "stock_quotes", "index_bars", "stock_bars")}
    order = replace(SMALL.data.order, companies=["fred"], **prices_of_nobody)
    bench = Bench(CLOSED, [fake], settings=replace(SMALL, data=replace(SMALL.data, order=order)))
    for _ in range(5):
        await bench.feed.refresh()
        bench.clock.advance(6 * 3600)
    assert fake.count("series", "DGS2") == 5
    assert fake.count("companies", "PLPC") == 2


async def test_quotes_come_first() -> None:
    order: list[str] = []
    fakes = [Fake(name, {}) for name in ("cboe", "yahoo", "fred")]
    for fake in fakes:
        fake.script = {key: noting(order, key[0], value) for key, value in everything().items()}
    await Bench(CLOSED, fakes).feed.refresh()
    assert order[:3] == ["quotes"] * 3
    assert order[-3:] == ["quotes"] * 3, "the closing prices are checked at the end"
    assert "quotes" not in order[3:-3]


def noting(order: list[str], kind: str, value: Any) -> Callable[[], Any]:
    def answer() -> Any:
        order.append(kind)
        return value

    return answer


# ---- Round after round


@pytest.mark.parametrize(
    ("now", "coming"),
    [
        ("2025-11-25T08:00", "2025-11-25T08:05"),
        ("2025-11-25T11:00", "2025-11-25T11:01"),
        ("2025-11-25T17:00", "2025-11-25T17:05"),
        ("2025-11-25T23:00", "2025-11-26T04:00"),
        ("2025-11-25T21:00", "2025-11-26T03:00"),
    ],
)
async def test_the_next_round_is_when_something_can_have_changed(now: str, coming: str) -> None:
    at = ny(now)
    script = everything()
    if "T2" not in now:
        script |= prices(now, GSPC=1, PLPC=1, INOD=1)
    script |= {key: bars(key[1], {f"{nyse().last_final(at)}": 1}) for key in script if key[0] == "bars"}
    bench = Bench(now, [Fake(name, script) for name in ("cboe", "yahoo", "fred")])
    async with bench.running():
        await bench.until(lambda: bench.feed.next_round)
    assert bench.feed.next_round == ny(coming), "and every six hours for the macro series"


async def test_what_a_failing_source_owes_is_asked_for_when_it_may_be_tried_again() -> None:
    fred = Fake("fred", {("series", name): Unavailable("fred", "no route") for name in CATALOG}, ["series"])
    others = [Fake(name, everything(), ["quotes", "bars", "companies"]) for name in ("cboe", "yahoo")]
    bench = Bench(CLOSED, [fred, *others])
    async with bench.running():
        await bench.until(lambda: bench.feed.next_round)
    assert bench.feed.next_round == ny(CLOSED) + timedelta(seconds=45)


async def test_a_person_who_asks_wakes_it() -> None:
    cboe = Fake("cboe", prices(GSPC=1, PLPC=1, INOD=1), ["quotes"])
    bench = Bench(OPEN, [cboe])
    async with bench.running():
        await bench.until(lambda: bench.feed.next_round)
        assert cboe.count(*INDEX) == 1
        bench.clock.advance(10)
        bench.feed.refresh_soon()
        await bench.until(lambda: cboe.count(*INDEX) == 2)
        assert cboe.retries == 1, "its own pause is over too"


async def test_a_clock_that_jumped_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace_module, "LOOK_EVERY_S", 0.001)
    cboe = Fake("cboe", prices(GSPC=1, PLPC=1, INOD=1), ["quotes"])
    bench = Bench(OPEN, [cboe])
    async with bench.running():
        await bench.until(lambda: bench.feed.next_round)
        bench.clock.advance(3600)
        await bench.until(lambda: cboe.count(*INDEX) == 2)


async def test_it_stops_cleanly_in_the_middle_of_a_request() -> None:
    asked, never = asyncio.Event(), asyncio.Event()

    class Slow(Fake):
        async def quotes(self, symbols: Any) -> Any:
            asked.set()
            await never.wait()

    bench = Bench(OPEN, [Slow("cboe", {}, ["quotes"])])
    task = asyncio.create_task(bench.feed.run())
    await asyncio.wait_for(asked.wait(), 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert asyncio.all_tasks() == {asyncio.current_task()}
    await bench.feed.close()
    assert bench.fakes["cboe"].closed


# ---- The store


async def test_the_store_gets_what_changed_and_a_restart_reads_it_back() -> None:
    store, script = memory_store(), everything()
    bench = Bench(CLOSED, [Fake(name, script) for name in ("cboe", "yahoo", "fred")], store)
    await bench.feed.refresh()
    again = Bench(CLOSED, [Fake(name, script) for name in ("cboe", "yahoo", "fred")], store)
    before, after = bench.feed.tape, again.feed.tape
    assert after.quotes == before.quotes
    assert set(after.bars) == set(before.bars)
    assert after.bars["PLPC"].frame.equals(before.bars["PLPC"].frame)
    assert after.series["DGS2"].frame["value"].tolist() == before.series["DGS2"].frame["value"].tolist()
    assert after.companies["PLPC"].facts == before.companies["PLPC"].facts
    await again.feed.refresh()
    assert again.requests == 0, "a restart asks for nothing that is fresh"


async def test_the_store_is_left_alone_when_nothing_changed() -> None:
    saved: list[Facts] = []
    store = memory_store()
    script = prices(GSPC=1, PLPC=1, INOD=1) | {("bars", "PLPC"): bars("PLPC", {"2025-11-24": 1})}
    bench = Bench(OPEN, [Fake("cboe", script)], store)
    await bench.feed.refresh()
    bench.store.save = lambda facts, fetched=None: saved.append(facts)  # type: ignore[method-assign]
    bench.clock.advance(3600)
    await bench.feed.refresh()
    assert [facts for facts in saved if facts.bars or facts.series or facts.companies] == []
    bench.fakes["cboe"].script["quotes", "PLPC"] = quote("PLPC", 2, "2025-11-25T12:01")
    await bench.feed.refresh()
    assert [one.symbol for one in saved[-1].quotes if one.price == 2] == ["PLPC"]


async def test_a_limit_outlives_the_run() -> None:
    store, cboe = memory_store(), Fake("cboe", {INDEX: RateLimited("cboe", "HTTP 429", 3600)}, ["quotes"])
    first = Bench(OPEN, [cboe], store)
    async with first.running():
        await first.until(lambda: first.feed.next_round)
    again = Bench("2025-11-25T11:30", [cboe], store)
    assert again.status("cboe") == "failing"
    again.feed.refresh_soon()
    await again.feed.refresh()
    assert cboe.requests == 1
    again.clock.advance(1800)
    cboe.script = prices(GSPC=1, PLPC=1, INOD=1)
    await again.feed.refresh()
    assert again.status("cboe") == "ok"


async def test_a_wait_ends_with_the_address_that_it_was_for() -> None:
    store, cboe = memory_store(), Fake("cboe", {INDEX: Unavailable("cboe", "HTTP 503")}, ["quotes"])
    first = Bench(OPEN, [cboe], store)
    async with first.running():
        await first.until(lambda: first.feed.next_round)
    same = Bench(OPEN, [cboe], store)
    assert (same.status("cboe"), same.feed.health.get("cboe").limited) == ("failing", False)
    cboe.address = "http://localhost:8080"
    assert Bench(OPEN, [cboe], store).status("cboe") == "untried"


async def test_a_short_limit_of_the_source_is_still_one_after_a_restart() -> None:
    store, cboe = memory_store(), Fake("cboe", {INDEX: RateLimited("cboe", "HTTP 429", 300)}, ["quotes"])
    first = Bench(OPEN, [cboe], store)
    async with first.running():
        await first.until(lambda: first.feed.next_round)
    again = Bench(OPEN, [cboe], store)
    again.feed.refresh_soon()
    await again.feed.refresh()
    assert cboe.requests == 1


# ---- Vintages


async def test_revised_series_are_fetched_as_they_were() -> None:
    then = ny("2025-12-20T12:00").date()
    fred = Fake("fred", {}, ["series"])
    for name in CATALOG:
        fred.script["vintage", name] = series(name, {"2025-09-01": 4.4}, vintage=then)
    bench = Bench("2026-07-23T21:00", [fred])
    await bench.feed.vintages(then)
    asked = {name for kind, name in fred.asked if kind == "vintage"}
    assert asked == {name for name, entry in CATALOG.items() if entry.revised}
    assert set(bench.feed.tape.vintages) == {(name, then) for name in asked}
    await bench.feed.vintages(then)
    assert len(fred.asked) == len(asked), "once"


async def test_a_vintage_that_does_not_exist_costs_the_series_nothing() -> None:
    fred = Fake("fred", {("series", "UNRATE"): series("UNRATE", {"2025-09-01": 4.3})}, ["series"])
    bench = Bench("2026-07-23T21:00", [fred])
    await bench.feed.vintages(ny("1996-01-01T12:00").date())
    await bench.feed.refresh()
    assert "UNRATE" in bench.feed.tape.series


async def test_the_next_source_is_asked_for_the_session_that_the_first_ones_history_lacks() -> None:
    """METHODOLOGY G.1; the next evening the first source has it, and its own row is taken again."""
    kept = {"2025-11-21": 6602.99, "2025-11-24": 6705.12}
    second = bars("^GSPC", {"2025-11-24": 6705.12, "2025-11-25": 6765.88}, "yahoo")
    cboe = Fake("cboe", {("bars", "^GSPC"): bars("^GSPC", kept)}, ["bars"])
    yahoo = Fake("yahoo", {("bars", "^GSPC"): second}, ["bars"])
    bench = Bench(CLOSED, [cboe, yahoo])
    await bench.feed.refresh()
    found = bench.feed.tape.bars["^GSPC"]
    assert found.source == "cboe + yahoo"
    assert found.frame["close"].tolist() == [6602.99, 6705.12, 6765.88]
    bench.clock.advance(86_400)
    cboe.script["bars", "^GSPC"] = bars("^GSPC", {**kept, "2025-11-25": 6765.88, "2025-11-26": 6812.61})
    await bench.feed.refresh()
    assert bench.feed.tape.bars["^GSPC"].source == "cboe"
    assert yahoo.count("bars", "^GSPC") == 1, "the first source has what is due"


@pytest.mark.parametrize("other", [{"2025-11-24": 670.5, "2025-11-25": 676.6}, {"2025-11-25": 6765.88}])
async def test_a_history_that_cannot_be_compared_adds_nothing(other: dict[str, float]) -> None:
    cboe = Fake("cboe", {("bars", "^GSPC"): bars("^GSPC", {"2025-11-21": 6602.99, "2025-11-24": 6705.12})}, ["bars"])
    yahoo = Fake("yahoo", {("bars", "^GSPC"): bars("^GSPC", other, "yahoo")}, ["bars"])
    bench = Bench(CLOSED, [cboe, yahoo])
    await bench.feed.refresh()
    found = bench.feed.tape.bars["^GSPC"]
    assert (found.source, found.last_day) == ("cboe", day("2025-11-24"))


async def test_after_a_split_the_bars_are_asked_for_again_at_once() -> None:
    """The source's own previous close is on another basis than the bars that were fetched an hour ago (G.4)."""
    days = {"2025-11-21": 1980.0, "2025-11-24": 2000.0}
    yahoo = Fake(
        "yahoo",
        {
            PLPC: quote("PLPC", 2000.0, "2025-11-24T16:00", source="yahoo"),
            ("bars", "PLPC"): bars("PLPC", days, "yahoo"),
        },
        ["quotes", "bars"],
    )
    bench = Bench("2025-11-25T09:00", [yahoo])
    await bench.feed.refresh()
    bench.clock.advance(7200)
    yahoo.script[PLPC] = quote("PLPC", 100.3, OPEN, source="yahoo", prev_close=100.0)
    await bench.feed.refresh()
    assert yahoo.count("bars", "PLPC") == 2
    assert bench.feed.tape.bars["PLPC"].last_close == 2000.0, "the source does not have them yet"
    bench.clock.advance(60)
    await bench.feed.refresh()
    assert yahoo.count("bars", "PLPC") == 2, "it is given half an hour"
    bench.clock.advance(1800)
    yahoo.script["bars", "PLPC"] = bars("PLPC", {day: close / 20 for day, close in days.items()}, "yahoo")
    await bench.feed.refresh()
    assert bench.feed.tape.bars["PLPC"].frame["close"].tolist() == [99.0, 100.0]
    bench.clock.advance(3600)
    await bench.feed.refresh()
    assert yahoo.count("bars", "PLPC") == 3


async def test_an_answer_without_figures_is_not_the_last_word() -> None:
    """EDGAR lists the filings and has no revenue that can be read: the next source is asked for it (G.5)."""
    paper = Filing("10-Q", day("2025-11-04"), day("2025-09-30"), None, "1", "")
    bare = replace_company(quarters("PLPC", []), filings=(paper,), name="Preformed")
    known = quarters("PLPC", [1e8] * 6, "2025-09-30", "yahoo")
    sec = Fake("sec", {("companies", "PLPC"): bare}, ["companies"])
    yahoo = Fake("yahoo", {("companies", "PLPC"): known}, ["companies"])
    bench = Bench(OPEN, [sec, yahoo])
    await bench.feed.refresh()
    found = bench.feed.tape.companies["PLPC"]
    assert (found.facts, found.filings, found.source, found.name) == (known.facts, (paper,), "yahoo", "Preformed")
    assert (sec.count("companies", "PLPC"), yahoo.count("companies", "PLPC")) == (1, 1)


async def test_an_answer_with_figures_is() -> None:
    sec = Fake("sec", {("companies", "PLPC"): quarters("PLPC", [1e8] * 6, "2025-09-30")}, ["companies"])
    yahoo = Fake("yahoo", {}, ["companies"])
    bench = Bench(OPEN, [sec, yahoo])
    await bench.feed.refresh()
    assert yahoo.count("companies", "PLPC") == 0


async def test_an_index_that_shares_are_compared_with_comes_from_its_fresher_source() -> None:
    """Cboe's index is a quarter of an hour old, the shares are of now: Yahoo's index, too (METHODOLOGY G.6)."""
    cboe = Fake("cboe", {INDEX: quote("^GSPC", 6760.0, "2025-11-25T10:45", OPEN, delay_s=900)}, ["quotes"])
    cboe.delay_s = 900
    fresh = {INDEX: quote("^GSPC", 6765.88, OPEN, source="yahoo"), PLPC: quote("PLPC", 200.0, OPEN, source="yahoo")}
    yahoo = Fake("yahoo", fresh, ["quotes"])
    bench = Bench(OPEN, [cboe, yahoo])
    await bench.feed.refresh()
    assert bench.feed.tape.quotes["^GSPC"].source == "yahoo"
    assert (cboe.count(*INDEX), yahoo.count(*INDEX)) == (1, 1)
    bench.clock.advance(5.5 * 3600)
    await bench.feed.refresh()
    assert yahoo.count(*INDEX) == 1, "only while the session runs"
