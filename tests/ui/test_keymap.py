"""Other keys for the actions: what can be wished for, what is refused, and that all that names a key follows."""

from __future__ import annotations

from typing import get_args

import pytest

from rallytui.ui.app import RallyApp
from rallytui.ui.keymap import CHAINS, Choice, display, keymap, problems, remapped
from rallytui.ui.keys import ACTIONS, Scope
from rallytui.ui.screens.help import HelpScreen
from rallytui.ui.screens.wall import WallScreen
from tests.ui.sample import sample_board
from tests.ui.stage import StubSource, screen_text, until

pytestmark = pytest.mark.usefixtures("quick")


def test_every_scope_is_in_a_chain() -> None:
    assert {scope for chain in CHAINS for scope in chain} == set(get_args(Scope))


@pytest.mark.parametrize(
    ("choice", "action", "words"),
    [
        ({"srt": "z"}, "srt", "did you mean 'sort'?"),
        ({"sort": "pgdwn"}, "sort", "did you mean 'pagedown'?"),
        ({"sort": []}, "sort", "at least one key"),
        ({"pane": ["5", "6"]}, "pane", "needs 4 keys"),
        ({"wall": "q"}, "wall", "q is also the key of 'quit'"),
        ({"filter": "j"}, "filter", "j is also the key of 'down'"),
        ({"refresh": "f5", "wall": "f5"}, "wall", "F5 is also the key of 'refresh'"),
    ],
)
def test_what_cannot_be_is_said(choice: Choice, action: str, words: str) -> None:
    found = list(problems(choice))
    assert any(words in text for _, text in found), found
    assert action in [name for name, _ in found] or "also the key" in words


@pytest.mark.parametrize(
    "choice", [{}, {"refresh": "f5"}, {"sort": "S", "reverse": "s"}, {"wall": ["Z", "ctrl+w"]}, {"help": "f1"}]
)
def test_what_can_be_is_fine(choice: Choice) -> None:
    assert list(problems(choice)) == []


def test_the_usual_keys_have_no_problems() -> None:
    assert list(problems({action.id: list(action.keys) for action in ACTIONS})) == []


@pytest.mark.parametrize(
    ("key", "shown"), [("ctrl+x", "Ctrl+X"), ("question_mark", "?"), ("f5", "F5"), ("S", "S"), ("pagedown", "Pagedown")]
)
def test_keys_as_people_read_them(key: str, shown: str) -> None:
    assert display(key) == shown


def test_without_a_wish_nothing_is_mapped() -> None:
    assert keymap({}) == {}
    assert remapped({}) == ACTIONS


async def test_bindings_last_row_and_help_follow() -> None:
    source = StubSource(sample_board())
    app = RallyApp(source, {"refresh": ["f5", "R"], "wall": "o", "help": "f1", "pane": ["5", "6", "7", "8"]})
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await pilot.press("question_mark", "w")
        assert not isinstance(app.screen, HelpScreen | WallScreen)
        await pilot.press("f5")
        assert source.refreshes == 1
        await pilot.press("8")
        assert app.focused is not None
        assert app.focused.id == "thesis"
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, WallScreen))
        await pilot.press("escape", "f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        shown = screen_text(app)
        assert "F5 R" in shown
        assert "F1" in shown


async def test_two_keys_can_change_places() -> None:
    app = RallyApp(StubSource(sample_board()), {"sort": "S", "reverse": "s"})
    async with app.run_test(size=(160, 45)) as pilot:
        await pilot.press("2")
        bindings = {
            key: [b.action for b in found]
            for key, found in app.screen._modal_binding_chain[0][1].key_to_bindings.items()
        }
        assert (bindings["S"], bindings["s"]) == (["sort"], ["reverse"])
