"""The close of today (METHODOLOGY G.1): a final quote is the close of its session until the bar comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from rallytui.alerts.digest import digest
from rallytui.alerts.watch import Watch, evening_of
from rallytui.board.history import records_at
from rallytui.board.memo import Memo
from rallytui.board.shape import Board, Rung
from rallytui.config import Settings, WatchlistSettings
from rallytui.exchanges import is_final
from rallytui.model import Bars, Facts, Quote
from rallytui.sessions import nyse
from rallytui.tape import Tape, cut_bars
from tests.board.samples import CLOSES, board, index
from tests.facts import bars, ny, quote, sessions, wander

THURSDAY, FRIDAY = date(2025, 12, 11), date(2025, 12, 12)
FINAL = quote("^GSPC", 6901.00, "2025-12-11T16:15", "2025-12-11T16:17", prev_close=6886.68, high=6903.46, low=6833.73)
LATE = index("2025-12-10")
"""The index's history as it is when its source is a day late."""


def rung(made: Board, level: float = 6900) -> Rung:
    return next(one for one in made.targets[0].rungs if one.level == level)


@pytest.mark.parametrize("at", ["2025-12-11T16:20", "2025-12-11T18:30", "2025-12-12T08:00"])
def test_a_level_that_the_final_quote_closed_at_is_reached_that_evening(at: str) -> None:
    made = board(at, LATE, FINAL)
    target, found = made.targets[0], rung(made)
    assert (found.state, found.first_touch_close, found.streak, found.crossings_up) == ("reached", THURSDAY, 1, 1)
    assert (target.last, target.change_pct, target.provisional) == (6901.00, pytest.approx(0.2079, abs=1e-4), True)
    assert (target.source, target.quote_time, target.next_rung) == ("Cboe", ny("2025-12-11T16:15"), 7000)
    assert target.stats.hi52 == pytest.approx(6911.30)


def test_a_look_back_to_the_same_evening_says_the_same_whenever_it_is_asked() -> None:
    """Also by a program that was started after 18:00 and got the final quote then."""
    late = replace(FINAL, known_at=ny("2025-12-11T19:00"))
    boards = [board("2025-12-11T18:00", LATE, one, mode="as_of") for one in (FINAL, late)]
    assert [rung(one).first_touch_close for one in boards] == [THURSDAY, THURSDAY]
    with_bar = board("2025-12-11T18:00", index("2025-12-11"), FINAL, mode="as_of")
    assert rung(with_bar).first_touch_close == THURSDAY
    assert rung(board("2025-12-11T16:10", LATE, FINAL, mode="as_of")).first_touch_close is None, "received at 16:17"


def test_what_is_not_the_last_trade_is_no_close() -> None:
    early = replace(FINAL, at=ny("2025-12-11T15:59"))
    made = board("2025-12-11T18:30", LATE, early)
    assert (rung(made).first_touch_close, made.targets[0].last) == (None, 6901.00)


def test_a_half_day_is_over_at_one() -> None:
    assert is_final(quote("SPY", 683.0, "2025-11-28T13:00"))
    assert not is_final(quote("SPY", 683.0, "2025-11-28T12:59"))
    assert not is_final(quote("SPY", 683.0, "2025-12-01T13:00"))
    assert not is_final(quote("SPY", 683.0, "2025-11-29T17:00")), "a Saturday is no session"


def test_a_quote_of_another_basis_is_no_close() -> None:
    """The source's own previous close says that a split lies between."""
    split = quote("PLPC", 101.0, "2025-12-11T16:00", prev_close=100.0)
    history = bars("PLPC", {"2025-12-09": 198.0, "2025-12-10": 200.0})
    tape = Tape().apply(Facts(quotes=(split,), bars=(history,))).cut(ny("2025-12-11T18:30"))
    assert tape.bars["PLPC"] is history


def test_the_provisional_bar_has_what_the_quote_tells() -> None:
    told = quote("PLPC", 201.0, "2025-12-11T16:00", prev_close=200.0, open=199.0, day=(198.5, 203.0), volume=5e5)
    history = bars("PLPC", {"2025-12-09": 198.0, "2025-12-10": 200.0}, adj_close=[99.0, 100.0])
    tape = Tape().apply(Facts(quotes=(told,), bars=(history,))).cut(ny("2025-12-11T16:20"))
    row = tape.bars["PLPC"].frame.iloc[-1].to_dict()
    assert row == {"open": 199.0, "high": 203.0, "low": 198.5, "close": 201.0, "adj_close": 100.5, "volume": 5e5}
    bare = replace(told, open=None, day=(), volume=None)
    row = Tape().apply(Facts(quotes=(bare,), bars=(history,))).cut(ny("2025-12-11T16:20")).bars["PLPC"].frame.iloc[-1]
    assert row[["open", "high", "low", "volume"]].isna().all(), "what is not told is not made up"


def test_the_readings_of_a_name_are_those_of_its_bars() -> None:
    """Momentum, RSI, volatility and the rest on the evening are what they are when the bar has come."""
    settings = Settings(watchlists={"ai": WatchlistSettings("AI", ["PLPC"])})
    days = sessions("2024-09-03", "2025-12-11")
    whole, spy = wander("PLPC", days, 200.0), wander("SPY", days, 600.0)
    row = whole.frame.iloc[-1]
    last = {name: float(row[name]) for name in ("open", "high", "low", "volume")}
    final = quote("PLPC", float(row["close"]), "2025-12-11T16:00", source="yahoo", **last)
    late = replace(whole, frame=whole.frame.iloc[:-1])
    made = [
        board("2025-12-11T18:30", spy, *facts, settings=settings).watchlists[0].rows[0]
        for facts in ((late, final), (whole, final))
    ]
    for name in ("last", "rsi14", "atr14", "mom21_pct", "mom252_pct", "vol21_pct", "rel_volume", "range52", "gap_pct"):
        assert getattr(made[0], name) == pytest.approx(getattr(made[1], name)), name
    assert made[0].rel_volume_session == THURSDAY
    assert not made[0].rel_volume_partial


def test_the_last_day_is_not_missed_before_its_close_is_here() -> None:
    settings = Settings()
    settings = changed(settings, targets=[changed(settings.targets[0], by=THURSDAY)])
    assert rung(board("2025-12-11T18:30", LATE, settings=settings)).state != "expired_missed"
    missed = replace(FINAL, price=6899.0)
    assert rung(board("2025-12-11T16:20", LATE, missed, settings=settings)).state == "expired_missed"
    assert rung(board("2025-12-11T16:20", LATE, FINAL, settings=settings)).state == "reached"


def test_records_say_it_that_evening() -> None:
    tape = Tape().apply(Facts(quotes=(FINAL,), bars=(LATE,)))
    (record,) = records_at(tape, Settings(), nyse(), [THURSDAY], Memo())
    assert (record.session, record.targets[0].close) == (THURSDAY, 6901.00)
    assert {one.level: one.state for one in record.targets[0].rungs}[6900] == "reached"


def evening(session: date, *facts: Any) -> Board:
    return board(f"{session}T18:00", *facts, mode="as_of")


def test_the_tripwire_goes_off_once_and_the_digest_of_the_morning_tells_it() -> None:
    watch = Watch(Settings())
    watch.step(evening(date(2025, 12, 10), LATE), evening=True)
    at_night = evening(THURSDAY, LATE, FINAL)
    assert at_night.as_of == evening_of(THURSDAY)
    events = watch.step(at_night, evening=True)
    assert [(one.rule, one.subject, one.session) for one in events] == [("rung-reached", "^GSPC 6900", THURSDAY)]
    later = evening(FRIDAY, index("2025-12-12"), FINAL)
    assert [one.rule for one in watch.step(later, evening=True)] == ["rung-lost"]
    told = digest(board("2025-12-10T22:00", LATE), board("2025-12-12T08:00", LATE, FINAL), events)
    assert [item.text for item in told.of("rung")] == ["S&P 500 closed at or above 6,900 for the first time."]


def with_bar(close: float) -> Bars:
    history = index("2025-12-11")
    frame = history.frame.copy()
    frame.loc["2025-12-11", ["open", "high", "low", "close", "adj_close"]] = close
    return replace(history, frame=frame)


@pytest.mark.parametrize(
    ("close", "told"),
    [
        (6899.20, ["S&P 500 closed at 6,899.20, not at 6,901.00, by its bar of 2025-12-11."]),
        (6900.00, []),  # 0.014 % off
        (6901.00, []),
    ],
)
def test_a_correction_is_told_once(close: float, told: list[str]) -> None:
    watch = Watch(Settings())
    assert watch.step(board("2025-12-11T18:30", LATE, FINAL)) == []
    corrected = board("2025-12-12T08:00", with_bar(close), FINAL)
    assert [event.text for event in watch.step(corrected)] == told
    assert watch.step(corrected) == []
    notes = ["S&P 500: close of Thu 11 Dec corrected: 6,901.00 quoted, 6,899.20 in its bar."]
    assert corrected.notes == (notes if told else [])
    assert (rung(corrected).first_touch_close is None) == (close < 6900)
    newer = replace(FINAL, at=ny("2025-12-12T16:15"), known_at=ny("2025-12-12T16:16"), price=6827.41)
    newer = replace(newer, session_date=FRIDAY, prev_close=close)
    assert board("2025-12-12T16:20", with_bar(close), FINAL, newer).notes == [], "old news"


def test_a_split_since_is_no_correction() -> None:
    """All bars come on the new basis: the quote of the evening is of the old one."""
    settings = Settings(watchlists={"ai": WatchlistSettings("AI", ["PLPC"])})
    final = quote("PLPC", 201.0, "2025-12-11T16:00", prev_close=200.0)
    halved = bars("PLPC", {"2025-12-09": 99.0, "2025-12-10": 100.0, "2025-12-11": 100.5})
    (row,) = board("2025-12-12T08:00", halved, final, settings=settings).watchlists[0].rows
    assert (row.closing, row.last) == (None, 100.5)


DAYS = sessions("2025-12-01", "2025-12-12")


@given(
    bars_to=st.integers(1, len(DAYS)),
    told=st.dictionaries(st.integers(0, len(DAYS) - 1), st.tuples(st.floats(0.97, 1.03), st.integers(0, 40))),
    at=st.integers(0, 24 * len(DAYS)),
)
def test_nothing_later_leaks_in(bars_to: int, told: dict[int, tuple[float, int]], at: int) -> None:
    """The bars at a moment are those of a tape that never heard of later sessions or of quotes received later."""
    history = bars("^GSPC", {str(day): CLOSES[str(day)] for day in DAYS[:bars_to]})
    quotes = [closing(DAYS[place], factor, hours) for place, (factor, hours) in sorted(told.items())]
    moment = ny("2025-12-01T00:00") + (ny("2025-12-01T12:00") - ny("2025-12-01T00:00")) / 12 * at
    seen = Tape().apply(Facts(quotes=tuple(quotes), bars=(history,))).cut(moment).bars.get("^GSPC")
    past = tuple(one for one in quotes if min(one.known_at, evening_of(one.session_date)) <= moment)
    known = cut_bars(history, moment)
    before = Tape().apply(Facts(quotes=past, bars=() if known is None else (known,))).cut(moment).bars.get("^GSPC")
    assert (seen is None) == (before is None)
    if seen is not None and before is not None:
        assert seen.frame.equals(before.frame)
        assert all(day.date() <= nyse().last_completed(moment) for day in seen.frame.index)


def closing(day: date, factor: float, hours: int) -> Quote:
    received = ny(f"{day}T16:15") + (ny("2025-12-02T00:00") - ny("2025-12-01T23:00")) * hours
    return replace(quote("^GSPC", CLOSES[str(day)] * factor, f"{day}T16:15"), known_at=received)
