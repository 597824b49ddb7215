"""What may import what, and what a start must not load."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


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
