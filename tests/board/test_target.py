"""The target on the article's own days: level, ladder, touches, pace, odds."""

from __future__ import annotations

from datetime import date
from math import log, sqrt
from statistics import NormalDist

import pytest
from msgspec.structs import replace

from rallytui.board.shape.target import Odds
from rallytui.config import Settings, TargetSettings
from rallytui.report import to_text
from tests.board.samples import board, index, rung
from tests.facts import bars, day, ny, quote, sessions, wander


def test_the_day_the_thesis_starts() -> None:
    made = board("2025-11-26T18:00", index())
    target, first = made.targets[0], rung(made, 6900)
    assert (target.last, target.provisional) == (6812.61, False)
    assert target.change == pytest.approx(46.73)
    assert target.change_pct == pytest.approx(100 * (6812.61 / 6765.88 - 1))
    assert target.stats.ytd_pct == pytest.approx(15.83, abs=0.005)
    assert target.stats.since_start_pct == 0
    assert first.state == "open"
    assert first.progress_pct == 0
    assert first.remaining_pct == pytest.approx(1.2828, abs=5e-5)
    assert first.points_remaining == pytest.approx(87.39)
    assert first.sessions_left == 274
    assert first.touched_before_baseline == day("2025-10-28")
    assert (first.first_touch_close, first.first_touch_intraday) == (None, None)
    assert target.next_rung == 6900
    assert (target.source, target.quote_time) == ("Cboe", ny("2025-11-26T16:00"))
    assert target.missing == {}


def test_the_year_to_date_of_the_article_is_two_days_later() -> None:
    target = board("2025-11-28T18:00", index()).targets[0]
    assert target.last == 6849.09
    assert target.stats.ytd_pct == pytest.approx(16.4488, abs=5e-5)
    assert target.quote_time == ny("2025-11-28T13:00"), "an early close"


def test_an_intraday_touch_is_no_touch() -> None:
    made = board("2025-12-10T18:00", index())
    first = rung(made, 6900)
    assert (first.state, first.reached_now) == ("open", False)
    assert (first.first_touch_close, first.first_touch_intraday) == (None, day("2025-12-10"))
    assert made.targets[0].next_rung == 6900


def test_the_first_close_at_the_level_is_on_the_eleventh_of_december() -> None:
    made = board("2025-12-11T18:00", index())
    first = rung(made, 6900)
    assert (first.state, first.reached_now) == ("reached", True)
    assert first.first_touch_close == day("2025-12-11")
    assert (first.days_at_or_above, first.streak) == (1, 1)
    assert first.progress_pct is not None
    assert first.progress_pct > 100
    assert made.targets[0].next_rung == 7000
    assert made.thesis[0].status == "on_track"


def test_the_distance_in_sigmas_is_that_of_the_time_left() -> None:
    vix = bars("^VIX", {"2025-12-30": 16.0, "2025-12-31": 17.0})
    far = rung(board("2025-12-31T18:00", index(), vix), 8000)
    assert far.sessions_left is not None
    assert far.sigma_distance == pytest.approx(log(8000 / 6845.5) / (0.17 * sqrt(far.sessions_left / 252)))
    assert rung(board("2025-12-31T18:00", index()), 8000).sigma_distance is None


def test_once_reached_it_stays_reached() -> None:
    made = board("2025-12-31T18:00", index())
    first = rung(made, 6900)
    assert (first.state, first.reached_now) == ("reached", False)
    assert first.first_touch_close == day("2025-12-11")
    assert (first.days_at_or_above, first.streak) == (5, 0)
    assert (first.share_at_or_above_pct, first.crossings_up) == (pytest.approx(100 * 5 / 23), 2)
    assert made.targets[0].next_rung == 7000
    assert made.targets[0].rung_progress == pytest.approx((6845.5 - 6900) / 100)
    assert made.targets[0].stats.max_gain_pct == pytest.approx(100 * (6932.05 / 6812.61 - 1))


@pytest.mark.parametrize(("at", "state"), [("2025-12-18T18:00", "expired_hit"), ("2025-12-05T18:00", "open")])
def test_when_the_time_is_up(at: str, state: str) -> None:
    settings = Settings(targets=[TargetSettings(baseline_level=6812.61, by=date(2025, 12, 17))])
    made = board(at, index(), settings=settings)
    assert rung(made, 6900).state == state
    if state != "open":
        assert rung(made, 7000).state == "expired_missed"
        assert rung(made, 7000).required_daily_pct is None


def test_with_no_session_left_the_odds_are_what_happened() -> None:
    settings = Settings(targets=[TargetSettings(baseline_level=6812.61, by=date(2025, 12, 17))])
    evening, later = (board(f"2025-12-{n}T18:00", index(), settings=settings) for n in (17, 18))
    assert rung(evening, 6900).p_touch == Odds(1.0, 1.0)
    assert rung(evening, 7000).p_touch == Odds(0.0, 0.0)
    assert rung(later, 6900).p_touch == rung(later, 7000).p_touch == Odds(), "it is not a question any more"


def test_before_the_first_session_of_a_year_it_is_still_last_year() -> None:
    target = board("2026-01-01T18:00", index()).targets[0]
    assert target.last == 6845.50
    assert target.stats.ytd_pct == pytest.approx(100 * (6845.50 / 5881.63 - 1))


def test_a_running_session_sets_no_touch() -> None:
    made = board("2025-12-11T15:59", index("2025-12-10"), quote("^GSPC", 6905, "2025-12-11T15:58"))
    first = rung(made, 6900)
    assert (made.targets[0].last, made.targets[0].provisional) == (6905, True)
    assert (first.state, first.reached_now, first.first_touch_close) == ("open", True, None)
    assert made.targets[0].change_pct == pytest.approx(100 * (6905 / 6886.68 - 1))
    assert made.targets[0].stats.ytd_pct == pytest.approx(100 * (6905 / 5881.63 - 1))


def test_a_downward_target_works_the_same_way() -> None:
    settings = Settings(targets=[TargetSettings(baseline_level=6812.61, levels=[6750.0], name="down")])
    before, after = (board(f"2025-12-{n}T18:00", index(), settings=settings) for n in (16, 17))
    assert rung(before, 6750).state == "open"
    assert rung(after, 6750).state == "reached"
    assert rung(after, 6750).first_touch_close == day("2025-12-17")
    assert rung(after, 6750).reached_now


def test_the_cent_decides_at_a_round_level() -> None:
    touching = bars("^GSPC", {"2025-11-26": 6812.61, "2025-11-28": 6899.996, "2025-12-01": 6899.99})
    assert rung(board("2025-12-01T18:00", touching), 6900).first_touch_close == day("2025-11-28")


def test_the_pace_is_told_only_while_it_means_something() -> None:
    late = Settings(targets=[TargetSettings(baseline_level=6812.61, by=date(2025, 12, 19))])
    first = rung(board("2025-12-10T18:00", index(), settings=late), 6900)
    assert first.required_cagr_pct is None, "the yearly rate of nine days"
    assert first.required_daily_pct == pytest.approx(100 * ((6900 / 6886.68) ** (1 / 7) - 1))
    assert rung(board("2025-12-10T18:00", index()), 6900).required_cagr_pct is not None


def test_odds_say_which_volatility_they_use() -> None:
    vix, vix3m = (
        bars(name, {"2025-12-09": 17.0, "2025-12-10": level}) for name, level in (("^VIX", 16.0), ("^VIX3M", 19.0))
    )
    both = rung(board("2025-12-10T18:00", index(), vix, vix3m), 7000)
    assert (both.sigma.value, both.sigma.source) == (0.19, "VIX3M")
    assert both.p_touch.neutral is not None
    assert both.p_touch.real_world is not None
    assert 0 < both.p_beyond.neutral < both.p_touch.neutral < 1  # type: ignore[operator]
    assert rung(board("2025-12-10T18:00", index(), vix), 7000).sigma.source == "VIX"
    none = rung(board("2025-12-10T18:00", index()), 7000)
    assert (none.sigma.value, none.p_touch.neutral) == (None, None)


def test_without_implied_volatility_the_realised_one_stands_in() -> None:
    long = wander("^GSPC", sessions("2025-01-02", "2025-12-10"), 6000, "cboe")
    found = rung(board("2025-12-10T18:00", long), 8000).sigma
    assert found.value is not None
    assert "63" in found.source


def test_an_old_vix_is_not_todays() -> None:
    old = bars("^VIX", {"2025-12-01": 16.0, "2025-12-02": 17.0})
    assert rung(board("2025-12-05T18:00", index(), old), 7000).sigma.value == 0.17
    assert rung(board("2025-12-10T18:00", index(), old), 7000).sigma.value is None


def test_without_history_a_quote_alone_makes_the_ladder() -> None:
    made = board("2025-12-10T12:00", quote("^GSPC", 6850, "2025-12-10T11:59", prev_close=6840.51))
    target = made.targets[0]
    assert (target.last, target.change_pct) == (6850, pytest.approx(100 * (6850 / 6840.51 - 1)))
    assert rung(made, 7000).remaining_pct == pytest.approx(100 * (7000 / 6850 - 1))
    assert target.stats.ytd_pct is None
    assert "history" in target.missing["stats"]


def test_without_anything_each_reading_is_missing_and_says_why() -> None:
    target = board("2025-12-10T12:00").targets[0]
    assert (target.last, target.change, target.freshness) == (None, None, "missing")
    assert {one.state for one in target.rungs} == {"no_data"}
    assert {"last", "stats"} <= set(target.missing)
    assert all(target.missing.values())


def test_without_a_baseline_the_ladder_says_what_to_do() -> None:
    settings = Settings(targets=[TargetSettings(baseline=date(2025, 11, 7))])
    target = board("2025-12-10T18:00", index(), settings=settings).targets[0]
    assert target.baseline.level is None
    assert "baseline_level" in target.missing["rungs"]
    assert rung(board("2025-12-10T18:00", index(), settings=settings), 7000).remaining_pct is not None


def test_two_targets_stand_apart() -> None:
    nasdaq = bars("^NDX", {"2025-11-26": 25_236.94, "2025-12-10": 25_776.44})
    second = TargetSettings("^NDX", "Nasdaq 100", [26_000.0], date(2026, 12, 31))
    made = board("2025-12-10T18:00", index(), nasdaq, settings=Settings(targets=[*Settings().targets, second]))
    assert [one.last for one in made.targets] == [6886.68, 25_776.44]
    assert made.targets[1].baseline.level == 25_236.94
    assert made.targets[0] == board("2025-12-10T18:00", index()).targets[0]


def test_the_chart_has_the_closes_the_plan_and_the_cone() -> None:
    vix = bars("^VIX", {"2025-12-10": 16.0})
    chart = board("2025-12-10T18:00", index(), vix).charts["^GSPC"]
    assert [date.fromordinal(n) for n in chart.days][-2:] == [day("2025-12-09"), day("2025-12-10")]
    assert chart.closes[-1] == 6886.68
    plan = dict(zip(chart.days, chart.extra["plan"], strict=True))
    assert plan[day("2025-11-26").toordinal()] == 6812.61
    assert plan[day("2025-11-25").toordinal()] is None
    assert date.fromordinal(chart.future_days[-1]) == day("2026-12-31")
    assert len(chart.future_days) <= 120
    assert chart.future["plan"][-1] == pytest.approx(6900)
    assert all(low < high for low, high in zip(chart.future["low1"], chart.future["high1"], strict=True))
    assert {len(line) for line in chart.future.values()} == {len(chart.future_days)}


def test_the_settings_order_of_the_levels_does_not_matter() -> None:
    shuffled = replace(Settings().targets[0], levels=[8000.0, 6900.0, 7500.0, 7000.0, 7269.0])
    same = board("2025-12-12T18:00", index(), settings=Settings(targets=[shuffled]))
    assert same.targets == board("2025-12-12T18:00", index()).targets


@pytest.mark.parametrize(
    ("at", "lost"),
    [
        ("12-10", None), ("12-11", None), ("12-12", "12-12"), ("12-22", "12-12"), ("12-23", None), ("12-29", None),
        ("12-30", "12-30"), ("12-31", "12-30"),
    ],
)  # fmt: skip
def test_a_level_that_was_reached_and_lost_says_since_when(at: str, lost: str | None) -> None:
    made = board(f"2025-{at}T18:00", index())
    first, claim, since = rung(made, 6900), made.thesis[0], day(f"2025-{lost}") if lost else None
    assert first.lost_since == claim.lost_since == since
    assert claim.reached == first.first_touch_close == (None if at == "12-10" else day("2025-12-11"))
    words = to_text(made)
    assert ("lost since" in words) is ("lost since" in claim.evidence) is (lost is not None)
    if since is not None:
        assert claim.status == "on_track", "reached stays reached"
        assert claim.evidence.startswith(f"closed past 6,900 on 11 Dec · lost since {since.day} Dec")
        assert claim.brief == f"lost since {since.day} Dec"
        assert f"6,900  lost since {since}" in words


def test_a_level_is_lost_also_after_the_last_day_and_back_again() -> None:
    settings = Settings(targets=[TargetSettings(levels=[6900.0], by=day("2025-12-11"))])
    found = {
        at: rung(board(f"2025-{at}T18:00", index(), settings=settings), 6900) for at in ("12-15", "12-23", "12-31")
    }
    assert [one.state for one in found.values()] == ["expired_hit"] * 3
    assert [one.lost_since for one in found.values()] == [day("2025-12-12"), None, day("2025-12-30")]


DOWN = Settings(targets=[TargetSettings(levels=[6800.0, 6700.0], by=day("2026-12-31"))])


def test_a_level_below_the_start_is_reached_at_or_below_it() -> None:
    made = board("2025-12-17T18:00", index(), settings=DOWN)
    first = rung(made, 6800)
    assert (first.down, first.state, first.first_touch_close) == (True, "reached", day("2025-12-17"))
    assert (first.lost_since, made.targets[0].next_rung) == (None, 6700)
    assert rung(board("2025-12-19T18:00", index(), settings=DOWN), 6800).lost_since == day("2025-12-19")
    assert not rung(board("2025-12-17T18:00", index()), 6900).down


def test_the_odds_of_the_last_day_are_those_of_the_side_the_level_is_reached_on() -> None:
    vix = bars("^VIX", {"2025-12-30": 16.0, "2025-12-31": 17.0})
    both = Settings(targets=[TargetSettings(levels=[6700.0, 6900.0], by=day("2026-12-31"))])
    made = board("2025-12-31T18:00", index(), vix, settings=both)
    low, high = rung(made, 6700), rung(made, 6900)
    year = 252 / (low.sessions_left or 0)
    # Without drift the price stands below 6,700 with N((ln(K/S) + s²/2) / s).
    s = 0.17 / sqrt(year)
    assert low.p_beyond.neutral == pytest.approx(NormalDist().cdf((log(6700 / 6845.5) + s * s / 2) / s))
    assert high.p_beyond.neutral == pytest.approx(1 - NormalDist().cdf((log(6900 / 6845.5) + s * s / 2) / s))
    assert (low.p_beyond.neutral or 0) < (low.p_touch.neutral or 0)
