"""Readings of a board by their path in the JSON snapshot, as in `watchlists.ai.PATH.change_pct`.

A list is entered by the name of an item: a target's symbol, a rung's level, a watchlist's name, a row's symbol, the id
of a family, an indicator or a claim. The lists `rows` of a watchlist, and `groups` and `indicators` of the risks may be
left out. A name may contain dots and may stand in double quotes, as in `watchlists.ai."BF.B".last`; the longest name
that fits wins.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache
from types import NoneType
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

from msgspec import Struct

from rallytui.board.shape import Board

Value = str | float | bool
LEAVES = (str, float, int, bool, date, datetime)
KEYS = ("symbol", "level", "id", "provider", "name", "title")
"""What names an item of a list: the first of these that its kind has."""
BY_NAME = {"Watchlist": ("name",)}
SHORT = {"Risks": ("groups",), "Group": ("indicators",), "Watchlist": ("rows",)}
"""Lists whose name may be left out of a path."""
ROOTS = ("targets", "watchlists", "risks", "thesis", "session", "health")
UNRELIABLE = ("stale", "missing")
UNKNOWN = "unknown"
HINTS = 4


class Place(NamedTuple):
    """A path followed on a board: `kind` is the annotated type of `value`, `holders` the structs on the way to it."""

    value: Any
    kind: Any
    holders: tuple[Any, ...]


class WrongPath(Exception):
    """A path that leads nowhere on any board of these settings."""


def follow(board: Board, path: str) -> Place:
    """The reading at `path`; its value is None if something on the way is missing. Raises WrongPath."""
    head, _, rest = path.partition(".")
    if head not in ROOTS or not rest:
        raise WrongPath(path)
    place = step(Place(getattr(board, head), hints(Board)[head], (board,)), rest, path)
    if not is_leaf(place.kind):
        raise WrongPath(path)
    return place


def step(place: Place, rest: str, path: str) -> Place:
    """Follow the rest of a path from a place inside the board."""
    if not rest:
        return place
    kind = bare(place.kind)
    if get_origin(kind) is list:
        return into_list(place, get_args(kind)[0], rest, path)
    if not is_struct(kind):
        raise WrongPath(path)
    name, _, after = rest.partition(".")
    if name in hints(kind):
        return step(
            Place(getattr(place.value, name, None), hints(kind)[name], (*place.holders, place.value)), after, path
        )
    for short in short_lists(kind):
        try:
            return step(Place(getattr(place.value, short, None), hints(kind)[short], place.holders), rest, path)
        except WrongPath:
            continue
    raise WrongPath(path)


def into_list(place: Place, kind: Any, rest: str, path: str) -> Place:
    """Enter the item of a list whose name the rest begins with; an indicator may also be named without its family."""
    items = {name_of(item): item for item in place.value or []}
    for name in sorted(items, key=len, reverse=True):
        for written in (f'"{name}"', name):
            if rest == written or rest.startswith(f"{written}."):
                return step(Place(items[name], kind, place.holders), rest[len(written) + 1 :], path)
    for item in items.values():
        for short in short_lists(kind):
            if short != "rows":
                try:
                    return step(Place(getattr(item, short), hints(kind)[short], (*place.holders, item)), rest, path)
                except WrongPath:
                    continue
    raise WrongPath(path)


def name_of(item: Any) -> str:
    """What an item of a list is called in a path."""
    keys = BY_NAME.get(type(item).__name__, KEYS)
    value = next(getattr(item, key) for key in keys if hasattr(item, key))
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def reading(board: Board, path: str) -> Value | None:
    """The value at `path` if it can be relied upon, else None: missing, unknown, stale, or of a suspect series.

    Dates come as ISO text. Freshness and status themselves are read as they are. Raises WrongPath.
    """
    place = follow(board, path)
    leaf = path.rpartition(".")[2]
    if place.value is None or (leaf not in ("freshness", "status", "badge") and any(map(doubtful, place.holders))):
        return None
    if isinstance(place.value, (date, datetime)):
        return place.value.isoformat()
    value: Value = place.value
    return value


def doubtful(holder: Any) -> bool:
    """Whether a struct says of itself that its readings are old, missing or suspect."""
    freshness = getattr(holder, "freshness", None)
    flags = getattr(holder, "flags", None) or []
    return freshness in UNRELIABLE or freshness == 0 or any("suspect" in flag for flag in flags)


def paths(board: Board) -> Iterator[str]:
    """Every path of a board, in its shortest form."""
    for root in ROOTS:
        yield from below(getattr(board, root), hints(Board)[root], root)


def below(value: Any, kind: Any, path: str) -> Iterator[str]:
    kind = bare(kind)
    if is_leaf(kind):
        yield path
    elif get_origin(kind) is list:
        for item in value or []:
            if isinstance(item, Struct) and any(hasattr(item, key) for key in KEYS):
                yield from below(item, type(item), f"{path}.{name_of(item)}")
    elif is_struct(kind):
        for name, inner in hints(kind).items():
            short = name in short_lists(kind)
            inside = path.rpartition(".")[0] if short and name == "indicators" else path
            yield from below(getattr(value, name, None), inner, inside if short else f"{path}.{name}")


def hint(board: Board, path: str) -> str:
    """What a wrong path may have been meant to be: the readings below it, else the ones most like it."""
    known = list(paths(board))
    below_it = [one for one in known if one.startswith(f"{path}.")]
    if below_it:
        first = sorted(below_it, key=lambda one: not is_number(follow(board, one).kind))
        return f"it holds several: {', '.join(first[:HINTS])}, …"
    best, *others = get_close_matches(path, known, n=HINTS, cutoff=0.6) or [""]
    if not best:
        return f"a path begins with {', '.join(ROOTS[:-1])} or {ROOTS[-1]}, as in risks.VC1.value"
    also = f" Also near: {', '.join(others)}." if others else ""
    return f"did you mean {best!r}?{also}"


def options(kind: Any) -> tuple[str, ...]:
    """The words that a reading can be, if there are only some; empty otherwise."""
    kind = bare(kind)
    return get_args(kind) if get_origin(kind) is Literal else ()


def is_number(kind: Any) -> bool:
    return bare(kind) in (float, int)


def is_leaf(kind: Any) -> bool:
    kind = bare(kind)
    return kind in LEAVES or get_origin(kind) is Literal


def is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def short_lists(kind: Any) -> tuple[str, ...]:
    return SHORT.get(getattr(kind, "__name__", ""), ())


def bare(kind: Any) -> Any:
    """A type without its `| None`."""
    inner = [part for part in get_args(kind) if part is not NoneType]
    return inner[0] if len(inner) == 1 and NoneType in get_args(kind) else kind


@cache
def hints(kind: Any) -> dict[str, Any]:
    """The fields of a struct with their types."""
    return get_type_hints(kind)
