"""The board's past: a record computed backwards is the one of that evening, and knows nothing later."""

from __future__ import annotations

import csv
import io
from datetime import date

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from rallytui.board.build import build_board
from rallytui.board.history import recorded, records_at, version
from rallytui.board.memo import Memo
from rallytui.board.shape import Board, Mark, Record, RungMark, TargetMark
from rallytui.config import Settings, WatchlistSettings
from rallytui.config.settings import IndicatorSettings, Thesis
from rallytui.report import history_csv
from rallytui.sessions import known_by, nyse
from rallytui.tape import Tape
from tests.facts import market, ny

SETTINGS, CALENDAR = Settings(), nyse()
FIRST, LAST = date(2025, 11, 24), date(2026, 3, 31)
DAYS = [day for day in CALENDAR.days if FIRST <= day <= LAST]


def whole() -> Tape:
    return Tape().apply(market())


def of_evening(day: date) -> Record:
    return record_of(build_board(whole(), SETTINGS, known_by(day), CALENDAR, mode="as_of"))


def record_of(board: Board) -> Record:
    return recorded(board.session.last_completed, board.risks, board.thesis, board.targets)


@settings(max_examples=4, deadline=None)
@given(st.sampled_from(DAYS[:-3]), st.integers(0, 3))
def test_a_record_computed_backwards_is_the_one_of_that_evening(start: date, steps: int) -> None:
    end = CALENDAR.after(start, steps) if steps else start
    days = [day for day in DAYS if start <= day <= end]
    found = records_at(whole(), SETTINGS, CALENDAR, days, Memo())
    assert [one.session for one in found] == days
    assert found[-1] == of_evening(end)


def test_parts_and_their_order_change_nothing() -> None:
    at_once = records_at(whole(), SETTINGS, CALENDAR, DAYS[:8], Memo())
    memo = Memo()
    later = records_at(whole(), SETTINGS, CALENDAR, DAYS[4:8], memo)
    earlier = records_at(whole(), SETTINGS, CALENDAR, DAYS[:4], memo)
    assert earlier + later == at_once
    assert records_at(whole(), SETTINGS, CALENDAR, [DAYS[1], DAYS[6]], Memo()) == [at_once[1], at_once[6]]
    assert records_at(whole().cut(ny("2025-12-10T19:00")), SETTINGS, CALENDAR, DAYS[:8], Memo()) == at_once


def test_a_record_holds_what_the_board_judged() -> None:
    made = build_board(whole(), SETTINGS, known_by(LAST), CALENDAR, mode="as_of")
    record = record_of(made)
    assert record.composite == Mark(made.risks.composite.score, made.risks.composite.band)
    assert record.claims == {claim.id: claim.status for claim in made.thesis}
    assert record.targets[0].close == made.targets[0].last
    assert [rung.level for rung in record.targets[0].rungs] == [rung.level for rung in made.targets[0].rungs]
    assert len(record.indicators) == sum(len(group.indicators) for group in made.risks.groups)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(record), type=Record) == record


def test_the_version_follows_the_settings_that_matter() -> None:
    off = replace(SETTINGS.risk, indicators={"VC1": IndicatorSettings(on=False)})
    same = [
        replace(SETTINGS, watchlists={"mine": WatchlistSettings("Mine", ["AAPL"])}),
        replace(SETTINGS, display=replace(SETTINGS.display, theme="light")),
    ]
    others = [
        replace(SETTINGS, risk=off),
        replace(SETTINGS, thesis=Thesis(name=SETTINGS.thesis.name, baseline=date(2025, 12, 1))),
        replace(SETTINGS, targets=[replace(SETTINGS.targets[0], levels=[7000.0])]),
        replace(SETTINGS, claims=replace(SETTINGS.claims, capex_bn=600.0)),
    ]
    assert {version(one) for one in same} == {version(SETTINGS)}
    assert len({version(one) for one in (SETTINGS, *others)}) == 1 + len(others)


def test_the_table_has_a_line_for_each_item() -> None:
    rungs = [RungMark(6900.0, "reached", False), RungMark(7269.5, "open", None)]
    record = Record(
        session=date(2025, 12, 11),
        composite=Mark(41.5, "watch"),
        coverage=0.9,
        groups={"VC": Mark(None, "unknown")},
        indicators={"VC1": Mark(12.0, "calm")},
        claims={"D1": "broken"},
        targets=[TargetMark("^GSPC", 6901.0, rungs), TargetMark("=X", None)],
    )
    assert list(csv.reader(io.StringIO(history_csv([record])))) == [
        ["session", "kind", "id", "value", "state"],
        ["2025-12-11", "composite", "score", "41.5", "watch"],
        ["2025-12-11", "composite", "coverage", "0.9", ""],
        ["2025-12-11", "group", "VC", "", "unknown"],
        ["2025-12-11", "indicator", "VC1", "12.0", "calm"],
        ["2025-12-11", "claim", "D1", "", "broken"],
        ["2025-12-11", "close", "^GSPC", "6901.0", ""],
        ["2025-12-11", "rung", "^GSPC 6900", "6900.0", "reached before"],
        ["2025-12-11", "rung", "^GSPC 7269.5", "7269.5", "open"],
        ["2025-12-11", "close", "'=X", "", ""],
    ]
