"""What a decoded config must still fulfil: impossible values, unknown names, duplicates."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec.structs import asdict

from rallytui.config.addresses import on_loopback
from rallytui.config.closed import is_session, neighbours
from rallytui.config.settings import Display, Order, ProviderSettings, Risk, Settings, TargetSettings, WatchlistSettings
from rallytui.config.state import is_symbol
from rallytui.config.tripwires import alert_problems

SERVES = {
    "cboe": ("index_quotes", "stock_quotes", "index_bars", "stock_bars"),
    "yahoo": ("index_quotes", "stock_quotes", "index_bars", "stock_bars", "companies", "search", "intraday"),
    "fred": ("series",),
    "treasury": ("series",),
    "sec": ("companies",),
    "nasdaq": ("stock_quotes",),
}
COMMON_KEYS = ("base_url", "user_agent", "requests_per_minute", "enabled")
OWN_KEYS = {"fred": ("vintage_url", "api_url", "api_key"), "sec": ("www_url", "contact")}
PRIVATE_URLS = {"fred": ("api_url",), "sec": ("base_url", "www_url")}
"""Addresses that get a key or a contact: only over https, unless they are on this machine."""
INDICATORS = (
    *("AI1", "AI2", "AI3", "LB1", "LB2", "LB3", "FD1", "FD2", "FD3", "SH1", "SH2"),
    *("VC1", "VC2", "VC3", "VC4", "BR1", "BR2", "PR1"),
)
COLUMNS = (
    *("symbol", "name", "last", "change", "points", "gap", "outside", "month", "day", "volume", "range", "high"),
    *("low", "drawdown", "rsi", "atr", "atr_pct", "volatility", "beta", "beta_adj", "beta252", "corr"),
    *("rs63", "rs126", "small63", "small126", "mansfield", "mom21", "mom63", "mom126", "mom252", "sma50", "sma200"),
    *("revenue", "quarter", "sales", "sales_yoy", "ps", "report", "quoted", "session", "source"),
)
"""The watchlist's columns by their ids."""
MIN_QUOTES_EVERY_S = 15.0
MIN_ROTATE_S = 5.0
MAX_AWAY_MIN = 7 * 24 * 60
ADDRESS = re.compile(r"https?://[^/?#]+")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
FIRST_YEAR, LAST_YEAR = 1990, 2035
"""The exchange calendar begins and ends with them."""


class Fault(NamedTuple):
    """A key path and a sentence about what is wrong with its value."""

    path: tuple[str, ...]
    text: str


def nearest(word: str, known: Sequence[str]) -> str:
    """A hint with the closest known name, or all of them when none is close."""
    same = [name for name in known if name.casefold() == word.casefold()]
    close = same or get_close_matches(word, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known)}"


def faults(settings: Settings) -> Iterator[Fault]:
    """Everything that is wrong with the values, in the file's order of tables."""
    yield from baseline_faults(("thesis", "baseline"), settings.thesis.baseline, settings)
    if not settings.targets:
        yield Fault(("targets",), "needs at least one target; leave the table out for the default thesis")
    names = [target.name for target in settings.targets]
    for index, target in enumerate(settings.targets):
        yield from target_faults(("targets", str(index)), target, settings)
        if target.name in names[:index]:
            yield Fault(
                ("targets", str(index), "name"), f"{target.name!r} is the name of an earlier target; names must differ"
            )
    for name, watchlist in settings.watchlists.items():
        yield from watchlist_faults(("watchlists", name), watchlist)
    yield from risk_faults(settings.risk)
    for label in ("neutral", "real_world"):
        scenario = getattr(settings.odds, label)
        if not 0 < scenario.sigma_factor < math.inf:
            yield Fault(("odds", label, "sigma_factor"), "must be above 0")
        if not math.isfinite(scenario.mu):
            yield Fault(("odds", label, "mu"), "must be a number, as in 0.07")
    if not 0 < settings.claims.capex_bn < math.inf:
        yield Fault(("claims", "capex_bn"), f"must be above 0, not {settings.claims.capex_bn:g}")
    yield from data_faults(settings)
    yield from provider_faults(settings)
    yield from (Fault(path, text) for path, text in alert_problems(settings))
    yield from display_faults(settings.display)
    try:
        ZoneInfo(settings.display.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield Fault(
            ("display", "time_zone"), f"{settings.display.time_zone!r} is not an IANA time zone, as in Europe/Berlin"
        )


def target_faults(path: tuple[str, ...], target: TargetSettings, settings: Settings) -> Iterator[Fault]:
    yield from symbols_faults((*path, "symbol"), [target.symbol])
    if not target.levels:
        yield Fault((*path, "levels"), "needs at least one level")
    for level in target.levels:
        if not 0 < level < math.inf:
            yield Fault((*path, "levels"), f"a level must be above 0, not {level:g}")
    if len(set(target.levels)) < len(target.levels):
        yield Fault((*path, "levels"), "names a level twice")
    if target.baseline_level is not None and not 0 < target.baseline_level < math.inf:
        yield Fault((*path, "baseline_level"), f"must be above 0, not {target.baseline_level:g}")
    if target.baseline is not None:
        yield from baseline_faults((*path, "baseline"), target.baseline, settings)
    if target.by <= settings.baseline_of(target):
        yield Fault((*path, "by"), f"{target.by} must come after the baseline {settings.baseline_of(target)}")
    if target.by.year > LAST_YEAR:
        yield Fault((*path, "by"), f"{target.by} lies beyond {LAST_YEAR}, where the exchange's calendar ends")


def baseline_faults(path: tuple[str, ...], day: date, settings: Settings) -> Iterator[Fault]:
    """A baseline is the close of a session, so there must have been one."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        yield Fault(path, f"{day} lies outside of {FIRST_YEAR} to {LAST_YEAR}, the exchange's calendar")
    elif not is_session(day, settings.data.closures):
        before, after = neighbours(day, settings.data.closures)
        yield Fault(
            path, f"{day}, a {day:%A}, is no session of the exchange; the nearest ones are {before} and {after}"
        )


def symbols_faults(path: tuple[str, ...], symbols: Sequence[str]) -> Iterator[Fault]:
    if not symbols:
        yield Fault(path, "needs at least one symbol")
    seen: set[str] = set()
    for symbol in symbols:
        if not is_symbol(symbol):
            yield Fault(path, f"{symbol!r} is not a symbol; write it in capitals without blanks, as in BRK-B")
        if symbol in seen:
            yield Fault(path, f"names {symbol} twice")
        seen.add(symbol)


def watchlist_faults(path: tuple[str, ...], watchlist: WatchlistSettings) -> Iterator[Fault]:
    yield from symbols_faults((*path, "symbols"), watchlist.symbols)
    yield from symbols_faults((*path, "benchmark"), [watchlist.benchmark])
    for symbol in watchlist.joined:
        if symbol not in watchlist.symbols:
            yield Fault((*path, "joined"), f"names {symbol}, which is not one of its symbols")


def display_faults(display: Display) -> Iterator[Fault]:
    yield from column_faults(display.columns)
    for key in ("up", "down"):
        if (colour := getattr(display, key)) and not COLOUR.fullmatch(colour):
            yield Fault(("display", key), f"{colour!r} is not a colour; write it as #86b39c")
    if display.wall_rotate_s and not MIN_ROTATE_S <= display.wall_rotate_s < math.inf:
        yield Fault(("display", "wall_rotate_s"), f"must be 0 for never, or {MIN_ROTATE_S:g} or more seconds")
    if not 0 <= display.away_after_min <= MAX_AWAY_MIN:
        yield Fault(("display", "away_after_min"), f"must be 0 for never, or minutes up to {MAX_AWAY_MIN:,}, a week")


def column_faults(columns: Sequence[str]) -> Iterator[Fault]:
    for index, name in enumerate(columns):
        if name not in COLUMNS:
            yield Fault(("display", "columns"), f"{name!r} is not a column; {nearest(name, COLUMNS)}")
        if name in columns[:index]:
            yield Fault(("display", "columns"), f"names {name} twice")


def risk_faults(risk: Risk) -> Iterator[Fault]:
    weights = asdict(risk.weights)
    for name, weight in weights.items():
        if not 0 <= weight < math.inf:
            yield Fault(("risk", "weights", name), f"must be 0 or more, not {weight:g}")
    if not sum(weights.values()) > 0:
        yield Fault(("risk", "weights"), "must not all be 0")
    yield from symbols_faults(("risk", "ai_basket"), risk.ai_basket)
    yield from symbols_faults(("risk", "hyperscalers"), risk.hyperscalers)
    for name, indicator in risk.indicators.items():
        path = ("risk", "indicators", name)
        if name not in INDICATORS:
            yield Fault(path, f"is not an indicator; {nearest(name, INDICATORS)}")
        xs = [x for x, _ in indicator.knots or []]
        if indicator.knots is not None and (len(xs) < 2 or xs != sorted(set(xs)) or not all(map(math.isfinite, xs))):
            yield Fault((*path, "knots"), "needs two or more pairs [value, score] with the values rising")
        if any(not 0 <= score <= 100 for _, score in indicator.knots or []):
            yield Fault((*path, "knots"), "a score lies between 0 and 100")


def order_faults(order: Order) -> Iterator[Fault]:
    for kind, names in asdict(order).items():
        able = [name for name, kinds in SERVES.items() if kind in kinds]
        for name in names:
            if name == "simulated":
                yield Fault(("data", "order", kind), "simulated data are for --demo and never stand among real ones")
            elif name not in SERVES:
                yield Fault(("data", "order", kind), f"{name!r} is not a provider; {nearest(name, able)}")
            elif name not in able:
                yield Fault(("data", "order", kind), f"{name} does not serve {kind}; these do: {', '.join(able)}")
        if len(set(names)) < len(names):
            yield Fault(("data", "order", kind), "names a provider twice")


def data_faults(settings: Settings) -> Iterator[Fault]:
    data = settings.data
    yield from order_faults(data.order)
    for key in ("quotes_every_s", "extended_every_s"):
        if not MIN_QUOTES_EVERY_S <= getattr(data, key) < math.inf:
            yield Fault(
                ("data", key), f"must be {MIN_QUOTES_EVERY_S:g} or more seconds; the sources limit faster callers"
            )
    if not 2 <= data.history_years <= 30:
        yield Fault(("data", "history_years"), "must lie between 2 and 30")


def provider_faults(settings: Settings) -> Iterator[Fault]:
    default = asdict(ProviderSettings())
    for name in SERVES:
        values = asdict(getattr(settings.providers, name))
        known = (*COMMON_KEYS, *OWN_KEYS.get(name, ()))
        for key, value in values.items():
            if value != default[key] and key not in known:
                yield Fault(("providers", name, key), f"{name} has no such key; {nearest(key, known)}")
            if key.endswith("_url") and value and not ADDRESS.match(value):
                yield Fault(("providers", name, key), "must begin with https:// or http:// and name a host")
            elif key in PRIVATE_URLS.get(name, ()) and value.startswith("http://") and not on_loopback(value):
                sent = "a key" if name == "fred" else "the contact address"
                yield Fault(("providers", name, key), f"must begin with https://, because {sent} is sent there")
        if values["contact"] and "@" not in values["contact"]:
            yield Fault(("providers", name, "contact"), "is no e-mail address; EDGAR wants one that it can write to")
        budget = values["requests_per_minute"]
        if budget is not None and not 0 < budget < math.inf:
            yield Fault(("providers", name, "requests_per_minute"), "must be above 0")
