"""Since when a name is on its list: what is remembered, what the config says, and what makes no difference."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rallytui.config import Settings, WatchlistSettings
from rallytui.config.load import ConfigError, parse
from rallytui.config.members import UNDO_DAYS, Member, Members, dated, decoded, encoded, noted
from rallytui.config.state import State, with_symbols
from rallytui.engine.choices import MEMBERS, Choices
from rallytui.store import memory_store, open_store

MONDAY = date(2026, 3, 2)
OURS = ["PLPC", "INOD", "PATH", "FIVN"]


def lists(*symbols: str, name: str = "ai") -> dict[str, WatchlistSettings]:
    return {name: WatchlistSettings("T", list(symbols))}


def joined(known: Members, name: str = "ai") -> dict[str, date | None]:
    return {symbol: one.joined for symbol, one in known[name].items() if one.left is None}


def test_without_any_record_the_default_names_count_from_the_baseline_and_others_join() -> None:
    found = noted({}, lists(*OURS, "NVDA"), MONDAY)
    assert joined(found) == {**dict.fromkeys(OURS), "NVDA": MONDAY}
    assert joined(noted({}, lists("PATH", "NVDA"), MONDAY)) == {"PATH": None, "NVDA": MONDAY}


@pytest.mark.parametrize("name", ["ai", "chips"])
def test_a_list_of_other_names_begins_whole(name: str) -> None:
    assert joined(noted({}, lists("NVDA", "AMD", name=name), MONDAY), name) == {"NVDA": None, "AMD": None}


def test_another_list_begins_whole_whatever_it_holds() -> None:
    assert joined(noted({}, lists("PATH", "NVDA", name="chips"), MONDAY), "chips") == {"PATH": None, "NVDA": None}


def test_what_comes_later_joins_on_its_day_and_stays_that_day() -> None:
    first = noted({}, lists(*OURS), MONDAY)
    second = noted(first, lists(*OURS, "NVDA"), MONDAY + timedelta(days=3))
    third = noted(second, lists(*OURS, "NVDA"), MONDAY + timedelta(days=300))
    assert joined(second) == joined(third) == {**dict.fromkeys(OURS), "NVDA": MONDAY + timedelta(days=3)}


@pytest.mark.parametrize("days", [0, 1, 7, 8, 200])
def test_taken_off_by_mistake_is_as_if_it_had_never_been(days: int) -> None:
    known = noted(noted({}, lists(*OURS), MONDAY), lists(*OURS[1:]), MONDAY)
    assert joined(known) == dict.fromkeys(OURS[1:])
    back = MONDAY + timedelta(days=days)
    assert joined(noted(known, lists(*OURS), back))["PLPC"] == (None if timedelta(days=days) <= UNDO_DAYS else back)


@given(st.lists(st.sets(st.sampled_from([*OURS, "NVDA", "AMD"]), min_size=1), min_size=1, max_size=8))
def test_a_second_look_on_the_same_day_changes_nothing(steps: list[set[str]]) -> None:
    known: Members = {}
    for n, symbols in enumerate(steps):
        known = noted(known, lists(*sorted(symbols)), MONDAY + timedelta(days=5 * n))
        assert noted(known, lists(*sorted(symbols)), MONDAY + timedelta(days=5 * n)) == known
        assert set(joined(known)) == symbols
    assert decoded(encoded(known)) == known


def test_what_the_config_says_wins() -> None:
    own = WatchlistSettings("T", [*OURS, "NVDA", "AMD"], joined={"NVDA": date(2026, 1, 5)})
    settings = Settings(watchlists={"ai": own})
    known = noted({}, settings.watchlists, MONDAY)
    assert dated(settings, known).watchlists["ai"].joined == {"NVDA": date(2026, 1, 5), "AMD": MONDAY}
    assert dated(settings, {}) == settings


def test_the_config_names_only_its_own_symbols() -> None:
    text = '[watchlists.ai]\nsymbols = ["PATH"]\njoined = {{ {} = 2026-03-02 }}'
    assert parse(text.format("PATH"), "my.toml").watchlists["ai"].joined == {"PATH": MONDAY}
    with pytest.raises(ConfigError, match="names NVDA, which is not one of its symbols"):
        parse(text.format("NVDA"), "my.toml")


@pytest.mark.parametrize("text", [None, "", "{", "[1]", '{"ai": 3}'])
def test_a_record_that_cannot_be_read_is_begun_anew(text: str | None) -> None:
    assert decoded(text) == {}


def test_the_store_remembers_what_was_seen_and_another_run_goes_on(tmp_path: Path) -> None:
    path, edited = tmp_path / "rallytui.db", with_symbols(State(), "ai", OURS, [*OURS, "NVDA"])
    for n, state in enumerate((State(), edited, edited)):
        store = open_store(path)
        choices = Choices(Settings(), tmp_path / "state.json")
        choices.take(state)
        assert choices.keep_members(store, MONDAY + timedelta(days=n)) is (n > 0)
        store.close()
    assert choices.settings.watchlists["ai"].joined == {"NVDA": MONDAY + timedelta(days=1)}


def test_a_store_from_before_counts_the_default_names_from_the_baseline() -> None:
    store = memory_store()
    assert store.get_state(MEMBERS) is None
    choices = Choices(Settings(), Path("nowhere") / "state.json")
    assert not choices.keep_members(store, MONDAY)
    assert decoded(store.get_state(MEMBERS)) == {"ai": dict.fromkeys(OURS, Member())}
    assert choices.settings == Settings()


def test_what_is_added_in_the_app_joins_today_and_the_demo_keeps_nothing() -> None:
    store, choices = memory_store(), Choices(Settings(), None)
    choices.keep_members(store, MONDAY)
    choices.take(with_symbols(State(), "ai", OURS, [*OURS, "NVDA"]))
    choices.note_members(MONDAY)
    assert choices.settings.watchlists["ai"].joined == {"NVDA": MONDAY}
    assert store.get_state(MEMBERS) is None
