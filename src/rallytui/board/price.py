"""Which price counts now, what it is compared with, and how fresh it is (METHODOLOGY 0.4 and E.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rallytui.board.moment import History, Moment
from rallytui.board.shape import Closing
from rallytui.indicators.numbers import change_pct
from rallytui.model import Freshness, Quote
from rallytui.sessions import FINAL_AFTER, NEW_YORK, Calendar
from rallytui.splits import ANOTHER_BASIS, jumped, near_split, other_basis
from rallytui.tape import closed_by

AWAITING_OPEN = timedelta(minutes=20)
GRACE_S = 60


@dataclass(frozen=True, slots=True)
class Price:
    """The price S of a symbol. `quote` is set while S is a quote and not the close of a finished bar."""

    value: float
    session_date: date
    at: datetime
    source: str
    freshness: Freshness
    badge: str
    before: float | None
    """The close of the session before `session_date`."""
    quote: Quote | None = None
    split_today: bool = False
    """The stored closes are on another basis than the price: nothing may join the two (METHODOLOGY G.4)."""

    @property
    def change(self) -> float | None:
        return None if self.before is None else self.value - self.before

    @property
    def change_pct(self) -> float | None:
        return change_pct(self.value, self.before)


def price_of(moment: Moment, symbol: str) -> Price | None:
    """S: a quote of a session that has no bar yet, else the last bar's close; None without both."""
    quote, history = moment.tape.quotes.get(symbol), moment.history(symbol)
    closing = history.closing if history is not None else None
    if history is not None and closing is not None and (quote is None or quote.session_date <= history.last_day):
        return live_price(moment, closing, history)
    if quote is not None and (history is None or quote.session_date > history.last_day):
        return live_price(moment, quote, history)
    return None if history is None else closing_price(moment, history, quote)


def live_price(moment: Moment, quote: Quote, history: History | None) -> Price:
    day = quote.session_date
    calendar = moment.calendar_of(quote.symbol)
    before = history.close_on(calendar.after(day, -1)) if history is not None else None
    freshness, badge = quote_freshness(moment, calendar, day, quote.at, quote.delay_s)
    compared, split_today = comparable(quote, before)
    return Price(
        *(quote.price, day, quote.at, moment.title(quote.source), freshness, badge),
        before=compared,
        quote=quote,
        split_today=split_today,
    )


def comparable(quote: Quote, stored: float | None) -> tuple[float | None, bool]:
    """The close that a live price is compared with, and whether the stored closes are on another basis (G.4).

    That is the stored one, unless a split lies between them: then the source's own, if it is on the new basis already.
    If neither can be compared there is none. A price that walked there trade by trade is no split.
    """
    own = quote.prev_close
    if stored is None or quote.symbol.startswith("^"):
        return own if stored is None else stored, False
    if other_basis(quote.price, own, stored):
        return own, True
    first = quote.day[0] if quote.day else quote.open
    if not jumped(quote.price, stored) or near_split(quote.price / stored) is None:
        return stored, False
    if first is not None and not jumped(first, stored):
        return stored, False
    return (own if own is not None and not jumped(quote.price, own) else None), True


def closing_price(moment: Moment, history: History, quote: Quote | None) -> Price:
    day, calendar = history.last_day, moment.calendar_of(history.symbol)
    at = calendar.close_at(day)
    before = history.close_on(calendar.after(day, -1))
    if before is None and quote is not None and quote.session_date == day:
        before = quote.prev_close
    freshness, badge = quote_freshness(moment, calendar, day, at, 0)
    return Price(float(history.close[-1]), day, at, history.source, freshness, badge, before)


def closing_of(moment: Moment, symbol: str) -> Closing | None:
    """The last session's close by its final quote, beside that of its bar; None without such a quote.

    What a split has put on another basis since is not compared.
    """
    known = [one for one in moment.tape.closes.get(symbol, ()) if closed_by(one, moment.as_of)]
    if not known or (history := moment.history(symbol)) is None:
        return None
    quote = known[-1]
    if quote.session_date > history.last_day or history.closing is not None:
        return Closing(quote.session_date, quote.price)
    before = history.close_on(moment.calendar_of(symbol).after(quote.session_date, -1))
    if before is None or quote.prev_close is None or abs(quote.prev_close / before - 1) > ANOTHER_BASIS:
        return None
    return Closing(quote.session_date, quote.price, history.close_on(quote.session_date))


def correction(closing: Closing | None) -> str:
    """The words for a close that another one has taken the place of; empty if none has."""
    if closing is None or closing.bar is None or not closing.is_corrected:
        return ""
    return f"close of {dated(closing.session)} corrected: {closing.quoted:,.2f} quoted, {closing.bar:,.2f} in its bar"


SINCE, NO_TRADE_SINCE = "no price since ", "no trade since "


def quote_freshness(moment: Moment, calendar: Calendar, day: date, at: datetime, delay_s: int) -> tuple[Freshness, str]:
    """How fresh a price of session `day`, traded at `at`, is now; and the words for it (METHODOLOGY E.3, G.6)."""
    state, expected = moment.state_of(calendar), moment.completed_of(calendar)
    if state == "regular":
        return regular_freshness(moment, calendar, day, at, delay_s)
    if day >= expected:
        return "fresh", "closed" if state == "closed" else ""
    close = calendar.close_at(expected)
    if day == calendar.after(expected, -1) and moment.as_of < close + FINAL_AFTER:
        return "lagging", dated(day)
    return "stale", dated(day)


def regular_freshness(
    moment: Moment, calendar: Calendar, day: date, at: datetime, delay_s: int
) -> tuple[Freshness, str]:
    running = moment.today if calendar is moment.calendar else calendar.session_at(moment.as_of)
    opened = calendar.open_at(running)
    if day == moment.completed_of(calendar) and moment.as_of < opened + AWAITING_OPEN:
        return "fresh", "awaiting open"
    data = moment.settings.data
    every = data.quotes_every_s if moment.state == "regular" else data.extended_every_s
    budget = delay_s + 2 * every + GRACE_S
    age = (moment.as_of - at).total_seconds()
    if age <= budget:
        return "fresh", "delayed" if delay_s else ""
    badge = f"{SINCE}{at.astimezone(NEW_YORK):%H:%M}" if day == running else dated(day)
    return ("lagging" if age <= 3 * budget else "stale"), badge


def dated(day: date) -> str:
    """A session as a badge shows it: Thu 20 Nov."""
    return f"{day:%a} {day.day} {day:%b}"
