"""The feed's books at their bounds: what was asked in vain, what made no sense, which prices contradict each other."""

from __future__ import annotations

from dataclasses import replace as changed
from datetime import timedelta

import pytest
from msgspec.structs import replace

from rallytui.clock import FrozenClock
from rallytui.feed.attempts import Attempts
from rallytui.feed.crosscheck import Disputes, differ
from rallytui.feed.feed import Feed
from rallytui.feed.health import HealthBook
from rallytui.feed.ledger import Ledger
from rallytui.feed.outcome import news
from rallytui.model import BadPayload, Facts, Quote, Unavailable
from rallytui.sessions import nyse
from rallytui.tape import Dispute, Tape
from tests.facts import bars, day, ny, quarters, quote, series
from tests.fakes import Fake
from tests.memory import memory_store
from tests.test_feed import CLOSED, OPEN, SMALL, Bench, everything, prices

CLOSE = "2025-11-25T16:00"


def test_what_was_asked_in_vain_rests_longer_every_time() -> None:
    attempts, now = Attempts(), ny(OPEN)
    assert attempts.rested("bars", "PLPC", now)
    for hours in (0.5, 1, 2, 4, 4):
        attempts.vain("bars", "PLPC", now)
        again = now + timedelta(hours=hours)
        assert attempts.again_at("bars", "PLPC") == again
        assert not attempts.rested("bars", "PLPC", again - timedelta(seconds=1))
        assert attempts.rested("bars", "PLPC", again)
    assert attempts.rested("quotes", "PLPC", now), "another kind was not asked for in vain"
    attempts.done("bars", "PLPC")
    assert attempts.rested("bars", "PLPC", now)


def test_the_third_answer_without_sense_in_a_row_is_a_failure() -> None:
    book, error = HealthBook(FrozenClock(ny(OPEN))), BadPayload("cboe", "$", "?")
    book.answered("cboe")
    for _ in range(2):
        for _ in range(2):
            book.nonsense("cboe", error)
            assert book.get("cboe").status == "ok"
        book.answered("cboe")
    for status in ("ok", "ok", "failing"):
        book.nonsense("cboe", error)
        assert book.get("cboe").status == status


def test_half_a_percent_is_no_disagreement() -> None:
    shown = quote("PLPC", 100.0, CLOSE)
    for price, wrong in ((100.5, False), (99.51, False), (100.52, True), (99.47, True)):
        assert differ(quote("PLPC", price, CLOSE), shown) is wrong


@pytest.mark.parametrize(
    ("shown", "other", "compared"),
    [
        (quote("PLPC", 100, CLOSE), quote("PLPC", 90, CLOSE, source="yahoo"), True),
        (quote("PLPC", 100, CLOSE), quote("PLPC", 90, CLOSE), False),
        (quote("PLPC", 100, CLOSE), quote("PLPC", 90, "2025-11-26T16:00", source="yahoo"), False),
        (quote("PLPC", 100, OPEN), quote("PLPC", 90, "2025-11-25T11:01", source="yahoo"), True),
        (quote("PLPC", 100, OPEN), quote("PLPC", 90, "2025-11-25T11:01:01", source="yahoo"), False),
        (quote("PLPC", 100, "2025-11-25T15:59"), quote("PLPC", 90, "2025-11-25T16:14", source="yahoo"), True),
        (quote("PLPC", 100, "2025-11-25T15:58"), quote("PLPC", 90, "2025-11-25T16:14", source="yahoo"), False),
        (None, quote("PLPC", 90, CLOSE), False),
    ],
    ids=["one close", "one source", "two days", "a minute", "more", "after the close", "before the close", "nothing"],
)
def test_only_prices_of_one_instant_from_two_sources_contradict_each_other(
    shown: Quote | None, other: Quote, compared: bool
) -> None:
    disputes = Disputes(nyse())
    disputes.compare(shown, other)
    assert bool(disputes.entries) is compared


async def test_who_has_failed_is_not_asked_by_those_already_in_line() -> None:
    order = replace(SMALL.data.order, index_bars=["cboe", "yahoo"], stock_bars=["cboe", "yahoo"])
    fails = {("bars", name): Unavailable("yahoo", "HTTP 503") for name in ("^GSPC", "PLPC", "INOD")}
    yahoo = Fake("yahoo", fails, ["bars"])
    bench = Bench(
        CLOSED, [Fake("cboe", {}, ["bars"]), yahoo], settings=replace(SMALL, data=replace(SMALL.data, order=order))
    )
    await bench.feed.refresh()
    assert len(bench.fakes["cboe"].asked) > 1, "every name's question goes to the first"
    assert len(yahoo.asked) == 1, "and the first of them finds the second out of order"


async def test_a_name_without_history_is_named_when_a_day_long_ago_is_wanted() -> None:
    script = {("bars", "PLPC"): bars("PLPC", {"2008-01-02": 50.0, "2025-11-25": 100.0})}
    bench = Bench(CLOSED, [Fake("cboe", script, ["bars"])])
    short = await bench.feed.reach_back(day("2010-06-01"))
    assert short == [name for name in bench.feed.wants.bars if name != "PLPC"]
    assert bench.feed.tape.bars["PLPC"].frame.index[0].date() == day("2008-01-02")


async def test_with_nothing_to_wait_for_it_looks_again_after_six_hours() -> None:
    cboe = Fake("cboe", everything(), ["quotes", "bars"])
    bench = Bench(CLOSED, [cboe])
    async with bench.running():
        await bench.until(lambda: bench.feed.next_round)
    assert bench.feed.next_round == ny(CLOSED) + timedelta(hours=6), "the market opens an hour later"


@pytest.mark.parametrize(("now", "wait_s"), [(OPEN, 60 + 6), ("2025-11-25T17:00", 900 + 30)])
async def test_a_round_is_put_off_by_a_tenth_of_its_pause_and_half_a_minute_at_most(now: str, wait_s: int) -> None:
    slow = replace(SMALL, data=replace(SMALL.data, extended_every_s=900.0))
    script = everything() | prices(now, GSPC=1, PLPC=1, INOD=1)
    script |= {key: bars(key[1], {f"{nyse().last_final(ny(now))}": 1}) for key in script if key[0] == "bars"}
    bench = Bench(now, [Fake("cboe", script, ["quotes", "bars"])])
    bench.feed = Feed(slow, bench.fakes, bench.store, bench.clock, nyse(), chance=lambda: 1.0)
    async with bench.running():
        await bench.until(lambda: bench.feed.next_round)
    assert bench.feed.next_round == ny(now) + timedelta(seconds=wait_s)


def test_only_what_changed_is_news() -> None:
    first = Facts(
        quotes=(quote("PLPC", 200, OPEN),),
        bars=(bars("PLPC", {"2025-11-24": 99.0}),),
        series=(series("DGS2", {"2025-11-24": 3.5}),),
        companies=(quarters("PLPC", [1e8] * 6),),
    )
    tape = Tape().apply(first)
    found = news(Tape(), tape, first)
    assert found is not None
    assert [len(found.quotes), len(found.bars), len(found.series), len(found.companies)] == [1, 1, 1, 1]
    again = Facts(
        bars=(bars("PLPC", {"2025-11-24": 99.0}),),
        series=(series("DGS2", {"2025-11-24": 3.5}),),
        companies=(quarters("PLPC", [1e8] * 6),),
    )
    assert news(tape, tape.apply(again), again) is None
    more = changed(again, quotes=(quote("INOD", 60, OPEN),))
    found = news(tape, tape.apply(more), more)
    assert found is not None
    assert (found.quotes, found.bars, found.series, found.companies) == (more.quotes, (), (), ())


async def test_a_disagreement_that_is_kept_reaches_who_follows_and_one_kept_twice_is_no_news() -> None:
    store, clock = memory_store(), FrozenClock(ny(OPEN))
    ledger = Ledger(store, clock, lambda: None)
    dispute, revision = Dispute("PLPC", ny(OPEN), "cboe", 100.0, "yahoo", 90.0), store.revision()
    await ledger.keep_disputes([])
    assert store.revision() == revision
    await ledger.keep_disputes([dispute])
    assert store.revision() > revision
    revision = store.revision()
    await ledger.keep_disputes([dispute])
    assert store.revision() == revision
    assert Ledger(store, clock, lambda: None).disputes() == [dispute]
