"""New York sessions: the vectors of the methodology's section E, and what must hold on every day."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rallytui.sessions import Calendar, known_by, new_york_date, nyse
from tests.facts import day, ny

GOLDEN: dict[str, Any] = json.loads((Path(__file__).parent / "fixtures" / "golden_sessions.json").read_text("utf-8"))
DAYS = st.dates(date(1993, 6, 1), date(2033, 6, 1))
MOMENTS = st.integers(740_000_000, 2_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("year", GOLDEN["holidays"])
def test_every_weekday_is_a_session_but_the_holidays(calendar: Calendar, year: str) -> None:
    first = date(int(year), 1, 1)
    weekdays = [first + timedelta(n) for n in range(366) if (first + timedelta(n)).year == first.year]
    closed = [f"{one}" for one in weekdays if one.weekday() < 5 and not calendar.is_session(one)]
    assert closed == GOLDEN["holidays"][year]
    assert not any(calendar.is_session(one) for one in weekdays if one.weekday() > 4)


def test_early_closes_are_those_of_the_table(calendar: Calendar) -> None:
    found = sorted(f"{one}" for one in calendar.early if day("2024-01-01") <= one <= day("2028-12-31"))
    assert found == GOLDEN["early_closes"]


@pytest.mark.parametrize("case", GOLDEN["classify"], ids=lambda case: case["ny"])
def test_part_of_the_day(calendar: Calendar, case: dict[str, str]) -> None:
    assert calendar.state_at(moment(case["utc"])) == case["session"]
    assert calendar.state_at(moment(case["ny"])) == case["session"], "the same instant in another zone"


@pytest.mark.parametrize("case", GOLDEN["counts"], ids=lambda case: f"{case['after']} {case['through']}")
def test_counts(calendar: Calendar, case: dict[str, Any]) -> None:
    start, end = day(case["after"]), day(case["through"])
    assert calendar.count(start, end) == case["sessions"]
    assert len(calendar.between(start, end)) == case["sessions"]
    assert (end - start).days == case["calendar_days"]


@pytest.mark.parametrize("year", GOLDEN["sessions_per_year"])
def test_sessions_a_year(calendar: Calendar, year: str) -> None:
    found = calendar.count(date(int(year) - 1, 12, 31), date(int(year), 12, 31))
    assert found == GOLDEN["sessions_per_year"][year]


@pytest.mark.parametrize("case", GOLDEN["expected_last_close"], ids=lambda case: case["now"])
def test_last_completed(calendar: Calendar, case: dict[str, str]) -> None:
    assert calendar.last_completed(moment(case["now"])) == day(case["last_completed_session"])


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2025-11-26T03:59:59", "closed"),
        ("2025-11-26T04:00", "pre"),
        ("2025-11-26T09:30", "regular"),
        ("2025-11-26T19:59:59", "post"),
        ("2025-11-26T20:00", "closed"),
        ("2025-11-28T13:00", "post"),
        ("2025-11-28T16:59:59", "post"),
        ("2025-11-28T17:00", "closed"),
        ("2025-11-29T11:00", "closed"),
        ("2025-11-27T11:00", "closed"),
    ],
)
def test_intervals_are_half_open(calendar: Calendar, at: str, state: str) -> None:
    assert calendar.state_at(ny(at)) == state


@pytest.mark.parametrize(
    ("session", "opens", "closes"),
    [
        ("2026-03-06", "2026-03-06T14:30+00:00", "2026-03-06T21:00+00:00"),
        ("2026-03-09", "2026-03-09T13:30+00:00", "2026-03-09T20:00+00:00"),
        ("2025-10-31", "2025-10-31T13:30+00:00", "2025-10-31T20:00+00:00"),
        ("2025-11-03", "2025-11-03T14:30+00:00", "2025-11-03T21:00+00:00"),
        ("2025-07-03", "2025-07-03T13:30+00:00", "2025-07-03T17:00+00:00"),
        ("2025-11-28", "2025-11-28T14:30+00:00", "2025-11-28T18:00+00:00"),
    ],
)
def test_hours_follow_new_york_through_the_change_of_clocks(
    calendar: Calendar, session: str, opens: str, closes: str
) -> None:
    assert calendar.open_at(day(session)) == moment(opens)
    assert calendar.close_at(day(session)) == moment(closes)
    assert calendar.last_completed(moment(closes)) == day(session)
    assert calendar.last_completed(moment(closes) - timedelta(seconds=1)) < day(session)


def test_a_bar_is_known_at_six_in_the_evening_even_after_an_early_close(calendar: Calendar) -> None:
    assert calendar.last_final(ny("2025-11-28T17:59:59")) == day("2025-11-26")
    assert calendar.last_final(ny("2025-11-28T18:00")) == day("2025-11-28")
    assert known_by(day("2025-11-28")) == ny("2025-11-28T18:00")
    assert known_by(day("2025-07-04")) == datetime(2025, 7, 4, 22, tzinfo=UTC)


def test_the_last_day_of_2027_is_a_full_session(calendar: Calendar) -> None:
    last = day("2027-12-31")
    assert calendar.is_session(last)
    assert last not in calendar.early
    assert calendar.state_at(ny("2027-12-31T15:59")) == "regular"
    assert calendar.after(last) == day("2028-01-03")


def test_next_open(calendar: Calendar) -> None:
    assert calendar.next_open(ny("2025-11-26T09:29:59")) == ny("2025-11-26T09:30")
    assert calendar.next_open(ny("2025-11-26T09:30")) == ny("2025-11-28T09:30"), "after an opening comes another"
    assert calendar.next_open(ny("2026-03-07T12:00")) == ny("2026-03-09T09:30")


def test_closures_of_the_config_are_left_out(calendar: Calendar) -> None:
    closed = nyse(frozenset([day("2026-09-11")]))
    assert calendar.is_session(day("2026-09-11"))
    assert not closed.is_session(day("2026-09-11"))
    assert closed.state_at(ny("2026-09-11T11:00")) == "closed"
    assert closed.after(day("2026-09-10")) == day("2026-09-14")
    assert closed.count(day("2026-09-10"), day("2026-09-14")) == 1
    assert closed.last_completed(ny("2026-09-11T23:00")) == day("2026-09-10")


@pytest.mark.parametrize("steps", [1, 2, 400, -1, -400])
def test_outside_the_calendar_is_an_error(steps: int) -> None:
    small = Calendar((day("2025-11-25"), day("2025-11-26")), frozenset())
    with pytest.raises(ValueError, match="calendar"):
        small.after(day("2025-11-26" if steps > 0 else "2025-11-25"), steps)
    with pytest.raises(ValueError, match="calendar"):
        small.on_or_before(day("2025-11-24"))


@given(DAYS, st.integers(1, 300))
def test_steps_and_counts_agree(start: date, steps: int) -> None:
    calendar = nyse()
    later, earlier = calendar.after(start, steps), calendar.after(start, -steps)
    assert earlier < start < later
    assert calendar.is_session(later)
    assert calendar.is_session(earlier)
    assert calendar.count(start, later) == steps
    assert calendar.count(earlier, start) == steps - (not calendar.is_session(start))
    assert calendar.after(later, -steps) == calendar.on_or_before(start)
    assert calendar.between(start, later)[-1] == later


@given(st.tuples(DAYS, DAYS, DAYS).map(sorted))
def test_counts_add_up(days: list[date]) -> None:
    calendar = nyse()
    first, middle, last = days
    assert calendar.count(first, middle) + calendar.count(middle, last) == calendar.count(first, last)
    assert calendar.count(last, first) == 0
    assert calendar.on_or_before(last) <= last
    assert calendar.count(calendar.on_or_before(last), last) == 0


@given(MOMENTS)
def test_a_moment_lies_between_its_sessions(at: datetime) -> None:
    calendar = nyse()
    completed, final, coming = calendar.last_completed(at), calendar.last_final(at), calendar.next_open(at)
    assert calendar.close_at(completed) <= at < calendar.close_at(calendar.after(completed))
    assert known_by(final) <= at < known_by(calendar.after(final))
    assert final <= completed
    assert coming > at
    assert calendar.state_at(coming) == "regular"
    assert calendar.state_at(coming - timedelta(seconds=1)) == "pre"
    assert calendar.count(new_york_date(at), new_york_date(coming)) <= 1
    assert calendar.is_session(new_york_date(at)) or calendar.state_at(at) == "closed"


def test_importing_loads_no_calendar() -> None:
    code = (
        "import sys; import rallytui.sessions as s; s.known_by(s.date(2025, 11, 26));"
        "sys.exit(' '.join(m for m in sys.modules if m.startswith(('exchange_calendars', 'pandas', 'numpy'))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
