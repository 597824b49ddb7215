"""The tape: what is added stays, what adds nothing changes nothing, and nothing is known before its time."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as budget
from hypothesis import strategies as st

from rallytui.board import replay
from rallytui.board.build import Builder, build_board
from rallytui.board.shape import Board
from rallytui.clock import FrozenClock
from rallytui.config import ProviderSettings, Settings
from rallytui.config.settings import Risk
from rallytui.feed.wants import wants
from rallytui.macro import CATALOG
from rallytui.model import Bars, Facts, Filing, Health, Series
from rallytui.providers import create
from rallytui.report import to_json
from rallytui.sessions import known_by, nyse
from rallytui.tape import Tape, as_known
from tests.facts import bars, day, market, ny, quarters, quote, series

CLOSES = {"2025-11-24": 6705.12, "2025-11-25": 6765.88, "2025-11-26": 6812.61}


WEEKS = {"2025-11-08": 220_000.0, "2025-11-15": 222_000.0, "2025-11-22": 950_000.0}


def icsa(rows: dict[str, float], received: str, **more: Any) -> Series:
    return series("ICSA", rows, ny(received), **more)


def test_what_a_newer_answer_no_longer_has_is_withdrawn() -> None:
    """METHODOLOGY G.6: gone from then on, and still there for whoever looks at the day before."""
    right = {day: value for day, value in WEEKS.items() if value < 900_000}
    first, second = icsa(WEEKS, "2025-11-28T12:00"), icsa(right, "2025-12-02T12:00", covers=date(2025, 11, 22))
    tape = Tape().apply(Facts(series=(first,))).apply(Facts(series=(second,)))
    found = tape.series["ICSA"]
    assert as_known(found).dropna().to_dict() == {pd.Timestamp(day): value for day, value in right.items()}
    assert (found.last_day, len(found.frame)) == (date(2025, 11, 15), 4)
    then = tape.cut(ny("2025-12-01T12:00")).series["ICSA"]
    assert as_known(then).iloc[-1] == 950_000.0
    assert tape.apply(Facts(series=(second,))).series["ICSA"] is found, "it is said once"
    back = tape.apply(Facts(series=(icsa(WEEKS, "2025-12-05T12:00"),))).series["ICSA"]
    assert (as_known(back).iloc[-1], back.last_day) == (950_000.0, date(2025, 11, 22))


@pytest.mark.parametrize(
    "answer",
    [
        icsa({"2025-11-15": 222_000.0}, "2025-12-02T12:00"),  # it ends before
        icsa({"2025-11-29": 221_000.0}, "2025-12-02T12:00"),  # it begins after
        icsa({"2025-11-15": 222_000.0, "2025-11-29": 221_000.0}, "2025-12-02T12:00", source="treasury"),
    ],
)
def test_what_an_answer_does_not_cover_stands(answer: Series) -> None:
    tape = Tape().apply(Facts(series=(icsa(WEEKS, "2025-11-28T12:00"),))).apply(Facts(series=(answer,)))
    known = as_known(tape.series["ICSA"])
    assert known[pd.Timestamp("2025-11-22")] == 950_000.0


def index_closes(tape: Tape, symbol: str = "^GSPC") -> list[float]:
    found: list[float] = tape.bars[symbol].frame["close"].tolist()
    return found


def test_a_tape_is_never_changed_in_place() -> None:
    empty = Tape()
    full = empty.apply(Facts(quotes=(quote("PLPC", 200, "2025-11-26T11:00"),), bars=(bars("^GSPC", CLOSES),)))
    assert (dict(empty.quotes), dict(empty.bars)) == ({}, {})
    assert list(full.quotes) == ["PLPC"]
    assert index_closes(full) == list(CLOSES.values())


def test_what_adds_nothing_leaves_every_object_as_it_was() -> None:
    first = Facts(
        bars=(bars("^GSPC", CLOSES), bars("PLPC", CLOSES)),
        series=(series("DGS2", {"2025-11-24": 3.5, "2025-11-25": 3.4}),),
        companies=(quarters("PLPC", [1e8] * 6),),
    )
    again = Facts(
        bars=(bars("^GSPC", CLOSES), bars("^GSPC", dict(list(CLOSES.items())[1:]))),
        series=(series("DGS2", {"2025-11-25": 3.4}),),
        companies=(quarters("PLPC", [1e8] * 6),),
    )
    tape = Tape().apply(first)
    same = tape.apply(again)
    assert same.bars is tape.bars
    assert same.series is tape.series
    assert same.companies is tape.companies
    assert tape.apply(Facts()).quotes is tape.quotes


def test_only_what_is_new_gets_a_new_object() -> None:
    tape = Tape().apply(Facts(bars=(bars("^GSPC", CLOSES), bars("PLPC", CLOSES))))
    later = tape.apply(Facts(bars=(bars("^GSPC", {"2025-11-28": 6849.09}),)))
    assert later.bars["PLPC"] is tape.bars["PLPC"]
    assert index_closes(later) == [*CLOSES.values(), 6849.09]


def test_cutting_twice_at_one_place_gives_the_same_object() -> None:
    rates, filer = series("DGS2", {"2025-11-24": 3.5, "2025-11-25": 3.4}), quarters("PLPC", [1e8, 2e8, 3e8])
    tape = Tape().apply(Facts(bars=(bars("^GSPC", CLOSES),), series=(rates,), companies=(filer,)))
    first, second = (tape.cut(ny(f"2025-11-25T{hour}:00")) for hour in (19, 20))
    assert first.bars["^GSPC"] is second.bars["^GSPC"]
    assert first.series["DGS2"] is second.series["DGS2"]
    assert first.companies["PLPC"] is second.companies["PLPC"]
    whole = tape.cut(ny("2026-07-01T12:00"))
    assert whole.bars["^GSPC"] is tape.bars["^GSPC"]
    assert whole.series["DGS2"] is tape.series["DGS2"]
    assert whole.companies["PLPC"] is tape.companies["PLPC"]


@pytest.mark.parametrize(
    ("at", "known"),
    [
        ("2025-11-24T17:59", None),
        ("2025-11-24T18:00", 1),
        ("2025-11-25T17:59:59", 1),
        ("2025-11-25T18:00", 2),
        ("2025-11-29T09:00", 3),
    ],
)
def test_a_bar_is_known_at_six_in_the_evening(at: str, known: int | None) -> None:
    cut = Tape().apply(Facts(bars=(bars("^GSPC", CLOSES),))).cut(ny(at))
    assert (len(cut.bars["^GSPC"].frame) if "^GSPC" in cut.bars else None) == known


def test_a_quote_is_known_when_it_was_received_and_not_when_it_was_traded() -> None:
    tape = Tape().apply(Facts(quotes=(quote("PLPC", 200, "2025-11-26T11:00", "2025-11-26T11:15"),)))
    assert not tape.cut(ny("2025-11-26T11:14")).quotes
    assert tape.cut(ny("2025-11-26T11:15")).quotes["PLPC"].price == 200


def test_filings_are_known_on_the_evening_of_their_day() -> None:
    tape = Tape().apply(Facts(companies=(quarters("PLPC", [1e8, 2e8, 3e8]),)))
    before, after = (tape.cut(ny(f"2026-02-04T{hour}")).companies["PLPC"] for hour in ("17:59", "18:00"))
    assert {fact.filed for fact in before.facts} == {day("2025-11-04")}
    assert {fact.filed for fact in after.facts} == {day("2025-11-04"), day("2026-02-04")}
    assert "PLPC" not in tape.cut(ny("2025-11-04T17:00")).companies
    assert tape.cut(ny("2026-05-05T18:00")).companies["PLPC"] is tape.companies["PLPC"]


def test_the_quote_of_the_later_trade_stays() -> None:
    late, early = quote("PLPC", 201, "2025-11-26T11:05"), quote("PLPC", 200, "2025-11-26T11:00", "2025-11-26T11:20")
    tape = Tape().apply(Facts(quotes=(late,)))
    assert tape.apply(Facts(quotes=(early,))).quotes["PLPC"] is late
    assert tape.apply(Facts(quotes=(early,))).quotes is tape.quotes


def test_a_split_replaces_the_old_basis() -> None:
    tape = Tape().apply(Facts(bars=(bars("PLPC", {"2025-11-24": 300, "2025-11-25": 306, "2025-11-26": 303}),)))
    halved = tape.apply(Facts(bars=(bars("PLPC", {"2025-11-25": 153, "2025-11-26": 151.5, "2025-11-28": 152}),)))
    assert index_closes(halved, "PLPC") == [153, 151.5, 152], "closes of two bases never stand side by side"


def test_a_correction_within_half_a_percent_is_taken_over() -> None:
    tape = Tape().apply(Facts(bars=(bars("PLPC", {"2025-11-24": 300, "2025-11-25": 306}),)))
    fixed = tape.apply(Facts(bars=(bars("PLPC", {"2025-11-25": 306.01, "2025-11-26": 303}),)))
    assert index_closes(fixed, "PLPC") == [300, 306.01, 303]


def test_an_answer_without_bars_takes_none_away() -> None:
    tape = Tape().apply(Facts(bars=(bars("PLPC", CLOSES),)))
    assert tape.apply(Facts(bars=(bars("PLPC", {}),))).bars is tape.bars


def test_a_revision_is_known_when_it_was_received_and_the_first_value_stays_before() -> None:
    received = ny("2026-01-09T08:30")
    tape = Tape().apply(Facts(series=(series("UNRATE", {"2025-09-01": 4.4, "2025-11-01": 4.6}),)))
    tape = tape.apply(Facts(series=(series("UNRATE", {"2025-11-01": 4.5, "2025-12-01": 4.4}, received),)))
    then, now = (tape.cut(moment).series["UNRATE"].frame for moment in (received - timedelta(seconds=1), received))
    assert then["value"].tolist() == [4.4, 4.6]
    assert now["value"].tolist() == [4.4, 4.6, 4.5, 4.4]
    assert now["obs"].is_monotonic_increasing


def test_a_vintage_counts_on_its_day_only() -> None:
    plain = series("UNRATE", {"2025-09-01": 4.3, "2025-11-01": 4.5})
    vintage = series("UNRATE", {"2025-09-01": 4.4, "2025-11-01": 4.6}, vintage=day("2025-12-20"))
    tape = Tape().apply(Facts(series=(plain, vintage)))
    assert tape.series["UNRATE"] is plain
    assert tape.cut(ny("2025-12-20T18:00")).series["UNRATE"].frame["value"].tolist() == [4.4, 4.6]
    assert tape.cut(ny("2025-12-21T18:00")).series["UNRATE"].frame["value"].tolist() == [4.3, 4.5]


def test_filings_survive_a_source_that_has_facts_only() -> None:
    whole = quarters("PLPC", [1e8, 2e8])
    from_sec = replace(whole, filings=(Filing("10-Q", day("2026-05-04"), None, None, "0001-26-000001", ""),))
    newer = quarters("PLPC", [1e8, 2e8, 3e8], source="yahoo")
    tape = Tape().apply(Facts(companies=(from_sec,))).apply(Facts(companies=(newer,)))
    assert tape.companies["PLPC"].filings == from_sec.filings
    assert tape.companies["PLPC"].facts == newer.facts


def test_what_is_empty_is_not_known() -> None:
    cut = Tape().apply(Facts(bars=(bars("PLPC", {}),), series=(series("DGS2", {}),))).cut(ny("2026-01-05T12:00"))
    assert (dict(cut.bars), dict(cut.series)) == ({}, {})


def test_health_is_replaced_by_name() -> None:
    tape = Tape().apply(Facts(health={"cboe": Health("cboe"), "fred": Health("fred")}))
    after = tape.apply(Facts(health={"cboe": Health("cboe", "ok")}))
    assert (after.health["cboe"].status, after.health["fred"].status) == ("ok", "untried")
    assert tape.health["cboe"].status == "untried"


# ---- No look-ahead: the board of an instant does not change when facts that became known later are added.


def known_then(facts: Facts, at: datetime) -> Facts:
    """What of `facts` was known at `at`, worked out row by row and apart from `Tape.cut`."""
    return Facts(
        quotes=tuple(one for one in facts.quotes if one.known_at <= at),
        bars=tuple(replace(one, frame=one.frame[evenings(one) <= at.timestamp()]) for one in facts.bars),
        series=tuple(replace(one, frame=one.frame[one.frame["known_at"] <= pd.Timestamp(at)]) for one in facts.series),
        companies=tuple(
            replace(
                one,
                facts=tuple(fact for fact in one.facts if known_by(fact.filed) <= at),
                filings=tuple(each for each in one.filings if known_by(each.filed) <= at),
            )
            for one in facts.companies
        ),
    )


@cache
def evenings(one: Bars) -> np.ndarray:
    """When each bar was known, seconds since 1970."""
    return np.array([known_by(stamp.date()).timestamp() for stamp in one.frame.index])


def board_of(facts: Facts, at: datetime) -> Board:
    return build_board(Tape().apply(facts), Settings(), at, nyse(), mode="as_of")


INSTANTS = st.integers(0, 576 * 24 * 60).map(lambda minutes: ny("2024-09-01T00:00") + timedelta(minutes=minutes))


@budget(max_examples=50, deadline=None, derandomize=True)
@given(INSTANTS)
def test_no_look_ahead(at: datetime) -> None:
    small = few(market())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replay, "REPLAY_SESSIONS", 30)
        assert board_of(small, at) == board_of(known_then(small, at), at)


@cache
def few(facts: Facts) -> Facts:
    """The index, one name, what the risk pane needs of prices, and one series of each frequency."""
    kept = {"^GSPC", "^VIX", "^VIX3M", "SPY", "GLD", "SMH", "PLPC"}
    names = {"DGS2", "DFF", "ICSA", "UNRATE", "OPHNFB"}
    return Facts(
        bars=tuple(one for one in facts.bars if one.symbol in kept),
        series=tuple(one for one in facts.series if one.id in names),
        companies=facts.companies[:1],
    )


@budget(max_examples=6, deadline=None, derandomize=True)
@given(INSTANTS, st.integers(0, 400))
def test_a_tape_that_grew_day_by_day_says_the_same(at: datetime, hours: int) -> None:
    small = few(market())
    grown = Tape().apply(known_then(small, at))
    at_once = build_board(grown, Settings(), at, nyse(), mode="as_of")
    for later in (at + timedelta(hours=hours), datetime(2026, 4, 1, tzinfo=UTC)):
        grown = grown.apply(known_then(small, later))
    assert build_board(grown, Settings(), at, nyse(), mode="as_of") == at_once


def test_a_quote_of_today_changes_nothing_of_the_past() -> None:
    small, at = few(market()), ny("2026-02-10T18:00")
    late = (quote("^GSPC", 7000, "2026-03-31T15:00"), quote("PLPC", 1, "2026-03-31T15:00"))
    with_quotes = replace(small, quotes=late)
    assert board_of(with_quotes, at) == board_of(small, at)
    evening = quote("^GSPC", 5100, "2026-02-10T15:59", known="2026-02-10T16:10")
    seen = Tape().apply(small).apply(Facts(quotes=(evening,)))
    replaced = seen.apply(Facts(quotes=late))
    before, after = (build_board(tape, Settings(), at, nyse(), mode="as_of") for tape in (seen, replaced))
    assert to_json(after) == to_json(before), "the evening's readings come from the finished bar"


def revised(one: Series) -> Series:
    """The series with every third value revised a month after it was known."""
    rows = one.frame.iloc[::3].assign(value=one.frame["value"] * 1.01 + 0.01)
    rows = rows.assign(known_at=rows["known_at"] + pd.Timedelta(days=30))
    joined = pd.concat([one.frame, rows]).sort_values(["obs", "known_at"], kind="stable", ignore_index=True)
    return replace(one, frame=joined)


@cache
def simulated() -> Facts:
    """All that the default thesis reads, as the simulated provider has it, with revisions put in."""
    clock = FrozenClock(ny("2026-07-23T20:30"))
    source: Any = create("simulated", ProviderSettings(), clock)
    needed = wants(Settings())

    async def ask() -> Facts:
        start, end = date(2024, 6, 3), date(2026, 7, 23)
        return Facts(
            bars=tuple([await source.bars(name, start, end) for name in needed.bars]),
            series=tuple([revised(await source.series(name, start)) for name in CATALOG]),
            companies=tuple(
                [await source.company(name) for name in needed.companies if source.serves("companies", name)]
            ),
        )

    return asyncio.run(ask())


@pytest.mark.parametrize("half", [0, 1])
def test_no_look_ahead_on_a_whole_market(half: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every default reading on 101 random instants, the lights replayed over a few sessions to keep it quick."""
    monkeypatch.setattr(replay, "REPLAY_SESSIONS", 6)
    facts, dice = simulated(), random.Random(half)
    first, last = ny("2025-07-01T00:00"), ny("2026-07-23T00:00")
    own = Settings(risk=Risk(hyperscalers=["MSFT", "AMZN", "ORCL"]))
    tape, builder, calendar = Tape().apply(facts), Builder(own, nyse()), nyse()
    for at in sorted(first + dice.random() * (last - first) for _ in range(101)):
        alone = build_board(Tape().apply(known_then(facts, at)), own, at, calendar, mode="as_of")
        assert builder.build(tape, at, "as_of") == alone, at
