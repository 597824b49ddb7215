"""A board for tests and pictures: made up, complete, and the same every time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import exp, log, sin, sqrt
from typing import Any

import msgspec

from rallytui.board.shape import (
    Band,
    Baseline,
    Basket,
    Board,
    Breadth,
    Chart,
    ModelEta,
    Odds,
    Row,
    Rung,
    Session,
    Sigma,
    Target,
    TargetStats,
    TrendEta,
    Watchlist,
)
from tests.ui.sample_parts import (
    NOW,
    TODAY,
    failing_health,
    no_risks,
    sample_claims,
    sample_health,
    sample_risks,
    sample_row,
    sample_rows,
)

BY = date(2026, 12, 31)
START = date(2025, 11, 26)
LAST = 7408.30
BASE = 6812.61
TOP = 8000.0
SIGMA = 0.206

# Where the index stood: the days between are filled in with two sines that vanish at these points.
ANCHORS = (
    (date(2025, 9, 10), 6510.0),
    (date(2025, 10, 8), 6780.0),
    (date(2025, 10, 14), 6640.0),
    (date(2025, 10, 30), 6880.0),
    (date(2025, 11, 20), 6540.0),
    (START, BASE),
    (date(2025, 12, 11), 6905.0),
    (date(2026, 1, 28), 6985.0),
    (date(2026, 3, 2), 6840.0),
    (date(2026, 3, 30), 6360.0),
    (date(2026, 4, 15), 7010.0),
    (date(2026, 5, 6), 7290.0),
    (date(2026, 6, 2), 7560.0),
    (date(2026, 6, 24), 7330.0),
    (date(2026, 7, 16), 7610.0),
    (TODAY, LAST),
)


def sessions_between(first: date, last: date) -> list[date]:
    """Weekdays, both ends included: near enough to sessions for a picture."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]


def _close(day: date) -> float:
    for (first, low), (last, high) in pairwise(ANCHORS):
        if day <= last:
            part = (day - first).days / (last - first).days
            wave = sin(day.toordinal() * 1.7) * 46 + sin(day.toordinal() * 0.41) * 58
            return low + (high - low) * part + wave * min(1.0, 4 * part * (1 - part))
    return LAST


def _plan(day: date) -> float:
    part = (day - START).days / (BY - START).days
    return BASE * (TOP / BASE) ** part


def index_chart() -> Chart:
    """About 220 closes, the plan from the start to the date of the target, and one and two sigma around the price."""
    past = sessions_between(ANCHORS[0][0], TODAY)
    ahead = sessions_between(TODAY, BY)[1:]
    spread = [SIGMA * sqrt((n + 1) / 252) for n in range(len(ahead))]
    lines = {f"{side}{k}": [LAST * exp(sign * k * s) for s in spread] for k in (1, 2) for side, sign in SIDES}
    return Chart(
        days=[day.toordinal() for day in past],
        closes=[round(_close(day), 2) for day in past],
        day=[7498 - 40 * (n / 30) - 50 * abs(sin(n / 7)) for n in range(60)],
        extra={"plan": [_plan(day) if day >= START else None for day in past]},
        future_days=[day.toordinal() for day in ahead],
        future={"plan": [_plan(day) for day in ahead], **lines},
    )


SIDES = (("low", -1), ("high", 1))


def share_chart(last: float, seed: int) -> Chart:
    """A share's year of closes that ends at `last`."""
    past = sessions_between(TODAY - timedelta(days=365), TODAY)
    walk = [sin(n / (9 + seed)) * 0.18 + sin(n / 3.1 + seed) * 0.04 for n in range(len(past))]
    closes = [round(last * exp(step - walk[-1]), 2) for step in walk]
    return Chart(
        days=[day.toordinal() for day in past],
        closes=closes,
        day=[last * (1 + 0.01 * sin(n / 5 + seed) * (1 - n / 39)) for n in range(40)],
    )


def _rung(level: float, touched: date | None, reached: bool, low: float, high: float) -> Rung:
    away = level - LAST
    plan = _plan(TODAY)
    return Rung(
        level=level,
        state="reached" if touched else "open",
        reached_now=reached,
        progress_pct=min(100.0, max(0.0, (LAST - BASE) / (level - BASE) * 100)),
        points_remaining=away,
        remaining_pct=away / LAST * 100,
        required_cagr_pct=18.9 if away > 0 else 0.0,
        required_daily_pct=log(level / LAST) / 111 * 100 if away > 0 else 0.0,
        plan=plan,
        vs_plan_pct=-1.2,
        vs_plan_sessions=-21.0,
        sessions_left=111,
        first_touch_close=touched,
        first_touch_intraday=touched,
        days_at_or_above=40 if touched else 0,
        share_at_or_above_pct=25.0 if touched else 0.0,
        crossings_up=3 if touched else 0,
        sigma_distance=log(level / LAST) / (SIGMA * (111 / 252) ** 0.5),
        streak=12 if reached else 0,
        p_touch=Odds(low, high),
        p_beyond=Odds(low / 2, high / 2),
        sigma=Sigma(SIGMA, "VIX3M"),
    )


def sample_target(**changes: Any) -> Target:
    """The S&P 500 on its way to 8,000."""
    target = Target(
        symbol="^GSPC",
        name="S&P 500",
        last=LAST,
        change=-90.74,
        change_pct=-1.21,
        baseline=Baseline(START, BASE),
        by=BY,
        next_rung=8000.0,
        rung_progress=0.44,
        rungs=[
            _rung(6900.0, date(2025, 12, 11), True, 0.44, 0.59),
            _rung(7000.0, date(2026, 4, 15), True, 0.52, 0.66),
            _rung(7269.0, date(2026, 5, 6), True, 0.79, 0.86),
            _rung(7500.0, date(2026, 5, 14), False, 0.88, 0.90),
            _rung(8000.0, None, False, 0.51, 0.54),
        ],
        stats=TargetStats(
            ytd_pct=8.2,
            since_start_pct=8.74,
            max_gain_pct=11.7,
            max_drawdown_pct=-9.1,
            drawdown_now_pct=-2.6,
            hi52=7610.0,
            lo52=6360.0,
            dist_hi52_pct=-2.6,
            dist_lo52_pct=16.5,
            sma50=7390.0,
            sma200=6950.0,
            vol_cc21_pct=17.9,
            vol_yz21_pct=16.4,
            trend_eta=TrendEta(143.0, date(2027, 2, 15), 60.0, None, 63),
            model_eta=ModelEta(118, 109),
            expected_move=[Band(21, 7000.0, 7830.0, 6600.0, 8270.0)],
        ),
        source="cboe",
        quote_time=NOW - timedelta(seconds=20),
        freshness="fresh",
        badge="delayed 15 min",
        provisional=True,
    )
    return msgspec.structs.replace(target, **changes)


def sample_watchlist(**changes: Any) -> Watchlist:
    """The AI watchlist."""
    benchmark = sample_row(
        "^GSPC", "S&P 500", LAST, -1.21, 1, range52=0.84, rsi14=46.0, beta60=1.0, r2_60=1.0
    )  # fmt: skip
    watchlist = Watchlist(
        name="ai",
        title="AI watchlist",
        benchmark="^GSPC",
        basket=Basket(level=132.4, change_pct=-3.06, rel_pct=-1.85),
        breadth=Breadth(1, 4, 2, 4, 1, 3, 0, 4),
        rows=sample_rows(),
        benchmark_row=benchmark,
    )
    return msgspec.structs.replace(watchlist, **changes)


def sample_board(**changes: Any) -> Board:
    """The board of the pictures, with any field replaced."""
    rows = sample_rows()
    board = Board(
        mode="live",
        as_of=NOW,
        thesis_name="The 6,900 rally",
        session=Session(
            "regular", date(2026, 7, 22), datetime(2026, 7, 24, 13, 30, tzinfo=UTC), NOW.replace(hour=20, minute=0)
        ),
        targets=[sample_target()],
        watchlists=[sample_watchlist()],
        risks=sample_risks(),
        thesis=sample_claims(),
        health=sample_health(),
        problems=[],
        charts={"^GSPC": index_chart()} | {r.symbol: share_chart(r.last or 1.0, n) for n, r in enumerate(rows)},
    )
    return msgspec.structs.replace(board, **changes)


def offline_board() -> Board:
    """The first run without a network: everything unknown, and each source's reason."""
    why = "nothing is known yet"
    target = sample_target(
        last=None, change=None, change_pct=None, baseline=Baseline(START, None), next_rung=None, rung_progress=None,
        rungs=[Rung(level, "no_data", None) for level in (6900.0, 7000.0, 7269.0, 7500.0, 8000.0)],
        stats=TargetStats(), source="", quote_time=None, freshness="missing", badge="", provisional=False,
        missing={"last": why},
    )  # fmt: skip
    rows = [Row(symbol=row.symbol, name=row.name, missing={"last": why}) for row in sample_rows()]
    watchlist = sample_watchlist(
        basket=Basket(), breadth=Breadth(members=4), rows=rows, benchmark_row=Row(symbol="^GSPC", name="S&P 500")
    )
    return sample_board(
        targets=[target],
        watchlists=[watchlist],
        risks=no_risks(),
        thesis=[
            msgspec.structs.replace(c, status="unknown", evidence="waits for data", brief="") for c in sample_claims()
        ],
        health=failing_health(),
        problems=["No source answered."],
        charts={},
    )
