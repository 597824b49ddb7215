"""The choices made in the app and the settings they amount to."""

from __future__ import annotations

import logging
from pathlib import Path

from rallytui.config import Settings
from rallytui.config.state import State, load_state, merged, save_state

log = logging.getLogger(__name__)


class Choices:
    """`settings` are the config's with the choices merged in. Without a path the choices end with the program."""

    def __init__(self, base: Settings, path: Path | None) -> None:
        self.base = base
        self.state = load_state(path) if path is not None else State()
        self._path = path

    @property
    def settings(self) -> Settings:
        """The config with the app's choices."""
        return merged(self.base, self.state)

    def take(self, state: State) -> str:
        """Act on other choices and keep them; why they could not be kept, empty if they were."""
        self.state = state
        if self._path is None:
            return "The choice holds until the program ends: the demo keeps nothing."
        try:
            save_state(self._path, state)
        except OSError as error:
            log.warning("the choices could not be kept in %s: %s", self._path, error)
            return f"{self._path} cannot be written ({error.strerror}): the choice holds until the program ends."
        return ""
