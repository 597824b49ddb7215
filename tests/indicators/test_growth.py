"""Quarters out of XBRL facts, growth, capital spending, next reports."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rallytui.indicators import growth, reports
from rallytui.indicators.quarters import (
    CAPEX,
    REVENUE,
    Concept,
    Quarter,
    Statement,
    agree,
    capex_concept,
    filed_by,
    statement,
)
from rallytui.model import Fact, Filing
from tests.indicators.golden import calendar, day, golden

CASES = {case["id"]: case for case in golden("watchlist")["B_xbrl_quarters"]}
PPE, PRODUCTIVE = CAPEX.tags
NEW, OLD = REVENUE.tags[:2]


def fact(tag: str, start: str, end: str, value: float, filed: str, form: str = "10-Q", unit: str = "USD") -> Fact:
    return Fact(tag, unit, day(start), day(end), value, day(filed), form)


def facts(name: str) -> list[Fact]:
    return [
        fact(row["tag"], row["start"], row["end"], row["val"], row["filed"], row["form"])
        for row in CASES[name]["facts"]
    ]


def by_end(line: Statement) -> dict[str, float]:
    return {quarter.end.isoformat(): quarter.value for quarter in line.quarters}


def year_of(tag: str, year: int, values: list[float]) -> list[Fact]:
    """Four reported calendar quarters."""
    starts, ends = ("01-01", "04-01", "07-01", "10-01"), ("03-31", "06-30", "09-30", "12-31")
    return [
        fact(tag, f"{year}-{start}", f"{year}-{end}", value, f"{year + 1}-02-01")
        for start, end, value in zip(starts, ends, values, strict=False)
    ]


def test_year_to_date_facts_become_quarters() -> None:
    expected = CASES["X1"]["expected"]
    line = statement(filed_by(facts("X1"), date(2026, 8, 1)), CAPEX)
    assert by_end(line) == expected["asof_2026_08_01"]["quarters"]
    trailing = growth.ttm(line)
    assert trailing == growth.Trailing(132402, date(2026, 6, 30), agrees=True)
    assert growth.yoy_pct(line.quarters) == pytest.approx(expected["asof_2026_08_01"]["yoy_q_pct"])
    assert growth.ttm_yoy_pct(line) is None


def test_a_filing_is_not_known_before_its_day() -> None:
    before = statement(filed_by(facts("X1"), date(2026, 2, 4)), CAPEX)
    assert before.quarters[-1].end == date(2025, 9, 30)
    assert growth.ttm(before) is None
    trailing = growth.ttm(statement(filed_by(facts("X1"), date(2026, 2, 5)), CAPEX))
    assert trailing == growth.Trailing(91447, date(2025, 12, 31), agrees=True)


def test_the_fourth_quarter_is_the_year_less_nine_months() -> None:
    line = statement(facts("X2"), CAPEX)
    assert by_end(line) == CASES["X2"]["expected"]["quarters"]
    assert [quarter.derived for quarter in line.quarters] == [False, False, False, True]
    trailing = growth.ttm(line)
    assert trailing is not None
    assert trailing.value == CASES["X2"]["expected"]["ttm"]


def test_without_nine_months_it_is_the_year_less_three_quarters() -> None:
    rows = [*year_of(PPE, 2025, [10, 20, 30]), fact(PPE, "2025-01-01", "2025-12-31", 100, "2026-02-01", "10-K")]
    line = statement(rows, CAPEX)
    assert line.quarters[-1] == Quarter(date(2025, 12, 31), 40, date(2026, 2, 1), derived=True, days=92)
    assert statement(rows[1:], CAPEX).quarters[-1].end == date(2025, 9, 30)


def test_restated_numbers_win_once_they_are_filed() -> None:
    expected = CASES["X4"]["expected"]
    assert by_end(statement(filed_by(facts("X4"), date(2025, 6, 1)), REVENUE)) == expected["asof_2025_06_01"]
    line = statement(filed_by(facts("X4"), date(2026, 6, 1)), REVENUE)
    assert by_end(line) == expected["asof_2026_06_01"]
    assert growth.yoy_pct(line.quarters) == pytest.approx(expected["yoy_asof_2026_06_01_pct"])


def test_a_difference_never_mixes_a_restated_with_an_original_number() -> None:
    rows = [
        fact(PPE, "2025-01-01", "2025-03-31", 100, "2025-05-01"),
        fact(PPE, "2025-01-01", "2025-06-30", 250, "2025-08-01"),
        fact(PPE, "2025-01-01", "2025-03-31", 90, "2026-05-01"),
    ]
    assert by_end(statement(rows, CAPEX)) == {"2025-03-31": 90, "2025-06-30": 150}
    rows.append(fact(PPE, "2025-01-01", "2025-06-30", 235, "2026-08-01"))
    assert by_end(statement(rows, CAPEX)) == {"2025-03-31": 90, "2025-06-30": 145}


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [(*pair, pct) for pair, pct in zip(CASES["X6"]["facts"], CASES["X6"]["expected"], strict=True)],
)
def test_growth_from_nothing_or_less_is_undefined(before: float | None, now: float, expected: float | None) -> None:
    assert growth.growth_pct(now, before) == expected


def test_the_tag_with_the_newest_fact_is_the_one_in_use() -> None:
    old, new = year_of(OLD, 2024, [1, 2, 3, 4]), year_of(NEW, 2025, [5, 6, 7, 8])
    assert statement(old + new, REVENUE).tag == NEW
    swapped = [*year_of(NEW, 2024, [1, 2, 3, 4]), *year_of(OLD, 2025, [5, 6, 7, 8])]
    assert statement(swapped, REVENUE).tag == OLD
    assert len(statement(old + new, REVENUE).quarters) == 4, "nothing tells that both count the same"


def test_equally_new_tags_go_by_their_quarters_for_revenue_and_by_order_for_capex() -> None:
    more, fewer = year_of(OLD, 2025, [1, 2, 3, 4]), year_of(NEW, 2025, [1, 2, 3, 4])[2:]
    assert statement(more + fewer, REVENUE).tag == OLD
    both = [*year_of(PPE, 2025, [1, 2, 3, 4])[3:], *year_of(PRODUCTIVE, 2025, [1, 2, 3, 9])]
    assert statement(both, capex_concept("MSFT")).tag == PPE
    assert statement(both, capex_concept("AMZN")).tag == PRODUCTIVE


def test_an_older_tag_fills_in_only_if_it_agrees_where_both_exist() -> None:
    new = [*year_of(NEW, 2025, [10, 20, 30, 40]), *year_of(NEW, 2026, [50])]
    agreeing = [*year_of(OLD, 2024, [1, 2, 3, 4]), *year_of(OLD, 2025, [10])]
    assert len(statement(new + agreeing, REVENUE).quarters) == 9
    assert len(statement([*new, *agreeing[:4], *year_of(OLD, 2025, [11])], REVENUE).quarters) == 5


def test_half_a_percent_of_the_larger_value_is_agreement() -> None:
    assert agree(100.0, 99.5)
    assert agree(99.5, 100.0)
    assert not agree(100.0, 99.49)
    assert agree(-100.0, -99.5)
    assert not agree(0.5, -0.5)


def test_facts_that_are_no_usable_duration_are_passed_over() -> None:
    rows = [
        Fact(NEW, "USD", None, date(2025, 3, 31), 1.0, date(2025, 5, 1), "10-Q"),
        fact(NEW, "2025-03-01", "2025-03-31", 1.0, "2025-05-01"),
        fact(NEW, "2025-01-01", "2025-03-31", float("nan"), "2025-05-01"),
    ]
    assert statement(rows, REVENUE) == Statement((), {})
    assert statement([], CAPEX) == Statement((), {})


def test_a_trailing_year_from_the_fiscal_year_alone() -> None:
    rows = [
        fact(PPE, "2024-01-01", "2024-12-31", 100, "2025-02-01", "10-K"),
        fact(PPE, "2024-01-01", "2024-06-30", 40, "2024-08-01"),
        fact(PPE, "2025-01-01", "2025-06-30", 70, "2025-08-01"),
    ]
    line = statement(rows, CAPEX)
    assert line.quarters == ()
    assert growth.ttm(line) == growth.Trailing(130, date(2025, 6, 30), None)


def test_quarters_and_years_that_disagree_are_flagged() -> None:
    rows = [*year_of(PPE, 2025, [10, 20, 30, 40]), fact(PPE, "2025-01-01", "2025-12-31", 105, "2026-02-01", "10-K")]
    trailing = growth.ttm(statement(rows, CAPEX))
    assert trailing is not None
    assert trailing.agrees is False


def test_three_quarters_are_no_year() -> None:
    line = statement(year_of(PPE, 2025, [1, 2, 3]), CAPEX)
    assert growth.ttm(line) is None
    holes = statement([*year_of(PPE, 2025, [1, 2, 3, 4]), *year_of(PPE, 2026, [5, 6])[1:]], CAPEX)
    assert growth.ttm(holes) is None
    assert growth.ttm(Statement((), {})) is None
    assert growth.yoy_pct(()) is None


def test_price_to_sales_needs_fresh_positive_revenue() -> None:
    sales = growth.Trailing(200.0, date(2025, 12, 31))
    assert growth.price_to_sales(10.0, 40.0, sales, date(2026, 7, 19)) == 2
    assert growth.price_to_sales(10.0, 40.0, sales, date(2026, 7, 20)) is None
    assert growth.price_to_sales(10.0, 40.0, growth.Trailing(-1.0, sales.end), date(2026, 1, 1)) is None
    assert growth.price_to_sales(10.0, None, sales, date(2026, 1, 1)) is None
    assert growth.price_to_sales(10.0, 40.0, None, date(2026, 1, 1)) is None


def test_the_later_of_cover_and_diluted_shares_counts() -> None:
    cover = Fact(growth.COVER_SHARES, "shares", None, date(2026, 4, 20), 100.0, date(2026, 4, 24), "10-Q")
    start, end, filed = date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 24)
    diluted = Fact(growth.DILUTED_SHARES, "shares", start, end, 110.0, filed, "10-Q")
    assert growth.shares_outstanding([cover, diluted]) == growth.Shares(100.0, date(2026, 4, 20))
    stale = Fact(growth.COVER_SHARES, "shares", None, date(2014, 4, 20), 50.0, date(2014, 4, 24), "10-Q")
    assert growth.shares_outstanding([stale, diluted]) == growth.Shares(110.0, date(2026, 3, 31))
    assert growth.shares_outstanding([]) is None


@pytest.mark.parametrize(
    ("end", "bucket"),
    [
        (date(2026, 5, 31), (2026, 2)),
        (date(2025, 10, 31), (2025, 3)),
        (date(2026, 1, 31), (2025, 4)),
        (date(2025, 12, 31), (2025, 4)),
        (date(2026, 4, 26), (2026, 1)),
    ],
)
def test_fiscal_quarters_go_to_the_calendar_quarter_they_mostly_cover(end: date, bucket: tuple[int, int]) -> None:
    assert growth.calendar_quarter(end) == bucket


FOUR = ("MSFT", "GOOGL", "AMZN", "META")


def company(before: list[float], now: list[float]) -> Statement:
    return statement([*year_of(PPE, 2024, before), *year_of(PPE, 2025, before), *year_of(PPE, 2026, now)], CAPEX)


def test_trailing_years_are_compared_with_the_one_before() -> None:
    line = company([10, 10, 10, 10], [20])
    assert growth.ttm_yoy_pct(line) == pytest.approx(25.0)
    assert growth.ttm_yoy_pct(company([0, 0, 0, 0], [])) is None
    assert growth.ttm_yoy_pct(statement(year_of(PPE, 2025, [10, 10, 10, 10]), CAPEX)) is None


def test_capex_growth_sums_the_same_companies() -> None:
    lines = {name: company([10, 10, 10, 10], [20]) for name in FOUR}
    lines["ORCL"] = statement(year_of(PPE, 2025, [10, 10, 10, 10]), CAPEX)
    found = growth.panel_growth(lines)
    assert found is not None
    assert found.growth_pct == found.median_pct == pytest.approx(25.0)
    assert found.companies == FOUR
    assert (found.now, found.before) == (200, 160)
    assert found.newest == date(2026, 3, 31)
    lines["META"] = statement([], CAPEX)
    assert growth.panel_growth(lines) is None


def test_a_company_that_has_not_reported_takes_part_and_is_named() -> None:
    lines = {name: company([10, 10, 10, 10], [20]) for name in FOUR}
    lines["ORCL"] = company([10, 10, 10, 10], [])
    found = growth.panel_growth(lines)
    assert found is not None
    assert found.late == ("ORCL",)
    assert found.growth_pct == pytest.approx(100 * (240 / 200 - 1))


def test_the_projection_of_a_year() -> None:
    lines = {"MSFT": company([10, 20, 30, 40], [20, 40]), "META": company([10, 10, 10, 10], [15])}
    lines["AMZN"] = company([1, 1, 1, 1], [])
    found = growth.project_year(lines, 2026)
    assert found is not None
    assert found.companies == ("MSFT", "META")
    assert (found.now, found.before, found.year_before) == (75, 40, 140)
    assert found.value == pytest.approx(75 * 140 / 40)
    assert found.newest == date(2026, 6, 30)
    assert growth.project_year({"AMZN": lines["AMZN"]}, 2026) is None
    assert growth.project_year({}, 2026) is None


def test_the_next_report_matches_the_golden_vector() -> None:
    case = golden("watchlist")["B_next_report_estimate"]
    given, expected = case["inputs"], case["expected"]
    found = reports.estimate(given["lags_same_quarter_days"], day(given["period_end"]), calendar())
    assert found is not None
    assert found.day == day(expected["estimate"])
    assert found.window_days == expected["window_days"]
    assert reports.estimate([], date(2026, 9, 30), calendar()) is None


def filing(form: str, period: str, filed: str) -> Filing:
    return Filing(form, day(filed), day(period), None, "", "")


def test_the_next_report_uses_the_same_fiscal_quarter() -> None:
    rows = [
        filing("10-Q", "2024-09-30", "2024-10-30"),
        filing("10-K", "2024-12-31", "2025-02-20"),
        filing("10-Q", "2025-03-31", "2025-04-25"),
        filing("10-Q", "2025-09-30", "2025-10-31"),
        filing("10-Q/A", "2025-09-30", "2025-12-20"),
        filing("8-K", "2025-10-28", "2025-10-28"),
    ]
    known = reports.reports_of_filings(rows)
    assert len(known) == 4
    found = reports.next_report(known, calendar())
    assert found is not None
    assert found.period == date(2025, 12, 31)
    assert found.day == date(2026, 2, 20)
    assert found.window_days == 5
    assert reports.next_report((), calendar()) is None


def test_the_next_report_falls_back_to_all_quarters_and_keeps_the_legal_limit() -> None:
    only = reports.reports_of_filings([filing("10-Q", "2025-03-31", "2025-04-30")])
    found = reports.next_report(only, calendar())
    assert found is not None
    assert (found.period, found.day) == (date(2025, 6, 30), date(2025, 7, 30))
    late = reports.estimate([60, 61], date(2025, 6, 30), calendar(), limit=45)
    assert late is not None
    assert late.day == date(2025, 8, 14)


@pytest.mark.parametrize(
    ("filed", "counts"), [("2025-03-31", 0), ("2025-04-01", 1), ("2025-08-28", 1), ("2025-08-29", 0)]
)
def test_a_report_is_filed_within_150_days_after_its_period(filed: str, counts: int) -> None:
    assert len(reports.reports_of_filings([filing("10-Q", "2025-03-31", filed)])) == counts


def test_reports_can_be_read_off_the_facts() -> None:
    rows = facts("X1")
    known = reports.reports_of_facts(rows)
    assert [(item.end, item.form) for item in known][-2:] == [(date(2026, 3, 31), "10-Q"), (date(2026, 6, 30), "10-Q")]
    assert [item.lag for item in known][-1] == 23


@pytest.mark.parametrize(
    ("end", "following"),
    [
        (date(2025, 11, 30), date(2026, 2, 28)),
        (date(2026, 2, 28), date(2026, 5, 31)),
        (date(2025, 10, 31), date(2026, 1, 31)),
        (date(2026, 4, 26), date(2026, 7, 26)),
    ],
)
def test_the_end_of_the_following_quarter(end: date, following: date) -> None:
    assert reports.following_end(end) == following


def test_a_concept_of_one_tag() -> None:
    assert by_end(statement(year_of("Sales", 2025, [1, 2]), Concept(("Sales",)))) == {"2025-03-31": 1, "2025-06-30": 2}


# ---- What is refused, which tag, one basis, weeks, currencies (METHODOLOGY G.5)


def three_and_a_year(tag: str, year: int, values: list[float], filed: str = "") -> list[Fact]:
    """Three reported quarters, and the year as the 10-K tells it."""
    whole = fact(tag, f"{year}-01-01", f"{year}-12-31", sum(values), filed or f"{year + 1}-02-15", "10-K")
    return [*year_of(tag, year, values)[:3], whole]


@pytest.mark.parametrize(
    "wrong",
    [
        fact(NEW, "2025-01-01", "2025-12-31", 1000.0, "2026-02-27", "DEF 14A"),
        fact(NEW, "2025-07-01", "2025-09-30", 9_999.0, "2026-02-27", "8-K"),
        fact(NEW, "2026-01-01", "2026-03-31", 300.0, "2026-02-27", "10-Q"),  # it ends after it was filed
        fact(NEW, "2025-07-01", "2025-09-30", 0.3, "2025-12-10", "10-Q/A"),  # in thousands
        fact(NEW, "2025-07-01", "2025-09-30", 300e6, "2025-12-10", "10-Q/A"),
        fact(NEW, "2025-01-01", "2025-12-31", 1.0, "2026-03-10", "10-K/A"),
    ],
)
def test_a_fact_that_cannot_be_changes_nothing(wrong: Fact) -> None:
    good = [*three_and_a_year(NEW, 2024, [200, 210, 220, 230]), *three_and_a_year(NEW, 2025, [240, 250, 300, 310])]
    assert statement([*good, wrong], REVENUE) == statement(good, REVENUE)
    assert by_end(statement(good, REVENUE))["2025-12-31"] == 310


def test_a_company_that_grows_is_of_one_scale() -> None:
    rows = [
        row
        for n, year in enumerate(range(2018, 2026))
        for row in year_of(NEW, year, [2.0**n * 10 + q for q in range(4)])
    ]
    assert len(statement(rows, REVENUE).quarters) == 32


@pytest.mark.parametrize("whole", [100.0, 90.0])
def test_a_difference_that_is_nothing_or_less_is_no_quarter(whole: float) -> None:
    rows = [*year_of(NEW, 2025, [30, 30, 40])[:3], fact(NEW, "2025-01-01", "2025-12-31", whole, "2026-02-15", "10-K")]
    assert statement(rows, REVENUE).quarters[-1].end == date(2025, 9, 30)


@pytest.mark.parametrize("tags", [(NEW, OLD), (OLD, NEW), (REVENUE.tags[3], OLD)])
def test_the_largest_of_competing_tags_is_the_total(tags: tuple[str, str]) -> None:
    part, total = tags
    rows = [row for year in (2024, 2025) for row in three_and_a_year(part, year, [40, 39, 38, 37])]
    rows += [row for year in (2024, 2025) for row in three_and_a_year(total, year, [100, 105, 110, 115])]
    line = statement(rows, REVENUE)
    assert (line.tag, line.quarters[-1].value, len(line.quarters)) == (total, 115, 8)


def test_a_part_never_stands_for_the_total() -> None:
    """The total is there for the years and a third quarter alone; the part for each quarter."""
    part = [row for year in (2024, 2025) for row in three_and_a_year(NEW, year, [40, 39, 38, 37])]
    total = [row for year in (2024, 2025) for row in three_and_a_year(OLD, year, [100, 105, 110, 115])[2:]]
    assert by_end(statement(part + total, REVENUE)) == {"2024-09-30": 110, "2025-09-30": 110}


def sold_a_part() -> list[Fact]:
    """2024 and three quarters of 2025 with a division, then the year without it, and a year later all of it without."""
    rows = three_and_a_year(NEW, 2024, [20, 20, 20, 20])
    rows += [
        fact(NEW, "2025-01-01", "2025-03-31", 20, "2025-05-01"),
        fact(NEW, "2025-01-01", "2025-06-30", 40, "2025-08-01"),
        fact(NEW, "2025-01-01", "2025-09-30", 60, "2025-11-01"),
        fact(NEW, "2025-01-01", "2025-12-31", 62, "2026-02-20", "10-K"),
        fact(NEW, "2024-01-01", "2024-12-31", 60, "2026-02-20", "10-K"),
    ]
    return [*rows, fact(NEW, "2025-01-01", "2025-09-30", 46, "2026-10-25")]


def test_a_year_and_its_nine_months_are_of_one_basis() -> None:
    """Unknown while the nine months are only told with what was sold since."""
    rows = sold_a_part()
    assert "2025-12-31" not in by_end(statement(filed_by(rows, date(2026, 3, 1)), REVENUE))
    assert by_end(statement(rows, REVENUE))["2025-12-31"] == 16
    kept = [row for row in rows if not (row.end == date(2024, 12, 31) and row.filed.year == 2026)]
    assert by_end(statement(filed_by(kept, date(2026, 3, 1)), REVENUE))["2025-12-31"] == 2, "nothing tells of it"


@pytest.mark.parametrize("weeks", [(12, 12, 12, 16), (16, 12, 12, 12), (13, 13, 13, 14), (11, 12, 12, 17)])
def test_quarters_of_other_weeks(weeks: tuple[int, ...]) -> None:
    start, rows = date(2023, 9, 4), list[Fact]()
    for _ in range(2):
        first, told = start, 0.0
        for place, count in enumerate(weeks):
            end = start + timedelta(weeks=count) - timedelta(days=1)
            told += 10.0 * count
            form, filed = ("10-K" if place == 3 else "10-Q"), (end + timedelta(days=40)).isoformat()
            if place < 3:
                rows.append(fact(NEW, start.isoformat(), end.isoformat(), 10.0 * count, filed, form))
            rows.append(fact(NEW, first.isoformat(), end.isoformat(), told, filed, form))
            start = end + timedelta(days=1)
    line = statement(rows, REVENUE)
    assert [quarter.value for quarter in line.quarters] == [10.0 * count for count in weeks] * 2
    assert growth.yoy_pct(line.quarters) == 0.0
    assert growth.weeks_apart(line.quarters) is None


def test_a_quarter_of_fourteen_weeks_against_thirteen() -> None:
    rows = [
        fact(NEW, "2024-07-01", "2024-09-29", 100, "2024-11-01"),
        fact(NEW, "2025-06-30", "2025-10-05", 110, "2025-11-01"),
    ]
    assert growth.weeks_apart(statement(rows, REVENUE).quarters) == (14, 13)


def test_amounts_are_of_one_currency() -> None:
    euros = [
        fact(REVENUE.tags[5], f"{y}-01-01", f"{y}-12-31", 100.0 + y, f"{y + 1}-03-01", "20-F", "EUR")
        for y in (2023, 2024)
    ]
    line = statement(euros, REVENUE)
    assert (line.unit, growth.ttm_yoy_pct(line)) == ("EUR", pytest.approx(100 * (2124 / 2123 - 1)))
    both = [*euros, fact(NEW, "2024-01-01", "2024-12-31", 7.0, "2025-03-01", "20-F")]
    assert statement(both, REVENUE).unit == "USD"
    assert statement(euros, CAPEX, "USD").quarters == ()
