"""What is wrong with a file, in the words of TOML: a key and its line, what must stand there, and what does."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from tomllib import TOMLDecodeError
from typing import Any, Literal, get_args, get_origin

import msgspec
from msgspec.structs import fields

from rallytui.config.check import nearest
from rallytui.config.locate import line_of
from rallytui.config.settings import Settings

UNKNOWN = re.compile(r"Object contains unknown field `(.+?)`")
LACKS = re.compile(r"Object missing required field `(.+?)`")
ENUM = re.compile(r"Invalid enum value '(.*)'")
AT = re.compile(r" - at `\$(.*)`$")
STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
LINE = re.compile(r" \(at line (\d+), column \d+\)| \(at end of document\)")
NAMES = re.compile(r"\((?:'[^']*'(?:, )?)+,?\)")
PLAIN: dict[Any, tuple[str, str]] = {
    str: ("text in quotes", 'texts, as in ["one", "two"]'),
    float: ("a number", "numbers, as in [6900, 7000]"),
    int: ("a whole number", "whole numbers"),
    bool: ("true or false", "true and false"),
    date: ("a date, as in 2025-11-26", "dates, as in [2025-11-26]"),
    tuple: ("a pair of numbers, as in [20, 40]", "pairs, as in [[12, 0], [20, 40]]"),
}
"""What a type is called, and what a list of it is a list of."""
SYNTAX = {
    "Invalid value": "there is no such value in TOML; text stands in quotes, a date is written as 2025-11-26",
    "Expected newline or end of document after a statement": "something stands behind the value; every key has its own "
    "line, text stands in quotes, a date is written as 2025-11-26",
    "Expected '=' after a key in a key/value pair": "after a key comes = and its value",
    "Expected ']' at the end of a table declaration": "the name of a table ends with ]",
    "Expected ']]' at the end of an array declaration": "the name of a list of tables ends with ]]",
    "Unterminated string": "a text in quotes does not end",
    "Unclosed array": "a list does not end; it lacks its ]",
    "Cannot overwrite a value": "this key has a value already, further up",
    "Illegal character '\\n'": "a text in quotes does not end on its line",
    'Expected "\'"': "a text in quotes does not end on its line",
}
TWICE = "Cannot declare"
LONGEST = 40


def syntax(error: TOMLDecodeError, text: str, name: str) -> str:
    """`file:line: not valid TOML: ...`."""
    said = str(error)
    found = LINE.search(said)
    line = int(found[1]) if found and found[1] else max(1, len(text.splitlines()))
    words = LINE.sub("", said)
    if tables := NAMES.search(words):
        table = ".".join(re.findall(r"'([^']*)'", tables[0]))
        again = "stands here a second time" if words.startswith(TWICE) else "was written as a whole, further up"
        words = f"[{table}] {again}; put its keys together"
    return f"{name}:{line}: not valid TOML: {SYNTAX.get(words, words)}"


def explain(error: msgspec.ValidationError, raw: dict[str, Any], text: str, name: str) -> str:
    """msgspec's complaint as `file:line: key: ...`, with the nearest valid key for an unknown one."""
    message = str(error)
    where = AT.search(message)
    path, said = entry_of(steps(where[1]) if where else (), raw), AT.sub("", message)
    if unknown := UNKNOWN.search(said):
        path = (*path, unknown[1])
        words = f"unknown key; {nearest(unknown[1], known_keys(path[:-1]))}"
    elif lacks := LACKS.search(said):
        words = f"lacks the key {lacks[1]}"
    elif wrong := ENUM.search(said):
        words = f"{wrong[1]!r} is not a known value; {nearest(wrong[1], get_args(kind_at(path)))}"
    elif said.startswith("Invalid RFC3339"):
        words = f"{value_at(path, raw)!r} is not a date; write it as 2025-11-26"
    else:
        words = mismatch(path, value_at(path, raw))
    return f"{name}:{line_of(text, path)}: {'.'.join(path)}: {words}"


def mismatch(path: tuple[str, ...], value: Any) -> str:
    """What must stand at `path`, and what does."""
    kind, own, outer = kind_at(path), ".".join(path), ".".join(path[:-1])
    is_list = isinstance(value, list)
    if get_origin(kind) is list and is_struct(get_args(kind)[0]):
        return f"must be a list of tables: write [[{own}]]{f', not [{own}]' if isinstance(value, dict) else ''}"
    if get_origin(kind) is dict:
        return f"must be tables with a name each: write [{own}.NAME]{f', not [[{own}]]' if is_list else ''}"
    if is_struct(kind) and get_origin(kind_at(path[:-1])) is dict and path[-1] in known_keys(path):
        return f"belongs into a table with a name of its own: write [{outer}.NAME] above it"
    if is_struct(kind):
        return f"must be a table: write [{own}]{f', not [[{own}]]' if is_list else ''}"
    return f"must be {wanted(kind)}, not {found(value)}"


def wanted(kind: Any) -> str:
    """What may stand for a type, as in `a list of dates`."""
    if get_origin(kind) is Literal:
        return f"one of {', '.join(get_args(kind))}"
    if get_origin(kind) is list:
        inner = get_args(kind)[0]
        if get_origin(inner) is Literal:
            return f"a list of {', '.join(get_args(inner))}"
        return f"a list of {PLAIN[get_origin(inner) or inner][1]}"
    parts = [part for part in get_args(kind) if part is not type(None)]
    if parts and get_origin(kind) is not tuple:
        return " or ".join(map(wanted, parts))
    return PLAIN[get_origin(kind) or kind][0]


def found(value: Any) -> str:
    """What a value is, as in `the number 3`."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"the text {value if len(value) <= LONGEST else f'{value[:LONGEST]}…'!r}"
    if isinstance(value, (int, float)):
        return f"the number {value}"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    kinds = ((dict, "a table"), (datetime, "a date with a time"), (date, "a date"), (time, "a time"))
    return next((words for kind, words in kinds if isinstance(value, kind)), "this")


def steps(path: str) -> tuple[str, ...]:
    """`.targets[0].levels` as its parts; `...` is msgspec's word for any key of a map."""
    return tuple("".join(part) for part in STEP.findall(path))


def value_at(path: tuple[str, ...], raw: Any) -> Any:
    """What stands at `path` in the file; None if it leads nowhere."""
    for part in path:
        try:
            raw = raw[int(part)] if isinstance(raw, list) else raw[part]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return raw


def entry_of(path: tuple[str, ...], raw: dict[str, Any]) -> tuple[str, ...]:
    """`path` with `...` replaced by the entry of the map that does not convert on its own."""
    if "..." not in path:
        return path
    at = path.index("...")
    table: Any = value_at(path[:at], raw)
    for key, value in table.items():
        alone: dict[str, Any] = {key: value}
        for part in reversed(path[:at]):
            alone = {part: alone}
        try:
            msgspec.convert(alone, Settings)
        except msgspec.ValidationError:
            return (*path[:at], key, *path[at + 1 :])
    return path


def known_keys(path: tuple[str, ...]) -> list[str]:
    """The valid keys of the table at `path`."""
    kind = kind_at(path)
    return [field.encode_name for field in fields(kind)] if is_struct(kind) else []


def kind_at(path: tuple[str, ...]) -> Any:
    """The type of the value at `path`, without its `| None`."""
    at: Any = Settings
    for part in path:
        if is_struct(at):
            at = next((field.type for field in fields(at) if field.encode_name == part), None)
        else:
            at = list_or_map(at)
        options = [option for option in get_args(at) if option is not type(None)]
        if type(None) in get_args(at) and len(options) == 1:
            (at,) = options
    return at


def list_or_map(kind: Any) -> Any:
    """The value type of a map, the item type of a list, also where the list is one of several types."""
    options = (kind, *get_args(kind))
    holder = next((option for option in options if get_origin(option) in (list, dict, tuple)), kind)
    return get_args(holder)[-1]


def is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)
