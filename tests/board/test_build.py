"""The board as a whole: pure, the same with and without its memory, and whole whatever is missing."""

from __future__ import annotations

import random
from dataclasses import replace as changed
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from msgspec.structs import replace

from rallytui.board.build import Builder, build_board
from rallytui.board.memo import Memo
from rallytui.board.shape import Board
from rallytui.config import Settings, WatchlistSettings
from rallytui.config.settings import Claims, EarningsGrowth
from rallytui.model import Bars, Company, Facts, Health, Quote, Series
from rallytui.report import to_json, to_text
from rallytui.sessions import Calendar, nyse
from rallytui.tape import Tape
from tests.board.samples import board, index, row
from tests.facts import day, frame, market, ny, quarters, quote, series, sessions

EVENING = "2026-03-31T18:00"
SYMBOLS = ("^GSPC", "PLPC", "INOD", "PATH", "FIVN")


def ticks(at: datetime, dice: random.Random) -> tuple[Quote, ...]:
    """New prices of some of the names."""
    names = dice.sample(SYMBOLS, dice.randrange(1, 5))
    return tuple(
        Quote(name, dice.uniform(90, 110), at, at, "cboe", at.date(), volume=dice.uniform(1e4, 1e6)) for name in names
    )


@pytest.mark.parametrize("seed", [0, 1])
def test_memory_changes_nothing_but_the_time(calendar: Calendar, seed: int) -> None:
    dice, settings = random.Random(seed), Settings()
    builder, now = Builder(settings, calendar), ny("2026-03-30T15:30")
    tape = Tape().apply(market("2026-03-30"))
    for _ in range(8):
        now += timedelta(minutes=dice.choice([1, 30, 300]))
        if calendar.state_at(now) == "regular":
            tape = tape.apply(Facts(quotes=ticks(now, dice)))
        if dice.random() < 0.3:
            tape = tape.apply(Facts(series=(series("NFCI", {"2026-03-27": dice.uniform(-1, 1)}, now),)))
        mode = dice.choice(("live", "as_of"))
        assert builder.build(tape, now, mode) == build_board(tape, settings, now, calendar, mode=mode)


def test_memory_keeps_the_modes_apart(calendar: Calendar) -> None:
    builder, at = Builder(Settings(), calendar), ny(EVENING)
    tape = Tape().apply(changed(market(), companies=()))
    for mode in ("live", "as_of", "live"):
        assert builder.build(tape, at, mode) == build_board(tape, Settings(), at, calendar, mode=mode)


def test_a_new_bar_reaches_every_reading(calendar: Calendar) -> None:
    builder = Builder(Settings(), calendar)
    at = ny("2026-03-31T18:00")
    before = Tape().apply(market("2026-03-30"))
    after = before.apply(market("2026-03-31"))
    builder.build(before, at)
    assert builder.build(after, at) == build_board(after, Settings(), at, calendar)


def test_the_board_does_not_know_the_mode_but_for_what_was_revised() -> None:
    live, past, demo = (board(EVENING, market(), mode=mode) for mode in ("live", "as_of", "demo"))
    assert replace(demo, mode="live") == live
    assert past.targets == live.targets
    assert past.watchlists == live.watchlists
    assert past.risks.composite == live.risks.composite


def test_a_board_goes_through_the_store_unchanged() -> None:
    made = board("2026-03-31T12:00", market("2026-03-30"), quote("^GSPC", 6850, "2026-03-31T11:59", day=(1.0, 2.0)))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(made), type=Board) == made


def test_an_empty_tape_makes_a_whole_board() -> None:
    made = board("2026-03-31T12:00")
    assert (len(made.targets), len(made.watchlists[0].rows), len(made.risks.groups), len(made.thesis)) == (1, 4, 7, 8)
    assert made.problems[0] == "S&P 500: no source has a price of ^GSPC."
    assert made.problems[1] == "No source has a price of PLPC, INOD, PATH, FIVN."
    assert to_text(made)


def empties() -> dict[str, Facts]:
    return {
        "bars": Facts(bars=(Bars("^GSPC", frame([], []), "cboe"), Bars("SPY", frame([], []), "cboe"))),
        "series": Facts(series=(series("DGS2", {}), series("VIXCLS", {}))),
        "company": Facts(companies=(Company("PLPC", (), (), "", "sec"), Company("MSFT", (), (), "", "sec"))),
        "one bar": Facts(bars=(index("2024-12-30"), changed(index("2024-12-30"), symbol="SPY"))),
        "one row": Facts(series=(series("DGS2", {"2026-03-27": 3.5}), series("UNRATE", {"2026-01-01": 4.2}))),
        "one fact": Facts(companies=(quarters("MSFT", [1e9]), quarters("PLPC", [1e8]))),
        "blank close": Facts(bars=(Bars("^GSPC", frame([day("2026-03-30")], [float("nan")]), "cboe"),)),
    }


@pytest.mark.parametrize("kind", empties())
def test_what_is_empty_or_alone_breaks_nothing(kind: str) -> None:
    made = board("2026-03-31T12:00", empties()[kind])
    assert to_text(made)
    assert "NaN" not in to_json(made)


def test_one_thing_missing_leaves_the_rest_untouched() -> None:
    whole = board(EVENING, market())
    for gone in ("PATH", "GLD", "ICSA"):
        part = Facts(
            bars=tuple(one for one in market().bars if one.symbol != gone),
            series=tuple(one for one in market().series if one.id != gone),
            companies=market().companies,
        )
        made = board(EVENING, part)
        assert made.targets == whole.targets
        assert [one for one in made.watchlists[0].rows if one.symbol != gone] == [
            one for one in whole.watchlists[0].rows if one.symbol != gone
        ]
        assert made.thesis == whole.thesis


def test_all_series_constant_and_all_prices_equal() -> None:
    flat = Facts(bars=tuple(map(flat_bars, market().bars)), series=tuple(map(constant, market().series)))
    text = to_json(board(EVENING, flat))
    assert "NaN" not in text
    assert "Infinity" not in text


def flat_bars(one: Bars) -> Bars:
    days = [stamp.date() for stamp in one.frame.index]
    return changed(one, frame=frame(days, [100.0] * len(days)))


def constant(one: Series) -> Series:
    return changed(one, frame=one.frame.assign(value=1.0))


def test_the_session_of_the_exchange() -> None:
    regular = board("2026-03-31T12:00").session
    assert (regular.state, f"{regular.last_completed}") == ("regular", "2026-03-30")
    assert (regular.closes, regular.next_open) == (ny("2026-03-31T16:00"), ny("2026-04-01T09:30"))
    early = board("2025-11-28T12:59").session
    assert early.closes == ny("2025-11-28T13:00")
    closed = board("2025-11-27T12:00").session
    assert (closed.state, closed.closes, closed.next_open) == ("closed", None, ny("2025-11-28T09:30"))


def test_a_closure_of_the_config_is_no_session() -> None:
    closed = nyse(frozenset([day("2026-03-31")]))
    made = build_board(Tape().apply(market("2026-03-30")), Settings(), ny("2026-03-31T12:00"), closed)
    assert made.session.state == "closed"
    assert made.targets[0].freshness == "fresh"


def test_health_says_whom_and_since_when() -> None:
    health = {
        "cboe": Health("cboe", "ok", ny("2026-03-31T11:59"), delay_s=900, title="Cboe", host="cdn.cboe.com"),
        "fred": Health("fred", "failing", None, 3, ny("2026-03-31T12:05"), "FRED answers with an error (status 503)"),
    }
    made = board("2026-03-31T12:00", market("2026-03-30"), tape={"health": health})
    cboe, fred = made.health
    assert (cboe.provider, cboe.title, cboe.status, cboe.delayed) == ("cboe", "Cboe", "ok", True)
    assert cboe.describes == ny("2026-03-30T16:00")
    assert (fred.title, fred.failures, fred.next_try) == ("FRED", 3, ny("2026-03-31T12:05"))
    assert "FRED answers with an error (status 503)" in made.problems
    assert not any("Cboe" in text for text in made.problems)


def test_problems_of_the_caller_come_first() -> None:
    assert board("2026-03-31T12:00", problems=["The store is locked."]).problems[0] == "The store is locked."


def test_before_the_start_hindsight_is_named() -> None:
    assert board("2025-11-26T18:00", index()).notes == []
    assert "hindsight" in board("2025-11-25T18:00", index()).notes[0]


def test_before_the_start_nothing_is_claimed() -> None:
    made = board("2025-11-20T18:00", market())
    claims = {one.id: one.status for one in made.thesis}
    assert (claims["D1"], claims["D4"], claims["D7"]) == ("unknown", "unknown", "unknown")


def test_earnings_are_judged_by_hand_only_and_only_from_their_day() -> None:
    told = Claims(earnings=EarningsGrowth(13.0, "a letter", day("2026-02-10")))
    statuses = [
        next(one.status for one in board(at, settings=settings).thesis if one.id == "D3")
        for at, settings in (
            ("2026-02-11T12:00", Settings()),
            ("2026-02-09T12:00", Settings(claims=told)),
            ("2026-02-11T12:00", Settings(claims=told)),
            ("2026-02-11T12:00", Settings(claims=replace(told, earnings=replace(told.earnings, growth_pct=6.9)))),
        )
    ]
    assert statuses == ["unknown", "unknown", "on_track", "broken"]


def test_the_level_came_true_and_a_driver_did_not() -> None:
    days = sessions("2025-11-03", "2026-07-23")
    path = [6800 + 3 * n for n in range(len(days))]
    facts = Facts(
        bars=(Bars("^GSPC", frame(days, path), "cboe"),),
        series=(
            series("DFEDTARU", {f"{one}": 3.75 for one in days}),
            series("DFF", {f"{one}": 3.63 for one in days}),
            series("DGS2", {f"{one}": 4.26 for one in days}),
        ),
    )
    claims = {one.id: one for one in board("2026-07-23T18:00", facts).thesis}
    assert claims["D0"].status == "on_track"
    assert claims["D1"].status == "broken"
    assert "0 of 2 cuts" in claims["D1"].evidence


def test_several_lists_and_none() -> None:
    lists = {"a": WatchlistSettings("A", ["PLPC"]), "b": WatchlistSettings("", ["INOD", "PLPC"], "SPY")}
    made = board(EVENING, market(), settings=Settings(watchlists=lists))
    assert [(one.name, one.title, one.benchmark) for one in made.watchlists] == [("a", "A", "^GSPC"), ("b", "b", "SPY")]
    assert row(made, "PLPC").rs63_pct != made.watchlists[1].rows[1].rs63_pct, "another benchmark"
    assert made.watchlists[1].basket.level != made.watchlists[0].basket.level
    assert board(EVENING, market(), settings=Settings(watchlists={})).watchlists == []


def test_long_before_and_long_after() -> None:
    for at in (datetime(1996, 1, 2, 12, tzinfo=UTC), datetime(2034, 12, 29, 12, tzinfo=UTC)):
        made = board(at.replace(tzinfo=None).isoformat(), market())
        assert "NaN" not in to_json(made)


def test_claims_about_prices_are_unknown_when_the_prices_are_old() -> None:
    before_it = board("2026-09-16T19:00", index(until="2025-12-10"))
    claims = {claim.id: claim for claim in before_it.thesis}
    assert claims["D0"].status == "unknown"
    assert claims["D0"].evidence.startswith("the newest price is of ")
    claims = {claim.id: claim for claim in board("2026-09-16T19:00", index()).thesis}
    assert claims["D0"].status == "on_track", "what was reached stays reached"
    assert {claims[name].status for name in ("D4", "D7")} == {"unknown"}


def test_a_quote_that_is_late_or_not_kept_changes_no_claim_that_closes_judge() -> None:
    facts = market("2026-03-31")
    evening = statuses(board("2026-03-31T18:00", facts))
    assert evening["D4"] != "unknown"
    late = board("2026-04-01T12:30", facts, quote("^GSPC", 6850.0, "2026-04-01T12:05", source="cboe"))
    assert late.targets[0].freshness == "stale"
    for then in (late, board("2026-04-01T11:17", facts)):
        assert statuses(then) == evening, "no close has come since"
    assert statuses(board("2026-04-02T18:30", facts))["D4"] == "unknown", "now two closes are missing"


def statuses(made: Board) -> dict[str, str]:
    return {claim.id: claim.status for claim in made.thesis if claim.id in ("D4", "D7")}


def test_the_statistics_follow_when_the_fund_for_them_comes_later() -> None:
    memo, whole = Memo(), market("2026-03-31")
    without = changed(whole, bars=tuple(one for one in whole.bars if one.symbol != "SPY"))
    now, calendar = ny("2026-03-31T18:00"), nyse()
    build_board(Tape().apply(without), Settings(), now, calendar, memo=memo)
    after = build_board(Tape().apply(without).apply(whole), Settings(), now, calendar, memo=memo)
    fresh = build_board(Tape().apply(whole), Settings(), now, calendar)
    assert after.targets[0].stats == fresh.targets[0].stats
