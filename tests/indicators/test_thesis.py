"""The scorecard: status rules and evidence lines."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rallytui.calendar import releases
from rallytui.indicators import evidence, logic, thesis
from rallytui.indicators.growth import projection
from tests.indicators.golden import day, golden

CASES = {case["id"]: case for case in golden("thesis")["D_scorecard"]}


def test_fed_cuts_match_the_golden_vector() -> None:
    given, expected = CASES["D1"]["inputs"], CASES["D1"]["expected"]
    asof, gap = day(given["asof"]), given["dgs2"] - given["dff"]
    assert thesis.elapsed(asof) == pytest.approx(expected["time_elapsed"])
    assert gap == pytest.approx(expected["policy_gap_pp"])
    assert thesis.fed_cuts(asof, given["target_upper_now"], gap) == expected["status"] == "broken"


@pytest.mark.parametrize(
    ("asof", "rate", "gap", "status"),
    [
        (date(2026, 3, 2), None, 0.1, "unknown"),
        (date(2026, 3, 2), float("nan"), 0.1, "unknown"),
        (date(2025, 12, 31), 3.75, 0.1, "unknown"),
        (date(2026, 1, 2), 3.75, 0.1, "on_track"),
        (date(2026, 1, 2), 3.75, 0.4, "at_risk"),
        (date(2026, 1, 2), 3.75, None, "unknown"),
        (date(2026, 3, 31), 3.75, None, "unknown"),
        (date(2026, 12, 1), 3.60, None, "at_risk"),
        (date(2026, 8, 3), 3.75, None, "unknown"),
        (date(2026, 8, 3), 4.00, None, "broken"),
        (date(2027, 1, 4), 3.75, None, "broken"),
        (date(2026, 3, 2), 4.00, 0.1, "broken"),
        (date(2026, 3, 2), 3.25, None, "on_track"),
        (date(2026, 3, 2), 3.75, 0.7, "at_risk"),
        (date(2026, 8, 3), 3.75, 0.4, "at_risk"),
        (date(2026, 8, 3), 3.50, 0.7, "at_risk"),
        (date(2026, 8, 3), 3.50, 0.2, "on_track"),
        (date(2027, 1, 4), 3.75, 0.0, "broken"),
        (date(2027, 1, 4), 3.50, 0.0, "at_risk"),
        (date(2027, 1, 4), 3.25, 0.9, "on_track"),
    ],
)
def test_fed_cuts(asof: date, rate: float | None, gap: float | None, status: str) -> None:
    assert thesis.fed_cuts(asof, rate, gap) == status


def test_capex_matches_the_golden_vector() -> None:
    given, expected = CASES["D2"]["inputs"], CASES["D2"]["expected"]
    value = projection(given["ytd_2026_bn"], given["prior_year_same_ytd_bn"], given["prior_year_full_bn"])
    assert value == pytest.approx(expected["projection_bn"])
    assert thesis.capex(value, 5, 40.0, plan=given["plan_bn"]) == expected["status"]


@pytest.mark.parametrize(
    ("projected", "filers", "growth", "status"),
    [
        (775e9, 2, None, "unknown"),
        (None, 5, None, "unknown"),
        (494e9, 3, None, "unknown"),
        (415e9, 3, None, "broken"),
        (775e9, 2, -0.1, "broken"),
        (None, 0, 1.0, "unknown"),
        (494e9, 3, 0.0, "on_track"),
        (493e9, 3, 10.0, "at_risk"),
        (775e9, 5, -0.1, "broken"),
        (415e9, 5, 10.0, "broken"),
        (416e9, 5, 10.0, "at_risk"),
    ],
)
def test_capex(projected: float | None, filers: int, growth: float | None, status: str) -> None:
    assert thesis.capex(projected, filers, growth) == status


def test_revenue_growth_matches_the_golden_vector() -> None:
    expected = CASES["D5"]["expected"]
    names = thesis.count_names(CASES["D5"]["inputs"]["growth_pct"].values())
    assert names == thesis.Names(0, expected["n_available"], 4, expected["median_pct"])
    assert thesis.revenue_growth(names) == expected["status"]


@pytest.mark.parametrize(
    ("rates", "status"),
    [
        ([21.0, 30.0, 21.0, 5.0], "on_track"),
        ([21.0, 30.0, 2.0, 5.0], "at_risk"),
        ([21.0, 3.0, 2.0, 5.0], "broken"),
        ([21.0, None, None, None], "unknown"),
        ([], "unknown"),
    ],
)
def test_revenue_growth(rates: list[float | None], status: str) -> None:
    assert thesis.revenue_growth(thesis.count_names(rates)) == status


def test_small_caps_match_the_golden_vector() -> None:
    given, expected = CASES["D4"]["inputs"], CASES["D4"]["expected"]
    found = thesis.small_caps(
        given["iwm_spy_since_baseline_pct"], given["ratio_above_200dma"], given["iwm_spy_126d_pct"]
    )
    assert found == expected["status"]


@pytest.mark.parametrize(
    ("since", "above", "recent", "status"),
    [
        (-1.0, False, -8.0, "broken"),
        (-1.0, False, -7.9, "at_risk"),
        (-1.0, False, None, "unknown"),
        (-1.0, True, None, "at_risk"),
        (None, False, -7.9, "at_risk"),
        (None, False, -9.0, "unknown"),
        (0.0, None, -9.0, "at_risk"),
        (-1.0, True, -9.0, "at_risk"),
        (1.0, False, -9.0, "at_risk"),
        (None, True, 1.0, "unknown"),
        (1.0, None, 1.0, "unknown"),
    ],
)
def test_small_caps(since: float | None, above: bool | None, recent: float | None, status: str) -> None:
    assert thesis.small_caps(since, above, recent) == status


def test_earnings_are_unknown_unless_someone_says() -> None:
    assert thesis.earnings(CASES["D3"]["inputs"]["manual_eps_growth_pct"]) == CASES["D3"]["expected"]["status"]
    assert thesis.earnings(12.6) == "on_track"
    assert thesis.earnings(7.0) == "at_risk"
    assert thesis.earnings(6.9) == "broken"


def test_productivity_and_utilities() -> None:
    assert [thesis.productivity(value) for value in (2.0, 1.0, 0.9, None)] == [
        "on_track",
        "at_risk",
        "broken",
        "unknown",
    ]
    assert thesis.utilities(1.0, 0.1) == "on_track"
    assert thesis.utilities(1.0, 0.0) == "at_risk"
    assert thesis.utilities(-5.1, -5.1) == "broken"
    assert thesis.utilities(-5.0, -9.0) == "at_risk"
    assert thesis.utilities(1.0, None) == "unknown"
    assert thesis.utilities(-3.0, None) == thesis.utilities(None, 0.0) == "at_risk"
    assert thesis.utilities(-6.0, None) == thesis.utilities(None, None) == "unknown"


def test_the_target_claim() -> None:
    assert thesis.target_reached("no_data", None) == "unknown"
    assert thesis.target_reached("reached", -50.0) == "on_track"
    assert thesis.target_reached("expired_hit", None) == "on_track"
    assert thesis.target_reached("open", 0.0) == "on_track"
    assert thesis.target_reached("open", -0.1) == "at_risk"
    assert thesis.target_reached("open", None) == "unknown"
    assert thesis.target_reached("expired_missed", None) == "broken"
    assert thesis.target_reached("expired_missed", 5.0) == "broken"


TRUTH = st.sampled_from([True, False, None])


def meant(terms: list[bool | None], ask: Callable[[Iterable[bool]], bool]) -> bool | None:
    """What `ask` says of every way the unknown terms may turn out: known only if all agree."""
    ways = itertools.product(*([term] if term is not None else [True, False] for term in terms))
    found = {ask(way) for way in ways}
    return found.pop() if len(found) == 1 else None


@given(st.lists(TRUTH, max_size=4))
def test_what_is_unknown_decides_nothing_and_hides_nothing(terms: list[bool | None]) -> None:
    assert logic.both(*terms) is meant(terms, all)
    assert logic.either(*terms) is meant(terms, any)


@given(TRUTH, TRUTH)
def test_a_claim_is_unknown_at_the_first_condition_that_is(broken: bool | None, on_track: bool | None) -> None:
    expected = "broken" if broken else "unknown" if broken is None else "at_risk" if on_track is False else "on_track"
    assert logic.verdict(broken, on_track) == ("unknown" if not broken and on_track is None else expected)


def test_a_missing_reading_is_named() -> None:
    said = evidence.Evidence("pace $775 bn", "$775 bn")
    named = evidence.unknown_without(said, {"AI1": None, "FD1": 0.0})
    assert named == evidence.Evidence("pace $775 bn · unknown without AI1", "$775 bn")
    assert evidence.unknown_without(said, {"FD1": 0.0}) == said


def test_rate_decisions() -> None:
    assert thesis.next_fomc(date(2026, 7, 23)) == thesis.next_fomc(date(2026, 7, 29)) == date(2026, 7, 29)
    assert thesis.next_fomc(date(2027, 12, 9)) is None
    dates = releases()["fomc"].dates
    assert list(dates) == sorted(dates)
    assert all(one.weekday() == 2 for one in dates)


def test_evidence_of_the_target() -> None:
    common = {"asof": date(2026, 7, 23), "level": 6900.0, "price": 7408.30, "vs_plan_pct": 8.0}
    found = evidence.target(state="reached", touched=date(2025, 12, 11), next_rung=8000.0, remaining_pct=-6.9, **common)
    assert found == evidence.Evidence("closed past 6,900 on 11 Dec 2025 · next 8,000", "reached")
    found = evidence.target(state="open", touched=None, next_rung=6900.0, remaining_pct=1.28, **common)
    assert found.line == "7,408.30 vs 6,900, +1.3 % away · plan +8.0 %"
    found = evidence.target(state="expired_missed", touched=None, next_rung=None, remaining_pct=None, **common)
    assert found.line.endswith("the date has passed")
    assert (
        evidence.target(
            state="no_data", touched=None, next_rung=None, remaining_pct=None, **(common | {"price": None})
        ).line
        == "no price"
    )


def test_evidence_of_the_fed() -> None:
    found = evidence.fed_cuts(
        asof=date(2026, 7, 28), upper_bound=3.75, gap_pp=0.63, day=date(2026, 7, 28), source="FRED"
    )
    assert found.line == "0 of 2 cuts · 2y − funds +0.63 pp (no easing priced) · next FOMC 29 Jul · 28 Jul · FRED"
    assert found.brief == "0 of 2"
    found = evidence.fed_cuts(asof=date(2028, 1, 3), upper_bound=4.25, gap_pp=-0.4, day=None, source="")
    assert found.line == "2 hikes, no cut · 2y − funds −0.40 pp (easing priced)"
    assert evidence.fed_cuts(asof=date(2026, 7, 28), upper_bound=None, gap_pp=1.0, day=None, source="").brief == "—"


def test_evidence_of_capex_says_that_more_is_a_risk_too() -> None:
    found = evidence.capex(projected=775.2e9, so_far=329e9, filers=5, total=5, newest=date(2026, 6, 30), source="EDGAR")
    assert found.line == (
        "pace $775 bn vs $520 bn · YTD $329 bn, 63 % of plan · 5/5 filers to 2026-06-30 · EDGAR · "
        "above plan is also the over-investment risk"
    )
    shrunk = evidence.capex(projected=None, so_far=None, filers=1, total=5, newest=None, source="", trailing_pct=-2.5)
    assert shrunk.line == "1/5 filers with a quarter of 2026 · the last four quarters −2.5 %"
    assert evidence.capex(projected=None, so_far=None, filers=1, total=5, newest=None, source="").line == (
        "1/5 filers with a quarter of 2026"
    )


def test_evidence_of_the_other_claims() -> None:
    assert evidence.earnings(growth=None, source="", day=None).line == "no keyless source · set by hand"
    read = evidence.earnings(growth=9.1, source="FactSet", day=date(2026, 5, 1))
    assert read.line == "+9.1 % vs +14 % · FactSet · 2026-05-01"
    assert evidence.small_caps(since_pct=-1.4, above_mean=True, ratio_126d_pct=-3.6).line == (
        "IWM/SPY −1.4 % · above 200 d · 126 d −3.6 %"
    )
    names = thesis.count_names([3.6, 54.4, 15.9, None])
    found = evidence.revenue_growth(names=names, asof=date(2026, 7, 1), newest=date(2026, 5, 14), source="EDGAR")
    assert found.line == "1 of 3 names ≥ 21 % · median +15.9 % · EDGAR 14 May · 3/4 names"
    assert evidence.productivity(growth_pct=1.9, quarter=date(2026, 1, 1), source="FRED").line == (
        "+1.9 % y/y vs 2.0 % · Q1 2026 · FRED"
    )
    assert evidence.utilities(since_pct=3.2, ratio_126d_pct=1.1).line == "XLU/SPY +3.2 % · 126 d +1.1 %"
    missing = [
        evidence.small_caps(since_pct=None, above_mean=None, ratio_126d_pct=None),
        evidence.revenue_growth(names=thesis.count_names([None]), asof=date(2026, 7, 1), newest=None, source=""),
        evidence.productivity(growth_pct=None, quarter=None, source=""),
        evidence.utilities(since_pct=None, ratio_126d_pct=None),
    ]
    assert {item.brief for item in missing} == {"—"}
    assert evidence.utilities(since_pct=None, ratio_126d_pct=1.0).line == "XLU/SPY — · 126 d +1.0 %"
    found = evidence.small_caps(since_pct=None, above_mean=False, ratio_126d_pct=-3.0)
    assert found == evidence.Evidence("IWM/SPY — · below 200 d · 126 d −3.0 %", "—")


def test_numbers_carry_a_sign_but_zero_does_not() -> None:
    assert evidence.signed(-0.04, "%") == "0.0 %"
    assert evidence.signed(1234.5, "pp") == "+1,234.5 pp"
    assert evidence.signed(-2.0, "", 0) == "−2"
