"""Cboe's delayed quotes and daily history: keyless, 15 minutes late, the exchange's own index prints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import quote as encoded

import httpx

from rallytui.config import ProviderSettings
from rallytui.model import Bars, Clock, Kind, Quote, Refused, SourceError, UnknownSymbol
from rallytui.providers import cboe_decode
from rallytui.providers.batch import LISTED, each, settle
from rallytui.providers.frames import Wanted
from rallytui.providers.http import Manners, base_url
from rallytui.providers.source import Source
from rallytui.providers.verdict import Answer

BASE = "https://cdn.cboe.com"
QUOTES = "/api/global/delayed_quotes/quotes/"
HISTORY = "/api/global/delayed_quotes/charts/historical/"
TABLES = "/api/global/us_indices/daily_prices/"
INDICES = {
    "^GSPC": "_SPX",
    "^VIX": "_VIX",
    "^VIX3M": "_VIX3M",
    "^VIX9D": "_VIX9D",
    "^VIX6M": "_VIX6M",
    "^VVIX": "_VVIX",
    "^SKEW": "_SKEW",
    "^NDX": "_NDX",
    "^RUT": "_RUT",
}
"""Indices whose Cboe values are the canonical ones; `_DJX` (a hundredth) and `_TNX` (tenfold) are not."""
IN_TABLES = frozenset({"^VIX", "^VIX3M", "^VIX9D", "^VIX6M", "^VVIX", "^SKEW"})
WITHOUT_HISTORY = frozenset({"^NDX", "^RUT"})


class Cboe(Source):
    """The files of https://www.cboe.com/delayed_quotes as served by its CDN: one request per symbol.

    Symbols are canonical. Cboe answers 403 AccessDenied for a file that it does not have; such a (kind, symbol) is
    remembered in `absent` for the life of the object, `serves` says no to it, and a caller may save and restore it.
    `misses` holds why the last `quotes` lacked a symbol.
    """

    name = "cboe"
    delay_s = 900

    def __init__(
        self, settings: ProviderSettings, clock: Clock, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._base = base_url(settings.base_url, BASE)
        manners = Manners(self.name, per_minute=150, burst=4, judge=_judge)
        super().__init__(manners, settings, clock, transport, (self._base,))
        self.misses: dict[str, SourceError] = {}

    def serves(self, kind: Kind, name: str) -> bool:
        """Quotes and bars of US stocks, ETFs and the indices in `INDICES`, but for files known to be absent."""
        if kind not in ("quotes", "bars") or (kind, name) in self.absent:
            return False
        if kind == "bars" and name in WITHOUT_HISTORY:
            return False
        return name in INDICES or LISTED.fullmatch(name) is not None

    async def quotes(self, symbols: Sequence[str]) -> list[Quote]:
        """One request per symbol. A symbol that fails is left out and noted in `misses`; if all fail, one is raised."""
        return settle(await each(symbols, self._quote), self.misses)

    async def bars(self, symbol: str, start: date, end: date) -> Bars:
        """Finished bars in [start, end], index points or USD, one request (a 304 when nothing changed).

        Volatility indices come from the `*_History.csv` tables, which gain a session on its evening; the rest from the
        historical charts, which gain it on the next day. Prices are not adjusted for dividends: adj_close is NaN.
        """
        code = self._code("bars", symbol)
        wanted = Wanted(self.name, symbol, start, end, self._clock.now())
        if symbol in IN_TABLES:
            url = f"{self._base}{TABLES}{code[1:]}_History.csv"
            return await self._file("bars", symbol, url, lambda body: cboe_decode.table(body, wanted))
        url = f"{self._base}{HISTORY}{encoded(code, safe='')}.json"
        return await self._file("bars", symbol, url, lambda body: cboe_decode.history(body, wanted, code))

    async def _quote(self, symbol: str) -> Quote:
        code = self._code("quotes", symbol)
        url = f"{self._base}{QUOTES}{encoded(code, safe='')}.json"
        return await self._file(
            "quotes", symbol, url, lambda body: cboe_decode.quote(body, symbol, code, self._clock.now())
        )

    def _code(self, kind: Kind, symbol: str) -> str:
        if not self.serves(kind, symbol):
            raise UnknownSymbol(self.name, symbol)
        return INDICES.get(symbol) or symbol.replace("-", ".")


def _judge(answer: Answer, about: str) -> SourceError | None:
    """403 with S3's AccessDenied is how the CDN says "no such file"; another 403 is a wall."""
    if answer.status == 403 and b"AccessDenied" in answer.body and not answer.is_page():
        return UnknownSymbol("cboe", about)
    if answer.status == 404:
        # The CDN never says 404 for a file it lacks: something else answered, so nothing is to be remembered.
        return Refused("cboe", f"Cboe answers with a page of its own (status 404): {answer.words()}")
    return None
