"""The time machine: keys and typed dates lead to sessions, and back to live."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.widgets import Input

from rallytui.clock import FrozenClock
from rallytui.engine.landing import landing
from rallytui.sessions import new_york
from rallytui.ui.past import months_on, same_day, stepped
from rallytui.ui.screens.go_to_date import GoToDate
from tests.ui.sample import sample_board
from tests.ui.stage import StubSource, stage, until

LAST = date(2026, 7, 23)


def looking_at(day: date | None) -> StubSource:
    source = StubSource()
    source.looking_at = day
    return source


@pytest.mark.parametrize(
    ("shown", "steps", "leads_to"),
    [
        (None, -1, LAST),
        (None, 1, None),
        (LAST, 1, None),
        (LAST, -1, date(2026, 7, 22)),
        (date(2026, 7, 6), -1, date(2026, 7, 2)),  # the 3rd is the holiday of Independence Day
        (date(2021, 1, 4), -1, date(2021, 1, 4)),
    ],
)
def test_a_step_is_a_session(shown: date | None, steps: int, leads_to: date | None) -> None:
    assert stepped(looking_at(shown), steps) == leads_to


@pytest.mark.parametrize(
    ("shown", "months", "leads_to"),
    [
        (None, -1, date(2026, 6, 23)),
        (None, 1, None),
        (date(2026, 7, 2), 1, None),
        (date(2026, 3, 31), -1, date(2026, 2, 27)),  # the 28th is a Saturday
        (date(2021, 1, 20), -1, date(2021, 1, 4)),
    ],
)
def test_a_month_is_the_same_day_or_the_session_before(shown: date | None, months: int, leads_to: date | None) -> None:
    assert months_on(looking_at(shown), months) == leads_to


@given(st.dates(date(1990, 1, 1), date(2030, 12, 31)), st.integers(-60, 60))
def test_months_add_up(day: date, months: int) -> None:
    there = same_day(day, months)
    assert (there.year * 12 + there.month) - (day.year * 12 + day.month) == months
    assert there.day <= day.day


@pytest.mark.parametrize(
    ("typed", "day", "words"),
    [
        ("2025-11-26", date(2025, 11, 26), "as it was known on Wed 26 Nov 2025, 18:00 ET"),
        ("2025-11-27", date(2025, 11, 26), "Thu 27 Nov 2025 was no session; shown is Wed 26 Nov 2025"),
        (" 2025-11-30 ", date(2025, 11, 28), "Sun 30 Nov 2025 was no session; shown is Fri 28 Nov 2025"),
        ("live", None, "back to live"),
    ],
)
def test_a_typed_date_leads_to_a_session(typed: str, day: date | None, words: str) -> None:
    assert landing(StubSource(), typed) == (day, words, True, "no session" in words)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("2026-07-24", "the last session that has closed"),
        ("1950-01-01", "no source has data before Mon 4 Jan 2021"),
        ("26.11.2025", "a date as in 2025-11-26"),
        ("2025-02-30", "a date as in 2025-11-26"),
        ("", "a date as in 2025-11-26"),
    ],
)
def test_what_is_no_such_day_leads_nowhere(typed: str, words: str) -> None:
    there = landing(StubSource(), typed)
    assert (there.day, there.valid) == (None, False)
    assert there.words.startswith(words)


def test_today_leads_back_to_the_last_session_if_the_exchange_is_shut() -> None:
    source = StubSource()
    source.clock = FrozenClock(new_york(date(2026, 7, 26), time(12)))
    assert landing(source, "2026-07-26").words == "Sun 26 Jul 2026 was no session; shown is Thu 23 Jul 2026"
    assert not landing(source, "2026-07-27").valid, "tomorrow is not known"


async def test_the_keys_look_at_sessions_months_and_live() -> None:
    app, source = stage(sample_board(mode="as_of"))
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await pilot.press("left_square_bracket", "left_square_bracket", "right_square_bracket")
        await pilot.press("left_curly_bracket", "home")
        assert source.looked == [LAST, date(2026, 7, 22), LAST, date(2026, 6, 23), None]


async def test_a_date_is_typed_judged_and_taken() -> None:
    app, source = stage()
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await pilot.press("g")
        await until(pilot, lambda: isinstance(app.screen, GoToDate))
        await pilot.press(*"2025-11-2")
        dialog = app.screen
        assert isinstance(dialog, GoToDate)
        await until(pilot, lambda: dialog.verdict.startswith("A date as in"))
        await pilot.press("enter")
        assert isinstance(app.screen, GoToDate), "what is no date is not taken"
        await pilot.press("7", "enter")
        await until(pilot, lambda: source.looked)
        assert source.looked == [date(2025, 11, 26)]
        assert [note.message for note in app._notifications] == [
            "Thu 27 Nov 2025 was no session; shown is Wed 26 Nov 2025"
        ]


async def test_the_dialog_shows_the_day_that_is_looked_at_and_escape_changes_nothing() -> None:
    app, source = stage()
    source.looking_at = date(2025, 12, 11)
    async with app.run_test(size=(60, 20), notifications=True) as pilot:
        await pilot.press("g")
        await until(pilot, lambda: isinstance(app.screen, GoToDate))
        assert app.screen.query_one(Input).placeholder == "2025-12-11"
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, GoToDate))
        assert source.looked == []
