"""What a person asks for and no round would bring: a search, candles of an open page, history for a look far back."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import date, timedelta

from rallytui.feed.agenda import Agenda
from rallytui.feed.asking import Asker
from rallytui.feed.ledger import Ledger
from rallytui.feed.together import together
from rallytui.macro import CATALOG
from rallytui.model import (
    BadPayload,
    Bars,
    Clock,
    Facts,
    Intraday,
    Match,
    Series,
    SourceError,
    Unavailable,
    UnknownSymbol,
)
from rallytui.providers import REGISTRY, BarProvider, IntradayProvider, Provider, SearchProvider, SeriesProvider
from rallytui.providers.limits import spoken
from rallytui.sessions import Calendar, new_york_date

log = logging.getLogger(__name__)
LOOK_BACK = timedelta(days=2 * 366)
"""Readings of a day reach up to two years back from it."""


class OnDemand:
    """Asks along the same chains and with the same pauses as the rounds."""

    def __init__(self, agenda: Agenda, asker: Asker, ledger: Ledger, clock: Clock, calendar: Calendar) -> None:
        self._agenda, self._asker, self._ledger = agenda, asker, ledger
        self._clock, self._calendar = clock, calendar
        self._watching: asyncio.Task[None] | None = None
        self._reached: dict[str, tuple[date, date]] = {}
        """How far back was asked for, and the first day that came."""

    async def search(self, text: str) -> list[Match]:
        """Symbols that resemble the text. Raises SourceError when nobody could be asked."""
        order, said = self._agenda.settings.data.order.search, [SourceError("", "no source that can search is enabled")]
        for provider in self._asker.able(order, "search", text):
            try:
                self._check_pause(provider)
                assert isinstance(provider, SearchProvider)
                found = await provider.search(text)
            except BadPayload as error:
                said.append(error)
            except SourceError as error:
                said.append(error)
                self._asker.health.failed(provider.name, error)
            else:
                return found
        raise said[-1]

    def watch(self, symbol: str | None) -> None:
        """Fetch candles of `symbol` now and, while its market is open, again and again; None ends it."""
        if self._watching is not None:
            self._watching.cancel()
        self._watching = asyncio.create_task(self._watch(symbol)) if symbol else None

    async def close(self) -> None:
        """End what still runs."""
        task, self._watching = self._watching, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def reach_back(self, day: date) -> list[str]:
        """Fetch history for a look at `day`; once a symbol. The symbols whose history does not reach so far.

        It stays on the tape while the program runs. The store drops it when it is tidied, because it is older than
        `history_years`: a later run fetches it again when somebody looks so far back.
        """
        start = day - LOOK_BACK
        names = [name for name in self._agenda.wants.bars if self._lacks(name, start)]
        await together(*(self._longer(name, start) for name in names))
        return [name for name in self._agenda.wants.bars if not self._has(name, day)]

    async def vintages(self, day: date) -> None:
        """Fetch the revised series as they were known on `day`, unless the tape has them."""
        known = self._ledger.tape.vintages
        names = [name for name, entry in CATALOG.items() if entry.revised and (name, day) not in known]
        await together(*(self._vintage(name, day) for name in names))

    async def _vintage(self, name: str, day: date) -> None:
        start = new_york_date(self._clock.now()) - timedelta(days=366 * self._agenda.settings.data.history_years)
        start = min(start, day - LOOK_BACK)

        async def ask(provider: Provider) -> tuple[Series, ...]:
            assert isinstance(provider, SeriesProvider)
            try:
                return (await provider.series(name, start, day),)
            except UnknownSymbol:  # of that day: the series itself is known all the same
                return ()

        if found := await self._asker.first(self._agenda.order("series", name), "series", name, ask):
            await self._ledger.take(Facts(series=found))

    async def _longer(self, name: str, start: date) -> None:
        """All bars from `start` to now in one answer: parts could not be joined across a split."""
        end = new_york_date(self._clock.now())

        async def ask(provider: Provider) -> Bars:
            assert isinstance(provider, BarProvider)
            return await provider.bars(name, start, end)

        if found := await self._asker.first(self._agenda.order("bars", name), "bars", name, ask):
            await self._ledger.take(Facts(bars=(found,)))
            self._reached[name] = start, self._first(name)

    def _lacks(self, name: str, start: date) -> bool:
        """Whether asking for more is of use: it was not asked for, or what came was lost again to a shorter history."""
        reached, first = self._reached.get(name, (date.max, date.max))
        return not self._has(name, start) and (reached > start or self._first(name) > first)

    def _has(self, name: str, day: date) -> bool:
        return self._first(name) <= day + timedelta(days=7)  # the first session after `day` may be some days off

    def _first(self, name: str) -> date:
        bars = self._ledger.tape.bars.get(name)
        if bars is None or bars.frame.empty:
            return date.max
        first: date = bars.frame.index[0].date()
        return first

    async def _watch(self, symbol: str) -> None:
        again = True
        try:
            while True:
                regular = self._calendar.state_at(self._clock.now()) == "regular"
                if again or regular:
                    await self._candles(symbol)
                again = regular  # once more after the close, for the last candles
                await asyncio.sleep(self._agenda.settings.data.quotes_every_s)
        except Exception:
            log.exception("fetching candles of %s", symbol)

    async def _candles(self, symbol: str) -> None:
        async def ask(provider: Provider) -> Intraday:
            assert isinstance(provider, IntradayProvider)
            return await provider.intraday(symbol)

        order = self._agenda.order("intraday", symbol)
        if found := await self._asker.first(order, "intraday", symbol, ask):
            await self._ledger.take(Facts(intraday=(found,)))

    def _check_pause(self, provider: Provider) -> None:
        """Raise Unavailable while the provider is left alone."""
        health, now = self._asker.health.get(provider.name), self._clock.now()
        if self._asker.health.blocked(provider.name, now) and health.next_try:
            wait = spoken((health.next_try - now).total_seconds())
            text = f"{REGISTRY[provider.name].title} can be asked again in {wait}: {health.detail}"
            raise Unavailable(provider.name, text)
