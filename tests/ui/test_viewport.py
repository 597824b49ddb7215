"""What part of a history is in view: never empty, never beyond it, whatever is pressed; and the labels of the axes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rallytui.ui.widgets.axis import clock_ticks, date_ticks, round_levels
from rallytui.ui.widgets.viewport import INTRADAY, LEAST, RANGES, SINCE_START, Viewport, points_of, span_name
from tests.ui.sample_closeup import sample_close_up

TIMES = sample_close_up().daily.times
MOMENTS = sample_close_up().intraday.times
NAMES = (*RANGES, SINCE_START)
MOVES = st.lists(st.tuples(st.sampled_from(["zoom", "pan", "range"]), st.integers(-5, 5)), max_size=12)


def moved(port: Viewport, times: list[int], how: str, steps: int, start: int) -> Viewport:
    if how == "range":
        return port.ranged(NAMES, steps)
    return port.zoomed(times, start, steps) if how == "zoom" else port.panned(times, start, steps)


@given(st.integers(0, 400), MOVES, st.sampled_from(NAMES), st.integers(-500, 500))
def test_the_window_lies_within_the_history_whatever_is_pressed(
    count: int, moves: list[tuple[str, int]], name: str, start: int
) -> None:
    times = TIMES[:count]
    start += times[0] if times else 0
    port = Viewport(name)
    for how, steps in moves:
        port = moved(port, times, how, steps, start)
        first, stop = port.window(times, start)
        assert 0 <= first <= stop <= count
        assert stop - first >= min(LEAST, count)


@given(st.integers(LEAST + 1, 400), st.integers(1, 30))
def test_zooming_at_the_newest_point_keeps_it_and_goes_there_and_back(count: int, steps: int) -> None:
    times = TIMES[:count]
    near = Viewport("max").zoomed(times, 0, steps)
    assert near.window(times).stop == count
    assert near.window(times).first > 0
    for _ in range(60):
        near = near.zoomed(times, 0, -1)
    assert near.window(times) == (0, count)


def test_zooming_in_the_past_keeps_the_middle() -> None:
    port = Viewport("6m").panned(TIMES, 0, -6)
    before, after = port.window(TIMES), port.zoomed(TIMES, 0, 1).window(TIMES)
    assert after.stop < before.stop
    assert abs((after.first + after.stop) - (before.first + before.stop)) <= 2


@given(st.sampled_from(NAMES), st.integers(1, 40))
def test_panning_keeps_the_size_and_comes_back(name: str, steps: int) -> None:
    size = len(range(*Viewport(name).window(TIMES, TIMES[900])))
    back = Viewport(name).panned(TIMES, TIMES[900], -steps)
    assert len(range(*back.window(TIMES))) == size
    assert back.panned(TIMES, 0, 999).window(TIMES).stop == len(TIMES)


@pytest.mark.parametrize(
    ("name", "first"),
    [("1m", date(2026, 6, 23)), ("3m", date(2026, 4, 23)), ("ytd", date(2026, 1, 1)), ("1y", date(2025, 7, 23))],
)
def test_a_range_begins_on_its_day(name: str, first: date) -> None:
    begin = Viewport(name).window(TIMES).first
    assert TIMES[begin] >= first.toordinal() > TIMES[begin - 1]


def test_ranges_within_the_day_count_sessions() -> None:
    assert points_of("1d", MOMENTS) == 78
    assert points_of("5d", MOMENTS) == len(MOMENTS) == 390
    assert points_of("1d", []) == points_of("1y", []) == 0


def test_ranges_stop_at_their_ends() -> None:
    assert Viewport("1m").ranged(RANGES, -1).range == "1m"
    assert Viewport("max").ranged(RANGES, 1).range == "max"
    assert Viewport("1y", 30, 9).ranged(RANGES, -1) == Viewport("ytd")
    assert Viewport("unknown").ranged((*INTRADAY, *RANGES), 1).range == "1d"


@given(st.integers(0, len(TIMES) - 2), st.integers(2, 1200), st.integers(4, 200))
def test_labels_of_days_never_touch_nor_leave_the_chart(first: int, count: int, width: int) -> None:
    times = TIMES[first : first + count]
    span = max(1, times[-1] - times[0])
    end = -2
    for x, text in date_ticks(lambda day: (day - times[0]) * (width - 1) // span, times[0], times[-1], width):
        assert end + 2 <= x <= width - len(text)
        end = x + len(text)


def test_labels_within_the_day_are_hours_of_new_york_or_days() -> None:
    assert [text for _, text in clock_ticks(MOMENTS[-78:], lambda n: n, 78)] == [
        "10:00", "11:00", "12:00", "13:00", "14:00", "15:00",
    ]  # fmt: skip
    assert [text for _, text in clock_ticks(MOMENTS, lambda n: n // 4, 100)] == [
        "Fri 17", "Mon 20", "Tue 21", "Wed 22", "Thu 23",
    ]  # fmt: skip
    assert clock_ticks(MOMENTS, lambda n: n // 40, 9) == []


@given(st.floats(0.01, 1e6), st.floats(0.001, 1e6), st.integers(1, 9))
def test_round_levels_are_few_even_and_inside(low: float, span: float, most: int) -> None:
    found = round_levels(low, low + span, most)
    assert len(found) <= most
    assert all(low * (1 - 1e-9) <= value <= (low + span) * (1 + 1e-9) for value in found)


def test_round_levels_are_round() -> None:
    assert round_levels(34.45, 121.5, 4) == [50.0, 75.0, 100.0]
    assert round_levels(34.45, 121.5, 6) == [40.0, 60.0, 80.0, 100.0, 120.0]
    assert round_levels(5.0, 5.0, 4) == round_levels(0.0, float("inf"), 4) == []


def test_what_is_in_view_is_named_by_its_length_once_it_is_no_range() -> None:
    end = date(2026, 7, 23).toordinal()
    days = list(range(end - 1200, end + 1))
    port = Viewport("1y")

    def name(shown: Viewport) -> str:
        return span_name(shown, days[slice(*shown.window(days))])

    assert name(port) == "1y"
    assert name(port.zoomed(days, 0, 1)) == "8m"
    assert name(port.zoomed(days, 0, -1)) == "18m"
    assert name(port.zoomed(days, 0, -1).zoomed(days, 0, -1)) == "2.3y"
    assert name(Viewport("1m").zoomed(days, 0, 1)) == "20d"
    assert name(Viewport("start", span=30)) == "29d"
    minutes = [1_699_972_200 + 300 * n for n in range(24)]
    assert span_name(Viewport("1d", span=24), minutes) == "1.9h"
    assert span_name(Viewport("5d", span=9), [86_400 * n for n in range(3)]) == "3d"
    assert span_name(Viewport("5d", span=9), []) == "5d"
