"""The risk indicators as data: what each one measures, from what, how old it may be, how it is scored.

Plain data without pandas or numpy: the config is checked against it. A new indicator is a new entry in `economy` or
`markets`.
"""

from __future__ import annotations

from rallytui.indicators.catalog.economy import ECONOMY
from rallytui.indicators.catalog.markets import MARKETS
from rallytui.indicators.catalog.shared import AI_BASKET, CAPEX_GROWTH
from rallytui.indicators.schema import Group, Indicator, Recipe, bars

__all__ = ["AI_BASKET", "BY_ID", "CAPEX_GROWTH", "GROUPS", "INDICATORS", "SHOWN_UNSCORED", "members"]

GROUPS: tuple[Group, ...] = (
    Group("AI", "AI delays", 25),
    Group("LB", "Labour", 15),
    Group("FD", "Fed policy", 15),
    Group("SH", "Safe havens", 15),
    Group("VC", "Volatility & credit", 15),
    Group("BR", "Breadth", 10),
    Group("PR", "Productivity", 5),
)

INDICATORS: tuple[Indicator, ...] = tuple(
    indicator for group in GROUPS for indicator in (*ECONOMY, *MARKETS) if indicator.group == group.id
)
"""In the order of the groups."""


BY_ID: dict[str, Indicator] = {indicator.id: indicator for indicator in INDICATORS}

SHOWN_UNSCORED: tuple[tuple[str, Recipe], ...] = (
    ("Utilities vs S&P, 63 d", Recipe("ratio_return", bars("XLU", "SPY"), 63)),
    ("High yield vs Treasuries, 63 d", Recipe("ratio_return", bars("HYG", "IEF"), 63)),
)
"""Context that the risk pane may print without a score (METHODOLOGY C.1)."""


def members(group: str) -> tuple[str, ...]:
    """The indicators of a group, in order."""
    return tuple(indicator.id for indicator in INDICATORS if indicator.group == group)
