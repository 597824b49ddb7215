"""The config for a command: read, and checked as far as the command can tell."""

from __future__ import annotations

from pathlib import Path

from rallytui.config import Settings
from rallytui.config.load import ConfigError, config_path, load


def load_checked(path: Path | None) -> Settings:
    """The settings in force, with the paths of the tripwires checked too. Raises ConfigError."""
    settings = load(path)
    if settings.alerts:
        from rallytui.cli.alerts import check_paths

        check_paths(settings, path)
    return settings


def load_for_screen(path: Path | None) -> Settings:
    """The settings in force, with the keys checked too. Raises ConfigError."""
    settings = load_checked(path)
    check_keys(settings, path)
    return settings


def check_keys(settings: Settings, path: Path | None) -> None:
    """Whether `[keys]` can be followed: only the screen knows its actions. Raises ConfigError."""
    if not settings.keys:
        return
    from rallytui.config.locate import line_of
    from rallytui.ui.keymap import problems

    place = path or config_path()
    for action, wrong in problems(settings.keys):
        line = line_of(place.read_text("utf-8-sig"), ("keys", action))
        raise ConfigError(f"{place}:{line}: keys.{action}: {wrong}")
