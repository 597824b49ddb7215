"""Quarters out of XBRL facts, which are filed as quarters, as the year to date, or as whole years (METHODOLOGY B.2).

Cut the facts to what was filed by the moment of the board first (`filed_by`). `fy`, `fp` and `frame` are never used:
they describe the filing, not the fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from rallytui.indicators.numbers import real
from rallytui.model import Fact

QUARTER, HALF, NINE_MONTHS, YEAR = (80, 100), (170, 190), (260, 285), (350, 380)
"""Days of a duration, first and last included; 52- and 53-week years fit. Everything else is dropped."""
CLASSES = (QUARTER, HALF, NINE_MONTHS, YEAR)
AGREEMENT = 0.005

Span = tuple[date, date]
Vintages = list[tuple[date, float]]


@dataclass(frozen=True, slots=True)
class Concept:
    """The tags that can carry a number, most preferred first.

    The tag whose newest fact is the latest is the one in use. Where two are equally new, the one with more quarterly
    facts wins if `most_quarters`, else the order decides.
    """

    tags: tuple[str, ...]
    most_quarters: bool = False


REVENUE = Concept(
    (
        "RevenueFromContractWithCustomerExcludingAssessedTax",
        "Revenues",
        "SalesRevenueNet",
        "RevenueFromContractWithCustomerIncludingAssessedTax",
        "SalesRevenueGoodsNet",
    ),
    most_quarters=True,
)
NET_INCOME = Concept(("NetIncomeLoss",))
CAPEX = Concept(("PaymentsToAcquirePropertyPlantAndEquipment", "PaymentsToAcquireProductiveAssets"))
# Amazon files both and only the second is its line in the cash-flow statement.
CAPEX_OF = {"AMZN": Concept(("PaymentsToAcquireProductiveAssets", "PaymentsToAcquirePropertyPlantAndEquipment"))}


def capex_concept(symbol: str) -> Concept:
    """The capital-expenditure tags of a company, in its own order."""
    return CAPEX_OF.get(symbol, CAPEX)


@dataclass(frozen=True, slots=True)
class Quarter:
    """One fiscal quarter. `filed` is when its fact was filed; `derived` if it is a difference of longer spans."""

    end: date
    value: float
    filed: date
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One line of the statements: its quarters, oldest first, and the raw spans of the tag in use by (start, end)."""

    quarters: tuple[Quarter, ...]
    spans: Mapping[Span, float]
    tag: str = ""


def filed_by(facts: Iterable[Fact], day: date) -> tuple[Fact, ...]:
    """The facts filed on `day` or before."""
    return tuple(fact for fact in facts if fact.filed <= day)


def days_in(span: Span) -> int:
    """Days of a span, both ends included."""
    return (span[1] - span[0]).days + 1


def is_in(days: int, limits: tuple[int, int]) -> bool:
    """Whether `days` is one of a duration class."""
    return limits[0] <= days <= limits[1]


def statement(facts: Iterable[Fact], concept: Concept, unit: str = "USD") -> Statement:
    """The quarters of a concept, the tag in use first.

    An older tag fills the quarters before a switch only if it agrees within 0.5 % on every quarter that both have, and
    they share one. Facts without a start, of another unit or of an odd duration are passed over.
    """
    by_tag: dict[str, dict[Span, Vintages]] = {}
    for fact in facts:
        if fact.tag in concept.tags and fact.unit == unit and fact.start is not None and real(fact.value) is not None:
            span = (fact.start, fact.end)
            if any(is_in(days_in(span), limits) for limits in CLASSES):
                by_tag.setdefault(fact.tag, {}).setdefault(span, []).append((fact.filed, fact.value))
    if not by_tag:
        return Statement((), {})
    for spans in by_tag.values():
        for vintages in spans.values():
            vintages.sort(key=lambda vintage: vintage[0])
    ranked = _ranked(by_tag, concept)
    quarters = _quarters_of(by_tag[ranked[0]])
    for tag in ranked[1:]:
        quarters = _spliced(quarters, _quarters_of(by_tag[tag]))
    newest = {span: vintages[-1][1] for span, vintages in by_tag[ranked[0]].items()}
    return Statement(tuple(quarters[end] for end in sorted(quarters)), newest, ranked[0])


def _ranked(by_tag: Mapping[str, Mapping[Span, Vintages]], concept: Concept) -> list[str]:
    def rank(tag: str) -> tuple[int, int, int]:
        spans = by_tag[tag]
        count = sum(is_in(days_in(span), QUARTER) for span in spans) if concept.most_quarters else 0
        return -max(end for _, end in spans).toordinal(), -count, concept.tags.index(tag)

    return sorted(by_tag, key=rank)


def _spliced(main: dict[date, Quarter], other: dict[date, Quarter]) -> dict[date, Quarter]:
    shared = main.keys() & other.keys()
    if not shared or not all(agree(main[end].value, other[end].value) for end in shared):
        return main
    return other | main


def agree(one: float, two: float) -> bool:
    """Whether two values are within 0.5 % of the larger one."""
    return abs(one - two) <= AGREEMENT * max(abs(one), abs(two))


def _quarters_of(spans: Mapping[Span, Vintages]) -> dict[date, Quarter]:
    """Quarters by end: reported, else year-to-date less the year-to-date before, else the year less its other three."""
    reported = [(vintages[-1], span[1]) for span, vintages in spans.items() if is_in(days_in(span), QUARTER)]
    found = {end: Quarter(end, value, filed) for (filed, value), end in sorted(reported)}
    found = _year_to_date_quarters(spans) | found
    for span in sorted(spans, key=lambda item: item[1]):
        if is_in(days_in(span), YEAR) and span[1] not in found:
            rest = _three_before(found, span)
            if rest is not None:
                filed, value = spans[span][-1]
                found[span[1]] = Quarter(span[1], value - sum(quarter.value for quarter in rest), filed, derived=True)
    return found


def _year_to_date_quarters(spans: Mapping[Span, Vintages]) -> dict[date, Quarter]:
    found: dict[date, Quarter] = {}
    by_start: dict[date, list[date]] = {}
    for start, end in sorted(spans):
        by_start.setdefault(start, []).append(end)
    for start, ends in by_start.items():
        for before, end in pairwise(ends):
            if is_in((end - before).days, QUARTER):
                filed, value = spans[start, end][-1]
                found[end] = Quarter(end, value - _as_of(spans[start, before], filed), filed, derived=True)
    return found


def _as_of(vintages: Vintages, filed: date) -> float:
    """The value as it stood when the longer span was filed: a difference must not mix restated and original."""
    return next((value for known, value in reversed(vintages) if known <= filed), vintages[0][1])


def _three_before(found: Mapping[date, Quarter], year: Span) -> list[Quarter] | None:
    inside = [found[end] for end in sorted(found) if year[0] < end < year[1]]
    ends = [year[0] - timedelta(days=1), *(quarter.end for quarter in inside), year[1]]
    steps = [(after - before).days for before, after in pairwise(ends)]
    return inside if len(inside) == 3 and all(is_in(step, QUARTER) for step in steps) else None


def quarter_near(quarters: Sequence[Quarter], end: date, days: int = 10) -> Quarter | None:
    """The quarter that ends closest to `end`, at most `days` away."""
    close = [quarter for quarter in quarters if abs((quarter.end - end).days) <= days]
    return min(close, key=lambda quarter: abs((quarter.end - end).days), default=None)
