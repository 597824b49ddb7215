"""What is coming: the packaged dates and their rules, countdowns, and what each event tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import get_args

import pytest

from rallytui.board.coming import bears_on, reports_of
from rallytui.board.shape import NextReport
from rallytui.calendar import CalendarEvent, Report, countdown, next_test, releases, upcoming, words
from rallytui.calendar.events import CalendarKind
from rallytui.config.check import INDICATORS
from rallytui.indicators.thesis import CLAIMS
from rallytui.sessions import nyse
from tests.board.samples import board, index
from tests.facts import ny
from tests.ui.sample import sample_board

NOW = ny("2026-11-22T13:00")
KINDS = list(releases())


def days(kind: str, year: int) -> list[date]:
    one = releases()[kind]
    return [day for day in (*one.dates, *one.projected) if day.year == year]


@pytest.mark.parametrize("kind", KINDS)
def test_the_packaged_dates(kind: str) -> None:
    one = releases()[kind]
    assert kind in get_args(CalendarKind)
    every = [*one.dates, *one.projected]
    assert every == sorted(set(every))
    assert all(day.weekday() < 5 for day in every), "nothing is released at a weekend"
    assert all(day >= one.since for day in every)
    assert one.dates[-1] > one.read, "the publisher's dates reach beyond the day they were read"
    assert set(one.tests) <= {*INDICATORS, *CLAIMS}
    assert one.source.startswith("https://www.")
    assert every[-1] >= date(2027, 11, 30)


def test_the_feds_meetings() -> None:
    assert [f"{day:%m-%d}" for day in days("fomc", 2026)] == [
        *("01-28", "03-18", "04-29", "06-17", "07-29", "09-16", "10-28", "12-09")
    ]
    assert [f"{day:%m-%d}" for day in days("fomc", 2027)] == [
        *("01-27", "03-17", "04-28", "06-09", "07-28", "09-15", "10-27", "12-08")
    ]


def third_friday(year: int, month: int) -> date:
    """The third Friday after the week, Sunday to Saturday, with the 12th of the month."""
    twelfth = date(year, month, 12)
    return twelfth + timedelta(days=(5 - twelfth.weekday()) % 7 + 6 + 14)


def test_the_rule_of_the_jobs_report_gives_the_published_dates_and_the_projected_ones() -> None:
    months = range(2, 12)
    published = dict(zip(months, days("jobs", 2026)[2:], strict=True))
    assert {month for month in months if third_friday(2026, month) != published[month]} == {6}, "3 July was a holiday"
    projected = [third_friday(2026, 12) + timedelta(days=7), *(third_friday(2027, month) for month in range(1, 12))]
    assert third_friday(2026, 12) == date(2027, 1, 1)
    assert releases()["jobs"].projected == projected


def test_the_other_rules() -> None:
    assert releases()["jolts"].projected == [day - timedelta(days=3) for day in releases()["jobs"].projected]
    thursdays = [day - timedelta(days=1) for day in releases()["jobs"].projected if day.month % 3 in (2, 0)]
    assert releases()["productivity"].projected == thursdays
    cpi = releases()["cpi"]
    assert all(abs(day - day.replace(day=12)) <= timedelta(days=1) for day in cpi.projected)
    assert all(abs(day - day.replace(day=12)).days <= cpi.window_days for day in days("cpi", 2026)), "as the rule says"
    assert all(20 < (b - a).days < 40 for a, b in pairwise(cpi.projected))


def test_what_comes_in_the_next_weeks() -> None:
    reports = [Report("PATH", date(2026, 12, 3), 5, ("D5",))]
    found = [(event.title, str(event.day)) for event in upcoming(NOW, nyse(), reports, 33)]
    assert found == [
        ("NYSE closed", "2026-11-26"),
        ("NYSE closes 13:00", "2026-11-27"),
        ("JOLTS", "2026-12-01"),
        ("PATH report", "2026-12-03"),
        ("Jobs report", "2026-12-04"),
        ("Productivity", "2026-12-08"),
        ("FOMC", "2026-12-09"),
        ("CPI", "2026-12-10"),
        ("NYSE closes 13:00", "2026-12-24"),
        ("NYSE closed", "2026-12-25"),
    ]
    fomc = next(event for event in upcoming(NOW, nyse()) if event.kind == "fomc")
    assert (fomc.at, fomc.projected, fomc.tests) == (ny("2026-12-09T14:00"), False, ["FD1", "FD2", "D1"])


def test_an_event_goes_when_its_hour_has_passed() -> None:
    def titles(at: str) -> list[str]:
        return [event.title for event in upcoming(ny(at), nyse(), [Report("X", date(2026, 12, 9), 3)], 0)]

    assert titles("2026-12-09T13:59") == ["FOMC", "X report"]
    assert titles("2026-12-09T14:00") == ["X report"]
    assert titles("2026-12-12T10:00") == ["X report"], "late, but within its window"
    assert titles("2026-12-13T10:00") == []
    assert titles("2026-11-27T12:59") == ["NYSE closes 13:00"]
    assert titles("2026-11-27T13:00") == []


def test_the_next_test_of_a_light_or_claim() -> None:
    assert words(next_test("D1", NOW), NOW) == "FOMC 9 Dec, in 17 days"
    assert words(next_test("LB3", NOW), NOW) == "JOLTS 1 Dec, in 9 days"
    assert words(next_test("D5", NOW, [Report("PATH", date(2026, 12, 3), 5, ("D5",))]), NOW) == (
        "PATH report est. 3 Dec, in 11 days"
    )
    later = ny("2026-12-20T12:00")
    assert words(next_test("PR1", later), later) == "Productivity est. 4 Feb 2027, in 46 days"
    assert words(next_test("D4", NOW), NOW) == ""
    past = ny("2026-03-02T12:00")
    assert next_test("PR1", past) is None, "what was scheduled then is not known"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-12-07T10:00", "in 2 days"),
        ("2026-12-08T23:00", "tomorrow"),
        ("2026-12-09T09:00", "in 5 h"),
        ("2026-12-09T13:30", "in 30 min"),
    ],
)
def test_a_countdown(at: str, said: str) -> None:
    fomc = CalendarEvent("fomc", "FOMC", date(2026, 12, 9), ny("2026-12-09T14:00"))
    assert countdown(fomc, ny(at)) == said


def test_a_countdown_without_an_hour() -> None:
    report = CalendarEvent("report", "X", date(2026, 12, 9))
    assert countdown(report, ny("2026-12-09T10:00")) == "today"
    assert countdown(report, datetime(2026, 12, 9, 3, tzinfo=UTC)) == "tomorrow", "it is still the 8th in New York"


# ---- With a board


def test_the_reports_of_a_board() -> None:
    found = reports_of(sample_board(), ["PATH"])
    assert [report.symbol for report in found] == ["PLPC", "INOD", "PATH", "FIVN"]
    assert found[2] == Report("PATH", date(2026, 9, 3), 5, ("AI1", "D2", "D5"))
    assert bears_on("MSFT", ["MSFT"]) == ("AI1", "D2")
    assert NextReport(found[2].day, 5) == sample_board().watchlists[0].rows[2].next_report


def test_each_claim_says_what_tests_it_next() -> None:
    said = {claim.id: claim.next_test for claim in board("2025-12-12T18:00", index("2025-12-12")).thesis}
    assert said == {
        "D0": "every close",
        "D1": "CPI 18 Dec, in 6 days",
        "D2": "",
        "D3": "",
        "D4": "every close",
        "D5": "",
        "D6": "",
        "D7": "every close",
    }
