"""The readings of one symbol that only a new bar can change, its own or the market's (METHODOLOGY B)."""

from __future__ import annotations

from dataclasses import dataclass

from rallytui.board.moment import History, Moment
from rallytui.indicators import momentum, pricepath, relative
from rallytui.indicators.arrays import FloatArray
from rallytui.indicators.momentum import MIN_HISTORY, WARM_RSI
from rallytui.indicators.volatility import vol_cc

SMALL_CAPS = "IWM"
REACH = {
    **MIN_HISTORY,
    **dict.fromkeys(("rsi14", "atr14", "atr_pct"), WARM_RSI),
    **dict.fromkeys(("range52", "hi52", "lo52", "drawdown_pct"), 253),
    "vol21_pct": MIN_HISTORY["vol21"],
    **dict.fromkeys(("r2_60", "beta60_adjusted"), MIN_HISTORY["beta60"]),
    "rs63_iwm_pct": MIN_HISTORY["rs63_pct"],
    "rs126_iwm_pct": MIN_HISTORY["rs126_pct"],
    "dist_sma50_pct": 50,
    "dist_sma200_pct": 200,
}
"""How many bars back a reading looks."""


@dataclass(frozen=True, eq=False, slots=True)
class Daily:
    """`fields` by their name in `shape.Row`, percent where the name says so; None where history is too short."""

    fields: dict[str, float | None]
    year: pricepath.YearRange | None


def daily_of(moment: Moment, history: History, market: History | None) -> Daily:
    """The daily readings, computed once for each set of histories."""
    small = moment.history(SMALL_CAPS)
    return moment.memo.get(
        ("daily", history.symbol, market.symbol if market else ""),
        (history, market, small),
        lambda: compute(history, market, small),
    )


def compute(history: History, market: History | None, small: History | None) -> Daily:
    close = history.close
    year = pricepath.year_range(history.days, history.high, history.low, history.last_day)
    average_range = momentum.atr(history.high, history.low, close)
    volatility = vol_cc(close)
    fields: dict[str, float | None] = {
        "gap_pct": momentum.gap_pct(float(history.open[-1]), float(close[-2])) if len(close) > 1 else None,
        "rel_volume": momentum.rel_volume(history.volume[: history.told_volumes]),
        "hi52": year.high if year else None,
        "lo52": year.low if year else None,
        "rsi14": momentum.rsi(close),
        "atr14": average_range,
        "atr_pct": momentum.atr_pct(average_range, float(close[-1])),
        "vol21_pct": None if volatility is None else 100 * volatility,
        **{f"mom{n}_pct": momentum.momentum_pct(close, n) for n in (21, 63, 126, 252)},
        **(against(history, market) if market is not None and market.symbol != history.symbol else {}),
        **(against_small(history, small) if small is not None and not history.symbol.startswith("^") else {}),
    }
    return Daily(fields, year)


def against(history: History, market: History) -> dict[str, float | None]:
    """The two-series readings, on the market's days."""
    stock: FloatArray = relative.align(history.days, history.close, market.days)
    line, year = relative.regression(stock, market.close), relative.regression(stock, market.close, 252, 200)
    return {
        "beta60": line.beta if line else None,
        "r2_60": line.r2 if line else None,
        "beta60_adjusted": relative.adjusted_beta(line.beta) if line else None,
        "beta252": year.beta if year else None,
        "corr60": line.corr if line else None,
        "rs63_pct": relative.rs_return_pct(stock, market.close, 63),
        "rs126_pct": relative.rs_return_pct(stock, market.close, 126),
        "mansfield": relative.mansfield(stock, market.close),
    }


def against_small(history: History, small: History) -> dict[str, float | None]:
    """Strength against the Russell 2000, by its fund."""
    stock: FloatArray = relative.align(history.days, history.close, small.days)
    return {f"rs{n}_iwm_pct": relative.rs_return_pct(stock, small.close, n) for n in (63, 126)}


def with_price(daily: Daily, history: History, last: float | None) -> dict[str, float | None]:
    """The readings that put today's price against the daily ones."""
    return {
        "range52": pricepath.range52(last, daily.year),
        "drawdown_pct": pricepath.drawdown_pct(history.close, last),
        "dist_sma50_pct": pricepath.dist_sma_pct(last, history.close, 50),
        "dist_sma200_pct": pricepath.dist_sma_pct(last, history.close, 200),
    }
