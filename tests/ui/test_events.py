"""The log of events, how they are told, and how a tripwire is quietened."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from textual.pilot import Pilot

from rallytui.alerts.desk import Notice, row_of
from rallytui.alerts.event import Event
from rallytui.config.state import State
from rallytui.store import EventRow
from rallytui.ui import notices
from rallytui.ui.app import RallyApp
from rallytui.ui.pages import page_of_path
from rallytui.ui.screens.detail import DetailScreen
from rallytui.ui.screens.event_log import EventLog
from rallytui.ui.screens.snooze import Snooze
from tests.ui.sample import sample_board
from tests.ui.sample_parts import NOW, TODAY
from tests.ui.stage import StubSource, board_screen, stage, text, until

pytestmark = pytest.mark.usefixtures("quick")
HOSTILE = "\x1b]0;owned\x07[red]PATH[/] [@click=app.quit]x[/]\u202e filed"


def event(rule: str = "light", subject: str = "vix", **more: Any) -> Event:
    settings = {"title": "VIX: watch", "text": "VIX went from calm to watch.", "path": f"risks.{subject}.band"}
    return Event(rule, subject, **{"session": TODAY, "at": NOW - timedelta(hours=1), **settings, **more})


def rows() -> list[EventRow]:
    """Oldest first, as the store gives them."""
    early = event("claim", "D1", session=date(2026, 7, 21), at=NOW - timedelta(days=2), path="thesis.D1.status")
    middle = event("filing", "PATH", path="watchlists.ai.PATH.filed", title="PATH filed", text="PATH filed a 10-Q.")
    newest = event(severity="bad", title="VIX: stress", at=NOW - timedelta(minutes=5))
    return [row_of(early), row_of(middle), row_of(newest)]


async def opened(app: RallyApp, pilot: Pilot[None], shows: str = "in all") -> EventLog:
    """The log, once it has read the events."""
    await pilot.press("A")
    await until(pilot, lambda: isinstance(app.screen, EventLog) and shows in text(app.screen.query_one("#page")))
    assert isinstance(app.screen, EventLog)
    return app.screen


# --- telling ---


async def test_a_notice_is_a_toast_with_its_severity_and_never_markup() -> None:
    app, source = stage()
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        source.show(Notice(event(title=HOSTILE, text=HOSTILE, severity="bad", simulated=True), ("toast",)))
        await until(pilot, lambda: len(app._notifications))
        (note,) = app._notifications
        assert (note.message, note.markup, note.severity) == (
            "[red]PATH[/] [@click=app.quit]x[/] filed",
            False,
            "error",
        )
        assert note.title == "SIMULATED [red]PATH[/] [@click=app.quit]x[/] filed"


async def test_the_bell_rings_and_the_terminal_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[bool] = []
    sent: list[str] = []
    monkeypatch.setattr(RallyApp, "bell", lambda self: rung.append(True))
    monkeypatch.setattr(notices, "send", lambda app, sequence: sent.append(sequence))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("TMUX", raising=False)
    app, source = stage()
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        source.show(Notice(event(), ("bell", "desktop")))
        await until(pilot, lambda: rung and sent)
        assert sent == ["\x1b]9;VIX: watch: VIX went from calm to watch.\x1b\\"]
        assert not app._notifications


async def test_an_event_without_ways_makes_no_noise_but_counts() -> None:
    app, source = stage()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        source.kept = rows()
        source.show(Notice(event(), ()))
        await until(pilot, lambda: "A 3 new" in text(app.screen.query_one("#status")))
        assert not app._notifications


async def test_a_way_that_failed_is_named_once() -> None:
    app, source = stage()
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        for n in range(3):
            source.show(Notice(event(subject=f"s{n}"), ("toast",), "mail.sh ended with 1."))
        await until(pilot, lambda: len(app._notifications) == 4)
        warnings = [note for note in app._notifications if note.message == "mail.sh ended with 1."]
        assert [(note.severity, note.markup) for note in warnings] == [("warning", False)]


# --- the log ---


async def test_the_log_lists_the_newest_first_and_says_what_is_new() -> None:
    app, source = stage()
    source.kept = rows()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        log = await opened(app, pilot)
        shown = text(log.list)
        assert shown.index("VIX: stress") < shown.index("PATH filed") < shown.index("21 Jul")
        assert "3 new" in shown
        assert "tripwire light" in shown, "the whole text of the event under the cursor stands below"
        await pilot.press("A")
        await until(pilot, lambda: app.screen is board_screen(app))


async def test_space_marks_one_as_seen_and_a_all() -> None:
    app, source = stage()
    source.kept = rows()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        log = await opened(app, pilot)
        await pilot.press("space")
        await until(pilot, lambda: source.acknowledged == [source.kept[2].key])
        assert log.list.index == 1, "the cursor goes on to the next"
        await pilot.press("a")
        await until(pilot, lambda: len(source.acknowledged) == 4)


async def test_enter_opens_the_page_of_what_it_is_about_and_esc_comes_back() -> None:
    app, source = stage()
    source.kept = rows()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await opened(app, pilot)
        await pilot.press("j", "enter")
        await until(pilot, lambda: isinstance(app.screen, DetailScreen))
        assert isinstance(app.screen, DetailScreen)
        assert (app.screen.kind, app.screen.key) == ("symbol", "PATH")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, EventLog))


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("watchlists.ai.PATH.change_pct", ("symbol", "PATH")),
        ("risks.vix.value", ("indicator", "vix")),
        ("targets.^GSPC.rungs.8000.streak", ("target", "0")),
        ("risks.composite.band", None),
        ("health.yahoo.status", None),
        ("", None),
    ],
)
def test_a_path_leads_to_its_page(path: str, page: tuple[str, str] | None) -> None:
    found = page_of_path(sample_board(), path)
    assert (found and (found.kind, found.key)) == page


@pytest.mark.parametrize(
    ("key", "until_then"),
    [
        ("1", NOW + timedelta(hours=1)),
        ("2", datetime(2026, 7, 24, 13, 30, tzinfo=UTC)),
        ("3", NOW + timedelta(days=7)),
    ],
)
async def test_z_quietens_the_tripwire_and_the_choice_is_kept(key: str, until_then: datetime) -> None:
    app, source = stage()
    source.kept = rows()
    source.state = State(snoozed={"old": (NOW - timedelta(days=1)).isoformat()})
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        log = await opened(app, pilot)
        await pilot.press("z")
        await until(pilot, lambda: isinstance(app.screen, Snooze))
        assert "0" not in text(app.screen.query_one("#box")), "what is not quiet cannot be ended"
        await pilot.press("0")
        await pilot.press(key)
        await until(pilot, lambda: source.states)
        assert source.state.snoozed == {"light": until_then.isoformat()}, "what is over is forgotten"
        await until(pilot, lambda: "quiet until" in text(log.list))
        await pilot.press("z")
        await until(pilot, lambda: isinstance(app.screen, Snooze))
        await pilot.press("0")
        await until(pilot, lambda: source.state.snoozed == {})


async def test_a_choice_that_cannot_be_kept_is_said() -> None:
    app, source = stage()
    source.kept, source.state_fault = rows(), "state.json cannot be written."
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await opened(app, pilot)
        await pilot.press("z")
        await until(pilot, lambda: isinstance(app.screen, Snooze))
        await pilot.press("h")
        await until(pilot, lambda: len(app._notifications))
        assert [note.message for note in app._notifications] == ["state.json cannot be written."]


async def test_a_look_back_does_not_know_what_came_later() -> None:
    app, source = stage(sample_board(mode="as_of", as_of=datetime(2026, 7, 22, 22, tzinfo=UTC)))
    source.kept = rows()
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        log = await opened(app, pilot, "1 in all")
        assert [entry.event.subject for entry in log.list.listed()] == ["D1"]


@pytest.mark.parametrize("size", [(200, 60), (100, 30), (60, 20), (40, 12), (20, 6)])
async def test_an_empty_log_says_so_and_a_hostile_one_is_inert_at_any_size(size: tuple[int, int]) -> None:
    app, source = stage()
    async with app.run_test(size=size, notifications=True) as pilot:
        await opened(app, pilot, "No event")
        await pilot.press("space", "a", "z", "enter", "escape")
        assert not source.acknowledged
        source.kept = [row_of(event(title=HOSTILE, text=HOSTILE, rule=HOSTILE, path=HOSTILE))]
        app.recount()
        log = await opened(app, pilot, "new")
        shown = text(log.list)
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        assert all(len(line) == log.list.size.width for line in shown.split("\n"))


async def test_the_log_reads_events_again_when_something_happens() -> None:
    app, source = stage()
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        log = await opened(app, pilot, "No event")
        source.kept = rows()
        source.show(Notice(event(), ()))
        await until(pilot, lambda: "3 in all" in text(log.list))


async def test_an_event_of_another_version_is_passed_over() -> None:
    source = StubSource(sample_board())
    source.kept = [*rows(), EventRow("x", "y", TODAY, NOW, '{"nothing": 1}')]
    app = RallyApp(source)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await opened(app, pilot, "3 in all")
