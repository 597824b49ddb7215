"""The rule behind each claim in words: what is measured, and what makes it on track, broken or unknown."""

from __future__ import annotations

from typing import NamedTuple

from rallytui.board.shape import ClaimStatus
from rallytui.indicators import thesis as t
from rallytui.ui.format import change


class Rule(NamedTuple):
    """What is measured, the three conditions in the words of METHODOLOGY D, and the lights that rest on the same."""

    measure: str
    on_track: str
    broken: str
    unknown: str
    lights: tuple[str, ...] = ()
    note: str = ""


def _percent(fraction: float) -> str:
    return f"{fraction * 100:.0f} %"


RULES: dict[str, Rule] = {
    "D0": Rule(
        "closes against the lowest level, and the price against the plan line",
        "closed at or past the level since the start, or on or ahead of the plan",
        "the last day passed without such a close",
        "there is no price",
    ),
    "D1": Rule(
        f"the upper bound of the funds target against {t.BASE_RATE:.2f} %, and the two-year yield less the funds rate",
        f"{t.CUT_PP * t.CUTS_CLAIMED:.2f} pp lower; or keeping up with the year, and the yield at most "
        f"{t.LITTLE_EASING_PP:.2f} pp above the funds rate",
        f"{t.CUT_PP:.2f} pp higher; or half the year gone without a cut and the yield more than "
        f"{t.HIKES_PRICED_PP:.2f} pp above; or the year over without a cut",
        "the policy rate is missing or old, or 2026 has not begun",
        ("FD1", "FD2"),
    ),
    "D2": Rule(
        "what the hyperscalers have spent in 2026, carried on as in the year before, against the plan",
        f"at least {_percent(t.CAPEX_HELD)} of the plan",
        f"below {_percent(t.CAPEX_LOST)} of the plan, or the last four quarters shrank",
        f"fewer than {t.LEAST_FILERS} companies have reported a quarter of 2026",
        ("AI1",),
        "More than the plan supports the claim, and is the risk of investing too much: it is not scored as better.",
    ),
    "D3": Rule(
        "growth of S&P earnings in 2026; no source without a key has it, so it is the config's own figure",
        f"at least {t.EPS_HELD:.1f} %",
        f"below {t.EPS_LOST:.0f} %",
        "the config has no figure: [claims.earnings]",
    ),
    "D4": Rule(
        "IWM against SPY with dividends: since the start, against its 200-day mean, and over 126 sessions",
        "ahead since the start, and above its mean",
        f"behind since the start, below its mean, and {change(t.BREADTH_LOST, 0)} % or less over 126 sessions",
        "prices are missing",
        ("BR1", "BR2"),
    ),
    "D5": Rule(
        f"revenue of the last quarter against a year before: {', '.join(t.GROWTH_NAMES)}",
        f"{_percent(t.NAMES_HELD)} of the names or more grow by {t.REVENUE_CLAIMED:.0f} % or more",
        f"fewer than {_percent(t.NAMES_LOST)} of them do",
        f"fewer than {t.LEAST_NAMES} names have figures",
    ),
    "D6": Rule(
        "output per hour against a year before",
        f"at least {t.PRODUCTIVITY_HELD:.1f} %",
        f"below {t.PRODUCTIVITY_LOST:.1f} %",
        "the figure is missing or old",
        ("PR1",),
    ),
    "D7": Rule(
        "XLU against SPY with dividends: since the start, and over 126 sessions",
        "both above 0",
        f"both below {change(t.UTILITIES_LOST, 0)} %",
        "prices are missing",
    ),
}
"""By the id of the claim."""


def conditions(rule: Rule) -> list[tuple[ClaimStatus, str]]:
    """Status and condition, in the order they are checked."""
    return [
        ("unknown", rule.unknown),
        ("broken", rule.broken),
        ("on_track", rule.on_track),
        ("at_risk", "everything else"),
    ]
