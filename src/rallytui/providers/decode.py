"""From bytes to checked values: what does not fit raises BadPayload with the field's path; nothing else escapes."""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import msgspec

from rallytui.model import BadPayload, Quote
from rallytui.providers.jumps import steady
from rallytui.sessions import Calendar
from rallytui.splits import jumped

T = TypeVar("T")
FUTURE_S = 120
"""How far a trade's time may lie ahead of the clock, seconds: more is a wrong time or a wrong clock."""
SMALLEST = 0.0001
"""No price is below this; what is was 0 once."""
RANGE_SLACK = 1.05
"""A price beyond the day's range by more than this factor and the range are not of one symbol."""
PATH_SPAN = 3.0
"""Prices of one day that are further apart than this factor are bad prints."""
PATH = re.compile(r" - at (?:`key` in )?`(\$[^`]*)`")
MISSING = re.compile(r"missing required field `(\w+)`")
UNFIT = re.compile(r"Expected `([^`]+)`, got `([^`]+)`")
KINDS = {
    "int": "a number", "float": "a number", "str": "text", "bool": "true or false", "object": "an object",
    "array": "a list", "null": "nothing",
}  # fmt: skip


def clean(text: str, limit: int = 200) -> str:
    """Text from outside without control, direction or invisible characters, on one line, cut to `limit`."""
    text = "".join(" " if char.isspace() else char for char in text[: 20 * limit])
    text = "".join(char for char in text if unicodedata.category(char)[0] != "C")
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def said(text: str, limit: int = 200) -> str:
    """`clean` for a part of an error's text: brackets become round, so that nothing can take them for markup."""
    return clean(text, limit).replace("[", "(").replace("]", ")")


def json_as(provider: str, body: bytes, kind: type[T], at: str = "$") -> T:
    """`body`, which stands at the path `at`, decoded from JSON into `kind`.

    Raises BadPayload with the path of the field that does not fit.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadPayload(provider, *_located(str(error), at)) from None


def _located(text: str, at: str) -> tuple[str, str]:
    """The path and the rest of a message of msgspec; of a missing field it names only the holder's path."""
    found, missing = PATH.search(text), MISSING.search(text)
    path = at + (found.group(1)[1:] if found else "") + (f".{missing.group(1)}" if missing else "")
    return path, in_words(PATH.sub("", text))


def in_words(text: str) -> str:
    """What is wrong with JSON, for a person: the words of msgspec are for its users."""
    if MISSING.search(text):
        return "the field is missing"
    if found := UNFIT.search(text):
        wanted, got = (" or ".join(map(_kind, kinds.split(" | "))) for kinds in found.groups())
        return f"{got} where {wanted} must stand"
    if "truncated" in text:
        return "the answer is cut short"
    return "the answer is no JSON" if "malformed" in text else said(text)


def _kind(name: str) -> str:
    return KINDS.get(name, name)


def csv_of(provider: str, body: bytes, first: tuple[str, ...], ended: bool = True) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a CSV whose first column is one of `first` (any case); a byte-order mark is dropped.

    Rows must be as long as the header. A last line without its line end is how a cut table looks: it is refused. Where
    the source never writes that line end (`ended` false), the line counts if it has all its columns, else it is left
    out; give it only for tables whose last column is not read.
    """
    try:
        text = body.decode("utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except (csv.Error, UnicodeDecodeError):
        raise BadPayload(provider, "$", "this is not a table of text") from None
    if not rows or rows[0][0].strip().lower() not in {name.lower() for name in first}:
        start = said(",".join(rows[0]) if rows else "", 60)
        raise BadPayload(provider, "line 1", f"the first column should be {first[0]}, the table starts with {start!r}")
    if not text.endswith("\n"):
        if ended:
            raise BadPayload(provider, f"line {len(rows)}", "the table is cut short")
        rows = rows if len(rows[-1]) == len(rows[0]) else rows[:-1]
    for line, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise BadPayload(provider, f"line {line}", f"{len(row)} columns instead of {len(rows[0])}")
    return [name.strip() for name in rows[0]], rows[1:]


def number(provider: str, path: str, value: float | str) -> float:
    """A finite number, also from text."""
    try:
        result = float(value)
    except (ValueError, OverflowError):
        raise BadPayload(provider, path, f"{said(str(value), 40)!r} is not a number") from None
    if not math.isfinite(result):
        raise BadPayload(provider, path, "the number is not finite")
    return result


def price(provider: str, path: str, value: float | None) -> float:
    """A price: finite and at least a hundredth of a cent."""
    if value is None:
        raise BadPayload(provider, path, "the price is missing")
    result = number(provider, path, value)
    if result < SMALLEST:
        raise BadPayload(provider, path, f"a price of {result:g} cannot be")
    return result


def optional(value: float | None) -> float | None:
    """A finite number that could be a price, else None: sources write 0 for "none"."""
    return float(value) if value is not None and math.isfinite(value) and value >= SMALLEST else None


def day(provider: str, path: str, text: str) -> date:
    """A date written as `2025-11-26` or `11/26/2025`."""
    try:
        if "/" in text:
            month, number_, year = text.split("/")
            return date(int(year), int(month), int(number_))
        return date.fromisoformat(text)
    except ValueError:
        raise BadPayload(provider, path, f"{said(text, 40)!r} is not a date") from None


def moment(provider: str, path: str, epoch: float) -> datetime:
    """Epoch seconds as an aware UTC time."""
    try:
        return datetime.fromtimestamp(epoch, UTC)
    except (ValueError, OverflowError, OSError):
        raise BadPayload(provider, path, "the number is not a time") from None


def session_of(provider: str, path: str, at: datetime, calendar: Calendar) -> date:
    """The New York session that a trade at `at` belongs to: on a closed day the one before."""
    try:
        return calendar.session_at(at)
    except (ValueError, OverflowError):
        raise BadPayload(provider, path, f"a trade of {at.year} is outside the calendar") from None


def in_time(provider: str, path: str, at: datetime, now: datetime) -> datetime:
    """`at` if it is not more than two minutes ahead of `now`."""
    ahead = at - now
    if ahead > timedelta(seconds=FUTURE_S):
        minutes = ahead // timedelta(minutes=1)
        raise BadPayload(provider, path, f"the time is {minutes} min in the future; is this machine's clock right?")
    return at


def same(provider: str, path: str, got: str, asked: str) -> None:
    """Raise BadPayload unless the source answered for the symbol that was asked."""
    if got != asked:
        raise BadPayload(provider, path, f"asked for {asked}, the answer is about {said(got, 40) or 'nothing'}")


def checked(quote: Quote, path: str) -> Quote:
    """The quote, if its time, its range and its move can be; the parts of it that cannot are left out.

    Raises BadPayload for a time in the future, a high below the low, a price far outside of the day's range, and a
    jump that nothing explains (see `jumps.steady`).
    """
    in_time(quote.source, path, quote.at, quote.known_at)
    high, low, level = quote.high, quote.low, quote.price
    if high is not None and low is not None and high < low:
        raise BadPayload(quote.source, path, f"the day's high {high:g} is below its low {low:g}")
    for extreme, beyond in ((high, level > (high or level) * RANGE_SLACK), (low, level * RANGE_SLACK < (low or level))):
        if beyond:
            raise BadPayload(
                quote.source, path, f"the price {level:g} is beyond the day's range, which ends at {extreme:g}"
            )
    # The two are written at different moments: a price that has just gone beyond the range has moved its end.
    high, low = None if high is None else max(high, level), None if low is None else min(low, level)
    inside = quote.open is None or (low or quote.open) <= quote.open <= (high or quote.open)
    extended = quote.extended if quote.extended is None or not jumped(quote.extended, level) else None
    day = tuple(price for price in quote.day if level / PATH_SPAN <= price <= level * PATH_SPAN)
    opened = quote.open if inside else None
    return steady(replace(quote, high=high, low=low, open=opened, extended=extended, day=day), path)
