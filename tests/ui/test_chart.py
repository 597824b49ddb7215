"""Chart, rail, ladder of big digits and sparkline: to scale, without collisions, at any size."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style
from textual.geometry import Region

from rallytui.ui import theme
from rallytui.ui.glyphs import ASCII, UNICODE
from rallytui.ui.widgets.bigdigits import big, big_height, big_width
from rallytui.ui.widgets.braille import Dots, sparkline
from rallytui.ui.widgets.chart import Level, Line, Plot, Scale, draw_chart, placed_levels, rounded
from rallytui.ui.widgets.rail import draw_rail, draw_rail_labels, rail_labels, rail_marks, rail_position
from rallytui.ui.widgets.sheet import Sheet
from tests.ui.sample import BASE, sample_target

P = theme.palette()
PLAIN = Style()
FIRST = date(2026, 1, 1).toordinal()


def line(*values: float | None) -> Line:
    """A line of one value a day."""
    return Line(range(FIRST, FIRST + len(values)), values, PLAIN)


def level(value: float, rank: float = 0) -> Level:
    """A level whose label is its value."""
    return Level(value, f"{value:,.0f}", rank, PLAIN, PLAIN, "┈")


def drawn(plot: Plot, width: int, height: int, unicode: bool = True) -> list[str]:
    """The rows of a chart."""
    sheet = Sheet(width, height, PLAIN)
    draw_chart(sheet, Region(0, 0, width, height), plot, P, UNICODE if unicode else ASCII)
    return [strip.text for strip in sheet.strips()]


def test_a_line_joins_its_points_in_eighths_of_a_cell() -> None:
    dots = Dots(2, 1)
    dots.line([(0, 3), (3, 0)])
    assert dots.cells() == {(0, 0): "⡠", (1, 0): "⠊"}
    dots.line([(9, 9), (-4, 2)])  # what is outside is dropped
    assert dots.cells().keys() == {(0, 0), (1, 0)}


def test_a_rising_line_goes_from_the_lower_left_to_the_upper_right() -> None:
    rows = drawn(Plot([line(1, 2, 3, 4)]), 8, 5)
    assert rows[3].startswith("⡠")
    assert rows[0].endswith("⠊")


def test_a_missing_value_leaves_a_gap() -> None:
    gap = drawn(Plot([line(1, 1, None, None, None, None, 1, 1)]), 16, 3)
    assert " " in "".join(gap).strip().replace("Jan", "")
    assert drawn(Plot([line(float("nan"), None)]), 16, 3) == [" " * 16] * 3


def test_without_braille_a_chart_has_a_star_a_cell() -> None:
    rows = drawn(Plot([line(1, 2, 3)]), 12, 4, unicode=False)
    assert set("".join(rows[:3])) == {" ", "*"}


def test_in_a_collision_of_labels_the_lower_rank_stays() -> None:
    plot = Plot([line(0, 100)], [level(50, 1), level(51, -2), level(52, -1), level(500, -9)])
    scale = Scale(20, 5, FIRST, FIRST + 1, 0, 100)
    assert [found.value for found in placed_levels(plot, scale).values()] == [51]


def test_levels_are_the_right_axis_and_stand_at_their_height() -> None:
    rows = drawn(Plot([line(0, 100)], [level(0), level(100)]), 30, 6)
    assert rows[0].endswith(" 100")
    assert rows[4].rstrip().endswith(" 0")
    assert rows[0].count("┈") > 10


def test_the_inside_of_the_cone_is_tinted_and_nothing_else() -> None:
    low, high = line(50, 0), line(50, 100)
    sheet = Sheet(20, 9, PLAIN)
    draw_chart(sheet, Region(0, 0, 20, 9), Plot([], cone=(low, high)), P, UNICODE)
    tinted = [[style.bgcolor == P.tint.bgcolor for _, style in row] for row in sheet.rows]
    assert all(row[19] for row in tinted[:8])
    assert sum(row[0] for row in tinted) <= 2
    assert not any(tinted[8])


def test_the_legend_takes_a_row_that_is_free() -> None:
    legend = (("close", PLAIN),)
    rising = drawn(Plot([line(1, 2, 3, 4)], legend=legend), 40, 12)
    falling = drawn(Plot([line(4, 3, 2, 1)], legend=legend), 40, 12)
    assert rising[0].startswith("close")
    assert any(row.startswith("close") for row in falling[1:])


@pytest.mark.parametrize("days", [20, 90, 300, 800, 4000, 20000])
@pytest.mark.parametrize("width", [12, 44, 87, 180])
def test_month_labels_never_touch_nor_leave_the_chart(days: int, width: int) -> None:
    labels = Scale(width, 9, FIRST, FIRST + days, 0, 1).ticks(())
    end = -1
    for x, text in labels:
        assert end < x <= width - len(text)
        end = x + len(text)


def test_a_chart_draws_at_any_size() -> None:
    values = [100 + n % 17 for n in range(200)]
    ahead = range(FIRST + 200, FIRST + 300)
    cone = (Line(ahead, [90.0] * 100, PLAIN), Line(ahead, [130.0] * 100, PLAIN))
    plot = Plot([line(*values)], [level(100), level(110)], cone, (FIRST + 199, values[-1]), (("close", PLAIN),))
    for width in range(1, 221, 7):
        for height in (1, 2, 3, 7, 15, 60):
            assert [len(row) for row in drawn(plot, width, height)] == [width] * height


def test_the_rail_is_to_scale() -> None:
    target = sample_target()
    marks = rail_marks(target, 101)
    top = marks[-1].level
    assert [mark.x for mark in marks] == [round((mark.level - BASE) / (top - BASE) * 100) for mark in marks]
    assert rail_position(target, 101) == round((target.last - BASE) / (top - BASE) * 100)
    assert rail_position(sample_target(last=5000.0), 101) == 0
    assert rail_position(sample_target(last=9000.0), 101) == 100
    assert rail_position(sample_target(last=None), 101) is None


@pytest.mark.parametrize("width", range(1, 221))
def test_rail_labels_never_collide_and_name_the_next_rung_first(width: int) -> None:
    target = sample_target()
    sheet = Sheet(width, 2, PLAIN)
    draw_rail(sheet, 0, 0, width, target, P, UNICODE)
    draw_rail_labels(sheet, 0, 1, width, target, P, UNICODE)
    rail, labels = (strip.text for strip in sheet.strips())
    assert len(rail) == width
    assert "▮" in rail
    assert set(labels.split()) <= {"6,900", "7,000", "7,269", "7,500", "8,000"}
    assert ("8,000" in labels) == (width >= 5)


def test_the_rail_of_an_unknown_baseline_is_a_bare_track() -> None:
    target = sample_target(rungs=[])
    assert rail_marks(target, 40) == []
    assert rail_labels([], None, 40, UNICODE) == []
    sheet = Sheet(10, 1, PLAIN)
    draw_rail(sheet, 0, 0, 10, target, P, ASCII)
    assert sheet.strips()[0].text == "-" * 10


def test_big_digits_are_those_of_the_picture() -> None:
    assert big("+7.99%") == [
        "  ▄   ▀▀▀▀█   ▄▀▀▀▄ ▄▀▀▀▄ ██ ▄▀",
        "▄▄█▄▄   ▄▀    ▀▄▄▄█ ▀▄▄▄█   ▄▀ ",
        "  █    ▄▀         █     █  █ ▄▄",
        "       ▀    ▀  ▀▀▀   ▀▀▀  ▀  ▀▀",
    ]
    assert big("−1") == big("-1")
    assert big("+7.99%", unicode=False) == ["+7.99%"]


@pytest.mark.parametrize("text", ["0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "S&P <1% >99.5,:/?'", "é漢", "—"])
@pytest.mark.parametrize("scale", [1, 2, 3])
def test_big_text_has_the_size_it_says(text: str, scale: int) -> None:
    rows = big(text, scale)
    assert len(rows) == big_height(scale)
    assert {len(row) for row in rows} == {big_width(text, scale)}
    assert set("".join(rows)) <= set(" ▀▄█")


def test_every_sign_of_the_big_alphabet_differs() -> None:
    signs = "0123456789ABCDEFGHIJKLMNPQRSTUVWXYZ+-%&/<>?.,:"
    assert len({tuple(big(sign)) for sign in signs}) == len(signs)  # O is drawn as 0


def test_a_sparkline_keeps_its_width_and_shape() -> None:
    assert sparkline([1, 2, 3, 4], 2) == "⡠⠊"
    assert sparkline([], 5) == sparkline([1.0], 5) == " " * 5
    assert sparkline([None, 5.0, float("nan"), 5.0], 4) == "⠉" * 4
    assert sparkline([1, 2, 3, 4], 4, unicode=False) == "_.-^"
    assert sparkline([1, 2], 4, unicode=False) == "__^^"
    assert [len(sparkline([n % 7 for n in range(30)], width)) for width in range(12)] == list(range(12))


def test_days_are_drawn_where_the_calendar_has_them() -> None:
    scale = Scale(50, 5, FIRST, FIRST + 99, 0, 1)
    assert scale.column(FIRST) == 0
    assert scale.column(FIRST + 99) == 49
    feb = (date(2026, 1, 1) + timedelta(days=31)).toordinal()
    assert (scale.column(feb), "Feb") in scale.ticks(())


@given(st.floats(1e-3, 1e6), st.floats(1e-3, 1e6))
def test_the_range_ends_at_round_numbers_a_little_outside(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    first, last = rounded(low, high)
    slack = 1e-9 * high
    assert first <= low + slack
    assert last >= high - slack
    assert last - first <= 1.11 * (high - low) + slack


def test_a_price_that_goes_a_little_further_moves_no_dot() -> None:
    assert rounded(6403.0, 7612.0) == rounded(6401.0, 7618.0) == (6400.0, 7650.0)
    assert rounded(14.21, 15.9) == pytest.approx((14.2, 15.9))
    assert rounded(7.0, 7.0) == (7.0, 7.0)
