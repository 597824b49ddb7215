"""The settings as frozen typed values; the defaults are the thesis of December 2025."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct, field

Theme = Literal["dark", "light", "contrast", "colourblind"]
Knots = list[tuple[float, float]]


class Thesis(Struct, frozen=True, forbid_unknown_fields=True):
    """`[thesis]`: its name and the session it is measured from."""

    name: str = "The 6,900 rally"
    baseline: date = date(2025, 11, 26)


class TargetSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[[targets]]`: an index, its ladder of levels and the last day. An empty baseline is the thesis's."""

    symbol: str = "^GSPC"
    name: str = "S&P 500"
    levels: list[float] = field(default_factory=lambda: [6900.0, 7000.0, 7269.0, 7500.0, 8000.0])
    by: date = date(2026, 12, 31)
    baseline: date | None = None
    baseline_level: float | None = None


class WatchlistSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[watchlists.NAME]`: symbols as Yahoo writes them, and the index they are compared with."""

    title: str = ""
    symbols: list[str] = field(default_factory=list)
    benchmark: str = "^GSPC"


class IndicatorSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[risk.indicators.ID]`: switch an indicator off, or score it by other knots `[[x, score], ...]`."""

    on: bool = True
    knots: Knots | None = None


class Weights(Struct, frozen=True, forbid_unknown_fields=True):
    """`[risk.weights]`: percent of the composite for each group."""

    AI: float = 25
    LB: float = 15
    FD: float = 15
    SH: float = 15
    VC: float = 15
    BR: float = 10
    PR: float = 5


class Scenario(Struct, frozen=True, forbid_unknown_fields=True):
    """One set of assumptions behind the odds: `sigma_factor` times the implied volatility, price drift `mu` a year."""

    sigma_factor: float
    mu: float


class Odds(Struct, frozen=True, forbid_unknown_fields=True):
    """`[odds]`: the two scenarios whose range is shown (METHODOLOGY A.9)."""

    neutral: Scenario = Scenario(1.0, 0.0)
    real_world: Scenario = Scenario(0.85, 0.07)


class Risk(Struct, frozen=True, forbid_unknown_fields=True):
    """`[risk]`: what is scored, how, and of what the AI basket and the capex panel consist."""

    weights: Weights = Weights()
    indicators: dict[str, IndicatorSettings] = field(default_factory=dict)
    ai_basket: list[str] = field(default_factory=lambda: ["SMH"])
    hyperscalers: list[str] = field(default_factory=lambda: ["MSFT", "GOOGL", "AMZN", "META", "ORCL"])


class EarningsGrowth(Struct, frozen=True, forbid_unknown_fields=True):
    """`[claims.earnings]`: the figure that no keyless source has, with where and when it was read."""

    growth_pct: float
    source: str
    date: date


class Claims(Struct, frozen=True, forbid_unknown_fields=True):
    """`[claims]`: the promised capital spending (billions of dollars), and the figure only a person can supply."""

    earnings: EarningsGrowth | None = None
    capex_bn: float = 520.0


class Order(Struct, frozen=True, forbid_unknown_fields=True):
    """`[data.order]`: which provider is asked first for each kind of data; later ones step in when it fails."""

    index_quotes: list[str] = field(default_factory=lambda: ["cboe", "yahoo"])
    stock_quotes: list[str] = field(default_factory=lambda: ["yahoo", "cboe", "nasdaq"])
    index_bars: list[str] = field(default_factory=lambda: ["cboe", "yahoo"])
    stock_bars: list[str] = field(default_factory=lambda: ["yahoo", "cboe"])
    series: list[str] = field(default_factory=lambda: ["fred", "treasury"])
    companies: list[str] = field(default_factory=lambda: ["sec", "yahoo"])


class Data(Struct, frozen=True, forbid_unknown_fields=True):
    """`[data]`: how often quotes are asked for (seconds), how far back history goes, closures nobody scheduled."""

    order: Order = Order()
    quotes_every_s: float = 60.0
    extended_every_s: float = 300.0
    history_years: int = 6
    closures: list[date] = field(default_factory=list)


class ProviderSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[providers.NAME]`. Empty URLs mean the provider's own; `requests_per_minute` None means its own budget."""

    base_url: str = ""
    www_url: str = ""
    vintage_url: str = ""
    api_url: str = ""
    api_key: str = ""
    contact: str = ""
    requests_per_minute: float | None = None
    enabled: bool = True


class Providers(Struct, frozen=True, forbid_unknown_fields=True):
    """`[providers]`: one table a source."""

    cboe: ProviderSettings = ProviderSettings()
    yahoo: ProviderSettings = ProviderSettings()
    fred: ProviderSettings = ProviderSettings()
    treasury: ProviderSettings = ProviderSettings()
    sec: ProviderSettings = ProviderSettings()
    nasdaq: ProviderSettings = ProviderSettings()


class Display(Struct, frozen=True, forbid_unknown_fields=True):
    """`[display]`: looks. `swap_up_down` exchanges the two colours of price moves."""

    theme: Theme = "dark"
    ascii: bool = False
    swap_up_down: bool = False
    time_zone: str = "America/New_York"


def default_targets() -> list[TargetSettings]:
    return [TargetSettings()]


def default_watchlists() -> dict[str, WatchlistSettings]:
    return {"ai": WatchlistSettings("AI watchlist", ["PLPC", "INOD", "PATH", "FIVN"])}


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of config.toml."""

    thesis: Thesis = Thesis()
    targets: list[TargetSettings] = field(default_factory=default_targets)
    watchlists: dict[str, WatchlistSettings] = field(default_factory=default_watchlists)
    odds: Odds = Odds()
    risk: Risk = Risk()
    claims: Claims = Claims()
    data: Data = Data()
    providers: Providers = Providers()
    display: Display = Display()

    def baseline_of(self, target: TargetSettings) -> date:
        """The session from which a target is measured."""
        return target.baseline or self.thesis.baseline
