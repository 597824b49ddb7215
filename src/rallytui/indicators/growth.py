"""Growth out of quarters: trailing year, year on year, price to sales, and the hyperscalers' capital spending."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from rallytui.indicators.numbers import median, positives, real, reals
from rallytui.indicators.quarters import (
    QUARTER,
    YEAR,
    Quarter,
    Span,
    Statement,
    agree,
    counts,
    days_in,
    is_in,
    quarter_near,
)
from rallytui.model import Fact

A_YEAR = timedelta(days=365)
MATCH_DAYS = 10
OLDEST_TTM_DAYS = 200
LATE_DAYS = 75
BUCKET_SHIFT = timedelta(days=45)

LEAST_HYPERSCALERS = 4
A_WEEK = 5
"""Two periods differ by a week from so many days on."""
OLDEST_SHARES_DAYS = 400

COVER_SHARES = "EntityCommonStockSharesOutstanding"
DILUTED_SHARES = "WeightedAverageNumberOfDilutedSharesOutstanding"


def growth_pct(now: float | None, before: float | None) -> float | None:
    """100 (now / before - 1) in percent; None if the earlier value is missing, zero or negative (METHODOLOGY B.2)."""
    base, value = positives(before), real(now)
    return None if base is None or value is None else real(100 * (value / base[0] - 1))


def yoy_pct(quarters: Sequence[Quarter]) -> float | None:
    """The newest quarter against the one a year before, its end give or take 10 days, percent (METHODOLOGY B.2)."""
    if not quarters:
        return None
    before = quarter_near(quarters, quarters[-1].end - A_YEAR, MATCH_DAYS)
    return None if before is None else growth_pct(quarters[-1].value, before.value)


@dataclass(frozen=True, slots=True)
class Trailing:
    """Four quarters to `end`. `agrees` says whether quarters and whole years give the same within 0.5 %, None if only
    one of the two ways was open."""

    value: float
    end: date
    agrees: bool | None = None


def ttm(line: Statement, end: date | None = None) -> Trailing | None:
    """The trailing year to `end`, by default the newest (METHODOLOGY B.2.4).

    The last four consecutive quarters, else the last fiscal year plus the year to date less the one before. None if
    neither can be had.
    """
    at = line.last_day if end is None else end
    if at is None:
        return None
    summed, bridged = _four_quarters(line.quarters, at), _bridge(line.spans, at)
    if summed is None:
        return None if bridged is None else Trailing(bridged, at)
    return Trailing(summed, at, None if bridged is None else agree(summed, bridged))


def _four_quarters(quarters: Sequence[Quarter], end: date) -> float | None:
    last = [quarter for quarter in quarters if quarter.end <= end][-4:]
    if len(last) < 4 or last[-1].end != end:
        return None
    steps = [(after.end - before.end).days for before, after in pairwise(last)]
    return sum(quarter.value for quarter in last) if all(is_in(step, QUARTER) for step in steps) else None


def _bridge(spans: Mapping[Span, float], end: date) -> float | None:
    """A whole year that ends at `end`, or the last whole year + year to date - year to date a year earlier."""
    for (start, last), value in spans.items():
        if last != end:
            continue
        if is_in(days_in((start, last)), YEAR):
            return value
        year = _match(spans, start - A_YEAR, start - timedelta(days=1))
        before = _match(spans, start - A_YEAR, end - A_YEAR)
        if year is not None and before is not None:
            return year + value - before
    return None


def _match(spans: Mapping[Span, float], start: date, end: date) -> float | None:
    """The value of the span whose two ends are both within 10 days of the ones given."""
    for (first, last), value in spans.items():
        if abs((first - start).days) <= MATCH_DAYS and abs((last - end).days) <= MATCH_DAYS:
            return value
    return None


def ttm_a_year_before(line: Statement, end: date) -> Trailing | None:
    """The trailing year that ended a year before `end`, give or take 10 days."""
    earlier = end - A_YEAR
    ends = {quarter.end for quarter in line.quarters} | {span[1] for span in line.spans}
    near = sorted((abs((day - earlier).days), day) for day in ends if abs((day - earlier).days) <= MATCH_DAYS)
    return next((found for _, day in near if (found := ttm(line, day)) is not None), None)


def ttm_yoy_pct(line: Statement) -> float | None:
    """The newest trailing year against the one before, percent."""
    now = ttm(line)
    before = None if now is None else ttm_a_year_before(line, now.end)
    return None if now is None or before is None else growth_pct(now.value, before.value)


def weeks_apart(quarters: Sequence[Quarter]) -> tuple[int, int] | None:
    """The weeks of the newest quarter and of the one a year before, where they differ; None if they do not."""
    before = quarter_near(quarters, quarters[-1].end - A_YEAR, MATCH_DAYS) if quarters else None
    if before is None or abs(quarters[-1].days - before.days) < A_WEEK:
        return None
    return round(quarters[-1].days / 7), round(before.days / 7)


@dataclass(frozen=True, slots=True)
class Shares:
    """A share count and the day it holds for. It is not adjusted for later splits: multiply by their factor."""

    count: float
    day: date


def shares_outstanding(facts: Iterable[Fact]) -> Shares | None:
    """The count on the newest cover page, or the newest diluted average where that is the later one.

    Companies with several classes often leave the cover count out of the undimensioned facts (METHODOLOGY B.2.8).
    """
    newest: dict[str, Fact] = {}
    for fact in facts:
        if fact.tag in (COVER_SHARES, DILUTED_SHARES) and counts(fact) and positives(fact.value) is not None:
            held = newest.get(fact.tag)
            if held is None or (fact.end, fact.filed, fact.start) > (held.end, held.filed, held.start):
                newest[fact.tag] = fact
    best = max(newest.values(), key=lambda fact: (fact.end, fact.tag == COVER_SHARES), default=None)
    return None if best is None else Shares(best.value, best.end)


def price_to_sales(price: float | None, shares: float | None, sales: Trailing | None, asof: date) -> float | None:
    """Market value over trailing revenue; None if that is not positive or ended over 200 days ago (METHODOLOGY B.2)."""
    if sales is None or (asof - sales.end).days > OLDEST_TTM_DAYS:
        return None
    known = positives(price, shares, sales.value)
    return None if known is None else known[0] * known[1] / known[2]


def calendar_quarter(end: date) -> tuple[int, int]:
    """The calendar (year, quarter) a fiscal quarter mostly covers: the one that holds `end` less 45 days."""
    middle = end - BUCKET_SHIFT
    return middle.year, (middle.month + 2) // 3


@dataclass(frozen=True, slots=True)
class PanelGrowth:
    """Trailing sums of the companies that have both years, and their growth in percent.

    `newest` and `oldest` are the period ends they cover, `filed` when the newest of their facts was filed; `late` names
    those more than 75 days behind the newest.
    """

    growth_pct: float
    median_pct: float | None
    now: float
    before: float
    companies: tuple[str, ...]
    newest: date
    oldest: date
    filed: date
    late: tuple[str, ...]


def panel_growth(lines: Mapping[str, Statement], least: int = LEAST_HYPERSCALERS) -> PanelGrowth | None:
    """Growth of the sum of trailing years over the year before, of the same companies (METHODOLOGY C.1 AI1, D3).

    A company that has not reported yet takes part with its last trailing year. None with fewer than `least` of them or
    if the earlier sum is not positive.
    """
    pairs = {}
    for name, line in lines.items():
        now = ttm(line)
        before = None if now is None else ttm_a_year_before(line, now.end)
        if now is not None and before is not None:
            pairs[name] = (now, before)
    if len(pairs) < max(least, 1):
        return None
    total, earlier = (sum(pair[i].value for pair in pairs.values()) for i in (0, 1))
    growth = growth_pct(total, earlier)
    if growth is None:
        return None
    each = [rate for now, before in pairs.values() if (rate := growth_pct(now.value, before.value)) is not None]
    newest, oldest = (pick(pair[0].end for pair in pairs.values()) for pick in (max, min))
    late = tuple(name for name, pair in pairs.items() if (newest - pair[0].end).days > LATE_DAYS)
    filed = max((lines[name].quarters[-1].filed for name in pairs if lines[name].quarters), default=newest)
    return PanelGrowth(growth, median(each), total, earlier, tuple(pairs), newest, oldest, filed, late)


@dataclass(frozen=True, slots=True)
class Projection:
    """Spending of a calendar year so far and, scaled by the year before, to its end; in the filings' unit.

    `now` and `before` cover the same calendar quarters of the same `companies`; `year_before` is all of the year
    before.
    """

    value: float
    now: float
    before: float
    year_before: float
    companies: tuple[str, ...]
    newest: date


def project_year(lines: Mapping[str, Statement], year: int) -> Projection | None:
    """YTD times (whole year before / same quarters of it), by calendar quarters (METHODOLOGY D2).

    A company takes part if it has the first quarter of `year`, no hole after it, and all four quarters of the year
    before. None if no company does or the earlier quarters sum to nothing.
    """
    parts: dict[str, tuple[float, float, float]] = {}
    ends: list[date] = []
    for name, line in lines.items():
        buckets = {calendar_quarter(quarter.end): quarter for quarter in line.quarters}
        known = [q for q in range(1, 5) if (year, q) in buckets]
        before = [buckets[year - 1, q].value for q in range(1, 5) if (year - 1, q) in buckets]
        if known and known == list(range(1, len(known) + 1)) and len(before) == 4:
            now = [buckets[year, q] for q in known]
            parts[name] = sum(quarter.value for quarter in now), sum(before[: len(now)]), sum(before)
            ends.append(now[-1].end)
    if not parts:
        return None
    now_sum, before_sum, year_sum = (sum(part[i] for part in parts.values()) for i in range(3))
    value = projection(now_sum, before_sum, year_sum)
    return None if value is None else Projection(value, now_sum, before_sum, year_sum, tuple(parts), max(ends))


def projection(now: float | None, before: float | None, year_before: float | None) -> float | None:
    """`now` scaled to a whole year as the year before went on; None if `before` is not positive (METHODOLOGY D2)."""
    known, base = reals(now, year_before), positives(before)
    return None if known is None or base is None else known[0] * known[1] / base[0]
