"""Bad answers made out of good ones, cheaply and by a seed: bytes, JSON, tables."""

from __future__ import annotations

import json
from random import Random
from typing import Any

ODD: list[Any] = [
    None, True, False, 0, -1, 1, 2**63, 10**40, -0.0, 1e-320, 1e308, 0.37, 1e9, "", "NaN", "inf", "-", "0", "1e400",
    "0001-01-01", "9999-12-31", "9999-12-31T23:59:59", "2025-02-30", "2025-12-10T12:00:00+99:00", "UNCH", "$-5", "(1)",
    "\x1b[2J\x00\u202e[red]", "A" * 10_000, "\ud800", [], {}, [[]], [None], {"": None}, [1.0] * 5, -5.5, 86400,
    "９", 1765382340,
]  # fmt: skip
BYTES = [
    b"",
    b"-9",
    b"99",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"NaN",
    b"null",
    b"[" * 3000,
    b'"',
    b",",
    b"\n",
    b"e9",
]


def encoded(sample: Any) -> bytes:
    """A sample as the source would send it: text as it is, anything else as JSON."""
    return sample.encode() if isinstance(sample, str) else json.dumps(sample).encode()


def mutated(sample: Any, seed: int) -> bytes:
    """The sample spoilt in the way that the seed says: the same seed always gives the same bytes."""
    chance = Random(seed)
    way = chance.randrange(10)
    if way == 0:
        return chance.randbytes(chance.randrange(200))
    if way < 4 or isinstance(sample, str):
        return _of_text(sample, chance) if isinstance(sample, str) and way > 2 else _of_bytes(encoded(sample), chance)
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        sample = _of_tree(sample, chance)
    return json.dumps(sample).encode()


def _of_bytes(good: bytes, chance: Random) -> bytes:
    """A stretch cut out or overwritten; now and then the rest is gone, or it all comes twice."""
    for _ in range(chance.randint(1, 3)):
        start = chance.randrange(len(good) + 1)
        stop = min(len(good), start + chance.randrange(12))
        good = good[:start] + chance.choice([*BYTES, chance.randbytes(3)]) + good[stop:]
    return chance.choice([good, good, good, good[: chance.randrange(len(good) + 1)], good + good])


def _of_text(sample: str, chance: Random) -> bytes:
    """A table with a cell replaced, or with its lines repeated or in another order."""
    lines = [line.split(",") for line in sample.split("\n")]
    if chance.random() < 0.3:
        chance.shuffle(lines)
    row = chance.choice(lines)
    row[chance.randrange(len(row))] = str(chance.choice(ODD))
    lines.append(chance.choice(lines))
    return "\n".join(map(",".join, lines)).encode("utf-8", "surrogatepass")


def _of_tree(value: Any, chance: Random) -> Any:
    """A copy of a tree of JSON with one node replaced, dropped, repeated or scaled."""
    if not isinstance(value, (dict, list)) or not value or chance.random() < 0.08:
        scaled = isinstance(value, float) and chance.random() < 0.5
        return value * chance.choice([-1, 0, 0.01, 0.5, 2, 100, 1e300]) if scaled else chance.choice(ODD)
    copied = dict(value) if isinstance(value, dict) else list(value)
    at = chance.choice(list(copied)) if isinstance(copied, dict) else chance.randrange(len(copied))
    act = chance.random()
    if act < 0.06:
        del copied[at]
    elif act < 0.12 and isinstance(copied, list):
        copied.append(copied[at])
    else:
        copied[at] = _of_tree(copied[at], chance)
    return copied
