"""The documents: their generated parts are fresh, their links lead somewhere, and no machine shows through."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from docs import generate, readings
from rallytui.alerts.path import bare, follow
from rallytui.alerts.skeleton import skeleton
from rallytui.board.words import HONESTY
from rallytui.config import Settings
from rallytui.config.load import parse
from rallytui.indicators.catalog import INDICATORS
from rallytui.indicators.scoring import score
from rallytui.indicators.thesis import CLAIMS

ROOT = Path(generate.__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
MACHINE = re.compile(r"(?<![\w.~])/(?:home|root|work|tmp|var|mnt|opt|Users)/")


def pages() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def links(text: str) -> Iterator[tuple[str, str]]:
    """File and anchor of every link that does not leave the repository."""
    for link in LINK.findall(FENCE.sub("", text)):
        if "://" not in link and not link.startswith("mailto:"):
            file, _, anchor = link.partition("#")
            yield file, anchor


def anchor_of(heading: str) -> str:
    """A heading's anchor as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pages()
def test_internal_links_lead_to_a_file_and_a_heading(page: Path) -> None:
    for file, anchor in links(page.read_text("utf-8")):
        target = page.parent / file if file else page
        assert target.exists(), f"{page.name}: {file}"
        if anchor:
            headings = HEADING.findall(FENCE.sub("", target.read_text("utf-8")))
            assert anchor in map(anchor_of, headings), f"{page.name}: #{anchor}"


def test_every_section_that_the_code_cites_is_a_heading() -> None:
    text = (ROOT / "docs" / "methodology.md").read_text("utf-8")
    known = {part for tags in re.findall(r"^#+ .*\((.+)\)$", text, re.MULTILINE) for part in tags.split(", ")}
    for path in (ROOT / "src").rglob("*.py"):
        for cited in re.findall(r"METHODOLOGY ((?:[0A-F]\b[.\d]*|and|,|-| )+)", path.read_text("utf-8")):
            for section in re.findall(r"[0A-F](?:\.\d+)?", cited):
                assert section in known, f"{path.name}: METHODOLOGY {section} is no section of docs/methodology.md"


@pages()
def test_no_path_of_a_machine(page: Path) -> None:
    assert not MACHINE.search(page.read_text("utf-8"))


def test_every_generated_block_is_fresh() -> None:
    """`python docs/generate.py` makes them so. argparse breaks its lines differently from version to version."""
    for page in PAGES:
        text = page.read_text("utf-8")
        for old, new in zip(
            generate.BLOCK.findall(text), generate.BLOCK.findall(generate.refreshed(text)), strict=True
        ):
            name = new[1]
            same = old[2].split() == new[2].split() if name == "command-line" else old[2] == new[2]
            assert same, f"{page.name}: {name}; run python docs/generate.py"


def test_every_block_is_used_once() -> None:
    used = [name for page in PAGES for _, name, *_ in generate.BLOCK.findall(page.read_text("utf-8"))]
    assert sorted(used) == sorted(generate.BLOCKS)


def test_no_marker_is_left_open() -> None:
    for page in PAGES:
        text = page.read_text("utf-8")
        blocks = len(generate.BLOCK.findall(text))
        assert text.count("<!-- generated:") == text.count("<!-- end -->") == blocks, page.name


def test_the_tables_have_a_row_for_each_entry() -> None:
    assert [row.split(" | ")[0] for row in generate.risks().splitlines()[2:]] == [f"| {one.id}" for one in INDICATORS]
    assert [row.split(" | ")[0] for row in generate.claims().splitlines()[2:]] == [f"| {name}" for name in CLAIMS]


def test_the_architecture_has_every_room_on_its_floor() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"][0]
    layers = [{room.strip().removeprefix("rallytui.") for room in line.split("|")} for line in contract["layers"]]
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    drawn: list[set[str]] = [set() for _ in layers]
    for floor, room in re.findall(r"^\| (\d+) \| `(\w+)/?` \|", text, re.MULTILINE):
        drawn[int(floor) - 1].add(room)
    assert drawn == layers
    short = " → ".join(" | ".join(sorted(rooms)) for rooms in layers)
    (rule,) = re.findall(r"^    (cli → .*)$", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE)
    assert " → ".join(" | ".join(sorted(part.split(" | "))) for part in rule.split(" → ")) == short


@pytest.mark.parametrize("page", ["promises.md", "security.md"])
def test_every_test_that_a_promise_rests_on_is_there(page: str) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8")
    named = re.findall(r"`(\w+(?:/\w+)*\.py)(?:::(test_\w+))?`", text)
    assert named
    for file, test in named:
        source = (ROOT / "tests" / file).read_text("utf-8")
        assert not test or f"def {test}(" in source, f"{file}: {test}"


def test_the_readme_names_every_command_and_its_settings_load() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for command in generate.commands():
        assert f"    rallytui {command}" in text, command
    example = re.search(r"^    \[\[targets\]\]\n(?:    .*\n|\n(?=    ))+", text, re.MULTILINE)
    assert example
    assert parse(dedent(example[0]), "README.md").targets[0].levels == [7000, 7500, 8000]


def test_the_honest_sentence_is_the_one_of_the_program() -> None:
    assert HONESTY in (ROOT / "docs" / "methodology.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("knots", "at", "said"),
    [
        (((0, 0), (10, 40), (20, 70)), 40, "≥ 10"),
        (((-35, 100), (-20, 70), (-12, 40), (0, 0)), 70, "≤ −20"),
        (((-2, 100), (-1, 40), (0, 0), (1, 40), (2, 100)), 40, "≤ −1 or ≥ 1"),
        (((0, 35), (0.25, 70)), 40, "≥ 0.04"),
        (((0, 0), (1, 30)), 40, ""),
    ],
)
def test_limits(knots: tuple[tuple[float, float], ...], at: float, said: str) -> None:
    assert generate.limits(knots, at) == said


@pytest.mark.parametrize("entry", INDICATORS, ids=lambda entry: entry.id)
@pytest.mark.parametrize("at", [40.0, 70.0])
def test_the_limits_of_the_catalogue_are_where_its_scores_cross(entry: generate.Indicator, at: float) -> None:
    limits = re.findall(r"[≤≥] (−?[\d.]+)", generate.limits(entry.knots, at))
    assert limits
    for text in limits:
        reached = score(float(text.replace("−", "-")), entry.knots)
        assert reached == pytest.approx(at, abs=1)


def test_every_path_of_the_table_leads_to_a_reading() -> None:
    names = {"SYMBOL": "PATH", "LEVEL": "6900", "NAME": "ai", "GROUP": "AI", "ID": "VC1", "SOURCE": "cboe"}
    board = skeleton(Settings())
    shown = list(readings.patterns())
    assert len(shown) > 120
    for place, name, kind in shown:
        path = place.replace("targets.SYMBOL", "targets.^GSPC").replace("thesis.ID", "thesis.D1")
        for word, real in names.items():
            path = path.replace(word, real)
        assert bare(follow(board, f"{path}.{name}").kind) == kind


@pytest.mark.parametrize("name", ["last", "nothing"])
def test_a_reading_without_a_meaning_and_a_meaning_without_a_reading_are_errors(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meaning = {**readings.MEANING["targets.SYMBOL"], "nothing": "…"}
    if name == "last":
        meaning = {key: text for key, text in meaning.items() if key not in ("last", "nothing")}
    monkeypatch.setitem(readings.MEANING, "targets.SYMBOL", meaning)
    with pytest.raises(KeyError, match=name):
        readings.readings()


def test_a_key_without_a_meaning_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(generate.KEYS, "thesis.name")
    with pytest.raises(KeyError, match=r"thesis\.name"):
        generate.settings()


def test_a_meaning_without_a_key_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(generate.KEYS, "thesis.nothing", "…")
    with pytest.raises(KeyError, match=r"thesis\.nothing"):
        generate.settings()
