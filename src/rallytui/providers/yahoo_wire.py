"""The shapes of Yahoo's JSON, with the names that Yahoo uses, and its error objects as typed errors."""

from __future__ import annotations

import msgspec
from msgspec import Struct, field

from rallytui.model import Refused, SourceError, Unavailable, UnknownSymbol
from rallytui.providers.decode import said

NAME = "yahoo"
Column = list[float | None]


class Problem(Struct):
    """What Yahoo says went wrong."""

    code: str = ""
    description: str | None = None


class Wrapped(Struct):
    """The part of an answer that can hold a problem."""

    error: Problem | None = None


class Failure(Struct):
    """An error object; which member it is in depends on the endpoint."""

    chart: Wrapped | None = None
    finance: Wrapped | None = None
    spark: Wrapped | None = None
    timeseries: Wrapped | None = None


class Meta(Struct):
    """`$.chart.result[0].meta`: the regular session's latest price and its range, epochs in seconds."""

    symbol: str
    currency: str | None = None
    exchangeTimezoneName: str = ""
    dataGranularity: str = ""
    regularMarketPrice: float | None = None
    regularMarketTime: int | None = None
    regularMarketDayHigh: float | None = None
    regularMarketDayLow: float | None = None
    regularMarketVolume: float | None = None
    previousClose: float | None = None
    chartPreviousClose: float | None = None
    longName: str | None = None
    shortName: str | None = None


class Columns(Struct):
    """Parallel to `timestamp`; a null is a bar without a trade, and all are absent when there are no bars."""

    open: Column = field(default_factory=list)
    high: Column = field(default_factory=list)
    low: Column = field(default_factory=list)
    close: Column = field(default_factory=list)
    volume: Column = field(default_factory=list)


class Adjusted(Struct):
    """Closes adjusted for splits and dividends, daily charts only."""

    adjclose: Column = field(default_factory=list)


class Indicators(Struct):
    """The columns of a chart."""

    quote: list[Columns]
    adjclose: list[Adjusted] = field(default_factory=list)


class Split(Struct):
    """A split: from `date` (epoch of its session's opening) on, `numerator` new shares stand for `denominator` old."""

    date: int
    numerator: float
    denominator: float


class Events(Struct):
    """What `events=split,div` adds, by epoch; absent when there is none."""

    splits: dict[str, Split] = field(default_factory=dict)


class Result(Struct):
    """One symbol's chart. `timestamp` is absent when there are no bars."""

    meta: Meta
    indicators: Indicators
    timestamp: list[int] = field(default_factory=list)
    events: Events = field(default_factory=Events)


class Chart(Struct):
    """`$.chart`: a result or an error."""

    result: list[Result] | None = None
    error: Problem | None = None


class ChartAnswer(Struct):
    """`/v8/finance/chart/{symbol}`."""

    chart: Chart


class Spark(Struct):
    """One symbol of `/v8/finance/spark`, the flat shape of version 8."""

    symbol: str
    timestamp: list[int]
    close: Column
    previousClose: float | None = None
    chartPreviousClose: float | None = None


class Found(Struct):
    """One hit of a search; private companies have no symbol."""

    symbol: str = ""
    shortname: str | None = None
    longname: str | None = None
    quoteType: str | None = None
    exchDisp: str | None = None
    exchange: str | None = None


class Search(Struct):
    """`/v1/finance/search`."""

    quotes: list[Found]


def problem_of(body: bytes, about: str) -> SourceError | None:
    """The typed error in an answer that is one of Yahoo's error objects, else None."""
    try:
        failure = msgspec.json.decode(body, type=Failure)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    outcomes = (failure.chart, failure.finance, failure.spark, failure.timeseries)
    problem = next((outcome.error for outcome in outcomes if outcome and outcome.error), None)
    return typed(problem, about) if problem else None


def typed(problem: Problem, about: str) -> SourceError:
    """The typed error for what Yahoo says; "Not Found" is about the symbol `about` if there is one."""
    words = said(problem.description or problem.code, 120)
    if problem.code == "Not Found" and about:
        return UnknownSymbol(NAME, about, f"Yahoo has no data for {said(about, 30)}: {words}")
    if problem.code in ("Unauthorized", "Bad Request", "Unprocessable Entity", "Not Found", "Forbidden"):
        return Refused(NAME, f"Yahoo refuses to answer: {words}")
    return Unavailable(NAME, f"Yahoo answers with an error: {words}")
