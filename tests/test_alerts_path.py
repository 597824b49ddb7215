"""Readings by their path: every path of a board leads to what its JSON has there, and a wrong one names the nearest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from rallytui.alerts.path import ROOTS, WrongPath, follow, name_of, paths, reading
from rallytui.alerts.skeleton import CLAIMS, check, skeleton
from rallytui.board.rounding import rounded
from rallytui.board.shape import NextReport
from rallytui.cli import main
from rallytui.config import Settings
from rallytui.indicators import catalog, thesis
from rallytui.report import to_json
from tests.alert_boards import board, config
from tests.ui.sample import sample_board
from tests.ui.sample_parts import TODAY

GOOD = {
    "watchlists.ai.PATH.change_pct": -4.67,
    "watchlists.ai.rows.PATH.change_pct": -4.67,
    "watchlists.ai.basket.change_pct": -3.06,
    "watchlists.ai.PATH.next_report.date": "2026-09-03",
    "risks.vix.value": 18.7,
    "risks.groups.vol.indicators.vix.value": 18.7,
    "risks.composite.band": "calm",
    "risks.ai.score": 46.0,
    "targets.^GSPC.rungs.7000.reached_now": True,
    "targets.^GSPC.rungs.7500.p_touch.neutral": 0.88,
    "targets.^GSPC.stats.drawdown_now_pct": -2.6,
    "targets.^GSPC.rungs.7000.first_touch_close": "2026-04-15",
    "thesis.fed.status": "broken",
    "session.state": "regular",
}


@pytest.mark.parametrize("path", GOOD)
def test_a_reading(path: str) -> None:
    assert reading(sample_board(), path) == GOOD[path]


def flat(plain: Any, path: str) -> dict[str, Any]:
    """The JSON's leaves by path, items of lists by what names them."""
    if isinstance(plain, dict):
        return {key: value for name, item in plain.items() for key, value in flat(item, f"{path}.{name}").items()}
    return {path: plain}


def test_every_path_leads_to_what_the_json_has_there() -> None:
    made = sample_board()
    plain = json.loads(to_json(made))
    found = {path: follow(made, path).value for path in paths(made)}
    assert len(found) > 300
    expected = flat(plain["session"], "session") | flat(plain["targets"][0]["stats"], "targets.^GSPC.stats")
    expected |= {key: value for row in plain["watchlists"][0]["rows"] for key, value in row_leaves(row).items()}
    for path, value in expected.items():
        if path in found and not isinstance(value, (list, dict)) and isinstance(found[path], (int, float, str)):
            assert (rounded(found[path]) if isinstance(found[path], float) else found[path]) == value, path
    missing = {path for path, value in expected.items() if isinstance(value, (int, float))} - set(found)
    assert missing == set(), "every number of the JSON has a path"
    assert {path.split(".")[0] for path in found} == set(ROOTS)


def row_leaves(row: dict[str, Any]) -> dict[str, Any]:
    return flat(row, f"watchlists.ai.{row['symbol']}")


@pytest.mark.parametrize("symbol", ["PATH", "BRK-B", "BF.B", "BF"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_symbols_with_dots_and_dashes(symbol: str, quote: str) -> None:
    made = skeleton(config(""))
    rows = [replace(row, last=float(number)) for number, row in enumerate(made.watchlists[0].rows)]
    made = replace(made, watchlists=[replace(made.watchlists[0], rows=rows)])
    place = follow(made, f"watchlists.ai.{quote}{symbol}{quote}.last")
    assert place.value == [row.symbol for row in rows].index(symbol)


@pytest.mark.parametrize(
    "path",
    [
        *(
            "",
            "targets",
            "risks",
            "risks.VC1",
            "risks.VX1.value",
            "targets.^GSPC.rungs",
            "charts.PATH",
            "x.y",
            "thesis.",
        ),
        *("watchlists.ai.PATH.chg", "watchlists.ai.PATH.flags", "watchlists.ai.PATH.last.x"),
        "targets.^GSPC.rungs.7001.state",
    ],
)
def test_a_wrong_path(path: str) -> None:
    with pytest.raises(WrongPath):
        follow(skeleton(config("")), path)


def test_what_is_missing_on_the_way_is_no_reading() -> None:
    made = sample_board()
    rows = [replace(row, next_report=None) for row in made.watchlists[0].rows]
    made = replace(made, watchlists=[replace(made.watchlists[0], rows=rows)])
    assert reading(made, "watchlists.ai.PATH.next_report.date") is None
    given = replace(rows[2], next_report=NextReport(TODAY, 5))
    made = replace(made, watchlists=[replace(made.watchlists[0], rows=[given])])
    assert reading(made, "watchlists.ai.PATH.next_report.window_days") == 5


def test_an_unreliable_reading_is_none() -> None:
    assert reading(board(vix=20.0), "risks.VC1.value") == 20.0
    assert reading(board(vix=20.0, vix_freshness=0.0), "risks.VC1.value") is None
    assert reading(board(last=9.0), "watchlists.ai.PATH.last") == 9.0
    assert reading(board(last=9.0, row="stale"), "watchlists.ai.PATH.last") is None
    assert reading(board(last=9.0, row="stale"), "watchlists.ai.PATH.freshness") == "stale"
    made = board(last=9.0)
    rows = [replace(made.watchlists[0].rows[0], flags=["suspect split"])]
    assert (
        reading(replace(made, watchlists=[replace(made.watchlists[0], rows=rows)]), "watchlists.ai.PATH.last") is None
    )


def test_the_skeleton_has_the_names_of_a_board() -> None:
    made = skeleton(Settings())
    assert [(group.id, [one.id for one in group.indicators]) for group in made.risks.groups] == [
        (group.id, [one.id for one in catalog.INDICATORS if one.group == group.id]) for group in catalog.GROUPS
    ]
    assert tuple(thesis.CLAIMS) == CLAIMS
    assert [name_of(rung) for rung in made.targets[0].rungs] == ["6900", "7000", "7269", "7500", "8000"]


FAULTS = {
    'metric = "risks.VX1.value"\nabove = 2': ("metric", "did you mean 'risks.VC1.value'?"),
    'metric = "watchlists.ai.NVDA.last"\nabove = 2': ("metric", "did you mean"),
    'metric = "risks.VC1"\nabove = 2': ("metric", "it holds several: risks.VC1.value, risks.VC1.score, "),
    'metric = "targets.GSPC.last"\nabove = 2': ("metric", "did you mean 'targets.^GSPC.last'? Also near: targets.^"),
    'metric = "VIX"\nabove = 2': (
        "metric",
        "a path begins with targets, watchlists, risks, thesis, session or health, as",
    ),
    'metric = "risks.VC1.value"\nbecomes = true': ("becomes", "is a number, not 'true'"),
    'metric = "risks.composite.band"\nabove = 2': ("above", "no number; write becomes or changes in place of above"),
    'metric = "risks.composite.band"\nbecomes = "clam"': ("becomes", "did you mean 'calm'?"),
    'metric = "health.cboe.status"\nbecomes = "down"': ("becomes", "is never 'down'"),
    'metric = "risks.VC1.value"\nbecomes = "high"': ("becomes", "is a number"),
    'metric = "targets.^GSPC.rungs.7000.reached_now"\nbecomes = "yes"': ("becomes", "true or false"),
}


@pytest.mark.parametrize("text", FAULTS)
def test_a_wrong_path_is_a_config_error_with_its_line(
    text: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, words = FAULTS[text]
    place = home / "my.toml"
    place.write_text(f"[thesis]\nname = 'x'\n\n[[alerts]]\n{text}\n", "utf-8")
    line = 4 + 1 + [one.split(" ")[0] for one in text.split("\n")].index(key)
    assert main(["--config", str(place), "config", "validate"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"rallytui: {place}:{line}: alerts.0.{key}: ")
    assert words in said


def test_a_name_added_in_the_app_has_paths_too() -> None:
    own = config('[[alerts]]\nmetric = "watchlists.ai.PATH.last"\nabove = 1')
    without = replace(own, watchlists={})
    assert list(check(own)) == []
    assert list(check(without, own)) == []
    assert [fault.path for fault in check(without)] == [("alerts", "0", "metric")]
    assert list(check(Settings())) == []
