"""The Target pane: its states, and that no size cuts a number."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from textual.app import App, ComposeResult

from rallytui.board.shape import Board, Odds, Rung, Sigma
from rallytui.ui import theme
from rallytui.ui.glyphs import ASCII, UNICODE, Glyphs
from rallytui.ui.panes.target import TargetPane
from rallytui.ui.screens.target_page import target_page
from tests.ui.sample import NOW, START, offline_board, sample_board, sample_target

replace = msgspec.structs.replace
NUMBER = re.compile(r"[+−-]?\d[\d,.:/-]*")


class Bare(TargetPane):
    """The pane without an app around it."""

    palette = theme.palette()
    glyphs = UNICODE


class BareAscii(Bare):
    """The same in ASCII."""

    glyphs: Glyphs = ASCII


def drawn(board: Board | None, width: int, height: int, kind: type[Bare] = Bare) -> list[str]:
    """The pane's rows as text."""
    pane = kind()
    pane.board = board
    return [line.text for line in pane.draw(width, height)]


def text(board: Board | None, width: int = 97, height: int = 29) -> str:
    """The whole pane as text."""
    return "\n".join(drawn(board, width, height))


def above_all() -> Board:
    """The index above every rung."""
    last = 8102.56
    rungs = [
        replace(
            rung, reached_now=True, first_touch_close=date(2026, 7, 20), remaining_pct=(rung.level / last - 1) * 100
        )
        for rung in sample_target().rungs
    ]
    charts = sample_board().charts
    chart = charts["^GSPC"]  # there is no plan to a next rung any more
    chart = replace(
        chart,
        extra=chart.extra | {"plan": [None] * len(chart.days)},
        future={name: line for name, line in chart.future.items() if name != "plan"},
    )
    target = sample_target(last=last, next_rung=None, rungs=rungs)
    return sample_board(targets=[target], charts=charts | {"^GSPC": chart})


def first_day() -> Board:
    """The day of the baseline, in the time machine."""
    rungs = [Rung(level, "open", False, remaining_pct=1.28, sessions_left=275) for level in (6900.0, 8000.0)]
    target = sample_target(last=6812.61, next_rung=6900.0, rungs=rungs)
    return sample_board(mode="as_of", as_of=datetime(2025, 11, 26, 23, tzinfo=UTC), targets=[target], charts={})


BOARDS = {
    "normal": sample_board(),
    "demo": sample_board(mode="demo"),
    "offline": offline_board(),
    "above all": above_all(),
    "first day": first_day(),
    "stale": sample_board(targets=[sample_target(freshness="stale")]),
    "no rungs": sample_board(targets=[sample_target(rungs=[], next_rung=None)]),
    "no targets": sample_board(targets=[]),
    "nothing": None,
}


def test_wide_shows_distance_ladder_rail_and_chart() -> None:
    seen = text(BOARDS["normal"])
    for words in (
        "─ 1 Target  S&P 500 ─", " 7,408.30 ~  ▼ −1.21 %   since start +8.74 % ─",
        "to the next rung, 8,000, by 31 Dec 2026", "▄▄█▄▄   ▄▀    ▀▄▄▄█ ▀▄▄▄█   ▄▀",
        "away %      odds %", "8,000  ○ open                +7.99       51–54",
        "7,500  ✓ 2026-05-14  lost    +1.24     ↺ 88–90",
        "▶  7,408    now  drawdown −2.6 %", "6,813  · 2025-11-26  start   −8.04",
        "591.70 points   pace +0.069 % × 111 sessions", "odds 51–54 %   plan −1.2 %, 21 sessions behind",
        "↺ re-test · GBM, σ 20.6 % VIX3M", "━ close  ┅ plan  ◁ expected move, 1σ", " 8,000 ○", " 7,408 ◂", "Dec",
    ):  # fmt: skip
        assert words in seen


def test_a_long_source_of_the_odds_leaves_room_for_the_plan() -> None:
    rungs = [replace(rung, sigma=Sigma(0.157, "VIX/VIX3M interpolated")) for rung in sample_target().rungs]
    seen = text(sample_board(targets=[sample_target(rungs=rungs)]))
    assert re.search(r"plan −1.2 %, 21 sessions behind {3,}↺ re-test · GBM, σ 15.7 % VIX/VIX3M ", seen)


def test_the_price_stands_in_its_place_among_the_rungs() -> None:
    ladder = [row[48:56].strip() for row in drawn(BOARDS["normal"], 97, 29)[2:9]]
    assert ladder == ["8,000", "7,500", "7,408", "7,269", "7,000", "6,900", "6,813"]


@pytest.mark.parametrize("level", [6813.0, 6100.0, 100.0, 7408.0])
def test_words_of_the_ladder_stand_still_whatever_the_distance(level: float) -> None:
    target = sample_target()
    base = replace(target.baseline, level=level)
    row = next(row for row in drawn(sample_board(targets=[replace(target, baseline=base)]), 97, 29) if "start  " in row)
    assert row.index("start  ") == drawn(BOARDS["normal"], 97, 29)[8].index("start  ")


def test_a_range_at_the_end_of_the_scale_is_whole_in_the_ladder() -> None:
    rungs = [replace(rung, p_touch=Odds(0.983, 0.996)) for rung in sample_target().rungs]
    seen = text(sample_board(targets=[sample_target(rungs=rungs)]))
    assert "+1.24 ↺ 98 to >99" in seen
    assert "odds 98 to >99 %" in seen


def test_medium_has_four_figures_and_a_chart_instead_of_the_ladder() -> None:
    seen = text(BOARDS["normal"], 55, 17)
    assert re.search(r"points +591\.70 ", seen)
    assert re.search(r"odds +51–54 % ", seen)
    assert "first close" not in seen
    assert "7,408 ◂" in seen


def test_narrow_and_tiny_keep_the_distance_and_the_rail() -> None:
    assert "▮" in drawn(BOARDS["normal"], 58, 7)[6]
    tiny = text(BOARDS["normal"], 20, 6)
    assert "+7.99 %" in tiny
    assert "▮" in tiny


def test_above_all_rungs_the_number_is_the_distance_above_the_highest() -> None:
    seen = text(BOARDS["above all"])
    assert "above 8,000, the highest rung" in seen
    assert "+1.28 %" in text(BOARDS["above all"], 20, 6)
    assert "pace" not in seen


def test_a_rung_that_was_reached_and_lost_and_one_without_a_close_say_so() -> None:
    board = above_all()
    lost = replace(board.targets[0], last=7920.0, rungs=sample_target().rungs)
    assert "back to 8,000, reached and lost" in text(replace(board, targets=[lost]))
    pending = text(sample_board(targets=[sample_target(last=8040.0)]))
    assert "above 8,000, not yet at a close" in pending
    assert "pace" not in pending
    assert "+0.50 %" in text(sample_board(targets=[sample_target(last=8040.0)]), 20, 6)


def downward(last: float, *touched: date | None) -> Board:
    """A ladder of 6,500 and 6,000 below the start, the nearer one first; a touch of each or none."""
    levels = zip((6500.0, 6000.0), touched, strict=True)
    rungs = [replace(_rung_at(level, day), down=True, reached_now=last <= level) for level, day in levels]
    pending = next((rung.level for rung in rungs if rung.first_touch_close is None), None)
    return sample_board(targets=[sample_target(last=last, rungs=rungs[::-1], next_rung=pending)])


def _rung_at(level: float, touched: date | None) -> Rung:
    state = "reached" if touched else "open"
    return replace(sample_target().rungs[0], level=level, first_touch_close=touched, state=state)


MARCH = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("board", "words"),
    [
        (downward(6700.0, None, None), "to the next rung, 6,500"),
        (downward(6480.0, None, None), "below 6,500, not yet at a close"),
        (downward(5900.0, MARCH, MARCH), "below 6,000, the lowest rung"),
        (downward(6100.0, MARCH, MARCH), "back to 6,000, reached and lost"),
    ],
)
def test_a_ladder_below_the_start_is_read_downwards(board: Board, words: str) -> None:
    assert words in text(board)
    assert "first close below" in text(board)
    page = page_of(board)
    assert "sessions at or below" in page
    assert "crossed downwards" in page
    assert "of standing at or below the rung" in page
    assert "at or above" not in page


def page_of(board: Board) -> str:
    sheet = target_page(board, board.targets[0], 158, 60, theme.palette(), UNICODE)
    return "\n".join(line.text for line in sheet.strips())


def test_a_lost_rung_says_since_when_in_the_ladder_and_on_the_page() -> None:
    rungs = [replace(one, lost_since=date(2026, 7, 20)) if one.level == 7500 else one for one in sample_target().rungs]
    board = sample_board(targets=[sample_target(rungs=rungs)])
    assert "✓ lost since 20 Jul " in text(board)
    page = page_of(board)
    assert re.search(r"first close .* 2026-05-14 ", page)
    assert re.search(r"lost since +— +— +— +2026-07-20 ", page)
    last = [replace(one, lost_since=date(2025, 7, 20)) if one.level == 7500 else one for one in rungs]
    assert "✓ lost since Jul 2025 " in text(sample_board(targets=[sample_target(rungs=last)]))


def test_on_its_first_day_the_plan_starts_and_the_price_is_the_baseline() -> None:
    seen = text(BOARDS["first day"])
    assert "plan starts today" in seen
    assert "now  the baseline" in seen
    assert START.isoformat() not in seen
    assert seen.startswith("═ 1 Target")


def test_without_any_price_it_says_what_failed_and_what_to_do() -> None:
    seen = text(BOARDS["offline"])
    for words in ("no data yet", "No prices: none of the sources answered", "× Yahoo     query1.finance.yahoo.com",
                  "no route to host", "1:48", "not tried: no contact address in the config", " d   see the board",
                  " r   try again now", "rallytui check", "The board appears by itself"):  # fmt: skip
        assert words in seen
    assert "query1" not in text(BOARDS["offline"], 55, 17)


def test_before_any_source_was_tried_the_labels_stand_and_the_values_are_dashes() -> None:
    board = offline_board()
    waiting = replace(board, health=[replace(health, status="waiting") for health in board.health])
    seen = text(waiting)
    assert "No prices" not in seen
    assert "points —   pace —" in seen
    assert "8,000  ○ —" in seen


def test_a_price_that_one_source_could_not_give_has_its_reason() -> None:
    board = replace(offline_board(), health=sample_board().health)
    assert "nothing is known yet" in text(board)


def test_age_is_a_mark_and_stale_is_dim() -> None:
    lagging = sample_board(targets=[sample_target(freshness="lagging")])
    assert "7,408.30 ~  ▼" in text(lagging)
    assert "7,408.30 †  ▼" in text(BOARDS["stale"])
    pane = Bare()
    pane.board = BOARDS["stale"]
    styles = {segment.style for line in pane.draw(97, 29)[1:] for segment in line}
    assert not any(style and (style.bold or style.color == pane.palette.watch.color) for style in styles)


def test_outside_words_are_plain_text() -> None:
    board = sample_board(targets=[sample_target(name="[red]x[/] \x1b[2J" + "y" * 90)])
    assert "[red]x[/] yyy" in drawn(board, 160, 29)[0]


def numbers(board: Board | None, *sizes: tuple[int, int]) -> set[str]:
    """Every number that is shown at some size."""
    return {found for size in sizes for found in NUMBER.findall(text(board, *size))}


@pytest.mark.parametrize("name", BOARDS)
def test_no_size_cuts_a_number_and_every_row_has_its_width(name: str) -> None:
    whole = numbers(BOARDS[name], (160, 50), (97, 29), (86, 27), (58, 7), (55, 17), (30, 14)) | {"1", "2026"}
    step = 1 if name == "normal" else 5
    cells = {(width, 1 + width * 7 % 60) for width in range(1, 221, step)}
    cells |= {(21 + 13 * n % 120, n) for n in range(1, 61, step)}
    for width, height in cells:
        rows = drawn(BOARDS[name], width, height)
        assert [len(row) for row in rows] == [width] * height
        if width >= 20:
            assert {found for row in rows for found in NUMBER.findall(row)} <= whole, (width, height)


@pytest.mark.parametrize("name", BOARDS)
def test_ascii_mode_is_ascii(name: str) -> None:
    for size in ((97, 29), (55, 17), (20, 6), (8, 4)):
        assert "".join(drawn(BOARDS[name], *size, kind=BareAscii)).isascii()


class Host(App[None]):
    """An app with the pane."""

    def compose(self) -> ComposeResult:
        yield TargetPane()


async def test_a_new_price_repaints_a_small_part_of_the_pane() -> None:
    async with Host().run_test(size=(97, 29)) as pilot:
        pane = pilot.app.query_one(TargetPane)
        pane.show(sample_board())
        await pilot.pause()
        asked: list[int] = []
        pane.refresh = lambda *regions, **_: asked.extend(region.area for region in regions)  # type: ignore[method-assign]
        pane.show(sample_board(targets=[sample_target(last=7408.55)]))
        assert 0 < sum(asked) < 97


async def test_news_about_a_share_repaints_nothing() -> None:
    async with Host().run_test(size=(97, 29)) as pilot:
        pane = pilot.app.query_one(TargetPane)
        pane.show(sample_board())
        await pilot.pause()
        asked: list[object] = []
        pane.refresh = lambda *regions, **_: asked.append(regions)  # type: ignore[method-assign]
        later = sample_board(watchlists=[], targets=[sample_target(quote_time=NOW)])
        pane.show(later)
        assert asked == []
        assert pane.board is later


async def test_offline_it_counts_the_waits_down() -> None:
    async with Host().run_test(size=(97, 29)) as pilot:
        pane = pilot.app.query_one(TargetPane)
        pane.show(offline_board())
        await pilot.pause()
        pane.tick(NOW + timedelta(seconds=9))
        await pilot.pause()
        rows = [pane.render_line(y).text for y in range(29)]
        assert any("Cboe" in row and row.rstrip().endswith("0:39") for row in rows)


async def test_it_turns_through_the_targets() -> None:
    async with Host().run_test(size=(97, 29)) as pilot:
        pane = pilot.app.query_one(TargetPane)
        pane.show(sample_board(targets=[sample_target(), sample_target(symbol="^NDX", name="Nasdaq 100")]))
        pane.turn(1)
        await pilot.pause()
        assert "Nasdaq 100" in pane.render_line(0).text
        pane.turn(1)
        await pilot.pause()
        assert "S&P 500" in pane.render_line(0).text


def test_the_pane_loads_no_array_library() -> None:
    code = "import sys, rallytui.ui.panes.target; sys.exit(any(m in sys.modules for m in ('numpy', 'pandas')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
