"""Moves beyond 40 %: what bears them out, what a split is, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rallytui.model import BadPayload, Quote
from rallytui.providers.decode import checked
from rallytui.providers.jumps import explained
from rallytui.splits import jumped, near_split
from tests.providers.helpers import NOON

QUOTE = Quote("INOD", 100.0, NOON, NOON, "yahoo", NOON.date(), prev_close=98.0)
DAYS = [date(2025, 6, 2) + timedelta(days=n) for n in range(40)]


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


def history(jump: float, volume: float, symbol: str = "PLPC") -> None:
    """Forty sessions of which the twentieth jumps, with that volume against a usual 1000."""
    closes = [100.0] * 20 + [100.0 * jump] * 20
    volumes: list[float | None] = [1000.0] * 20 + [volume] * 20
    explained("yahoo", symbol, DAYS, closes, volumes)


@pytest.mark.parametrize(
    ("jump", "volume", "symbol"),
    [
        (1.39, 0, "PLPC"),
        (1.75, 5000, "PLPC"),
        (0.55, 5000, "PLPC"),
        (0.25, 4100, "PLPC"),  # a split 4:1, with the volume turned
        (0.243, 3900, "PLPC"),  # and with 3 % of its own
        (10.2, 95, "PLPC"),  # a reverse split
        (2.15, 0, "^VIX"),
        (1.5, 0, "^TNX"),
    ],
)
def test_a_history_with_a_reason_to_jump_stays(jump: float, volume: float, symbol: str) -> None:
    history(jump, volume, symbol)


@pytest.mark.parametrize(
    ("jump", "volume", "symbol"),
    [
        (1.45, 1000, "PLPC"),
        (0.58, 0, "PLPC"),
        (10.2, 1000, "PLPC"),  # no reverse split: the volume did not turn
        (100.0, 9000, "PLPC"),
        (0.5, 9e9, "^GSPC"),
        (5.0, 0, "^VIX"),
    ],
)
def test_a_history_that_jumps_for_no_reason_is_refused(jump: float, volume: float, symbol: str) -> None:
    with pytest.raises(BadPayload, match=f"the close of {DAYS[20]} is"):
        history(jump, volume, symbol)


@pytest.mark.parametrize("earlier", [None, 0.0])
def test_where_no_volume_is_known_before_a_jump_it_has_to_do_that_it_was_traded(earlier: float | None) -> None:
    closes = [100.0] * 20 + [200.0] * 20
    explained("yahoo", "PLPC", DAYS, closes, [earlier] * 20 + [1000.0] * 20)
    for nothing in (None, 0.0):
        with pytest.raises(BadPayload, match="is \\+100 %"):
            explained("yahoo", "PLPC", DAYS, closes, [earlier] * 20 + [nothing] * 20)


def test_the_usual_splits() -> None:
    assert [near_split(ratio) for ratio in (0.5, 0.243, 10.2, 2.09, 0.34)] == [1 / 2, 1 / 4, 10, 2, 1 / 3]
    assert [near_split(ratio) for ratio in (1.0, 1.5, 0.7, 7.0, 0.44)] == [None] * 5


@given(st.floats(1e-4, 1e7), st.floats(0.61, 1.39))
def test_moves_up_to_forty_percent_are_no_jumps(before: float, ratio: float) -> None:
    assert not jumped(before * ratio, before)
    assert jumped(before * (ratio + 0.8), before)
