"""Whose clock judges a symbol (METHODOLOGY G.6)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rallytui.doctor import zone_lines
from rallytui.exchanges import LITERAL_SESSIONS, calendar_of, exchange_of, is_final, lost_sessions
from rallytui.sessions import nyse
from tests.facts import ny, quote


@pytest.mark.parametrize(
    ("symbol", "code"),
    [
        ("SPY", "XNYS"), ("BRK-B", "XNYS"), ("^GSPC", "XNYS"), ("^VVIX", "XNYS"), ("DX-Y.NYB", "XNYS"),
        ("BTC-USD", "24/7"), ("ETH-EUR", "24/7"), ("EURUSD=X", "24/5"), ("ES=F", "CMES"), ("VOD.L", "XLON"),
        ("7203.T", "XTKS"), ("SAP.DE", "XETR"), ("^N225", "XTKS"), ("^FTSE", "XLON"), ("0700.HK", "XHKG"),
        ("ABC.XX", "24/5"),
    ],
)  # fmt: skip
def test_the_calendar_of_a_symbol(symbol: str, code: str) -> None:
    assert exchange_of(symbol) == code
    assert (calendar_of(symbol) is nyse()) == (code == "XNYS")


def test_tokyo_trades_while_new_york_sleeps() -> None:
    tokyo, monday = calendar_of("7203.T"), ny("2026-03-01T20:30")
    assert (tokyo.state_at(monday), tokyo.session_at(monday)) == ("regular", date(2026, 3, 2))
    assert (tokyo.last_completed(monday), tokyo.last_final(monday)) == (date(2026, 2, 27), date(2026, 2, 27))
    assert tokyo.close_at(date(2026, 3, 2)) == datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
    assert tokyo.state_at(ny("2026-03-02T12:00")) == "closed"
    assert tokyo.next_open(ny("2026-03-02T12:00")) == datetime(2026, 3, 3, 0, 0, tzinfo=UTC)


def test_crypto_never_closes_and_its_bar_is_known_when_the_day_is_over() -> None:
    crypto, saturday = calendar_of("BTC-USD"), ny("2026-02-28T12:00")
    assert (crypto.state_at(saturday), crypto.session_at(saturday)) == ("regular", date(2026, 2, 28))
    assert crypto.last_final(ny("2026-02-28T18:30")) == date(2026, 2, 27), "18:00 New York is before midnight UTC"
    assert crypto.last_final(ny("2026-02-28T19:00")) == date(2026, 2, 28)
    assert not is_final(quote("BTC-USD", 7e4, "2026-02-27T16:30"))


def test_a_close_in_london_is_final_before_new_yorks() -> None:
    assert is_final(quote("VOD.L", 70.0, "2026-03-02T11:30"))
    assert not is_final(quote("VOD.L", 70.0, "2026-03-02T11:29"))


def test_new_york_is_whole() -> None:
    assert lost_sessions("XNYS") == []


@pytest.mark.parametrize("code", sorted(LITERAL_SESSIONS))
def test_a_lost_session_is_told_by_its_day(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    day = next(day for day, is_open in LITERAL_SESSIONS[code].items() if is_open)
    monkeypatch.setitem(LITERAL_SESSIONS, code, {day: False})
    found = lost_sessions(code)
    assert found in ([day], []), "empty where the library has lost it"
    assert code != "XNYS" or found == [day]


def test_an_exchange_that_the_library_cannot_make_has_weekdays() -> None:
    calendar = calendar_of("ABC.XX")
    assert calendar.is_session(date(2026, 3, 2))
    assert not calendar.is_session(date(2026, 2, 28))


def test_an_old_table_of_the_machine_is_told() -> None:
    """Two tables that differ, as the system's and the package's of a zone whose law was changed."""
    now = datetime(2026, 12, 1, 12, tzinfo=UTC)
    assert zone_lines("Europe/Berlin", now) == [] or "tzdata" in zone_lines("Europe/Berlin", now)[1]
    said = zone_lines("America/Winnipeg", now, ZoneInfo("America/Winnipeg"), ZoneInfo("Etc/GMT+5"))
    assert "America/Winnipeg differs from that of tzdata" in said[1]
    assert "-0600 and -0500" in said[1]
    assert zone_lines("Etc/UTC", now, ZoneInfo("Etc/UTC"), ZoneInfo("UTC")) == []
    assert zone_lines("Nowhere/Else", now + timedelta(0), ZoneInfo("UTC")) == [], "a zone that the package has not"
