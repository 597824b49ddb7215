"""Prints the settings in force as TOML, with secrets masked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from rallytui.config.settings import MASK, SECRETS, Settings
from rallytui.plain import escaped

PASSWORD = re.compile(r"(?<=//)[^/@]*(?=@)")
"""What stands before the host of an address: a name, or a name and a password."""
BARE = re.compile(r"[A-Za-z0-9_-]+\Z")


def as_toml(settings: Settings) -> str:
    """The effective settings as TOML that loads again; secrets are masked and empty values left out."""
    return "\n".join(tables(msgspec.to_builtins(settings, builtin_types=(date,)), ())).strip() + "\n"


def tables(values: dict[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """A table's own keys first, then its sub-tables."""
    plain = {key: value for key, value in values.items() if not is_table(value) and not is_unset(value, path)}
    if path and plain:
        yield f"\n[{dotted(path)}]"
    for key, value in plain.items():
        yield f"{key} = {literal(shown(key, value))}"
    for key, value in values.items():
        if isinstance(value, dict):
            yield from tables(value, (*path, key))
        elif is_table(value):
            for item in value:
                yield f"\n[[{dotted((*path, key))}]]"
                yield from (f"{k} = {literal(v)}" for k, v in item.items() if v is not None)


def shown(key: str, value: Any) -> Any:
    """The value, masked if it is a secret or an address with a password in it."""
    if key in SECRETS:
        return MASK
    return PASSWORD.sub(MASK, value) if key.endswith("_url") and isinstance(value, str) else value


def is_table(value: Any) -> bool:
    return bool(value) and (isinstance(value, dict) or (isinstance(value, list) and isinstance(value[0], dict)))


def is_unset(value: Any, path: tuple[str, ...]) -> bool:
    """Whether leaving the key out says the same: None, and the empty addresses and keys of a provider."""
    return value is None or (value == "" and path[:1] == ("providers",))


def literal(value: Any) -> str:
    """One TOML value; TOML writes dates bare."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, (int, float)):
        return repr(value)
    return str(value) if isinstance(value, date) else escaped(msgspec.json.encode(value).decode(), toml=True)


def dotted(path: tuple[str, ...]) -> str:
    return ".".join(part if BARE.match(part) else literal(part) for part in path)
