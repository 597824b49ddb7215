"""Output where there is only ASCII: no sign ends the program, none turns into another, and data mean the same."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rallytui.plain import TWINS, beyond_ascii, escaped_all, in_ascii

SOURCES = Path(__file__).parent.parent / "src" / "rallytui"
NARROW = {"LC_ALL": "C"}, {"LANG": "C"}, {"PYTHONIOENCODING": "ascii"}


def said(words: list[str], home: Path, **environment: str) -> bytes:
    """What the program prints in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if name not in ("LANG", "LC_ALL", "LC_CTYPE")}
    command = [sys.executable, "-m", "rallytui", *words]
    place = {"RALLYTUI_DATA_DIR": str(home / "data"), "XDG_CONFIG_HOME": str(home)}
    done = subprocess.run(command, env=kept | place | environment, capture_output=True, check=False, timeout=60)
    assert done.stderr == b""
    return done.stdout


@pytest.mark.parametrize("environment", NARROW, ids=lambda one: "".join(one))
def test_text_keeps_its_columns_in_ascii(tmp_path: Path, environment: dict[str, str]) -> None:
    wide = said(["snapshot", "--offline"], tmp_path, LANG="C.UTF-8").decode()
    narrow = said(["snapshot", "--offline"], tmp_path, **environment).decode("ascii")
    assert "—" in wide
    rows = [[line for line in text.splitlines() if line.startswith("     8,000")] for text in (wide, narrow)]
    assert rows[1] == [in_ascii(line) for line in rows[0]]
    assert len(rows[0][0]) == len(rows[1][0])
    assert "?" not in re.sub(r"(?m)^ +\? .*$", "", narrow), "every sign has its twin"


def test_data_are_escaped_and_mean_the_same(tmp_path: Path) -> None:
    (tmp_path / "rallytui").mkdir()
    (tmp_path / "rallytui" / "config.toml").write_text("[thesis]\nname = 'Größe “x” 🚀'", "utf-8")
    found = said(["snapshot", "--offline", "--format", "json"], tmp_path, LC_ALL="C").decode("ascii")
    assert json.loads(found)["thesis_name"] == "Größe “x” 🚀"
    shown = said(["config", "show"], tmp_path, PYTHONIOENCODING="ascii").decode("ascii")
    assert tomllib.loads(shown)["thesis"]["name"] == "Größe “x” 🚀"


def test_the_config_can_ask_for_ascii(tmp_path: Path) -> None:
    (tmp_path / "rallytui").mkdir()
    (tmp_path / "rallytui" / "config.toml").write_text("[display]\nascii = true", "utf-8")
    assert said(["snapshot", "--offline"], tmp_path, LANG="C.UTF-8").isascii()


@pytest.mark.parametrize(
    ("environment", "encoding", "more"),
    [
        ({"LANG": "en_US.UTF-8"}, "UTF-8", True),
        ({}, "UTF-8", True),
        ({"LC_CTYPE": "C.UTF-8"}, "UTF-8", True),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, "UTF-8", False),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8", "LC_ALL": "en_US.utf8"}, "utf8", True),
        ({"LC_ALL": "C"}, "ANSI_X3.4-1968", False),
        ({"LANG": "de_DE"}, "ISO-8859-1", False),
    ],
)
def test_what_the_locale_has(
    environment: dict[str, str], encoding: str, more: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("locale.getencoding", lambda: encoding)
    assert beyond_ascii(environment) is more


@given(st.text())
def test_any_text_becomes_ascii_and_ascii_stays(text: str) -> None:
    assert in_ascii(text).isascii()
    assert in_ascii(in_ascii(text)) == in_ascii(text)
    assert text.encode("ascii", "rallytui.in_ascii") == in_ascii(text).encode()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_json_is_the_same_json(text: str) -> None:
    assert json.loads(escaped_all(json.dumps(text, ensure_ascii=False))) == text


def test_accents_go_and_nothing_breaks_a_quotation() -> None:
    assert in_ascii("Größe “é” ✓ 日") == "Gro?e 'e' + ?"
    assert not any('"' in twin or "," in twin for twin in TWINS.values()), "a cell of CSV stays one"


def test_every_sign_of_the_programs_own_words_has_a_twin() -> None:
    own = {path for path in SOURCES.rglob("*.py") if "ui" not in path.relative_to(SOURCES).parts}
    signs = {sign for path in own for sign in path.read_text("utf-8") if not sign.isascii()}
    assert {sign for sign in signs - set("＝＋－＠") if "?" in in_ascii(sign)} == set()
