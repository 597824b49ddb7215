"""Since when a name is on its list: what joins the thesis's basket later does not rewrite its past (METHODOLOGY B.3).

The config says it in `joined`; for a name that it does not mention, the day on which it was first seen is remembered.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, timedelta

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rallytui.config.settings import Settings, WatchlistSettings, default_watchlists

log = logging.getLogger(__name__)
UNDO_DAYS = timedelta(days=7)
"""A name that is back within so many days was taken off by mistake: it keeps the day it joined."""


class Member(Struct, frozen=True):
    """`joined` is the New York day it was first seen on the list, None for one of the first members; `left` the day it
    was first missed there."""

    joined: date | None = None
    left: date | None = None


Members = dict[str, dict[str, Member]]
"""By the list's name and the symbol."""


def noted(known: Members, lists: Mapping[str, WatchlistSettings], today: date) -> Members:
    """What is known after a look at the lists of `today` (New York); lists that are gone stay as they are."""
    return {**known, **{name: _noted(known.get(name), name, own, today) for name, own in lists.items()}}


def _noted(known: Mapping[str, Member] | None, name: str, own: WatchlistSettings, today: date) -> dict[str, Member]:
    first = founders(name, own.symbols) if known is None else frozenset()
    rows = dict(known or {})
    for symbol in own.symbols:
        row = rows.get(symbol)
        if row is None:
            rows[symbol] = Member(None if symbol in first else today)
        elif row.left is not None:
            rows[symbol] = Member(row.joined if today - row.left <= UNDO_DAYS else today)
    gone = {symbol: row for symbol, row in rows.items() if symbol not in own.symbols and row.left is None}
    return rows | {symbol: replace(row, left=today) for symbol, row in gone.items()}


def founders(name: str, symbols: list[str]) -> frozenset[str]:
    """Who counts from the baseline when a list is seen for the first time.

    Of a list that the program comes with, those of its own names; of a list of other names, or another list, all.
    """
    default = default_watchlists().get(name)
    own = frozenset(symbols) & frozenset(default.symbols if default else ())
    return own or frozenset(symbols)


def dated(settings: Settings, known: Members) -> Settings:
    """The settings with the remembered days in `joined`; what the config says itself is kept."""
    lists = {}
    for name, own in settings.watchlists.items():
        rows = known.get(name, {})
        days = {symbol: day for symbol in own.symbols if symbol in rows and (day := rows[symbol].joined) is not None}
        lists[name] = replace(own, joined={**days, **own.joined}) if days else own
    return replace(settings, watchlists=lists)


def decoded(text: str | None) -> Members:
    """What was remembered, as JSON; nothing if there is none or it cannot be read."""
    try:
        return msgspec.json.decode(text, type=Members) if text else {}
    except msgspec.DecodeError as error:
        log.warning("the days on which names joined their lists cannot be read and are noted anew: %s", error)
        return {}


def encoded(known: Members) -> str:
    """What is remembered, as JSON."""
    return msgspec.json.encode(known).decode()
