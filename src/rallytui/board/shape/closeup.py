"""The shape of what an open page shows beyond the board: full history, quarters, filings. Carried only while open."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct, field

from rallytui.model import Light


class Candles(Struct, frozen=True):
    """Prices over time, oldest first, all lists of one length; None is missing. `source` has them from there.

    `times` are session dates as ordinals (`date.toordinal`) for daily candles, and seconds since 1970 UTC for
    intraday ones. Daily prices are split-adjusted.
    """

    times: list[int] = field(default_factory=list)
    open: list[float | None] = field(default_factory=list)
    high: list[float | None] = field(default_factory=list)
    low: list[float | None] = field(default_factory=list)
    close: list[float] = field(default_factory=list)
    volume: list[float | None] = field(default_factory=list)
    source: str = ""
    missing: str = ""
    """Why there is none, as a sentence; empty if there is."""


class QuarterRow(Struct, frozen=True):
    """One reported quarter: money in the company's currency, growth in percent against the quarter a year before."""

    end: date
    filed: date | None
    revenue: float | None = None
    revenue_yoy_pct: float | None = None
    net_income: float | None = None
    derived: bool = False
    """Computed as a difference of longer periods, not reported as such."""


class FilingRow(Struct, frozen=True):
    """One filing, newest first in lists. `url` opens its main document."""

    form: str
    filed: date
    accepted: datetime | None
    period: date | None
    url: str


class SymbolCloseUp(Struct, frozen=True, tag="symbol"):
    """What the page of a name or of an index shows besides its row: candles, averages, quarters, filings."""

    symbol: str
    daily: Candles = Candles()
    intraday: Candles = Candles()
    averages: dict[str, list[float | None]] = field(default_factory=dict)
    """Lines over `daily.times` by name: `sma50`, `sma200`."""
    quarters: list[QuarterRow] = field(default_factory=list)
    """Newest first."""
    quarters_missing: str = ""
    filings: list[FilingRow] = field(default_factory=list)
    filings_missing: str = ""


class IndicatorCloseUp(Struct, frozen=True, tag="indicator"):
    """The history of one risk indicator: values and scores over `times` (ordinals of the dates they were known)."""

    id: str
    times: list[int] = field(default_factory=list)
    values: list[float | None] = field(default_factory=list)
    scores: list[float | None] = field(default_factory=list)
    lights: list[Light] = field(default_factory=list)
    knots: list[tuple[float, float]] = field(default_factory=list)
    """(value, score) pairs with the value rising: where the bands lie."""
    missing: str = ""


CloseUp = SymbolCloseUp | IndicatorCloseUp
