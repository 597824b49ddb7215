"""The symbols of the simulated market: levels, volatilities and ties to the index that look like the real ones."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import numpy as np

INDEX, VIX, VIX3M = "^GSPC", "^VIX", "^VIX3M"
TICKER = re.compile(r"[A-Z]{1,5}")


@dataclass(frozen=True, slots=True)
class Spec:
    """How a symbol behaves: `level` on 2025-11-26, `beta` to the index, and what is its own.

    `own_vol` and `growth` are fractions a year; `growth` is on top of beta and fades after that day. `dividend` is
    the yield a year, paid `payments` times; `volume` is a usual day's, 0 where there is none.
    """

    name: str
    level: float
    beta: float
    own_vol: float
    volume: float = 0.0
    growth: float = 0.0
    dividend: float = 0.0
    payments: int = 4
    kind: str = "equity"
    exchange: str = "NASDAQ"


def _fund(
    name: str,
    level: float,
    beta: float,
    own_vol: float,
    volume: float,
    growth: float,
    dividend: float,
    payments: int = 4,
) -> Spec:
    return Spec(name, level, beta, own_vol, volume, growth, dividend, payments, "etf", "NYSE Arca")


def _index(name: str, level: float, beta: float, own_vol: float, volume: float = 0.0) -> Spec:
    return Spec(name, level, beta, own_vol, volume, kind="index", exchange="Index")


UNIVERSE = {
    INDEX: _index("S&P 500", 6812.61, 1.0, 0.0, 4.9e9),
    VIX: _index("Cboe Volatility Index", 17.2, 0.0, 0.0),
    VIX3M: _index("Cboe 3-Month Volatility Index", 19.6, 0.0, 0.0),
    "^NDX": _index("Nasdaq-100", 25237.0, 1.2, 0.06, 1.6e9),
    "^RUT": _index("Russell 2000", 2486.0, 1.15, 0.09, 1.1e9),
    "^DJI": _index("Dow Jones Industrial Average", 47427.0, 0.88, 0.05, 5.2e8),
    "SPY": _fund("SPDR S&P 500 ETF Trust", 679.68, 1.0, 0.002, 7.4e7, 0.0, 0.012),
    "QQQ": _fund("Invesco QQQ Trust", 614.3, 1.2, 0.06, 5.2e7, 0.03, 0.005),
    "IWM": _fund("iShares Russell 2000 ETF", 246.9, 1.15, 0.09, 3.6e7, -0.07, 0.011),
    "RSP": _fund("Invesco S&P 500 Equal Weight ETF", 189.4, 0.93, 0.045, 1.3e7, -0.04, 0.016),
    "SMH": _fund("VanEck Semiconductor ETF", 350.6, 1.5, 0.15, 8.5e6, 0.1, 0.004),
    "XLU": _fund("Utilities Select Sector SPDR Fund", 89.6, 0.5, 0.12, 1.3e7, 0.0, 0.028),
    "GLD": _fund("SPDR Gold Shares", 383.1, 0.08, 0.13, 1.1e7, 0.13, 0.0),
    "TLT": _fund("iShares 20+ Year Treasury Bond ETF", 90.3, -0.12, 0.12, 3.4e7, -0.03, 0.041, 12),
    "IEF": _fund("iShares 7-10 Year Treasury Bond ETF", 97.6, -0.06, 0.06, 7.9e6, -0.01, 0.036, 12),
    "HYG": _fund("iShares iBoxx High Yield Corporate Bond ETF", 80.9, 0.3, 0.035, 3.7e7, -0.035, 0.057, 12),
    "PLPC": Spec("Preformed Line Products Company", 205.4, 0.9, 0.34, 6.5e4, 0.1, 0.004),
    "INOD": Spec("Innodata Inc.", 58.2, 1.7, 0.55, 2.4e6, 0.2),
    "PATH": Spec("UiPath Inc.", 14.1, 1.4, 0.38, 1.9e7, -0.25, exchange="NYSE"),
    "FIVN": Spec("Five9, Inc.", 19.6, 1.3, 0.38, 1.8e6, -0.25),
    "MSFT": Spec("Microsoft Corporation", 485.5, 1.05, 0.15, 2.3e7, 0.05, 0.007),
    "GOOGL": Spec("Alphabet Inc.", 319.9, 1.1, 0.2, 3.6e7, 0.07, 0.003),
    "AMZN": Spec("Amazon.com, Inc.", 229.2, 1.2, 0.21, 4.3e7, 0.0),
    "META": Spec("Meta Platforms, Inc.", 633.6, 1.25, 0.24, 1.5e7, 0.02, 0.003),
    "ORCL": Spec("Oracle Corporation", 204.9, 1.2, 0.28, 2.2e7, 0.05, 0.009, exchange="NYSE"),
    "NVDA": Spec("NVIDIA Corporation", 180.3, 1.8, 0.3, 1.9e8, 0.3),
}


def stream(*names: object) -> np.random.Generator:
    """Random numbers that depend on the names alone, the same in every process."""
    text = "|".join(map(str, names)).encode()
    return np.random.default_rng(int.from_bytes(hashlib.blake2b(text, digest_size=8).digest()))


def spec_of(symbol: str) -> Spec | None:
    """What is known of the symbol; one is made up for anything that could be a ticker, None for the rest."""
    if symbol in UNIVERSE or not TICKER.fullmatch(symbol):
        return UNIVERSE.get(symbol)
    draw = stream("made up", symbol)
    level = round(float(np.exp(draw.uniform(np.log(8.0), np.log(400.0)))), 2)
    beta, own_vol = float(draw.uniform(0.6, 1.6)), float(draw.uniform(0.15, 0.45))
    return Spec(f"{symbol} (made up)", level, beta, own_vol, float(np.exp(draw.uniform(12.0, 17.0))))
