"""Progress, pace, plan line, rung states and the ladder."""

from __future__ import annotations

from datetime import date

import pytest

from rallytui.indicators import target
from tests.indicators.golden import calendar, day, golden

CASES = {case["id"]: case for case in golden("target")["A_target_examples"]}
ALONG = ["A1", "A2", "A4", "A6", "A9"]


@pytest.mark.parametrize("name", ALONG)
def test_progress_and_remaining_match_the_golden_vectors(name: str) -> None:
    given, expected = CASES[name]["inputs"], CASES[name]["expected"]
    price, base, level = given["S"], given["baseline"], given["target"]
    assert target.progress_pct(price, base, level) == pytest.approx(expected["progress_pct"], rel=1e-9, abs=1e-12)
    assert target.points_remaining(price, level) == pytest.approx(expected["points_remaining"], rel=1e-9)
    assert target.remaining_pct(price, level) == pytest.approx(expected["remaining_pct"], rel=1e-9)
    assert target.reached_now(price, base, level) is expected["at_or_beyond_target_now"]


@pytest.mark.parametrize("name", ALONG)
def test_pace_and_plan_line_match_the_golden_vectors(name: str) -> None:
    given, expected = CASES[name]["inputs"], CASES[name]["expected"]
    price, base, level = given["S"], given["baseline"], given["target"]
    asof, start, by = day(given["asof"]), day(given["baseline_date"]), day(given["target_date"])
    sessions = calendar()
    left, total, gone = sessions.count(asof, by), sessions.count(start, by), sessions.count(start, asof)
    assert (left, total, gone) == (
        expected["sessions_left"],
        expected["plan_sessions_total"],
        expected["plan_sessions_elapsed"],
    )
    pace = target.required_pace(price, level, (by - asof).days, left)
    if expected["required_cagr"] is None:
        assert pace is None
    else:
        assert pace is not None
        assert pace.cagr == pytest.approx(expected["required_cagr"], rel=1e-9)
        assert pace.daily_simple == pytest.approx(expected["required_daily_simple"], rel=1e-9)
    plan = target.plan_line(base, level, total, gone)
    assert plan == pytest.approx(expected["plan_line"], rel=1e-9)
    assert target.vs_plan_pct(price, plan) == pytest.approx(expected["vs_plan_pct"], rel=1e-9, abs=1e-12)
    ahead = target.vs_plan_sessions(price, base, level, total, gone)
    assert ahead == pytest.approx(expected["vs_plan_sessions"], rel=1e-9, abs=1e-12)


def test_sigma_distance_matches_the_golden_vector() -> None:
    given, expected = CASES["A4"]["inputs"], CASES["A4"]["expected"]
    distance = target.sigma_distance(given["S"], given["target"], expected["sigma"], expected["tau_years"])
    assert distance == pytest.approx(expected["sigma_distance"], rel=1e-9)


@pytest.mark.parametrize("name", ["A6", "A9"])
def test_a_target_that_was_missed_expires_after_the_close_of_its_day(name: str) -> None:
    given, expected = CASES[name]["inputs"], CASES[name]["expected"]
    asof, by = day(given["asof"]), day(given["target_date"])
    state = target.rung_state(
        given["S"],
        given["baseline"],
        given["target"],
        None,
        completed=asof,
        by=by,
        sessions_left=calendar().count(asof, by),
    )
    assert state == expected["status"] == "expired_missed"


@pytest.mark.parametrize(
    ("price", "level", "touched", "completed", "left", "state"),
    [
        (None, 6900, None, date(2026, 1, 5), 250, "no_data"),
        (float("nan"), 6900, None, date(2026, 1, 5), 250, "no_data"),
        (6950.0, 6900, None, date(2026, 1, 5), 250, "open"),
        (6800.0, 6900, date(2025, 12, 11), date(2026, 1, 5), 250, "reached"),
        (6800.0, 6900, date(2025, 12, 11), date(2026, 12, 31), 0, "reached"),
        (6800.0, 6900, date(2025, 12, 11), date(2027, 1, 4), 0, "expired_hit"),
        (6950.0, 6900, date(2027, 1, 4), date(2027, 1, 4), 0, "expired_missed"),
        (6800.0, 6812.61, None, date(2026, 1, 5), 250, "reached"),
    ],
)
def test_rung_states(
    price: float | None, level: float, touched: date | None, completed: date, left: int, state: str
) -> None:
    by = date(2026, 12, 31)
    assert target.rung_state(price, 6812.61, level, touched, completed=completed, by=by, sessions_left=left) == state


def test_the_ladder_of_january_2026() -> None:
    given = CASES["A10"]["inputs"]
    found = target.ladder(given["levels"], 6812.61, {6900}, given["S"])
    assert found.next_rung == CASES["A10"]["expected"]["next_open_rung"]
    assert found.previous == 6900
    assert found.progress == pytest.approx((6939.03 - 6900) / 100)


def test_a_ladder_with_every_rung_reached_has_no_next_one() -> None:
    assert target.ladder([6900, 7000], 6812.61, {6900, 7000}, 7100.0) == target.Ladder(None, 7000, None)
    assert target.ladder([], 6812.61, set(), 7100.0) == target.Ladder(None, 6812.61, None)


def test_a_ladder_below_the_baseline_is_climbed_downwards() -> None:
    found = target.ladder([90, 80], 100, {90}, 85.0)
    assert (found.next_rung, found.previous, found.progress) == (80, 90, 0.5)


def test_a_downside_target_counts_the_other_way() -> None:
    assert target.progress_pct(95, 100, 90) == pytest.approx(50)
    assert target.reached_now(90.0, 100, 90) is True
    assert target.reached_now(90.01, 100, 90) is False


def test_round_levels_are_compared_in_cents() -> None:
    assert target.reached_now(6899.996, 6812.61, 6900) is True
    assert target.reached_now(6899.99, 6812.61, 6900) is False
    assert target.reached_now(0.0449, 0.01, 0.045) is False


def test_a_target_equal_to_its_baseline_has_no_progress_and_no_plan() -> None:
    assert target.progress_pct(100, 90, 90) is None
    assert target.plan_line(90, 90, 10, 5) is None
    assert target.vs_plan_sessions(100, 90, 90, 10, 5) is None
    assert target.plan_line(90, 100, 0, 0) is None


def test_an_absurd_pace_has_no_yearly_rate() -> None:
    pace = target.required_pace(1.0, 1000.0, 1, 1)
    assert pace is not None
    assert pace.cagr is None
    assert pace.daily_simple == pytest.approx(999)
