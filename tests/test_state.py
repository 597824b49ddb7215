"""The choices made in the app: how they are kept, and how they live with a config that changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rallytui.config import Settings, WatchlistSettings
from rallytui.config.state import (
    ListEdit,
    State,
    is_symbol,
    load_state,
    merged,
    merged_symbols,
    save_state,
    with_symbols,
)

symbols = st.lists(st.sampled_from("ABCDEFGH"), unique=True)


def own(names: list[str]) -> WatchlistSettings:
    return WatchlistSettings(symbols=names)


def test_a_state_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "new" / "state.json"
    state = State({"ai": ListEdit(["A"], ["A", "B"])}, ["last"], "last", True)
    save_state(path, state)
    assert load_state(path) == state
    assert [file.name for file in path.parent.iterdir()] == ["state.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"lists": 3}', b"\xff"])
def test_a_state_that_cannot_be_read_is_passed_over(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(content)
    assert load_state(path) == State()
    assert "passed over" in caplog.text
    assert load_state(tmp_path / "none.json") == State()


def test_the_lists_of_the_app_stand_in_the_settings_and_others_are_left_alone() -> None:
    settings = Settings(watchlists={"a": own(["X", "Y"]), "b": own(["Z"])})
    state = State({"a": ListEdit(["Y", "N"], ["X", "Y"]), "gone": ListEdit(["Q"], [])})
    found = merged(settings, state).watchlists
    assert {name: one.symbols for name, one in found.items()} == {"a": ["Y", "N"], "b": ["Z"]}


def test_what_the_config_gained_and_lost_since_is_gained_and_lost() -> None:
    edit = ListEdit(["C", "A", "NEW"], ["A", "B", "C"])
    assert merged_symbols(own(["A", "B", "C"]), edit) == ["C", "A", "NEW"]
    assert merged_symbols(own(["A", "B", "C", "D"]), edit) == ["C", "A", "NEW", "D"]
    assert merged_symbols(own(["A", "B"]), edit) == ["A", "NEW"]
    assert merged_symbols(own(["NEW", "A", "B", "C"]), edit) == ["C", "A", "NEW"]


@given(symbols, symbols, symbols)
def test_the_merge_has_no_symbol_twice_and_none_from_nowhere(
    config: list[str], edited: list[str], base: list[str]
) -> None:
    found = merged_symbols(own(config), ListEdit(edited, base))
    assert len(set(found)) == len(found)
    assert set(found) <= set(config) | set(edited)
    assert [one for one in found if one in edited] == [one for one in edited if one in found]
    assert set(config) - set(base) <= set(found)
    assert not set(found) & (set(base) - set(config))


@given(symbols, st.lists(st.tuples(symbols, symbols), max_size=6))
def test_a_list_is_as_it_was_arranged_whatever_the_config_did_before(
    config: list[str], steps: list[tuple[list[str], list[str]]]
) -> None:
    state = State()
    for wanted, next_config in steps:
        shown = merged(Settings(watchlists={"a": own(config)}), state).watchlists["a"].symbols
        state = with_symbols(state, "a", shown, wanted)
        assert merged_symbols(own(config), state.lists["a"]) == wanted
        config = next_config


@pytest.mark.parametrize("text", ["PATH", "BRK-B", "^GSPC", "EURUSD=X", "0700.HK", "M&M.NS"])
def test_symbols(text: str) -> None:
    assert is_symbol(text)


@pytest.mark.parametrize("text", ["", "path", "A B", "^", "-A", "A\n", "[red]", "A" * 30, "Ä"])
def test_no_symbols(text: str) -> None:
    assert not is_symbol(text)
