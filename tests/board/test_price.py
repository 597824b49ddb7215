"""Which price counts in each part of the day, and how fresh it is (METHODOLOGY 0.4 and E.3)."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from rallytui.board.price import comparable
from rallytui.config import Settings, WatchlistSettings
from rallytui.model import Quote
from tests.board.samples import board, index, row
from tests.facts import bars, ny, quote

TUESDAY, WEDNESDAY = 6765.88, 6812.61
NOON = "2025-11-26T12:00"


def spoken(at: str, *quotes: Quote, until: str = "2025-11-25") -> tuple[float | None, str, str]:
    """Price, freshness and badge of the index, whose finished bars are there up to `until`."""
    target = board(at, index(until), *quotes).targets[0]
    return target.last, target.freshness, target.badge


def live(at: str, **changes: object) -> Quote:
    return quote("^GSPC", 6800.0, at, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("traded", "delay", "freshness", "badge"),
    [
        ("11:59:50", 0, "fresh", ""),
        ("11:57:00", 0, "fresh", ""),
        ("11:56:59", 0, "lagging", "no price since 11:56"),
        ("11:51:00", 0, "lagging", "no price since 11:51"),
        ("11:50:59", 0, "stale", "no price since 11:50"),
        ("11:42:00", 900, "fresh", "delayed"),
        ("11:41:59", 900, "lagging", "no price since 11:41"),
        ("11:05:59", 900, "stale", "no price since 11:05"),
    ],
)
def test_while_the_market_is_open_the_age_counts(traded: str, delay: int, freshness: str, badge: str) -> None:
    now = live(f"2025-11-26T{traded}", delay_s=delay)
    assert spoken(NOON, now) == (6800.0, freshness, badge)


def test_the_allowed_age_follows_the_refresh_of_the_config() -> None:
    slow = replace(Settings(), data=replace(Settings().data, quotes_every_s=300.0))
    facts = (index("2025-11-25"), live("2025-11-26T11:50"))
    assert board(NOON, *facts).targets[0].freshness == "stale"
    assert board(NOON, *facts, settings=slow).targets[0].freshness == "fresh"


@pytest.mark.parametrize(
    ("at", "until", "expected"),
    [
        ("2025-11-26T08:00", "2025-11-25", (TUESDAY, "fresh", "")),
        ("2025-11-26T03:00", "2025-11-25", (TUESDAY, "fresh", "closed")),
        ("2025-11-26T09:30", "2025-11-25", (TUESDAY, "fresh", "awaiting open")),
        ("2025-11-26T09:49:59", "2025-11-25", (TUESDAY, "fresh", "awaiting open")),
        ("2025-11-26T09:50", "2025-11-25", (TUESDAY, "stale", "Tue 25 Nov")),
        ("2025-11-26T09:35", "2025-11-24", (6705.12, "stale", "Mon 24 Nov")),
        ("2025-11-26T16:30", "2025-11-25", (TUESDAY, "lagging", "Tue 25 Nov")),
        ("2025-11-26T17:59:59", "2025-11-26", (TUESDAY, "lagging", "Tue 25 Nov")),
        ("2025-11-26T18:00", "2025-11-26", (WEDNESDAY, "fresh", "")),
        ("2025-11-26T18:00", "2025-11-25", (TUESDAY, "stale", "Tue 25 Nov")),
        ("2025-11-26T22:00", "2025-11-26", (WEDNESDAY, "fresh", "closed")),
        ("2025-11-27T12:00", "2025-11-26", (WEDNESDAY, "fresh", "closed")),
        ("2025-11-28T14:30", "2025-11-26", (WEDNESDAY, "lagging", "Wed 26 Nov")),
        ("2025-11-28T15:00", "2025-11-26", (WEDNESDAY, "stale", "Wed 26 Nov")),
        ("2025-11-30T12:00", "2025-11-28", (6849.09, "fresh", "closed")),
        ("2025-11-30T12:00", "2025-11-26", (WEDNESDAY, "stale", "Wed 26 Nov")),
    ],
)
def test_else_the_session_counts_and_not_the_age(at: str, until: str, expected: tuple[float, str, str]) -> None:
    assert spoken(at, until=until) == expected


def test_after_the_close_the_quote_of_the_day_is_the_close_until_the_bar_is_known() -> None:
    closing = quote("^GSPC", WEDNESDAY, "2025-11-26T16:00", state="post")
    before = board("2025-11-26T17:00", index("2025-11-26"), closing).targets[0]
    assert (before.last, before.freshness, before.provisional) == (WEDNESDAY, "fresh", True)
    assert before.change_pct == pytest.approx(100 * (WEDNESDAY / TUESDAY - 1))
    after = board("2025-11-26T18:00", index("2025-11-26"), closing).targets[0]
    assert (after.last, after.freshness, after.provisional) == (WEDNESDAY, "fresh", False)


def test_a_finished_bar_beats_a_quote_of_its_own_or_an_earlier_day() -> None:
    assert spoken("2025-11-26T08:00", live("2025-11-25T15:59"))[0] == TUESDAY
    assert spoken("2025-11-26T08:00", live("2025-11-21T15:59"))[0] == TUESDAY
    assert spoken(NOON, live("2025-11-25T15:59"))[0] == TUESDAY


def test_a_quote_of_the_last_session_stands_in_for_a_bar_that_did_not_come() -> None:
    friday = quote("^GSPC", 6849.09, "2025-11-28T13:00")
    assert spoken("2025-11-30T12:00", friday, until="2025-11-26") == (6849.09, "fresh", "closed")


def test_a_quote_that_was_not_yet_received_does_not_count() -> None:
    late = quote("^GSPC", 6800.0, "2025-11-26T11:58", "2025-11-26T12:00:01")
    assert spoken(NOON, late)[0] == TUESDAY


def test_what_trades_before_and_after_stays_in_its_own_column() -> None:
    settings = Settings(watchlists={"ai": WatchlistSettings("AI", ["PLPC"])})
    history = bars("PLPC", {"2025-11-24": 200.0, "2025-11-25": 204.0})
    after = quote("PLPC", 206.0, "2025-11-26T16:00", extended=250.0, state="post")
    found = row(board("2025-11-26T17:00", history, after, settings=settings), "PLPC")
    assert (found.last, found.extended) == (206.0, 250.0)
    assert found.change_pct == pytest.approx(100 * (206 / 204 - 1))
    assert found.session == "post"


def test_a_thin_name_is_not_stale_while_the_index_is_fresh() -> None:
    thin = quote("PLPC", 204.0, "2025-11-26T10:42")
    facts = (index("2025-11-25"), bars("PLPC", {"2025-11-25": 203.0}), thin)
    found = row(board(NOON, *facts, live("2025-11-26T11:59")), "PLPC")
    assert (found.last, found.freshness, found.badge) == (204.0, "lagging", "no trade since 10:42")
    assert row(board(NOON, *facts, live("2025-11-26T10:42")), "PLPC").freshness == "stale"
    yesterday = (index("2025-11-25"), bars("PLPC", {"2025-11-25": 203.0}), live("2025-11-26T11:59"))
    assert row(board(NOON, *yesterday), "PLPC").freshness == "stale", "nothing of today at all"


def test_change_is_against_the_session_before_and_not_against_the_last_bar_there_is() -> None:
    gap = board("2025-12-01T12:00", index("2025-11-26"), quote("^GSPC", 6820, "2025-12-01T11:59")).targets[0]
    assert gap.change_pct is None
    assert "session before" in gap.missing["change_pct"]
    told = quote("^GSPC", 6820, "2025-12-01T11:59", prev_close=6849.09)
    known = board("2025-12-01T12:00", index("2025-11-26"), told).targets[0]
    assert known.change_pct == pytest.approx(100 * (6820 / 6849.09 - 1))


def test_quote_time_is_when_it_traded() -> None:
    found = quote("^GSPC", 6800.0, "2025-11-26T11:44", "2025-11-26T11:59", delay_s=900)
    assert board(NOON, index("2025-11-25"), found).targets[0].quote_time == ny("2025-11-26T11:44")


@pytest.mark.parametrize(
    ("price", "parts", "before", "split"),
    [
        (101.0, {}, 100.0, False),
        (25.2, {}, None, True),  # four for one, and the source's own close is not known
        (25.2, {"prev_close": 25.0}, 25.0, True),
        (25.2, {"prev_close": 100.0}, None, True),
        (50.5, {"open": 98.0}, 100.0, False),  # it fell there in the session
        (50.5, {"open": 50.0}, None, True),
        (165.0, {}, 100.0, False),
        (5.01, {"prev_close": 5.0}, 5.0, True),  # 20:1
        (3004.5, {"prev_close": 3000.0}, 3000.0, True),  # 1:30
        (80.1, {"prev_close": 80.0}, 80.0, True),  # 5:4
        (102.0, {"prev_close": 100.9}, 100.0, False),  # sources differ by less than 1 %
        (103.0, {"prev_close": 98.5}, 100.0, False),  # its own change is the larger one: that close is an older one
        (101.0, {"prev_close": 0.002}, 100.0, False),
    ],
)
def test_a_price_is_not_compared_across_a_split(
    price: float, parts: dict[str, float], before: float | None, split: bool
) -> None:
    assert comparable(quote("PLPC", price, NOON, **parts), 100.0) == (before, split)  # type: ignore[arg-type]


def test_an_index_does_not_split() -> None:
    assert comparable(quote("^RUT", 101.0, NOON, prev_close=50.5), 100.0) == (100.0, False)
