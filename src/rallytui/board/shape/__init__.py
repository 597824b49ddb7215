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
from rallytui.board.shape.closeup import (
    Candles,
    CloseUp,
    FilingRow,
    IndicatorCloseUp,
    QuarterRow,
    SymbolCloseUp,
)
from rallytui.board.shape.history import (
    Mark,
    Record,
    RungMark,
    TargetMark,
)
from rallytui.board.shape.risk import (
    Claim,
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
    Closing,
    ModelEta,
    Odds,
    Rung,
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
from rallytui.model import ClaimStatus

__all__ = [
    "Band",
    "Baseline",
    "Basket",
    "Board",
    "Breadth",
    "Candles",
    "Chart",
    "Claim",
    "ClaimStatus",
    "CloseUp",
    "Closing",
    "Composite",
    "Context",
    "FilingRow",
    "Group",
    "Indicator",
    "IndicatorCloseUp",
    "Mark",
    "Mode",
    "ModelEta",
    "NextReport",
    "Odds",
    "QuarterRow",
    "Record",
    "Risks",
    "Row",
    "Rung",
    "RungMark",
    "Session",
    "Sigma",
    "Sleeve",
    "SourceHealth",
    "SymbolCloseUp",
    "Target",
    "TargetMark",
    "TargetStats",
    "TrendEta",
    "Watchlist",
]
