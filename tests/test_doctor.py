"""`rallytui check`: each source once, what came of it, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from rallytui import doctor
from rallytui.clock import SystemClock
from rallytui.config import Settings
from rallytui.config.settings import Order
from rallytui.model import BadPayload, Company, RateLimited, Refused, SourceError, Unavailable
from rallytui.sessions import new_york_date
from tests.facts import bars, quarters, quote, series
from tests.fakes import Fake, Script


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


async def report(fakes: Mapping[str, Fake], monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], bool]:
    monkeypatch.setattr(doctor, "create_all", lambda settings, clock: fakes)
    text, healthy = await doctor.examine(SETTINGS)
    assert text.endswith("\n")
    return text.splitlines(), healthy


async def test_all_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    fakes = good()
    lines, healthy = await report(fakes, monkeypatch)
    assert healthy
    assert lines[-1] == "every kind of data has a source that answers"
    said = dict(zip(fakes, lines, strict=False))
    assert "ok       quote of ^GSPC in 0.0" in said["cboe"]
    assert "newest 2026-03-31 15:58 UTC" in said["cboe"]
    assert said["cboe"].startswith("Cboe       cboe.example.com")
    assert "bars of ^GSPC" in said["yahoo"]
    assert said["yahoo"].endswith("newest 2026-03-30")
    assert said["fred"].endswith("newest 2026-03-27")
    assert said["sec"].startswith("EDGAR")
    assert said["sec"].endswith("newest 2026-02-04")
    assert all(fake.requests == 1 and fake.closed for fake in fakes.values())


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (Unavailable("fred", "no route to host"), "try again later; if others fail too, check the network"),
        (RateLimited("fred", "asks for patience", 60), "wait; asking again sooner prolongs the limit"),
        (Refused("fred", "refuses to answer (status 403)"), "check key, contact or a proxy"),
        (BadPayload("fred", "line 1", "the column should be DGS2"), "the source changed its format"),
    ],
)
async def test_a_failure_says_what_to_do(error: SourceError, advice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fakes = good()
    fakes["fred"].script = {("series", "DGS2"): error}
    lines, healthy = await report(fakes, monkeypatch)
    assert not healthy
    place = next(n for n, line in enumerate(lines) if line.startswith("FRED"))
    assert f"FAILED   {error}" in lines[place]
    assert lines[place + 1].strip().startswith(f"→ {advice}")
    assert lines[-1] == "no source for series"
    assert all(fake.closed for fake in fakes.values())


async def test_a_source_that_is_not_needed_may_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    fakes = good() | {"nasdaq": Fake("nasdaq", {("quotes", "^GSPC"): Unavailable("nasdaq", "HTTP 503")})}
    lines, healthy = await report(fakes, monkeypatch)
    assert healthy
    assert any("FAILED   HTTP 503" in line for line in lines)


async def test_a_source_that_cannot_be_asked_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    fakes = good()
    fakes["sec"].idle = "no contact address in the config"
    lines, healthy = await report(fakes, monkeypatch)
    assert not healthy
    assert fakes["sec"].requests == 0
    assert any(
        line.startswith("EDGAR") and line.endswith("skipped  no contact address in the config") for line in lines
    )
    assert lines[-1] == "no source for companies"


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
            assert end == new_york_date(SystemClock().now())
            return await super().bars(symbol, start, end)

    fakes = good() | {"yahoo": Measuring("yahoo", {("bars", "^GSPC"): bars("^GSPC", {"2026-03-30": 1.0})})}
    await report(fakes, monkeypatch)
    assert spans == [14]
    assert fakes["fred"].asked == [("series", "DGS2")]
