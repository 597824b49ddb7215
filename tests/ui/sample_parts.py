"""The rows, risks, claims and sources of the sample board."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from rallytui.board.shape import Claim, Composite, Group, Indicator, NextReport, Risks, Row, SourceHealth
from rallytui.indicators.scoring import worst_light

NOW = datetime(2026, 7, 23, 17, 46, tzinfo=UTC)
TODAY = date(2026, 7, 23)


def sample_row(symbol: str, name: str, last: float, pct: float, seed: int, **rest: Any) -> Row:
    """A share's readings: a few of its own, the rest alike."""
    return Row(
        symbol=symbol,
        name=name,
        last=last,
        change=last * pct / 100,
        change_pct=pct,
        gap_pct=-0.64,
        atr14=last * 0.05,
        atr_pct=5.0,
        mom21_pct=-31.0 + seed,
        mom63_pct=26.8,
        mom126_pct=1.6,
        mom252_pct=29.2,
        drawdown_pct=-12.0 * seed,
        dist_sma50_pct=-4.0 * seed,
        dist_sma200_pct=3.0,
        vol21_pct=48.0,
        hi52=last * 1.6,
        lo52=last * 0.7,
        source="yahoo",
        revenue_source="sec",
        quote_time=NOW - timedelta(seconds=15),
        session="regular",
        freshness="fresh",
        badge="live",
        **rest,
    )


def _report(month: int, day: int, window: int) -> NextReport:
    return NextReport(date(2026, month, day), window)


def sample_rows() -> list[Row]:
    """The four names, in the numbers of the pictures."""
    plpc = sample_row(
        "PLPC", "Preformed Line Products Company", 325.82, -0.17, 1,
        rel_volume=0.74, range52=0.61, rsi14=43.0, beta60=1.04, r2_60=0.31, rs63_pct=2.1,
        revenue=178e6, revenue_yoy_pct=3.6, revenue_ttm=690e6, ps_ttm=2.3, next_report=_report(7, 30, 5),
    )  # fmt: skip
    inod = sample_row(
        "INOD", "Innodata Inc.", 60.01, -2.28, 2,
        rel_volume=1.31, range52=0.29, rsi14=46.0, beta60=1.92, r2_60=0.22, rs63_pct=22.2,
        revenue=90e6, revenue_yoy_pct=54.4, revenue_ttm=284e6, ps_ttm=6.8, next_report=_report(8, 6, 6),
    )  # fmt: skip
    path = sample_row(
        "PATH", "UiPath Inc.", 10.20, -4.67, 3,
        rel_volume=2.62, range52=0.02, rsi14=24.0, beta60=1.34, r2_60=0.05, rs63_pct=-21.2,
        revenue=411e6, revenue_yoy_pct=15.9, revenue_ttm=1.6e9, ps_ttm=3.5, next_report=_report(9, 3, 5),
    )  # fmt: skip
    fivn = sample_row(
        "FIVN", "Five9 Inc.", 21.75, -5.25, 4,
        rel_volume=1.88, range52=0.31, rsi14=38.0, beta60=1.22, r2_60=0.18, rs63_pct=6.4,
        revenue=300e6, revenue_yoy_pct=9.2, revenue_ttm=1.15e9, ps_ttm=1.5, next_report=_report(7, 30, 5),
    )  # fmt: skip
    late = {"freshness": "lagging", "badge": "delayed 15 min", "source": "cboe"}
    return [plpc, inod, path, msgspec.structs.replace(fivn, **late)]


# id, title, value, unit, decimals, score, band, the day it describes
INDICATORS: dict[str, tuple[str, float, tuple[tuple[Any, ...], ...]]] = {
    "ai": ("AI delays", 25, (
        ("capex", "Hyperscaler capex y/y", 61.0, "%", 0, 0, "calm", date(2026, 3, 31)),
        ("ai_drawdown", "AI basket drawdown", -17.8, "%", 1, 62, "watch", TODAY),
        ("ai_rel", "AI basket vs S&P, 63 d", -8.4, "%", 1, 60, "watch", TODAY),
    )),
    "labour": ("Labour", 15, (
        ("sahm", "Sahm indicator", 0.13, "pp", 2, 6, "calm", date(2026, 6, 1)),
        ("claims", "Initial claims vs 1y low", 5.8, "%", 1, 12, "calm", date(2026, 7, 18)),
        ("layoffs", "Layoffs rate, 3 m", 1.12, "%", 2, None, "unknown", date(2026, 4, 1)),
    )),
    "fed": ("Fed policy", 15, (
        ("fed_path", "2y minus funds rate", 0.63, "pp", 2, 53, "watch", date(2026, 7, 22)),
        ("policy", "Policy rate, 126 d", 0.0, "pp", 2, 35, "calm", TODAY),
        ("curve", "10y minus 2y", 0.44, "pp", 2, 25, "calm", date(2026, 7, 22)),
    )),
    "havens": ("Safe havens", 15, (
        ("gold", "Gold vs S&P, 63 d", -9.6, "%", 1, 0, "calm", TODAY),
        ("bonds", "Treasuries vs S&P, 63 d", -6.4, "%", 1, 0, "calm", TODAY),
    )),
    "vol": ("Volatility & credit", 15, (
        ("vix", "VIX", 18.70, "", 2, 34, "calm", TODAY),
        ("vix_ratio", "VIX / VIX3M", 0.908, "", 3, 23, "calm", TODAY),
        ("hy", "High-yield spread", 2.84, "%", 2, 0, "calm", date(2026, 7, 22)),
        ("nfci", "NFCI", -0.53, "", 2, 0, "calm", date(2026, 7, 17)),
    )),
    "breadth": ("Breadth", 10, (
        ("small", "Small caps vs S&P 126 d", -3.6, "%", 1, 44, "watch", TODAY),
        ("equal", "Equal weight vs S&P 126 d", -4.9, "%", 1, 73, "stress", TODAY),
    )),
    "productivity": ("Productivity", 5, (
        ("output", "Output per hour y/y", 1.9, "%", 1, 24, "calm", date(2026, 3, 31)),
    )),
}  # fmt: skip
SCORES = {"ai": 46.0, "labour": 10.0, "fed": 42.0, "havens": 0.0, "vol": 19.0, "breadth": 62.0, "productivity": 24.0}


def _indicator(fields: tuple[Any, ...]) -> Indicator:
    name, title, value, unit, decimals, score, band, at = fields
    stale = band == "unknown"
    return Indicator(
        id=name,
        title=title,
        value=value,
        unit=unit,
        decimals=decimals,
        score=None if score is None else float(score),
        band=band,
        at=at,
        known_at=datetime(at.year, at.month, at.day, 22, tzinfo=UTC) if at != TODAY else NOW,
        freshness=0.0 if stale else 1.0,
        source="fred",
        flags=["stale"] if stale else [],
        why="Near-term fear against three-month fear. Above 1.00 the market pays more for the next month.",
        contribution=None if score is None else score / 18,
        definition="Same-day closes.",
        knots=[(0.8, 0.0), (0.95, 40.0), (1.0, 70.0), (1.1, 100.0)],
    )


def sample_risks() -> Risks:
    """Eighteen readings in seven groups."""
    groups = []
    for name, (title, weight, members) in INDICATORS.items():
        found = [_indicator(m) for m in members]
        band = worst_light(one.band for one in found)
        groups.append(Group(name, title, float(weight), SCORES[name], band, found))
    return Risks(Composite(30.0, "calm", 0.95, 27.0), groups)


def sample_claims() -> list[Claim]:
    """Eight claims: two broken, two at risk, three on track, one unknown."""
    return [
        Claim("target", "S&P at 6,900", "on_track", "closed above 11 Dec · next 8,000", "next 8,000"),
        Claim("fed", "Fed cuts 2 × 25 bp", "broken", "0 of 2 · 2y − funds +0.63 pp", "0 of 2"),
        Claim("capex", "Capex $520 bn", "on_track", "pace $775 bn · 5/5 filers to Q1", "$775 bn"),
        Claim("eps", "S&P EPS +14 %", "unknown", "no keyless source · set by hand", "—"),
        Claim("small", "Small-cap re-rating", "at_risk", "IWM/SPY −1.4 % · above 200 d", "−1.4 %"),
        Claim("growth", "AI small caps ≥ 21 %", "broken", "1 of 4 names · EDGAR 14 May", "1 of 4"),
        Claim("output", "Productivity gains", "at_risk", "+1.9 % y/y vs 2.0 % · Q1", "+1.9 %"),
        Claim("utilities", "Utilities benefit", "on_track", "XLU/SPY +3.2 % · 126 d +1.1 %", "+3.2 %"),
    ]


def _health(name: str, title: str, host: str, seconds: int, delayed: bool, describes: datetime) -> SourceHealth:
    return SourceHealth(
        name,
        title,
        host,
        "ok",
        NOW - timedelta(seconds=seconds),
        0,
        NOW + timedelta(seconds=12),
        "",
        delayed,
        describes,
    )


def sample_health() -> list[SourceHealth]:
    """Four sources that answer."""
    return [
        _health("cboe", "Cboe", "cdn.cboe.com", 15, True, NOW - timedelta(minutes=15)),
        _health("yahoo", "Yahoo", "query1.finance.yahoo.com", 12, False, NOW),
        _health("fred", "FRED", "fred.stlouisfed.org", 3600, False, datetime(2026, 7, 22, 22, tzinfo=UTC)),
        _health("sec", "EDGAR", "data.sec.gov", 7200, False, datetime(2026, 5, 14, 22, tzinfo=UTC)),
    ]


def no_risks() -> Risks:
    """The same eighteen, all unknown."""
    blank = {"value": None, "score": None, "band": "unknown", "at": None, "known_at": None, "freshness": 0.0}
    groups = [
        msgspec.structs.replace(
            group,
            score=None,
            band="unknown",
            indicators=[msgspec.structs.replace(i, contribution=None, source="", **blank) for i in group.indicators],
        )
        for group in sample_risks().groups
    ]
    return Risks(Composite(None, "unknown", 0.0), groups)


def failing_health() -> list[SourceHealth]:
    """Three sources out of reach and one that was not tried."""
    waits = {"cboe": 48, "yahoo": 48, "fred": 108}
    down = [
        msgspec.structs.replace(
            health,
            status="failing",
            last_ok=None,
            failures=2,
            next_try=NOW + timedelta(seconds=waits[health.provider]),
            detail="no route to host",
            describes=None,
        )
        for health in sample_health()
        if health.provider in waits
    ]
    skipped = SourceHealth(
        "sec", "EDGAR", "data.sec.gov", "skipped", None, 0, None, "not tried: no contact address in the config"
    )
    return [*down, skipped]
