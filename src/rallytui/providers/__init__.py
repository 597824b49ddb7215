"""What a provider is, and the registry: adding one is a file here and a line in `REGISTRY`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from msgspec.structs import asdict

from rallytui.config import ProviderSettings, Settings
from rallytui.model import Bars, Clock, Company, Intraday, Kind, Match, Quote, Series, SourceError

if TYPE_CHECKING:
    import httpx


class Provider(Protocol):
    """A source of facts. Its methods raise the errors of `model` and nothing else."""

    name: str
    delay_s: int
    """How late its quotes are by design, seconds."""

    def serves(self, kind: Kind, name: str) -> bool:
        """Whether asking for `name` (a canonical symbol or a series id) is of any use."""
        ...

    @property
    def idle(self) -> str:
        """Why it cannot be asked at all as things are configured, as a sentence; empty if it can."""
        ...

    @property
    def host(self) -> str:
        """The host that is asked, without scheme or path."""
        ...

    @property
    def address(self) -> str:
        """All that is asked, without names and passwords: another one is, as far as waits go, another source."""
        ...

    def retry_now(self) -> None:
        """Forget a pause after failures that was our own choice; one that the source asked for stands."""
        ...

    async def close(self) -> None:
        """Release connections."""
        ...


@runtime_checkable
class QuoteProvider(Protocol):
    """Has prices of now."""

    @property
    def misses(self) -> Mapping[str, SourceError]:
        """Why the last call lacked a symbol; an entry stays until the symbol is answered."""
        ...

    async def quotes(self, symbols: Sequence[str]) -> list[Quote]:
        """Quotes of those symbols that it knows, in as few requests as it can."""
        ...


@runtime_checkable
class BarProvider(Protocol):
    """Has daily history."""

    async def bars(self, symbol: str, start: date, end: date) -> Bars:
        """Finished daily bars of sessions in [start, end]."""
        ...


@runtime_checkable
class SeriesProvider(Protocol):
    """Has macro series."""

    async def series(self, series_id: str, start: date, vintage: date | None = None) -> Series:
        """Observations from `start` on; with `vintage`, as they were known on that day."""
        ...


@runtime_checkable
class CompanyProvider(Protocol):
    """Has what companies report."""

    async def company(self, symbol: str) -> Company:
        """Facts (and filings where it has them) of one filer."""
        ...


@runtime_checkable
class IntradayProvider(Protocol):
    """Has candles of the running day, for the page of one name."""

    async def intraday(self, symbol: str) -> Intraday:
        """Five-minute candles of the last five sessions."""
        ...


@runtime_checkable
class SearchProvider(Protocol):
    """Finds symbols."""

    async def search(self, text: str) -> list[Match]:
        """Symbols whose name or ticker resembles `text`, best first."""
        ...


@dataclass(frozen=True)
class Entry:
    """A line of the registry: `path` is `module:Class`, built with (settings, clock, transport)."""

    title: str
    path: str


REGISTRY = {
    "cboe": Entry("Cboe", "rallytui.providers.cboe:Cboe"),
    "yahoo": Entry("Yahoo", "rallytui.providers.yahoo:Yahoo"),
    "fred": Entry("FRED", "rallytui.providers.fred:Fred"),
    "treasury": Entry("Treasury", "rallytui.providers.treasury:Treasury"),
    "sec": Entry("EDGAR", "rallytui.providers.sec:Sec"),
    "nasdaq": Entry("Nasdaq", "rallytui.providers.nasdaq:Nasdaq"),
    "simulated": Entry("Simulated", "rallytui.providers.simulated:Simulated"),
}


def create(
    name: str, settings: ProviderSettings, clock: Clock, transport: httpx.AsyncBaseTransport | None = None
) -> Provider:
    """Build the provider called `name`; `transport` replaces the network in tests. Raises KeyError if unknown."""
    module, _, attribute = REGISTRY[name].path.partition(":")
    provider: Provider = getattr(import_module(module), attribute)(settings, clock, transport)
    return provider


def create_all(settings: Settings, clock: Clock) -> dict[str, Provider]:
    """The enabled providers that the configured order names, in the registry's order."""
    order = [name for names in asdict(settings.data.order).values() for name in names]
    wanted = {name: getattr(settings.providers, name, ProviderSettings()) for name in REGISTRY if name in order}
    return {name: create(name, own, clock) for name, own in wanted.items() if own.enabled}
