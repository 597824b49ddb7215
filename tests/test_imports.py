"""What may import what, and what a start must not load."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "src" / "rallytui").rglob("*.py"))


def loaded_after(code: str, *names: str, **environment: str) -> list[str]:
    """Which of the packages `names` are loaded after `code` ran in a fresh interpreter."""
    probe = f"import sys\n{code}\nprint(*(m for m in {names!r} if m in sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, env={**clean(), **environment}
    )
    return done.stderr.split()


def clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("RALLYTUI")}


def test_rooms_import_downward_only() -> None:
    tool = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [tool, "--no-cache", "--config", str(ROOT / "pyproject.toml")],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT / "src" / "rallytui")))
def test_only_the_clock_asks_for_the_time_and_nothing_prints(path: Path) -> None:
    text = path.read_text("utf-8")
    if path.name != "clock.py":
        assert not re.search(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time|pd\.Timestamp\.now)\(", text)
        assert not re.search(r"\btime\.monotonic\(", text)
    assert not re.search(r"(?m)^\s*print\(", text)
    assert text.startswith('"""'), "the first line says what the file is for"


def test_the_clock_asks_in_one_place() -> None:
    assert (ROOT / "src" / "rallytui" / "clock.py").read_text("utf-8").count("datetime.now(") == 1


@pytest.mark.parametrize(
    "code",
    [
        "import rallytui",
        "from rallytui.cli.arguments import build_parser; build_parser().format_help()",
        "from rallytui.config.load import load; load()",
        "from rallytui.cli import commands",
    ],
)
def test_help_and_config_load_nothing_heavy(code: str, tmp_path: Path) -> None:
    heavy = ("pandas", "numpy", "textual", "httpx", "exchange_calendars")
    assert loaded_after(code, *heavy, HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path)) == []


def test_the_stored_board_is_read_before_anything_heavy(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path\n"
        "from rallytui.config import Settings\n"
        "from rallytui.engine import Engine\n"
        "from rallytui.store import open_store\n"
        f"store = open_store(Path({str(tmp_path)!r}) / 'rallytui.db')\n"
        "assert Engine(Settings(), store).first_board() is None\n"
        "store.close()"
    )
    assert loaded_after(code, "pandas", "numpy", "httpx", "exchange_calendars") == []


@pytest.mark.parametrize("options", [["--offline"], ["--demo", "--format", "json"]])
def test_a_snapshot_loads_no_screen(options: list[str], tmp_path: Path) -> None:
    code = f"from rallytui.cli import main; main(['snapshot', *{options!r}])"
    loaded = loaded_after(
        code, "textual", "textual_plot", "rallytui.ui", RALLYTUI_DATA_DIR=str(tmp_path), HOME=str(tmp_path)
    )
    assert loaded == []
