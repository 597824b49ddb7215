"""The shared helpers that turn bytes and outside text into checked values, and quotes in batches."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from rallytui.model import BadPayload, Quote, RateLimited, SourceError, UnknownSymbol
from rallytui.providers import decode
from rallytui.providers.batch import LISTED, each, settle
from tests.providers.helpers import NOON


class Inner(msgspec.Struct):
    price: float


class Outer(msgspec.Struct):
    data: list[Inner]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b'{"data":[{"price":"x"}]}', "$.data[0].price"),
        (b'{"data":[{"price":1},{}]}', "$.data[1].price"),
        (b"{}", "$.data"),
        (b'{"data":[{"price":NaN}]}', "$"),
        (b'{"data":[{"price":1e999}]}', "$.data[0].price"),
        (b"\xff\xfe", "$"),
        (b'{"data":', "$"),
        (b'{"data":[' + b"[" * 100_000, "$"),
        (b'{"other":' + b"[" * 100_000, "$"),
    ],
)
def test_json_that_does_not_fit_names_the_field(body: bytes, path: str) -> None:
    with pytest.raises(BadPayload) as caught:
        decode.json_as("cboe", body, Outer)
    assert caught.value.path.startswith(path)
    assert "`$" not in str(caught.value)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"data":[{}]}', "the field is missing"),
        (b'{"data":[{"price":"x"}]}', "text where a number must stand"),
        (b'{"data":{}}', "an object where a list must stand"),
        (b'{"data":[null]}', "nothing where an object must stand"),
        (b'{"data":', "the answer is cut short"),
        (b"<html>", "the answer is no JSON"),
    ],
)
def test_what_does_not_fit_is_said_in_words_of_a_person(body: bytes, words: str) -> None:
    with pytest.raises(BadPayload) as caught:
        decode.json_as("cboe", body, Outer)
    assert str(caught.value).endswith(f": {words}")


def test_json_inside_json_keeps_the_outer_path() -> None:
    with pytest.raises(BadPayload) as caught:
        decode.json_as("yahoo", b'{"price":[]}', Inner, "$.SPY")
    assert caught.value.path == "$.SPY.price"


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("plain", "plain"),
        ("  two\n\tlines\r\n ", "two lines"),
        ("\x1b[31mred\x1b[0m\x07", "[31mred[0m"),
        ("\u202etxet\u202c \u2066x\u2069 \u200bz\ufeff\x00", "txet x z"),
        ("Ørsted A/S 名前", "Ørsted A/S 名前"),
        ("\ud800lone", "lone"),
    ],
)
def test_outside_text_is_plain(text: str, cleaned: str) -> None:
    assert decode.clean(text) == cleaned


def test_outside_text_is_cut() -> None:
    assert decode.clean("A" * 10_000_000, 10) == "AAAAAAAAA…"
    assert decode.said("[/red] [bold") == "(/red) (bold"


@pytest.mark.parametrize("value", ["", "abc", "NaN", "inf", "1e999", "1_0_x", "--1"])
def test_a_number_is_finite(value: str) -> None:
    with pytest.raises(BadPayload):
        decode.number("cboe", "$.x", value)


@pytest.mark.parametrize("value", [None, 0.0, -1.0, float("nan"), float("inf")])
def test_a_price_is_above_zero(value: float | None) -> None:
    with pytest.raises(BadPayload):
        decode.price("cboe", "$.x", value)
    assert decode.optional(value) is None


@pytest.mark.parametrize("text", ["", "2025-13-01", "11/31/2025", "1/2", "x/y/z", "0/0/0", "26.11.2025"])
def test_a_date_is_a_date(text: str) -> None:
    with pytest.raises(BadPayload):
        decode.day("cboe", "line 2", text)


def test_both_ways_to_write_a_date() -> None:
    assert decode.day("x", "", "2025-11-26") == decode.day("x", "", "11/26/2025") == date(2025, 11, 26)


@pytest.mark.parametrize("epoch", [1e30, -1e30, float("nan"), float("inf"), 10**400])
def test_an_epoch_is_a_time(epoch: float) -> None:
    with pytest.raises(BadPayload):
        decode.moment("yahoo", "$.x", epoch)


def test_a_table() -> None:
    header, rows = decode.csv_of("fred", b"\xef\xbb\xbfDATE, A\r\n1,2\r\n\r\n3,4\r\n", ("observation_date", "date"))
    assert header == ["DATE", "A"]
    assert rows == [["1", "2"], ["3", "4"]]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\n\n",
        b"\xff\xfe\x00",
        b"OTHER,A\n1,2\n",
        b"DATE,A\n1\n",
        b"DATE,A\n1,2,3\n",
        b"DATE,A\n1,2\n3,4",
        b'DATE,"A\n',
        b"DATE," + b"A" * 200_000 + b"\n",
    ],
)
def test_what_is_no_table(body: bytes) -> None:
    with pytest.raises(BadPayload):
        decode.csv_of("fred", body, ("DATE",))


def test_without_a_promised_line_end_the_last_row_counts_if_it_is_whole() -> None:
    """The Treasury's files end without one: the newest row is the last line of some of them."""
    assert decode.csv_of("treasury", b"DATE,A\n1,2\n3,4.0", ("DATE",), ended=False)[1] == [["1", "2"], ["3", "4.0"]]
    assert decode.csv_of("treasury", b"DATE,A\n1,2\n3", ("DATE",), ended=False)[1] == [["1", "2"]]
    assert decode.csv_of("treasury", b"DATE,A", ("DATE",), ended=False) == (["DATE", "A"], [])


def quote(symbol: str = "SPY", **changes: object) -> Quote:
    return Quote(
        **{
            "symbol": symbol,
            "price": 1.0,
            "at": NOON,
            "known_at": NOON,
            "source": "cboe",
            "session_date": NOON.date(),
            **changes,
        }
    )


def test_a_quote_may_be_two_minutes_ahead_and_no_more() -> None:
    decode.checked(quote(at=NOON + timedelta(seconds=120)), "$")
    with pytest.raises(BadPayload, match="in the future"):
        decode.checked(quote(at=NOON + timedelta(seconds=121)), "$")


def test_a_high_below_the_low_cannot_be() -> None:
    with pytest.raises(BadPayload, match="below its low"):
        decode.checked(quote(high=1.0, low=2.0), "$")


def test_a_trade_outside_the_calendar_is_a_bad_payload() -> None:
    from rallytui.sessions import nyse

    for year in (1, 1980):
        with pytest.raises(BadPayload, match="outside the calendar"):
            decode.session_of("yahoo", "$.x", datetime(year, 1, 2, tzinfo=UTC), nyse())


async def test_one_failure_does_not_take_the_others_with_it() -> None:
    async def one(symbol: str) -> Quote:
        if symbol == "BAD":
            raise UnknownSymbol("cboe", symbol)
        return quote(symbol)

    misses: dict[str, SourceError] = {"A": RateLimited("cboe", "old"), "OTHER": RateLimited("cboe", "old")}
    found = settle(await each(["A", "BAD", "B"], one), misses)
    assert [item.symbol for item in found] == ["A", "B"]
    assert set(misses) == {"BAD", "OTHER"}


def test_of_several_errors_the_one_about_the_source_is_raised() -> None:
    errors: list[SourceError] = [UnknownSymbol("x", "A"), BadPayload("x", "$", "b"), RateLimited("x", "c")]
    with pytest.raises(RateLimited):
        settle(dict(zip("ABC", errors, strict=True)), {})
    with pytest.raises(BadPayload):
        settle(dict(zip("AB", errors[:2], strict=True)), {})
    assert settle({}, {}) == []


def test_what_looks_like_a_listed_symbol() -> None:
    assert [s for s in ("SPY", "BRK-B", "GC=F", "^VIX", "spy", "BMW.DE", "TOOLONG", "") if LISTED.fullmatch(s)] == [
        "SPY",
        "BRK-B",
    ]
