"""The catalog, scores and lights, transforms, composite."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rallytui.indicators import risk, scoring, transforms
from rallytui.indicators.arrays import Observations, observations
from rallytui.indicators.catalog import AI_BASKET, BY_ID, GROUPS, INDICATORS, members
from rallytui.indicators.composite import Scored, compare, composite
from rallytui.indicators.schema import Input
from rallytui.indicators.transforms import Reading
from tests.indicators.golden import golden

GOLDEN = golden("risk")
MEMBERS = {group.id: members(group.id) for group in GROUPS}
WEIGHTS = {group.id: group.weight for group in GROUPS}


def knots_of(name: str) -> tuple[tuple[float, float], ...]:
    if name.startswith("VC3"):
        return BY_ID["VC3"].change_knots if name == "VC3D" else BY_ID["VC3"].knots
    return BY_ID[name].knots


def series(values: list[float], start: str = "2025-01-01", step: int = 1) -> Observations:
    first = np.datetime64(start, "D")
    return observations(first + step * np.arange(len(values)), values)


def monthly(values: list[float | None], start: str = "2024-08") -> Observations:
    months = np.datetime64(start, "M") + np.arange(len(values))
    return observations(months.astype("datetime64[D]"), np.array(values, dtype=float))


def test_the_catalog_has_every_knot_of_the_golden_table() -> None:
    for name, expected in GOLDEN["C_scoring"]["knots"].items():
        assert [list(knot) for knot in knots_of(name)] == expected, name


def test_the_catalog_is_complete_and_consistent() -> None:
    assert len(INDICATORS) == len(BY_ID) == 18
    assert sum(WEIGHTS.values()) == 100
    assert {name: list(names) for name, names in MEMBERS.items()} == {
        name: group["members"] for name, group in GOLDEN["C_composite"]["groups"].items()
    }
    assert {name: group["weight"] for name, group in GOLDEN["C_composite"]["groups"].items()} == WEIGHTS
    for indicator in INDICATORS:
        assert indicator.definition.endswith(".")
        assert indicator.why.endswith(".")
        assert all(recipe.transform in risk.TRANSFORMS for recipe in indicator.recipes)
        assert len(set(indicator.inputs)) == len(indicator.inputs)


def test_knots_rise_the_way_the_direction_says() -> None:
    for indicator in INDICATORS:
        scores = [points for _, points in indicator.knots]
        if indicator.direction == "rising":
            assert scores == sorted(scores), indicator.id
        elif indicator.direction == "falling":
            assert scores == sorted(scores, reverse=True), indicator.id
        else:
            assert indicator.id == "FD1"
            assert 0 < scores.index(0) < len(scores) - 1


@pytest.mark.parametrize("case", GOLDEN["C_scoring"]["cases"], ids=lambda case: f"{case['indicator']}={case['x']}")
def test_scores_and_lights_match_the_golden_vectors(case: dict) -> None:
    found = scoring.score(case["x"], knots_of(case["indicator"]))
    assert found == pytest.approx(case["score"], rel=1e-9, abs=1e-12)
    assert scoring.light(found) == case["light"]


@settings(max_examples=60)
@given(one=st.floats(allow_nan=True, allow_infinity=True), two=st.floats(-100, 100))
def test_scores_are_bounded_and_monotone(one: float, two: float) -> None:
    for indicator in INDICATORS:
        first, second = scoring.score(one, indicator.knots), scoring.score(two, indicator.knots)
        assert first is None or 0 <= first <= 100
        if first is not None and second is not None and indicator.direction != "both" and one <= two:
            assert first <= second if indicator.direction == "rising" else first >= second


def test_missing_is_unknown_and_never_calm() -> None:
    assert scoring.score(None, BY_ID["VC1"].knots) is None
    assert scoring.score(float("nan"), BY_ID["VC1"].knots) is None
    assert scoring.light(None) == scoring.light(float("nan")) == "unknown"
    assert scoring.score(1.0, ()) is None
    assert risk.score_reading(BY_ID["VC1"], None) is None


def test_the_worse_of_level_and_change_counts() -> None:
    spread = BY_ID["VC3"]
    day = date(2026, 1, 5)
    assert risk.score_reading(spread, Reading(2.84, day, 2.0)) == pytest.approx(88)
    assert risk.score_reading(spread, Reading(8.0, day, 0.07)) == pytest.approx(82.85714285714286)
    assert risk.score_reading(spread, Reading(8.0, day)) == pytest.approx(82.85714285714286)
    assert risk.score_reading(spread, Reading(3.0, day, 0.0), knots=((2, 0), (4, 50))) == 25
    assert scoring.worst_score(None, 3.0, spread.knots, spread.change_knots) is None


def test_hysteresis_matches_the_golden_vector() -> None:
    case = GOLDEN["C_hysteresis"]
    assert scoring.replay(case["inputs"]) == case["expected"]


def test_hysteresis_of_the_composite_and_of_nothing() -> None:
    found = scoring.replay([59, 60, 56, 54, 54, 20, 20], scoring.COMPOSITE_ENTER, scoring.COMPOSITE_EXIT)
    assert found == ["watch", "stress", "stress", "stress", "watch", "watch", "calm"]
    assert scoring.replay([]) == []
    assert scoring.replay([None, None, 75]) == ["unknown", "unknown", "stress"]
    assert scoring.replay([75, 30, None, 30]) == ["stress", "stress", "stress", "calm"]


@settings(max_examples=60)
@given(st.lists(st.one_of(st.none(), st.floats(0, 100)), max_size=40))
def test_a_light_is_never_below_its_raw_band(scores: list[float | None]) -> None:
    order = {"unknown": -1, "calm": 0, "watch": 1, "stress": 2}
    for light, points in zip(scoring.replay(scores), scores, strict=True):
        assert points is None or order[light] >= order[scoring.light(points)]


@pytest.mark.parametrize(
    ("age", "expected"), [(0, 1), (4, 1), (5, 0.75), (6, 0.5), (8, 0), (99, 0), (None, 0), (float("nan"), 0), (-1, 1)]
)
def test_freshness(age: float | None, expected: float) -> None:
    assert scoring.freshness(age, 4) == expected


@pytest.mark.parametrize("case", GOLDEN["C_composite"]["cases"], ids=lambda case: case["id"])
def test_the_composite_matches_the_golden_vectors(case: dict) -> None:
    expected = case["expected"]
    found = composite({name: Scored(value) for name, value in case["scores"].items()}, MEMBERS, WEIGHTS)
    assert {name: None if value is None else pytest.approx(value) for name, value in expected["groups"].items()} == (
        found.groups
    )
    assert found.value == pytest.approx(expected["composite"])
    assert found.coverage == pytest.approx(expected["coverage"])
    assert found.sufficient == ("display" not in expected)
    assert sum(found.contributions.values()) == pytest.approx(expected["composite"])
    assert sum(found.shares.values()) == pytest.approx(expected["composite"])


def test_the_share_of_an_indicator_in_the_composite() -> None:
    scores = {"VC1": Scored(34.0), "VC2": Scored(23.0), "VC3": Scored(0.0), "VC4": Scored(0.0)}
    found = composite(scores, {"VC": tuple(scores)}, {"VC": 15})
    assert found.shares["VC1"] == pytest.approx(0.75 * 34 / 4 + 0.25 * 34)
    assert found.shares["VC2"] == pytest.approx(0.75 * 23 / 4)
    assert found.shares["VC4"] == 0


def score_of(*members: Scored) -> float | None:
    """The score of a group with these members."""
    names = [str(place) for place in range(len(members))]
    return composite(dict(zip(names, members, strict=True)), {"g": names}, {"g": 1}).groups["g"]


def test_an_old_member_counts_less_and_a_stale_one_not_at_all() -> None:
    fresh, old = Scored(80.0), Scored(20.0, 0.5)
    assert score_of(fresh, old) == pytest.approx(0.75 * (80 + 10) / 1.5 + 0.25 * 80)
    assert score_of(Scored(80.0, 0.0), old) == pytest.approx(20)
    assert score_of(Scored(None), Scored(50.0, float("nan"))) is None
    found = composite({"a": fresh, "b": old}, {"g": ("a", "b"), "empty": ()}, {"g": 2, "empty": 8})
    assert found.coverage == pytest.approx(0.75)
    assert composite({}, {}, {}).value is None
    assert composite({}, {}, {}).coverage == 0


def test_the_sahm_indicator_with_the_month_that_was_never_collected() -> None:
    case = GOLDEN["C_sahm_missing_month"]
    rates = case["inputs"]["unrate"]
    found = transforms.sahm(monthly(list(rates.values())))
    assert found is not None
    assert found.value == pytest.approx(case["expected"]["available_months_mean"]["sahm"], rel=1e-9)
    assert found.day == date(2025, 11, 1)
    without = {month: rate for month, rate in rates.items() if rate is not None}
    months = np.array(list(without), dtype="datetime64[M]").astype("datetime64[D]")
    again = transforms.sahm(observations(months, list(without.values())))
    assert again == found


def test_the_sahm_indicator_needs_its_history() -> None:
    assert transforms.sahm(monthly([4.0] * 12)) is None
    assert transforms.sahm(monthly([4.0] * 13)) is not None
    assert transforms.sahm(monthly([4.0] * 14 + [None, None, 4.0])) is None
    assert transforms.sahm(monthly([])) is None


def test_the_claims_ratio_matches_the_golden_vector() -> None:
    case = GOLDEN["C_claims_ratio"]
    weekly = series([1000 * value for value in case["inputs"]["weekly_icsa_thousands"]], step=7)
    found = transforms.claims_ratio(weekly)
    assert found is not None
    assert found.value == pytest.approx(case["expected"]["ratio_pct"], rel=1e-9)
    assert scoring.score(found.value, BY_ID["LB2"].knots) == pytest.approx(case["expected"]["score"], rel=1e-9)
    assert transforms.claims_ratio(series([1.0] * 54, step=7)) is None
    flat = transforms.claims_ratio(series([200.0] * 55, step=7))
    assert flat is not None
    assert flat.value == pytest.approx(0)


def test_the_mean_of_three_months_allows_one_hole() -> None:
    assert transforms.mean_of_months(monthly([1.0, 1.2, None, 1.4])) == Reading(pytest.approx(1.3), date(2024, 11, 1))
    assert transforms.mean_of_months(monthly([1.0, None, None, 1.4])) is None
    assert transforms.mean_of_months(monthly([])) is None


def test_the_policy_gap_takes_the_funds_rate_of_the_day_or_shortly_before() -> None:
    yields = observations(["2026-07-27", "2026-07-28"], [4.30, 4.26])
    found = transforms.policy_gap(yields, observations(["2026-07-24", "2026-07-29"], [3.63, 9.0]))
    assert found == Reading(pytest.approx(0.63), date(2026, 7, 28))
    assert transforms.policy_gap(yields, observations(["2026-07-22"], [3.63])) is None
    assert transforms.policy_gap(observations([], []), yields) is None


def test_the_change_of_the_policy_rate_counts_sessions() -> None:
    sessions = np.datetime64("2025-01-01", "D") + np.arange(200)
    rate = observations(["2024-12-01", "2025-03-01", "2025-07-01"], [4.5, 4.25, 4.0])
    assert transforms.step_change(rate, sessions, 126) == Reading(pytest.approx(-0.25), date(2025, 7, 1))
    assert transforms.step_change(rate, sessions, 199) == Reading(pytest.approx(-0.5), date(2025, 7, 1))
    assert transforms.step_change(rate, sessions, 200) is None
    late = observations(["2025-07-01"], [4.0])
    assert transforms.step_change(late, sessions, 126) is None


def test_ratio_returns_and_the_three_session_lookback() -> None:
    market = series([100.0] * 10)
    asset = series([50.0, 51, 52, 53, 54, 55, 56, 57, 58, 60])
    assert transforms.ratio_return(asset, market, 9) == Reading(pytest.approx(20.0), date(2025, 1, 10))
    gappy = observations(asset.days[:7], asset.values[:7])
    assert transforms.ratio_return(gappy, market, 9) == Reading(pytest.approx(12.0), date(2025, 1, 10))
    assert transforms.ratio_return(observations(asset.days[:6], asset.values[:6]), market, 9) is None
    assert transforms.ratio_return(observations(asset.days[1:], asset.values[1:]), market, 9) is None
    assert transforms.ratio_return(asset, market, 10) is None
    assert transforms.ratio_since(asset, market, date(2025, 1, 1)) == Reading(pytest.approx(20.0), date(2025, 1, 10))
    assert transforms.ratio_since(asset, market, date(2025, 1, 10)) is None


def test_ratio_and_difference_meet_on_one_day_only() -> None:
    sessions = np.array(["2025-11-25", "2025-11-26", "2025-11-28"], dtype="datetime64[D]")
    vix = observations(["2025-11-26", "2025-11-27", "2025-11-28"], [17.0, 17.5, 16.0])
    vix3m = observations(["2025-11-26", "2025-11-27"], [20.0, 20.0])
    assert transforms.same_day_ratio(vix, vix3m, sessions) == Reading(0.85, date(2025, 11, 26))
    assert transforms.latest_session(vix, sessions[:2]) == Reading(17.0, date(2025, 11, 26))
    assert transforms.same_day_ratio(vix, observations(["2025-11-26"], [0.0]), sessions) is None
    assert transforms.difference(vix, vix3m) == Reading(-2.5, date(2025, 11, 27))
    assert transforms.difference(vix, observations([], [])) is None


def test_level_and_change() -> None:
    values = series([3.0 + 0.01 * i for i in range(64)])
    assert transforms.level_and_change(values) == Reading(pytest.approx(3.63), date(2025, 3, 5), pytest.approx(0.63))
    short = transforms.level_and_change(series([3.0]))
    assert short == Reading(3.0, date(2025, 1, 1), None)


def test_the_basket_drawdown_needs_200_sessions() -> None:
    levels = [100.0] * 150 + [120.0] * 30 + [90.0] * 20
    assert transforms.drawdown(series(levels)) == Reading(pytest.approx(-25), date(2025, 7, 19))
    assert transforms.drawdown(series(levels[1:])) is None


def test_growth_over_the_same_quarter_of_the_year_before() -> None:
    quarters = observations(["2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01", "2026-01-01"], [100, 1, 1, 1, 102])
    assert transforms.year_on_year(quarters) == Reading(pytest.approx(2.0), date(2026, 1, 1))
    assert transforms.year_on_year(observations(quarters.days[1:], quarters.values[1:])) is None


def test_a_reading_comes_from_the_newest_recipe() -> None:
    sessions = np.array(["2026-07-21", "2026-07-22", "2026-07-23"], dtype="datetime64[D]")
    cboe, fred = Input("bars", "^VIX"), Input("series", "VIXCLS")
    data = {cboe: observations(["2026-07-21"], [18.0]), fred: observations(["2026-07-22"], [19.0])}
    found = risk.read(BY_ID["VC1"], data, sessions)
    assert found is not None
    assert (found[0].value, found[1].inputs) == (19.0, (fred,))
    data[cboe] = observations(["2026-07-22"], [18.5])
    again = risk.read(BY_ID["VC1"], data, sessions)
    assert again is not None
    assert again[0].value == 18.5
    assert risk.read(BY_ID["VC1"], {}, sessions) is None


def test_every_indicator_can_be_read_from_plausible_data() -> None:
    sessions = np.arange(np.datetime64("2024-01-01"), np.datetime64("2026-07-01"))
    daily = observations(sessions, 100 + np.sin(np.arange(len(sessions))))
    months = np.arange(np.datetime64("2023-01", "M"), np.datetime64("2026-06", "M")).astype("datetime64[D]")
    slow = observations(months, 4 + np.cos(np.arange(len(months))))
    for indicator in INDICATORS:
        monthly_kind = indicator.schedule.frequency in ("monthly", "quarterly") and indicator.id != "AI1"
        data = dict.fromkeys(indicator.inputs, slow if monthly_kind else daily)
        found = risk.read(indicator, data, sessions)
        assert found is not None, indicator.id
        assert risk.score_reading(indicator, found[0]) is not None
    assert AI_BASKET in BY_ID["AI3"].inputs


def test_the_catalog_loads_neither_pandas_nor_numpy() -> None:
    code = (
        "import sys\n"
        "import rallytui.indicators.catalog, rallytui.indicators.composite, rallytui.indicators.evidence\n"
        "import rallytui.indicators.growth, rallytui.indicators.odds, rallytui.indicators.reports\n"
        "print([name for name in ('numpy', 'pandas', 'exchange_calendars') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_titles_are_short_and_unlike() -> None:
    titles = [indicator.title for indicator in INDICATORS]
    assert len(set(titles)) == len(titles)
    assert max(map(len, titles)) <= 26


LIGHT = st.sampled_from(["calm", "watch", "stress", "unknown"])


@given(st.lists(LIGHT))
def test_the_light_of_several_is_the_worst_that_is_known(lights: list[str]) -> None:
    found = scoring.worst_light(lights)  # type: ignore[arg-type]
    order = [light for light in ("stress", "watch", "calm") if light in lights]
    assert found == (order[0] if order else "unknown"), "what is unknown hides no light, and is none"


@pytest.mark.parametrize(
    ("band", "points", "held"),
    [
        ("stress", 70.0, False), ("stress", 69.9, True), ("watch", 40.0, False), ("watch", 39.9, True),
        ("stress", 0.0, True), ("calm", 0.0, False), ("unknown", None, False), ("stress", None, False),
    ],
)  # fmt: skip
def test_a_light_above_its_score_is_held(band: str, points: float | None, held: bool) -> None:
    assert scoring.is_held(band, points) is held  # type: ignore[arg-type]


FAMILIES = {"A": ["A1", "A2"], "B": ["B1", "B2", "B3"], "C": ["C1"]}
SHARES = {"A": 50.0, "B": 30.0, "C": 20.0}
PARTS = [name for names in FAMILIES.values() for name in names]
POINTS = st.fixed_dictionaries({name: st.floats(0, 100) for name in PARTS})
FRESH = st.fixed_dictionaries({name: st.sampled_from([0.0, 0.5, 1.0]) for name in PARTS})


def scored(scores: dict[str, float], fresh: dict[str, float]) -> dict[str, Scored]:
    return {name: Scored(scores[name] if fresh[name] else None, fresh[name]) for name in scores}


@given(POINTS, FRESH, FRESH)
def test_coverage_alone_moves_no_comparison(scores: dict[str, float], now: dict, then: dict) -> None:
    found = compare(scored(scores, now), scored(scores, then), FAMILIES, SHARES)
    assert found.change in (None, 0.0)
    assert found.alike is (now == then)
    assert found.shared == sum(1 for name in PARTS if now[name] and then[name])


@given(POINTS, POINTS, FRESH)
def test_equal_members_compare_as_their_composites_do(one: dict, two: dict, fresh: dict) -> None:
    now, then = scored(one, fresh), scored(two, fresh)
    found, ours, theirs = compare(now, then, FAMILIES, SHARES), *(composite(x, FAMILIES, SHARES) for x in (now, then))
    assert found.alike
    assert (found.now, found.then) == (found.shared, found.shared)
    if ours.sufficient:
        assert found.change == pytest.approx((ours.value or 0) - (theirs.value or 0))
    else:
        assert found.change is None
