"""The choices made in the app and the settings they amount to."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path

from msgspec.structs import replace

from rallytui.config import Settings
from rallytui.config.members import Members, dated, decoded, encoded, noted
from rallytui.config.settings import Order
from rallytui.config.state import State, load_state, merged, rebased, save_state
from rallytui.engine.config_file import stamp_of
from rallytui.store import Store

log = logging.getLogger(__name__)
MEMBERS = "members"
"""What of the store's state holds since when names are on their lists."""
SIMULATED = Order(**{kind: ["simulated"] for kind in Order.__struct_fields__})


class Choices:
    """`settings` are the config's with the choices merged in. Without a path the choices end with the program."""

    def __init__(self, base: Settings, path: Path | None) -> None:
        self.base = base
        self.members: Members = {}
        """Since when the names are on their lists, as far as it was noted."""
        self.state = load_state(path) if path is not None else State()
        self._path = path
        self._seen = stamp_of(path) if path is not None else None

    @property
    def settings(self) -> Settings:
        """The config with the app's choices, and since when the names are on their lists."""
        return dated(merged(self.base, self.state), self.members)

    def note_members(self, today: date) -> None:
        """See who is on the lists on `today` (New York)."""
        self.members = noted(self.members, merged(self.base, self.state).watchlists, today)

    def keep_members(self, store: Store, today: date) -> bool:
        """Note who is on the lists, in the store too; whether that makes other settings. May wait for the disk.

        The demo keeps nothing.
        """
        before = self.settings
        if self._path is None:
            self.note_members(today)
        else:
            text = store.get_state(MEMBERS)
            self.members = decoded(text)
            self.note_members(today)
            if (now := encoded(self.members)) != text:
                store.set_state(MEMBERS, now)
        return self.settings != before

    def take(self, state: State) -> str:
        """Act on other choices and keep them; why they could not be kept, empty if they were."""
        before, self.state = self.state, state
        if self._path is None:
            return "The choice holds until the program ends: the demo keeps nothing."
        try:
            # another instance may have chosen since: only what changes here is changed there
            self.state = rebased(load_state(self._path), before, state)
            save_state(self._path, self.state)
            self._seen = stamp_of(self._path)
        except OSError as error:
            log.warning("the choices could not be kept in %s: %s", self._path, error)
            return f"{self._path} cannot be written ({error.strerror}): the choice holds until the program ends."
        return ""

    def reread(self) -> bool:
        """Take over what another instance chose; whether it amounts to other settings. Reads the disk."""
        if self._path is None or (stamp := stamp_of(self._path)) == self._seen:
            return False
        self._seen, before = stamp, self.settings
        self.state = load_state(self._path)
        return self.settings != before


def simulated(settings: Settings) -> Settings:
    """The settings with the simulated provider in place of all sources, and a quote a second."""
    every = replace(settings.data, quotes_every_s=1.0, extended_every_s=1.0, order=SIMULATED)
    return replace(settings, data=every)
