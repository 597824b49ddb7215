"""Nasdaq's quote pages as JSON: keyless last resort for stocks and ETFs, one symbol a request."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote as encoded

import httpx

from rallytui.config import ProviderSettings
from rallytui.model import Clock, Kind, Quote, SourceError, UnknownSymbol
from rallytui.providers import nasdaq_decode
from rallytui.providers.batch import LISTED, each, settle
from rallytui.providers.http import COMPATIBLE_AGENT, Manners, base_url
from rallytui.providers.nasdaq_decode import NAME
from rallytui.providers.source import Source

BASE = "https://api.nasdaq.com"
CLASSES = ("stocks", "etf")
HEADERS = {"Accept": "application/json, text/plain, */*", "Accept-Language": "en-US,en;q=0.9"}


class Nasdaq(Source):
    """https://www.nasdaq.com quotes of US stocks and ETFs, not of indices; often closed to hosted machines.

    It wants to be told whether a symbol is a stock or an ETF: stocks is tried first, what worked is remembered.
    `misses` holds why the last `quotes` lacked a symbol.
    """

    name = NAME

    def __init__(
        self, settings: ProviderSettings, clock: Clock, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._base = base_url(settings.base_url, BASE)
        manners = Manners(NAME, COMPATIBLE_AGENT, per_minute=30, burst=4, headers=HEADERS)
        super().__init__(manners, settings, clock, transport, (self._base,))
        self.misses: dict[str, SourceError] = {}
        self._classes: dict[str, str] = {}

    def serves(self, kind: Kind, name: str) -> bool:
        """Quotes of US stocks and ETFs."""
        return kind == "quotes" and LISTED.fullmatch(name) is not None

    async def quotes(self, symbols: Sequence[str]) -> list[Quote]:
        """One request per symbol, two the first time for an ETF. A symbol that fails is noted in `misses`."""
        return settle(await each(symbols, self._quote), self.misses)

    async def _quote(self, symbol: str) -> Quote:
        if not self.serves("quotes", symbol):
            raise UnknownSymbol(NAME, symbol)
        known = self._classes.get(symbol)
        if known:
            return await self._of_class(symbol, known)
        try:
            return await self._of_class(symbol, CLASSES[0])
        except UnknownSymbol:
            return await self._of_class(symbol, CLASSES[1])

    async def _of_class(self, symbol: str, asset_class: str) -> Quote:
        found = await self.http.fetch(
            f"{self._base}/api/quote/{encoded(symbol.replace('-', '.'), safe='')}/info",
            lambda body: nasdaq_decode.quote(body, symbol, self._clock.now()),
            {"assetclass": asset_class},
            about=symbol,
        )
        self._classes[symbol] = asset_class
        return found
