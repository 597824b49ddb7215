"""How a person looks at a page: the chart's part and style and the chosen filing, and where these were last drawn."""

from __future__ import annotations

from dataclasses import dataclass, field

from rallytui.board.shape import Board, Candles, SymbolCloseUp
from rallytui.ui.widgets.viewport import Viewport

WAITING = "waiting for candles"


@dataclass(slots=True)
class PageView:
    """Kept by the screen of a page and read by what draws it."""

    port: Viewport = field(default_factory=Viewport)
    candles: bool | None = None
    """Candles or a line; None leaves it to the room."""
    filing: int = -1
    """The index of the filing under the cursor; -1 while it is on none."""
    told: str = ""
    """What came of opening it, as a sentence; empty if it opened."""
    chart: range = range(0)
    """Rows of the chart in the last drawing, for the wheel."""
    chart_width: int = 0
    has_candles: bool = False
    """Whether the last drawing had candles."""
    filing_rows: dict[int, int] = field(default_factory=dict)
    """Row and index of each filing in the last drawing."""


def close_up_of(board: Board, symbol: str) -> SymbolCloseUp | None:
    """What is known for this page alone; None until it is there."""
    found = board.close_up
    return found if isinstance(found, SymbolCloseUp) and found.symbol == symbol else None


def prices_of(board: Board, symbol: str, port: Viewport) -> Candles:
    """The prices a viewport shows a part of: candles, or the closes of the board until there are some."""
    close_up = close_up_of(board, symbol)
    if port.is_intraday:
        return close_up.intraday if close_up else Candles(missing=WAITING)
    if close_up and close_up.daily.times:
        return close_up.daily
    chart = board.charts.get(symbol)
    if chart is None:
        return close_up.daily if close_up else Candles(missing=WAITING)
    nothing: list[float | None] = [None] * len(chart.days)
    missing = (close_up.daily.missing or "no candles") if close_up else WAITING
    return Candles(chart.days, nothing, nothing, nothing, chart.closes, nothing, missing=missing)


def averages_of(board: Board, symbol: str, prices: Candles) -> dict[str, list[float | None]]:
    """Averages over the times of `prices`; none within the day."""
    close_up = close_up_of(board, symbol)
    if close_up and prices is close_up.daily:
        return close_up.averages
    chart = board.charts.get(symbol)
    return chart.extra if chart is not None and prices.times is chart.days else {}
