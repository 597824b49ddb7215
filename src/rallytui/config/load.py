"""Reads config.toml: flag, environment, file, default, in this order of precedence."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import msgspec
from msgspec.structs import fields, replace

from rallytui.config.check import faults, nearest
from rallytui.config.locate import line_of
from rallytui.config.settings import Settings

APP = "rallytui"
UNKNOWN = re.compile(r"Object contains unknown field `(.+?)`")
ENUM = re.compile(r"Invalid enum value '(.*)'")
AT = re.compile(r" - at `\$(.*)`$")
PLAIN_WORDS = {
    "`": "",
    "Expected": "expected",
    "Object missing required field": "lacks the key",
    "Invalid RFC3339 encoded date": "is not a date; write it as 2025-11-26",
    "Invalid enum value": "is not a known value:",
}
STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")


class ConfigError(Exception):
    """A config that cannot be used; the text is `file:line: key: what is wrong; what to do`."""


def config_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the config is: RALLYTUI_CONFIG, else the platform's place for settings."""
    if named := environment.get("RALLYTUI_CONFIG"):
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_config_dir(APP, appauthor=False)) / "config.toml"


def data_dir(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the store and the log are: RALLYTUI_DATA_DIR, else the platform's place for data."""
    if named := environment.get("RALLYTUI_DATA_DIR"):
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_data_dir(APP, appauthor=False))


def store_path(environment: Mapping[str, str] = os.environ) -> Path:
    """The store's file."""
    return data_dir(environment) / "rallytui.db"


def state_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the app keeps its choices: beside the data if RALLYTUI_DATA_DIR is set, else the platform's state place."""
    if named := environment.get("RALLYTUI_DATA_DIR"):
        return Path(named) / "state.json"
    import platformdirs

    return Path(platformdirs.user_state_dir(APP, appauthor=False)) / "state.json"


def load(path: Path | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force.

    A file named by flag or RALLYTUI_CONFIG must exist; the one at the usual place may be missing.
    Raises ConfigError, which says file, line, key and what was expected.
    """
    named = path is not None or bool(environment.get("RALLYTUI_CONFIG"))
    path = path or config_path(environment)
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        if named:
            raise ConfigError(f"{path}: there is no such file; `{APP} config init` writes an example") from None
        text = ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from None
    return with_environment(parse(text, str(path)), environment)


def with_environment(settings: Settings, environment: Mapping[str, str]) -> Settings:
    """Keys and contacts from the environment win over the file's."""
    fred, sec = settings.providers.fred, settings.providers.sec
    if key := environment.get("FRED_API_KEY", "").strip():
        fred = replace(fred, api_key=key)
    if contact := environment.get("RALLYTUI_CONTACT", "").strip():
        sec = replace(sec, contact=contact)
    return replace(settings, providers=replace(settings.providers, fred=fred, sec=sec))


def parse(text: str, name: str) -> Settings:
    """Settings from TOML `text`; `name` is the file's, for messages. Raises ConfigError."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line = int(found.group(1)) if found else len(text.splitlines())
        raise ConfigError(f"{name}:{line}: not valid TOML: {str(error).split(' (at')[0]}") from None
    try:
        settings = msgspec.convert(raw, Settings)
    except msgspec.ValidationError as error:
        raise ConfigError(explain(str(error), raw, text, name)) from None
    for fault in faults(settings):
        raise ConfigError(f"{name}:{line_of(text, fault.path)}: {'.'.join(fault.path)}: {fault.text}")
    return settings


def explain(message: str, raw: dict[str, Any], text: str, name: str) -> str:
    """msgspec's message as `file:line: key: ...`, with the nearest valid key for an unknown one."""
    where = AT.search(message)
    path = entry_of(steps(where.group(1)) if where else (), raw)
    plain = AT.sub("", message)
    if unknown := UNKNOWN.search(plain):
        key = unknown.group(1)
        line = line_of(text, (*path, key))
        return f"{name}:{line}: {'.'.join((*path, key))}: unknown key; {nearest(key, known_keys(path))}"
    if wrong := ENUM.search(plain):
        plain += f"; {nearest(wrong.group(1), get_args(kind_at(path)))}"
    for raw_words, words in PLAIN_WORDS.items():
        plain = plain.replace(raw_words, words)
    return f"{name}:{line_of(text, path)}: {'.'.join(path)}: {plain}"


def steps(path: str) -> tuple[str, ...]:
    """`.targets[0].levels` as its parts; `...` is msgspec's word for any key of a map."""
    return tuple("".join(found) for found in STEP.findall(path))


def entry_of(path: tuple[str, ...], raw: dict[str, Any]) -> tuple[str, ...]:
    """`path` with `...` replaced by the entry of the map that does not convert on its own."""
    if "..." not in path:
        return path
    at = path.index("...")
    table: Any = raw
    for part in path[:at]:
        table = table[part]
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
    """The type of the value at `path`."""
    at: Any = Settings
    for part in path:
        if is_struct(at):
            at = next((field.type for field in fields(at) if field.encode_name == part), None)
        else:
            at = get_args(at)[-1]  # the value type of a map, the item type of a list
        if type(None) in get_args(at):
            at = get_args(at)[0]
    return at


def is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)
