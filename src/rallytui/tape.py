"""The Tape: an immutable value with every fact known so far. `apply` adds facts, `cut` forgets the later ones."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rallytui.exchanges import NEW_YORK_CODE, calendar_of, exchange_of, is_final
from rallytui.model import Bars, Company, Facts, Health, Intraday, Quote, Series
from rallytui.sessions import KNOWN_HOUR, NEW_YORK, known_by, new_york_date
from rallytui.splits import ANOTHER_BASIS

SAME_BASIS = 0.005
CLOSES_KEPT = 10
"""Final quotes of so many sessions are kept of each symbol: a source's bars are a day late now and then."""
ANSWERS_KEPT = 4
"""As many looks at other moments go on side by side: the screen's, the history's, the digest's."""
INTRADAY_KEPT = 8
INTRADAY_STEP = timedelta(minutes=5)
Item = TypeVar("Item", Quote, Bars, Series, Company, Intraday)
Asked = TypeVar("Asked", Bars, Series, Company, Intraday)
Answer = TypeVar("Answer")
Question = ParamSpec("Question")
Stamps = NDArray[np.datetime64]
Closes = tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """Two sources' prices of one symbol for the same instant, which are too far apart. `at` is aware UTC."""

    symbol: str
    at: datetime
    source: str
    price: float
    other_source: str
    other_price: float


@dataclass(frozen=True, eq=False, slots=True)
class Tape:
    """All facts, by canonical symbol or series id. Mappings are never changed in place: a new Tape shares the rest."""

    quotes: Mapping[str, Quote] = field(default_factory=dict)
    closes: Mapping[str, Closes] = field(default_factory=dict)
    """The final quotes of the last sessions, ascending: each is its session's close until the bar comes."""
    bars: Mapping[str, Bars] = field(default_factory=dict)
    series: Mapping[str, Series] = field(default_factory=dict)
    companies: Mapping[str, Company] = field(default_factory=dict)
    vintages: Mapping[tuple[str, date], Series] = field(default_factory=dict)
    health: Mapping[str, Health] = field(default_factory=dict)
    intraday: Mapping[str, Intraday] = field(default_factory=dict)
    """Candles of the eight symbols whose pages were opened last. They live in memory only: no store keeps them."""
    suspects: Mapping[str, str] = field(default_factory=dict)
    """Answers that were refused at the edge: symbol or series to source and reason."""
    disputes: Mapping[str, Dispute] = field(default_factory=dict)
    """Symbols on which two sources disagree."""

    def apply(self, facts: Facts) -> Tape:
        """A tape that also knows `facts`. A fact that adds nothing leaves its object as it was, so caches hold."""
        plain = [item for item in facts.series if item.vintage is None]
        dated = {(item.id, item.vintage): item for item in facts.series if item.vintage is not None}
        return replace(
            self,
            quotes=merged(self.quotes, facts.quotes, by_symbol, newer_quote),
            closes=with_closes(self.closes, (*facts.closes, *facts.quotes)),
            bars=merged(self.bars, facts.bars, by_symbol, merge_bars),
            series=merged(self.series, plain, by_id, merge_series),
            companies=merged(self.companies, facts.companies, by_symbol, newer_company),
            intraday=latest(merged(self.intraday, facts.intraday, by_symbol, newer_intraday)),
            vintages={**self.vintages, **dated} if dated else self.vintages,
            health={**self.health, **facts.health} if facts.health else self.health,
        )

    def cut(self, as_of: datetime) -> Tape:
        """The tape as it was at an aware moment: facts with `known_at` after it are gone (METHODOLOGY 0.2)."""
        day = new_york_date(as_of)
        vintages = {name: item for (name, known), item in self.vintages.items() if known == day}
        return replace(
            self,
            quotes={name: quote for name, quote in self.quotes.items() if quote.known_at <= as_of},
            bars=kept(self.bars, lambda bars: with_closing(cut_bars(bars, as_of), self.closes, as_of)),
            series=kept({**self.series, **vintages}, lambda series: cut_series(series, as_of)),
            companies=kept(self.companies, lambda company: cut_company(company, as_of)),
            intraday=kept(self.intraday, lambda candles: cut_intraday(candles, as_of)),
        )


def by_symbol(item: Quote | Bars | Company | Intraday) -> str:
    return item.symbol


def by_id(item: Series) -> str:
    return item.id


def merged(
    old: Mapping[str, Item], new: Iterable[Item], key: Callable[[Item], str], join: Callable[[Item, Item], Item]
) -> Mapping[str, Item]:
    """`old` with each new item joined to its predecessor; `old` itself if nothing came."""
    result = dict(old)
    for item in new:
        before = result.get(key(item))
        result[key(item)] = join(before, item) if before is not None else item
    return result if any(result[name] is not old.get(name) for name in result) else old


def kept(items: Mapping[str, Item], cut: Callable[[Item], Item | None]) -> dict[str, Item]:
    """What is left of each item; those with nothing left are dropped."""
    left = ((name, cut(item)) for name, item in items.items())
    return {name: item for name, item in left if item is not None}


def newer_quote(old: Quote, new: Quote) -> Quote:
    """The quote with the later trade; of two for one trade, the new one."""
    return old if new.at < old.at else new


def with_closes(old: Mapping[str, Closes], quotes: Iterable[Quote]) -> Mapping[str, Closes]:
    """`old` with the final ones of `quotes`; `old` itself if none says anything new."""
    new = dict(old)
    for quote in filter(is_final, quotes):
        kept = {one.session_date: one for one in new.get(quote.symbol, ())}
        before = kept.get(quote.session_date)
        if before is None or (before.at <= quote.at and replace(before, known_at=quote.known_at) != quote):
            kept[quote.session_date] = quote
            new[quote.symbol] = tuple(kept[day] for day in sorted(kept)[-CLOSES_KEPT:])
    return new if any(new[name] is not old.get(name) for name in new) else old


def closed_by(quote: Quote, as_of: datetime) -> bool:
    """Whether a final quote was known: like the bar it stands for, at 18:00 New York at the latest."""
    return min(quote.known_at, known_by(quote.session_date)) <= as_of


def with_closing(bars: Bars | None, closes: Mapping[str, Closes], as_of: datetime) -> Bars | None:
    """The bars with the final quotes of the sessions after them, as far as they were known at `as_of`."""
    if bars is None or (last := bars.last_day) is None:
        return None
    mine = closes.get(bars.symbol, ())
    if not mine or mine[-1].session_date <= last:
        return bars
    later = tuple(quote for quote in mine if quote.session_date > last and closed_by(quote, as_of))
    return provisional(bars, later) if later else bars


def newer_company(old: Company, new: Company) -> Company:
    """The new answer whole: restatements replace what they restate. Filings are kept if only the facts came."""
    if new.facts == old.facts and new.filings in (old.filings, ()) and new.source == old.source:
        return old
    return new if new.filings else replace(new, filings=old.filings)


def newer_intraday(old: Intraday, new: Intraday) -> Intraday:
    """The answer received last, whole: a split or a correction changes all of it."""
    return old if new.received < old.received else new


def latest(intraday: Mapping[str, Intraday]) -> Mapping[str, Intraday]:
    """The few answers received last; `intraday` itself if they are no more than that."""
    if len(intraday) <= INTRADAY_KEPT:
        return intraday
    newest = sorted(intraday, key=lambda symbol: intraday[symbol].received)[-INTRADAY_KEPT:]
    return {symbol: intraday[symbol] for symbol in newest}


def merge_bars(old: Bars, new: Bars) -> Bars:
    """New bars over old ones. Where both have a date and their closes differ, a split came between: old bars go."""
    if new.frame.empty:
        return old
    if new.source == old.source and new.frame.equals(old.frame):
        return old
    common = old.frame.index.intersection(new.frame.index)
    before, after = old.frame["close"].loc[common].to_numpy(), new.frame["close"].loc[common].to_numpy()
    if len(common) and not np.allclose(before, after, rtol=SAME_BASIS, equal_nan=True):
        return new
    rest = old.frame.loc[(old.frame.index < new.frame.index[0]) | (old.frame.index > new.frame.index[-1])]
    if rest.empty:
        return new
    frame = pd.concat([rest, new.frame]).sort_index()
    return old if new.source == old.source and frame.equals(old.frame) else replace(new, frame=frame)


def with_newest(bars: Bars, other: Bars) -> Bars:
    """The bars with the later ones of another source, if both agree on the closes of the days they share."""
    common = bars.frame.index.intersection(other.frame.index)
    mine, theirs = (one.frame["close"].loc[common].to_numpy() for one in (bars, other))
    later = other.frame.loc[other.frame.index > bars.frame.index[-1]] if not bars.frame.empty else other.frame
    if later.empty or not len(common) or not np.allclose(mine, theirs, rtol=SAME_BASIS, equal_nan=True):
        return bars
    dividends = bars.frame["adj_close"].iloc[-1] / bars.frame["close"].iloc[-1]
    frame = pd.concat([bars.frame, later.assign(adj_close=later["close"] * dividends)])
    return replace(bars, frame=frame, source=f"{bars.source} + {other.source}")


def merge_series(old: Series, new: Series) -> Series:
    """Old rows stay; a value that differs from the one last known is a revision, known when it was received.

    So is a value that another answer of the same source covers and no longer has: it is withdrawn (METHODOLOGY G.6).
    """
    last, received = as_known(old), pd.Timestamp(new.received).as_unit("s")
    known = new.frame["obs"].isin(old.frame["obs"]).to_numpy()
    before = last.reindex(new.frame["obs"]).to_numpy()
    same = np.isclose(before, new.frame["value"].to_numpy(), rtol=1e-9, atol=1e-12)
    fresh, revised = new.frame[~known], new.frame[known & ~same].assign(known_at=received)
    gone = withdrawn(last, new) if new.source == old.source else last.index[:0]
    taken_back = pd.DataFrame({"obs": gone, "value": np.nan, "known_at": received})
    if fresh.empty and revised.empty and taken_back.empty:
        return old
    frame = pd.concat([part for part in (old.frame, fresh, revised, taken_back) if not part.empty])
    return replace(new, frame=frame.sort_values(["obs", "known_at"], kind="stable", ignore_index=True))


def withdrawn(last: pd.Series[float], new: Series) -> pd.DatetimeIndex:
    """The dates of known values between the first and the last date of an answer that does not have them."""
    first, covers = new.frame["obs"].iloc[0] if len(new.frame) else None, new.covers or new.last_day
    index = pd.DatetimeIndex(last.index)
    if first is None or covers is None:
        return index[:0]
    within = last.notna().to_numpy() & (index >= first) & (index <= pd.Timestamp(covers))
    gone: pd.DatetimeIndex = index[within & ~index.isin(new.frame["obs"])]
    return gone


def as_known(series: Series) -> pd.Series[float]:
    """The last value that is known of each observation, indexed by date ascending; NaN if it was withdrawn."""
    frame = series.frame.drop_duplicates("obs", keep="last")
    return pd.Series(frame["value"].to_numpy(), index=pd.DatetimeIndex(frame["obs"]))


def last_evening(as_of: datetime) -> date:
    """The last day whose 18:00 New York has come by `as_of`."""
    local = as_of.astimezone(NEW_YORK)
    return local.date() if local.time() >= KNOWN_HOUR else local.date() - timedelta(days=1)


def cut_bars(bars: Bars, as_of: datetime) -> Bars | None:
    """The bars of sessions whose 18:00 New York has come by `as_of`; None if there are none."""
    if bars.last_day is None:
        return None
    evening = last_evening(as_of)
    if exchange_of(bars.symbol) != NEW_YORK_CODE:  # what trades round the clock closes after 18:00 New York
        evening = min(evening, calendar_of(bars.symbol).last_final(as_of))
    if bars.last_day <= evening:  # as on every tick; pandas would take ten times as long
        return bars
    return first_bars(bars, int(bars.frame.index.searchsorted(pd.Timestamp(evening), side="right")))


def remembered(
    answer: Callable[Concatenate[Asked, Question], Answer],
) -> Callable[Concatenate[Asked, Question], Answer]:
    """Give the same object for the same question, so that what was computed from it can be kept.

    The last few answers about an item are kept for as long as the item itself is.
    """
    kept: WeakKeyDictionary[Asked, tuple[tuple[object, Answer], ...]] = WeakKeyDictionary()

    def ask(item: Asked, /, *question: Question.args, **named: Question.kwargs) -> Answer:
        before: tuple[tuple[object, Answer], ...] = kept.get(item, ())
        for asked, said in before:
            if asked == question:
                return said
        new = answer(item, *question, **named)
        kept[item] = (*before[1 - ANSWERS_KEPT :], (question, new))  # replaced whole: threads ask too
        return new

    return ask


@remembered
def filing_days(company: Company) -> tuple[date, ...]:
    """The dates on which something was filed, ascending."""
    return tuple(sorted({item.filed for items in (company.facts, company.filings) for item in items}))


@remembered
def first_bars(bars: Bars, count: int) -> Bars | None:
    """The first `count` bars, None for none; the newest alone are of a second source (`with_newest`)."""
    return replace(bars, frame=bars.frame.iloc[:count], source=bars.source.split(" + ")[0]) if count else None


@remembered
def provisional(bars: Bars, closes: Closes) -> Bars:
    """The bars with one more for each final quote, made of what it tells; `bars` itself if their bases differ."""
    last, before = bars.frame.index[-1].date(), float(bars.frame["close"].iloc[-1])
    if not same_basis(closes[0], last, before):
        return bars
    told = [[value for value in (one.open, one.high, one.low, *one.day) if value is not None] for one in closes]
    dividends = float(bars.frame["adj_close"].iloc[-1]) / before
    rows = {
        "open": [one.open for one in closes],
        "high": [max(*seen, one.price) if seen else None for one, seen in zip(closes, told, strict=True)],
        "low": [min(*seen, one.price) if seen else None for one, seen in zip(closes, told, strict=True)],
        "close": [one.price for one in closes],
        "adj_close": [one.price * dividends for one in closes],
        "volume": [one.volume for one in closes],
    }
    index = pd.DatetimeIndex([one.session_date for one in closes], name=bars.frame.index.name)
    frame = pd.DataFrame(rows, index=index.astype(bars.frame.index.dtype), dtype=float)
    return replace(bars, frame=pd.concat([bars.frame, frame]), closings=closes)


def same_basis(quote: Quote, last: date, close: float) -> bool:
    """Whether a final quote can follow the bar of `last`: what it calls the close before is that bar's close."""
    follows = calendar_of(quote.symbol).after(last) == quote.session_date
    before = quote.prev_close if quote.prev_close is not None and follows else close
    return abs(before / close - 1) <= ANOTHER_BASIS


@remembered
def first_candles(intraday: Intraday, count: int) -> Intraday:
    return replace(intraday, frame=intraday.frame.iloc[:count])


@remembered
def stamps(series: Series) -> tuple[Stamps, Stamps]:
    """When each row could first be read, UTC: in the order of the rows, and ascending."""
    known = series.frame["known_at"].dt.tz_convert("UTC").dt.tz_localize(None).to_numpy().astype("datetime64[us]")
    return known, np.sort(known)


@remembered
def last_known(series: Series) -> datetime:
    """When the last of its rows could first be read, aware UTC."""
    newest: datetime = stamps(series)[1][-1].item()
    return newest.replace(tzinfo=UTC)


@remembered
def known_rows(series: Series, count: int) -> Series | None:
    """The `count` rows that were known first."""
    if not count:
        return None
    known, ascending = stamps(series)
    seen = known <= ascending[count - 1]
    return replace(series, frame=series.frame.iloc[:count] if seen[:count].all() else series.frame[seen])


@remembered
def filed_until(company: Company, last: date) -> Company:
    """What was filed on `last` or before."""
    facts = tuple(fact for fact in company.facts if fact.filed <= last)
    return replace(company, facts=facts, filings=tuple(one for one in company.filings if one.filed <= last))


def cut_series(series: Series, as_of: datetime) -> Series | None:
    """The observations, in their values of then, that could be read at `as_of`; None if there are none."""
    if series.last_day is None:
        return None
    if last_known(series) <= as_of:
        return series
    ascending = stamps(series)[1]
    count = int(ascending.searchsorted(np.datetime64(as_of.astimezone(UTC).replace(tzinfo=None), "us"), side="right"))
    return known_rows(series, count)


def cut_company(company: Company, as_of: datetime) -> Company | None:
    """What had been filed by `as_of`: a filing counts as known at 18:00 New York on its date."""
    days = filing_days(company)
    count = bisect_right(days, last_evening(as_of))
    if count == len(days):
        return company
    return filed_until(company, days[count - 1]) if count else None


def cut_intraday(intraday: Intraday, as_of: datetime) -> Intraday | None:
    """The candles that were over at `as_of`; None if there are none, or if they were received only later."""
    if intraday.received > as_of:
        return None
    begins = pd.DatetimeIndex(intraday.frame.index)
    last = pd.Timestamp(as_of - INTRADAY_STEP).floor(begins.unit)  # an index in seconds takes no finer moment
    count = int(begins.searchsorted(last, side="right"))
    if not count:
        return None
    return intraday if count == len(begins) else first_candles(intraday, count)
