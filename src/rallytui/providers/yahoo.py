"""Yahoo Finance without cookies or crumbs: batched quotes, daily history, search, and reported revenue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from urllib.parse import quote as encoded

import httpx

from rallytui.config import ProviderSettings
from rallytui.exchanges import is_final
from rallytui.model import (
    Bars,
    Clock,
    Company,
    Intraday,
    Kind,
    Match,
    Quote,
    RateLimited,
    SourceError,
    Unavailable,
    UnknownSymbol,
)
from rallytui.providers import yahoo_company, yahoo_decode, yahoo_intraday
from rallytui.providers.batch import Outcome, each, settle
from rallytui.providers.frames import Wanted
from rallytui.providers.http import COMPATIBLE_AGENT, Manners, base_url
from rallytui.providers.source import Source
from rallytui.providers.verdict import Answer
from rallytui.providers.yahoo_decode import SYMBOL
from rallytui.providers.yahoo_wire import problem_of
from rallytui.sessions import known_by, new_york, new_york_date, nyse

BASE = "https://query1.finance.yahoo.com"
SPARK_SIZE = 20
CLOSINGS = 16
"""So many closing prices are asked for in one round: more would hold the round up."""
MIDNIGHT = time(0)


class Yahoo(Source):
    """The endpoints of https://finance.yahoo.com that answer without a crumb. Canonical symbols are Yahoo's own.

    One 429 means that this address is blocked for longer than a quarter of an hour, so all requests then stay back
    for at least 20 minutes. `misses` holds why the last `quotes` lacked a symbol.
    """

    name = "yahoo"

    def __init__(
        self, settings: ProviderSettings, clock: Clock, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._base = base_url(settings.base_url, BASE)
        manners = Manners(self.name, COMPATIBLE_AGENT, per_minute=60, burst=8, patience_s=1200, judge=_judge)
        super().__init__(manners, settings, clock, transport, (self._base,))
        self.misses: dict[str, SourceError] = {}
        self._closed: dict[str, tuple[date, Quote]] = {}

    def serves(self, kind: Kind, name: str) -> bool:
        """Everything but macro series; companies only for what can be a share."""
        if kind == "companies":
            return SYMBOL.fullmatch(name) is not None and not set(name) & set("^=")
        return kind == "search" or (kind in ("quotes", "bars", "intraday") and SYMBOL.fullmatch(name) is not None)

    async def quotes(self, symbols: Sequence[str]) -> list[Quote]:
        """One request for each 20 symbols: price, previous close and the day's path, but no volume and no range.

        A symbol that fails is left out and noted in `misses`; if all fail, one of the errors is raised.
        """
        outcomes: dict[str, Outcome] = {}
        asked = [symbol for symbol in dict.fromkeys(symbols) if self._known(outcomes, symbol)]
        for at in range(0, len(asked), SPARK_SIZE):
            outcomes.update(await self._spark(asked[at : at + SPARK_SIZE]))
        outcomes.update(await self._closings(outcomes))
        return settle({symbol: outcomes[symbol] for symbol in dict.fromkeys(symbols)}, self.misses)

    async def quote(self, symbol: str) -> Quote:
        """One symbol with today's open, high, low and volume: one request, where `quotes` needs one for twenty."""
        return await self.http.fetch(
            self._chart(symbol),
            lambda body: yahoo_decode.quote(body, symbol, self._clock.now()),
            {"range": "1d", "interval": "5m", "includePrePost": "false"},
            about=symbol,
        )

    async def bars(self, symbol: str, start: date, end: date) -> Bars:
        """Finished daily bars in [start, end], split-adjusted, with adj_close: one request.

        Asked by period, because `range=max` silently answers with quarters.
        """
        first, after = new_york(start, MIDNIGHT), new_york(max(start, end) + timedelta(days=1), MIDNIGHT)
        wanted = Wanted(self.name, symbol, start, end, self._clock.now())
        return await self.http.fetch(
            self._chart(symbol),
            lambda body: yahoo_decode.bars(body, wanted),
            {"period1": _epoch(first), "period2": _epoch(after), "interval": "1d", "events": "split,div"},
            about=symbol,
        )

    async def intraday(self, symbol: str) -> Intraday:
        """Finished five-minute candles of the last five sessions: one request."""
        return await self.http.fetch(
            self._chart(symbol),
            lambda body: yahoo_intraday.candles(body, symbol, self._clock.now()),
            yahoo_intraday.PARAMS,
            about=symbol,
        )

    async def company(self, symbol: str) -> Company:
        """Revenue, capital spending, net income and diluted shares of about five quarters and four years: one request.

        Yahoo does not say when a figure was filed; see `yahoo_company.decode` for what stands in for it.
        """
        now = self._clock.now()
        return await self.http.fetch(
            f"{self._base}/ws/fundamentals-timeseries/v1/finance/timeseries/{encoded(self._valid(symbol), safe='')}",
            lambda body: yahoo_company.decode(body, symbol, now),
            {
                "symbol": symbol,
                "type": ",".join(yahoo_company.TYPES),
                "period1": _epoch(now - timedelta(days=6 * 366)),
                "period2": _epoch(now + timedelta(days=1)),
            },
            about=symbol,
        )

    async def search(self, text: str) -> list[Match]:
        """Symbols whose name or ticker resembles `text`, best first: one request, none for blank text."""
        if not text.strip():
            return []
        return await self.http.fetch(
            f"{self._base}/v1/finance/search",
            yahoo_decode.matches,
            {"q": text.strip()[:60], "quotesCount": "8", "newsCount": "0", "enableFuzzyQuery": "false"},
        )

    async def _closings(self, outcomes: dict[str, Outcome]) -> dict[str, Outcome]:
        """Closing prices where the batch has none: its last point is five minutes before the close, the auction empty.

        Asked for name by name, a few at a time, once a session and only on its evening: later the bars have them.
        """
        now, calendar = self._clock.now(), nyse()
        session = calendar.last_completed(now)
        if new_york_date(now) != session or now >= known_by(session):
            return {}
        lacking = [
            symbol
            for symbol, one in outcomes.items()
            if isinstance(one, Quote) and one.session_date == session and not is_final(one)
        ]
        due = [symbol for symbol in lacking if self._closed.get(symbol, (None,))[0] != session][:CLOSINGS]
        for symbol, one in (await each(due, self.quote)).items():
            if isinstance(one, Quote):
                self._closed[symbol] = (session, one)
        kept = {symbol: self._closed[symbol] for symbol in lacking if symbol in self._closed}
        return {symbol: one for symbol, (day, one) in kept.items() if day == session and is_final(one)}

    def _known(self, outcomes: dict[str, Outcome], symbol: str) -> bool:
        if not self.serves("quotes", symbol):
            outcomes[symbol] = UnknownSymbol(self.name, symbol)
        return symbol not in outcomes

    async def _spark(self, symbols: list[str]) -> dict[str, Outcome]:
        try:
            return await self.http.fetch(
                f"{self._base}/v8/finance/spark",
                lambda body: yahoo_decode.spark(body, symbols, self._clock.now()),
                {"symbols": ",".join(symbols), "range": "1d", "interval": "5m", "includePrePost": "false"},
                about=symbols[0] if len(symbols) == 1 else "",
            )
        except SourceError as error:
            return dict.fromkeys(symbols, error)

    def _chart(self, symbol: str) -> str:
        return f"{self._base}/v8/finance/chart/{encoded(self._valid(symbol), safe='')}"

    def _valid(self, symbol: str) -> str:
        if not SYMBOL.fullmatch(symbol):
            raise UnknownSymbol(self.name, symbol)
        return symbol


def _epoch(moment: datetime) -> str:
    return str(int(moment.timestamp()))


def _judge(answer: Answer, about: str) -> SourceError | None:
    """Yahoo's plain-text refusals, its outage page, and the JSON error objects that come with any status."""
    start = answer.body[:2000].lower()
    if start.startswith((b"edge: too many requests", b"too many requests")):
        return RateLimited("yahoo", "Yahoo says: too many requests", answer.retry_after)
    if answer.is_page() and b"will be right back" in start:
        return Unavailable("yahoo", "Yahoo says it will be right back")
    if answer.status in (400, 401, 403, 404, 422) and not answer.is_page():
        return problem_of(answer.body, about)
    return None
