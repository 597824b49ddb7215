"""The board on paper: the JSON contract, CSV that no spreadsheet runs, text that fits and says what it is."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, datetime
from math import nan
from typing import Any

import pytest
from msgspec.structs import replace

from rallytui import __version__, report
from rallytui.board.rounding import rounded
from rallytui.board.shape import Board, Odds, Sleeve, Target
from rallytui.config import Settings, TargetSettings, WatchlistSettings
from rallytui.model import Health
from tests.board.samples import board
from tests.facts import bars, market, ny, quote

NOON = "2026-03-31T12:00"
WIDTH = 100


@pytest.fixture(scope="module")
def full() -> Board:
    """Every reading there, but for one name."""
    settings = Settings(watchlists={"ai": WatchlistSettings("AI watchlist", ["PLPC", "INOD", "NOPE"])})
    health = {
        "cboe": Health("cboe", "ok", ny(NOON), delay_s=900, title="Cboe"),
        "fred": Health("fred", "failing", None, 2, ny(NOON), "FRED answers with an error (status 503)", title="FRED"),
    }
    now = quote("^GSPC", 6850.0, "2026-03-31T11:58", delay_s=900)
    return board(NOON, market("2026-03-30"), now, settings=settings, tape={"health": health})


@pytest.fixture(scope="module")
def empty() -> Board:
    return board(NOON)


def parsed(made: Board) -> Any:
    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    return json.loads(report.to_json(made), parse_constant=refuse)


# ---- JSON

STATS = (
    *("ytd_pct", "drawdown_now_pct", "dist_hi52_pct", "dist_lo52_pct", "sma50", "sma200", "vol_cc21_pct"),
    *("vol_yz21_pct", "trend_eta", "model_eta", "expected_move"),
)
RUNG = (
    *("level", "state", "reached_now", "progress_pct", "points_remaining", "remaining_pct", "required_cagr_pct"),
    *("required_daily_pct", "vs_plan_pct", "vs_plan_sessions", "first_touch_close", "first_touch_intraday"),
    *("days_at_or_above", "share_at_or_above_pct", "crossings_up", "streak", "p_touch", "p_beyond", "sigma"),
    "sigma_distance",
)
ROW = (
    *("symbol", "last", "change", "change_pct", "gap_pct", "rel_volume", "range52", "rsi14", "atr14", "atr_pct"),
    *("beta60", "beta60_adjusted", "r2_60", "corr60", "rs63_pct", "rs126_pct", "mansfield", "drawdown_pct"),
    *("mom21_pct", "mom63_pct", "revenue_ttm_yoy_pct"),
    *("mom126_pct", "mom252_pct", "dist_sma50_pct", "dist_sma200_pct", "revenue_yoy_pct", "revenue_ttm", "ps_ttm"),
    *("next_report", "source", "quote_time", "session", "freshness", "flags"),
)
INDICATOR = ("id", "title", "value", "unit", "score", "band", "at", "known_at", "freshness", "source", "flags", "why")
TARGET = (
    *("symbol", "name", "last", "change_pct", "baseline", "by", "next_rung", "rungs", "stats", "source"),
    *("quote_time", "freshness"),
)
CONTRACT = {
    "": (
        "schema",
        "version",
        "mode",
        "as_of",
        "session",
        "targets",
        "watchlists",
        "risks",
        "thesis",
        "health",
        "problems",
    ),
    "session": ("state", "last_completed", "next_open"),
    "targets.0": TARGET,
    "targets.0.baseline": ("date", "level"),
    "targets.0.rungs.0": RUNG,
    "targets.0.rungs.0.p_touch": ("neutral", "real_world"),
    "targets.0.rungs.0.p_beyond": ("neutral", "real_world"),
    "targets.0.rungs.0.sigma": ("value", "source"),
    "targets.0.stats": STATS,
    "watchlists.0": ("name", "title", "benchmark", "basket", "breadth", "rows"),
    "watchlists.0.basket": ("level", "change_pct", "rel_pct"),
    "watchlists.0.breadth": ("above_sma50", "above_sma200", "advancers", "decliners", "unchanged", "members"),
    "watchlists.0.rows.0": ROW,
    "risks": ("composite", "groups"),
    "risks.composite": ("score", "band", "coverage"),
    "risks.groups.0": ("id", "title", "weight", "score", "band", "indicators"),
    "risks.groups.0.indicators.0": INDICATOR,
    "thesis.0": ("id", "claim", "status", "evidence"),
    "sleeves.0": ("title", "symbols", "since_start_pct", "counted"),
}


def at(body: Any, path: str) -> Any:
    for part in filter(None, path.split(".")):
        body = body[int(part)] if part.isdigit() else body[part]
    return body


@pytest.mark.parametrize("path", CONTRACT)
def test_the_json_has_the_promised_fields_full_or_empty(full: Board, empty: Board, path: str) -> None:
    for made in (full, empty):
        assert set(CONTRACT[path]) <= set(at(parsed(made), path))


def test_health_has_the_promised_fields(full: Board) -> None:
    for one in parsed(full)["health"]:
        assert {"provider", "status", "last_ok", "failures", "next_try", "detail"} <= set(one)


def test_schema_mode_and_version(full: Board) -> None:
    body = parsed(full)
    assert (body["schema"], body["version"], body["mode"]) == (1, __version__, "live")
    assert [parsed(replace(full, mode=mode))["mode"] for mode in ("as_of", "demo")] == ["as_of", "demo"]
    assert "charts" not in body


def test_times_are_utc_and_dates_are_dates(full: Board) -> None:
    body = parsed(full)
    assert body["as_of"] == "2026-03-31T16:00:00Z"
    assert body["targets"][0]["quote_time"] == "2026-03-31T15:58:00Z"
    assert body["targets"][0]["by"] == "2026-12-31"
    known = body["risks"]["groups"][0]["indicators"][1]["known_at"]
    assert known.endswith("Z")
    assert datetime.fromisoformat(known) == ny("2026-03-30T18:00")


def test_percent_fields_are_percent_and_odds_are_fractions(full: Board) -> None:
    target = parsed(full)["targets"][0]
    level = next(one for one in target["rungs"] if one["level"] == 7000)
    assert level["remaining_pct"] == pytest.approx(100 * (7000 / 6850 - 1))
    assert 0 < level["p_touch"]["neutral"] < 1
    assert 0 < level["sigma"]["value"] < 1


def numbers_in(body: Any) -> list[Any]:
    if isinstance(body, dict):
        return [one for value in body.values() for one in numbers_in(value)]
    if isinstance(body, list):
        return [one for value in body for one in numbers_in(value)]
    return [body]


def test_missing_is_null(full: Board, empty: Board) -> None:
    nobody = parsed(full)["watchlists"][0]["rows"][2]
    assert nobody["symbol"] == "NOPE"
    assert {nobody[name] for name in ROW if name not in ("symbol", "source", "session", "freshness", "flags")} == {None}
    target = parsed(empty)["targets"][0]
    assert (target["last"], target["stats"]["ytd_pct"], target["rungs"][0]["remaining_pct"]) == (None, None, None)
    assert parsed(empty)["risks"]["composite"]["score"] is None


def test_what_is_not_a_number_cannot_get_into_the_json(full: Board) -> None:
    spoilt = replace(full, targets=[replace(full.targets[0], last=nan, change_pct=float("inf"))])
    target = parsed(spoilt)["targets"][0]
    assert (target["last"], target["change_pct"]) == (None, None)


# ---- CSV


def rows_of(made: Board) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(report.to_csv(made))))


def test_the_csv_has_a_line_a_reading(full: Board) -> None:
    rows = rows_of(full)
    assert list(rows[0]) == ["section", "name", "field", "value", "unit", "as_of", "source", "freshness"]
    found = {(one["section"], one["name"], one["field"]): one for one in rows}
    assert len(found) == len(rows), "no reading twice"
    last = found["target", "^GSPC", "last"]
    assert (float(last["value"]), last["source"], last["freshness"]) == (6850.0, "Cboe", "fresh")
    assert found["rung", "^GSPC 7000", "remaining_pct"]["unit"] == "%"
    assert float(found["ai", "PLPC", "rsi14"]["value"]) == rounded(full.watchlists[0].rows[0].rsi14 or 0.0)
    assert float(found["risk", "VC1", "value"]["value"]) > 0
    assert found["risk", "VC1", "light"]["value"] == "calm"
    assert found["risk", "VC1", "score"]["freshness"] == "fresh"
    assert found["thesis", "D0", "status"]["value"] == full.thesis[0].status
    assert {one["freshness"] for one in rows} <= {"fresh", "lagging", "stale", "missing", ""}
    assert float(found["risk", "composite", "score"]["value"]) == rounded(full.risks.composite.score or 0.0)
    assert {len(line) for line in csv.reader(io.StringIO(report.to_csv(full)))} == {8}


def test_what_a_company_reported_has_its_own_source_and_date_in_the_csv(full: Board) -> None:
    watchlist = full.watchlists[0]
    row = replace(
        watchlist.rows[0], source="Yahoo", revenue=1.5e8, revenue_quarter=date(2026, 6, 30), revenue_source="EDGAR",
        ps_ttm=2.5,
    )  # fmt: skip
    made = replace(full, watchlists=[replace(watchlist, rows=[row])])
    found = {(one["name"], one["field"]): one for one in rows_of(made) if one["section"] == watchlist.name}
    assert found[row.symbol, "revenue"]["source"] == "EDGAR"
    assert found[row.symbol, "revenue"]["as_of"] == "2026-06-30"
    assert found[row.symbol, "ps_ttm"]["source"] == "Yahoo, EDGAR"
    assert found[row.symbol, "last"]["source"] == "Yahoo"


def test_missing_is_an_empty_cell(empty: Board) -> None:
    rows = rows_of(empty)
    assert next(one for one in rows if one["name"] == "^GSPC")["value"] == ""
    assert not any(one["value"].lower() in ("none", "nan") for one in rows)


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")'])
def test_no_cell_of_text_starts_a_formula(evil: str) -> None:
    name = {"symbol": evil} if evil[0] not in "\t\r" else {}
    settings = Settings(targets=[TargetSettings(**name)], watchlists={evil: WatchlistSettings(evil, ["PLPC"])})
    made = board("2025-12-10T18:00", bars("PLPC", {"2025-12-09": 200.0, "2025-12-10": 190.0}, evil), settings=settings)
    cells = [cell for line in csv.reader(io.StringIO(report.to_csv(made))) for cell in line]
    assert f"'{evil.lstrip()}" in cells
    started = [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r")) or re.match(r"-(?!\d)", cell)]
    assert started == []
    assert all(re.fullmatch(r"-\d[\d.e-]*", cell) for cell in cells if cell.startswith("-")), "only numbers"


# ---- Text


def long_winded(made: Board) -> Board:
    """The board with long words from outside everywhere."""
    words = "a long sentence about what went wrong " * 8
    return replace(
        made,
        problems=[words, "x" * 300],
        notes=[words],
        thesis=[replace(one, evidence=words) for one in made.thesis],
        health=[replace(one, detail=words) for one in made.health],
        thesis_name=words,
        targets=[replace(one, name=words, missing={"last": words}) for one in made.targets],
        watchlists=[replace(one, title=words) for one in made.watchlists],
    )


@pytest.mark.parametrize("explain", [False, True])
def test_the_text_fits_a_hundred_columns(full: Board, empty: Board, explain: bool) -> None:
    for made in (full, empty, long_winded(full)):
        text = report.to_text(made, explain=explain)
        assert [line for line in text.splitlines() if len(line) > WIDTH] == []
        assert text.endswith("\n")
        assert not any(line != line.rstrip() for line in text.splitlines())


def test_the_text_says_what_it_is(full: Board) -> None:
    assert report.to_text(full).startswith("rallytui  The 6,900 rally")
    assert "AS OF" not in report.to_text(full)
    assert report.to_text(replace(full, mode="as_of")).startswith("AS OF  ")
    assert report.to_text(replace(full, mode="demo")).startswith("SIMULATED  ")
    assert "Tue 31 Mar 2026 12:00 New York" in report.to_text(full)


def test_the_text_has_words_and_no_codes(full: Board, empty: Board) -> None:
    shut = [replace(one, status="skipped", detail="not asked: no contact in the config") for one in full.health]
    target = full.targets[0]
    lost = replace(target.rungs[0], first_touch_close=target.baseline.date, reached_now=False, state="reached")
    after = replace(full.session, state="post")
    odd = replace(full, health=shut, session=after, targets=[replace(target, rungs=[lost, *target.rungs[1:]])])
    for made in (full, empty, odd):
        text = report.to_text(made, explain=True)
        assert re.findall(r"\b[a-z]+_[a-z_]+\b", text) == [], "codes are for programs"
        assert "vs ^GSPC" not in text
        assert "vs S&P 500" in text
        assert "no source, no time" not in text
    text = report.to_text(odd)
    assert "  Cboe       not asked: no contact in the config" in text
    assert "·  after hours\n" in text
    assert re.search(r"^ +6,900  lost ", text, re.MULTILINE)
    assert re.search(r"^ +8,000  no data ", report.to_text(empty), re.MULTILINE)


def test_no_number_of_the_json_or_the_csv_has_digits_that_nobody_measured(full: Board) -> None:
    floats = [one for one in numbers_in(parsed(full)) if isinstance(one, float)]
    assert len(floats) > 200
    assert [one for one in floats if one != rounded(one)] == []
    cells = [cell for line in csv.reader(io.StringIO(report.to_csv(full))) for cell in line]
    numbers = [cell for cell in cells if re.fullmatch(r"-?\d+\.\d+", cell)]
    assert len(numbers) > 100
    assert [cell for cell in numbers if float(cell) != rounded(float(cell))] == []


def test_the_text_has_the_numbers_their_sources_and_what_is_missing(full: Board) -> None:
    text = report.to_text(full)
    assert "6,850.00" in text
    assert "  from Cboe, 2026-03-31 11:58, delayed\n" in text
    assert re.search(r"NOPE\s+—", text)
    assert "No source has a price of NOPE." in text
    assert "FRED answers with an error (status 503)" in text
    assert "GBM model" in text
    for title in ("AI delays", "Labour", "Fed policy", "Thesis", "Sources"):
        assert title in text
    assert "nan" not in re.sub(r"[A-Za-z]nan|nan[A-Za-z]", "", text.lower())


def test_a_part_says_from_how_many_names_it_is_unless_it_is_from_all(full: Board) -> None:
    parts = [Sleeve("Large caps", ["SPY"], 4.25, 1), Sleeve("AI", ["A", "B", "C", "D"], -1.5, 3)]
    parts += [Sleeve("Defensives", ["XLU", "TLT"], None, 1), Sleeve("A third of each", [], None)]
    text = " ".join(report.to_text(replace(full, sleeves=parts)).split())
    assert "Large caps +4.2 % · AI −1.5 % (3 of 4) · Defensives — (1 of 2) · A third of each —" in text
    assert [one["counted"] for one in parsed(replace(full, sleeves=parts))["sleeves"]] == [1, 3, 1, 0]


@pytest.mark.parametrize(
    ("odds", "words"),
    [
        (Odds(0.542, 0.51), "51–54 %"),
        (Odds(0.5, 0.5), "50 %"),
        (Odds(0.983, 0.996), "98 to >99 %"),
        (Odds(0.004, 0.03), "<1 to 3 %"),
        (Odds(float("nan"), 0.2), "20 %"),
        (Odds(), "—"),
    ],
)
def test_odds_read_as_on_the_screen(odds: Odds, words: str, full: Board) -> None:
    target = full.targets[0]
    made = replace(full, targets=[replace(target, rungs=[replace(rung, p_touch=odds) for rung in target.rungs])])
    rungs = [line for line in report.to_text(made).splitlines() if re.match(r" +\d,\d{3}  ", line)]
    assert len(rungs) == len(target.rungs)
    assert all(line.endswith(f" {words}") for line in rungs)


def test_lights_have_letters(full: Board, empty: Board) -> None:
    assert re.search(r"^ {4}[CWS] VIX ", report.to_text(full), re.MULTILINE)
    assert re.search(r"^ {4}\? VIX ", report.to_text(empty), re.MULTILINE)
    assert "not enough data for a composite" in report.to_text(empty)


def test_the_explanation_adds_up_and_is_honest(full: Board) -> None:
    text = report.to_text(full, explain=True)
    assert "It is not a forecast" in re.sub(r"\s+", " ", text)
    assert "It is not a forecast" not in report.to_text(full)
    adds = [float(found.replace("−", "-")) for found in re.findall(r"(?m)^ {2,}(−?\d+\.\d) +[A-Z]{2}\d ", text)]
    assert len(adds) == 18
    assert sum(adds) == pytest.approx(full.risks.composite.score, abs=1)


def test_words_from_outside_are_plain(full: Board) -> None:
    evil = replace(full, problems=["clear\x1b[2J the\x07 screen\u202e now"], thesis_name="[bold]x[/bold]\x9b1m")
    text = report.to_text(evil)
    assert not set("\x1b\x07\u202e\x9b") & set(text)
    assert "[bold]x[/bold]" in text


@pytest.mark.parametrize(
    ("value", "decimals", "unit", "sign", "said"),
    [
        (None, 2, "%", True, "—"),
        (1234.5, 2, "", False, "1,234.50"),
        (-0.004, 2, "", True, "0.00"),
        (0.0, 1, "%", True, "0.0 %"),
        (-1.5, 1, "pp", True, "−1.5 pp"),
        (2.0, 0, "", True, "+2"),
    ],
)
def test_numbers(value: float | None, decimals: int, unit: str, sign: bool, said: str) -> None:
    assert report.number(value, decimals, unit, sign) == said


# ---- The exit code


def test_complete_partial_or_nothing(full: Board, empty: Board) -> None:
    whole = replace(full, problems=[])
    assert report.completeness(whole) == 0
    assert report.completeness(full) == 3
    assert report.completeness(empty) == 1
    assert report.completeness(replace(empty, problems=[])) == 1
    only: list[Target] = [replace(empty.targets[0], last=6850.0)]
    assert report.completeness(replace(empty, targets=only)) == 3
