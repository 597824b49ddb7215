"""The feed's books at their bounds: what was asked in vain, what made no sense, which prices contradict each other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from rallytui.clock import FrozenClock
from rallytui.feed.attempts import Attempts
from rallytui.feed.crosscheck import Disputes, differ
from rallytui.feed.health import HealthBook
from rallytui.model import BadPayload, Quote, Unavailable
from rallytui.sessions import nyse
from tests.facts import bars, day, ny, quote
from tests.fakes import Fake
from tests.test_feed import CLOSED, OPEN, SMALL, Bench

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
