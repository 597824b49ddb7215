"""What a thesis needs from the sources: symbols, series and companies, each once."""

from __future__ import annotations

from dataclasses import dataclass

from rallytui.config import Settings
from rallytui.indicators.thesis import GROWTH_NAMES
from rallytui.macro import CATALOG

VOLATILITY = ("^VIX", "^VIX3M")
RISK_FUNDS = ("SPY", "GLD", "TLT", "IWM", "RSP", "XLU", "HYG", "IEF")


@dataclass(frozen=True, slots=True)
class Wants:
    """Names in the order they should be asked for: what the screen shows first comes first."""

    quotes: tuple[str, ...]
    bars: tuple[str, ...]
    series: tuple[str, ...]
    companies: tuple[str, ...]


def unique(*groups: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in groups for name in group))


def wants(settings: Settings) -> Wants:
    """The names that the settings' targets, lists and risk readings are computed from."""
    targets = [target.symbol for target in settings.targets]
    members = [symbol for watchlist in settings.watchlists.values() for symbol in watchlist.symbols]
    benchmarks = [watchlist.benchmark for watchlist in settings.watchlists.values()]
    return Wants(
        quotes=unique(targets, members, benchmarks),
        bars=unique(targets, members, benchmarks, VOLATILITY, RISK_FUNDS, settings.risk.ai_basket),
        series=tuple(CATALOG),
        companies=unique(
            [name for name in members if not name.startswith("^")], settings.risk.hyperscalers, GROWTH_NAMES
        ),
    )
