"""Quarters out of XBRL facts, filed as quarters, as the year to date or as whole years (METHODOLOGY B.2, G.5).

Cut the facts to what was filed by the moment of the board first (`filed_by`). `fy`, `fp` and `frame` are never used:
they describe the filing, not the fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import log10
from statistics import median

from rallytui.indicators.numbers import real
from rallytui.model import Company, Fact

QUARTER, HALF, NINE_MONTHS, YEAR = (75, 121), (160, 200), (245, 292), (350, 380)
"""Days of a duration, first and last included: quarters of 11 to 17 weeks, years of 52 and 53. All else is dropped."""
CLASSES = (QUARTER, HALF, NINE_MONTHS, YEAR)
AGREEMENT = 0.005
FORMS = frozenset({"10-Q", "10-K", "10-QT", "10-KT", "20-F", "40-F", "6-K", "yahoo"})
"""Reports whose figures count, with their amendments; a proxy statement repeats them in any unit."""
WITH_AMENDMENTS = FORMS | {f"{form}/A" for form in FORMS}
SAME_PERIOD_DAYS = 20
NEAR = timedelta(days=400)
"""So far around a span its neighbours tell its scale, and whether its tag is a part of another one."""
SCALES, SCALE_SLACK = (3.0, 6.0), 0.3
"""A value off by about a thousand or a million is of another scale; logarithms to 10."""

Span = tuple[date, date]
Vintage = tuple[date, float]
Vintages = list[Vintage]
Spans = dict[Span, Vintages]


@dataclass(frozen=True, slots=True)
class Concept:
    """The tags that can carry a number, most preferred first.

    They are chosen per period: the `largest` of those that tell the same span, as the others are parts of it, or
    else the most preferred.
    """

    tags: tuple[str, ...]
    largest: bool = False
    signed: bool = False


REVENUE = Concept(
    (
        "RevenueFromContractWithCustomerExcludingAssessedTax",
        "Revenues",
        "SalesRevenueNet",
        "RevenueFromContractWithCustomerIncludingAssessedTax",
        "SalesRevenueGoodsNet",
        "Revenue",
        "RevenueFromContractsWithCustomers",
    ),
    largest=True,
)
NET_INCOME = Concept(("NetIncomeLoss", "ProfitLossAttributableToOwnersOfParent"), signed=True)
CAPEX = Concept(("PaymentsToAcquirePropertyPlantAndEquipment", "PaymentsToAcquireProductiveAssets"))
# Amazon files both and only the second is its line in the cash-flow statement.
CAPEX_OF = {"AMZN": Concept(("PaymentsToAcquireProductiveAssets", "PaymentsToAcquirePropertyPlantAndEquipment"))}


def capex_concept(symbol: str) -> Concept:
    """The capital-expenditure tags of a company, in its own order."""
    return CAPEX_OF.get(symbol, CAPEX)


@dataclass(frozen=True, slots=True)
class Quarter:
    """One fiscal quarter of `days` days. `filed` is when the last of its facts was filed; `derived` if it is a
    difference of longer spans."""

    end: date
    value: float
    filed: date
    derived: bool = False
    days: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """One line of the statements: its quarters, oldest first, and the newest value of each span by (start, end)."""

    quarters: tuple[Quarter, ...]
    spans: Mapping[Span, float]
    tag: str = ""
    unit: str = "USD"
    """The currency of its amounts."""

    @property
    def last_day(self) -> date | None:
        """The last day of which it says anything."""
        ends = [quarter.end for quarter in self.quarters[-1:]] + [span[1] for span in self.spans]
        return max(ends, default=None)

    def is_behind(self, company: Company) -> bool:
        """Whether a newer report of the company says nothing of this line that can be read."""
        newest = newest_report(company)
        return newest is not None and (self.last_day is None or (newest[0] - self.last_day).days > SAME_PERIOD_DAYS)


def newest_report(company: Company) -> tuple[date, str] | None:
    """The period and the form of the newest periodic report, by the list of filings, else by the facts."""
    reports = [(one.period, one.form) for one in company.filings if one.period and is_report(one.form)]
    facts = [(one.end, one.form) for one in company.facts if is_report(one.form) and one.start is not None]
    return max(reports or facts, default=None)


def is_report(form: str) -> bool:
    """Whether a form is one of those that hold a quarter or a year, or an amendment of one."""
    return form.removesuffix("/A") in FORMS - {"6-K", "yahoo"}


def filed_by(facts: Iterable[Fact], day: date) -> tuple[Fact, ...]:
    """The facts filed on `day` or before."""
    return tuple(fact for fact in facts if fact.filed <= day)


def counts(fact: Fact) -> bool:
    """Whether a fact is of a periodic report and could be known when it was filed."""
    return fact.form in WITH_AMENDMENTS and fact.end <= fact.filed


def days_in(span: Span) -> int:
    """Days of a span, both ends included."""
    return (span[1] - span[0]).days + 1


def is_in(days: int, limits: tuple[int, int]) -> bool:
    """Whether `days` is one of a duration class."""
    return limits[0] <= days <= limits[1]


def agree(one: float, two: float) -> bool:
    """Whether two values are within 0.5 % of the larger one."""
    return abs(one - two) <= AGREEMENT * max(abs(one), abs(two))


def statement(facts: Iterable[Fact], concept: Concept, unit: str = "") -> Statement:
    """The quarters of a concept in one currency: `unit`, else that of the newest facts, dollars first.

    Left out are facts of other papers than periodic reports, of an odd duration, of another scale than their
    neighbours (`of_scale`), and of tags that are parts of another one around that time (`totals`). A further tag fills
    the periods that the first one lacks if both agree within 0.5 % on all that they share, and they share something.
    """
    by_unit: dict[str, dict[str, Spans]] = {}
    for fact in facts:
        if fact.tag in concept.tags and fact.start is not None and counts(fact) and real(fact.value) is not None:
            span = (fact.start, fact.end)
            if unit in ("", fact.unit) and any(is_in(days_in(span), limits) for limits in CLASSES):
                spans = by_unit.setdefault(fact.unit, {}).setdefault(fact.tag, {})
                spans.setdefault(span, []).append((fact.filed, fact.value))
    if not by_unit:
        return Statement((), {}, unit=unit or "USD")
    chosen = max(
        by_unit, key=lambda one: (max(end for spans in by_unit[one].values() for _, end in spans), one == "USD")
    )
    by_tag = {tag: of_scale(spans) for tag, spans in by_unit[chosen].items()}
    if concept.largest:
        by_tag = totals(by_tag)
    ranked = sorted((tag for tag in by_tag if by_tag[tag]), key=lambda tag: rank(tag, by_tag[tag], concept))
    quarters: dict[date, Quarter] = {}
    newest: dict[Span, float] = {}
    for tag in ranked:
        own = {span: vintages[-1][1] for span, vintages in by_tag[tag].items()}
        shared = own.keys() & newest.keys()
        if newest and not (shared and all(agree(own[span], newest[span]) for span in shared)):
            continue
        for end, quarter in quarters_of(by_tag[tag], concept.signed).items():
            held = next((one for day, one in quarters.items() if abs((day - end).days) <= SAME_END_DAYS), None)
            if held is None or (held.derived and not quarter.derived and end == held.end):
                quarters[end] = quarter
        newest = own | newest
    ordered = tuple(quarters[end] for end in sorted(quarters))
    return Statement(ordered, newest, ranked[0] if ranked else "", chosen)


SAME_END_DAYS = 10


def rank(tag: str, spans: Spans, concept: Concept) -> tuple[int, int, int]:
    """Which tag comes first where several tell a period alike: the newest, with the most quarters, the preferred."""
    count = sum(is_in(days_in(span), QUARTER) for span in spans) if concept.largest else 0
    return -max(end for _, end in spans).toordinal(), -count, concept.tags.index(tag)


def of_scale(spans: Spans) -> Spans:
    """Vintages by the day they were filed, without those that are a thousand or a million times off.

    Measured against the values a day that other spans of the tag have around that time, and the span's own others.
    """
    rates = [
        (end, filed, value / days_in((start, end)))
        for (start, end), found in spans.items()
        for filed, value in found
        if value > 0
    ]
    values = [rate for _, _, rate in rates]
    if not values or max(values) < min(values) * 10 ** (
        SCALES[0] - SCALE_SLACK
    ):  # nothing can be off, as nearly always
        return {span: sorted(found, key=filed_first) for span, found in spans.items()}
    kept: Spans = {}
    for span, found in spans.items():
        own = [
            (filed, value) for filed, value in found if not off_scale(value / days_in(span), (span[1], filed), rates)
        ]
        if own:
            kept[span] = sorted(own, key=filed_first)
    return kept


def filed_first(vintage: Vintage) -> date:
    return vintage[0]


def off_scale(rate: float, of: tuple[date, date], rates: Sequence[tuple[date, date, float]]) -> bool:
    near = [other for end, filed, other in rates if abs(end - of[0]) <= NEAR and (end, filed) != of]
    if not near or rate <= 0:
        return False
    off = abs(log10(rate / median(near)))
    return any(abs(off - scale) <= SCALE_SLACK for scale in SCALES)


def totals(by_tag: Mapping[str, Spans]) -> dict[str, Spans]:
    """The spans of each tag without those around which it is a part of another: less than it over one same span."""
    parts: dict[str, list[date]] = {
        tag: [
            span[1]
            for other, theirs in by_tag.items()
            if other != tag
            for span in spans.keys() & theirs.keys()
            if spans[span][-1][1] < theirs[span][-1][1] and not agree(spans[span][-1][1], theirs[span][-1][1])
        ]
        for tag, spans in by_tag.items()
    }
    return {
        tag: {span: found for span, found in spans.items() if all(abs(span[1] - end) > NEAR for end in parts[tag])}
        for tag, spans in by_tag.items()
    }


# --- quarters of one tag ---


def bases(spans: Spans) -> dict[Span, list[tuple[int, Vintage]]]:
    """Each vintage with the number of the basis that it is told on.

    A filing that tells another value of a span than was told last, on the basis in force, begins a new basis: parts
    were sold, or rules changed. What is told otherwise later only follows.
    """
    if all(len(vintages) == 1 for vintages in spans.values()):  # nothing was told twice
        return {span: [(0, vintages[0])] for span, vintages in spans.items()}
    filings: dict[date, list[tuple[Span, float]]] = {}
    for span, vintages in spans.items():
        for filed, value in vintages:
            filings.setdefault(filed, []).append((span, value))
    basis, told = 0, dict[Span, tuple[int, float]]()
    found: dict[Span, list[tuple[int, Vintage]]] = {}
    for filed in sorted(filings):
        known = [(told[span], value) for span, value in filings[filed] if span in told]
        if any(before == basis and not agree(old, value) for (before, old), value in known):
            basis += 1
        for span, value in filings[filed]:
            told[span] = (basis, value)
            found.setdefault(span, []).append((basis, (filed, value)))
    return found


def quarters_of(spans: Spans, signed: bool = False) -> dict[date, Quarter]:
    """Quarters by end: reported, else a span less a shorter one of the same start, else the year less its other three.

    Both of a difference are of one basis (`bases`), the newest they share. A difference that is 0 or less, or as
    large as the whole, is none, but for what is `signed`.
    """
    told = bases(spans)
    found = {
        span[1]: Quarter(span[1], vintages[-1][1], vintages[-1][0], days=days_in(span))
        for span, vintages in sorted(spans.items())
        if is_in(days_in(span), QUARTER)
    }
    by_start: dict[date, list[date]] = {}
    for start, end in sorted(spans):
        by_start.setdefault(start, []).append(end)
    for start, ends in by_start.items():
        for before, end in pairwise(ends):
            days = (end - before).days
            if end not in found and is_in(days, QUARTER):
                rest = difference(told[start, end], [told[start, before]], signed)
                if rest is not None:
                    found[end] = Quarter(end, rest[1], rest[0], derived=True, days=days)
    for span in sorted(spans, key=lambda item: item[1]):
        others = three_before(found, span) if is_in(days_in(span), YEAR) and span[1] not in found else None
        if others is not None:
            own = [told[one] for one in spans if one[1] in others and is_in(days_in(one), QUARTER)]
            rest = difference(told[span], own, signed) if len(own) == len(others) else None
            if rest is not None:
                days = (span[1] - others[-1]).days
                found[span[1]] = Quarter(span[1], rest[1], rest[0], derived=True, days=days)
    return found


def difference(
    whole: Sequence[tuple[int, Vintage]], parts: Sequence[Sequence[tuple[int, Vintage]]], signed: bool
) -> Vintage | None:
    """The whole less its parts on the newest basis that all are told on, and when the last of them was filed."""
    shared = set.intersection({basis for basis, _ in whole}, *({basis for basis, _ in part} for part in parts))
    if not shared:
        return None
    basis = max(shared)
    filed, total = [vintage for number, vintage in whole if number == basis][-1]
    used = [as_filed([vintage for number, vintage in part if number == basis], filed) for part in parts]
    rest = total - sum(value for _, value in used)
    if not signed and not 0 < rest < total:
        return None
    return max([filed, *(known for known, _ in used)]), rest


def as_filed(vintages: Sequence[Vintage], filed: date) -> Vintage:
    """The value as it stood when the whole was filed, else the first one after: roundings differ later."""
    return next((vintage for vintage in reversed(vintages) if vintage[0] <= filed), vintages[0])


def three_before(found: Mapping[date, Quarter], year: Span) -> list[date] | None:
    """The ends of the three quarters that leave one of the year; None if they are not all there."""
    inside = [end for end in sorted(found) if year[0] < end < year[1]]
    ends = [year[0] - timedelta(days=1), *inside, year[1]]
    steps = [(after - before).days for before, after in pairwise(ends)]
    return inside if len(inside) == 3 and all(is_in(step, QUARTER) for step in steps) else None


def quarter_near(quarters: Sequence[Quarter], end: date, days: int = 10) -> Quarter | None:
    """The quarter that ends closest to `end`, at most `days` away."""
    close = [quarter for quarter in quarters if abs((quarter.end - end).days) <= days]
    return min(close, key=lambda quarter: abs((quarter.end - end).days), default=None)
