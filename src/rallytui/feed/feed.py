"""The feed: asks the providers for what is due, round after round, and keeps the tape and the store current."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from rallytui.config import Settings
from rallytui.feed.agenda import CHECK, Agenda, Chance
from rallytui.feed.asking import Asker
from rallytui.feed.crosscheck import Disputes
from rallytui.feed.follow import Follower
from rallytui.feed.health import HealthBook
from rallytui.feed.ledger import Ledger
from rallytui.feed.ondemand import OnDemand
from rallytui.feed.pace import Pace
from rallytui.feed.schedule import bars_due, rebased
from rallytui.feed.together import together
from rallytui.feed.wants import Wants
from rallytui.indicators.quarters import REVENUE, capex_concept, statement
from rallytui.model import Bars, Clock, Company, Facts, Kind, Match, Quote, Series
from rallytui.providers import BarProvider, CompanyProvider, Provider, SeriesProvider
from rallytui.sessions import Calendar, new_york_date
from rallytui.store import Store
from rallytui.tape import Tape, with_newest

OVERLAP = timedelta(days=21)
"""So much of a second source's history shows whether both tell of the same prices."""
Item = TypeVar("Item", Bars, Series, Company)
SHARE = "SPY"
FRESH_S = 5.0
"""What came within these seconds is not asked for again, however often a person asks."""


class Feed:
    """Owns the tape. `refresh` asks once for all that is due; `run` does so for as long as it is left to."""

    def __init__(
        self,
        settings: Settings,
        providers: Mapping[str, Provider],
        store: Store,
        clock: Clock,
        calendar: Calendar,
        chance: Chance = random.random,
    ) -> None:
        self.health = HealthBook(clock)
        self.next_round: datetime | None = None
        self.answered = asyncio.Event()
        """Set when a first round has ended, however it went; for one who follows, what the other one saved is here."""
        self.on_change: Callable[[], None] = lambda: None
        self._providers, self._clock, self._calendar = providers, clock, calendar
        self._ledger = Ledger(store, clock, self._changed)
        self._asker = Asker(providers, self._ledger, self.health, clock, self._changed)
        self._agenda = Agenda(settings, self._ledger, self._asker, clock, calendar, chance)
        self._ondemand = OnDemand(self._agenda, self._asker, self._ledger, clock, calendar)
        self._disputes = Disputes(calendar)
        self._disputes.restore(self._ledger.disputes())
        self._follower = Follower(self._ledger, self.health, self._disputes)
        self._pace = Pace(clock)
        self._quotes_ended: float | None = None
        self._doubt = False
        for provider in providers.values():
            self.health.begin(provider, self._ledger.stored_health.get(provider.name))

    @property
    def tape(self) -> Tape:
        """Every fact that is known."""
        return self._ledger.tape

    @property
    def wants(self) -> Wants:
        """The names that are kept current."""
        return self._agenda.wants

    def known(self) -> Tape:
        """The tape with the sources' health of now, the answers that were refused and those that contradict others."""
        entries, suspects = self.health.entries, self.health.suspects()
        return replace(self.tape, health=entries, suspects=suspects, disputes=self._disputes.entries)

    def refresh_soon(self) -> None:
        """A person asked: go round now, do not wait out our own pauses, and doubt that a name is unknown."""
        self._doubt = True
        self.health.retry_now()
        self._retry_now()
        self._pace.wake()

    def rewant(self, settings: Settings) -> None:
        """Other symbols are wanted: what is new is asked for at once; facts on the tape stay."""
        self._agenda.change(settings)
        needed = self.wants
        names = {*needed.quotes, *needed.bars, *needed.series, *needed.companies, *CHECK}
        for book in (self.health, self._asker.attempts, self._disputes):
            book.keep_only(names)
        self._pace.wake()

    async def run(self) -> None:
        """Go round until cancelled. What raises here is a defect: the caller shows it and starts `run` again."""
        await self._ledger.reread()
        while True:
            asked = self._pace.woken()
            await self._round(every=self._agenda.quotes_due() or (asked and not self._just_asked()))
            self.next_round = self._agenda.next_round()
            if jump := await self._pace.sleep_until(self.next_round):
                self._agenda.quotes_at = None
                self.health.clock_jumped(jump)
                self._retry_now()

    async def refresh(self) -> None:
        """Ask once for everything that is due: quotes first, then history, macro series and filings side by side."""
        await self._round(every=True)

    async def follow(self) -> None:
        """Keep the tape as the store has it, which another process fills, until cancelled. Asks nobody."""
        self.answered.set()
        await self._follower.run()

    async def search(self, text: str) -> list[Match]:
        """Symbols whose name or ticker resembles `text`, best first. Raises SourceError with words for the user."""
        return await self._ondemand.search(text)

    def watch_intraday(self, symbol: str | None) -> None:
        """Keep candles of the running day of `symbol` on the tape from now on; None ends it."""
        self._ondemand.watch(symbol)

    async def reach_back(self, day: date) -> list[str]:
        """Fetch daily bars from before `history_years`, so that `day` can be looked at; the symbols nobody has."""
        return await self._ondemand.reach_back(day)

    async def vintages(self, day: date) -> None:
        """Fetch the revised series as they were known on `day`, unless the tape has them."""
        await self._ondemand.vintages(day)

    async def close(self) -> None:
        """End what still runs and release the providers' connections."""
        await self._ondemand.close()
        await together(*(provider.close() for provider in self._providers.values()))

    def _changed(self) -> None:
        self.on_change()

    def _retry_now(self) -> None:
        for provider in self._providers.values():
            provider.retry_now()

    def _just_asked(self) -> bool:
        return self._quotes_ended is not None and self._clock.monotonic() - self._quotes_ended < FRESH_S

    async def _round(self, *, every: bool) -> None:
        if self._doubt:
            self._doubt = False
            await self._ledger.doubt()
        await self._quotes(every=every)
        agenda = self._agenda
        await together(
            *map(self._bars, agenda.bars()),
            *map(self._series, agenda.series()),
            *map(self._company, agenda.companies()),
        )
        if agenda.check():
            await self._check()
        await self._ledger.keep_health(self.health.entries)
        self.answered.set()

    async def _quotes(self, *, every: bool) -> None:
        """Indices and shares side by side, each along their own order."""
        names, owed = self._agenda.quotes(every=every), set[str]()
        fresher = {name: self._fresher(name) for name in names if self._agenda.is_compared(name)}
        orders = {tuple(self._agenda.order("quotes", name)) for name in names}

        async def ask(order: Sequence[str]) -> None:
            mine = [name for name in names if tuple(self._agenda.order("quotes", name)) == order]
            also = [name for name, source in fresher.items() if source == order[:1] and name not in mine]
            owed.update(await self._asker.quotes(order, mine + also, self._take_quotes) & set(mine))

        await together(*map(ask, sorted(orders)))
        self._agenda.quotes_asked(owed, every=every)
        if every:
            self._quotes_ended = self._clock.monotonic()

    def _fresher(self, name: str) -> tuple[str, ...]:
        """The first source of shares, if that of an index which they are compared with tells old prices (G.6)."""
        first = next(iter(self._asker.able(self._agenda.order("quotes", name), "quotes", name)), None)
        return tuple(self._agenda.order("quotes", SHARE)[:1]) if first is not None and first.delay_s else ()

    async def _take_quotes(self, found: Iterable[Quote]) -> None:
        quotes = tuple(found)
        for quote in quotes:
            self._disputes.compare(self.tape.quotes.get(quote.symbol), quote)
        await self._keep_disputes()
        await self._ledger.take(Facts(quotes=quotes))

    async def _keep_disputes(self) -> None:
        if self._disputes.changed():
            await self._ledger.keep_disputes(self._disputes.entries.values())

    async def _check(self) -> None:
        """Hold the closing prices against the next source of each: one batch a source, and nothing is taken over.

        While a second source fails, the check is not done, and is tried again when the source may be asked.
        """
        batches: dict[str, list[str]] = {}
        for name in self.wants.quotes:
            shown = self.tape.quotes.get(name)
            others = self._asker.able(self._agenda.order("quotes", name), "quotes", name)
            second = next((one.name for one in others if shown and one.name != shown.source), None)
            if second:
                batches.setdefault(second, []).append(name)
        for provider, names in batches.items():
            for quote in await self._asker.quotes_of(self._providers[provider], names):
                self._disputes.compare(self.tape.quotes.get(quote.symbol), quote)
        await self._keep_disputes()
        if not any(self.health.blocked(provider, self._clock.now()) for provider in batches):
            await self._ledger.mark(*CHECK)
        self._changed()

    async def _one(
        self, kind: Kind, name: str, ask: Callable[[Provider], Awaitable[Item]], facts: Callable[[Item], Facts]
    ) -> None:
        """Fetch one name along its order and take it in."""
        found = await self._asker.first(self._agenda.order(kind, name), kind, name, ask)
        if found is not None:
            self._asker.attempts.done(kind, name)
            await self._ledger.take(facts(found), [(kind, name)])

    async def _bars(self, name: str) -> None:
        now = self._clock.now()
        start, end = self._start(now), new_york_date(now)

        async def ask(provider: Provider) -> Bars:
            assert isinstance(provider, BarProvider)
            return await provider.bars(name, start, end)

        found = await self._asker.first(self._agenda.order("bars", name), "bars", name, ask)
        if found is None:
            return
        calendar = self._agenda.calendar_of(name)
        if bars_due(found, calendar, now):
            found = await self._with_newest(found, start, end)
        await self._ledger.take(Facts(bars=(found,)), [("bars", name)])
        known = self.tape.bars.get(name)
        lacking = bars_due(known, calendar, self._clock.now())
        if lacking or rebased(self.tape.quotes.get(name), known, calendar):
            self._asker.attempts.vain("bars", name, self._clock.now())
        else:
            self._asker.attempts.done("bars", name)

    async def _with_newest(self, found: Bars, start: date, end: date) -> Bars:
        """The history with the last session that it lacks, from the next source that has it (METHODOLOGY G.1)."""
        order = self._agenda.order("bars", found.symbol)
        since = max(start, found.last_day - OVERLAP) if found.last_day is not None else start

        async def ask(provider: Provider) -> Bars:
            assert isinstance(provider, BarProvider)
            return await provider.bars(found.symbol, since, end)

        others = order[order.index(found.source) + 1 :] if found.source in order else []
        other = await self._asker.first(others, "bars", found.symbol, ask)
        return found if other is None else with_newest(found, other)

    async def _series(self, name: str) -> None:
        start = self._start(self._clock.now())

        async def ask(provider: Provider) -> Series:
            assert isinstance(provider, SeriesProvider)
            return await provider.series(name, start)

        await self._one("series", name, ask, lambda found: Facts(series=(found,)))

    async def _company(self, name: str) -> None:
        async def ask(provider: Provider) -> Company:
            assert isinstance(provider, CompanyProvider)
            return await provider.company(name)

        order = self._agenda.order("companies", name)
        found = await self._asker.first(order, "companies", name, ask)
        if found is None:
            return
        if await asyncio.to_thread(self._lacks_figures, found):
            others = order[order.index(found.source) + 1 :] if found.source in order else []
            other = await self._asker.first(others, "companies", name, ask)
            if other is not None and not await asyncio.to_thread(self._lacks_figures, other):
                found = replace(other, filings=found.filings, name=found.name or other.name)
        self._asker.attempts.done("companies", name)
        await self._ledger.take(Facts(companies=(found,)), [("companies", name)])

    def _lacks_figures(self, company: Company) -> bool:
        """Whether an answer does not have what it was asked for: spending or revenue up to the newest report."""
        spends = company.symbol in self._agenda.settings.risk.hyperscalers
        line = statement(company.facts, capex_concept(company.symbol) if spends else REVENUE)
        return line.last_day is None or line.is_behind(company)

    def _start(self, now: datetime) -> date:
        return new_york_date(now) - timedelta(days=366 * self._agenda.settings.data.history_years)
