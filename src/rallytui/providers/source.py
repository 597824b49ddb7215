"""What every provider of the network has in common: its HTTP, its clock, and what it says about itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import httpx

from rallytui.config import ProviderSettings
from rallytui.model import Clock, Kind, UnknownSymbol
from rallytui.providers.http import Http, Manners, bare_address, host_of

T = TypeVar("T")


class Source:
    """The base of the providers: `bases` are the addresses that it may ask, the main one first.

    `absent` holds the (kind, name) pairs that it was found not to have, for the life of the object.
    """

    name = ""
    delay_s = 0

    def __init__(
        self,
        manners: Manners,
        settings: ProviderSettings,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None,
        bases: tuple[str, ...],
    ) -> None:
        self._clock, self._main, self._bases = clock, bases[0], bases
        self.http = Http(manners, settings, clock, transport, bases)
        self.absent: set[tuple[Kind, str]] = set()

    @property
    def idle(self) -> str:
        """Why it cannot be asked at all as things are configured, as a sentence; empty if it can."""
        return ""

    @property
    def host(self) -> str:
        """The host that is asked, without scheme or path."""
        return host_of(self._main)

    @property
    def address(self) -> str:
        """The addresses that it may ask, without names and passwords."""
        return " ".join(map(bare_address, self._bases))

    def retry_now(self) -> None:
        """Forget what is `absent` and a pause that was our own choice; one that the source asked for stands."""
        self.absent.clear()
        self.http.breaker.retry_now()

    async def close(self) -> None:
        """Release connections; a later request opens new ones."""
        await self.http.close()

    async def _file(self, kind: Kind, name: str, url: str, decode: Callable[[bytes], T]) -> T:
        """GET and decode a file about `name`; that there is none is remembered in `absent`."""
        try:
            return await self.http.fetch(url, decode, about=name)
        except UnknownSymbol:
            self.absent.add((kind, name))
            raise
