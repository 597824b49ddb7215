"""Choices made in the app: symbols added and removed, columns, order. The config file itself is never rewritten."""

from __future__ import annotations

import logging
import os
import re
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from rallytui.config.settings import Settings, WatchlistSettings

Value = TypeVar("Value")
log = logging.getLogger(__name__)
SYMBOL = re.compile(r"\^?[A-Z0-9][A-Z0-9.=&-]{0,18}")


class ListEdit(Struct, frozen=True):
    """A watchlist as it was arranged in the app: `symbols` in their order, and the `base` the config had then."""

    symbols: list[str]
    base: list[str]


class State(Struct, frozen=True):
    """Everything that the app remembers for a person. Undo is the state before."""

    lists: dict[str, ListEdit] = field(default_factory=dict)
    columns: list[str] | None = None
    """Ids of the watchlist's columns in their order; None leaves the choice to `[display]` and the width."""
    sort: str = ""
    reverse: bool = False
    theme: str = ""
    snoozed: dict[str, str] = field(default_factory=dict)
    """Tripwires that keep quiet: rule id to an ISO 8601 UTC moment."""


def load_state(path: Path) -> State:
    """The state at `path`; an empty one if there is none or it cannot be read, which is logged."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=State)
    except FileNotFoundError:
        return State()
    except (OSError, msgspec.DecodeError) as error:
        log.warning("%s cannot be read and is passed over: %s", path, error)
        return State()


def save_state(path: Path, state: State) -> None:
    """Write the state whole or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(state)))
    draft.replace(path)


def rebased(kept: State, before: State, after: State) -> State:
    """`kept` with what changed from `before` to `after`; lists and snoozes one by one, the rest field by field."""
    changed = {
        name: getattr(after, name)
        for name in State.__struct_fields__
        if name not in ("lists", "snoozed") and getattr(after, name) != getattr(before, name)
    }
    lists = rebased_map(kept.lists, before.lists, after.lists)
    snoozed = rebased_map(kept.snoozed, before.snoozed, after.snoozed)
    return replace(kept, **changed, lists=lists, snoozed=snoozed)


def rebased_map(kept: dict[str, Value], before: dict[str, Value], after: dict[str, Value]) -> dict[str, Value]:
    """`kept` with the entries that were set, changed or removed from `before` to `after`."""
    gone = before.keys() - after.keys()
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    return {name: value for name, value in kept.items() if name not in gone} | changed


def merged(settings: Settings, state: State) -> Settings:
    """The settings with the app's lists: what the config gained or lost since the edit is gained or lost here too."""
    lists = {
        name: replace(own, symbols=merged_symbols(own, state.lists[name])) if name in state.lists else own
        for name, own in settings.watchlists.items()
    }
    return replace(settings, watchlists=lists)


def in_force(settings: Settings, state: State) -> Settings:
    """The settings as a person sees them in the app: with its lists and its columns."""
    both, display = merged(settings, state), settings.display
    columns = display.columns if state.columns is None else state.columns
    return replace(both, display=replace(display, columns=columns))


def merged_symbols(own: WatchlistSettings, edit: ListEdit) -> list[str]:
    """The edited symbols, less those the config dropped since, and then those it gained since."""
    dropped = set(edit.base) - set(own.symbols)
    kept = [symbol for symbol in edit.symbols if symbol not in dropped]
    gained = [symbol for symbol in own.symbols if symbol not in edit.base and symbol not in kept]
    return [*kept, *gained]


def with_symbols(state: State, name: str, shown: list[str], wanted: list[str]) -> State:
    """The state in which the list `name`, now `shown`, has the symbols `wanted`.

    `shown` is what `merged_symbols` makes of the state so far: what it has beyond the edit, the config has gained,
    and what it lacks, the config has dropped. So the new base is the config's as far as it can be told.
    """
    edit = state.lists.get(name) or ListEdit(shown, shown)
    added = set(wanted) - set(shown)
    dropped = set(edit.symbols) - set(shown)
    base = [symbol for symbol in edit.base if symbol not in dropped | added]
    owned = [symbol for symbol in shown if symbol not in edit.symbols or symbol not in wanted]
    base += [symbol for symbol in owned if symbol not in base]
    return replace(state, lists={**state.lists, name: ListEdit(list(wanted), base)})


def is_symbol(text: str) -> bool:
    """Whether a text can be a symbol as Yahoo writes it, as in `BRK-B`, `^GSPC`, `EURUSD=X`."""
    return SYMBOL.fullmatch(text) is not None
