"""The vocabulary: the facts that providers deliver, the clock, and the errors of a source. No pandas is loaded here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["quotes", "bars", "series", "companies", "search", "intraday"]
"""What a provider can be asked for."""

Freshness = Literal["fresh", "lagging", "stale", "missing"]
Light = Literal["calm", "watch", "stress", "unknown"]
ClaimStatus = Literal["on_track", "at_risk", "broken", "unknown"]
SessionState = Literal["pre", "regular", "post", "closed"]
HealthStatus = Literal["ok", "failing", "skipped", "untried"]


class Clock(Protocol):
    """Where "now" comes from. Handed to Feed and App; nothing else may ask the machine for the time."""

    def now(self) -> datetime:
        """The moment, timezone-aware UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards, for waits and ages."""
        ...


@dataclass(frozen=True, slots=True)
class Quote:
    """One source's latest price of one symbol.

    Prices are in index points or the symbol's currency. `at` is the trade's time and `known_at` when it was received,
    both aware UTC. `session_date` is the New York date of the session the price belongs to and `state` the part of it.
    `price` is always a regular-session price; what traded before or after is `extended`.
    `day` holds the session's prices so far at even steps, oldest first; it may be empty.
    """

    symbol: str
    price: float
    at: datetime
    known_at: datetime
    source: str
    session_date: date
    delay_s: int = 0
    state: SessionState = "regular"
    prev_close: float | None = None
    open: float | None = None
    high: float | None = None
    low: float | None = None
    volume: float | None = None
    extended: float | None = None
    day: tuple[float, ...] = ()


@dataclass(frozen=True, eq=False)
class Bars:
    """Finished daily bars of one symbol, oldest first, one a session.

    `frame` is indexed by session date (naive `datetime64`, New York dates) and has the float columns
    open, high, low, close (split-adjusted), adj_close (split- and dividend-adjusted) and volume; NaN is missing.
    The bar of date D is known at 18:00 New York on D. An unfinished bar never gets here.
    """

    symbol: str
    frame: pd.DataFrame
    source: str
    name: str = ""
    currency: str = ""
    """As the source writes it, as in USD or GBp (pence); empty if it does not say."""
    closings: tuple[Quote, ...] = ()
    """The final quotes that the newest rows are made of, until the bars of their sessions come (METHODOLOGY G.1)."""

    @cached_property
    def last_day(self) -> date | None:
        """The session of the newest bar, None without bars. Kept: every tick asks, and pandas is slow to answer."""
        return None if self.frame.empty else self.frame.index[-1].date()

    @cached_property
    def last_close(self) -> float | None:
        """The close of the newest bar, None without bars."""
        return None if self.frame.empty else float(self.frame["close"].iloc[-1])


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Intraday:
    """Five-minute candles of one symbol over the last sessions, oldest first, regular hours only.

    `frame` is indexed by the candle's beginning (aware UTC) and has the float columns open, high, low, close and
    volume; NaN is missing. `received` is when it was fetched, aware UTC.
    """

    symbol: str
    frame: pd.DataFrame
    source: str
    received: datetime


@dataclass(frozen=True, eq=False)
class Series:
    """Observations of one macro series as they became known.

    `frame` has the columns obs (naive `datetime64`: the period's date as the publisher labels it), value (float,
    the publisher's unit) and known_at (aware UTC), sorted by (obs, known_at). An observation that was revised has
    several rows, one for each value that could be read; NaN from when it was withdrawn. `received` is when it was
    fetched, aware UTC. `vintage` is set when the rows are what ALFRED says was known on that day; without it known_at
    follows the lag rule of `macro`.
    """

    id: str
    frame: pd.DataFrame
    source: str
    received: datetime
    vintage: date | None = None
    covers: date | None = None
    """The last date that the answer speaks of, with or without a value; only of an answer, not of what is kept."""

    @cached_property
    def last_day(self) -> date | None:
        """The label of the newest observation that is not withdrawn, None without any."""
        standing = self.frame[~self.frame.duplicated("obs", keep="last")].dropna(subset="value")
        return None if standing.empty else standing["obs"].iloc[-1].date()


@dataclass(frozen=True, slots=True)
class Fact:
    """One undimensioned XBRL fact: `value` in `unit` for [start, end]; `start` is None for a balance-sheet instant."""

    tag: str
    unit: str
    start: date | None
    end: date
    value: float
    filed: date
    form: str


@dataclass(frozen=True, slots=True)
class Filing:
    """One filing of a company. `accepted` is aware UTC; `url` opens the main document."""

    form: str
    filed: date
    period: date | None
    accepted: datetime | None
    accession: str
    url: str


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Company:
    """What a filer has reported: facts and filings, each known at 18:00 New York on its `filed` date."""

    symbol: str
    facts: tuple[Fact, ...]
    filings: tuple[Filing, ...] = ()
    name: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A symbol that a search found."""

    symbol: str
    name: str
    kind: str
    exchange: str


@dataclass(frozen=True, slots=True)
class Health:
    """How one provider is doing. Times are aware UTC; `detail` is plain text about the last failure.

    A provider that cannot be asked at all as things are configured is `skipped`, with the reason in `detail`. `limited`
    says that the source itself asked for the wait until `next_try`; `address` is where it was asked.
    """

    provider: str
    status: HealthStatus = "untried"
    last_ok: datetime | None = None
    failures: int = 0
    next_try: datetime | None = None
    detail: str = ""
    delay_s: int = 0
    title: str = ""
    host: str = ""
    limited: bool = False
    address: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Facts:
    """What one refresh brought: a bundle that `Tape.apply` takes in."""

    quotes: tuple[Quote, ...] = ()
    bars: tuple[Bars, ...] = ()
    series: tuple[Series, ...] = ()
    companies: tuple[Company, ...] = ()
    intraday: tuple[Intraday, ...] = ()
    health: Mapping[str, Health] = field(default_factory=dict)
    closes: tuple[Quote, ...] = ()
    """Final quotes of earlier sessions, as a store kept them; of `quotes`, those that are final count by themselves."""


class SourceError(Exception):
    """A source did not give what was asked. `provider` names it; the text is plain and safe to show."""

    def __init__(self, provider: str, text: str) -> None:
        super().__init__(text)
        self.provider = provider


class Unavailable(SourceError):
    """No connection, a time-out, or a server error: worth another try later."""


class RateLimited(SourceError):
    """The source asked for patience: `retry_after` seconds, None if it did not say how long."""

    def __init__(self, provider: str, text: str, retry_after: float | None = None) -> None:
        super().__init__(provider, text)
        self.retry_after = retry_after


class Refused(SourceError):
    """The source will not answer us as we are: a bad key, an undeclared agent, a challenge page."""


class UnknownSymbol(SourceError):
    """The source has nothing by that name; asking again is of no use."""

    def __init__(self, provider: str, symbol: str, text: str = "") -> None:
        super().__init__(provider, text or f"{provider} has no data for {symbol}")
        self.symbol = symbol


class BadPayload(SourceError):
    """The answer does not have the shape it should. `path` is the field, as in `$.data.current_price`.

    `payload` is the beginning of what was refused, without our keys; empty where there was no body to keep.
    """

    def __init__(self, provider: str, path: str, text: str, payload: bytes = b"") -> None:
        super().__init__(provider, f"{provider}: {path}: {text}")
        self.path = path
        self.payload = payload
