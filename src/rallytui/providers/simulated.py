"""A made-up market: every kind of fact, deterministic, for the demo, for tests and for work without a network."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from rallytui.config import ProviderSettings
from rallytui.macro import CATALOG, to_series
from rallytui.model import (
    Bars,
    Clock,
    Company,
    Intraday,
    Kind,
    Match,
    Quote,
    Series,
    SessionState,
    SourceError,
    UnknownSymbol,
)
from rallytui.providers.simulated_companies import FILERS, reports
from rallytui.providers.simulated_day import Session, after_close, before_open
from rallytui.providers.simulated_intraday import candles
from rallytui.providers.simulated_macro import Economy
from rallytui.providers.simulated_market import Market
from rallytui.providers.simulated_universe import TICKER, UNIVERSE, spec_of
from rallytui.sessions import known_by, new_york_date, nyse

if TYPE_CHECKING:
    import httpx

NAME = "simulated"
SEED = 6931
INTRADAY_SESSIONS = 5
MOST_MATCHES = 8
UNLIKE = 4


class Simulated:
    """Answers at once and never fails. The same seed and the same moment of the clock give the same answers.

    The S&P 500 passes through its real closes on the thesis's dates; all else resembles the real thing and is not.
    Nothing that would be known only after the clock's moment is ever in an answer.
    """

    name = NAME
    delay_s = 0
    idle = ""
    host = address = ""

    def __init__(
        self,
        settings: ProviderSettings,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
        seed: int = SEED,
    ) -> None:
        self.misses: dict[str, SourceError] = {}
        self._clock = clock
        self._calendar = nyse()
        self._market = Market(seed, self._calendar)
        self._economy = Economy(self._market)
        self._sessions: dict[str, Session] = {}

    def serves(self, kind: Kind, name: str) -> bool:
        """All that the default thesis needs, and prices for anything that could be a ticker."""
        if kind == "series":
            return name in CATALOG
        if kind == "companies":
            return name in FILERS
        return kind == "search" or spec_of(name) is not None

    async def quotes(self, symbols: Sequence[str]) -> list[Quote]:
        """A quote of each symbol that could be one; in the regular session it moves every second."""
        now = self._clock.now()
        return [self._quote(symbol, now) for symbol in symbols if spec_of(symbol) is not None]

    async def bars(self, symbol: str, start: date, end: date) -> Bars:
        """Finished bars from 2019-01-02 on."""
        import pandas as pd

        spec = spec_of(symbol)
        if spec is None:
            raise UnknownSymbol(NAME, symbol)
        market, final = self._market, self._market.place(self._calendar.last_final(self._clock.now()))
        part = slice(bisect_left(market.days, start), min(market.place(end), final) + 1)
        history, factors = market.history(symbol), market.adjustment(spec, final)
        columns = {name: getattr(history, name)[part] for name in ("open", "high", "low", "close")}
        columns["adj_close"] = history.close[part] * factors[part]
        columns["volume"] = history.volume[part] if spec.volume else float("nan")
        index = pd.DatetimeIndex(market.dates[part].astype("datetime64[s]"), name="date")
        return Bars(symbol, pd.DataFrame(columns, index=index), NAME, spec.name)

    async def intraday(self, symbol: str) -> Intraday:
        """Finished five-minute candles of the last five sessions, the running one among them."""
        if spec_of(symbol) is None:
            raise UnknownSymbol(NAME, symbol)
        now = self._clock.now()
        running = self._calendar.state_at(now) == "regular"
        last = self._market.place(new_york_date(now) if running else self._calendar.last_completed(now))
        places = range(max(0, last - INTRADAY_SESSIONS + 1), last + 1)
        sessions = [Session(self._market, symbol, place) for place in places]
        return Intraday(symbol, candles(sessions, now), NAME, now)

    async def series(self, series_id: str, start: date, vintage: date | None = None) -> Series:
        """A path of the catalogue; with `vintage`, first prints where the revision had not come by that day."""
        if series_id not in CATALOG:
            raise UnknownSymbol(NAME, series_id)
        now = self._clock.now()
        moment = min(now, known_by(vintage)) if vintage else now
        return to_series(series_id, self._economy.known(series_id, start, moment), NAME, now, vintage)

    async def company(self, symbol: str) -> Company:
        """Revenue, shares and, of the hyperscalers, capital spending, as far as they have been filed."""
        if symbol not in FILERS:
            raise UnknownSymbol(NAME, symbol)
        now = self._clock.now()
        today = new_york_date(now)
        facts, filings = reports(symbol, self._calendar, today if known_by(today) <= now else today - timedelta(days=1))
        return Company(symbol, facts, filings, FILERS[symbol].name, NAME)

    async def search(self, text: str) -> list[Match]:
        """Symbols and names that begin with or contain the text; failing that, the text itself if it could be one."""
        wanted = text.strip().upper()
        ranked = [(_rank(wanted, symbol), symbol) for symbol in UNIVERSE]
        found = [symbol for rank, symbol in sorted(ranked) if rank < UNLIKE][:MOST_MATCHES]
        if not found and TICKER.fullmatch(wanted):
            found = [wanted]
        specs = [(symbol, spec) for symbol in found if (spec := spec_of(symbol))]
        return [Match(symbol, spec.name, spec.kind, spec.exchange) for symbol, spec in specs]

    def retry_now(self) -> None:
        """Nothing to forget: it does not fail."""

    async def close(self) -> None:
        """There is nothing to release."""

    def _quote(self, symbol: str, now: datetime) -> Quote:
        state = self._calendar.state_at(now)
        day = new_york_date(now) if state == "regular" else self._calendar.last_completed(now)
        place = self._market.place(day)
        history, session = self._market.history(symbol), self._session(symbol, place)
        if state == "regular":
            at = now.replace(microsecond=0)
            price, high, low = session.prices(at)
            volume = session.volume(at)
        else:
            at = self._calendar.close_at(day)
            price, high, low = (float(column[place]) for column in (history.close, history.high, history.low))
            volume = float(history.volume[place])
        return Quote(
            *(symbol, price, at, now, NAME, day),
            state=state,
            prev_close=float(history.close[place - 1]),
            open=float(history.open[place]),
            high=high,
            low=low,
            volume=volume if history.volume[place] else None,
            extended=self._extended(symbol, state, place, now),
            day=session.day_until(at),
        )

    def _extended(self, symbol: str, state: SessionState, place: int, now: datetime) -> float | None:
        if symbol.startswith("^") or state not in ("pre", "post"):
            return None
        if state == "post":
            return after_close(self._market, symbol, place, now)
        return before_open(self._market, symbol, place + 1, now)

    def _session(self, symbol: str, place: int) -> Session:
        """The symbol's session, made once a day."""
        session = self._sessions.get(symbol)
        if session is None or session.day != self._market.days[place]:
            session = self._sessions[symbol] = Session(self._market, symbol, place)
        return session


def _rank(text: str, symbol: str) -> int:
    """0 for the ticker itself, then what begins like it, then what is named like it; `UNLIKE` for the rest."""
    ticker, name = symbol.strip("^"), UNIVERSE[symbol].name.upper()
    likeness = (
        ticker == text,
        ticker.startswith(text),
        any(word.startswith(text) for word in name.split()),
        text in name,
    )
    return likeness.index(True) if text and any(likeness) else UNLIKE
