"""Numbers that leave the program: short enough to read, and less than a millionth off."""

from __future__ import annotations

from math import inf, isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rallytui.board.rounding import all_rounded, rounded


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (13.569999999999709, 13.57),
        (16.448812342, 16.44881),
        (0.05351492214578016, 0.05351492),
        (663.4969676164295, 663.497),
        (7392.44, 7392.44),
        (123456.7891, 123456.7891),
        (0.00001234567891, 0.00001234568),
        (64_512_345_678.0, 64_512_345_678.0),
        (-0.21512000000000078, -0.21512),
        (0.0, 0.0),
        (inf, inf),
    ],
)
def test_a_number(value: float, said: float) -> None:
    assert rounded(value) == said


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_less_than_a_millionth_is_lost_and_twice_is_once(value: float) -> None:
    assert rounded(value) == pytest.approx(value, rel=1e-6, abs=0)
    assert rounded(rounded(value)) == rounded(value)


@given(st.integers(1, 10**9))
def test_a_price_is_exact(ten_thousandths: int) -> None:
    assert rounded(ten_thousandths / 10_000) == ten_thousandths / 10_000


def test_in_whatever_it_stands() -> None:
    body = {"a": [1 / 3, {"b": 2 / 3}], "c": ("x", None, True, 7)}
    assert all_rounded(body) == {"a": [0.3333333, {"b": 0.6666667}], "c": ["x", None, True, 7]}
    assert isnan(all_rounded([nan])[0])
