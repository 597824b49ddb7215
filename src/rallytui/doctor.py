"""`rallytui check`: every source asked once, what came, and what to do about what did not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from rallytui.clock import SystemClock
from rallytui.config import Settings
from rallytui.model import BadPayload, RateLimited, Refused, SourceError, Unavailable
from rallytui.providers import (
    REGISTRY,
    BarProvider,
    CompanyProvider,
    Provider,
    QuoteProvider,
    SeriesProvider,
    create_all,
)
from rallytui.sessions import new_york_date

PROBE_INDEX, PROBE_STOCK, PROBE_SERIES = "^GSPC", "PLPC", "DGS2"
ADVICE: dict[type[SourceError], str] = {
    Unavailable: "try again later; if others fail too, check the network",
    RateLimited: "wait; asking again sooner prolongs the limit",
    Refused: "check key, contact or a proxy that answers in its place",
    BadPayload: "the source changed its format; the next one in the order serves until an update",
}


async def examine(settings: Settings) -> tuple[str, bool]:
    """The report, and whether every kind of data has a source that answers."""
    clock = SystemClock()
    providers = create_all(settings, clock)
    lines, answered = [], set()
    for name, provider in providers.items():
        began = clock.monotonic()
        if provider.idle:
            lines.append(f"{REGISTRY[name].title:<10} {provider.host:<28} skipped  {provider.idle}")
            continue
        try:
            what, newest = await probe(provider, clock.now())
        except SourceError as error:
            verdict = f"FAILED   {error}"
            advice = next((text for kind, text in ADVICE.items() if isinstance(error, kind)), "check the network")
        else:
            verdict = f"ok       {what} in {clock.monotonic() - began:.2f} s, newest {newest}"
            advice = ""
            answered.add(name)
        lines.append(f"{REGISTRY[name].title:<10} {provider.host:<28} {verdict}")
        lines.extend([f"{'':<39} → {advice}"] if advice else [])
        await provider.close()
    order = settings.data.order
    kinds = {kind: getattr(order, kind) for kind in order.__struct_fields__}
    down = [kind for kind, names in kinds.items() if not answered & set(names)]
    lines += ["", f"no source for {', '.join(down)}" if down else "every kind of data has a source that answers"]
    return "\n".join(lines) + "\n", not down


async def probe(provider: Provider, now: datetime) -> tuple[str, str]:
    """Ask for one small thing; what it was and the newest moment it describes. Raises SourceError."""
    today = new_york_date(now)
    week = today - timedelta(days=14)
    if isinstance(provider, QuoteProvider):
        symbol = PROBE_INDEX if provider.serves("quotes", PROBE_INDEX) else PROBE_STOCK
        found = await provider.quotes([symbol])
        return f"quote of {symbol}", f"{found[0].at:%Y-%m-%d %H:%M} UTC" if found else "nothing"
    if isinstance(provider, BarProvider):
        bars = await provider.bars(PROBE_INDEX, week, today)
        return f"bars of {PROBE_INDEX}", newest(stamp.date() for stamp in bars.frame.index)
    if isinstance(provider, SeriesProvider):
        series = await provider.series(PROBE_SERIES, week)
        return f"series {PROBE_SERIES}", newest(stamp.date() for stamp in series.frame["obs"])
    assert isinstance(provider, CompanyProvider)
    company = await provider.company(PROBE_STOCK)
    return f"filings of {PROBE_STOCK}", newest(fact.filed for fact in company.facts)


def newest(days: Iterable[date]) -> str:
    """The last of the days, or that there is none."""
    return str(max(days, default="nothing"))
