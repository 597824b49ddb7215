"""The risk pane: what counts, what is left out, what the config changes, and the memory of the lights."""

from __future__ import annotations

from dataclasses import replace as changed

import numpy as np
import pytest
from msgspec.structs import replace

from rallytui.alerts.builtin import evening_signs, news_of
from rallytui.board.rounding import rounded
from rallytui.board.shape import Board
from rallytui.config import Settings
from rallytui.config.settings import BuiltinAlerts, IndicatorSettings, Risk, Weights
from rallytui.indicators.catalog import INDICATORS
from rallytui.model import Bars, Facts
from rallytui.report import to_json, to_text
from tests.board.samples import board, indicators
from tests.facts import day, frame, market, ny, quarters, series, sessions

EVENING = "2026-03-31T18:00"


def tuned(**risk: object) -> Settings:
    return Settings(risk=replace(Risk(), **risk))


def lacking(*names: str) -> Facts:
    """The market without some series or symbols."""
    whole = market()
    return Facts(
        bars=tuple(one for one in whole.bars if one.symbol not in names),
        series=tuple(one for one in whole.series if one.id not in names),
        companies=tuple(one for one in whole.companies if one.symbol not in names),
    )


def vix(*last: float) -> Bars:
    """A calm VIX of 15 that ends with the given closes on 2026-03-31."""
    days = sessions("2024-06-03", "2026-03-31")
    return Bars("^VIX", frame(days, [*[15.0] * (len(days) - len(last)), *last]), "cboe", "VIX")


def flat_but(name: str, last: float) -> tuple[Bars, ...]:
    """A market in which every price is 100 for ten months, and then `name` is at `last` for a week."""
    days = sessions("2025-06-02", "2026-03-31")
    names = ("^VIX", "^VIX3M", "SPY", "GLD", "TLT", "IWM", "RSP")
    steady, moved = [100.0] * len(days), [*[100.0] * (len(days) - 5), *[last] * 5]
    return tuple(Bars(one, frame(days, moved if one == name else steady), "cboe", one) for one in names)


@pytest.mark.parametrize(
    ("name", "id", "words"),
    [
        ("GLD", "SH1", "10.0 %"),
        ("TLT", "SH2", "10.0 %"),
        ("IWM", "BR1", "10.0 %"),
        ("RSP", "BR2", "10.0 %"),
        ("SPY", "BR1", "−9.1 %"),
        ("^VIX", "VC1", "110.00"),
        ("^VIX", "VC2", "1.100"),
        ("^VIX3M", "VC2", "0.909"),
    ],
)
def test_a_reading_of_prices_is_the_way_round_its_title_says(name: str, id: str, words: str) -> None:
    assert f" {words}" in f" {indicators(board(EVENING, Facts(bars=flat_but(name, 110.0))))[id].why}"


@pytest.mark.parametrize(
    ("id", "rates", "words"),
    [
        ("FD1", {"DGS2": 3.25, "DFF": 4.0}, "−0.75 pp"),
        ("FD3", {"DGS10": 4.5, "DGS2": 3.25}, "1.25 pp"),
        ("FD3", {"T10Y2Y": -0.5, "DGS10": 4.5, "DGS2": 3.25}, "−0.50 pp"),
        ("VC2", {"VIXCLS": 15.0, "VXVCLS": 20.0}, "0.750"),
        ("VC3", {"BAMLH0A0HYM2": 3.5}, "3.50 %"),
        ("VC4", {"NFCI": -0.45}, "−0.45"),
    ],
)
def test_a_reading_of_rates_is_the_way_round_its_title_says(id: str, rates: dict[str, float], words: str) -> None:
    facts = tuple(series(name, dict.fromkeys(("2026-03-20", "2026-03-27"), value)) for name, value in rates.items())
    assert f" {words}" in f" {indicators(board(EVENING, Facts(series=facts)))[id].why}"


def test_everything_there() -> None:
    risks = board(EVENING, market()).risks
    found = [one for group in risks.groups for one in group.indicators]
    assert [one.id for one in found] == [entry.id for entry in INDICATORS]
    assert all(one.score is not None and one.band != "unknown" for one in found)
    assert risks.composite.coverage == 1
    assert risks.composite.score is not None
    assert risks.composite.score_5_sessions_ago is not None


def test_contributions_add_up() -> None:
    risks = board(EVENING, market()).risks
    assert risks.composite.score == pytest.approx(sum(one.contribution or 0 for one in indicators_of(risks)))
    weights = sum(group.weight for group in risks.groups)
    assert risks.composite.score == pytest.approx(
        sum(group.weight * group.score for group in risks.groups if group.score is not None) / weights
    )
    for group in risks.groups:
        mine = [one.score for one in group.indicators if one.score is not None]
        assert group.score == pytest.approx(0.75 * sum(mine) / len(mine) + 0.25 * max(mine))
        added = sum(one.contribution or 0 for one in group.indicators)
        assert added == pytest.approx(group.weight * (group.score or 0) / weights)


def indicators_of(risks: object) -> list[object]:
    return [one for group in risks.groups for one in group.indicators]  # type: ignore[attr-defined]


def test_a_missing_series_is_unknown_and_never_calm() -> None:
    whole, made = board(EVENING, market()), board(EVENING, lacking("NFCI"))
    gone = indicators(made)["VC4"]
    assert (gone.value, gone.score, gone.band, gone.contribution) == (None, None, "unknown", None)
    assert gone.why == "Unknown: no data for NFCI."
    assert made.risks.composite.coverage == pytest.approx(1 - 0.15 / 4)
    others = {name: one for name, one in indicators(made).items() if name[:2] != "VC"}
    same = {name: indicators(whole)[name] for name in others}
    assert {name: replace(one, contribution=None) for name, one in others.items()} == {
        name: replace(one, contribution=None) for name, one in same.items()
    }
    assert "No observations of NFCI." in made.problems


def test_too_little_is_no_composite() -> None:
    labour_and_fed = ("ICSA", "UNRATE", "SAHMREALTIME", "JTSLDR", "DGS2", "DFF", "DFEDTARU", "T10Y2Y")
    enough = board(EVENING, lacking(*labour_and_fed)).risks.composite
    assert enough.coverage == pytest.approx(0.70)
    assert enough.score is not None
    made = board(EVENING, lacking(*labour_and_fed, "GLD", "TLT"))
    assert made.risks.composite.coverage == pytest.approx(0.55)
    assert (made.risks.composite.score, made.risks.composite.band) == (None, "unknown")
    assert [group.score is None for group in made.risks.groups] == [False, True, True, True, False, False, False]


def test_nothing_at_all() -> None:
    made = board(EVENING)
    assert made.risks.composite.coverage == 0
    assert {one.band for one in indicators(made).values()} == {"unknown"}
    assert all(one.why.startswith("Unknown: ") for one in indicators(made).values())
    assert {claim.status for claim in made.thesis} == {"unknown"}
    assert all(claim.evidence for claim in made.thesis)


def test_an_indicator_that_is_switched_off_is_gone() -> None:
    off = {name: IndicatorSettings(on=False) for name in ("VC1", "PR1")}
    made = board(EVENING, market(), settings=tuned(indicators=off))
    assert not {"VC1", "PR1"} & set(indicators(made))
    assert "PR" not in [group.id for group in made.risks.groups], "a group without members is not shown"
    assert made.risks.composite.coverage == 1, "what is off is not missing"


def test_knots_of_the_config_change_the_score() -> None:
    plain = indicators(board(EVENING, market()))["FD3"]
    assert plain.value is not None
    mine = [(plain.value - 1, 0.0), (plain.value + 1, 100.0)]
    made = indicators(board(EVENING, market(), settings=tuned(indicators={"FD3": IndicatorSettings(knots=mine)})))
    assert made["FD3"].score == pytest.approx(50)
    assert made["FD3"].knots == mine
    assert made["FD3"].value == plain.value
    assert made["FD1"].score == indicators(board(EVENING, market()))["FD1"].score


def test_weights_of_the_config_change_the_composite_alone() -> None:
    weights = Weights(AI=0, LB=0, FD=0, SH=0, VC=7, BR=0, PR=0)
    plain, made = board(EVENING, market()).risks, board(EVENING, market(), settings=tuned(weights=weights)).risks
    assert [group.score for group in made.groups] == [group.score for group in plain.groups]
    only = next(group for group in made.groups if group.id == "VC")
    assert made.composite.score == pytest.approx(only.score)


@pytest.mark.parametrize(
    ("closes", "band", "score"),
    [
        ((15.0,), "calm", 15.0),
        ((20.0,), "watch", 40.0),
        ((28.0,), "stress", 70.0),
        ((28.0, 25.0), "stress", 58.75),
        ((28.0, 25.0, 25.0), "watch", 58.75),
        ((28.0, 15.0), "stress", 15.0),
        ((28.0, 15.0, 15.0), "calm", 15.0),
        ((20.0, 19.2), "watch", 36.0),
        ((20.0, 18.0), "watch", 30.0),
        ((20.0, 18.0, 19.2, 18.0), "watch", 30.0),
        ((20.0, 18.0, 18.0), "calm", 30.0),
    ],
)
def test_lights_remember(closes: tuple[float, ...], band: str, score: float) -> None:
    made = indicators(board(EVENING, vix(*closes)))["VC1"]
    assert made.score == pytest.approx(score)
    assert made.band == band


def test_the_memory_is_of_sessions_and_not_of_looks() -> None:
    facts = vix(28.0, 15.0)
    first = board(EVENING, facts)
    for _ in range(3):
        assert indicators(board(EVENING, facts))["VC1"] == indicators(first)["VC1"]


def test_the_memory_is_of_what_was_known_then() -> None:
    slope = {"2026-03-25": 0.75, "2026-03-26": 0.75, "2026-03-27": 0.0, "2026-03-30": 0.2}
    found = indicators(board(EVENING, series("T10Y2Y", slope)))["FD3"]
    assert (found.score, found.band) == (pytest.approx(46), "stress"), "one score below the exit is not two"
    later = indicators(board("2026-04-01T18:00", series("T10Y2Y", slope)))["FD3"]
    assert later.band == "watch"


def test_a_revision_does_not_rewrite_the_lights_of_before() -> None:
    first = series("NFCI", {"2026-03-20": 0.1})
    revised = series("NFCI", {"2026-03-20": -0.6}, ny("2026-03-31T09:00"))
    before, after = (indicators(board(at, first, revised))["VC4"] for at in ("2026-03-30T18:00", EVENING))
    assert (before.score, before.band) == (pytest.approx(74), "stress")
    assert (after.score, after.band) == (0, "stress"), "calm only after two sessions"
    assert indicators(board("2026-04-01T18:00", first, revised))["VC4"].band == "calm"
    assert indicators(board(EVENING, revised))["VC4"].band == "calm"


def test_what_grows_old_fades_and_is_then_left_out() -> None:
    rows = {"2025-12-26": -0.5, "2026-01-02": -0.3}
    fresh, fading, stale = (
        indicators(board(f"2026-{day}T18:00", series("NFCI", rows)))["VC4"] for day in ("01-21", "01-28", "02-06")
    )
    assert (fresh.freshness, fresh.score) == (1, pytest.approx(32))
    assert fading.freshness == pytest.approx(0.5)
    assert fading.score == pytest.approx(32)
    assert (stale.freshness, stale.score, stale.band) == (0, None, "unknown")
    assert (stale.value, f"{stale.at}") == (-0.3, "2026-01-02"), "value and date are still shown"
    assert "stale" in stale.flags
    assert stale.why.startswith("Left out: ")


def test_a_closed_market_makes_no_daily_value_old() -> None:
    for at in ("2026-03-31T18:00", "2026-04-02T18:00", "2026-04-05T12:00"):
        found = indicators(board(at, vix(20.0)))["VC1"]
        assert (found.freshness, found.score) == (1, 40)


def test_a_partial_month_is_not_made_up() -> None:
    whole = {f"2025-{month:02}-01": 4.0 for month in range(1, 13)}
    whole |= {f"2024-{month:02}-01": 4.0 for month in range(1, 13)}
    holed = {day: value for day, value in whole.items() if day != "2025-10-01"}
    for rows in (whole, holed):
        found = indicators(board("2026-01-15T18:00", series("UNRATE", rows)))["LB1"]
        assert found.value == pytest.approx(0)
    gone = {day: value for day, value in holed.items() if day not in ("2025-11-01", "2025-12-01", "2025-09-01")}
    found = indicators(board("2026-01-15T18:00", series("UNRATE", gone)))["LB1"]
    assert (f"{found.at}", found.freshness, found.score) == ("2025-08-01", 0, None), "no month stands in for another"


def test_a_look_back_says_what_was_revised_since() -> None:
    plain, past = (board(EVENING, market(), mode=mode) for mode in ("live", "as_of"))
    assert "revised" not in indicators(plain)["LB2"].flags
    assert "revised" in indicators(past)["LB2"].flags
    assert "revised" not in indicators(past)["FD1"].flags
    claims = next(one for one in market().series if one.id == "ICSA")
    vintage = changed(claims, vintage=day(EVENING[:10]))
    assert "revised" not in indicators(board(EVENING, market(), vintage, mode="as_of"))["LB2"].flags


def test_capital_spending_wants_four_filers() -> None:
    growing = [quarters(name, [1e9 * 1.1**n for n in range(9)]) for name in ("MSFT", "GOOGL", "AMZN", "META", "ORCL")]
    for filers, there in ((5, True), (4, True), (3, False)):
        found = indicators(board("2026-05-10T18:00", Facts(companies=tuple(growing[:filers]))))["AI1"]
        assert (found.value is not None) is there
        if there:
            assert found.value == pytest.approx(100 * (1.1**4 - 1))


def test_the_same_reading_wherever_it_stands() -> None:
    made: Board = board(EVENING, market())
    assert f'"value": {rounded(indicators(made)["FD3"].value or 0.0)}' in to_json(made)
    assert np.isfinite([one.value or 0 for one in indicators(made).values()]).all()


STEADY = {
    "T10Y2Y": 0.5,
    "DGS2": 3.5,
    "DGS10": 4.0,
    "DFF": 3.7,
    "DFEDTARU": 3.75,
    "BAMLH0A0HYM2": 3.0,
    "ICSA": 220_000.0,
    "UNRATE": 4.2,
    "SAHMREALTIME": 0.1,
    "JTSLDR": 1.1,
    "OPHNFB": 115.0,
}


def steady(nfci: float = 0.6, last_nfci: str = "2026-02-20", vix: tuple[float, ...] = ()) -> Facts:
    """A market in which nothing moves but, at the end, the VIX; NFCI is told of one Friday, known the week after.

    It fades from the second Wednesday after that day on and is gone on the fourth: for the default from 11 to 25 March.
    """
    days = sessions("2024-06-03", "2026-04-10")
    prices = {"^VIX": [*[15.0] * (len(days) - len(vix)), *vix], "^VIX3M": [20.0] * len(days)}
    names = ("SPY", "GLD", "TLT", "IWM", "RSP", "SMH", "XLU", "HYG", "IEF")
    bars = [Bars(one, frame(days, prices.get(one, [100.0] * len(days))), "cboe", one) for one in (*prices, *names)]
    made = [series("NFCI", {last_nfci: nfci})]
    for one in market("2026-04-10").series:
        if one.id in STEADY:
            made.append(changed(one, frame=one.frame.assign(value=STEADY[one.id])))
    return Facts(bars=tuple(bars), series=tuple(made), companies=market("2026-04-10").companies)


ONLY_CREDIT = tuned(weights=Weights(AI=0, LB=0, FD=0, SH=0, VC=7, BR=0, PR=0))


def credit_without_nfci(made: Board) -> float:
    """The group's score by hand without its fourth reading."""
    known = [indicators(made)[name].score or 0.0 for name in ("VC1", "VC2", "VC3")]
    return 0.75 * sum(known) / 3 + 0.25 * max(known)


def test_at_equal_members_the_composite_compares_as_it_is() -> None:
    found = board(EVENING, market()).risks.composite
    assert found.score is not None
    assert found.score_5_sessions_ago is not None
    assert found.note == ""
    assert found.change_5_sessions == pytest.approx(found.score - found.score_5_sessions_ago)
    assert found.score_at_equal_members == found.score
    assert found.band_at_equal_members == found.band


def test_while_coverage_differs_the_change_is_that_of_the_readings_both_have() -> None:
    whole = market()
    nfci = next(one for one in whole.series if one.id == "NFCI")
    short = series("NFCI", {"2026-02-20": -0.2})
    facts = Facts(
        bars=whole.bars, series=(*(s for s in whole.series if s is not nfci), short), companies=whole.companies
    )
    now, then = board(EVENING, facts), board("2026-03-24T18:00", facts)
    found = now.risks.composite
    assert (found.score_5_sessions_ago, found.coverage < then.risks.composite.coverage) == (
        then.risks.composite.score,
        True,
    )
    others = sum(
        group.weight * ((group.score or 0) - (before.score or 0))
        for group, before in zip(now.risks.groups, then.risks.groups, strict=True)
        if group.id != "VC"
    )
    credit = next(group.weight for group in now.risks.groups if group.id == "VC")
    moved = others + credit * (credit_without_nfci(now) - credit_without_nfci(then))
    assert found.change_5_sessions == pytest.approx(moved / sum(group.weight for group in now.risks.groups))
    assert found.note.endswith(
        "points in five sessions over the 17 readings that count on both days (17 now, 18 then), each as fresh as now"
    )


def test_what_coverage_alone_moves_is_no_change() -> None:
    before, after = (board(f"2026-03-{day}T18:00", steady(), settings=ONLY_CREDIT) for day in ("24", "25"))
    was, now = before.risks.composite, after.risks.composite
    assert (was.score or 0) > (now.score or 0) + 20
    assert now.change_5_sessions == 0
    assert now.note.startswith(
        "0.0 points in five sessions over the 3 readings that count on both days (3 now, 4 then)"
    )
    assert now.score_at_equal_members == was.score


def test_a_light_that_falls_by_coverage_alone_stays_at_equal_members() -> None:
    """NFCI fades, session by session; on the second one below the exit the light falls."""
    made = {day: board(f"2026-{day}T18:00", steady(), settings=ONLY_CREDIT).risks.composite for day in DAYS}
    assert [made[day].band for day in DAYS] == ["watch", "watch", "calm", "calm"]
    assert [made[day].held for day in DAYS] == [True, True, False, False]
    assert [made[day].band_at_equal_members for day in DAYS] == ["watch", "watch", "watch", "calm"]


DAYS = ("03-19", "03-20", "03-23", "03-24")


def test_a_reading_that_comes_back_raises_no_light_at_equal_members() -> None:
    gap = steady()
    back = series("NFCI", {"2026-02-20": 0.6, "2026-03-27": 0.6})
    facts = Facts(
        bars=gap.bars, series=(*(one for one in gap.series if one.id != "NFCI"), back), companies=gap.companies
    )
    days = ("2026-03-31", "2026-04-01", "2026-04-02")
    found = [board(f"{day}T18:00", facts, settings=ONLY_CREDIT).risks.composite for day in days]
    assert [(one.band, one.band_at_equal_members) for one in found] == [
        ("calm", "calm"), ("watch", "calm"), ("watch", "watch"),
    ]  # fmt: skip


def test_a_light_that_scores_move_is_the_same_at_equal_members() -> None:
    days = ("2026-04-08", "2026-04-09", "2026-04-10")
    facts = steady(vix=(40.0, 15.0, 15.0))
    found = [board(f"{day}T18:00", facts, settings=ONLY_CREDIT).risks.composite for day in days]
    assert [one.band for one in found] == ["stress", "stress", "calm"]
    assert [one.band_at_equal_members for one in found] == ["stress", "stress", "calm"]


@pytest.mark.parametrize(
    ("closes", "band", "held"),
    [((28.0,), "stress", False), ((28.0, 25.0), "stress", True), ((28.0, 25.0, 25.0), "watch", False)],
)
def test_a_held_light_says_so(closes: tuple[float, ...], band: str, held: bool) -> None:
    made = board(EVENING, vix(*closes))
    found, group = indicators(made)["VC1"], next(one for one in made.risks.groups if one.id == "VC")
    assert (found.band, found.held) == (group.band, group.held) == (band, held)
    assert ("Still" in found.why) is held
    assert (" VIX held " in to_text(made)) is held


def test_the_light_of_a_group_is_its_worst_members() -> None:
    for facts in (market(), lacking("NFCI"), steady(), vix(28.0, 15.0), Facts()):
        for group in board(EVENING, facts).risks.groups:
            known = {one.band for one in group.indicators} - {"unknown"}
            worst = next((light for light in ("stress", "watch", "calm") if light in known), "unknown")
            assert group.band == worst
            assert group.held == (bool(known) and all(one.held for one in group.indicators if one.band == worst))


@pytest.mark.parametrize(
    ("made_of", "titles", "words"),
    [
        (["SMH"], ["AI infra SMH drawdown", "AI infra SMH vs S&P, 63 d"], "It is SMH alone; it is not the watchlist."),
        (
            ["SMH", "GLD"],
            ["AI infra (2) drawdown", "AI infra (2) vs S&P, 63 d"],
            "It is the equal-weight mean of SMH, GLD; it is not the watchlist.",
        ),
        (["ABCDEFGH"], ["AI infra ABCDEFGH drawdown", "AI infra (1) vs S&P, 63 d"], "It is ABCDEFGH alone"),
    ],
)
def test_ai_infrastructure_says_what_it_is_made_of(made_of: list[str], titles: list[str], words: str) -> None:
    made = board(EVENING, market(), settings=tuned(ai_basket=made_of))
    found = [indicators(made)[name] for name in ("AI2", "AI3")]
    assert [one.title for one in found] == titles
    assert all(words in one.definition for one in found)
    explained = to_text(made, explain=True)
    assert all(f"{one.id}  {one.title}: " in explained for one in found)
    assert "asket" not in "".join(one.title + one.definition + one.why for one in found)


def test_the_tripwire_of_ai_infrastructure_names_it() -> None:
    made = board(EVENING, market())
    sign = next(one for one in evening_signs(made, BuiltinAlerts()) if one.rule == "basket")
    assert sign.name == "AI infra SMH"
    assert news_of(sign._replace(state="12"), "0") == (
        "AI infra SMH −12 %", "AI infra SMH is 12 % or more below its high of a year.", "bad", None,
    )  # fmt: skip
