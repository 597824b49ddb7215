"""What happened while nobody looked: two digests in a row tell no less than one, and the events come first."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as budget
from hypothesis import strategies as st
from msgspec.structs import replace

from rallytui.alerts.desk import row_of
from rallytui.alerts.digest import TITLES, Digest, digest, title_of, to_json, to_text
from rallytui.alerts.event import Event
from rallytui.alerts.watch import Watch
from rallytui.board.shape import Board
from rallytui.cli import main
from rallytui.clock import SystemClock
from rallytui.model import Facts
from rallytui.sessions import nyse
from rallytui.store import open_store
from tests.alert_boards import MONDAY, NOON, board, config, evening
from tests.facts import quote, wander

HOUR = timedelta(hours=1)
CALM: dict[str, Any] = {"vix": 15, "composite": "calm", "claim": "on_track", "streak": 0, "last": 10.0, "source": "ok"}


def texts(told: Digest, kind: Any) -> list[str]:
    return [item.text for item in told.of(kind)]


def test_what_two_boards_differ_in() -> None:
    after = {"vix": 30, "vix_band": "stress", "composite": "watch", "claim": "broken", "touched": MONDAY, "streak": 1}
    before = board(NOON, **CALM, filed=date(2026, 6, 1))
    told = digest(before, board(NOON + HOUR, **after, last=11.0, source="failing", filed=MONDAY))
    assert texts(told, "rung") == ["S&P 500 7,000: first close at or above it on 2026-09-14."]
    assert texts(told, "light") == ["VC1 went from calm to stress."]
    assert texts(told, "composite") == ["The composite went from calm to watch."]
    assert texts(told, "claim") == ["“Cuts” went from on track to broken."]
    assert texts(told, "filing") == ["PATH filed a 10-Q on 2026-09-14."]
    assert texts(told, "source") == ["Cboe went from fine to failing."]
    assert texts(told, "move") == ["PATH +10.0 %"]
    assert [item.severity for item in told.items] == ["info", "watch", "bad", "bad", "info", "watch", "info"]
    assert digest(before, replace(before, as_of=NOON + HOUR)).items == []


def test_what_goes_away_is_told() -> None:
    before = board(NOON, **CALM)
    bare = replace(before, as_of=NOON + HOUR, targets=[], thesis=[], watchlists=[])
    told = digest(before, bare)
    assert "S&P 500 7,000 is no longer on the ladder." in texts(told, "rung")
    assert "“Cuts” went from on track to gone." in texts(told, "claim")
    assert texts(told, "move") == ["S&P 500 has no price to compare", "PATH has no price to compare"]
    assert digest(bare, before).of("claim") == []


def test_an_event_stands_for_the_difference_it_made() -> None:
    event = Event("light", "VC1", MONDAY, NOON + HOUR / 2, "VIX", "VC1 went from calm to stress.", "", "calm", "stress")
    own = replace(event, rule="vix", subject="risks.VC1.value", title="Fear", text="VIX is 30.")
    late = replace(event, subject="VC2", at=NOON + 2 * HOUR)
    early, shown = replace(late, at=NOON), replace(own, rule="demo", simulated=True)
    events = [event, own, late, early, shown]
    told = digest(board(NOON, **CALM), board(NOON + HOUR, **CALM | {"vix": 30, "vix_band": "stress"}), events)
    assert [(item.kind, item.subject) for item in told.items] == [("light", "VC1"), ("tripwire", "risks.VC1.value")]
    assert told.items[0].at == event.at
    assert told.items[1].text == "Fear: VIX is 30."
    assert "  14 Sep  VC1 went from calm to stress." in to_text(told).splitlines()


LOOK = st.fixed_dictionaries(
    {
        "vix": st.none() | st.floats(10, 40),
        "vix_band": st.sampled_from(["calm", "watch", "stress"]),
        "composite": st.sampled_from(["calm", "watch", "stress", "unknown"]),
        "claim": st.sampled_from(["on_track", "at_risk", "broken", "unknown"]),
        "touched": st.sampled_from([None, MONDAY]),
        "streak": st.none() | st.integers(0, 2),
        "last": st.none() | st.floats(1, 100),
        "filed": st.sampled_from([None, date(2026, 6, 1), MONDAY]),
        "source": st.sampled_from(["ok", "failing", "skipped"]),
    }
)


@budget(max_examples=60, deadline=None)
@given(LOOK, LOOK, LOOK)
def test_two_digests_in_a_row_tell_no_less_than_one(one: Any, two: Any, three: Any) -> None:
    watch, days = Watch(config("")), (MONDAY, date(2026, 9, 15), date(2026, 9, 16))
    boards: list[Board] = [evening(day, **look) for day, look in zip(days, (one, two, three), strict=True)]
    events = [event for made in boards for event in watch.step(made, evening=True)]
    first, second, whole = (
        {(item.kind, item.subject) for item in digest(boards[a], boards[b], events).items}
        for a, b in ((0, 1), (1, 2), (0, 2))
    )
    assert whole <= first | second


def test_the_digest_for_a_person() -> None:
    told = digest(board(NOON, **CALM), board(NOON + HOUR, **CALM | {"composite": "watch", "last": 9.0}))
    assert to_text(told, "Europe/Berlin") == (
        "From Mon 14 Sep 18:00 to Mon 14 Sep 19:00\n\n"
        "Composite\n  The composite went from calm to watch.\n\n"
        "Movers\n  PATH −10.0 %\n"
    )
    nothing = digest(board(NOON), board(NOON + HOUR))
    assert to_text(nothing).endswith("\n\nNothing happened.\n")
    rows = [replace(board(last=10.0).watchlists[0].rows[0], symbol=f"S{n}", last=10.0 + n) for n in range(9)]

    def many(at: datetime, factor: float) -> Board:
        made = board(at)
        moved = [replace(row, last=(row.last or 0) * (1 + factor * n)) for n, row in enumerate(rows)]
        return replace(made, watchlists=[replace(made.watchlists[0], rows=moved)])

    movers = to_text(digest(many(NOON, 0.0), many(NOON + HOUR, 0.01))).splitlines()[3:]
    assert movers == ["  S8 +8.0 %", "  S7 +7.0 %", "  S6 +6.0 %", "  S5 +5.0 %", "  S4 +4.0 %", "  and 3 more"]


def test_movers_say_from_which_close_they_are_counted() -> None:
    told = digest(board(NOON, last=50.0), board(NOON + HOUR, last=51.0))
    assert title_of(told, "move") == "Movers", "without a price there is no close"
    dated = replace(told, from_close=date(2026, 9, 11))
    assert title_of(dated, "move") == "Movers since the close of Fri 11 Sep"
    assert "Movers since the close of Fri 11 Sep" in to_text(dated).splitlines()
    assert title_of(dated, "claim") == "Thesis"


def test_the_digest_for_a_program() -> None:
    body = json.loads(to_json(digest(board(NOON, **CALM), board(NOON + HOUR, **CALM | {"last": 9.0}))))
    assert (body["schema"], body["since"], body["until"]) == (1, "2026-09-14T16:00:00Z", "2026-09-14T17:00:00Z")
    assert body["items"][0]["kind"] in TITLES
    assert (body["items"][0]["subject"], body["items"][0]["old"], body["items"][0]["new"]) == ("PATH", 10.0, 9.0)
    odd = digest(board(NOON, **CALM | {"last": 9.0}), board(NOON + HOUR, **CALM))
    assert json.loads(to_json(odd))["items"][0]["change_pct"] == 11.11111


def test_an_index_moves_under_its_name() -> None:
    before, after = board(NOON, **CALM), board(NOON + HOUR, **CALM)
    before = replace(before, targets=[replace(before.targets[0], last=7000.0)])
    after = replace(after, targets=[replace(after.targets[0], last=7070.0)])
    (moved,) = digest(before, after).of("move")
    assert (moved.subject, moved.text) == ("^GSPC", "S&P 500 +1.0 %")


# ---- The command line


def test_a_digest_from_the_store(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime(2026, 9, 16, 21, tzinfo=UTC)
    monkeypatch.setattr(SystemClock, "now", lambda self: now)
    days = [*nyse().between(date(2026, 7, 1), date(2026, 9, 15))]
    kept = open_store(home / "data" / "rallytui.db")
    kept.save(Facts(bars=(wander("PATH", days),), quotes=(quote("PATH", 1000.0, "2026-09-16T15:59"),)))
    claim = Event("claim", "D1", date(2026, 9, 15), now - 23 * HOUR, "D1", "“Cuts” went from on track to broken.")
    kept.add_events([row_of(claim), row_of(replace(claim, subject="D2", at=now - 48 * HOUR))])
    kept.close()
    assert main(["digest", "--since", "1d", "--format", "json"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert body["since"] == "2026-09-15T21:00:00Z"
    found = {(item["kind"], item["subject"]) for item in body["items"]}
    assert ("claim", "D1") in found
    assert ("claim", "D2") not in found
    assert ("move", "PATH") in found
    assert main(["digest", "--since", "2026-09-14"]) == 0
    assert capsys.readouterr().out.startswith("From Mon 14 Sep 18:00 to Wed 16 Sep 17:00")


@pytest.mark.parametrize("format_name", ["text", "json"])
def test_an_empty_store_is_no_quiet_day(format_name: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["digest", "--format", format_name]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert said.err.startswith("rallytui: nothing is stored yet; ")


def test_a_store_that_cannot_be_read_is_told_once(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "file").write_text("", "utf-8")
    monkeypatch.setenv("RALLYTUI_DATA_DIR", str(home / "file" / "data"))
    assert main(["digest"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert [line.startswith("rallytui: ") for line in lines] == [True, True]
    assert "cannot be used" in lines[0]


@pytest.mark.parametrize("since", ["soon", "1y", "0d", "3000-01-01", "1990-01-01", "9999w"])
def test_a_since_that_cannot_be(since: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["digest", "--since", since]) == 2
    assert capsys.readouterr().err.startswith(f"rallytui: --since {since}: ")


def covered(at: datetime, band: str, *scores: float | None) -> Board:
    """A board whose two credit readings are all that is known, each scored or too old; the composite is their mean."""
    made, known = board(at, composite=band), [one for one in scores if one is not None]
    kept = [group for group in made.risks.groups if group.id == "VC"]
    readings = [
        replace(one, score=score, freshness=float(score is not None), band="calm")
        for one, score in zip(kept[0].indicators, scores, strict=False)
    ]
    groups = [replace(kept[0], indicators=readings, weight=15.0)]
    value = 0.75 * sum(known) / len(known) + 0.25 * max(known)
    whole = replace(made.risks.composite, score=value, coverage=len(known) / len(scores))
    return replace(
        made, risks=replace(made.risks, groups=groups, composite=whole), targets=[], watchlists=[], thesis=[]
    )


@pytest.mark.parametrize(
    ("before", "after", "text", "severity"),
    [
        (("calm", 30, 30, 45), ("watch", 30, None, 45),
         "The composite went from calm to watch. Only because other readings count: what counts on both days "
         "(2 readings) moved it by 0.0 points (coverage 100 % then, 67 % now).", "info"),
        (("watch", 30, 30, 60), ("calm", 30, 30, None),
         "The composite went from watch to calm. Only because other readings count: what counts on both days "
         "(2 readings) moved it by 0.0 points (coverage 100 % then, 67 % now).", "info"),
        (("calm", 20, 20, 20), ("watch", 50, 50, None),
         "The composite went from calm to watch. At equal members what counts on both days (2 readings) moved it by "
         "+30.0 points (coverage 100 % then, 67 % now).", "watch"),
        (("calm", 20, 20, 20), ("watch", 50, 50, 50), "The composite went from calm to watch.", "watch"),
        (("watch", 50, 50, None), ("calm", 10, 10, 10),
         "The composite went from watch to calm. At equal members what counts on both days (2 readings) moved it by "
         "−40.0 points (coverage 67 % then, 100 % now).", "info"),
        (("calm", 20, 20, None), ("watch", None, 50, 50),
         "The composite went from calm to watch. Not comparable: what counts on both days (1 reading) stands for less "
         "than 60 % of the weight (coverage 67 % then, 67 % now).", "watch"),
    ],
)  # fmt: skip
def test_the_composite_is_compared_at_equal_members(before: Any, after: Any, text: str, severity: str) -> None:
    told = digest(covered(NOON, *before), covered(NOON + HOUR, *after))
    assert [(item.text, item.severity) for item in told.of("composite")] == [(text, severity)]
