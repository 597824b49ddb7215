"""The watchlist's rows: what each needs, what is missing and why, and the guard against splits."""

from __future__ import annotations

from dataclasses import replace as changed
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest
from msgspec.structs import asdict, replace

from rallytui.board.shape import Board, Row
from rallytui.board.watchlist import JOINED
from rallytui.config import Settings, WatchlistSettings
from rallytui.model import Bars, Company, Fact, Facts, Filing, Health
from rallytui.report import to_text
from rallytui.tape import Dispute
from tests.board.samples import CLOSES, board, index, row
from tests.facts import bars, day, frame, market, ny, quarters, quote, sessions, wander

EVENING = "2026-03-31T18:00"
READINGS = (
    *("last", "change_pct", "rel_volume", "range52", "rsi14", "atr14", "beta60", "beta60_adjusted", "r2_60", "corr60"),
    *("rs63_pct", "rs126_pct", "mansfield", "drawdown_pct", "mom21_pct", "mom63_pct", "mom126_pct", "mom252_pct"),
    *("dist_sma50_pct", "dist_sma200_pct", "revenue_yoy_pct", "revenue_ttm", "revenue_ttm_yoy_pct"),
    *("ps_ttm", "next_report"),
)
"""What a row shows; each is there or its reason is."""


@cache
def small() -> Facts:
    """The names and the index: what the rows need."""
    kept = {"^GSPC", "PLPC", "INOD", "PATH", "FIVN"}
    return Facts(
        bars=tuple(one for one in market().bars if one.symbol in kept),
        companies=tuple(one for one in market().companies if one.symbol in kept),
    )


@cache
def whole(facts: Facts) -> Board:
    return board(EVENING, facts)


def unexplained(one: Row) -> list[str]:
    return [name for name in READINGS if getattr(one, name) is None and not one.missing.get(name)]


def without(facts: Facts, symbol: str) -> Facts:
    return Facts(
        bars=tuple(one for one in facts.bars if one.symbol != symbol),
        series=facts.series,
        companies=tuple(one for one in facts.companies if one.symbol != symbol),
    )


def test_a_full_row_has_every_reading() -> None:
    found = row(whole(small()), "PLPC")
    assert [name for name in READINGS if getattr(found, name) is None] == []
    assert [name for name in found.missing if name in READINGS] == []
    assert found.name == "PLPC Inc"
    assert (found.source, found.revenue_source) == ("Yahoo", "EDGAR")
    close = next(one for one in market().bars if one.symbol == "PLPC").frame["close"].to_numpy()
    assert found.last == close[-1]
    assert found.mom21_pct == pytest.approx(100 * (close[-1] / close[-22] - 1))
    assert found.dist_sma50_pct == pytest.approx(100 * (close[-1] / close[-50:].mean() - 1))
    assert found.drawdown_pct == pytest.approx(100 * (close[-1] / close[-252:].max() - 1))


def test_a_name_that_nobody_knows() -> None:
    made = board(EVENING, without(small(), "PATH"))
    gone = row(made, "PATH")
    assert {name: getattr(gone, name) for name in READINGS} == dict.fromkeys(READINGS)
    assert gone.freshness == "missing"
    assert unexplained(gone) == []
    assert "No source has a price of PATH." in made.problems


def test_a_name_with_ten_bars() -> None:
    young = changed(next(one for one in small().bars if one.symbol == "PATH"))
    young = changed(young, frame=young.frame.iloc[-10:])
    made = board(EVENING, without(small(), "PATH"), young)
    found = row(made, "PATH")
    assert found.last is not None
    assert found.change_pct is not None
    for name in ("rsi14", "atr14", "beta60", "rs63_pct", "mansfield", "range52", "mom21_pct", "dist_sma50_pct"):
        assert getattr(found, name) is None, name
    assert found.missing["rsi14"] == "needs 15 sessions, has 10"
    assert found.missing["dist_sma200_pct"] == "needs 200 sessions, has 10"
    assert unexplained(found) == []


@pytest.mark.parametrize("count", [0, 1, 2, 14, 15, 21, 22, 61, 64, 127, 199, 200, 252, 253])
def test_a_history_of_any_length_gives_readings_or_reasons(count: int) -> None:
    young = next(one for one in small().bars if one.symbol == "PATH")
    young = changed(young, frame=young.frame.iloc[len(young.frame) - count :])
    made = board(EVENING, without(small(), "PATH"), young)
    assert unexplained(row(made, "PATH")) == []
    assert [one for one in made.watchlists[0].rows if one.symbol != "PATH"] == [
        one for one in whole(small()).watchlists[0].rows if one.symbol != "PATH"
    ], "the others do not notice"


def split(one: Bars, back: int) -> Bars:
    """The bars with prices before the last `back` sessions doubled and volumes halved: a split not adjusted for."""
    table = one.frame.copy()
    old = table.index[: len(table) - back]
    for name in ("open", "high", "low", "close", "adj_close"):
        table.loc[old, name] *= 2
    table.loc[old, "volume"] /= 2
    return changed(one, frame=table)


def test_a_history_is_cut_at_a_split_that_it_lacks() -> None:
    calm = next(one for one in small().bars if one.symbol == "PATH")
    level = calm.frame["close"] * 0 + 100.0
    calm = changed(calm, frame=calm.frame.assign(**dict.fromkeys(("open", "close", "adj_close"), level)))
    calm = changed(calm, frame=calm.frame.assign(high=100.5, low=99.5, volume=1e6))
    found = row(board(EVENING, without(small(), "PATH"), split(calm, 30)), "PATH")
    assert found.mom21_pct == pytest.approx(0)
    assert found.change_pct == pytest.approx(0)
    for name in ("mom63_pct", "rs63_pct", "range52", "beta60", "dist_sma200_pct", "mansfield"):
        assert getattr(found, name) is None, name
    assert found.missing["mom63_pct"] == "needs 64 sessions, has 30"
    assert "history_cut: the bars before 2026-02-18 are of another basis" in found.flags
    assert unexplained(found) == []
    old = row(board(EVENING, without(small(), "PATH"), split(calm, 300)), "PATH")
    assert old.mom252_pct == pytest.approx(0)


def test_a_split_today_keeps_the_change_back() -> None:
    calm = changed(
        next(one for one in small().bars if one.symbol == "PATH"),
        frame=frame(days := sessions("2025-06-02", "2026-03-31"), [100.0] * len(days)),
    )
    found = row(board(EVENING, without(small(), "PATH"), split(calm, 1)), "PATH")
    assert found.last == 100
    assert (found.change_pct, found.gap_pct) == (None, None)
    assert any(flag.startswith("history_cut") for flag in found.flags)


def split_today(now: str, history: Bars) -> Row:
    """A share after 20:1 with the source's own previous close on the new basis."""
    found = quote("PATH", 10.03, "2026-04-01T12:00", now, prev_close=10.0, volume=9e6, day=(10.01, 10.02, 10.03))
    return row(board(now, without(small(), "PATH"), history, found), "PATH")


def test_on_the_day_of_a_split_nothing_joins_the_two_bases() -> None:
    days = sessions("2024-06-03", "2026-03-31")
    old = Bars("PATH", frame(days, [200.0] * len(days), volume=[1e6] * len(days)), "yahoo", "PATH Inc")
    found = split_today("2026-04-01T12:01", old)
    assert (found.last, found.change_pct) == (10.03, pytest.approx(0.3))
    for name in JOINED:
        assert getattr(found, name) is None, name
        assert found.missing[name].startswith("split_today"), name
    assert found.flags[0].startswith("split_today")
    assert (found.mom21_pct, found.vol21_pct) == (0.0, 0.0), "the bars alone are whole"
    new = changed(
        old,
        frame=old.frame.assign(
            **{name: old.frame[name] / 20 for name in ("open", "high", "low", "close", "adj_close")}
        ),
    )
    whole = split_today("2026-04-01T12:01", new)
    assert whole.drawdown_pct is not None
    assert not any("split" in flag for flag in whole.flags)


def test_the_session_before_is_one_of_the_calendar() -> None:
    """Momentum over 21 sessions, and no return over two of them."""
    days = sessions("2024-06-03", "2026-03-31")
    closes = 100 * 1.001 ** np.arange(len(days))
    closes[-10:] *= 1.21
    full = Bars("PATH", frame(days, closes), "yahoo", "PATH Inc")
    lacking = changed(full, frame=full.frame.drop(full.frame.index[-11]))
    found = row(board(EVENING, without(small(), "PATH"), lacking), "PATH")
    assert found.mom21_pct == pytest.approx(100 * (closes[-1] / closes[-22] - 1))
    assert found.vol21_pct == pytest.approx(0.0, abs=1e-9), "the day that moved is not measured"
    assert f"no bar of {days[-11]}" in found.flags
    assert row(board(EVENING, without(small(), "PATH"), full), "PATH").vol21_pct > 50


def test_without_the_bar_of_the_session_before_there_is_no_gap() -> None:
    whole_history = next(one for one in small().bars if one.symbol == "PATH")
    lacking = changed(whole_history, frame=whole_history.frame.drop(whole_history.frame.index[-2]))
    found = row(board(EVENING, without(small(), "PATH"), lacking), "PATH")
    assert (found.gap_pct, found.change_pct) == (None, None)


@pytest.mark.parametrize("factor", [8, 20])
def test_a_high_that_is_a_typing_error_makes_no_range(factor: int) -> None:
    good = next(one for one in small().bars if one.symbol == "PATH")
    table = good.frame.copy()
    table.iloc[-40, table.columns.get_loc("high")] *= factor
    found = row(board(EVENING, without(small(), "PATH"), changed(good, frame=table)), "PATH")
    clean = row(board(EVENING, small()), "PATH")
    assert found.hi52 == clean.hi52
    assert found.atr14 == pytest.approx(clean.atr14, rel=0.01)
    assert f"the high of {table.index[-40].date()} is not used: beyond 5 ATR" in found.flags


def test_a_name_of_another_calendar_keeps_its_own_days() -> None:
    good = next(one for one in small().bars if one.symbol == "PATH")
    thin = changed(good, frame=good.frame.iloc[::2])
    found = row(board(EVENING, without(small(), "PATH"), thin), "PATH")
    assert found.rsi14 is not None
    assert not any(flag.startswith("no bar") for flag in found.flags)


def test_a_filing_without_revenue() -> None:
    shares = Fact(
        "EntityCommonStockSharesOutstanding", "shares", None, day("2026-02-01"), 5e6, day("2026-02-04"), "10-Q"
    )
    empty = Company("PATH", (shares,), (), "PATH Inc", "sec")
    made = board(EVENING, changed(small(), companies=()), *small().companies[:2], empty)
    found = row(made, "PATH")
    assert (found.revenue, found.revenue_yoy_pct, found.revenue_ttm, found.ps_ttm) == (None, None, None, None)
    assert "no revenue" in found.missing["revenue_yoy_pct"]
    assert found.rsi14 is not None
    assert unexplained(found) == []
    assert row(made, "PLPC").revenue_yoy_pct is not None


def test_no_filings_at_all() -> None:
    found = row(board(EVENING, changed(small(), companies=())), "PLPC")
    assert "no filings of PLPC" in found.missing["revenue_ttm"]
    assert unexplained(found) == []


def test_revenue_growth_names_its_quarter() -> None:
    company = quarters("PLPC", [100e6, 102e6, 104e6, 106e6, 121e6], "2025-12-31")
    found = row(board(EVENING, changed(small(), companies=(company,))), "PLPC")
    assert found.revenue_yoy_pct == pytest.approx(21)
    assert (found.revenue, found.revenue_quarter) == (121e6, day("2025-12-31"))
    assert found.revenue_ttm == pytest.approx(433e6)
    assert found.last is not None
    assert found.ps_ttm == pytest.approx(found.last * 5e6 / 433e6)
    assert found.next_report is not None
    assert found.revenue_ttm_yoy_pct is None
    assert "a year before" in found.missing["revenue_ttm_yoy_pct"]


def test_trailing_revenue_is_compared_with_the_four_quarters_before() -> None:
    company = quarters("PLPC", [25e6] * 4 + [30e6] * 4, "2025-12-31")
    found = row(board(EVENING, changed(small(), companies=(company,))), "PLPC")
    assert (found.revenue_ttm, found.revenue_ttm_yoy_pct) == (pytest.approx(120e6), pytest.approx(20))


def test_the_adjusted_beta_is_pulled_to_one() -> None:
    found = row(board(EVENING, small()), "PLPC")
    assert found.beta60 is not None
    assert found.beta60_adjusted == pytest.approx(0.67 * found.beta60 + 0.33)


def test_a_quote_alone_gives_a_price_and_a_change() -> None:
    made = board("2026-03-31T12:00", quote("PLPC", 204.0, "2026-03-31T11:59", prev_close=200.0, volume=3e4))
    found = row(made, "PLPC")
    assert (found.last, found.change, found.change_pct) == (204.0, 4.0, pytest.approx(2))
    assert found.rel_volume is None
    assert unexplained(found) == []


def test_the_running_session_puts_volume_and_gap_right() -> None:
    now = quote("PLPC", 101.0, "2026-03-31T11:59", volume=5e5, open=99.0)
    made = board("2026-03-31T12:00", changed(market("2026-03-30"), series=()), now)
    found = row(made, "PLPC")
    history = next(one for one in market("2026-03-30").bars if one.symbol == "PLPC").frame
    assert found.rel_volume_partial
    assert found.rel_volume == pytest.approx(5e5 / history["volume"].iloc[-20:].mean())
    assert found.gap_pct == pytest.approx(100 * (99 / history["close"].iloc[-1] - 1))
    evening = row(board("2026-03-30T18:00", market("2026-03-30")), "PLPC")
    assert not evening.rel_volume_partial
    for name in ("rsi14", "atr14", "beta60", "rs63_pct", "mom21_pct", "mansfield"):
        assert getattr(found, name) == getattr(evening, name), f"{name} is of finished bars only"


def test_basket_and_breadth() -> None:
    names = {"A": (100.0, 102.0), "B": (50.0, 49.5), "C": (10.0, 10.0), "D": (20.0, 20.8)}
    settings = Settings(watchlists={"ai": WatchlistSettings("AI", list(names))})
    lines = [bars(name, {"2025-11-26": old, "2025-11-28": new}) for name, (old, new) in names.items()]
    made = board("2025-11-28T18:00", index(), *lines, settings=settings).watchlists[0]
    mean = (2.0 - 1.0 + 0.0 + 4.0) / 4
    assert made.basket.change_pct == pytest.approx(mean)
    assert made.basket.level == pytest.approx(100 + mean)
    assert made.basket.rel_pct == pytest.approx(mean - 100 * (6849.09 / 6812.61 - 1))
    moves = (made.breadth.advancers, made.breadth.decliners, made.breadth.unchanged, made.breadth.members)
    assert moves == (2, 1, 1, 4)
    assert (made.breadth.above_sma50, made.breadth.with_sma50) == (0, 0), "two sessions make no average"


@pytest.mark.parametrize(("known", "there"), [(4, True), (3, True), (2, False), (0, False)])
def test_a_basket_of_less_than_three_fifths_is_none(known: int, there: bool) -> None:
    names = ["A", "B", "C", "D"]
    settings = Settings(watchlists={"ai": WatchlistSettings("AI", names)})
    lines = [bars(name, {"2025-11-26": 100.0, "2025-11-28": 101.0}) for name in names[:known]]
    basket = board("2025-11-28T18:00", index(), *lines, settings=settings).watchlists[0].basket
    assert (basket.change_pct is not None) is there
    assert (basket.level is not None) is there


def test_the_basket_goes_on_while_the_session_runs() -> None:
    settings = Settings(watchlists={"ai": WatchlistSettings("AI", ["A"])})
    facts = (index("2025-11-28"), bars("A", {"2025-11-26": 100.0, "2025-11-28": 110.0}))
    now = (quote("A", 121.0, "2025-12-01T11:59"), quote("^GSPC", 6849.09, "2025-12-01T11:59"))
    assert board("2025-12-01T12:00", *facts, *now, settings=settings).watchlists[0].basket.level == pytest.approx(121)
    assert board("2025-11-30T12:00", *facts, settings=settings).watchlists[0].basket.level == pytest.approx(110)


def test_a_refused_answer_stands_on_its_row() -> None:
    made = board(EVENING, small(), tape={"suspects": {"PLPC": "yahoo: $.close: a price of -3"}})
    assert any("a price of -3" in flag for flag in row(made, "PLPC").flags)
    assert not any("refused" in flag for flag in row(made, "INOD").flags)


def test_a_move_beyond_three_ranges_is_flagged() -> None:
    quiet = wander("PLPC", sessions("2025-06-02", "2026-03-30"))
    last = float(quiet.frame["close"].iloc[-1])
    wild = quote("PLPC", last * 1.4, "2026-03-31T11:59")
    found = row(board("2026-03-31T12:00", index(), quiet, wild), "PLPC")
    assert "moved more than 3 × ATR" in found.flags


@pytest.mark.parametrize(("r2", "thin"), [(0.0, True), (0.099, True), (0.1, False), (0.104, False), (None, False)])
def test_a_beta_is_thin_below_a_tenth_of_the_moves(r2: float | None, thin: bool) -> None:
    assert Row("PLPC", r2_60=r2).is_beta_thin is thin


def test_an_index_files_nothing_and_that_is_no_failure() -> None:
    settings = Settings(watchlists={"ai": WatchlistSettings("AI", ["^VIX"])})
    found = row(board(EVENING, market(), settings=settings), "^VIX")
    assert found.last is not None
    assert not any("EDGAR" in text for text in found.missing.values())


@pytest.mark.parametrize("bad", ["nan close", "zero", "gap", "duplicate volume"])
def test_a_bad_bar_spoils_its_own_row_only(bad: str) -> None:
    before = whole(market())
    table = next(one for one in market().bars if one.symbol == "PATH").frame.copy()
    if bad == "nan close":
        table.iloc[-1, table.columns.get_indexer(["open", "high", "low", "close", "adj_close"])] = np.nan
    elif bad == "zero":
        table.iloc[-5] = 0.0
    elif bad == "gap":
        table = table.drop(table.index[-30:-20])
    else:
        table["volume"] = np.nan
    spoilt = Bars("PATH", table, "yahoo", "PATH Inc")
    made = board(EVENING, without(market(), "PATH"), spoilt)
    assert [finite(one) for one in made.watchlists[0].rows] == [True] * 4
    others = [replace(one) for one in made.watchlists[0].rows if one.symbol != "PATH"]
    assert others == [one for one in before.watchlists[0].rows if one.symbol != "PATH"]
    assert (made.risks.groups, made.risks.composite) == (before.risks.groups, before.risks.composite)
    assert made.targets == before.targets


def finite(one: Row) -> bool:
    """Whether no number of the row is NaN or infinite."""
    numbers: list[Any] = [value for value in asdict(one).values() if isinstance(value, float)]
    return bool(np.isfinite(numbers).all())


def test_times_are_of_the_session_that_is_shown() -> None:
    found = row(board("2026-04-01T03:00", market()), "PLPC")
    assert found.quote_time == ny("2026-03-31T16:00")
    assert (found.session, found.badge) == ("closed", "closed")


def test_a_price_on_which_two_sources_disagree_is_flagged_with_both() -> None:
    at = "2025-12-31T16:00"
    index_dispute = Dispute("^GSPC", ny(at), "cboe", 6845.5, "yahoo", 6700.0)
    share_dispute = Dispute("PLPC", ny(at), "yahoo", 200.0, "cboe", 201.5)
    made = board("2025-12-31T21:00", index(), tape={"disputes": {"^GSPC": index_dispute, "PLPC": share_dispute}})
    flag = "suspect price: Yahoo 200.00, Cboe 201.50 for the same moment of 2025-12-31"
    assert flag in row(made, "PLPC").flags
    said = "S&P 500: two sources disagree: Cboe 6,845.50, Yahoo 6,700.00 for the same moment of 2025-12-31."
    assert said in made.problems
    assert not any("suspect price" in one for one in row(made, "INOD").flags)


def test_a_value_that_was_refused_makes_the_last_good_one_suspect_until_another_source_steps_in() -> None:
    at = "2025-12-31T16:00"
    said = {"^GSPC": "cboe: $.data.current_price: a price of -1 cannot be", "PLPC": "yahoo: $: no"}
    for source, sign in (("yahoo", "suspect value "), ("nasdaq", "")):
        price = quote("PLPC", 200.0, at, source=source)
        made = board("2025-12-31T21:00", index(), price, tape={"suspects": said})
        assert f"{sign}refused: yahoo: $: no" in row(made, "PLPC").flags
        text = to_text(made)
        assert ("  PLPC !  " in text) == bool(sign)
        assert f"    {sign}refused: yahoo: $: no\n" in text
        assert not any("refused" in flag for flag in row(made, "INOD").flags)
    shown = board("2025-12-31T21:00", index(), quote("^GSPC", 6845.5, at, source="cboe"), tape={"suspects": said})
    assert "S&P 500: suspect value refused: cboe: $.data.current_price: a price of -1 cannot be." in shown.problems


def test_a_sleeve_without_one_of_its_names_goes_on_as_its_basket_does() -> None:
    """METHODOLOGY B.3: from 60 % of the members on there is a basket."""
    names = ("PLPC", "INOD", "PATH", "FIVN")
    grown = [bars(name, {"2025-11-26": 100.0, "2025-11-28": 110.0, "2025-12-01": 121.0}) for name in names]
    for count, since in ((4, 21.0), (3, 21.0), (2, None), (0, None)):
        made = board("2025-12-01 18:00", index("2025-12-01"), bars("SPY", CLOSES), *grown[:count])
        theme = made.sleeves[1]
        assert theme.since_start_pct == (None if since is None else pytest.approx(since)), count
        assert (theme.counted, len(theme.symbols)) == (count, 4)
        assert made.sleeves[-1].since_start_pct is None, "a third of each needs all three"


def test_in_the_session_no_gap_and_no_volume_of_another_day_passes_for_todays() -> None:
    now = "2026-04-01T11:00"
    bare = row(board(now, small(), quote("PLPC", 101.0, now)), "PLPC")
    assert bare.gap_pct is None
    assert bare.missing["gap_pct"] == "the source does not tell the open of the running session"
    assert (bare.rel_volume_partial, bare.rel_volume_session) == (False, day("2026-03-31"))
    told = row(board(now, small(), quote("PLPC", 101.0, now, volume=5e5, open=99.0)), "PLPC")
    assert (told.rel_volume_partial, told.rel_volume_session) == (True, day("2026-04-01"))
    assert row(board(EVENING, small()), "PLPC").rel_volume_session == day("2026-03-31")


def test_nobody_has_traded_it_only_while_its_source_is_well() -> None:
    facts = (
        small(),
        quote("^GSPC", 6850.0, "2026-04-01T11:59"),
        quote("PLPC", 101.0, "2026-04-01T10:42", source="yahoo"),
    )
    assert row(board("2026-04-01T12:00", *facts), "PLPC").badge == "no trade since 10:42"
    down = {"yahoo": Health("yahoo", status="failing")}
    assert row(board("2026-04-01T12:00", *facts, tape={"health": down}), "PLPC").badge == "no price since 10:42"


# --- who joined later ---


def with_joined(**joined: str) -> Settings:
    days = {name: day(text) for name, text in joined.items()}
    own = WatchlistSettings("T", ["PATH", "FIVN", *days], joined=days)
    return Settings(watchlists={"ai": own})


def two_and_a_winner() -> tuple[Bars, ...]:
    """Two names that stand still, and one that rises by a tenth each day."""
    days = [text for text in CLOSES if text >= "2025-11-26"]
    flat = [bars(name, dict.fromkeys(days, 100.0)) for name in ("PATH", "FIVN")]
    spy = bars("SPY", {text: 600.0 + n for n, text in enumerate(days)})
    return *flat, spy, bars("WIN", {text: 10 * 1.1**n for n, text in enumerate(days)})


def test_yesterdays_winner_does_not_improve_the_record() -> None:
    facts = (index(), *two_and_a_winner())
    plain = board("2025-12-05T18:00", *facts, settings=with_joined())
    made = board("2025-12-05T18:00", *facts, settings=with_joined(WIN="2025-12-05"))
    assert plain.watchlists[0].basket.level == made.watchlists[0].basket.level == pytest.approx(100)
    assert made.watchlists[0].basket.members == ["PATH", "FIVN"]
    assert made.watchlists[0].basket.change_pct == 0, "nor does its rise of the day it joined"
    sleeves = [one.sleeves[1].since_start_pct for one in (plain, made)]
    assert sleeves == [pytest.approx(0), pytest.approx(0)]
    hindsight = board("2025-12-05T18:00", *facts, settings=with_joined(WIN="2025-11-26"))
    assert (hindsight.watchlists[0].basket.level or 0) > 120
    assert row(hindsight, "WIN").joined is None


def test_from_its_day_on_it_counts() -> None:
    facts, settings = (index(), *two_and_a_winner()), with_joined(WIN="2025-12-05")
    made = board("2025-12-09T18:00", *facts, settings=settings)
    assert made.watchlists[0].basket.level == pytest.approx(100 * (1 + 0.1 / 3) ** 2), "Monday and Tuesday"
    assert made.watchlists[0].basket.members == ["PATH", "FIVN", "WIN"]
    theme = next(one for one in made.sleeves if one.title == "T")
    assert theme.since_start_pct == pytest.approx(100 * (1 + 0.1 / 3) ** 2 - 100)
    assert (theme.symbols, theme.counted) == (["PATH", "FIVN", "WIN"], 3)
    assert row(made, "WIN").joined == day("2025-12-05")
    said = "joined the list on 2025-12-05: it counts in the basket from that day's close on, not before"
    assert said in row(made, "WIN").flags
    assert said in to_text(made)


def test_a_name_that_joined_at_the_weekend_counts_from_the_close_of_monday() -> None:
    facts, settings = (index(), *two_and_a_winner()), with_joined(WIN="2025-12-06")
    levels = {
        at: board(f"2025-12-{at}T18:00", *facts, settings=settings).watchlists[0].basket.level for at in ("08", "09")
    }
    assert levels == {"08": pytest.approx(100), "09": pytest.approx(100 * (1 + 0.1 / 3))}


def test_a_look_back_before_it_joined_is_without_it() -> None:
    facts, settings = (index(), *two_and_a_winner()), with_joined(WIN="2025-12-05")
    made = board("2025-12-02T18:00", *facts, settings=settings, mode="as_of")
    assert made.watchlists[0].basket.level == pytest.approx(100)
    assert made.watchlists[0].basket.members == ["PATH", "FIVN"]
    assert made.sleeves[1].symbols == ["PATH", "FIVN"]


def filer(symbol: str, **changes: Any) -> Company:
    one = next(one for one in small().companies if one.symbol == "PATH")
    return changed(one, symbol=symbol, **changes)


@pytest.mark.parametrize(
    ("company", "reason"),
    [
        (filer("BRK-B"), "the price is of one class of shares"),
        (filer("BABA", name="Alibaba Group Holding Ltd. ADR"), "a receipt for several shares"),
        (filer("TSM", filings=(Filing("20-F", day("2026-03-01"), day("2025-12-31"), None, "1", ""),)), "a receipt"),
    ],
)
def test_a_count_of_other_shares_gives_no_market_value(company: Company, reason: str) -> None:
    settings = Settings(watchlists={"ai": WatchlistSettings("AI", [company.symbol])})
    history = wander(company.symbol, sessions("2025-01-02", "2026-03-31"))
    found = row(board(EVENING, small(), history, company, settings=settings), company.symbol)
    assert found.ps_ttm is None
    assert reason in found.missing["ps_ttm"]


def test_an_old_count_gives_no_market_value() -> None:
    one = next(one for one in small().companies if one.symbol == "PATH")
    facts = [changed(fact, end=day("2010-02-11")) if fact.unit == "shares" else fact for fact in one.facts]
    found = row(board(EVENING, small(), changed(one, facts=tuple(facts))), "PATH")
    assert found.missing["ps_ttm"] == "the share count is of 2010-02-11, more than 400 days ago"


def test_a_newer_report_without_readable_revenue_is_told() -> None:
    paper = Filing("10-Q", day("2026-03-20"), day("2026-02-28"), None, "1", "")
    found = row(board(EVENING, small(), filer("PATH", filings=(paper,))), "PATH")
    assert "a newer report has no readable revenue: 10-Q of 2026-02-28" in found.flags


@pytest.mark.parametrize("status", ["skipped", "ok"])
def test_only_without_a_contact_is_one_asked_for(status: Any) -> None:
    health = {"sec": Health("sec", status, detail="not asked: no contact in the config" if status == "skipped" else "")}
    made = board(EVENING, without(small(), "PATH"), Facts(health=health))
    told = [*made.problems, *row(made, "PATH").missing.values()]
    assert any("set contact under [providers.sec]" in text for text in told) == (status == "skipped")
    assert any(text.startswith("Hyperscaler capex y/y: Unknown") for text in made.problems), "the snapshot ends with 3"


def test_a_price_of_another_session_is_no_part_of_today() -> None:
    """A ticker that was renamed answers for ever with its last day."""
    gone = next(one for one in small().bars if one.symbol == "PATH")
    stopped = changed(gone, frame=gone.frame.iloc[:-25])
    made = board(EVENING, without(small(), "PATH"), stopped)
    found, watchlist = row(made, "PATH"), made.watchlists[0]
    assert found.flags[-1].startswith("no part of basket and breadth of today: its price is of ")
    assert watchlist.basket.members == ["PLPC", "INOD", "FIVN"]
    assert watchlist.breadth.members == 3
    moves = [row(made, name).change_pct for name in watchlist.basket.members]
    assert watchlist.basket.change_pct == pytest.approx(sum(moves) / 3)  # type: ignore[arg-type]


@pytest.mark.parametrize(("minutes", "known"), [(5, True), (15, False)])
def test_no_difference_is_taken_of_two_moments(minutes: int, known: bool) -> None:
    at, closes = "2026-04-01T12:00", {one.symbol: float(one.last_close or 0) for one in small().bars}
    index = quote("^GSPC", closes["^GSPC"], f"2026-04-01T11:{60 - minutes}", at)
    names = [quote(name, closes[name], at) for name in ("PLPC", "INOD", "PATH", "FIVN")]
    basket = board(at, small(), index, *names).watchlists[0].basket
    assert basket.change_pct == 0.0
    assert (basket.rel_pct is not None) == known
    assert ("two moments" in basket.note) != known


def test_crypto_on_a_weekend_is_of_its_own_clock() -> None:
    days = [date(2025, 8, 1) + timedelta(days=n) for n in range(211)]
    history = Bars("BTC-USD", frame(days, 60_000 + np.arange(211.0)), "yahoo", "Bitcoin USD", "USD")
    settings = Settings(watchlists={"ai": WatchlistSettings("AI", ["BTC-USD"])})
    trade = quote("BTC-USD", 63_000.0, "2026-02-28T12:00", source="yahoo")
    found = row(board("2026-02-28T12:01", small(), history, trade, settings=settings), "BTC-USD")
    assert (found.last, found.freshness, found.session, found.badge) == (63_000.0, "fresh", "regular", "")
    assert found.change_pct == pytest.approx(100 * (63_000 / history.frame["close"].iloc[-1] - 1))
    later = row(board("2026-02-28T18:00", small(), history, trade, settings=settings), "BTC-USD")
    assert later.freshness == "stale", "hours without a trade are not Friday's close"
