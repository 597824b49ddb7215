"""The Board: every finished reading of one moment, as the screen, the JSON and the CSV all see it.

Loads neither pandas nor numpy, so that the last stored board can be painted before anything heavy is imported.
Fields ending in `_pct` are percent and in `_pp` percentage points; other ratios and all odds are fractions.
A field that could not be computed is None and its reason stands in the `missing` map of the row, target or risk.
"""

from rallytui.board.shape.board import (
    Board,
    Chart,
    Mode,
    Session,
    SourceHealth,
)
from rallytui.board.shape.risk import (
    Claim,
    ClaimStatus,
    Composite,
    Context,
    Group,
    Indicator,
    Risks,
    Sleeve,
)
from rallytui.board.shape.target import (
    Band,
    Baseline,
    ModelEta,
    Odds,
    Rung,
    RungState,
    Sigma,
    Target,
    TargetStats,
    TrendEta,
)
from rallytui.board.shape.watchlist import (
    Basket,
    Breadth,
    NextReport,
    Row,
    Watchlist,
)

__all__ = [
    "Band",
    "Baseline",
    "Basket",
    "Board",
    "Breadth",
    "Chart",
    "Claim",
    "ClaimStatus",
    "Composite",
    "Context",
    "Group",
    "Indicator",
    "Mode",
    "ModelEta",
    "NextReport",
    "Odds",
    "Risks",
    "Row",
    "Rung",
    "RungState",
    "Session",
    "Sigma",
    "Sleeve",
    "SourceHealth",
    "Target",
    "TargetStats",
    "TrendEta",
    "Watchlist",
]
