"""When something is due, and what a thesis needs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rallytui.config import Settings, TargetSettings, WatchlistSettings
from rallytui.config.settings import Data, Risk
from rallytui.feed.schedule import (
    bars_due,
    check_at,
    company_at,
    has_come,
    next_bars,
    next_quotes,
    older,
    quote_due,
    quotes_every,
    series_at,
)
from rallytui.feed.wants import wants
from rallytui.macro import CATALOG
from rallytui.sessions import Calendar
from tests.facts import bars, ny, quote, series

DATA = Data(quotes_every_s=60, extended_every_s=300)
AT_CLOSE = quote("^GSPC", 6812.61, "2025-11-26T16:00")


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        ("2025-11-26T08:00", 300),
        ("2025-11-26T09:30", 60),
        ("2025-11-26T15:59", 60),
        ("2025-11-26T16:00", 300),
        ("2025-11-28T13:00", 300),
    ],
)
def test_quotes_are_asked_for_as_often_as_the_part_of_the_day_wants(
    calendar: Calendar, now: str, seconds: float
) -> None:
    assert quotes_every(DATA, calendar, ny(now)) == seconds
    quotes = {"PLPC": quote("PLPC", 200, now)}
    assert next_quotes(quotes, ("PLPC",), DATA, lambda name: calendar, ny(now)) == ny(now) + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        ("2025-11-26T08:00", "2025-11-26T09:30"),
        ("2025-11-26T11:00", "2025-11-26T11:01"),
        ("2025-11-26T16:05", "2025-11-26T16:10"),
        ("2025-11-26T16:20", "2025-11-28T04:00"),
    ],
)
def test_an_index_is_left_alone_before_and_after_hours(calendar: Calendar, now: str, wanted: str) -> None:
    """A delayed source has the close a quarter of an hour late; then nothing changes until the next opening."""
    traded = {"2025-11-26T08:00": "2025-11-25T16:00", "2025-11-26T16:20": "2025-11-26T16:00"}
    quotes = {"^GSPC": quote("^GSPC", 6800, traded.get(now, "2025-11-26T10:45"))}
    assert next_quotes(quotes, ("^GSPC",), DATA, lambda name: calendar, ny(now)) == ny(wanted)


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        ("2025-11-26T21:00", "2025-11-28T04:00"),
        ("2025-11-27T11:00", "2025-11-28T04:00"),
        ("2025-11-29T12:00", "2025-12-01T04:00"),
        ("2026-03-07T12:00", "2026-03-09T04:00"),
    ],
)
def test_nothing_is_asked_while_nothing_can_change(calendar: Calendar, now: str, opening: str) -> None:
    last = quote("^GSPC", 6800, f"{calendar.last_completed(ny(now))}T{'13' if '11-29' in now else '16'}:00")
    assert not quote_due(last, calendar, ny(now))
    assert next_quotes({"^GSPC": last}, ("^GSPC",), DATA, lambda name: calendar, ny(now)) == ny(opening)


def test_a_quote_from_before_the_close_is_not_the_last_word(calendar: Calendar) -> None:
    evening = ny("2025-11-26T21:00")
    assert quote_due(None, calendar, evening)
    assert quote_due(quote("^GSPC", 6800, "2025-11-26T15:30"), calendar, evening)
    assert quote_due(quote("^GSPC", 6765, "2025-11-25T16:00"), calendar, evening)
    assert not quote_due(quote("PLPC", 200, "2025-11-26T15:42", known="2025-11-26T18:30"), calendar, evening), (
        "a thin name's last trade of the day, asked for after the close"
    )
    assert not quote_due(AT_CLOSE, calendar, evening)


def test_bars_are_due_when_a_finished_one_is_missing(calendar: Calendar) -> None:
    tuesday = bars("^GSPC", {"2025-11-24": 1, "2025-11-25": 2})
    assert not bars_due(tuesday, calendar, ny("2025-11-26T17:59"))
    assert bars_due(tuesday, calendar, ny("2025-11-26T18:00"))
    assert bars_due(None, calendar, ny("2025-11-26T12:00"))
    assert bars_due(bars("^GSPC", {}), calendar, ny("2025-11-26T12:00"))
    assert next_bars(calendar, ny("2025-11-26T17:59")) == ny("2025-11-26T18:00")
    assert next_bars(calendar, ny("2025-11-26T18:00")) == ny("2025-11-28T18:00"), "after Thanksgiving"


def test_a_clock_that_was_set_back_does_not_stop_the_asking(calendar: Calendar) -> None:
    now, ahead = ny("2025-11-26T18:30"), ny("2025-12-26T18:30")
    assert older(ahead, now, timedelta(hours=6))
    assert not older(now - timedelta(hours=5), now, timedelta(hours=6))
    assert older(now - timedelta(hours=6), now, timedelta(hours=6))
    assert has_come(ahead + timedelta(days=1), ahead, calendar, now)
    assert not has_come(ahead, now, calendar, now)


@pytest.mark.parametrize(
    ("name", "last", "asked", "wanted"),
    [
        ("DGS10", "2025-11-25", "2025-11-26T12:00", "2025-11-28T04:00"),
        ("DGS10", "2025-11-24", "2025-11-26T06:00", "2025-11-26T12:00"),
        ("DGS10", "2025-11-21", "2025-11-24T19:00", "2025-11-25T06:00"),
        ("ICSA", "2025-11-15", "2025-11-20T12:00", "2025-11-26T18:00"),
        ("UNRATE", "2025-10-01", "2025-11-26T12:00", "2025-12-01T04:00"),
        ("UNRATE", "2025-11-01", "2025-12-10T19:00", "2025-12-17T19:00"),
        ("SAHMREALTIME", "2025-10-01", "2025-11-10T19:00", "2025-12-01T04:00"),
        ("OPHNFB", "2025-07-01", "2025-11-24T12:00", "2025-12-01T12:00"),
    ],
)
def test_a_series_is_asked_for_when_an_observation_can_be_out(
    calendar: Calendar, name: str, last: str, asked: str, wanted: str
) -> None:
    known = series(name, {last: 4.0})
    assert series_at(known, ny(asked), calendar, name) == ny(wanted)


def test_a_series_of_which_nothing_is_known_is_asked_for_at_once(calendar: Calendar) -> None:
    assert series_at(None, ny("2025-11-26T12:00"), calendar, "DGS10") is None
    assert series_at(series("DGS10", {}), ny("2025-11-26T12:00"), calendar, "DGS10") is None
    assert has_come(None, None, calendar, ny("2025-11-29T12:00"))


def test_what_companies_file_is_asked_for_once_a_day_with_a_session(calendar: Calendar) -> None:
    assert company_at(None, calendar) is None
    assert company_at(ny("2025-11-25T12:00"), calendar) == ny("2025-11-26T12:00")
    assert company_at(ny("2025-11-28T12:00"), calendar) == ny("2025-12-01T04:00"), "not at the weekend"
    friday, saturday = ny("2025-11-28T23:50"), ny("2025-11-29T00:10")
    assert not has_come(friday, None, calendar, saturday), "what was not done on Friday waits for Monday"


def test_the_opening_is_not_slept_through(calendar: Calendar) -> None:
    before = ny("2025-11-26T09:28")
    assert next_quotes({}, ("PLPC",), DATA, lambda name: calendar, before) == ny("2025-11-26T09:30")
    assert next_quotes({}, ("PLPC",), DATA, lambda name: calendar, ny("2026-03-09T03:58")) == ny("2026-03-09T04:00"), (
        "summer time"
    )
    last = {"^GSPC": quote("^GSPC", 6800, "2026-10-30T16:00")}
    assert next_quotes(last, ("^GSPC",), DATA, lambda name: calendar, ny("2026-10-31T12:00")) == ny("2026-11-02T04:00")


def test_half_an_hour_after_the_close_sources_are_compared(calendar: Calendar) -> None:
    assert check_at(calendar, ny("2025-11-26T17:00")) == ny("2025-11-26T16:30")
    assert check_at(calendar, ny("2025-11-28T14:00")) == ny("2025-11-28T13:30"), "a half day"
    assert check_at(calendar, ny("2025-11-30T14:00")) == ny("2025-11-28T13:30")


def test_each_name_is_wanted_once_and_what_is_seen_first_comes_first() -> None:
    settings = Settings(
        targets=[TargetSettings(), TargetSettings("^NDX", "Nasdaq 100")],
        watchlists={"a": WatchlistSettings("", ["PLPC", "SPY"]), "b": WatchlistSettings("", ["PLPC", "^RUT"], "^NDX")},
        risk=Risk(ai_basket=["SMH", "SPY"], hyperscalers=["PLPC", "MSFT"]),
    )
    found = wants(settings)
    assert found.quotes == ("^GSPC", "^NDX", "PLPC", "SPY", "^RUT")
    assert found.bars[:5] == found.quotes
    assert {"^VIX", "^VIX3M", "SMH", "IWM", "XLU", "HYG", "IEF"} < set(found.bars)
    assert found.series == tuple(CATALOG)
    names = ("PLPC", "SPY", "MSFT", "INOD", "PATH", "FIVN")
    assert found.companies == names, "an index files nothing; the claim on growth names its own four"
    for names in (found.quotes, found.bars, found.series, found.companies):
        assert len(set(names)) == len(names)
