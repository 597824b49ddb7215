"""The pages of an index and of a claim, what stands below the lists, and every reading on the page of a name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import pytest
from msgspec.structs import replace
from textual.command import CommandList
from textual.pilot import Pilot
from textual.widgets import Input

from rallytui.board.shape import Band, Board, Claim, Context, ModelEta, Odds, Sleeve, TargetStats, TrendEta
from rallytui.indicators.thesis import CLAIMS
from rallytui.ui.app import RallyApp
from rallytui.ui.glyphs import ASCII, UNICODE
from rallytui.ui.screens.claim_rules import RULES
from rallytui.ui.screens.detail import DetailScreen
from rallytui.ui.screens.facts import Fact
from rallytui.ui.screens.symbol_page import _NOW, _SHAPE, symbol_page
from rallytui.ui.screens.target_page import _model, _trend, target_page
from rallytui.ui.screens.thesis_page import thesis_page
from rallytui.ui.theme import palette
from rallytui.ui.widgets.sheet import Sheet
from tests.ui.sample import offline_board, sample_board, sample_rows, sample_target
from tests.ui.sample_parts import sample_claims, sample_risks
from tests.ui.stage import board_screen, lines, pane, stage, text, until

pytestmark = pytest.mark.usefixtures("quick")

SIZES = [(200, 60), (160, 45), (100, 30), (60, 20), (40, 12), (20, 6), (1, 1)]
NASTY = "[bold]x[/] \x1b[31mred\x07 \u202egnp \x00" + "A" * 4_000
SLEEVES = [
    Sleeve("Large caps", ["SPY"], 10.0),
    Sleeve("AI watchlist", ["PLPC", "INOD"], 12.7),
    Sleeve("Defensives", ["XLU", "TLT", "GLD"], 7.1),
    Sleeve("A third of each", [], 9.9),
]
CONTEXT = [Context("Utilities vs S&P, 126 d", -4.5, "%"), Context("AI watchlist above 50 d", None, "%", signed=False)]


def words(sheet: Sheet) -> str:
    """What a page says, as it is drawn."""
    return "\n".join("".join(char for char, _ in row) for row in sheet.rows)


def full_target() -> Board:
    """An index of which everything is known."""
    target = sample_target(missing={"rungs": "one thing is not known"})
    rungs = [replace(target.rungs[0], touched_before_baseline=date(2025, 10, 29)), *target.rungs[1:]]
    stats = replace(
        target.stats,
        cross="golden cross 12 sessions ago",
        implied_vol_pct=19.3,
        trend_eta_126=TrendEta(None, None, 60.0, None, 126),
        expected_move=[Band(1, 7300.0, 7500.0, 7200.0, 7600.0), Band(111, 6500.0, 8400.0, 5600.0, 9500.0)],
    )
    return sample_board(targets=[replace(target, rungs=rungs, stats=stats)])


def page_of(board: Board, width: int = 158) -> str:
    return words(target_page(board, board.targets[0], width, 41, palette(), UNICODE))


@asynccontextmanager
async def opened(board: Board, *keys: str, size: tuple[int, int] = (160, 45)) -> AsyncIterator[Pilot[None]]:
    """An app with the page that these keys open."""
    app, _ = stage(board)
    async with app.run_test(size=size) as pilot:
        await pilot.press(*keys)
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        yield pilot


# --- the page of an index ---


@pytest.mark.parametrize("width", [158, 98, 58])
def test_the_page_of_an_index_says_everything(width: int) -> None:
    shown = " ".join(page_of(full_target(), width).split())
    for said in (
        "2025-12-11", "✓ reached", "✓ lost", "open", "sessions at or above", "pace a year %", "+18.9", "−21",
        "6,900 traded there before the start on 2025-10-29", "odds of a touch %", "↺ 44–59", "51–54", "26–27",
        "GBM model, continuous, no jumps; descriptive", "Odds, last day: of standing at or above",
        "trend ETA ≈ 143 sessions (95 %: 60 – no bound)", "trend points away (95 %: 60 – no bound)",
        "model ETA 109–118 sessions", "−2σ", "111, to 31 Dec", "9,500", "+8.20 %", "largest drawdown since start",
        "golden cross 12 sessions ago", "Yang-Zhang", "19.3 %", "7,610.00", "−2.60 %", "+0.25 %", "+6.59 %",
        "Cboe", "13:45 ET", "delayed 15", "a quote, no bar yet", "! one thing is not known",
    ):  # fmt: skip
        if width > 98 or said != "26–27":
            assert said in shown, said
    assert "68 %" not in shown


def test_numbers_of_a_table_end_in_one_column() -> None:
    rows = [
        line for line in page_of(full_target(), 98).splitlines() if line.startswith((" plan today", " first close"))
    ]
    assert len({len(row.rstrip()) for row in rows}) == 1


@pytest.mark.parametrize("width", [158, 98, 58, 38, 18])
def test_nothing_known_is_a_page_with_reasons(width: int) -> None:
    board = offline_board()
    target = board.targets[0]
    for one in (target, replace(target, rungs=[]), replace(target, missing={}, next_rung=8000.0)):
        assert "When" in words(target_page(board, one, width, 20, palette(), UNICODE))
    waiting = replace(target, next_rung=8000.0, missing={"stats": "no daily history"})
    assert "no daily history" in words(target_page(board, waiting, 98, 20, palette(), UNICODE))


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((118, 109), "model ETA 109–118 sessions"),
        ((120, 120), "model ETA 120 sessions"),
        ((None, None), "model ETA: less likely than not in 50 years"),
        ((None, 80), "model ETA 80 sessions real world; neutral: less likely than not in 50 years"),
        ((80, None), "model ETA 80 sessions neutral; real world: less likely than not in 50 years"),
    ],
)
def test_the_model_in_words(ends: tuple[int | None, int | None], said: str) -> None:
    made = ModelEta(*ends)
    assert _model(made.neutral_sessions, made.real_world_sessions, UNICODE) == said


def test_the_trend_in_words() -> None:
    assert _trend(TrendEta(98.6, None, 14.0, None, 63), UNICODE) == "trend ETA ≈ 99 sessions (95 %: 14 – no bound)"


def test_reached_rungs_and_a_missed_end_have_words() -> None:
    target = sample_target(next_rung=None, stats=TargetStats())
    missed = replace(target.rungs[-1], state="expired_missed", vs_plan_sessions=-400.0, p_touch=Odds())
    board = sample_board(targets=[replace(target, rungs=[*target.rungs[:-1], missed])])
    shown = page_of(board)
    assert "Every rung has been reached" in shown
    assert "not reached" in shown
    assert "< −150" in shown


async def test_enter_on_the_target_opens_its_page_and_j_turns_to_the_next_index() -> None:
    board = sample_board(targets=[sample_target(), sample_target(name="Nasdaq 100", symbol="^NDX")])
    async with opened(board, "1", "n", "enter") as pilot:
        app, page = pilot.app, pilot.app.screen.query_one("#page")
        assert "Nasdaq 100  ^NDX" in lines(page)[0]
        assert "j k next" in text(app.screen.query_one("#status"))
        await pilot.press("k")
        assert "S&P 500" in lines(page)[0]
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, DetailScreen))


async def test_one_index_alone_offers_no_next_and_goes_through_all_sizes() -> None:
    async with opened(full_target(), "1", "enter") as pilot:
        app = pilot.app
        assert "j k" not in text(app.screen.query_one("#status"))
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await until(pilot, lambda size=size: app.screen.size == size)
            assert "could not be drawn" not in text(app.screen.query_one("#page"))


async def test_the_palette_opens_the_index_and_a_claim() -> None:
    app, _ = stage()
    async with app.run_test(size=(160, 45)) as pilot:
        for query, kind in (("open s&p 500 target", "target"), ("open claim capex", "claim")):
            await pilot.press("ctrl+p")
            await until(pilot, lambda: app.screen.query(Input))
            app.screen.query_one(Input).value = query
            await until(pilot, lambda: app.screen.query_one(CommandList).option_count == 1)
            await pilot.press("enter")
            await until(pilot, lambda kind=kind: isinstance(app.screen, DetailScreen) and app.screen.kind == kind)
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is board_screen(app))


def test_pages_without_unicode_are_ascii() -> None:
    board = replace(full_target(), sleeves=SLEEVES)
    assert words(target_page(board, board.targets[0], 98, 30, palette(), ASCII)).isascii()
    assert words(thesis_page(board, board.thesis[1], 98, 30, palette(), ASCII)).isascii()


# --- the page of a claim ---


async def test_enter_on_the_thesis_opens_the_claim_under_the_cursor() -> None:
    async with opened(sample_board(sleeves=SLEEVES), "4", "j", "enter") as pilot:
        page = pilot.app.screen.query_one("#page")
        assert "Fed cuts 2 × 25 bp" in lines(page)[0]
        assert "✗ broken" in lines(page)[0]
        for said in ("2y − funds +0.63 pp", "▌✗ Fed cuts", "? S&P EPS +14 %", "+12.7 %", "daily rebalanced, costs"):
            assert said in text(page)
        await pilot.press("j", "j")
        assert "? unknown" in lines(page)[0]


@pytest.mark.parametrize("width", [198, 98, 58, 38, 8])
def test_a_claim_in_hostile_words_is_inert(width: int) -> None:
    claims = [replace(claim, claim=NASTY, evidence=NASTY, brief=NASTY) for claim in sample_claims()]
    board = sample_board(thesis=claims, sleeves=[Sleeve(NASTY, [NASTY], None), *SLEEVES])
    shown = words(thesis_page(board, claims[0], width, 20, palette(), UNICODE))
    target = replace(sample_target(), name=NASTY, symbol=NASTY, badge=NASTY, source=NASTY, missing={"last": NASTY})
    shown += words(target_page(board, target, width, 20, palette(), UNICODE))
    assert not set(shown) & set("\x1b\x00\x07\u202e")


async def test_the_sleeves_stand_below_the_claims_while_there_are_rows() -> None:
    app, _ = stage(sample_board(thesis=sample_claims()[:5], sleeves=SLEEVES))
    async with app.run_test(size=(160, 45)):
        assert "Large caps +10.0" in text(pane(app, "thesis"))
    app, _ = stage(sample_board(sleeves=[replace(one, since_start_pct=None) for one in SLEEVES]))
    async with app.run_test(size=(200, 60)):
        assert "since start" not in text(pane(app, "thesis"))


async def test_the_cursor_of_a_low_thesis_pane_brings_further_claims() -> None:
    app, _ = stage()
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("4", "j", "j")
        assert "▌~ Small-cap re-rating" in text(pane(app, "thesis"))
        await pilot.press("end")
        assert "▌? S&P EPS +14 %" in text(pane(app, "thesis"))
        await pilot.press("home")
        assert "EPS" not in text(pane(app, "thesis"))


# --- what stands beside the lights, and the page of a name ---


async def test_context_stands_below_the_last_group_without_a_light() -> None:
    app, _ = stage(sample_board(risks=replace(sample_risks(), context=CONTEXT)))
    async with app.run_test(size=(200, 60)):
        shown = lines(pane(app, "risk"))
        at = next(y for y, line in enumerate(shown) if line.startswith(" not scored"))
        assert not shown[at - 1].strip()
        lights = next(line for line in shown if "Gold vs S&P" in line)
        assert shown[at + 1].index(".5") == lights.index(".6")
        assert "AI watchlist above 50 d" in shown[at + 2]
        assert "—" in shown[at + 2]


def test_the_page_of_a_name_has_a_place_for_every_reading() -> None:
    fields: tuple[Fact, ...] = (*_NOW, *_SHAPE)
    row = replace(
        sample_rows()[0],
        beta60_adjusted=1.37,
        beta252=1.11,
        rs63_iwm_pct=-3.3,
        rs126_iwm_pct=4.4,
        extended=326.5,
        missing={"corr60": "why not"},
    )
    board = sample_board()
    for width in (158, 98, 58, 38):
        shown = words(symbol_page(board, row, width, 30, palette(), UNICODE))
        for said in ("vs IWM", "−3.3", "+4.4", "beta 252 d", "1.11", "1.37", "326.50", "52-week low", "228.07", "— "):
            assert said in shown, (width, said)
        assert all(fact.label in shown for fact in fields if width > 38)
        assert "why not" in shown


async def test_a_look_back_says_what_is_hindsight() -> None:
    note = "The names were chosen after 2025-11-26."
    async with opened(sample_board(mode="as_of", notes=[note]), "1", "enter") as pilot:
        assert isinstance(pilot.app, RallyApp)
        assert note in text(pilot.app.screen.query_one("#header"))
        assert lines(pilot.app.screen.query_one("#page"))[0].startswith("═")


# --- the page of a claim ---


def claim_page(claim: Claim, board: Board, width: int = 158) -> str:
    return words(thesis_page(board, claim, width, 41, palette(), UNICODE))


@pytest.mark.parametrize("name", sorted(CLAIMS))
@pytest.mark.parametrize("width", [158, 98, 58, 30, 18])
def test_every_claim_says_by_which_rule_it_is_judged(name: str, width: int) -> None:
    claim = replace(sample_claims()[0], id=name, claim=CLAIMS[name], status="broken")
    shown = " ".join(claim_page(claim, sample_board(thesis=[claim]), width).split())
    assert "The rule" in shown
    if width >= 58:
        assert "everything else" in shown
    if width == 158:
        assert RULES[name].on_track in shown
        assert RULES[name].unknown in shown
    assert set(RULES) == set(CLAIMS)


def test_a_claim_shows_the_readings_names_and_rungs_it_rests_on() -> None:
    claim = sample_claims()[0]
    board = full_target()
    light = next(one for group in board.risks.groups for one in group.indicators)
    asked = replace(light, id="AI1", title="Hyperscaler capex y/y")
    groups = [replace(board.risks.groups[0], indicators=[asked])]
    board = replace(board, risks=replace(board.risks, groups=groups))
    assert "Hyperscaler capex y/y" in claim_page(replace(claim, id="D2"), board)
    assert "2025-12-11" in claim_page(replace(claim, id="D0"), board)
    rows = claim_page(replace(claim, id="D5"), board)
    assert "INOD" in rows
    assert "PLPC" in rows
    bare = replace(board, watchlists=[], targets=[])
    assert "not on a watchlist" in claim_page(replace(claim, id="D5"), bare)


def test_a_sleeve_says_of_how_many_names_it_is_or_why_it_is_unknown() -> None:
    names = ["PLPC", "INOD", "PATH", "FIVN"]
    sleeves = [
        Sleeve("Large caps", ["SPY"], 10.0, 1),
        Sleeve("AI watchlist", names, 12.7, 3),
        Sleeve("Defensives", ["XLU", "TLT", "GLD"], None, 1),
        Sleeve("A third of each", [], None),
    ]
    shown = claim_page(sample_claims()[0], sample_board(sleeves=sleeves))
    assert "+12.7 %  3 of 4: PLPC, INOD, PATH, FIVN" in shown
    assert "1 of 3 known, XLU, TLT, GLD" in shown
    assert "a part is unknown" in shown
    assert "1 of 1" not in shown


def test_short_parts_of_the_evidence_share_a_line() -> None:
    claim = replace(sample_claims()[0], evidence="0 of 2 cuts · 2y − funds +0.78 pp (no easing priced) · 19 Nov · FRED")
    lines = claim_page(claim, sample_board()).splitlines()
    assert lines[2].strip().startswith("0 of 2 cuts ")
    assert lines[3].strip().startswith("2y − funds +0.78 pp (no easing priced) · 19 Nov · FRED")
