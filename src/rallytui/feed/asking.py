"""Whom to ask: the next provider in line for a name, and what each answer says about the one who gave it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from rallytui.feed.attempts import Attempts
from rallytui.feed.health import HealthBook
from rallytui.feed.ledger import Ledger
from rallytui.feed.outcome import misses_of
from rallytui.model import BadPayload, Clock, Kind, Quote, SourceError, UnknownSymbol
from rallytui.providers import Provider, QuoteProvider

Answer = TypeVar("Answer")
TakeQuotes = Callable[[list[Quote]], Awaitable[None]]


class Asker:
    """Asks providers in the configured order.

    A provider whose pause is over after failures is tried with one question first: the others wait for its outcome
    and pass on to the next provider if it fails again.
    """

    def __init__(
        self,
        providers: Mapping[str, Provider],
        ledger: Ledger,
        health: HealthBook,
        clock: Clock,
        changed: Callable[[], None],
    ) -> None:
        self.providers, self.health = providers, health
        self.attempts = Attempts()
        self._ledger, self._clock, self._changed = ledger, clock, changed
        self._trials: dict[str, asyncio.Lock] = {}

    def able(self, order: Iterable[str], kind: Kind, name: str) -> list[Provider]:
        """Who could be asked about the name, however they are doing at the moment."""
        now = self._clock.now()
        line = [self.providers[key] for key in order if key in self.providers]
        return [one for one in line if self._ledger.knows(one.name, kind, name, now) and one.serves(kind, name)]

    def chain(self, order: Iterable[str], kind: Kind, name: str) -> list[Provider]:
        """Who can be asked about the name now, first choice first."""
        now = self._clock.now()
        return [one for one in self.able(order, kind, name) if not self.health.blocked(one.name, now)]

    async def first(
        self, order: Sequence[str], kind: Kind, name: str, question: Callable[[Provider], Awaitable[Answer]]
    ) -> Answer | None:
        """The first answer along the chain, None if nobody has one."""
        for provider in self.chain(order, kind, name):
            answer = await self._ask(provider, kind, [name], question)
            if answer is not None:
                self.health.accepted(provider.name, kind, name)
                return answer
        return None

    async def quotes(self, order: Sequence[str], names: Sequence[str], take: TakeQuotes) -> set[str]:
        """Ask the first provider for all names, the next for those still missing, and so on; who was not answered."""
        left = set(names)
        for key in order:
            batch = [name for name in names if name in left and self.chain([key], "quotes", name)]
            for part in self._parts(key, batch):
                found = await self.quotes_of(self.providers[key], part)
                left -= {quote.symbol for quote in found}
                if found:
                    await take(found)
        return left

    async def quotes_of(self, provider: Provider, names: list[str]) -> list[Quote]:
        """What one provider has; nothing if it fails."""
        assert isinstance(provider, QuoteProvider)
        found = await self._ask(provider, "quotes", names, lambda _: provider.quotes(names))
        for quote in found or ():
            self.health.accepted(provider.name, "quotes", quote.symbol)
            self.attempts.done("quotes", quote.symbol)
        return found or []

    def _parts(self, key: str, batch: list[str]) -> list[list[str]]:
        """A whole batch at once, but one name first of a provider that has failed before."""
        trial = self.health.on_trial(key, self._clock.now())
        return [part for part in ([batch[:1], batch[1:]] if trial else [batch]) if part]

    async def _ask(
        self, provider: Provider, kind: Kind, names: Sequence[str], question: Callable[[Provider], Awaitable[Answer]]
    ) -> Answer | None:
        """One question; of those to a provider on trial, one after the other until it has answered."""
        if self.health.blocked(provider.name, self._clock.now()):
            return None  # it failed another question since this one was put in line
        if self.health.on_trial(provider.name, self._clock.now()):
            async with self._trials.setdefault(provider.name, asyncio.Lock()):
                if self.health.blocked(provider.name, self._clock.now()):
                    return None
                if self.health.on_trial(provider.name, self._clock.now()):
                    return await self._guarded(provider, kind, names, question)
        return await self._guarded(provider, kind, names, question)

    async def _guarded(
        self, provider: Provider, kind: Kind, names: Sequence[str], question: Callable[[Provider], Awaitable[Answer]]
    ) -> Answer | None:
        """Await an answer about `names` and note how it went."""
        try:
            result = await question(provider)
        except UnknownSymbol as error:
            self.health.reached(provider.name)
            await self._note(provider, kind, dict.fromkeys(names, error) | misses_of(provider, kind, names))
        except BadPayload as error:
            self.health.nonsense(provider.name, error)
            await self._note(provider, kind, dict.fromkeys(names, error) | misses_of(provider, kind, names))
            self._changed()
        except SourceError as error:
            self.health.failed(provider.name, error)
            self._changed()
        else:
            self.health.answered(provider.name)
            await self._note(provider, kind, misses_of(provider, kind, names))
            return result
        return None

    async def _note(self, provider: Provider, kind: Kind, misses: Mapping[str, SourceError]) -> None:
        """Remember names that a provider does not know, and keep answers that made no sense, each once."""
        kept = set[int]()
        for name, error in misses.items():
            if isinstance(error, UnknownSymbol):
                await self._ledger.unknown(provider.name, kind, name)
            elif isinstance(error, BadPayload):
                self.attempts.vain(kind, name, self._clock.now())
                new = self.health.refused(provider.name, kind, name, error)
                if new and error.payload and id(error) not in kept:
                    kept.add(id(error))
                    await self._ledger.keep_refused(provider.name, kind, name, error)
