"""Settings, store and engine put together for a command."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rallytui.cli.errors import UsageError
from rallytui.cli.loading import load_checked
from rallytui.config import Settings
from rallytui.config.load import config_path, state_path

if TYPE_CHECKING:
    from rallytui.engine import Engine
    from rallytui.store import Store


def engine(
    options: Namespace,
    settings: Settings,
    store: Store,
    log: Path,
    again: Callable[[Path | None], Settings] = load_checked,
) -> Engine:
    """The working half for a command. `again` reads a config file that was changed. Raises nothing."""
    from rallytui.engine import Engine
    from rallytui.engine.config_file import ConfigFile

    return Engine(
        settings,
        store,
        demo=options.demo,
        log_path=str(log),
        state_path=state_path(),
        config=ConfigFile(options.config or config_path(), partial(again, options.config)),
    )


def look_back(source: Engine, day: date | None) -> str:
    """Turn to the session of the day asked for; a sentence if it is another day than that, else nothing.

    Raises UsageError for the future and for days before any data.
    """
    if day is None:
        return ""
    from rallytui.engine.landing import landing

    there = landing(source, day.isoformat())
    if not there.valid:
        raise UsageError(f"--as-of {day}: {there.words}")
    said = f"{there.words}." if there.snapped else ""
    source.look(there.day, said)
    return said
