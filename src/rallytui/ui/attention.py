"""Whether the person was away: how long ago the last key was pressed, and since when there is something to tell."""

from __future__ import annotations

from datetime import datetime, timedelta


class Attention:
    """Told of every key and click. Moments are aware, so that the hours a computer slept count as well."""

    def __init__(self, now: datetime) -> None:
        self.inputs = 0
        self._last = now
        self._left: datetime | None = None

    def note(self, now: datetime, away_after: timedelta) -> None:
        """A key at `now`: the person was away if the last one is `away_after` or longer ago; zero means never."""
        if away_after and now - self._last >= away_after:
            self._left = self._left or self._last
        self._last = now
        self.inputs += 1

    def returned(self) -> datetime | None:
        """Since when the person was away, told once; None if they were not."""
        left, self._left = self._left, None
        return left
