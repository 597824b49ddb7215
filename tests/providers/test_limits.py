"""The token bucket and the circuit breaker, on a clock that only the test moves."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from rallytui.clock import FrozenClock
from rallytui.model import BadPayload, RateLimited, Refused, SourceError, Unavailable
from rallytui.providers.limits import Breaker, Limiter, spoken
from tests.providers.helpers import NOON, Running

BROKEN = Unavailable("x", "broken")


async def test_burst_then_the_average_rate() -> None:
    clock = Running(NOON)
    limiter = Limiter(60, 3, clock, clock.sleep)
    times = []
    for _ in range(6):
        await limiter.acquire()
        times.append(clock.monotonic())
    assert times == pytest.approx([0, 0, 0, 1, 2, 3])
    clock.advance(100)
    for _ in range(3):
        await limiter.acquire()
    assert clock.monotonic() == pytest.approx(103)


async def test_a_budget_below_the_burst_is_the_burst() -> None:
    clock = Running(NOON)
    limiter = Limiter(2, 8, clock, clock.sleep)
    for _ in range(3):
        await limiter.acquire()
    assert clock.monotonic() == pytest.approx(30)


async def test_waiters_are_served_one_after_the_other() -> None:
    clock, waits = FrozenClock(NOON), []

    async def noted(seconds: float) -> None:
        waits.append(seconds)

    limiter = Limiter(60, 1, clock, noted)
    await asyncio.gather(*(limiter.acquire() for _ in range(4)))
    assert waits == pytest.approx([1, 2, 3])


async def test_a_cancelled_wait_gives_its_turn_back() -> None:
    clock = FrozenClock(NOON)

    async def cancelled(_: float) -> None:
        raise asyncio.CancelledError

    limiter = Limiter(60, 1, clock, cancelled)
    await limiter.acquire()
    for _ in range(3):
        with pytest.raises(asyncio.CancelledError):
            await limiter.acquire()
    clock.advance(1)
    await limiter.acquire()


def fail(breaker: Breaker, error: SourceError = BROKEN) -> None:
    with pytest.raises(type(error)), breaker.attempt():
        raise error


def made(clock: FrozenClock, chance: float = 0.0) -> Breaker:
    return Breaker("yahoo", "Yahoo", 1200, clock, lambda: chance)


def test_two_failures_in_a_row_open_it_and_each_more_doubles_the_wait() -> None:
    clock = FrozenClock(NOON)
    breaker = made(clock)
    fail(breaker)
    assert breaker.wait_s == 0
    waits = []
    for _ in range(10):
        fail(breaker)
        waits.append(breaker.wait_s)
        clock.advance(breaker.wait_s)
    assert waits == [10, 20, 40, 80, 160, 320, 640, 900, 900, 900]


def test_the_wait_is_shortened_at_random() -> None:
    breaker = made(FrozenClock(NOON), chance=1.0)
    fail(breaker)
    fail(breaker, Refused("yahoo", "a wall"))
    assert breaker.wait_s == pytest.approx(7.5)


def test_while_open_nothing_gets_through_and_the_text_says_how_long() -> None:
    breaker = made(FrozenClock(NOON))
    fail(breaker)
    fail(breaker)
    with pytest.raises(Unavailable, match="Yahoo is left alone for another 10 s"):
        breaker.check()


def test_half_open_lets_one_request_through() -> None:
    clock = FrozenClock(NOON)
    breaker = made(clock)
    fail(breaker)
    fail(breaker)
    clock.advance(10)
    with breaker.attempt(), pytest.raises(Unavailable, match="tried with one request"):
        breaker.check()
    breaker.check()
    fail(breaker)
    assert breaker.wait_s == 0, "a recovery forgets the failures before it"


def test_a_probe_that_is_cancelled_leaves_room_for_the_next() -> None:
    clock = FrozenClock(NOON)
    breaker = made(clock)
    fail(breaker)
    fail(breaker)
    clock.advance(10)
    with pytest.raises(asyncio.CancelledError), breaker.attempt():
        raise asyncio.CancelledError
    breaker.check()


@pytest.mark.parametrize(("asked", "wait"), [(None, 1200), (30.0, 1200), (7200.0, 7200)])
def test_rate_limited_holds_for_the_patience_or_longer_if_asked(asked: float | None, wait: float) -> None:
    clock = FrozenClock(NOON)
    breaker = made(clock)
    fail(breaker, RateLimited("yahoo", "patience", asked))
    assert breaker.wait_s == wait
    with pytest.raises(RateLimited) as caught:
        breaker.check()
    assert caught.value.retry_after == wait
    clock.advance(wait)
    with breaker.attempt():
        pass
    assert breaker.wait_s == 0


def test_a_bad_payload_is_not_the_connections_fault() -> None:
    breaker = made(FrozenClock(NOON))
    for _ in range(5):
        fail(breaker, BadPayload("yahoo", "$", "no"))
    assert breaker.wait_s == 0


def test_failures_that_were_under_way_together_count_once() -> None:
    breaker = made(FrozenClock(NOON))
    together = [breaker.attempt() for _ in range(4)]
    for one in together:
        one.__enter__()
    for one in together:
        assert not one.__exit__(Unavailable, Unavailable("yahoo", "down"), None)
    assert breaker.wait_s == 0


def test_an_answer_that_was_under_way_does_not_lift_a_pause() -> None:
    breaker = made(FrozenClock(NOON))
    with breaker.attempt():
        fail(breaker, RateLimited("yahoo", "patience"))
    assert breaker.wait_s == 1200


class TwoClocks(FrozenClock):
    """Its wall clock can move alone, as it does when the machine sleeps or the clock is set."""

    def set_forward(self, seconds: float) -> None:
        self._moment += timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("jump", "left"), [(0, 1200), (600, 600), (1200, 0), (86_400, 0), (-600, 1200), (-86_400, 1200)]
)
def test_a_wait_is_over_when_one_clock_says_so(jump: float, left: float) -> None:
    clock = TwoClocks(NOON)
    breaker = made(clock)
    fail(breaker, RateLimited("yahoo", "patience"))
    clock.set_forward(jump)
    assert breaker.wait_s == left
    clock.advance(300)
    assert breaker.wait_s == max(0.0, left - 300)


@pytest.mark.parametrize("jump", [-86_400, 0, 86_400])
def test_after_a_jump_a_new_failure_counts_from_the_new_time(jump: float) -> None:
    clock = TwoClocks(NOON)
    breaker = made(clock)
    fail(breaker)
    fail(breaker)
    clock.set_forward(jump)
    clock.advance(10)
    fail(breaker)
    assert breaker.wait_s == 20
    clock.advance(20)
    with breaker.attempt():
        pass
    assert breaker.wait_s == 0


def test_a_new_start_ends_our_own_pause_with_one_trial_and_not_the_limit_of_a_source() -> None:
    own, limited = made(FrozenClock(NOON)), made(FrozenClock(NOON))
    for _ in range(5):
        own.retry_now()
        fail(own)
    own.retry_now()
    assert own.wait_s == 0
    with own.attempt(), pytest.raises(Unavailable, match="tried with one request"):
        own.check()
    fail(limited, RateLimited("yahoo", "patience"))
    limited.retry_now()
    assert limited.wait_s == 1200


@pytest.mark.parametrize(("seconds", "words"), [(1.4, "1 s"), (89, "89 s"), (1200, "20 min")])
def test_waits_in_words(seconds: float, words: str) -> None:
    assert spoken(seconds) == words
