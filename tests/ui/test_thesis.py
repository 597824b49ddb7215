"""The thesis pane: evidence, one number, or what is broken, by the room there is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from rallytui.board.shape import Board
from rallytui.ui.app import RallyApp
from rallytui.ui.glyphs import UNICODE
from rallytui.ui.panes.thesis import ThesisPane, _rows_of, _shortened, _wrapped
from tests.ui.sample import offline_board, sample_board
from tests.ui.sample_parts import sample_claims
from tests.ui.stage import StubSource, focus, lines, text

pytestmark = pytest.mark.usefixtures("quick")


@asynccontextmanager
async def thesis(size: tuple[int, int], board: Board | None = None) -> AsyncIterator[ThesisPane]:
    """The pane in an app."""
    async with RallyApp(StubSource(board or sample_board())).run_test(size=size) as pilot:
        await focus(pilot, "thesis")
        yield pilot.app.screen.query_one(ThesisPane)


async def test_wide_has_a_line_a_claim_with_its_evidence() -> None:
    async with thesis((160, 45)) as pane:
        shown = lines(pane)
        assert shown[0].rstrip("━ ").endswith("✗ 2  ~ 2  ✓ 3  ? 1")
        assert shown[1] == "▌✓ S&P at 6,900          closed above 11 Dec · next 8,000 "
        assert shown[2].startswith(" ✗ Fed cuts 2 × 25 bp    0 of 2 · 2y − funds +0.63 pp")
        assert shown[4].startswith(" ? S&P EPS +14 %")
        assert len([line for line in shown[1:] if line.strip()]) == 8


async def test_medium_has_one_number_a_claim() -> None:
    async with thesis((100, 30)) as pane:
        assert lines(pane)[2].rstrip() == " ✗ Fed cuts 2 × 25 bp         0 of 2"


async def test_narrow_has_the_counts_and_what_is_broken() -> None:
    async with thesis((60, 20)) as pane:
        assert lines(pane)[0].rstrip("━ ").endswith("✗ 2  ~ 2  ✓ 3  ? 1")
        assert lines(pane)[1].rstrip() == "▌✗ Fed cuts 2 × 25 bp   ✗ AI small caps ≥ 21 %"


async def test_long_evidence_takes_spare_rows_and_is_cut_without_them() -> None:
    long = "pace $775 bn vs $520 bn · YTD $329 bn (63 % of plan) · 5/5 filers to 30 Jun · EDGAR"
    claims = [replace(claim, evidence=long) for claim in sample_claims()]
    async with thesis((160, 45), sample_board(thesis=claims[:3])) as pane:
        assert "EDGAR" in text(pane)
        assert "…" not in text(pane)
    async with thesis((160, 45), sample_board(thesis=claims)) as pane:
        shown = lines(pane)
        assert sum("…" in line for line in shown) >= 6
        assert all(line.endswith(" ") for line in shown[1:])


async def test_waiting_says_so() -> None:
    async with thesis((160, 45), offline_board()) as pane:
        assert lines(pane)[0].rstrip("━ ").endswith("waits for data   ? 8")
    async with thesis((160, 45), sample_board(thesis=[])) as pane:
        assert text(pane).strip("━ \n") == "4 Thesis"


@pytest.mark.parametrize("width", [8, 12, 20, 31, 60])
def test_wrapped_lines_fit_and_begin_with_words(width: int) -> None:
    made = _wrapped("0 of 2 · 2y − funds +0.63 pp · FRED 22 Jul", width)
    assert all(len(line) <= width for line in made)
    assert all(line.strip(" ·") == line for line in made)


@given(st.integers(12, 60), st.integers(1, 4))
def test_evidence_that_is_left_out_leaves_whole_words(width: int, rows: int) -> None:
    text = "pace $577 bn vs $520 bn · YTD $413 bn, 79 % of plan · 5/5 filers"
    lines = _wrapped(text, width)
    if rows < len(lines):
        last = _shortened(lines[rows - 1], text, width, UNICODE)
        assert cell_len(last) <= width
        assert set(last.removesuffix("…").split()) <= set(text.split())


def test_no_line_of_evidence_ends_between_a_number_and_its_unit() -> None:
    assert _wrapped("2y − funds +0.78 pp (no easing priced)", 18) == ["2y − funds", "+0.78 pp (no", "easing priced)"]


def test_spare_rows_go_to_the_worst_claims_first() -> None:
    calm, broken = (replace(sample_claims()[0], status=status) for status in ("on_track", "broken"))
    texts = [["one", "two", "three"], ["one", "two", "three"]]
    assert _rows_of([calm, broken], texts, 0) == [1, 1]
    assert _rows_of([calm, broken], texts, 1) == [1, 2]
    assert _rows_of([calm, broken], texts, 3) == [2, 3]
