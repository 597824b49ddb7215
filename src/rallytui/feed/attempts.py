"""Asking in vain: answers that made no sense or lacked what is due are asked for again later and later."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime, timedelta

from rallytui.feed.schedule import older

FIRST_AGAIN, LAST_AGAIN = timedelta(minutes=30), timedelta(hours=4)


class Attempts:
    """How often, and when last, a (kind, name) was asked for in vain. Forgotten as soon as it is answered."""

    def __init__(self) -> None:
        self._vain: dict[tuple[str, str], tuple[int, datetime]] = {}

    def vain(self, kind: str, name: str, now: datetime) -> None:
        """Nobody had it, or what came was no news."""
        count, _ = self._vain.get((kind, name), (0, now))
        self._vain[kind, name] = (count + 1, now)

    def done(self, kind: str, name: str) -> None:
        """It came."""
        self._vain.pop((kind, name), None)

    def rested(self, kind: str, name: str, now: datetime) -> bool:
        """Whether it may be asked for again: after half an hour, then one, two, at most four."""
        count, last = self._vain.get((kind, name), (0, now))
        return count == 0 or older(last, now, pause(count))

    def again_at(self, kind: str, name: str) -> datetime | None:
        """When it may be asked for again; None if it never was in vain."""
        found = self._vain.get((kind, name))
        return found[1] + pause(found[0]) if found else None

    def keep_only(self, names: Container[str]) -> None:
        """Forget names that nobody wants any more."""
        self._vain = {key: value for key, value in self._vain.items() if key[1] in names}


def pause(count: int) -> timedelta:
    """The wait after `count` vain attempts."""
    return min(FIRST_AGAIN * 2.0 ** min(count - 1, 8), LAST_AGAIN)
