"""`rallytui check`: every source asked once, what came and how old it is, and what to do about what did not."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import resources
from importlib.metadata import version
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from rallytui.board.words import moment_words
from rallytui.config import ProviderSettings, Settings
from rallytui.exchanges import NEW_YORK_CODE, exchange_of, lost_sessions
from rallytui.feed.health import waits
from rallytui.model import BadPayload, Clock, Health, RateLimited, Refused, SourceError, Unavailable
from rallytui.plain import plain
from rallytui.providers import (
    REGISTRY,
    BarProvider,
    CompanyProvider,
    Provider,
    QuoteProvider,
    SeriesProvider,
    create,
    create_all,
)
from rallytui.providers.http import COMPATIBLE_AGENT, HONEST_AGENT
from rallytui.providers.limits import spoken
from rallytui.providers.source import Source
from rallytui.sessions import Calendar, new_york_date, nyse

PROBE_INDEX, PROBE_STOCK, PROBE_SERIES = "^GSPC", "PLPC", "DGS2"
PATIENCE_S = 25.0
"""How long one source may take before it counts as silent: `check` is for a person who waits."""
WRONG_CLOCK_S = 120.0
"""A clock further off than this makes fresh prices look as if they were of the future, or stale."""
WIDTH = 98
INDENT = " " * 22
ADVICE: dict[type[SourceError], str] = {
    Unavailable: "try again later; if other sources fail too, look at the network or the proxy",
    RateLimited: "wait; asking again sooner prolongs the limit",
    Refused: "look at the key or the contact in the config; a proxy or a login page may answer in its place",
    BadPayload: "the source changed its format; the next one in the order serves until an update",
}
CONTACT = ("[providers.sec]", 'contact = "you@example.com"')


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one source: `verdict` is ok, FAILED, limited or skipped; `advice` lines say what to do."""

    name: str
    verdict: str
    text: str
    took_s: float | None = None
    advice: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


async def examine(settings: Settings, clock: Clock, known: Mapping[str, Health]) -> tuple[str, bool]:
    """The report on the sources, and whether every kind of data has one that answers.

    All are asked at the same time. `known` is what an earlier run noted, by provider: a limit that a source set itself
    is kept, a wait that we chose after failures is not, because a person asks whether it is over.
    """
    providers = create_all(settings, clock)
    calendar, zone = nyse(settings.data.closures), ZoneInfo(settings.display.time_zone)
    found = await asyncio.gather(
        *(_visit(provider, settings, clock, calendar, zone, known.get(name)) for name, provider in providers.items())
    )
    lines = [line for finding in found for line in _told(finding, providers[finding.name])]
    answered = {finding.name for finding in found if finding.verdict == "ok"}
    order = settings.data.order
    kinds = {kind: getattr(order, kind) for kind in order.__struct_fields__}
    down = [kind for kind, names in kinds.items() if names and not answered & set(names)]
    lines += _clock_lines(providers.values())
    lines += _calendar_lines(settings)
    lines += zone_lines(settings.display.time_zone, clock.now())
    lines += ["", f"no source for {', '.join(down)}" if down else "every kind of data has a source that answers"]
    return "\n".join(lines) + "\n", not down


async def _visit(
    provider: Provider, settings: Settings, clock: Clock, calendar: Calendar, zone: ZoneInfo, known: Health | None
) -> Finding:
    name, now = provider.name, clock.now()
    try:
        if provider.idle:
            advice = ("add to the config file:", *CONTACT) if name == "sec" else ()
            return Finding(name, "skipped", provider.idle, advice=advice)
        waiting = known if known is not None and waits(known, provider.address, now) else None
        if waiting is not None and waiting.limited:
            return _limited(waiting, now, zone)
        began = clock.monotonic()
        try:
            async with asyncio.timeout(PATIENCE_S):
                text = await probe(provider, now, calendar, zone)
        except TimeoutError:
            other = await _agent_advice(provider, settings, clock, calendar, zone)
            text = f"no answer within {PATIENCE_S:g} s"
            return Finding(name, "FAILED", text, advice=other or (ADVICE[Unavailable],))
        except SourceError as error:
            took = clock.monotonic() - began
            silent = isinstance(error, Unavailable) and "in time" in str(error)
            other = await _agent_advice(provider, settings, clock, calendar, zone) if silent else ()
            return Finding(name, "FAILED", str(error), took, other or (advice_for(error, now, zone),))
        notes = (*_delay(provider), *_failed_before(waiting, now, zone))
        return Finding(name, "ok", text, clock.monotonic() - began, notes=notes)
    finally:
        await provider.close()


async def _agent_advice(
    silent: Provider, settings: Settings, clock: Clock, calendar: Calendar, zone: ZoneInfo
) -> tuple[str, ...]:
    """What to put into the config if a source that leaves us unanswered answers under another User-Agent."""
    name = silent.name
    own: ProviderSettings = getattr(settings.providers, name, ProviderSettings())
    if not isinstance(silent, Source) or name == "sec":  # EDGAR wants the contact there
        return ()
    agent = COMPATIBLE_AGENT if silent.http.agent != COMPATIBLE_AGENT else HONEST_AGENT
    provider = create(name, replace(own, user_agent=agent), clock)
    try:
        async with asyncio.timeout(PATIENCE_S):
            await probe(provider, clock.now(), calendar, zone)
    except (TimeoutError, SourceError):
        return ()
    finally:
        await provider.close()
    words = "it answers under another User-Agent; add to the config file:"
    return words, f"[providers.{name}]", f'user_agent = "{agent}"'


def _limited(known: Health, now: datetime, zone: ZoneInfo) -> Finding:
    """A source that asked an earlier run for patience."""
    assert known.next_try is not None
    when = moment_words(known.next_try, now, zone)
    text = f"until {when}, so it was not asked: {known.detail}"
    return Finding(known.provider, "limited", text, advice=("wait",))


def _failed_before(waiting: Health | None, now: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """When the board asks a source again that failed before and has answered now."""
    if waiting is None or waiting.next_try is None:
        return ()
    when = moment_words(waiting.next_try, now, zone)
    return (f"it failed before: the board asks it again at {when}, or at once with r",)


def advice_for(error: SourceError, now: datetime, zone: ZoneInfo) -> str:
    """What a person can do about a failure, as one sentence."""
    text = next((text for kind, text in ADVICE.items() if isinstance(error, kind)), "look at the network")
    if isinstance(error, RateLimited) and error.retry_after:
        until = now + timedelta(seconds=error.retry_after)
        return f"wait until {moment_words(until, now, zone)}; asking sooner prolongs it"
    said = str(error)
    if "web page" in said:
        return "a captcha, a login or a proxy answers in its place: open that host in a browser to see which"
    if "certificate" in said:
        return "look at this machine's clock and certificates, or at a proxy that opens encrypted connections"
    if "resolved" in said:
        return "this machine cannot find the host: no network, or a name server that blocks it"
    if "refused" in said and isinstance(error, Unavailable):
        return "nothing listens at that address: look at base_url in the config, or at a firewall"
    if "api_key" in said or (isinstance(error, Refused) and error.provider == "fred"):
        return "look at FRED_API_KEY or [providers.fred] api_key; without a key the public files are asked"
    return text


async def probe(provider: Provider, now: datetime, calendar: Calendar, zone: ZoneInfo) -> str:
    """Ask for one small thing; what it was and how old it is, in words. Raises SourceError."""
    today = new_york_date(now)
    start = today - timedelta(days=14)
    if isinstance(provider, QuoteProvider):
        symbol = PROBE_INDEX if provider.serves("quotes", PROBE_INDEX) else PROBE_STOCK
        found = await provider.quotes([symbol])
        if not found:
            return f"quote of {symbol}: nothing"
        quote = found[0]
        return f"quote of {symbol}: {quote.price:,.2f}, {_traded(quote.at, quote.session_date, now, calendar, zone)}"
    if isinstance(provider, BarProvider):
        bars = await provider.bars(PROBE_INDEX, start, today)
        return f"bars of {PROBE_INDEX}: {_newest((stamp.date() for stamp in bars.frame.index), today)}"
    if isinstance(provider, SeriesProvider):
        series = await provider.series(PROBE_SERIES, start)
        days = (stamp.date() for stamp in series.frame["obs"])
        return f"series {PROBE_SERIES}: {_newest(days, today)}"
    assert isinstance(provider, CompanyProvider)
    company = await provider.company(PROBE_STOCK)
    return f"filings of {PROBE_STOCK}: {_newest((fact.filed for fact in company.facts), today)}"


def _told(finding: Finding, provider: Provider) -> list[str]:
    """A source's lines: the verdict, then where it was asked and how that went, then what to do."""
    lines = _wrapped(f"  {REGISTRY[finding.name].title:<10}{finding.verdict:<10}", finding.text)
    facts = [provider.host, *finding.notes]
    if finding.took_s is not None:
        facts.append(f"{finding.took_s:.2f} s")
    if isinstance(provider, Source):
        facts.append(f"at most {provider.http.limiter.per_minute:g} requests a minute")
    lines += _wrapped(INDENT, " · ".join(facts))
    first, *rest = finding.advice or ("",)
    if first:
        lines += [*_wrapped(f"{INDENT}→ ", first), *(f"{INDENT}    {line}" for line in rest)]
    return lines


def _wrapped(start: str, text: str) -> list[str]:
    """The text after `start`, on as many lines as it needs."""
    rest = " " * len(start)
    return textwrap.wrap(plain(text), WIDTH, initial_indent=start, subsequent_indent=rest) or [start.rstrip()]


def _delay(provider: Provider) -> tuple[str, ...]:
    return (f"{provider.delay_s // 60} min late by design",) if provider.delay_s else ()


def _clock_lines(providers: Iterable[Provider]) -> list[str]:
    """A warning if most sources that told their time contradict this machine's clock."""
    skews = sorted(
        provider.http.skew_s
        for provider in providers
        if isinstance(provider, Source) and provider.http.skew_s is not None
    )
    middle = skews[len(skews) // 2] if skews else 0.0
    if abs(middle) <= WRONG_CLOCK_S:
        return []
    direction = "ahead of" if middle > 0 else "behind"
    return ["", f"  this machine's clock is {abs(middle) / 60:.0f} min {direction} the sources'; set it by the network"]


def _calendar_lines(settings: Settings) -> list[str]:
    """A warning for each exchange of the config whose sessions the library has wrong, by a few days that are known."""
    lists = settings.watchlists.values()
    symbols = {symbol for one in lists for symbol in (*one.symbols, one.benchmark)}
    lines = []
    for code in sorted({NEW_YORK_CODE} | {exchange_of(symbol) for symbol in symbols}):
        wrong = lost_sessions(code)
        if wrong:
            versions = f"exchange-calendars {version('exchange-calendars')} with pandas {version('pandas')}"
            days = ", ".join(day.isoformat() for day in wrong)
            lines += [
                "",
                f"  {versions} has sessions of {code} wrong: {days}",
                "  ages of its prices can be off by a day",
            ]
    return lines


def zone_lines(zone: str, now: datetime, own: ZoneInfo | None = None, packaged: ZoneInfo | None = None) -> list[str]:
    """A warning if this machine's table of a time zone is older than that of the package `tzdata`.

    Python takes the machine's first. The two are compared hour by day over the two years around `now`.
    """
    own, packaged = own or ZoneInfo(zone), packaged or _packaged(zone)
    if packaged is None:
        return []
    days = [now + timedelta(days=n) for n in range(-366, 367)]
    apart = next((day for day in days if day.astimezone(own).utcoffset() != day.astimezone(packaged).utcoffset()), None)
    if apart is None:
        return []
    offsets = " and ".join(f"{apart.astimezone(one):%z}" for one in (own, packaged))
    package = f"tzdata {version('tzdata')}"
    return [
        "",
        f"  this machine's table of {zone} differs from that of {package}: on {apart:%Y-%m-%d} {offsets}",
        "  update the machine's time zone data, or set PYTHONTZPATH to nothing so that the package's are used",
    ]


def _packaged(zone: str) -> ZoneInfo | None:
    """A zone by the package `tzdata` alone; None if it has none."""
    package, _, name = f"tzdata.zoneinfo.{zone.replace('/', '.')}".rpartition(".")
    try:
        with (resources.files(package) / name).open("rb") as file:
            return ZoneInfo.from_file(file, key=zone)
    except (ModuleNotFoundError, FileNotFoundError, ValueError, TypeError):
        return None


def _traded(at: datetime, session: date, now: datetime, calendar: Calendar, zone: ZoneInfo) -> str:
    """When a price was traded, against now: minutes while its session runs, else which session it was."""
    when = moment_words(at, now, zone)
    if now < calendar.close_at(session):
        return f"traded {when}, {spoken(max(0.0, (now - at).total_seconds()))} ago"
    behind = calendar.count(session, calendar.on_or_before(new_york_date(now))) if session < new_york_date(now) else 0
    started = calendar.on_or_before(new_york_date(now))
    if started == new_york_date(now) and now < calendar.open_at(started):
        behind -= 1
    words = f"{behind} session{'s' * (behind > 1)} behind" if behind > 0 else "the last session"
    return f"of {when}, {words}"


def _newest(days: Iterable[date], today: date) -> str:
    """The last of the days and how long ago it was, or that there is none."""
    last = max(days, default=None)
    if last is None:
        return "nothing"
    ago = (today - last).days
    age = "today" if ago == 0 else "yesterday" if ago == 1 else f"{ago} days ago"
    return f"newest of {last:%a} {last.day} {last:%b %Y} ({age})"
