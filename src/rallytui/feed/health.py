"""How the sources are doing: one line in the log when one begins to fail, one when it is back."""

from __future__ import annotations

import logging
from collections.abc import Container, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

from rallytui.model import Clock, Health, HealthStatus, Kind, RateLimited, SourceError
from rallytui.providers import REGISTRY, Provider

log = logging.getLogger(__name__)
FIRST_WAIT_S = 45.0
LONGEST_WAIT_S = 900.0
NONSENSE = 3
"""Answers without sense, one after the other, that make a failing source of one that was well."""


class HealthBook:
    """The Health of every provider by name."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: dict[str, Health] = {}
        self._suspect: dict[tuple[str, Kind, str], str] = {}
        self._nonsense: dict[str, int] = {}

    @property
    def entries(self) -> Mapping[str, Health]:
        return MappingProxyType(dict(self._entries))

    def begin(self, provider: Provider, stored: Health | None) -> None:
        """Enter a provider, with what an earlier run noted about it."""
        status: HealthStatus = "skipped" if provider.idle else "untried"
        title, detail = REGISTRY[provider.name].title, provider.idle
        fresh = Health(
            provider.name,
            status,
            detail=detail,
            delay_s=provider.delay_s,
            title=title,
            host=provider.host,
            address=provider.address,
        )
        self.restore(fresh, stored)

    def restore(self, fresh: Health, stored: Health | None) -> None:
        """Begin with a provider's `fresh` entry, and with the wait of an earlier run that is not over."""
        if fresh.status != "skipped" and stored is not None and waits(stored, fresh.address, self._clock.now()):
            fresh = shown_as(fresh, stored)
        self._entries[fresh.provider] = fresh

    def get(self, provider: str) -> Health:
        return self._entries.get(provider) or Health(provider)

    def blocked(self, provider: str, now: datetime) -> bool:
        """Whether the provider has to be left alone until its next try."""
        health = self.get(provider)
        return health.status == "failing" and health.next_try is not None and now < health.next_try

    def on_trial(self, provider: str, now: datetime) -> bool:
        """Whether it has failed and may be tried again: with one request, before it gets the rest."""
        health = self.get(provider)
        return health.failures > 0 and not self.blocked(provider, now)

    def answered(self, provider: str) -> None:
        """It gave what was asked."""
        before = self.get(provider)
        if before.failures:
            log.info("%s is back after %d failed requests", provider, before.failures)
        self._nonsense.pop(provider, None)
        self._entries[provider] = replace(
            before, status="ok", last_ok=self._clock.now(), failures=0, next_try=None, detail="", limited=False
        )

    def reached(self, provider: str) -> None:
        """It said that it does not know the name: that is no answer, but no failure either."""
        if self.get(provider).failures:
            self.answered(provider)

    def nonsense(self, provider: str, error: SourceError) -> None:
        """A whole answer made no sense. A source from which nothing else comes has changed its format: it failed."""
        count = self._nonsense[provider] = self._nonsense.get(provider, 0) + 1
        if count >= NONSENSE or self.get(provider).status != "ok":
            self.failed(provider, error)

    def failed(self, provider: str, error: SourceError) -> None:
        """It did not; the wait doubles from 45 s to 15 minutes, or is what the source asked for."""
        before = self.get(provider)
        if self.blocked(provider, self._clock.now()):
            return  # requests that were under way together fail together, and count as one
        failures = before.failures + 1
        if before.status != "failing":
            log.warning("%s fails: %s", provider, error)
        wait = min(FIRST_WAIT_S * 2.0 ** min(failures - 1, 10), LONGEST_WAIT_S)
        limited = isinstance(error, RateLimited) and error.retry_after is not None
        if isinstance(error, RateLimited) and error.retry_after is not None:
            wait = error.retry_after
        self._entries[provider] = replace(
            before,
            status="failing",
            failures=failures,
            next_try=self._clock.now() + timedelta(seconds=wait),
            detail=str(error),
            limited=limited,
        )

    def refused(self, provider: str, kind: Kind, name: str, error: SourceError) -> bool:
        """One answer did not make sense; logged, and True, once until one does."""
        new = (provider, kind, name) not in self._suspect
        if new:
            log.warning("%s of %s: %s", kind, name, error)
        self._suspect[provider, kind, name] = str(error)
        return new

    def accepted(self, provider: str, kind: Kind, name: str) -> None:
        """An answer about `name` made sense."""
        if self._suspect.pop((provider, kind, name), None):
            log.info("%s of %s: %s makes sense again", kind, name, provider)

    def suspects(self) -> dict[str, str]:
        """Answers that were refused, by the symbol or series they were about, each with source and reason."""
        said: dict[str, str] = {}
        for (_, _, name), text in self._suspect.items():
            said.setdefault(name, text)  # one reason tells enough; the log has them all
        return said

    def retry_now(self) -> None:
        """Forget the waits that we chose ourselves, because a person asked; a source's own limit still stands."""
        for name, health in self._entries.items():
            if health.status == "failing" and not health.limited:
                self._entries[name] = replace(health, next_try=self._clock.now())

    def clock_jumped(self, by: timedelta) -> None:
        """The machine slept or its clock was set: our own waits are over, a source's own limit moves back with it."""
        self.retry_now()
        for name, health in self._entries.items() if by < timedelta(0) else ():
            if health.limited and health.next_try is not None:
                self._entries[name] = replace(health, next_try=health.next_try + by)

    def mirror(self, stored: Mapping[str, Health]) -> None:
        """Show what another process, the one that asks, has noted about the sources."""
        for name, health in stored.items():
            if (mine := self._entries.get(name)) and mine.status != "skipped":
                self._entries[name] = shown_as(mine, health)

    def keep_only(self, names: Container[str]) -> None:
        """Forget refused answers about names that nobody wants any more."""
        self._suspect = {key: text for key, text in self._suspect.items() if key[2] in names}


def waits(stored: Health, address: str, now: datetime) -> bool:
    """Whether the wait that an earlier run noted is not over; one for another address means nothing here."""
    here = stored.address in ("", address)
    return here and stored.status == "failing" and stored.next_try is not None and stored.next_try > now


def shown_as(own: Health, noted: Health) -> Health:
    """What another run noted about a source, with what this one knows of it by itself."""
    return replace(noted, title=own.title, host=own.host, delay_s=own.delay_s, address=own.address)
