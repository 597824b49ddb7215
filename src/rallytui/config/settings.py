"""The settings as frozen typed values; the defaults are the thesis of December 2025."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from msgspec import Struct, field

Theme = Literal["dark", "light", "contrast", "colourblind"]
Way = Literal["toast", "bell", "desktop", "command"]
SECRETS = ("api_key",)
"""Keys of `[providers.NAME]` that are never shown."""
MASK = "***"
Knots = list[tuple[float, float]]
Keys = str | list[str]
"""One key or several, as in `"f5"` or `["n", "ctrl+n"]`."""


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
    """`[watchlists.NAME]`: symbols as Yahoo writes them, and the index they are compared with.

    `joined` says since when a name counts in the basket; one that is not there counts from the thesis's baseline.
    """

    title: str = ""
    symbols: list[str] = field(default_factory=list)
    benchmark: str = "^GSPC"
    joined: dict[str, date] = field(default_factory=dict)


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
    """`[risk]`: what is scored, how, and of what AI infrastructure and the capex panel consist."""

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
    search: list[str] = field(default_factory=lambda: ["yahoo"])
    intraday: list[str] = field(default_factory=lambda: ["yahoo"])


class Data(Struct, frozen=True, forbid_unknown_fields=True):
    """`[data]`: how often quotes are asked for (seconds), how far back history goes, closures nobody scheduled."""

    order: Order = Order()
    quotes_every_s: float = 60.0
    extended_every_s: float = 300.0
    history_years: int = 6
    closures: list[date] = field(default_factory=list)


class ProviderSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[providers.NAME]`. Empty URLs and an empty agent mean the provider's own; so does `requests_per_minute` None."""

    base_url: str = ""
    www_url: str = ""
    vintage_url: str = ""
    api_url: str = ""
    api_key: str = ""
    contact: str = ""
    user_agent: str = ""
    requests_per_minute: float | None = None
    enabled: bool = True

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """The fields with the key masked: what a traceback with locals shows."""
        values = [(name, getattr(self, name)) for name in self.__struct_fields__]
        return [(name, MASK if name in SECRETS and value else value) for name, value in values]

    def __repr__(self) -> str:
        return f"ProviderSettings({', '.join(f'{name}={value!r}' for name, value in self.__rich_repr__())})"


class Providers(Struct, frozen=True, forbid_unknown_fields=True):
    """`[providers]`: one table a source."""

    cboe: ProviderSettings = ProviderSettings()
    yahoo: ProviderSettings = ProviderSettings()
    fred: ProviderSettings = ProviderSettings()
    treasury: ProviderSettings = ProviderSettings()
    sec: ProviderSettings = ProviderSettings()
    nasdaq: ProviderSettings = ProviderSettings()


class Alert(Struct, frozen=True, forbid_unknown_fields=True):
    """`[[alerts]]`: a tripwire on one reading of the board, by its path, with exactly one condition.

    `hysteresis` is in the reading's unit. What is None here is as in `[notify]`.
    """

    metric: str
    id: str = ""
    name: str = ""
    above: float | None = None
    below: float | None = None
    crosses: float | None = None
    changes: bool = False
    becomes: str | float | bool | None = None
    hold: str = field(default="", name="for")
    hysteresis: float = 0.0
    once: bool = False
    notify: list[Way] | None = None
    quiet: str | None = None
    command: list[str] | None = None


class Notify(Struct, frozen=True, forbid_unknown_fields=True):
    """`[notify]`: how tripwires make themselves known; in `quiet` hours (`22:00-07:00`) they are only logged."""

    ways: list[Way] = field(default_factory=lambda: ["toast"])
    quiet: str = ""
    command: list[str] = field(default_factory=list)


class BuiltinAlerts(Struct, frozen=True, forbid_unknown_fields=True):
    """`[builtin_alerts]`: the tripwires that need no setting up (METHODOLOGY D), each to be switched off."""

    rungs: bool = True
    lights: bool = True
    composite: bool = True
    claims: bool = True
    basket: bool = True
    moves: bool = True
    filings: bool = True
    stale: bool = True
    sources: bool = True
    corrections: bool = True


class Display(Struct, frozen=True, forbid_unknown_fields=True):
    """`[display]`: looks. `swap_up_down` exchanges the two colours of price moves; no `columns`: as many as fit.

    `up` and `down` are colours as `#rrggbb`; empty: the theme's. An empty `export_dir` is the current directory.
    After `away_after_min` minutes without a key the next one tells what happened; 0 is never.
    """

    theme: Theme = "dark"
    ascii: bool = False
    swap_up_down: bool = False
    time_zone: str = "America/New_York"
    columns: list[str] = field(default_factory=list)
    up: str = ""
    down: str = ""
    wall_rotate_s: float = 0.0
    export_dir: str = ""
    away_after_min: float = 30.0


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
    keys: dict[str, Keys] = field(default_factory=dict)
    alerts: list[Alert] = field(default_factory=list)
    notify: Notify = Notify()
    builtin_alerts: BuiltinAlerts = BuiltinAlerts()

    def baseline_of(self, target: TargetSettings) -> date:
        """The session from which a target is measured."""
        return target.baseline or self.thesis.baseline
