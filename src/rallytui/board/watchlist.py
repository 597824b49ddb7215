"""The watchlist's readings: one row a symbol, the basket and the breadth of each list (METHODOLOGY B)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from msgspec.structs import replace

from rallytui.board.company import company_fields, report_flags
from rallytui.board.daily import REACH, daily_of, with_price
from rallytui.board.moment import History, Moment
from rallytui.board.price import NO_TRADE_SINCE, SINCE, Price, closing_of, correction, dated, price_of
from rallytui.board.shape import Basket, Breadth, Row, Watchlist
from rallytui.board.shape.watchlist import APART
from rallytui.config import WatchlistSettings
from rallytui.indicators import momentum, relative
from rallytui.indicators.arrays import DayArray, FloatArray, known
from rallytui.indicators.basket import LEAST_MEMBERS, advances, basket, share_above
from rallytui.indicators.momentum import MIN_HISTORY, WARM_RSI
from rallytui.model import Freshness
from rallytui.sessions import NEW_YORK

NOT_OF_INDICES = frozenset(
    {
        *("rel_volume", "beta60", "beta60_adjusted", "beta252", "r2_60", "corr60", "mansfield"),
        *("rs63_pct", "rs126_pct", "rs63_iwm_pct", "rs126_iwm_pct"),
    }
)
BIG_MOVE_ATRS = 3.0
ONE_INSTANT = timedelta(minutes=10)
"""Prices this far apart at most are of one moment."""
NEWEST = 5
JOINED = (
    "hi52",
    "lo52",
    "range52",
    "drawdown_pct",
    "dist_sma50_pct",
    "dist_sma200_pct",
    "atr14",
    "rel_volume",
    "ps_ttm",
)
"""Readings that put today's price, or volume, beside stored ones."""
SPLIT_TODAY = "split_today: the stored history is on another basis than the price"


def build_watchlist(moment: Moment, name: str, settings: WatchlistSettings) -> Watchlist:
    """All readings of one `[watchlists.NAME]`."""
    market, market_price = moment.history(settings.benchmark), price_of(moment, settings.benchmark)
    joined = dict(zip(settings.symbols, joined_days(settings, moment.settings.thesis.baseline), strict=True))
    rows = [since_joined(build_row(moment, symbol, market, market_price), joined[symbol], moment) for symbol in joined]
    today = [row for row in rows if not row.is_apart]
    return Watchlist(
        name=name,
        title=settings.title or name,
        benchmark=settings.benchmark,
        basket=build_basket(moment, name, settings, rows, market_price),
        breadth=build_breadth(today),
        rows=rows,
        benchmark_row=build_row(moment, settings.benchmark, market, market_price),
    )


def since_joined(row: Row, day: date, moment: Moment) -> Row:
    """The row with since when the name counts in the basket, if that is not since the thesis's start."""
    if day <= moment.settings.thesis.baseline:
        return row
    said = f"joined the list on {day.isoformat()}: it counts in the basket from that day's close on, not before"
    return replace(row, joined=day, flags=[*row.flags, said])


def build_row(moment: Moment, symbol: str, market: History | None, market_price: Price | None) -> Row:
    """One symbol: its price now, its daily readings and what it last reported; told if its session is not today's."""
    index_fresh = market_price is not None and market_price.freshness == "fresh"
    price, history = price_of(moment, symbol), moment.history(symbol)
    daily = daily_of(moment, history, market) if history else None
    last = price.value if price else None
    fields: dict[str, Any] = dict(daily.fields) if daily else {}
    if daily and history:
        fields |= with_price(daily, history, last)
    reported, why_not = company_fields(moment, symbol, last)
    currency = history.currency if history else ""
    row = Row(symbol=symbol, name=name_of(moment, symbol, history), currency=currency, **fields, **reported)
    row = with_quote(row, moment, price, history, index_fresh)
    if price and price.split_today:
        row = replace(row, **dict.fromkeys(JOINED), rel_volume_session=None)
    said = flags(row, history) + report_flags(moment, symbol)
    if price and price.split_today:
        said.insert(0, SPLIT_TODAY)
    if symbol in moment.tape.suspects:
        sign = "suspect value " if moment.suspect(symbol) else ""
        said.append(f"{sign}refused: {moment.tape.suspects[symbol]}")
    if symbol in moment.tape.disputes:
        said.append(f"suspect price: {moment.disputed(symbol)}")
    closing = closing_of(moment, symbol)
    if words := correction(closing):
        said.append(words)
    if price and market_price and price.session_date != market_price.session_date:
        said.append(f"{APART} of today: its price is of {dated(price.session_date)}")
    missing = {**reasons(row, history), **why_not}
    if price and price.split_today:
        missing |= dict.fromkeys(JOINED, SPLIT_TODAY)
    return replace(row, closing=closing, flags=said, missing=missing)


def name_of(moment: Moment, symbol: str, history: History | None) -> str:
    """A target's name is the config's, everything else is called what its source calls it."""
    targets = {target.symbol: target.name for target in moment.settings.targets}
    return targets.get(symbol) or (history.name if history else "")


def with_quote(row: Row, moment: Moment, price: Price | None, history: History | None, index_fresh: bool) -> Row:
    """The row with its price, and with what the running session says about volume and gap."""
    if price is None:
        return row
    quote, before, told = price.quote, price.before, moment.tape.quotes.get(row.symbol)
    running = quote if history is not None and history.closing is None else None
    partial = momentum.volume_share(running.volume, history.volume) if running and running.volume and history else None
    volume = row.rel_volume if partial is None else partial
    whole = history.day_at(history.told_volumes - 1) if history else None
    return replace(
        row,
        last=price.value,
        change=price.change,
        change_pct=price.change_pct,
        gap_pct=(momentum.gap_pct(quote.open, before) if quote.open else None) if quote else row.gap_pct,
        rel_volume=volume,
        rel_volume_partial=partial is not None,
        rel_volume_session=None if volume is None else price.session_date if partial is not None else whole,
        extended=told.extended if told and told.session_date == price.session_date else None,
        source=price.source,
        quote_time=price.at,
        session=moment.state_of(moment.calendar_of(row.symbol)),
        freshness=freshness_of(moment, price, index_fresh),
        badge=badge_of(moment, price, index_fresh),
    )


def badge_of(moment: Moment, price: Price, index_fresh: bool) -> str:
    """The words for its age; while its source and the index are well, nobody has traded it (METHODOLOGY E.3)."""
    source = moment.tape.health.get(price.quote.source) if price.quote else None
    quiet = index_fresh and not (source and source.status == "failing")
    return price.badge.replace(SINCE, NO_TRADE_SINCE) if quiet else price.badge


def freshness_of(moment: Moment, price: Price, index_fresh: bool) -> Freshness:
    """A small cap may not trade for minutes: while the index is fresh, an old price of today lags and is not stale."""
    quiet = index_fresh and price.freshness == "stale" and price.session_date == moment.today
    quiet = quiet and moment.state == "regular"
    return "lagging" if quiet else price.freshness


def flags(row: Row, history: History | None) -> list[str]:
    """What a reader should know before trusting the row."""
    said = list(history.flags) if history is not None else []
    if row.is_beta_thin:
        said.append("beta explains little: R² below 0.10")
    if history is not None and len(history.close) < WARM_RSI and row.rsi14 is not None:
        said.append(f"RSI and ATR still feel their start: {len(history.close)} sessions of {WARM_RSI}")
    if row.change_pct is not None and row.atr_pct and abs(row.change_pct) > BIG_MOVE_ATRS * row.atr_pct:
        said.append("moved more than 3 × ATR")
    if row.hi52 is not None and row.range52 is None:
        said.append("52-week range covers fewer than 200 sessions")
    return said


def reasons(row: Row, history: History | None) -> dict[str, str]:
    """Why a reading is not there."""
    found: dict[str, str] = {}
    if row.last is None:
        found["last"] = "no source has a price"
    if row.change_pct is None:
        found["change_pct"] = "no price" if row.last is None else "no close of the session before"
    bars = 0 if history is None else len(history.close)
    for name, needs in REACH.items():
        if name not in Row.__struct_fields__ or getattr(row, name) is not None:
            continue
        least = MIN_HISTORY.get(name, needs)
        if bars < least:
            found[name] = f"needs {least} sessions, has {bars}"
        elif row.symbol.startswith("^") and name in NOT_OF_INDICES:
            found[name] = "an index is not measured by this"
        elif name == "gap_pct" and row.quote_time is not None:
            found[name] = "the source does not tell the open of the running session"
        else:
            found[name] = "its window has gaps, or what it is compared with is missing"
    return found


def build_basket(
    moment: Moment, name: str, settings: WatchlistSettings, rows: list[Row], market: Price | None
) -> Basket:
    """The equal-weight basket, 100 at the thesis's start, carried on by the running session's mean change."""
    session = market.session_date if market else moment.completed
    inside = [row for row in rows if row.joined is None or is_member(moment, row.joined, session)]
    counted = [row for row in inside if not row.is_apart]
    changes = [row.change_pct for row in counted if row.change_pct is not None]
    change = sum(changes) / len(changes) if changes and len(changes) >= LEAST_MEMBERS * len(inside) else None
    rel = change - market.change_pct if change is not None and market and market.change_pct is not None else None
    note = two_instants(moment, counted, market)
    rel = None if note else rel
    symbols = [row.symbol for row in counted]
    members = tuple(moment.history(symbol) for symbol in settings.symbols)
    grid, start = moment.history(settings.benchmark), moment.settings.thesis.baseline
    if grid is None:
        return Basket(None, change, rel, symbols, note)
    days = joined_days(settings, start)
    inputs = (*members, grid, start, days)
    level = moment.memo.get(("basket", name), inputs, lambda: basket_level(members, grid, start, days))
    running = market is not None and market.session_date > grid.last_day
    level = level * (1 + change / 100) if level and running and change is not None else level
    return Basket(level, change, rel, symbols, note)


def two_instants(moment: Moment, rows: list[Row], market: Price | None) -> str:
    """Why the basket's change and the benchmark's cannot be subtracted: they are of two moments (METHODOLOGY G.6)."""
    times = sorted(row.quote_time for row in rows if row.quote_time is not None)
    if market is None or moment.state != "regular" or not times:
        return ""
    middle = times[len(times) // 2]
    if abs(middle - market.at) <= ONE_INSTANT:
        return ""
    at, other = (one.astimezone(NEW_YORK) for one in (market.at, middle))
    return f"the benchmark is of {at:%H:%M}, the names are of {other:%H:%M}: a difference of two moments is none"


def joined_days(settings: WatchlistSettings, start: date) -> tuple[date, ...]:
    """Since which day each name of a list counts in its basket: at the earliest since the thesis's start."""
    return tuple(max(start, settings.joined.get(symbol, start)) for symbol in settings.symbols)


def is_member(moment: Moment, joined: date, session: date) -> bool:
    """Whether a name that joined on a day has had the close from which it counts before a session."""
    return moment.calendar.after(joined - timedelta(days=1)) < session


def basket_level(
    members: tuple[History | None, ...], grid: History, start: date, joined: tuple[date, ...]
) -> float | None:
    """The basket's level after the last finished bar; a member without history counts as missing on every day."""
    return last_level(basket_path(members, grid.days[grid.days >= np.datetime64(start, "D")], joined))


def basket_path(members: Sequence[History | None], days: DayArray, joined: Sequence[date]) -> FloatArray:
    """The levels of a basket on `days`; each of its members comes in with its day's close."""
    columns = [relative.align(m.days, m.adjusted, days) if m else np.full(len(days), np.nan) for m in members]
    places = np.searchsorted(days, np.array(joined, dtype="datetime64[D]")).tolist()
    return basket(columns, joined=places).levels


def last_level(levels: FloatArray) -> float | None:
    """The newest level of the last sessions; an older one says nothing of today."""
    there = known(levels[-NEWEST:])
    return float(there[-1]) if len(there) else None


def build_breadth(rows: list[Row]) -> Breadth:
    """How many members rise and how many are above their averages."""
    moves = advances(row.change_pct for row in rows)
    fast = share_above(row.dist_sma50_pct for row in rows)
    slow = share_above(row.dist_sma200_pct for row in rows)
    return Breadth(
        *(fast.above, fast.known, slow.above, slow.known),
        *(moves.advancers, moves.decliners, moves.unchanged, len(rows)),
    )
