"""Reads config.toml: flag, environment, file, default, in this order of precedence."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from rallytui.config.check import faults
from rallytui.config.explain import explain, syntax
from rallytui.config.locate import line_of
from rallytui.config.settings import Settings

APP = "rallytui"


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
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: cannot be read: it is not text in UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    return with_environment(parse(text, str(path)), environment)


def with_environment(settings: Settings, environment: Mapping[str, str]) -> Settings:
    """Keys and contacts from the environment win over the file's."""
    fred, sec = settings.providers.fred, settings.providers.sec
    if key := environment.get("FRED_API_KEY", "").strip():
        fred = replace(fred, api_key=key)
    if contact := environment.get("RALLYTUI_CONTACT", "").strip():
        sec = replace(sec, contact=contact)
    return replace(settings, providers=replace(settings.providers, fred=fred, sec=sec))


@lru_cache(maxsize=1)
def tables(text: str) -> dict[str, Any]:
    """The tables of TOML `text`, parsed once for all that look into them. Raises TOMLDecodeError."""
    return tomllib.loads(text)


def parse(text: str, name: str) -> Settings:
    """Settings from TOML `text`; `name` is the file's, for messages. Raises ConfigError."""
    try:
        raw = tables(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(syntax(error, text, name)) from None
    try:
        settings = msgspec.convert(raw, Settings)
    except msgspec.ValidationError as error:
        raise ConfigError(explain(error, raw, text, name)) from None
    for fault in faults(settings):
        raise ConfigError(f"{name}:{line_of(text, fault.path)}: {'.'.join(fault.path)}: {fault.text}")
    return settings
