"""What is due now and when something is due next, from what is known, what was asked and what nobody has."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from rallytui.config import Settings
from rallytui.exchanges import NEW_YORK_CODE, calendar_of, exchange_of
from rallytui.feed import schedule
from rallytui.feed.asking import Asker
from rallytui.feed.ledger import Ledger
from rallytui.feed.wants import wants
from rallytui.model import Clock, Kind
from rallytui.sessions import Calendar

Chance = Callable[[], float]
SPREAD, SPREAD_S = 0.1, 30.0
SOON = timedelta(seconds=1)
OWED_AGAIN = timedelta(minutes=30)
IDLE = timedelta(hours=6)
CHECK = ("check", "close")


class Agenda:
    """Knows no source by name. Moments to come are put off at random a little, so that programs do not ask in step."""

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        asker: Asker,
        clock: Clock,
        calendar: Calendar,
        chance: Chance = random.random,
    ) -> None:
        self.settings, self.wants = settings, wants(settings)
        self.owed: set[str] = set()
        """Quotes that the last round wanted and did not get."""
        self.quotes_at: datetime | None = None
        self._ledger, self._asker = ledger, asker
        self._clock, self._calendar, self._chance = clock, calendar, chance

    def change(self, settings: Settings) -> None:
        """Other names are wanted: what is new is due at once."""
        before, self.settings, self.wants = self.wants, settings, wants(settings)
        self.owed = (self.owed | set(self.wants.quotes) - set(before.quotes)) & set(self.wants.quotes)

    def order(self, kind: Kind, name: str) -> list[str]:
        """Whom the config wants to be asked, first choice first."""
        order, index = self.settings.data.order, name.startswith("^")
        if kind == "quotes":
            return order.index_quotes if index else order.stock_quotes
        if kind == "bars":
            return order.index_bars if index else order.stock_bars
        line: list[str] = getattr(order, kind)
        return line

    def calendar_of(self, name: str) -> Calendar:
        """The calendar that a name is judged by; New York's with the closures of the config."""
        return self._calendar if exchange_of(name) == NEW_YORK_CODE else calendar_of(name)

    def quotes(self, *, every: bool) -> list[str]:
        """Names whose price can have changed: all of them, or those that the last round owed."""
        now, known = self._clock.now(), self._ledger.tape.quotes
        due = [name for name in self.wants.quotes if schedule.quote_due(known.get(name), self.calendar_of(name), now)]
        if self._calendar.state_at(now) == "closed":
            due = [name for name in due if self._asker.attempts.rested("quotes", name, now)]
        return [name for name in due if every or name in self.owed]

    def is_compared(self, name: str) -> bool:
        """Whether it is an index that a list of shares is compared with, while the session runs."""
        compared = name.startswith("^") and any(one.benchmark == name for one in self.settings.watchlists.values())
        return compared and self.calendar_of(name).state_at(self._clock.now()) == "regular"

    def quotes_due(self) -> bool:
        """Whether it is time for a whole round of quotes."""
        return self.quotes_at is None or self.quotes_at <= self._clock.now()

    def quotes_asked(self, owed: set[str], *, every: bool) -> None:
        """A round of quotes has ended; the next one counts from here."""
        self.owed = owed
        if every:
            now, data = self._clock.now(), self.settings.data
            due = schedule.next_quotes(self._ledger.tape.quotes, self.wants.quotes, data, self.calendar_of, now)
            timed = due == now + timedelta(seconds=schedule.quotes_every(data, self._calendar, now))
            self.quotes_at = self._later(due, now) if timed else self._apart(due)

    def bars(self) -> list[str]:
        """Names that lack a finished bar, and those whose bars a split has put on another basis."""
        return [
            name
            for name in self.wants.bars
            if self.bars_due(name) and self._asker.attempts.rested("bars", name, self._clock.now())
        ]

    def bars_due(self, name: str) -> bool:
        """Whether another answer about the history of a name is wanted; one that a split changed is, at once."""
        now, tape = self._clock.now(), self._ledger.tape
        if schedule.rebased(tape.quotes.get(name), tape.bars.get(name), self.calendar_of(name)):
            return True
        lacking = schedule.bars_due(tape.bars.get(name), self.calendar_of(name), now)
        return lacking and schedule.older(self._ledger.fetched("bars", name), now, OWED_AGAIN)

    def series(self) -> list[str]:
        """Macro series of which there can be a new observation."""
        return [name for name in self.wants.series if self._has_come("series", name)]

    def companies(self) -> list[str]:
        """Companies that can have filed something."""
        return [name for name in self.wants.companies if self._has_come("companies", name)]

    def check(self) -> bool:
        """Whether the closing prices are to be held against a second source: once for each close."""
        now = self._clock.now()
        begins, done = schedule.check_at(self._calendar, now), self._ledger.fetched(*CHECK)
        shut = self._calendar.state_at(now) in ("post", "closed")
        return shut and begins <= now and (done is None or not begins <= done <= now)

    def next_round(self) -> datetime:
        """When something is due again, or a source that failed may be asked for what it owes."""
        now = self._clock.now()
        return max(min([*self._moments(now), now + IDLE]), now + SOON)

    def _moments(self, now: datetime) -> Iterator[datetime]:
        if self.quotes_at is not None:
            yield self.quotes_at
        yield self._apart(schedule.next_bars(self._calendar, now))
        if (begins := schedule.check_at(self._calendar, now)) > now:
            yield self._apart(begins)
        series, companies = (
            self._times("series", self.wants.series, now),
            self._times("companies", self.wants.companies, now),
        )
        yield from (self._later(at, now) for at in (*series, *companies))
        if self.owed or self.bars() or self.series() or self.companies() or self.check():
            waits = [health.next_try for health in self._asker.health.entries.values() if health.status == "failing"]
            yield from (at for at in [*waits, now + OWED_AGAIN] if at is not None and at > now)
        again = (self._asker.attempts.again_at("bars", name) for name in self.wants.bars)
        yield from (at for at in again if at is not None and at > now)

    def _times(self, kind: Kind, names: Iterable[str], now: datetime) -> Iterator[datetime]:
        """When each name is due next, of those that are not due now and that somebody has."""
        for name in names:
            at, again = self._at(kind, name), self._asker.attempts.again_at(kind, name)
            if at is not None and self._asker.able(self.order(kind, name), kind, name):
                at = schedule.on_session(max(at, again or at, now), self._calendar)
                if at > now:
                    yield at

    def _has_come(self, kind: Kind, name: str) -> bool:
        now, asked = self._clock.now(), self._ledger.fetched(kind, name)
        return (
            schedule.has_come(self._at(kind, name), asked, self._calendar, now)
            and self._asker.attempts.rested(kind, name, now)
            and bool(self._asker.able(self.order(kind, name), kind, name))
        )

    def _at(self, kind: Kind, name: str) -> datetime | None:
        asked = self._ledger.fetched(kind, name)
        if kind == "companies":
            return schedule.company_at(asked if name in self._ledger.tape.companies else None, self._calendar)
        return schedule.series_at(self._ledger.tape.series.get(name), asked, self._calendar, name)

    def _later(self, moment: datetime, now: datetime) -> datetime:
        """A little after the end of our own pause: up to a tenth of it, at most half a minute."""
        wait = max(0.0, (moment - now).total_seconds())
        return moment + timedelta(seconds=self._chance() * min(SPREAD * wait, SPREAD_S))

    def _apart(self, moment: datetime) -> datetime:
        """Up to half a minute after a moment of the calendar, which comes for all programs in the same second."""
        return moment + timedelta(seconds=self._chance() * min(self.settings.data.quotes_every_s, SPREAD_S))
