"""What an open page shows: whole history, quarters, filings, a risk's past; and that all of it is of its moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rallytui.board.build import Builder, build_board
from rallytui.board.shape import Board, Candles, IndicatorCloseUp, SymbolCloseUp
from rallytui.config import Settings
from rallytui.indicators.pricepath import sma, sma_line
from rallytui.indicators.scoring import replay, replays
from rallytui.macro import to_series
from rallytui.model import Company, Facts, Filing, Intraday
from rallytui.sessions import known_by, nyse
from rallytui.tape import Tape
from tests.board.samples import board, indicators
from tests.facts import bars, frame, market, ny, quarters, sessions

SETTINGS, CALENDAR = Settings(), nyse()
EVENING = "2026-03-31T18:00"


def symbol(at: str, name: str, *facts: object, **more: object) -> SymbolCloseUp:
    found = board(at, *facts, opened=("symbol", name), **more).close_up
    assert isinstance(found, SymbolCloseUp)
    return found


def risk(at: datetime, name: str, builder: Builder | None = None) -> IndicatorCloseUp:
    tape, opened = Tape().apply(market()), ("indicator", name)
    made = builder or Builder(SETTINGS, CALENDAR)
    found = made.build(tape, at, "as_of", opened=opened).close_up
    assert isinstance(found, IndicatorCloseUp)
    return found


def test_nothing_is_carried_for_a_page_that_is_not_open() -> None:
    assert board(EVENING, market()).close_up is None
    assert board(EVENING, market(), opened=("indicator", "NONE")).close_up is None
    assert board(EVENING, market(), opened=("target", "^GSPC")).close_up is None


def test_a_name_shows_its_whole_history() -> None:
    history = next(one for one in market().bars if one.symbol == "PATH").frame
    found = symbol(EVENING, "PATH", market())
    assert found.daily.times == [stamp.date().toordinal() for stamp in history.index]
    assert found.daily.close == history["close"].tolist()
    assert found.daily.volume == history["volume"].tolist()
    assert (found.daily.source, found.daily.missing) == ("Yahoo", "")
    for name, n in (("sma50", 50), ("sma200", 200)):
        line = found.averages[name]
        assert line[: n - 1] == [None] * (n - 1)
        assert line[-1] == pytest.approx(sma(history["close"], n), abs=1e-4)


def test_a_day_without_a_close_is_no_candle() -> None:
    days = sessions("2025-06-02", "2025-12-31")
    closes = [100.0 + place for place in range(len(days))]
    closes[60] = float("nan")
    history = bars("PATH", {}, "yahoo")
    holed = type(history)("PATH", frame(days, closes, volume=np.full(len(days), np.nan)), "yahoo", "PATH Inc")
    found = symbol("2025-12-31T18:00", "PATH", holed)
    assert len(found.daily.times) == len(days) - 1 == len(found.averages["sma50"])
    assert days[60].toordinal() not in found.daily.times
    assert set(found.daily.volume) == {None}
    msgspec.json.encode(found)  # no NaN got into it


def test_what_there_is_not_has_a_sentence() -> None:
    found = symbol(EVENING, "NONE")
    assert found.daily == Candles(missing="No source has answered with a daily history of NONE yet.")
    assert "asked for while its page is open" in found.intraday.missing
    assert found.quarters_missing == "No filings of NONE: no source has had them yet."
    assert "No filings of NONE" in found.filings_missing
    index = symbol(EVENING, "^GSPC", market())
    assert index.quarters_missing == "An index reports no quarters."
    assert "not kept" in symbol(EVENING, "^GSPC", market(), mode="as_of").intraday.missing
    assert "no list of filings" in symbol(EVENING, "X", quarters("X", [1e6], "2025-12-31", "yahoo")).filings_missing
    assert "no revenue" in symbol(EVENING, "X", Company("X", (), (), "X", "sec")).quarters_missing


def test_quarters_are_those_filed_by_then_newest_first() -> None:
    filer = quarters("PATH", [1e8 * 1.05**n for n in range(14)], "2026-03-31", "sec")
    later = symbol("2026-05-06T12:00", "PATH", filer).quarters
    before = symbol("2026-04-30T12:00", "PATH", filer).quarters
    assert later[0].end == date(2026, 3, 31)
    assert later[1:] == before
    assert later[0].revenue_yoy_pct == pytest.approx(100 * (1.05**4 - 1))
    assert [one.revenue_yoy_pct for one in later[-4:]] == [None] * 4, "nothing a year before the oldest four"


def test_a_quarter_was_filed_when_it_was_first_and_not_when_it_was_compared_with() -> None:
    filer = quarters("PATH", [1e8 * 1.05**n for n in range(14)], "2026-03-31", "sec")
    again = [replace(one, filed=date(one.filed.year + 1, one.filed.month, one.filed.day)) for one in filer.facts]
    known = replace(filer, facts=(*filer.facts, *again))
    assert symbol(EVENING, "PATH", known).quarters == symbol(EVENING, "PATH", filer).quarters


def test_filings_are_the_newest_forty_of_then() -> None:
    days = sessions("2025-09-01", "2025-12-31")
    listed = tuple(Filing("8-K", day, None, None, f"{n:010d}", f"https://sec.gov/{n}") for n, day in enumerate(days))
    found = symbol("2025-12-31T12:00", "X", Company("X", (), listed, "X", "sec")).filings
    assert [one.filed for one in found] == days[-41:-1][::-1], "the filing of the day itself comes with its evening"
    assert found[0].url == f"https://sec.gov/{len(days) - 2}"


def test_intraday_candles_are_those_over_by_then() -> None:
    times = [ny(f"2025-12-10T10:{minute:02d}") for minute in (0, 5, 10)]
    rows = frame([date(2025, 12, 10)] * 3, [14.0, 14.5, 15.0]).drop(columns="adj_close")
    rows.index = type(rows.index)(times)
    rows.loc[rows.index[1], "open"] = np.nan
    kept = Tape(intraday={"PATH": Intraday("PATH", rows, "yahoo", ny("2025-12-10T09:00"))})
    made = build_board(kept, SETTINGS, ny("2025-12-10T10:12"), CALENDAR, opened=("symbol", "PATH")).close_up
    assert isinstance(made, SymbolCloseUp)
    assert made.intraday.times == [int(time.timestamp()) for time in times[:2]]
    assert (made.intraday.open, made.intraday.close) == ([14.0, None], [14.0, 14.5])
    assert made.intraday.source == "Yahoo"


def test_a_risk_shows_what_its_board_showed() -> None:
    builder = Builder(SETTINGS, CALENDAR)
    found = {name: risk(ny(EVENING), name, builder) for name in ("VC1", "LB1", "AI1", "FD2", "SH1")}
    for day in (date(2026, 3, 31), date(2026, 2, 17), date(2025, 9, 15), date(2025, 6, 2)):
        then = indicators(build_board(Tape().apply(market()), SETTINGS, known_by(day), CALENDAR, mode="as_of"))
        for name, one in found.items():
            place = one.times.index(day.toordinal())
            assert (one.values[place], one.scores[place], one.lights[place]) == (
                then[name].value,
                then[name].score,
                then[name].band,
            ), (name, day)
    assert found["VC1"].knots == indicators(board(EVENING, market()))["VC1"].knots


def test_a_risk_without_data_says_why() -> None:
    found = board(EVENING, opened=("indicator", "VC1")).close_up
    assert isinstance(found, IndicatorCloseUp)
    assert found.times == found.values == []
    assert found.missing.startswith("Unknown: no data for ^VIX")


@pytest.mark.parametrize("opened", [("symbol", "PATH"), ("indicator", "AI1")])
def test_a_builder_that_has_looked_elsewhere_says_the_same(opened: tuple[str, str]) -> None:
    builder, tape = Builder(SETTINGS, CALENDAR), Tape().apply(market())
    for at in (ny(EVENING), ny("2026-02-03T11:00"), ny("2026-01-30T18:00")):
        builder.build(tape, at, "as_of", opened=("symbol", "INOD"))
        whole: Board = build_board(tape, SETTINGS, at, CALENDAR, mode="as_of", opened=opened)
        assert builder.build(tape, at, "as_of", opened=opened) == whole


def test_a_revision_between_two_days_is_seen_from_its_own_day_on() -> None:
    first = next(one for one in market().series if one.id == "SAHMREALTIME")
    rows = first.frame.drop_duplicates("obs")
    dated = [(stamp.date(), value + 0.4) for stamp, value in zip(rows["obs"], rows["value"], strict=True)]
    revised = to_series("SAHMREALTIME", dated, "fred", ny("2026-03-10T09:00"))
    tape = Tape().apply(market()).apply(Facts(series=(revised,)))
    vintage = replace(revised, vintage=date(2026, 3, 5), frame=first.frame.assign(value=first.frame["value"] - 0.4))
    tape = tape.apply(Facts(series=(vintage,)))
    builder, values = Builder(SETTINGS, CALENDAR), []
    for day in (12, 9, 5, 10, 4):
        at = known_by(date(2026, 3, day))
        made = builder.build(tape, at, "as_of")
        assert made == build_board(tape, SETTINGS, at, CALENDAR, mode="as_of"), day
        values.append(indicators(made)["LB1"].value)
    assert len(set(values)) > 1


def test_a_target_has_its_whole_history_and_averages() -> None:
    made = board(EVENING, market())
    chart, history = made.charts["^GSPC"], next(one for one in market().bars if one.symbol == "^GSPC").frame
    assert chart.closes == history["close"].tolist()
    assert set(chart.extra) == {"plan", "sma50", "sma200"}
    assert {len(line) for line in chart.extra.values()} == {len(chart.days)}
    assert len(made.charts["PATH"].closes) == 260
    cone = [chart.future[name] for name in ("low2", "low1", "high1", "high2")]
    assert all(list(points) == sorted(points) for points in zip(*cone, strict=True))


@given(st.lists(st.one_of(st.none(), st.floats(1, 1e5)), max_size=40), st.integers(1, 6))
def test_an_average_line_is_the_average_at_each_close(closes: list[float | None], n: int) -> None:
    column = np.array([np.nan if close is None else close for close in closes])
    line = sma_line(column, n)
    for place, close in enumerate(closes):
        wanted = sma(column[: place + 1], n) if close is not None else None
        assert np.isnan(line[place]) if wanted is None else line[place] == pytest.approx(wanted)


@given(st.lists(st.one_of(st.none(), st.floats(0, 100), st.sampled_from([34.0, 37.0, 67.0, 72.0])), max_size=60))
def test_rolling_replays_are_replays(scores: list[float | None]) -> None:
    for window in (1, 2, 5, 20):
        assert replays(scores, window) == [
            replay(scores[max(0, end - window) : end])[-1] for end in range(1, len(scores) + 1)
        ]
