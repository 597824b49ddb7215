"""Other keys for the actions of the registry, as `[keys]` of the config wants them, and what is wrong with a wish."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from itertools import combinations

from textual.keys import Keys, _character_to_key

from rallytui.config.settings import Keys as Wish
from rallytui.ui.keys import ACTIONS, Action, Scope

Choice = Mapping[str, Wish]
"""Actions by their ids, and the keys they shall have."""

CHAINS: tuple[tuple[Scope, ...], ...] = (
    ("app", "time", "board", "several", "target"),
    ("app", "time", "board", "several", "list", "watchlist"),
    ("app", "time", "empty"),
    ("app", "time", "detail", "charted", "filed"),
    ("app", "time", "wall"),
    ("app", "time", "list", "events"),
    ("app", "time", "list", "calendar"),
    ("app", "time", "history"),
    ("snoozing",),
    ("away",),
    ("help",),
    ("export",),
    ("filter",),
    ("adding",),
    ("choosing",),
    ("dating",),
)
"""Scopes that hold at the same time: in each, a key means one thing. Those that stand alone take all keys."""

_MODIFIED = re.compile(r"((?:ctrl|shift|alt|super|meta)\+)+(.+)")
_SIGNS = {_character_to_key(chr(code)): chr(code) for code in range(33, 127)}
"""Signs by the names that the terminal has for them, as in `question_mark`."""
_NAMED = {key.value for key in Keys if not key.value.startswith("<")} | {f"f{n}" for n in range(1, 25)}


def wanted(choice: Choice, action: str) -> tuple[str, ...]:
    """The keys that someone wants for an action, as they were written."""
    wish = choice[action]
    return (wish,) if isinstance(wish, str) else tuple(wish)


def problems(choice: Choice) -> Iterator[tuple[str, str]]:
    """What is wrong with a choice: an action's id, and a sentence about it."""
    found = list(_unusable(choice))
    yield from found or _conflicts(choice)


def _unusable(choice: Choice) -> Iterator[tuple[str, str]]:
    ids = [action.id for action in ACTIONS]
    for name in choice:
        if name not in ids:
            close = get_close_matches(name, ids, n=1)
            yield name, f"is not an action; {f'did you mean {close[0]!r}?' if close else 'the help page lists them'}"
            continue
        yield from ((name, text) for text in _wrong_keys(name, wanted(choice, name)))


def _wrong_keys(name: str, keys: tuple[str, ...]) -> Iterator[str]:
    default = next(action for action in ACTIONS if action.id == name)
    if not keys:
        yield "needs at least one key"
    if _is_one_each(default) and len(keys) != len(default.keys):
        yield f"needs {len(default.keys)} keys, one for each pane"
    for key in keys:
        if _standard(key) is None:
            close = get_close_matches(key.lower(), sorted(_NAMED), n=1)
            hint = f"did you mean {close[0]!r}?" if close else "write it as in x, X, f5, ctrl+x or pagedown"
            yield f"{key!r} is not a key; {hint}"


def _conflicts(choice: Choice) -> Iterator[tuple[str, str]]:
    chosen, default = remapped(choice), {action.id: action for action in ACTIONS}
    said: set[tuple[str, str]] = set()
    for chain in CHAINS:
        for one, other in combinations([action for action in chosen if action.scope in chain], 2):
            if (one.id, other.id) in said or not {one.id, other.id} & choice.keys():
                continue
            usual = set(default[one.id].keys) & set(default[other.id].keys)
            for key in sorted((set(one.keys) & set(other.keys)) - usual):
                said.add((one.id, other.id))
                named = one if one.id in choice else other
                rival = other if named is one else one
                yield named.id, f"{display(key)} is also the key of {rival.id!r}; give one of them another key"


def _is_one_each(action: Action) -> bool:
    """Whether each key of the action does something of its own."""
    return "{key}" in action.command


def _standard(key: str) -> str | None:
    """The key as the terminal names it; None if there is no such key."""
    if len(key) == 1:
        return _character_to_key(key) if key.isprintable() and key != " " else None
    found = _MODIFIED.fullmatch(key.lower())
    base = found.group(2) if found else key.lower()
    return key.lower() if base in _NAMED or base in _SIGNS or (found and len(base) == 1) else None


def remapped(choice: Choice) -> tuple[Action, ...]:
    """The registry with the chosen keys. What is wrong with them must have been asked before."""
    return tuple(_with_keys(action, choice) for action in ACTIONS)


def _with_keys(action: Action, choice: Choice) -> Action:
    if action.id not in choice:
        # Its last-row keys may stand for a pair of which the other half was given another key.
        halves = {one.id for one in ACTIONS if one.scope == action.scope and one.label == ""} & choice.keys()
        return replace(action, foot="") if action.foot and halves else action
    keys = tuple(_standard(key) or key for key in wanted(choice, action.id))
    return replace(action, keys=keys, shown=" ".join(map(display, keys)), foot=display(keys[0]))


def display(key: str) -> str:
    """A key as a person reads it: `ctrl+x` as `Ctrl+X`, `question_mark` as `?`."""
    if key in _SIGNS:
        return _SIGNS[key]
    return "+".join(part.upper() if len(part) < 3 else part.capitalize() for part in key.split("+"))


def keymap(choice: Choice) -> dict[str, str]:
    """What `App.set_keymap` takes: all bindings, for those that are not named lose a key they share with another."""
    if not choice:
        return {}
    found: dict[str, str] = {}
    for default, action in zip(ACTIONS, remapped(choice), strict=True):
        for n, key in enumerate(default.keys):
            one_each = _is_one_each(default) or action.keys == default.keys
            found[f"{action.id}.{n}"] = (
                (action.keys[n] if n < len(action.keys) else key) if one_each else (",".join(action.keys))
            )
    return found
