"""SEC EDGAR: what companies report, from companyfacts and submissions; only with a contact address."""

from __future__ import annotations

import asyncio

import httpx

from rallytui import __version__
from rallytui.config import ProviderSettings
from rallytui.model import Clock, Company, Kind, RateLimited, Refused, SourceError, Unavailable, UnknownSymbol
from rallytui.providers import sec_decode
from rallytui.providers.decode import said
from rallytui.providers.http import Manners, base_url
from rallytui.providers.sec_decode import NAME
from rallytui.providers.source import Source
from rallytui.providers.verdict import Answer
from rallytui.sessions import new_york_date

BASE = "https://data.sec.gov"
WWW = "https://www.sec.gov"
TICKERS_FOR_S = 7 * 86_400.0
THRESHOLD_S = 600.0
"""After "Request Rate Threshold Exceeded" an address is served again when it has stayed away for ten minutes."""


class Sec(Source):
    """EDGAR's JSON (https://www.sec.gov/search-filings/edgar-application-programming-interfaces).

    Two requests a company, and one a week for the list of tickers. companyfacts is one file of 1 to 5 MB (packed to a
    tenth) where the companyconcept files would be ten small ones, half of them 404: one request leaves the budget of
    10 a second alone and cannot be half successful. SEC wants to know whom to write to, so without a `contact` in the
    settings nothing is asked and `serves` says no.
    """

    name = NAME

    def __init__(
        self, settings: ProviderSettings, clock: Clock, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._base, self._www = base_url(settings.base_url, BASE), base_url(settings.www_url, WWW)
        # A header is ASCII on one line: anything else in the config must not become another header.
        self.contact = " ".join(settings.contact.encode("ascii", "ignore").decode().split())
        manners = Manners(NAME, f"rallytui/{__version__} {self.contact}", per_minute=480, burst=4, judge=_judge)
        super().__init__(manners, settings, clock, transport, (self._base, self._www))
        self._tickers: dict[str, tuple[int, ...]] = {}
        self._listed_at = float("-inf")
        self._listing = asyncio.Lock()

    @property
    def idle(self) -> str:
        """EDGAR is not asked without a contact address."""
        return "" if self.contact else "not asked: no contact in the config"

    def serves(self, kind: Kind, name: str) -> bool:
        """US filers by ticker, if there is a contact; not those that were found to report nothing."""
        if kind != "companies" or (kind, name) in self.absent:
            return False
        return bool(self.contact) and name[:1].isalpha()

    async def company(self, symbol: str) -> Company:
        """Facts of the tags in `sec_decode` in their own units, and the periodic and current reports.

        Raises UnknownSymbol for what is no filer or reports no facts (funds), Refused without a contact.
        """
        if self.idle:
            raise Refused(NAME, self.idle)
        ciks = await self._ciks(symbol)
        for cik in ciks[:-1]:
            try:
                return await self._filer(symbol, cik)
            except UnknownSymbol:
                continue  # one ticker, two filers: this one reports nothing
        return await self._filer(symbol, ciks[-1])

    async def _filer(self, symbol: str, cik: int) -> Company:
        today = new_york_date(self._clock.now())
        facts_url = f"{self._base}/api/xbrl/companyfacts/{sec_decode.padded(cik)}.json"
        name, facts = await self._file(
            "companies", symbol, facts_url, lambda body: sec_decode.facts(body, symbol, cik, today)
        )
        filings = await self._file(
            "companies",
            symbol,
            f"{self._base}/submissions/{sec_decode.padded(cik)}.json",
            lambda body: sec_decode.filings(body, cik),
        )
        self.absent.discard(("companies", symbol))
        return Company(symbol, facts, filings, name, NAME)

    async def _ciks(self, symbol: str) -> tuple[int, ...]:
        async with self._listing:  # several companies asked for at once share one list
            now = self._clock.monotonic()
            if now - self._listed_at > TICKERS_FOR_S:
                self._tickers = await self.http.fetch(f"{self._www}/files/company_tickers.json", sec_decode.tickers)
                self._listed_at = now
                self.absent.clear()
        if symbol not in self._tickers:
            self.absent.add(("companies", symbol))
            raise UnknownSymbol(NAME, symbol, f"EDGAR lists no filer {said(symbol, 20)}")
        return self._tickers[symbol]


def _judge(answer: Answer, about: str) -> SourceError | None:
    """EDGAR's refusals are pages, some with status 200; what is missing is XML with status 404."""
    start = answer.body[:8000]
    if b"Undeclared Automated Tool" in start:
        return Refused(NAME, "EDGAR does not accept the contact address in the config")
    if b"Request Rate Threshold Exceeded" in start:
        return RateLimited(NAME, "EDGAR was asked too often", answer.retry_after or THRESHOLD_S)
    if answer.status == 404 and answer.is_page():
        return Unavailable(NAME, f"EDGAR answers with an error page: {answer.words()}")
    return None
