"""The scorecard: what the thesis claims and the rule behind each status (METHODOLOGY D). No numpy is loaded here.

A rule is two conditions over readings, checked in the order broken, on track; what is left is at risk. A condition that
a missing reading leaves open makes the claim unknown, by Kleene's logic (METHODOLOGY G.8). There is no overall score.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rallytui.calendar import releases
from rallytui.indicators.logic import at_least, both, either, more, negated, verdict
from rallytui.indicators.numbers import median, real
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


def next_fomc(day: date) -> date | None:
    """The first rate decision on `day` or after, by the calendar of releases; None past its end."""
    dates = releases()["fomc"].dates
    place = bisect_left(dates, day)
    return dates[place] if place < len(dates) else None


def elapsed(asof: date, end: date = YEAR_END) -> float:
    """The part of the claim's window that has passed, on calendar days from 2025-12-31; above 1 after `end`."""
    return (asof - YEAR_START).days / max((end - YEAR_START).days, 1)


def target_reached(state: RungState, ahead_sessions: float | None) -> ClaimStatus:
    """D0: on track once reached inside the window, or on or ahead of the plan line (`vs_plan_sessions`)."""
    if state == "no_data":
        return "unknown"
    reached = state in ("reached", "expired_hit")
    return verdict(state == "expired_missed", either(reached, at_least(ahead_sessions, 0)))


def fed_cuts(asof: date, upper_bound: float | None, gap_pp: float | None, end: date = YEAR_END) -> ClaimStatus:
    """D1: two cuts in 2026, from the target's upper bound (percent) and the two-year yield less the funds rate (pp).

    Unknown before 2026 and without a fresh upper bound. Without `gap_pp` the rate decides where it can alone.
    """
    rate = real(upper_bound)
    if asof <= YEAR_START:
        return "unknown"
    moved, passed = None if rate is None else rate - BASE_RATE, elapsed(asof, end)
    late = both(passed >= 0.5, more(moved, -CUT_PP / 2), more(gap_pp, HIKES_PRICED_PP))
    broken = either(at_least(moved, CUT_PP), late, both(asof > end, more(moved, -CUT_PP)))
    claimed = -CUT_PP * CUTS_CLAIMED
    keeping_up = both(negated(more(moved, claimed * passed + CUT_PP)), negated(more(gap_pp, LITTLE_EASING_PP)))
    return verdict(broken, either(negated(more(moved, claimed)), keeping_up))


def capex(
    projected: float | None, filers: int, ttm_growth_pct: float | None = None, plan: float = CAPEX_PLAN
) -> ClaimStatus:
    """D2: the projection for 2026 against the plan, both in dollars; going beyond it is not better than reaching it.

    `filers` have reported a quarter of 2026; with fewer than 3 nothing is projected. A shrinking year breaks it.
    """
    value = projected if filers >= LEAST_FILERS else None
    broken = either(negated(at_least(value, CAPEX_LOST * plan)), negated(at_least(ttm_growth_pct, 0)))
    return verdict(broken, at_least(value, CAPEX_HELD * plan))


def earnings(growth: float | None) -> ClaimStatus:
    """D3: growth of S&P earnings in percent, entered by hand; unknown is the honest default."""
    return _between(growth, EPS_LOST, EPS_HELD)


def small_caps(since_pct: float | None, above_mean: bool | None, ratio_126d_pct: float | None) -> ClaimStatus:
    """D4: IWM/SPY since the baseline, against its 200-day mean, and over 126 sessions (BR1); percent."""
    behind = both(negated(at_least(since_pct, 0)), negated(above_mean))
    broken = both(behind, negated(more(ratio_126d_pct, BREADTH_LOST)))
    return verdict(broken, both(more(since_pct, 0), above_mean))


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
    share = names.growing / names.known if names.known >= LEAST_NAMES else None
    return _between(share, NAMES_LOST, NAMES_HELD)


def productivity(growth_pct: float | None) -> ClaimStatus:
    """D6: output per hour against a year before, percent; give None when it is stale."""
    return _between(growth_pct, PRODUCTIVITY_LOST, PRODUCTIVITY_HELD)


def utilities(since_pct: float | None, ratio_126d_pct: float | None) -> ClaimStatus:
    """D7: XLU/SPY total return since the baseline and over 126 sessions, percent."""
    pair = (since_pct, ratio_126d_pct)
    broken = both(*(negated(at_least(value, UTILITIES_LOST)) for value in pair))
    return verdict(broken, both(*(more(value, 0) for value in pair)))


def _between(value: float | None, lost: float, held: float) -> ClaimStatus:
    return verdict(negated(at_least(value, lost)), at_least(value, held))
