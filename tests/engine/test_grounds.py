"""The mark of an evening changes with what is known of it, and with nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace as changed

from rallytui.config import Settings, WatchlistSettings
from rallytui.engine.grounds import grounds
from rallytui.model import Facts
from rallytui.tape import Tape
from tests.facts import market, ny, sessions
from tests.memory import memory_store

DAYS = sessions("2026-03-02", "2026-03-31")
LATE = date(2026, 3, 17)
WHOLE = Tape().apply(market("2026-03-31", "2025-01-02"))


def differing(tape: Tape) -> list[date]:
    """The evenings whose marks are not those of the whole tape."""
    here, whole = grounds(tape, Settings(), DAYS), grounds(WHOLE, Settings(), DAYS)
    return [day for day in DAYS if here[day] != whole[day]]


def without(items: Any, name: str) -> Any:
    return {key: item for key, item in items.items() if key != name}


@pytest.mark.parametrize(
    ("kind", "name"), [("bars", "^VIX"), ("bars", "HYG"), ("series", "DGS2"), ("companies", "MSFT")]
)
def test_a_name_that_came_later_changes_every_evening(kind: str, name: str) -> None:
    assert name in getattr(WHOLE, kind)
    assert differing(replace(WHOLE, **{kind: without(getattr(WHOLE, kind), name)})) == DAYS  # type: ignore[arg-type]


def test_bars_that_came_late_change_the_evenings_that_lacked_them() -> None:
    spy = WHOLE.bars["SPY"]
    short = replace(spy, frame=spy.frame[spy.frame.index < str(LATE)])
    assert differing(replace(WHOLE, bars={**WHOLE.bars, "SPY": short})) == [day for day in DAYS if day >= LATE]


def test_the_values_of_then_change_their_own_evening() -> None:
    then = replace(WHOLE.series["UNRATE"], vintage=LATE)
    assert differing(WHOLE.apply(Facts(series=(then,)))) == [LATE]


def test_what_no_record_is_judged_by_changes_nothing() -> None:
    spy = WHOLE.bars["SPY"]
    dropped = replace(spy, frame=spy.frame.iloc[20:])
    others = {**WHOLE.bars, "SPY": dropped, "MINE": replace(spy, symbol="MINE")}
    assert differing(replace(WHOLE, bars=others)) == []
    mine = changed(Settings(), watchlists={"mine": WatchlistSettings("Mine", ["MINE"])})
    assert grounds(WHOLE, mine, DAYS) == grounds(WHOLE, Settings(), DAYS)


def test_the_future_changes_no_evening() -> None:
    assert differing(WHOLE.cut(ny("2026-03-31T18:00"))) == []


def test_a_tape_that_was_read_back_has_the_same_marks() -> None:
    store = memory_store()
    store.save(market("2026-03-31", "2025-01-02"))
    assert differing(Tape().apply(store.load_facts())) == []
