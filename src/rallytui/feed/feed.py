"""The feed: asks the providers for what is due, in the configured order, and keeps the tape and the store current."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Literal, TypeVar

from rallytui.config import Settings
from rallytui.feed.health import HealthBook
from rallytui.feed.outcome import misses_of, news
from rallytui.feed.schedule import BARS_AGAIN, COMPANIES_EVERY, SERIES_EVERY, bars_due, next_quotes, older, quote_due
from rallytui.feed.wants import wants
from rallytui.model import (
    BadPayload,
    Bars,
    Clock,
    Company,
    Facts,
    Health,
    Kind,
    Quote,
    Series,
    SourceError,
    UnknownSymbol,
)
from rallytui.providers import (
    REGISTRY,
    BarProvider,
    CompanyProvider,
    Provider,
    QuoteProvider,
    SeriesProvider,
)
from rallytui.sessions import Calendar, new_york_date
from rallytui.store import Store
from rallytui.tape import Tape

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")
ROUND_S = 60.0
UNKNOWN_FOR = timedelta(days=7)


class Feed:
    """Owns the tape. `refresh` asks once for all that is due; `run` does so for as long as it is left to."""

    def __init__(
        self,
        settings: Settings,
        providers: Mapping[str, Provider],
        store: Store,
        clock: Clock,
        calendar: Calendar,
    ) -> None:
        stored = store.load_facts()
        self.tape = Tape().apply(stored)
        self.wants = wants(settings)
        self.health = HealthBook(clock)
        self.next_round: datetime | None = None
        self.on_change: Callable[[], None] = lambda: None
        self._settings = settings
        self._providers = providers
        self._store = store
        self._clock = clock
        self._calendar = calendar
        self._unknown = store.unknown_symbols()
        self._wake = asyncio.Event()
        self._saved_states: dict[str, tuple[str, datetime | None]] = {}
        for name, provider in providers.items():
            self.health.restore(
                Health(
                    name,
                    "skipped" if provider.idle else "untried",
                    detail=provider.idle,
                    delay_s=provider.delay_s,
                    title=REGISTRY[name].title,
                    host=provider.host,
                ),
                stored.health.get(name),
            )

    def known(self) -> Tape:
        """The tape with the sources' health of now and the answers that were refused."""
        return replace(self.tape, health=self.health.entries, suspects=self.health.suspects())

    def refresh_soon(self) -> None:
        """A person asked: go round now, and do not wait out our own pauses."""
        self.health.retry_now()
        self._wake.set()

    async def run(self) -> None:
        """Go round until cancelled. What raises here is a defect: the caller shows it and starts `run` again."""
        while True:
            self._wake.clear()
            await self.refresh()
            self.next_round = self._next_round(self._clock.now())
            await self._sleep_until(self.next_round)

    async def refresh(self) -> None:
        """Ask once for everything that is due: quotes first, then history, macro series and filings side by side."""
        await self._quotes()
        now = self._clock.now()
        await asyncio.gather(
            *map(self._bars, self._due_bars(now)),
            *map(self._series, self._due("series", SERIES_EVERY, now)),
            *map(self._company, self._due("companies", COMPANIES_EVERY, now)),
        )
        await self._save_health()

    async def _save_health(self) -> None:
        """Keep how the sources are doing when that changed, so that the next run leaves a limited one alone."""
        entries = dict(self.health.entries)
        states: dict[str, tuple[str, datetime | None]] = {
            name: (health.status, health.next_try) for name, health in entries.items()
        }
        if states != self._saved_states:
            self._saved_states = states
            await asyncio.to_thread(self._store.save, Facts(health=entries))

    async def vintages(self, day: date) -> None:
        """Fetch the revised series as they were known on `day`, unless the tape has them."""
        from rallytui.macro import CATALOG

        async def fetch(name: str) -> None:
            async def ask(provider: Provider) -> Series:
                assert isinstance(provider, SeriesProvider)
                try:
                    return await provider.series(name, self._start(), day)
                except UnknownSymbol:  # the series itself is known all the same
                    raise BadPayload(provider.name, name, f"there is no vintage of {day}") from None

            if found := await self._first(self._settings.data.order.series, "series", name, ask):
                await self._take(Facts(series=(found,)))

        names = [name for name, entry in CATALOG.items() if entry.revised and (name, day) not in self.tape.vintages]
        await asyncio.gather(*map(fetch, names))

    async def close(self) -> None:
        """Release the providers' connections."""
        await asyncio.gather(*(provider.close() for provider in self._providers.values()))

    def _next_round(self, now: datetime) -> datetime:
        """When to go round again: for quotes, or sooner for what a failing source still owes."""
        due = next_quotes(self.tape.quotes, self.wants.quotes, self._settings.data, self._calendar, now)
        if (
            self._due_bars(now)
            or self._due("series", SERIES_EVERY, now)
            or self._due("companies", COMPANIES_EVERY, now)
        ):
            waits = [health.next_try for health in self.health.entries.values() if health.status == "failing"]
            due = min([due, now + BARS_AGAIN, *(moment for moment in waits if moment is not None)])
        return max(min(due, now + SERIES_EVERY), now + timedelta(seconds=1))

    async def _sleep_until(self, moment: datetime) -> None:
        """Wait, in steps, so that a clock that jumped while the machine slept is noticed within a minute."""
        while (left := (moment - self._clock.now()).total_seconds()) > 0 and not self._wake.is_set():
            try:
                async with asyncio.timeout(min(left, ROUND_S)):
                    await self._wake.wait()
            except TimeoutError:
                continue

    def _start(self) -> date:
        today = new_york_date(self._clock.now())
        return today - timedelta(days=366 * self._settings.data.history_years)

    def _chain(self, order: Iterable[str], kind: Kind, name: str) -> list[Provider]:
        now = self._clock.now()
        return [
            provider
            for provider in self._known(order)
            if older(self._unknown.get((provider.name, f"{kind} {name}")), now, UNKNOWN_FOR)
            and provider.serves(kind, name)
            and not self.health.blocked(provider.name, now)
        ]

    async def _first(
        self, order: Sequence[str], kind: Kind, name: str, ask: Callable[[Provider], Awaitable[Answer]]
    ) -> Answer | None:
        """The first answer along the chain, None if nobody has one."""
        for provider in self._chain(order, kind, name):
            answer = await self._guarded(provider, kind, [name], ask(provider))
            if answer is not None:
                self.health.accepted(provider.name, kind, name)
                return answer
        return None

    async def _guarded(
        self, provider: Provider, kind: Kind, names: Sequence[str], answer: Awaitable[Answer]
    ) -> Answer | None:
        """Await an answer about `names` and note how it went."""
        try:
            result = await answer
        except (UnknownSymbol, BadPayload) as error:
            await self._note(provider, kind, dict.fromkeys(names, error) | misses_of(provider, names))
        except SourceError as error:
            self.health.failed(provider.name, error)
            self.on_change()
        else:
            self.health.answered(provider.name)
            await self._note(provider, kind, misses_of(provider, names))
            return result
        return None

    async def _note(self, provider: Provider, kind: Kind, misses: Mapping[str, SourceError]) -> None:
        """Remember names that a provider does not know, and answers that made no sense."""
        for name, error in misses.items():
            if isinstance(error, UnknownSymbol):
                key, now = (provider.name, f"{kind} {name}"), self._clock.now()
                self._unknown[key] = now
                await asyncio.to_thread(self._store.mark_unknown, *key, now)
            elif isinstance(error, BadPayload):
                self.health.refused(provider.name, kind, name, error)

    async def _take(self, facts: Facts, fetched: Iterable[tuple[str, str]] = ()) -> None:
        """Put facts on the tape and into the store, and say so."""
        before, self.tape = self.tape, self.tape.apply(facts)
        now = self._clock.now()
        if changed := news(before, self.tape, facts):
            await asyncio.to_thread(self._store.save, changed)
        for kind, name in fetched:
            await asyncio.to_thread(self._store.mark_fetched, kind, name, now)
        self.on_change()

    async def _quotes(self) -> None:
        now = self._clock.now()
        due = [name for name in self.wants.quotes if quote_due(self.tape.quotes.get(name), self._calendar, now)]
        indices = [name for name in due if name.startswith("^")]
        stocks = [name for name in due if not name.startswith("^")]
        order = self._settings.data.order
        await asyncio.gather(
            self._quotes_along(order.index_quotes, indices), self._quotes_along(order.stock_quotes, stocks)
        )

    async def _quotes_along(self, order: Sequence[str], names: list[str]) -> None:
        """Ask the first provider for all names, the next for those still missing, and so on."""
        for key in order:
            batch = [name for name in names if any(p.name == key for p in self._chain([key], "quotes", name))]
            if not batch:
                continue
            provider = self._providers[key]
            assert isinstance(provider, QuoteProvider)
            found: list[Quote] | None = await self._guarded(provider, "quotes", batch, provider.quotes(batch))
            for quote in found or ():
                self.health.accepted(key, "quotes", quote.symbol)
            if found:
                await self._take(Facts(quotes=tuple(found)))
            names = [name for name in names if name not in {quote.symbol for quote in found or ()}]

    def _due_bars(self, now: datetime) -> list[str]:
        bars, asked = self.tape.bars, self._store.fetched
        return [name for name in self.wants.bars if bars_due(bars.get(name), asked("bars", name), self._calendar, now)]

    def _due(self, kind: Literal["series", "companies"], every: timedelta, now: datetime) -> list[str]:
        """Names of that kind that somebody could be asked for and was not for `every`."""
        names, order = getattr(self.wants, kind), getattr(self._settings.data.order, kind)
        able = [name for name in names if any(p.serves(kind, name) for p in self._known(order))]
        return [name for name in able if older(self._store.fetched(kind, name), now, every)]

    def _known(self, order: Iterable[str]) -> list[Provider]:
        return [self._providers[key] for key in order if key in self._providers]

    async def _bars(self, name: str) -> None:
        order = self._settings.data.order
        end = new_york_date(self._clock.now())

        async def ask(provider: Provider) -> Bars:
            assert isinstance(provider, BarProvider)
            return await provider.bars(name, self._start(), end)

        found = await self._first(order.index_bars if name.startswith("^") else order.stock_bars, "bars", name, ask)
        if found:
            await self._take(Facts(bars=(found,)), [("bars", name)])

    async def _series(self, name: str) -> None:
        async def ask(provider: Provider) -> Series:
            assert isinstance(provider, SeriesProvider)
            return await provider.series(name, self._start())

        if found := await self._first(self._settings.data.order.series, "series", name, ask):
            await self._take(Facts(series=(found,)), [("series", name)])

    async def _company(self, name: str) -> None:
        async def ask(provider: Provider) -> Company:
            assert isinstance(provider, CompanyProvider)
            return await provider.company(name)

        if found := await self._first(self._settings.data.order.companies, "companies", name, ask):
            await self._take(Facts(companies=(found,)), [("companies", name)])
