"""Reads the packaged dates of decisions and releases: which are the publisher's and which follow a rule."""

from __future__ import annotations

import tomllib
from datetime import date, time
from functools import lru_cache
from importlib import resources

import msgspec
from msgspec import Struct


class Release(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of decision or release. `time` is New York's; `tests` are the ids of lights and claims it bears on.

    `dates` were published by `source` and read on `read`; `projected` ones follow `rule`, give or take `window_days`.
    Nothing is known before `since`.
    """

    title: str
    time: time
    tests: list[str]
    since: date
    source: str
    read: date
    rule: str
    window_days: int
    dates: list[date]
    projected: list[date]


@lru_cache(maxsize=1)
def releases() -> dict[str, Release]:
    """All of them by their kind."""
    text = (resources.files("rallytui.calendar") / "releases.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Release])
