"""Formats and glyphs: the number formats of the style guide, and that nothing from outside can harm a row."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from rallytui.board.shape import Odds
from rallytui.sessions import NEW_YORK
from rallytui.ui import format as f
from rallytui.ui.glyphs import ASCII, UNICODE

NOW = datetime(2026, 7, 23, 17, 46, tzinfo=UTC)
TODAY = date(2026, 7, 23)
numbers = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f.price(7408.3), "7,408.30"),
        (f.price(-0.004), "0.00"),
        (f.change(1.24), "+1.24"),
        (f.change(0.001), "0.00"),
        (f.pct(-1.21), "−1.21 %"),
        (f.pct(0.0), "0.00 %"),
        (f.pp(-1.85), "−1.85 pp"),
        (f.pct(-1.21, g=ASCII), "-1.21 %"),
        (f.pct(None, g=ASCII), "--"),
        (f.level(8000.0), "8,000"),
        (f.level(12.5), "12.50"),
        (f.odds(Odds(0.542, 0.51)), "51–54 %"),
        (f.odds(Odds(0.5, 0.5)), "50 %"),
        (f.odds(Odds(0.001, 0.002)), "<1 %"),
        (f.odds(Odds(0.995, None)), ">99 %"),
        (f.odds(Odds(0.004, 0.03)), "<1 to 3 %"),
        (f.odds(Odds(0.983, 0.996)), "98 to >99 %"),
        (f.odds(Odds()), "—"),
        (f.sessions(-21.3), "21 sessions behind"),
        (f.sessions(1.0), "1 session ahead"),
        (f.sessions(0.2), "on plan"),
        (f.sessions(-151), "> 150 sessions behind"),
        (f.money(775e9), "$775 bn"),
        (f.money(90e6), "$90.0 m"),
        (f.money(1.234e12), "$1.23 tn"),
        (f.money(999.96e6), "$1.00 bn"),
        (f.money(-5e3), "−$5.00 k"),
        (f.money(0.0), "$0.00"),
        (f.countdown(48), "0:48"),
        (f.countdown(2 * 3600 + 14 * 60), "2h14m"),
        (f.countdown(65 * 3600), "2d17h"),
        (f.countdown(-5), "0:00"),
        (f.day(date(2025, 7, 22), TODAY), "22 Jul 2025"),
        (f.month(date(2026, 6, 1), TODAY), "Jun"),
        (f.quarter(date(2025, 12, 31), TODAY), "Q4 2025"),
    ],
)
def test_the_formats_of_the_style_guide(text: str, expected: str) -> None:
    assert text == expected


@pytest.mark.parametrize(
    ("seconds", "live", "expected"),
    [(12, False, "12 s"), (12, True, "now"), (-3, True, "now"), (61, True, "1 m"), (7300, False, "2 h")],
)
def test_an_age_grows_from_seconds_to_hours(seconds: int, live: bool, expected: str) -> None:
    assert f.age(NOW - timedelta(seconds=seconds), NOW, NEW_YORK, live) == expected


def test_an_age_is_a_date_from_yesterday_on_by_the_exchange_s_day() -> None:
    assert f.age(datetime(2026, 7, 23, 3, 59, tzinfo=UTC), NOW, NEW_YORK) == "22 Jul"
    assert f.age(datetime(2026, 7, 23, 4, 1, tzinfo=UTC), NOW, NEW_YORK) == "13 h"


@given(numbers)
def test_a_number_is_never_shown_as_nan_and_its_absence_is_a_dash(value: float | None) -> None:
    for text in (f.price(value), f.change(value), f.pct(value), f.pp(value), f.level(value), f.money(value)):
        assert "nan" not in text.lower()
        assert "inf" not in text.lower()
        assert (text == "—") == (not f.known(value))
    assert f.sessions(value) != ""
    assert f.countdown(value) != ""


@given(numbers, numbers)
def test_odds_name_their_low_end_first_and_never_nan(neutral: float | None, real_world: float | None) -> None:
    text = f.odds(Odds(neutral, real_world))
    assert "nan" not in text
    assert text == "—" or text.endswith(" %")


def test_a_column_aligns_on_the_decimal_point() -> None:
    column = f.column(["+61", "−17.84", "—", "1,234.5"])
    assert {len(text) for text in column} == {len(column[0])}
    assert column == ["  +61   ", "  −17.84", "    —   ", "1,234.5 "]


@given(st.text(max_size=60), st.integers(min_value=-2, max_value=40))
def test_cut_text_keeps_within_its_width(text: str, width: int) -> None:
    kept = f.cut(f.clean(text), width)
    assert cell_len(kept) <= max(0, width)
    assert cell_len(f.left(f.clean(text), width)) == max(0, width)


def test_words_from_outside_become_inert() -> None:
    hostile = "a\x1b[31mred\x1b]0;title\x07\x00\u202eback\u2066\n two\x9b2J [/b]"
    assert f.clean(hostile) == "aredback two [/b]"
    assert f.clean("x" * 10_000_000, 20) == "x" * 19 + "…"
    assert f.clean("Zoë a\u0301 e\u20dd") == "Zoë á e"


@given(st.text(max_size=100))
def test_clean_text_has_no_control_and_the_width_it_measures(text: str) -> None:
    clean = f.clean(text)
    assert clean.isprintable()
    assert cell_len(clean) == sum(cell_len(char) for char in clean)


def test_every_glyph_is_one_cell_and_its_twin_is_ascii() -> None:
    for field in fields(UNICODE):
        if field.name == "unicode":
            continue
        sign, twin = getattr(UNICODE, field.name), getattr(ASCII, field.name)
        assert twin.isascii(), field.name
        assert cell_len(sign) == (8 if field.name == "blocks" else 1), field.name
        assert field.name in ("missing", "sigma") or len(twin) == cell_len(sign), field.name


def test_words_lose_their_typography_in_ascii_mode() -> None:
    assert ASCII.words("2y − funds ≥ 2 % · Q1 “ok” 漢") == '2y - funds >= 2 % | Q1 "ok" ?'
    assert UNICODE.words("±5") == "±5"


def test_a_light_has_a_shape_and_a_letter() -> None:
    assert [UNICODE.light(band) + UNICODE.letter(band) for band in ("calm", "watch", "stress", "unknown")] == [
        "●C",
        "◆W",
        "■S",
        "○?",
    ]
    assert [UNICODE.claim(status) for status in ("on_track", "at_risk", "broken", "unknown")] == ["✓", "~", "✗", "?"]
    assert [UNICODE.arrow(change) for change in (1.0, -1.0, 0.0, None)] == ["▲", "▼", "•", " "]
