"""Moves beyond 40 %: what bears them out, what a split is, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rallytui.model import BadPayload, Quote
from rallytui.providers.decode import checked
from rallytui.splits import jumped, near_split, of_split
from tests.providers.helpers import NOON

QUOTE = Quote("INOD", 100.0, NOON, NOON, "yahoo", NOON.date(), prev_close=98.0)


def quote(symbol: str = "INOD", price: float = 100.0, **parts: object) -> Quote:
    return replace(QUOTE, symbol=symbol, price=price, **parts)


@pytest.mark.parametrize(
    "one",
    [
        quote(price=139.0, prev_close=100.0),
        quote(price=175.0, prev_close=100.0, volume=9e6),  # what results can do to a small company
        quote(price=175.0, prev_close=100.0, day=(160.0, 170.0, 175.0)),
        quote(price=50.5, prev_close=100.0, volume=9e6, day=(99.0, 70.0, 50.5)),  # it fell, trade by trade
        quote("^VIX", 37.3, prev_close=17.3),
        quote("^VIX", 17.3, prev_close=38.6),
    ],
)
def test_a_move_that_is_borne_out_stays(one: Quote) -> None:
    assert checked(one, "$") == one


@pytest.mark.parametrize(
    "one",
    [
        quote(price=141.0, prev_close=100.0),
        quote(price=59.0, prev_close=100.0, volume=0.0),
        quote(price=175.0, prev_close=100.0, day=(101.0, 102.0, 175.0)),  # one print
        quote(price=10.0, prev_close=1000.0, volume=9e6),  # cents for dollars
        quote("^GSPC", 68.6, prev_close=6840.5, volume=3e9),
        quote("^VIX", 170.0, prev_close=17.0),
    ],
)
def test_a_move_that_nothing_bears_out_is_refused(one: Quote) -> None:
    with pytest.raises(BadPayload, match="from the previous close"):
        checked(one, "$.data")


@pytest.mark.parametrize(
    "one",
    [
        quote(price=100.0, prev_close=0.002, day=(99.0, 99.5, 100.0)),
        quote("^RUT", price=2246.0, prev_close=0.002, day=(2245.0, 2245.5, 2246.0)),
        quote("^RUT", price=2246.0, prev_close=9e5, day=(2245.0, 2245.5, 2246.0)),
    ],
)
def test_an_absurd_close_before_costs_the_change_and_not_the_price(one: Quote) -> None:
    assert checked(one, "$") == replace(one, prev_close=None)


def test_after_a_split_the_old_close_is_left_out() -> None:
    split = quote(price=24.6, prev_close=100.0, volume=4e7, open=24.9)
    assert checked(split, "$").prev_close is None
    assert checked(replace(split, day=(24.9, 24.7, 24.6)), "$").prev_close is None


@pytest.mark.parametrize(
    ("one", "kept"),
    [
        (quote(high=99.5, low=97.0), {"high": 100.0, "low": 97.0}),  # it has just gone beyond
        (quote(high=105.0, low=97.0, open=120.0), {"open": None}),
        (quote(extended=145.0), {"extended": None}),
        (quote(extended=110.0), {"extended": 110.0}),
        (quote(day=(99.0, 9900.0, 100.0)), {"day": (99.0, 100.0)}),
    ],
)
def test_parts_that_contradict_the_price_are_left_out(one: Quote, kept: dict[str, object]) -> None:
    found = checked(one, "$")
    assert {name: getattr(found, name) for name in kept} == kept


@pytest.mark.parametrize(
    "wrong", [{"high": 90.0, "low": 80.0}, {"high": 130.0, "low": 120.0}, {"high": 1.0, "low": 2.0}]
)
def test_a_range_of_another_symbol_refuses_the_quote(wrong: dict[str, float]) -> None:
    with pytest.raises(BadPayload, match="the day's"):
        checked(quote(**wrong), "$")


def test_the_usual_splits() -> None:
    assert [near_split(ratio) for ratio in (0.5, 0.243, 10.2, 2.05, 0.34, 7.0)] == [1 / 2, 1 / 4, 10, 2, 1 / 3, 7]
    assert [near_split(ratio) for ratio in (1.0, 1.5, 0.7, 2.09, 0.44)] == [None] * 5


@given(n=st.integers(1, 50), m=st.integers(1, 50), off=st.floats(0.972, 1.028))
def test_any_ratio_of_whole_numbers_up_to_fifty_can_be_a_splits(n: int, m: int, off: float) -> None:
    assert of_split(m / n * off)


def test_no_split_is_beyond_one_for_fifty() -> None:
    assert [of_split(ratio) for ratio in (60.0, 1 / 60, 48.5, 1 / 47)] == [False, False, True, True]


@given(st.floats(1e-4, 1e7), st.floats(0.61, 1.39))
def test_moves_up_to_forty_percent_are_no_jumps(before: float, ratio: float) -> None:
    assert not jumped(before * ratio, before)
    assert jumped(before * (ratio + 0.8), before)
