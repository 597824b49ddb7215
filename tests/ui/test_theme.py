"""Themes: every word has contrast, and every kind of terminal has a palette."""

import pytest
from rich.style import Style

from rallytui.config.state import State
from rallytui.ui import theme
from rallytui.ui.app import RallyApp
from rallytui.ui.theme import ROLES, TEXT_ROLES, palette
from tests.ui.stage import stage


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", ROLES)
@pytest.mark.parametrize("role", TEXT_ROLES)
def test_every_text_role_can_be_read_on_the_ground(name: str, role: str) -> None:
    roles = ROLES[name]
    needed = 7.0 if name == "rallytui-contrast" else 4.5
    assert contrast(getattr(roles, role), roles.ground) >= needed


@pytest.mark.parametrize("name", ROLES)
def test_words_on_a_bar_can_be_read(name: str) -> None:
    roles = ROLES[name]
    assert contrast(roles.ground, roles.accent) >= 4.5
    assert contrast(roles.ground, roles.watch) >= 4.5


def test_the_textual_themes_carry_every_role_as_a_variable() -> None:
    themes = {found.name: found for found in theme.textual_themes()}
    assert themes.keys() == ROLES.keys()
    assert themes["rallytui-light"].dark is False
    assert themes["rallytui-dark"].variables["stress-band"] == "#2a181b"


def test_sixteen_colours_use_the_terminal_s_own_and_no_grounds() -> None:
    sixteen = palette("rallytui-dark", "16")
    assert sixteen.bad.color is not None
    assert sixteen.bad.color.number == 9
    assert sixteen.ground == sixteen.tint == Style()
    assert sixteen.cursor.reverse


def test_without_colour_weight_and_reverse_carry_the_meaning() -> None:
    bare = palette("rallytui-dark", "none")
    assert all(getattr(bare, role).color is None for role in TEXT_ROLES)
    assert bare.bright.bold
    assert bare.dim.dim
    assert bare.cursor.reverse


def test_the_reader_can_swap_up_and_down() -> None:
    usual, swapped = palette(), palette(swap=True)
    assert (usual.up, usual.down) == (swapped.down, swapped.up)
    assert usual.move(1.0) == usual.up
    assert usual.move(0.0) == usual.text
    assert usual.move(None) == usual.dim


def test_an_unknown_theme_is_drawn_dark() -> None:
    assert palette("nord").text == palette("rallytui-dark").text


def test_what_is_stale_is_dim_in_every_word() -> None:
    faded = palette().faded()
    assert {getattr(faded, role) for role in TEXT_ROLES} == {palette().dim}
    assert faded.rule == palette().rule


def test_lights_and_claims_have_the_colour_of_their_judgement() -> None:
    p = palette()
    assert [p.light(band) for band in ("calm", "watch", "stress", "unknown")] == [p.good, p.watch, p.bad, p.dim]
    assert [p.claim(status) for status in ("on_track", "at_risk", "broken", "unknown")] == [
        p.good,
        p.watch,
        p.bad,
        p.dim,
    ]


# The sixteen colours as xterm has them, the most common ones; the numbers are the terminal's own.
XTERM = {
    1: "#cd0000",
    2: "#00cd00",
    3: "#cdcd00",
    7: "#e5e5e5",
    8: "#7f7f7f",
    9: "#ff0000",
    14: "#00ffff",
    15: "#ffffff",
}


@pytest.mark.parametrize("role", TEXT_ROLES)
def test_every_text_role_can_be_read_in_sixteen_colours(role: str) -> None:
    colour = getattr(palette("rallytui-dark", "16"), role).color
    assert colour is not None
    assert colour.number is not None
    assert contrast(XTERM[colour.number], "#000000") >= 4.5


@pytest.mark.parametrize("name", ROLES)
@pytest.mark.parametrize("ground", ["raised", "tint", "stress_band", "watch_band"])
def test_values_can_be_read_on_every_other_ground(name: str, ground: str) -> None:
    roles = ROLES[name]
    for role in ("text", "bright"):
        assert contrast(getattr(roles, role), getattr(roles, ground)) >= 4.5


def test_the_reader_has_colours_of_their_own() -> None:
    own = palette(up="#00ff00", down="#0000ff")
    assert (own.up, own.down) == (Style(color="#00ff00"), Style(color="#0000ff"))
    assert own.good == palette().good
    assert palette(colours="16", up="#00ff00").up == palette(colours="16").up


@pytest.mark.usefixtures("quick")
async def test_the_chosen_theme_is_kept_for_the_next_run() -> None:
    app, source = stage(theme="light")
    async with app.run_test() as pilot:
        assert app.theme == "rallytui-light"
        await pilot.press("t")
        chosen = app.theme
        assert chosen != "rallytui-light"
    assert source.state.theme == chosen.removeprefix("rallytui-")
    _, other = stage(theme="light")
    other.state = source.state
    assert RallyApp(other).theme == chosen
    other.state = State(theme="of another version")
    assert RallyApp(other).theme == "rallytui-light"
