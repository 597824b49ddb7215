"""The scorecard: what the thesis claims and the rule behind each status (METHODOLOGY D). No numpy is loaded here.

Every rule is checked in the order unknown, broken, on track; what is left is at risk. There is no overall score.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rallytui.indicators.numbers import median, real, reals
from rallytui.indicators.target import RungState
from rallytui.model import ClaimStatus

CLAIMS: dict[str, str] = {
    "D0": "S&P at 6,900",
    "D1": "Fed cuts 2 × 25 bp",
    "D2": "Capex $520 bn",
    "D3": "S&P EPS +14 %",
    "D4": "Small-cap re-rating",
    "D5": "AI small caps ≥ 21 %",
    "D6": "Productivity gains",
    "D7": "Utilities benefit",
}
"""Short titles of the claims by id, in order."""

YEAR_START, YEAR_END = date(2025, 12, 31), date(2026, 12, 31)
CUT_PP, CUTS_CLAIMED = 0.25, 2
BASE_RATE = 3.75
"""Upper bound of the federal funds target since 2025-12-10, percent."""
LITTLE_EASING_PP, HIKES_PRICED_PP = 0.35, 0.50
CAPEX_PLAN = 520e9
CAPEX_HELD, CAPEX_LOST = 0.95, 0.80
LEAST_FILERS = 3
EPS_CLAIMED, EPS_HELD, EPS_LOST = 14.0, 12.6, 7.0
BREADTH_LOST = -8.0
REVENUE_CLAIMED = 21.0
NAMES_HELD, NAMES_LOST, LEAST_NAMES = 0.75, 0.40, 2
PRODUCTIVITY_HELD, PRODUCTIVITY_LOST = 2.0, 1.0
UTILITIES_LOST = -5.0
GROWTH_NAMES = ("PLPC", "INOD", "PATH", "FIVN")

FOMC_DATES: tuple[date, ...] = (
    *(date(2026, 1, 28), date(2026, 3, 18), date(2026, 4, 29), date(2026, 6, 17)),
    *(date(2026, 7, 29), date(2026, 9, 16), date(2026, 10, 28), date(2026, 12, 9)),
    *(date(2027, 1, 27), date(2027, 3, 17), date(2027, 4, 28), date(2027, 6, 9)),
    *(date(2027, 7, 28), date(2027, 9, 15), date(2027, 10, 27), date(2027, 12, 8)),
)
"""Days of the rate decisions, 14:00 New York. Source: Federal Reserve releases of August 2024 (2026) and September 2025
(2027, tentative)."""


def next_fomc(day: date) -> date | None:
    """The first rate decision on `day` or after; None past the table."""
    place = bisect_left(FOMC_DATES, day)
    return FOMC_DATES[place] if place < len(FOMC_DATES) else None


def elapsed(asof: date, end: date = YEAR_END) -> float:
    """The part of the claim's window that has passed, on calendar days from 2025-12-31; above 1 after `end`."""
    return (asof - YEAR_START).days / max((end - YEAR_START).days, 1)


def target_reached(state: RungState, ahead_sessions: float | None) -> ClaimStatus:
    """D0: on track once reached inside the window, or on or ahead of the plan line (`vs_plan_sessions`)."""
    if state == "no_data":
        return "unknown"
    if state == "expired_missed":
        return "broken"
    on_plan = real(ahead_sessions)
    reached = state in ("reached", "expired_hit")
    return "on_track" if reached or (on_plan is not None and on_plan >= 0) else "at_risk"


def fed_cuts(asof: date, upper_bound: float | None, gap_pp: float | None, end: date = YEAR_END) -> ClaimStatus:
    """D1: two cuts in 2026, from the target's upper bound (percent) and the two-year yield less the funds rate (pp).

    Unknown before 2026 and without a fresh upper bound. Without `gap_pp` only the rate itself can decide.
    """
    rate, gap = real(upper_bound), real(gap_pp)
    if rate is None or asof <= YEAR_START:
        return "unknown"
    moved, passed = rate - BASE_RATE, elapsed(asof, end)
    hikes_priced = gap is not None and gap > HIKES_PRICED_PP
    late = passed >= 0.5 and moved > -CUT_PP / 2 and hikes_priced
    if moved >= CUT_PP or late or (asof > end and moved > -CUT_PP):
        return "broken"
    claimed = -CUT_PP * CUTS_CLAIMED
    keeping_up = moved <= claimed * passed + CUT_PP and gap is not None and gap <= LITTLE_EASING_PP
    return "on_track" if moved <= claimed or keeping_up else "at_risk"


def capex(
    projected: float | None, filers: int, ttm_growth_pct: float | None = None, plan: float = CAPEX_PLAN
) -> ClaimStatus:
    """D2: the projection for 2026 against the plan, both in dollars; going beyond it is not better than reaching it.

    `filers` have reported a quarter of 2026. Broken too when trailing spending shrinks.
    """
    value, growth = real(projected), real(ttm_growth_pct)
    if value is None or filers < LEAST_FILERS:
        return "unknown"
    if value < CAPEX_LOST * plan or (growth is not None and growth < 0):
        return "broken"
    return "on_track" if value >= CAPEX_HELD * plan else "at_risk"


def earnings(growth: float | None) -> ClaimStatus:
    """D3: growth of S&P earnings in percent, entered by hand; unknown is the honest default."""
    return _between(growth, EPS_LOST, EPS_HELD)


def small_caps(since_pct: float | None, above_mean: bool | None, ratio_126d_pct: float | None) -> ClaimStatus:
    """D4: IWM/SPY since the baseline, against its 200-day mean, and over 126 sessions (BR1); percent."""
    since, recent = real(since_pct), real(ratio_126d_pct)
    if since is None or above_mean is None:
        return "unknown"
    if since < 0 and not above_mean and recent is not None and recent <= BREADTH_LOST:
        return "broken"
    return "on_track" if since > 0 and above_mean else "at_risk"


@dataclass(frozen=True, slots=True)
class Names:
    """How many of the names with a reading grow as claimed."""

    growing: int
    known: int
    total: int
    median_pct: float | None


def count_names(growth_pct: Iterable[float | None]) -> Names:
    """Count the names whose newest quarter grew by 21 % or more."""
    values = list(growth_pct)
    known = [rate for value in values if (rate := real(value)) is not None]
    return Names(sum(rate >= REVENUE_CLAIMED for rate in known), len(known), len(values), median(known))


def revenue_growth(names: Names) -> ClaimStatus:
    """D5: the share of names with a reading whose revenue grows by 21 % or more."""
    if names.known < LEAST_NAMES:
        return "unknown"
    share = names.growing / names.known
    if share < NAMES_LOST:
        return "broken"
    return "on_track" if share >= NAMES_HELD else "at_risk"


def productivity(growth_pct: float | None) -> ClaimStatus:
    """D6: output per hour against a year before, percent; give None when it is stale."""
    return _between(growth_pct, PRODUCTIVITY_LOST, PRODUCTIVITY_HELD)


def utilities(since_pct: float | None, ratio_126d_pct: float | None) -> ClaimStatus:
    """D7: XLU/SPY total return since the baseline and over 126 sessions, percent."""
    known = reals(since_pct, ratio_126d_pct)
    if known is None:
        return "unknown"
    if max(known) < UTILITIES_LOST:
        return "broken"
    return "on_track" if min(known) > 0 else "at_risk"


def _between(value: float | None, lost: float, held: float) -> ClaimStatus:
    known = real(value)
    if known is None:
        return "unknown"
    if known < lost:
        return "broken"
    return "on_track" if known >= held else "at_risk"
