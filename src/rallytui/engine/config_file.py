"""The config file while the program runs: read again when it was changed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from rallytui.config import Settings
from rallytui.config.exposure import exposed
from rallytui.config.load import ConfigError

log = logging.getLogger(__name__)
Stamp = tuple[int, int] | None


class Reconfigured(Exception):
    """Not an error: the config was changed, and everything begins anew with it."""


class ConfigFile:
    """`problem` says what is wrong with the file since its last change; the settings from before stay in force then.

    `warning` says that others can read a key in it.
    """

    def __init__(self, path: Path, load: Callable[[], Settings]) -> None:
        self.problem = ""
        self._path = path
        self._load = load
        self.warning = exposed(path)
        self._seen = self._before = stamp_of(path)

    def reread(self) -> Settings | None:
        """The settings of a file that was changed and is right; None otherwise. Reads the disk.

        A change counts at the second look that finds it: an editor may still be writing at the first one.
        """
        stamp, before = stamp_of(self._path), self._before
        self._before = stamp
        if stamp == self._seen or stamp != before:
            return None
        self._seen = stamp
        self.warning = exposed(self._path)
        try:
            settings = self._load()
        except ConfigError as error:
            self.problem = f"{error} (the settings from before stay in force)"
            log.warning("%s", self.problem)
            return None
        self.problem = ""
        log.info("%s was changed and is in force", self._path)
        return settings


def stamp_of(path: Path) -> Stamp:
    """What changes when a file is written; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
