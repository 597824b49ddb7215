"""Tripwires: when each condition goes off, what holds it back, and that a restart neither repeats nor misses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import settings as budget
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from rallytui.alerts.builtin import SWITCHES, TELL
from rallytui.alerts.digest import digest
from rallytui.alerts.event import TEXT_LENGTH, Event
from rallytui.alerts.rules import GAP
from rallytui.alerts.watch import LONGEST_GAP, Memory, Watch, worded
from rallytui.board.shape import Board, Composite
from rallytui.config import Settings
from rallytui.config.load import ConfigError, parse
from rallytui.config.settings import BuiltinAlerts
from rallytui.config.show import as_toml
from rallytui.sessions import nyse
from tests.alert_boards import MONDAY, NOON, board, config, evening, sessions, told
from tests.facts import ny

VIX = '[[alerts]]\nmetric = "risks.VC1.value"\nid = "vix"\n'
MINUTE = timedelta(minutes=1)


def live(settings: Settings, values: Sequence[float | None], **more: Any) -> list[int]:
    """On which of the VIX values, one a day at noon, a tripwire goes off."""
    watch, days = Watch(settings), sessions(len(values))
    found = []
    for number, (day, value) in enumerate(zip(days, values, strict=True)):
        at = datetime.combine(day, NOON.timetz())
        found += [number for _ in watch.step(board(at, vix=value, **more))]
    return found


def nightly(settings: Settings, values: Sequence[float | None]) -> list[int]:
    """The same on evenings."""
    watch, days = Watch(settings), sessions(len(values))
    found = []
    for number, (day, value) in enumerate(zip(days, values, strict=True)):
        events = watch.step(evening(day, vix=value), evening=True)
        found += [number for event in events if event.rule not in TELL]
    return found


CASES: list[tuple[str, list[float | None], list[int]]] = [
    ("above = 20.0", [19, 20, 20.1, 21, 19, 22], [2, 5]),
    ("above = 20.0", [25, 26], [0]),
    ("below = 20.0", [21, 20, 19.9, 19, 21, 18], [2, 5]),
    ("above = 20.0\nhysteresis = 2", [21, 19, 21, 18, 21], [0, 4]),
    ("below = 20.0\nhysteresis = 2", [19, 21, 19, 22, 19], [0, 4]),
    ("crosses = 20.0", [25, 24, 19, 18, 21], [2, 4]),
    ("crosses = 20.0", [20, 21, 20, 19], [3]),
    ("crosses = 20.0\nhysteresis = 1", [25, 19.5, 20.5, 19, 20.5, 21], [3, 5]),
    ("changes = true", [20, 20, 21, 21, 20], [2, 4]),
    ("becomes = 20.0", [20, 20, 21, 20, 20], [3]),
    ("above = 20.0\nonce = true", [21, 19, 21], [0]),
    ("above = 20.0", [21, None, 21, None, 19, None, 21], [0, 6]),
    ("changes = true", [20, None, 20, None, 21], [4]),
    ("crosses = 20.0", [None, 25, None, 19], [3]),
]


@pytest.mark.parametrize(("text", "values", "fires"), CASES)
def test_when_a_condition_goes_off(text: str, values: list[float | None], fires: list[int]) -> None:
    assert live(config(VIX + text), values) == fires
    assert nightly(config(VIX + text), values) == fires, "an evening counts like any other look"


def test_sessions_are_counted_on_evenings_only() -> None:
    held = config(VIX + 'above = 20.0\nfor = "2 sessions"')
    assert live(held, [21, 22, 23, 24]) == []
    assert nightly(held, [21, 19, 21, 22, 23]) == [3]
    assert nightly(held, [21, None, 22]) == [2], "an evening without a reading neither counts nor starts anew"
    assert nightly(config(VIX + 'crosses = 20.0\nfor = "2 sessions"'), [19, 21, 19, 21, 22]) == [4]
    assert nightly(config(VIX + 'changes = true\nfor = "2 sessions"'), [1, 2, 1, 3, 4, 4]) == [5]


def minutes(settings: Settings, looks: list[tuple[int, float | None]]) -> list[int]:
    watch = Watch(settings)
    return [minute for minute, value in looks for _ in watch.step(board(NOON + minute * MINUTE, vix=value))]


def test_minutes_count_while_the_program_watches() -> None:
    held = config(VIX + 'above = 20.0\nfor = "30 minutes"')
    assert minutes(held, [(n, 21) for n in range(0, 60, 5)]) == [30]
    assert minutes(held, [*((n, 21) for n in range(0, 30, 5)), (29, 19), *((n, 21) for n in range(30, 65, 5))]) == [60]
    gap = int(GAP / MINUTE) + 1
    assert minutes(held, [(0, 21), (5, 21), *((5 + gap + n, 21) for n in range(0, 35, 5))]) == [35 + gap]
    watch = Watch(held)
    assert watch.step(evening(vix=21), evening=True) == []
    assert watch.memory.rules["vix"].pending is None, "an evening is no look at the running market"


def test_a_stale_reading_neither_fires_nor_resets() -> None:
    watch = Watch(config(VIX + "above = 20.0"))
    assert watch.step(board(NOON, vix=25, vix_freshness=0.0)) == []
    assert told(watch.step(board(NOON + MINUTE, vix=25))) == [("vix", "risks.VC1.value", "2026-09-14")]
    assert watch.step(board(NOON + 2 * MINUTE, vix=10, vix_freshness=0.0)) == []
    assert watch.step(board(NOON + 3 * MINUTE, vix=25)) == [], "it never came back below"


def test_unknown_counts_as_missing_unless_it_is_waited_for() -> None:
    def bands(condition: str) -> list[str]:
        watch = Watch(config(f'[[alerts]]\nmetric = "risks.composite.band"\n{condition}'))
        steps = enumerate(("calm", "unknown", "watch", "unknown", "watch"))
        looks = [(band, board(NOON + number * timedelta(days=1), composite=band)) for number, band in steps]
        return [band for band, made in looks for _ in watch.step(made)]

    assert bands("changes = true") == ["watch"]
    assert bands('becomes = "watch"') == ["watch"]
    assert bands('becomes = "unknown"') == ["unknown", "unknown"]


def test_what_an_event_says() -> None:
    watch = Watch(config(VIX + 'name = "Fear"\nabove = 20.0'))
    watch.step(board(NOON, vix=-1.5))
    (event,) = watch.step(board(NOON + MINUTE, vix=21.25))
    assert (event.title, event.text) == ("Fear", "risks.VC1.value is 21.25 (above 20)")
    assert (event.old, event.new, event.path, event.at) == ("−1.5", "21.25", "risks.VC1.value", NOON + MINUTE)
    crossing = Watch(config('[[alerts]]\nmetric = "watchlists.ai.PATH.change_pct"\ncrosses = 0'))
    crossing.step(board(NOON, change_pct=1.0))
    (event,) = crossing.step(board(NOON + MINUTE, change_pct=-2.0))
    assert event.text == "watchlists.ai.PATH.change_pct is −2 % (crosses 0, was 1 %)"
    assert event.title == event.rule == "watchlists.ai.PATH.change_pct crosses 0"


def test_once_a_session_and_not_more() -> None:
    watch = Watch(config(VIX + "above = 20.0"))
    fired = [told(watch.step(board(NOON + n * MINUTE, vix=value))) for n, value in enumerate([21, 19, 21, 19, 21])]
    assert fired == [[("vix", "risks.VC1.value", "2026-09-14")], [], [], [], []]
    watch.step(board(NOON + 6 * MINUTE, vix=19))
    assert told(watch.step(board(NOON + timedelta(days=1), vix=21))) == [("vix", "risks.VC1.value", "2026-09-15")]


def test_the_session_of_a_look_before_the_open_and_after_the_close() -> None:
    def session(at: str, state: str) -> str:
        made = board(ny(at), vix=21)
        watch = Watch(config(VIX + "above = 20.0"))
        return str(watch.step(replace(made, session=replace(made.session, state=state)))[0].session)

    assert session("2026-09-15T08:00", "pre") == "2026-09-15"
    assert session("2026-09-15T17:00", "post") == "2026-09-15"
    assert session("2026-09-19T12:00", "closed") == "2026-09-18"


def test_a_look_back_moves_nothing() -> None:
    watch = Watch(config(VIX + "above = 20.0"))
    assert watch.step(evening(vix=25, composite="stress")) == []
    assert watch.memory == Memory()


def test_the_demo_says_that_it_is_one() -> None:
    made = replace(board(vix=25), mode="demo", simulated=True)
    (event,) = Watch(config(VIX + "above = 20.0")).step(made)
    assert event.simulated


def test_a_tripwire_that_means_something_else_begins_anew() -> None:
    watch = Watch(config(VIX + "above = 20.0"))
    assert watch.step(board(NOON, vix=25)) != []
    watch.retune(config(VIX + "above = 20.0\nname = 'other'"))
    assert watch.step(board(NOON + timedelta(days=1), vix=25)) == []
    watch.retune(config(VIX + "above = 24.0"))
    assert watch.step(board(NOON + timedelta(days=2), vix=25)) != []
    watch.retune(config(""))
    assert watch.memory.rules == {}


def test_a_name_that_was_taken_off_its_list_keeps_quiet() -> None:
    watch = Watch(config('[[alerts]]\nmetric = "watchlists.ai.PATH.last"\nabove = 1'))
    made = board(last=5.0)
    assert watch.step(replace(made, watchlists=[replace(made.watchlists[0], rows=[])])) == []


# ---- The built-in ones

BUILT_IN: list[tuple[dict[str, Any], dict[str, Any], tuple[str, str]]] = [
    ({"streak": 0}, {"touched": date(2026, 9, 15), "streak": 1}, ("rung-reached", "^GSPC 7000")),
    ({"streak": 3, "touched": MONDAY}, {"streak": 0, "touched": MONDAY}, ("rung-lost", "^GSPC 7000")),
    ({"vix": 1}, {"vix": 1, "vix_band": "stress"}, ("light", "VC1")),
    ({"vix": 1, "vix_band": "stress"}, {"vix": 1}, ("light", "VC1")),
    ({"composite": "calm"}, {"composite": "watch"}, ("composite", "composite")),
    ({"claim": "on_track"}, {"claim": "broken"}, ("claim", "D1")),
    ({"basket": -11.9}, {"basket": -12.0}, ("basket", "AI2")),
    ({"basket": -12.0}, {"basket": -20.5}, ("basket", "AI2")),
    ({"change_pct": 1.0}, {"change_pct": -12.1}, ("move", "PATH")),
    ({"change_pct": 13.0}, {"change_pct": -12.1}, ("move", "PATH")),
    ({"filed": date(2026, 6, 1)}, {"filed": date(2026, 9, 15)}, ("filing", "PATH")),
    ({"vix": 1}, {"vix": None}, ("stale", "VC1")),
]


@pytest.mark.parametrize(
    ("before", "after", "severity"),
    [
        ({"vix": 1}, {"vix": 1, "vix_band": "watch"}, "watch"),
        ({"vix": 1}, {"vix": 1, "vix_band": "stress"}, "bad"),
        ({"vix": 1, "vix_band": "stress"}, {"vix": 1, "vix_band": "watch"}, "info"),
        ({"vix": 1, "vix_band": "watch"}, {"vix": 1}, "info"),
        ({"composite": "watch"}, {"composite": "stress"}, "bad"),
        ({"composite": "stress"}, {"composite": "calm"}, "info"),
        ({"claim": "on_track"}, {"claim": "at_risk"}, "watch"),
        ({"claim": "at_risk"}, {"claim": "broken"}, "bad"),
        ({"claim": "broken"}, {"claim": "on_track"}, "info"),
        ({"streak": 0}, {"touched": date(2026, 9, 15), "streak": 1}, "info"),
        ({"streak": 3, "touched": MONDAY}, {"streak": 0, "touched": MONDAY}, "watch"),
        ({"basket": -11.9}, {"basket": -12.0}, "bad"),
    ],
)
def test_what_gets_worse_is_told_as_graver_than_what_gets_better(
    before: dict[str, Any], after: dict[str, Any], severity: str
) -> None:
    watch, (first, second) = Watch(config("")), sessions(2)
    watch.step(evening(first, **before), evening=True)
    assert [event.severity for event in watch.step(evening(second, **after), evening=True)] == [severity]


@pytest.mark.parametrize(
    ("value", "path", "words"),
    [
        (True, "targets.0.provisional", "true"),
        (False, "targets.0.provisional", "false"),
        ("stress", "risks.VC1.band", "stress"),
        (1234.5, "targets.0.last", "1,234.5"),
        (-0.001, "risks.VC4.value", "0"),
        (-1.25, "risks.VC1.change_pct", "−1.25 %"),
        (12, "risks.VC1.change_pp", "12 pp"),
    ],
)
def test_a_reading_is_told_with_its_unit(value: bool | float | str, path: str, words: str) -> None:
    assert worded(value, path) == words


@pytest.mark.parametrize(("before", "after", "expected"), BUILT_IN)
def test_a_built_in_tripwire(before: dict[str, Any], after: dict[str, Any], expected: tuple[str, str]) -> None:
    watch, (first, second) = Watch(config("")), sessions(2)
    assert watch.step(evening(first, **before), evening=True) == [], "the first look is where it begins"
    events = watch.step(evening(second, **after), evening=True)
    assert told(events) == [(*expected, "2026-09-15")]
    assert events[0].text
    assert events[0].text[0].isupper() or "“" in events[0].text
    assert watch.step(evening(second, **after), evening=True) == []


NOTHING: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"streak": 0, "touched": MONDAY}, {"streak": 0, "touched": MONDAY}),
    ({"vix": 1}, {"vix": 2}),
    ({"claim": "on_track"}, {"claim": "unknown"}),
    ({"basket": -12.5}, {"basket": -3.0}),
    ({"change_pct": 1.0}, {"change_pct": -12.0}),
    ({"change_pct": 1.0}, {"change_pct": -15.0, "row": "stale"}),
    ({"filed": None}, {"filed": date(2026, 6, 1)}),
    ({"vix": None}, {"vix": 1, "vix_band": "stress"}),
]


@pytest.mark.parametrize(("before", "after"), NOTHING)
def test_what_is_no_event(before: dict[str, Any], after: dict[str, Any]) -> None:
    watch, (first, second) = Watch(config("")), sessions(2)
    watch.step(evening(first, **before), evening=True)
    assert watch.step(evening(second, **after), evening=True) == []


def test_unknown_in_between_does_not_hide_a_change() -> None:
    watch = Watch(config(""))
    statuses = ("on_track", "unknown", "broken")
    events = [watch.step(evening(day, claim=one), evening=True) for day, one in zip(sessions(3), statuses, strict=True)]
    assert [told(one) for one in events] == [[], [], [("claim", "D1", "2026-09-16")]]


def test_a_touch_that_becomes_known_late_belongs_to_its_own_session() -> None:
    watch = Watch(config(""))
    days = sessions(3)
    watch.step(evening(days[0], streak=0), evening=True)
    watch.step(evening(days[1], streak=0), evening=True)
    assert told(watch.step(evening(days[2], touched=days[1], streak=2), evening=True))[0][2] == str(days[1])


def test_a_source_is_looked_at_all_the_time() -> None:
    watch = Watch(config(""))
    looks = [("untried", 0), ("ok", 0), ("failing", 1), ("failing", 3), ("failing", 9)]
    events = [watch.step(board(NOON + n * MINUTE, source=s, failures=f)) for n, (s, f) in enumerate(looks)]
    assert [told(one) for one in events] == [[], [], [], [("source", "cboe", "2026-09-14")], []]


def test_a_corrected_close_is_told_once() -> None:
    watch = Watch(config(""))
    assert watch.step(board()) == []
    (event,) = watch.step(board(NOON + MINUTE, bar=99.0))
    assert (event.rule, event.subject, event.session) == ("correction", "PATH", MONDAY)
    assert event.text == "PATH closed at 99.00, not at 100.00, by its bar of 2026-09-14."
    assert watch.step(board(NOON + 2 * MINUTE, bar=99.0)) == []


@pytest.mark.parametrize("switch", BuiltinAlerts.__struct_fields__)
def test_each_can_be_switched_off(switch: str) -> None:
    watch = Watch(config(f"[builtin_alerts]\n{switch} = false"))
    first, second = sessions(2)
    changes = [(before, after) for before, after, (rule, _) in BUILT_IN if rule in SWITCHES[switch]]
    live = {"sources": ({"source": "ok"}, {"source": "failing", "failures": 5}), "corrections": ({}, {"bar": 99.0})}
    for before, after in changes or [live[switch]]:
        watch.memory = Memory()
        watch.step(board(source="ok"))
        watch.step(evening(first, **before), evening=True)
        assert told(watch.step(evening(second, **after), evening=True)) == []
        assert watch.step(board(NOON + MINUTE, **after)) == []


def test_every_built_in_tripwire_has_a_switch() -> None:
    assert sorted(name for names in SWITCHES.values() for name in names) == sorted(TELL)
    assert set(SWITCHES) == set(BuiltinAlerts.__struct_fields__)


# ---- Evenings, restarts, replays


def test_which_evenings_are_due() -> None:
    calendar, watch = nyse(), Watch(config(""))
    assert watch.due(calendar, ny("2026-09-15T12:00")) == [MONDAY]
    assert watch.due(calendar, ny("2026-09-15T18:10")) == [MONDAY], "the day's bars are not out yet"
    assert watch.due(calendar, ny("2026-09-15T18:30")) == [date(2026, 9, 15)]
    watch.step(evening(MONDAY), evening=True)
    assert watch.due(calendar, ny("2026-09-15T12:00")) == []
    assert watch.due(calendar, ny("2026-09-19T12:00")) == sessions(5)[1:]
    assert len(watch.due(calendar, ny("2027-09-19T12:00"))) == LONGEST_GAP


def test_an_evening_of_which_nothing_is_known_stays_due() -> None:
    watch = Watch(config(""))
    made = evening(MONDAY, claim="broken")
    nothing = replace(made, targets=[replace(made.targets[0], last=None)])
    assert watch.step(nothing, evening=True) == []
    assert watch.due(nyse(), ny("2026-09-15T12:00")) == [MONDAY]
    watch.step(made, evening=True)
    assert watch.due(nyse(), ny("2026-09-15T12:00")) == []


DAY = st.fixed_dictionaries(
    {
        "vix": st.none() | st.floats(10, 40),
        "vix_band": st.sampled_from(["calm", "watch", "stress"]),
        "composite": st.sampled_from(["calm", "watch", "stress", "unknown"]),
        "claim": st.sampled_from(["on_track", "at_risk", "broken", "unknown"]),
        "streak": st.none() | st.integers(0, 3),
        "change_pct": st.none() | st.floats(-20, 20),
        "basket": st.none() | st.floats(-30, 0),
    }
)
MONTH = st.lists(DAY, min_size=21, max_size=21)
OWN = VIX + 'above = 25.0\n[[alerts]]\nmetric = "risks.VC1.value"\ncrosses = 20\nfor = "2 sessions"\nhysteresis = 1.0'


def replay(month: list[dict[str, Any]], watch: Watch) -> list[Event]:
    days = zip(sessions(len(month)), month, strict=True)
    return [event for day, values in days for event in watch.step(evening(day, **values), evening=True)]


@budget(max_examples=15, deadline=None)
@given(MONTH, st.integers(0, 20))
def test_a_month_twice_gives_the_same_events_and_a_restart_changes_nothing(
    month: list[dict[str, Any]], stop: int
) -> None:
    watch = Watch(config(OWN))
    events = replay(month, watch)
    assert replay(month, Watch(config(OWN))) == events
    assert replay(month, watch) == [], "what was told is not told again"
    assert len({event.key for event in events}) == len(events)
    assert all(0 < len(event.text) <= TEXT_LENGTH for event in events)
    before = Watch(config(OWN))
    first = replay(month[:stop], before)
    kept = msgspec.json.decode(msgspec.json.encode(before.memory), type=Memory)
    assert [*first, *replay(month, Watch(config(OWN), kept))] == events


@budget(max_examples=30, deadline=None)
@given(st.lists(st.floats(10, 40), max_size=12), st.data())
def test_unreliable_readings_change_nothing(values: list[float], data: st.DataObject) -> None:
    watch, other = Watch(config(OWN)), Watch(config(OWN))
    for number, value in enumerate(values):
        at = NOON + 2 * number * MINUTE
        if data.draw(st.booleans()):
            assert other.step(board(at - MINUTE, vix=data.draw(st.floats(10, 40)), vix_freshness=0.0)) == []
        assert watch.step(board(at, vix=value)) == other.step(board(at, vix=value))


# ---- The config

WRONG = {
    "": ("1: alerts.0: ", "exactly one of above"),
    "above = 1\nbelow = 2": ("1: alerts.0: ", "it has above and below"),
    "above = nan": ("3: alerts.0.above: ", "must be a number"),
    "above = 1\nhysteresis = -1": ("4: alerts.0.hysteresis: ", "0 or more"),
    "changes = true\nhysteresis = 1": ("4: alerts.0.hysteresis: ", "goes with above"),
    'above = 1\nfor = "2 days"': ("4: alerts.0.for: ", "2 sessions or 30 minutes"),
    'above = 1\nfor = "0 sessions"': ("4: alerts.0.for: ", "2 sessions or 30 minutes"),
    'above = 1\nquiet = "22-7"': ("4: alerts.0.quiet: ", "22:00-07:00"),
    'above = 1\nquiet = "24:00-07:00"': ("4: alerts.0.quiet: ", "22:00-07:00"),
    'above = 1\nnotify = ["command"]': ("1: alerts.0.command: ", "notify-send"),
    'above = 1\nnotify = ["tost"]': ("4: alerts.0.notify", "toast"),
    'above = "1"': ("3: alerts.0.above: ", "must be a number, not the text '1'"),
    "abve = 1": ("3: alerts.0.abve: ", "did you mean 'above'?"),
    "above = 1\n" + VIX + "above = 1\n" + VIX + "below = 1": ("10: alerts.2.id: ", "ids must differ"),
}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_tripwire(text: str) -> None:
    place, words = WRONG[text]
    with pytest.raises(ConfigError) as caught:
        parse(f'[[alerts]]\nmetric = "x.y"\n{text}', "my.toml")
    assert str(caught.value).startswith(f"my.toml:{place}")
    assert words in str(caught.value)


def test_a_wrong_way_for_all() -> None:
    with pytest.raises(ConfigError, match=r"my\.toml:2: notify\.quiet: .*22:00-07:00"):
        parse('[notify]\nquiet = "late"', "my.toml")
    with pytest.raises(ConfigError, match=r"my\.toml:1: notify\.command: "):
        parse('[notify]\nways = ["command"]', "my.toml")


def test_what_is_shown_of_tripwires_loads_again() -> None:
    text = VIX + 'above = 20.0\nfor = "2 sessions"\nnotify = ["bell"]\n[[alerts]]\nmetric = "x.y"\nbecomes = true'
    settings = parse(text, "my.toml")
    assert parse(as_toml(settings), "shown") == settings
    assert settings.alerts[1].becomes is True


def test_the_defaults() -> None:
    assert Settings().alerts == []
    assert Settings().notify.ways == ["toast"]
    assert all(asdict(Settings().builtin_alerts).values())


def test_a_level_below_the_start_is_told_as_reached_downwards_and_lost_upwards() -> None:
    def look(session: date, down: bool, **values: Any) -> Board:
        made = evening(session, **values)
        lost = session if values["touched"] and not values["streak"] else None
        rungs = [
            replace(one, down=down, lost_since=lost) if one.level == 7000 else one for one in made.targets[0].rungs
        ]
        return replace(made, targets=[replace(made.targets[0], rungs=rungs)])

    for down, first, back in ((False, "at or above", "back below"), (True, "at or below", "back above")):
        watch, days = Watch(config("")), sessions(3)
        states: list[dict[str, Any]] = [
            {"touched": None, "streak": 0}, {"touched": days[1], "streak": 1}, {"touched": days[1], "streak": 0}
        ]  # fmt: skip
        looks = [look(day, down, **state) for day, state in zip(days, states, strict=True)]
        told_of = [event.text for made in looks for event in watch.step(made, evening=True)]
        assert told_of == [
            f"S&P 500 closed {first} 7,000 for the first time.",
            f"S&P 500 closed {back} 7,000, first reached on 2026-09-15: lost since 2026-09-16.",
        ]
        told = digest(looks[0], looks[1]), digest(looks[1], looks[2])
        assert [item.text for one in told for item in one.of("rung")] == [
            f"S&P 500 7,000: first close {first} it on 2026-09-15.",
            f"S&P 500 7,000: the last close is {back.removeprefix('back ')} it, first reached on 2026-09-15: "
            "lost since 2026-09-16.",
        ]


# ---- The composite at equal members


def whole(score: float, band: str, score_alike: float, band_alike: str) -> Composite:
    return Composite(score, band, 0.9, score_at_equal_members=score_alike, band_at_equal_members=band_alike)  # type: ignore[arg-type]


def with_composite(made: Board, composite: Composite) -> Board:
    return replace(made, risks=replace(made.risks, composite=composite))


COVERAGE = [
    (whole(38, "calm", 38, "calm"), whole(43, "watch", 38, "calm"), whole(43.5, "watch", 43.5, "watch")),
    (whole(43, "watch", 43, "watch"), whole(30, "calm", 43, "watch"), whole(29, "calm", 29, "calm")),
    (whole(55, "watch", 55, "watch"), whole(61, "stress", 54, "watch"), whole(62, "stress", 62, "stress")),
]


@pytest.mark.parametrize("looks", COVERAGE)
def test_the_composite_fires_nothing_because_coverage_moved(looks: tuple[Composite, ...]) -> None:
    watch = Watch(config(""))
    for session, one in zip(sessions(3), looks, strict=True):
        assert watch.step(with_composite(evening(session), one), evening=True) == []
    assert watch.memory.signs["composite|composite"] == looks[-1].band, "what it is now is what is compared next time"


def test_the_composite_fires_when_the_scores_move_it() -> None:
    watch, (first, second) = Watch(config("")), sessions(2)
    watch.step(with_composite(evening(first), whole(38, "calm", 38, "calm")), evening=True)
    (event,) = watch.step(with_composite(evening(second), whole(61, "stress", 45, "watch")), evening=True)
    assert (event.rule, event.old, event.new) == ("composite", "calm", "stress")


@pytest.mark.parametrize(
    "condition",
    ["score\"\nabove = 40", "score\"\ncrosses = 40", "score\"\nabove = 40\nfor = \"2 sessions\"",
     "score\"\nchanges = true", "band\"\nchanges = true", "band\"\nbecomes = \"watch\""],
)  # fmt: skip
def test_a_tripwire_on_the_composite_fires_nothing_because_coverage_moved(condition: str) -> None:
    def events(*looks: Composite) -> int:
        watch = Watch(config(f'[[alerts]]\nmetric = "risks.composite.{condition}\n[builtin_alerts]\ncomposite = false'))
        days = sessions(len(looks))
        return sum(
            len(watch.step(with_composite(evening(day), one), evening=True))
            for day, one in zip(days, looks, strict=True)
        )

    calm, covered, still = (
        whole(38, "calm", 38, "calm"),
        whole(43, "watch", 38, "calm"),
        whole(43, "watch", 43, "watch"),
    )
    assert events(calm, covered, still, still) == 0
    assert events(calm, still, still, still) == 1
    back = whole(38, "calm", 43, "watch")
    assert events(calm, covered, back, still, still) == 1, "and it is ready for the next time"


def test_the_light_of_a_group_is_not_compared_with_what_it_meant_before() -> None:
    old = Memory(session=MONDAY, signs={"light|VC": "calm", "light|VC1": "stress"})
    made = evening(sessions(2)[1], vix=30, vix_band="stress")
    groups = [replace(one, band="stress") if one.id == "VC" else one for one in made.risks.groups]
    assert Watch(config(""), old).step(replace(made, risks=replace(made.risks, groups=groups)), evening=True) == []
