"""`rallytui check`: each source once, what came of it, and what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import takewhile
from typing import Any

import pytest
from msgspec.structs import replace

from rallytui import doctor
from rallytui.clock import FrozenClock
from rallytui.config import Settings
from rallytui.config.settings import Order
from rallytui.model import BadPayload, Company, Health, RateLimited, Refused, SourceError, Unavailable
from rallytui.sessions import new_york_date
from tests.facts import bars, quarters, quote, series
from tests.fakes import Fake, Script
from tests.providers.helpers import ny, provider, text

NOW = ny("2026-03-31T12:00")


class OnlyBars(Fake):
    """Has no prices of now."""

    quotes = None  # type: ignore[assignment]


class OnlySeries(OnlyBars):
    bars = None  # type: ignore[assignment]


class OnlyCompanies(OnlySeries):
    series = None  # type: ignore[assignment]


def good() -> dict[str, Fake]:
    """One source of each kind, all well."""
    return {
        "cboe": Fake("cboe", {("quotes", "^GSPC"): quote("^GSPC", 6850, "2026-03-31T11:58")}),
        "yahoo": OnlyBars("yahoo", {("bars", "^GSPC"): bars("^GSPC", {"2026-03-30": 1.0})}),
        "fred": OnlySeries("fred", {("series", "DGS2"): series("DGS2", {"2026-03-27": 3.5})}),
        "sec": OnlyCompanies("sec", {("companies", "PLPC"): quarters("PLPC", [1e8], "2025-12-31")}),
    }


SETTINGS = replace(
    Settings(),
    data=replace(
        Settings().data,
        order=Order(
            index_quotes=["cboe"],
            stock_quotes=["cboe"],
            index_bars=["yahoo"],
            stock_bars=["yahoo"],
            series=["fred"],
            companies=["sec"],
        ),
    ),
)


async def report(
    fakes: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch, known: Mapping[str, Health] | None = None
) -> tuple[list[str], bool]:
    monkeypatch.setattr(doctor, "create_all", lambda settings, clock: fakes)
    text, healthy = await doctor.examine(SETTINGS, FrozenClock(NOW), known or {})
    assert text.endswith("\n")
    assert all(len(line) <= 100 for line in text.splitlines())
    return text.splitlines(), healthy


def told(lines: list[str], title: str) -> list[str]:
    """What is said about one source."""
    start = next(n for n, line in enumerate(lines) if line.startswith(f"  {title}"))
    rest = list(takewhile(lambda line: line.startswith(" " * 4), lines[start + 1 :]))
    return [" ".join(line.split()) for line in [lines[start], *rest]]


async def test_all_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    fakes = good()
    lines, healthy = await report(fakes, monkeypatch)
    assert healthy
    assert lines[-1] == "every kind of data has a source that answers"
    assert told(lines, "Cboe")[0] == "Cboe ok quote of ^GSPC: 6,850.00, traded 11:58 EDT, 2 min ago"
    assert told(lines, "Cboe")[1].startswith("cboe.example.com · 0.00 s")
    assert told(lines, "Yahoo")[0] == "Yahoo ok bars of ^GSPC: newest of Mon 30 Mar 2026 (yesterday)"
    assert told(lines, "FRED")[0] == "FRED ok series DGS2: newest of Fri 27 Mar 2026 (4 days ago)"
    assert told(lines, "EDGAR")[0] == "EDGAR ok filings of PLPC: newest of Wed 4 Feb 2026 (55 days ago)"
    assert all(fake.requests == 1 and fake.closed for fake in fakes.values())


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (ny("2026-03-31T17:00"), "of 11:58 EDT, the last session"),
        (ny("2026-04-01T08:00"), "of Tue 31 Mar 11:58 EDT, the last session"),
        (ny("2026-04-01T12:00"), "of Tue 31 Mar 11:58 EDT, 1 session behind"),
        (ny("2026-04-06T08:00"), "of Tue 31 Mar 11:58 EDT, 2 sessions behind"),
    ],
)
async def test_a_price_is_placed_in_its_session(now: datetime, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.test_doctor.NOW", now)
    lines, _ = await report(good(), monkeypatch)
    assert told(lines, "Cboe")[0].endswith(words)


FAILURES: list[tuple[SourceError, str]] = [
    (Unavailable("fred", "no route to host"), "try again later; if other sources fail too"),
    (Unavailable("fred", "FRED cannot be reached: its name cannot be resolved"), "this machine cannot find the host"),
    (Unavailable("fred", "FRED cannot be reached: the connection was refused"), "nothing listens at that address"),
    (Unavailable("fred", "its certificate cannot be trusted (expired)"), "look at this machine's clock and"),
    (RateLimited("fred", "asks for patience", 1200), "wait until 12:20 EDT; asking sooner prolongs it"),
    (RateLimited("fred", "asks for patience"), "wait; asking again sooner prolongs the limit"),
    (Refused("fred", "refuses to answer (status 403)"), "look at FRED_API_KEY or [providers.fred] api_key"),
    (Refused("sec", "EDGAR sent a web page instead of data: x"), "a captcha, a login or a proxy answers"),
    (BadPayload("fred", "line 1", "the column should be DGS2"), "the source changed its format"),
]


@pytest.mark.parametrize(("error", "advice"), FAILURES)
async def test_a_failure_says_what_to_do(error: SourceError, advice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fakes = good()
    fakes["fred"].script = {("series", "DGS2"): error}
    lines, healthy = await report(fakes, monkeypatch)
    assert not healthy
    said = told(lines, "FRED")
    assert said[0] == f"FRED FAILED {error}"
    assert said[2].startswith(f"→ {advice}")
    assert lines[-1] == "no source for series"
    assert all(fake.closed for fake in fakes.values())


async def test_a_source_that_is_not_needed_may_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    fakes = good() | {"nasdaq": Fake("nasdaq", {("quotes", "^GSPC"): Unavailable("nasdaq", "HTTP 503")})}
    lines, healthy = await report(fakes, monkeypatch)
    assert healthy
    assert told(lines, "Nasdaq")[0] == "Nasdaq FAILED HTTP 503"


async def test_a_source_that_cannot_be_asked_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    fakes = good()
    fakes["sec"].idle = "not asked: no contact in the config"
    lines, healthy = await report(fakes, monkeypatch)
    assert not healthy
    assert fakes["sec"].requests == 0
    assert told(lines, "EDGAR")[0] == "EDGAR skipped not asked: no contact in the config"
    assert told(lines, "EDGAR")[-2:] == ["[providers.sec]", 'contact = "you@example.com"']
    assert lines[-1] == "no source for companies"


@pytest.mark.parametrize(("minutes", "requests"), [(40, 0), (-1, 1)])
async def test_a_limit_that_a_source_set_is_kept(minutes: int, requests: int, monkeypatch: pytest.MonkeyPatch) -> None:
    fakes = good()
    until = NOW + timedelta(minutes=minutes)
    known = {"cboe": Health("cboe", "failing", None, 3, until, "too many requests", limited=True)}
    lines, healthy = await report(fakes, monkeypatch, known)
    assert fakes["cboe"].requests == requests
    assert healthy == bool(requests)
    said = " ".join(told(lines, "Cboe"))
    assert ("Cboe limited until 12:40 EDT, so it was not asked: too many requests" in said) == (not requests)


@pytest.mark.parametrize("works", [True, False])
async def test_a_person_need_not_wait_out_our_own_pause(works: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    fakes = good()
    if not works:
        fakes["cboe"].script = {("quotes", "^GSPC"): Unavailable("cboe", "HTTP 503")}
    until = NOW + timedelta(minutes=14)
    known = {"cboe": Health("cboe", "failing", None, 3, until, "HTTP 502", address=fakes["cboe"].address)}
    lines, healthy = await report(fakes, monkeypatch, known)
    assert fakes["cboe"].requests == 1, "one question, as after every pause"
    assert healthy == works
    said = " ".join(told(lines, "Cboe"))
    assert said.startswith("Cboe ok quote of ^GSPC" if works else "Cboe FAILED HTTP 503")
    assert ("it failed before: the board asks it again at 12:14 EDT, or at once with r" in said) == works


async def test_a_wait_for_another_address_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    fakes = good()
    until = NOW + timedelta(minutes=40)
    known = Health("cboe", "failing", None, 3, until, "HTTP 503", limited=True, address="https://mirror.example.com")
    await report(fakes, monkeypatch, {"cboe": known})
    assert fakes["cboe"].requests == 1


async def test_all_are_asked_at_once_and_a_silent_one_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "PATIENCE_S", 0.02)
    asked = asyncio.Event()

    class Silent(OnlyBars):
        async def bars(self, symbol, start, end):  # type: ignore[no-untyped-def]
            await asyncio.Event().wait()

    class Last(OnlySeries):
        async def series(self, *args):  # type: ignore[no-untyped-def]
            asked.set()
            return await super().series(*args)

    fakes = good() | {"yahoo": Silent("yahoo", {}), "fred": Last("fred", good()["fred"].script)}
    lines, _ = await report(fakes, monkeypatch)
    assert asked.is_set()
    assert told(lines, "Yahoo")[0] == "Yahoo FAILED no answer within 0.02 s"
    assert fakes["yahoo"].closed


@pytest.mark.parametrize(("minutes", "words"), [(-10, "10 min ahead of"), (10, "10 min behind"), (1, "")])
async def test_a_wrong_clock_is_told(minutes: int, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stamp = format_datetime((NOW + timedelta(minutes=minutes)).astimezone(UTC), usegmt=True)
    one, _ = provider("treasury", text("busy", 503, date=stamp), now=NOW)
    lines, _ = await report(good() | {"treasury": one}, monkeypatch)
    assert any(f"clock is {words} the sources'" in line for line in lines) == bool(words)
    assert "at most 600000 requests a minute" in told(lines, "Treasury")[1]


EMPTY: dict[str, Script] = {
    "yahoo": {("bars", "^GSPC"): bars("^GSPC", {})},
    "fred": {("series", "DGS2"): series("DGS2", {})},
    "sec": {("companies", "PLPC"): Company("PLPC", (), (), "", "sec")},
}


@pytest.mark.parametrize("name", EMPTY)
async def test_an_empty_answer_is_told_and_no_crash(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fakes = good()
    fakes[name].script = EMPTY[name]
    lines, _ = await report(fakes, monkeypatch)
    assert any("nothing" in line for line in lines)


async def test_little_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    spans: list[int] = []

    class Measuring(OnlyBars):
        async def bars(self, symbol, start, end):  # type: ignore[no-untyped-def]
            spans.append((end - start).days)
            assert end == new_york_date(NOW)
            return await super().bars(symbol, start, end)

    fakes = good() | {"yahoo": Measuring("yahoo", {("bars", "^GSPC"): bars("^GSPC", {"2026-03-30": 1.0})})}
    await report(fakes, monkeypatch)
    assert spans == [14]
    assert fakes["fred"].asked == [("series", "DGS2")]
