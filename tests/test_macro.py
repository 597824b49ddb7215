"""When a macro observation becomes known, and how values in hand become a series."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rallytui.macro import CATALOG, known_at, to_series
from tests.facts import day, ny

LATER = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "obs", "known"),
    [
        ("DGS2", "2025-11-25", "2025-11-26T18:00"),
        ("DGS2", "2025-11-28", "2025-12-01T18:00"),
        ("DFF", "2025-11-29", "2025-12-01T18:00"),
        ("DFF", "2025-11-30", "2025-12-01T18:00"),
        ("DFEDTARU", "2025-11-26", "2025-11-26T18:00"),
        ("DFEDTARU", "2025-11-29", "2025-11-29T18:00"),
        ("BAMLH0A0HYM2", "2026-07-02", "2026-07-03T18:00"),
        ("ICSA", "2025-11-22", "2025-11-28T18:00"),
        ("NFCI", "2025-11-21", "2025-11-26T18:00"),
        ("UNRATE", "2025-11-01", "2025-12-10T18:00"),
        ("UNRATE", "2025-12-01", "2026-01-10T18:00"),
        ("SAHMREALTIME", "2028-02-01", "2028-03-10T18:00"),
        ("JTSLDR", "2025-09-01", "2025-11-09T18:00"),
        ("OPHNFB", "2026-04-01", "2026-08-14T18:00"),
        ("OPHNFB", "2025-10-01", "2026-02-14T18:00"),
    ],
)
def test_the_lag_rule_counts_from_the_end_of_the_period(name: str, obs: str, known: str) -> None:
    assert known_at(name, day(obs)) == ny(known)


def test_evenings_in_new_york_follow_the_clocks() -> None:
    assert known_at("DFEDTARU", day("2026-07-01")) == datetime(2026, 7, 1, 22, tzinfo=UTC)
    assert known_at("DFEDTARU", day("2026-01-02")) == datetime(2026, 1, 2, 23, tzinfo=UTC)


def test_a_series_that_is_not_in_the_catalogue() -> None:
    with pytest.raises(KeyError):
        known_at("GDP", day("2025-11-01"))


def test_what_is_revised_wants_a_vintage() -> None:
    assert {name for name, entry in CATALOG.items() if entry.revised} == {"UNRATE", "OPHNFB", "JTSLDR", "ICSA", "NFCI"}


@given(st.sampled_from(sorted(CATALOG)), st.dates(date(2000, 1, 1), date(2030, 1, 1)))
def test_nothing_is_known_before_its_period_is_over(name: str, obs: date) -> None:
    entry = CATALOG[name]
    known = known_at(name, obs)
    weekend = 2 if entry.frequency == "daily" else 0
    longest = {"daily": 0, "weekly": 0, "monthly": 31, "quarterly": 92}[entry.frequency] + entry.lag + weekend + 1
    assert timedelta(0) < known - datetime(obs.year, obs.month, obs.day, tzinfo=UTC) < timedelta(days=longest + 1)
    assert entry.frequency != "daily" or entry.lag == 0 or known.weekday() < 5


def test_rows_are_sorted_and_the_last_of_two_for_one_day_counts() -> None:
    rows = [(day("2025-11-25"), 3.5), (day("2025-11-24"), 3.4), (day("2025-11-25"), 3.6)]
    made = to_series("DGS2", rows, "fred", LATER)
    assert made.frame["obs"].tolist() == [pd.Timestamp("2025-11-24"), pd.Timestamp("2025-11-25")]
    assert made.frame["value"].tolist() == [3.4, 3.6]
    assert made.frame["known_at"].tolist() == [ny("2025-11-25T18:00"), ny("2025-11-26T18:00")]
    assert (made.id, made.source, made.received, made.vintage) == ("DGS2", "fred", LATER, None)


def test_a_value_in_hand_is_known_whatever_the_rule_says() -> None:
    received = ny("2025-11-26T08:45")
    made = to_series("ICSA", [(day("2025-11-15"), 2.2e5), (day("2025-11-22"), 2.16e5)], "fred", received)
    assert made.frame["known_at"].tolist() == [ny("2025-11-21T18:00"), received]


def test_a_vintage_was_known_on_the_evening_of_its_day() -> None:
    vintage = day("2025-12-16")
    rows = [(day("2025-10-01"), 4.4), (day("2025-12-01"), 4.6)]
    made = to_series("UNRATE", rows, "fred", LATER, vintage)
    assert made.frame["known_at"].tolist() == [ny("2025-11-10T18:00"), ny("2025-12-16T18:00")]
    assert made.vintage == vintage


def test_no_rows_make_an_empty_series() -> None:
    made = to_series("DGS2", [], "fred", LATER)
    assert made.frame.empty
    assert list(made.frame.columns) == ["obs", "value", "known_at"]
