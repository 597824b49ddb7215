"""The evidence line of each claim: value against what is required, date, source, count, flags (METHODOLOGY D).

The most telling part comes first, so that a narrow pane may cut the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rallytui.indicators.numbers import real
from rallytui.indicators.target import RungState
from rallytui.indicators.thesis import (
    BASE_RATE,
    CAPEX_PLAN,
    CUT_PP,
    CUTS_CLAIMED,
    EPS_CLAIMED,
    LITTLE_EASING_PP,
    PRODUCTIVITY_HELD,
    REVENUE_CLAIMED,
    Names,
    next_fomc,
)

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MISSING = "—"
EASING_PRICED_PP = -0.25


@dataclass(frozen=True, slots=True)
class Evidence:
    """The line, and the one number of it for a narrow pane."""

    line: str
    brief: str = MISSING


def signed(value: float, unit: str, decimals: int = 1) -> str:
    """`+1.9 %`: a sign except on zero, the true minus, a space before the unit."""
    shown = round(value, decimals)
    mark = "+" if shown > 0 else "−" if shown < 0 else ""
    return f"{mark}{abs(shown):,.{decimals}f} {unit}".rstrip()


def points(value: float) -> str:
    """`7,408.30`, and a whole level without decimals, `8,000`."""
    return f"{value:,.0f}" if value == round(value) else f"{value:,.2f}"


def billions(value: float) -> str:
    """`$775 bn`."""
    return f"${value / 1e9:,.0f} bn"


def short_day(day: date, asof: date) -> str:
    """`22 Jul`, with the year once it is not the year of `asof`."""
    year = "" if day.year == asof.year else f" {day.year}"
    return f"{day.day} {MONTHS[day.month - 1]}{year}"


def _line(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def target(
    *,
    asof: date,
    state: RungState,
    level: float,
    price: float | None,
    touched: date | None,
    lost: date | None = None,
    next_rung: float | None,
    remaining_pct: float | None,
    vs_plan_pct: float | None,
) -> Evidence:
    """D0: the first closing touch and the rung after it, or the way that is left."""
    if state == "no_data" or price is None:
        return Evidence("no price")
    upcoming = "" if next_rung is None or next_rung == level else f"next {points(next_rung)}"
    if touched is not None and state in ("reached", "expired_hit"):
        gone = "" if lost is None else f"lost since {short_day(lost, asof)}"
        line = _line(f"closed past {points(level)} on {short_day(touched, asof)}", gone, upcoming)
        return Evidence(line, gone or "reached")
    left = MISSING if remaining_pct is None else signed(remaining_pct, "%")
    plan = "" if vs_plan_pct is None else f"plan {signed(vs_plan_pct, '%')}"
    ending = "the date has passed" if state == "expired_missed" else plan
    return Evidence(_line(f"{points(price)} vs {points(level)}, {left} away", ending), left)


def fed_cuts(*, asof: date, upper_bound: float | None, gap_pp: float | None, day: date | None, source: str) -> Evidence:
    """D1: cuts made, the path that is priced, and the next decision."""
    rate, gap = real(upper_bound), real(gap_pp)
    if rate is None:
        return Evidence("no policy rate")
    moves = round((BASE_RATE - rate) / CUT_PP)
    done = f"{moves} of {CUTS_CLAIMED} cuts" if moves >= 0 else f"{-moves} hike{'s' if moves < -1 else ''}, no cut"
    meeting = next_fomc(asof)
    return Evidence(
        _line(
            done,
            "" if gap is None else f"2y − funds {signed(gap, 'pp', 2)}{_priced(gap)}",
            "" if meeting is None else f"next FOMC {short_day(meeting, asof)}",
            "" if day is None else short_day(day, asof),
            source,
        ),
        f"{max(moves, 0)} of {CUTS_CLAIMED}",
    )


def _priced(gap: float) -> str:
    if gap > LITTLE_EASING_PP:
        return " (no easing priced)"
    return " (easing priced)" if gap <= EASING_PRICED_PP else ""


def capex(
    *,
    projected: float | None,
    so_far: float | None,
    filers: int,
    total: int,
    newest: date | None,
    source: str,
    plan: float = CAPEX_PLAN,
    trailing_pct: float | None = None,
) -> Evidence:
    """D2: dollars. Above the plan it says that this is the over-investment risk as well; a shrinking year is told."""
    value, ytd, trailing = real(projected), real(so_far), real(trailing_pct)
    shrunk = f"the last four quarters {signed(trailing, '%')}" if trailing is not None and trailing < 0 else ""
    if value is None or ytd is None:
        return Evidence(_line(f"{filers}/{total} filers with a quarter of 2026", shrunk))
    return Evidence(
        _line(
            f"pace {billions(value)} vs {billions(plan)}",
            shrunk,
            f"YTD {billions(ytd)}, {100 * ytd / plan:.0f} % of plan",
            f"{filers}/{total} filers" + ("" if newest is None else f" to {newest.isoformat()}"),
            source,
            "above plan is also the over-investment risk" if value > plan else "",
        ),
        billions(value),
    )


def earnings(*, growth: float | None, source: str, day: date | None) -> Evidence:
    """D3: a figure entered by hand, with where and when it was read."""
    value = real(growth)
    if value is None:
        return Evidence("no keyless source · set by hand")
    return Evidence(
        _line(
            f"{signed(value, '%')} vs {signed(EPS_CLAIMED, '%', 0)}",
            source,
            "" if day is None else day.isoformat(),
        ),
        signed(value, "%"),
    )


def small_caps(*, since_pct: float | None, above_mean: bool | None, ratio_126d_pct: float | None) -> Evidence:
    """D4."""
    since, recent = real(since_pct), real(ratio_126d_pct)
    if since is None and recent is None and above_mean is None:
        return Evidence("no prices of IWM and SPY")
    side = "" if above_mean is None else f"{'above' if above_mean else 'below'} 200 d"
    return Evidence(
        _line(f"IWM/SPY {_or_missing(since)}", side, "" if recent is None else f"126 d {signed(recent, '%')}"),
        _or_missing(since),
    )


def revenue_growth(*, names: Names, asof: date, newest: date | None, source: str) -> Evidence:
    """D5: `newest` is when the last of the reports was filed."""
    if not names.known:
        return Evidence(f"0/{names.total} names with a reading")
    return Evidence(
        _line(
            f"{names.growing} of {names.known} names ≥ {REVENUE_CLAIMED:.0f} %",
            "" if names.median_pct is None else f"median {signed(names.median_pct, '%')}",
            f"{source} {short_day(newest, asof)}" if newest is not None else source,
            "" if names.known == names.total else f"{names.known}/{names.total} names",
        ),
        f"{names.growing} of {names.known}",
    )


def productivity(*, growth_pct: float | None, quarter: date | None, source: str) -> Evidence:
    """D6: `quarter` is any day in the quarter that the value describes."""
    value = real(growth_pct)
    if value is None:
        return Evidence("no fresh reading of output per hour")
    when = "" if quarter is None else f"Q{(quarter.month + 2) // 3} {quarter.year}"
    return Evidence(_line(f"{signed(value, '%')} y/y vs {PRODUCTIVITY_HELD:.1f} %", when, source), signed(value, "%"))


def utilities(*, since_pct: float | None, ratio_126d_pct: float | None) -> Evidence:
    """D7."""
    since, recent = real(since_pct), real(ratio_126d_pct)
    if since is None and recent is None:
        return Evidence("no prices of XLU and SPY")
    return Evidence(_line(f"XLU/SPY {_or_missing(since)}", f"126 d {_or_missing(recent)}"), _or_missing(since))


def _or_missing(value: float | None) -> str:
    return MISSING if value is None else signed(value, "%")


def unknown_without(said: Evidence, readings: Mapping[str, object]) -> Evidence:
    """Evidence of a claim that is unknown: the readings that are missing, None, are named (METHODOLOGY G.8)."""
    gone = [name for name, value in readings.items() if value is None]
    return Evidence(_line(said.line, f"unknown without {', '.join(gone)}"), said.brief) if gone else said
