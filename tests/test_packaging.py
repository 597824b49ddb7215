"""What is shipped: wheel and sdist, man page, completions, recipes, the lock file, and commands in the documents."""

from __future__ import annotations

import configparser
import plistlib
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from docs.man import man_page
from rallytui import __version__
from rallytui.cli import main
from rallytui.cli.arguments import SHELLS, build_parser

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
FENCED = re.compile(r"^```(ini|xml)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CALL = re.compile(r"(?:^    (?:\S+/)?|`)rallytui((?: [^\s`|>#]+)*)", re.MULTILINE)
DATA = {".toml", ".tcss", ".html", ".typed"}


def sources(suffixes: set[str]) -> set[str]:
    """Files of the package as a wheel names them."""
    package = ROOT / "src"
    return {str(one.relative_to(package)) for one in package.rglob("*") if one.suffix in suffixes}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A wheel made from an sdist, and what is in both."""
    folder = tmp_path_factory.mktemp("dist")
    words = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("*.whl")
    (sdist,) = folder.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as opened:
        in_wheel = set(opened.namelist())
        metadata = opened.read(next(name for name in in_wheel if name.endswith("/METADATA"))).decode()
    with tarfile.open(sdist) as archive:
        in_sdist = {name.partition("/")[2] for name in archive.getnames()}
    return SimpleNamespace(wheel=in_wheel, sdist=in_sdist, metadata=metadata)


def test_the_wheel_is_complete(built: SimpleNamespace) -> None:
    assert sources({".py"} | DATA) <= built.wheel
    assert {"rallytui/config.example.toml", "rallytui/py.typed", "rallytui/ui/rallytui.tcss"} <= built.wheel
    assert {"rallytui/calendar/releases.toml", "rallytui/cli/page/app_index.html"} <= built.wheel
    info = f"rallytui-{__version__}"
    assert f"{info}.dist-info/licenses/LICENSE" in built.wheel
    assert f"{info}.data/data/share/man/man1/rallytui.1" in built.wheel
    tops = {name.partition("/")[0] for name in built.wheel}
    assert tops == {"rallytui", f"{info}.dist-info", f"{info}.data"}


def test_the_wheel_says_what_it_needs(built: SimpleNamespace) -> None:
    assert f"\nVersion: {__version__}\n" in built.metadata
    assert "\nRequires-Python: >=3.11\n" in built.metadata
    assert "\nProvides-Extra: serve\n" in built.metadata


def test_the_sdist_has_all_that_its_tests_need(built: SimpleNamespace) -> None:
    folders = ("src", "tests", "docs", "bench", ".ci")
    kept = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *folders],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    here = {name for name in kept.stdout.splitlines() if (ROOT / name).exists()}
    if kept.returncode:  # not a checkout: the sdist itself
        here = {str(one.relative_to(ROOT)) for one in (ROOT / "tests").rglob("*.py")}
    assert len(here) > 100
    assert not here - built.sdist
    assert {"pyproject.toml", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"} <= built.sdist
    assert {"config.example.toml", "requirements-dev.lock", "PKG-INFO"} <= built.sdist


def test_only_textual_has_an_upper_bound() -> None:
    needs = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["serve"]]
    assert all(">=" in need for need in needs)
    assert [re.split(r"[<>=]", need)[0] for need in needs if "<" in need] == ["textual"]


# --- the lock file ---


def test_the_lock_pins_all_that_is_needed_and_names_no_place() -> None:
    text = (ROOT / "requirements-dev.lock").read_text("utf-8")
    pinned = set(re.findall(r"^([a-z0-9._-]+)==", text, re.MULTILINE))
    extras = PROJECT["project"]["optional-dependencies"].values()
    needs = [*PROJECT["project"]["dependencies"], *(need for extra in extras for need in extra)]
    assert {re.split(r"[<>=\[]", need)[0] for need in needs} <= pinned
    assert "://" not in text
    assert "/" not in text
    entries = re.split(r"\n(?=[a-z])", text.strip())
    assert all("--hash=sha256:" in entry for entry in entries)


# --- man page and completions ---


def test_the_man_page_is_fresh() -> None:
    """`python docs/generate.py` makes it so."""
    assert (ROOT / "docs" / "rallytui.1").read_text("utf-8") == man_page()


def test_the_man_page_has_every_command_and_option() -> None:
    text = man_page().replace("\\-", "-")
    for line in build_parser().format_help().splitlines():
        for option in re.findall(r"--[a-z-]+", line):
            assert option in text
    for word in ("snapshot", "check", "serve", "config", "digest", "alerts", "FRED_API_KEY"):
        assert word in text


@pytest.mark.skipif(shutil.which("groff") is None, reason="no groff is installed")
def test_the_man_page_is_set_without_warnings() -> None:
    words = ["groff", "-man", "-ww", "-Tutf8", str(ROOT / "docs" / "rallytui.1")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "rallytui" in done.stdout


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.usefixtures("home")
def test_a_shell_can_read_its_completions(shell: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    if (program := shutil.which(shell)) is None:
        pytest.skip(f"no {shell} is installed")
    assert main(["--print-completion", shell]) == 0
    script = tmp_path / "completion"
    script.write_text(capsys.readouterr().out, "utf-8")
    done = subprocess.run([program, "-n", str(script)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.usefixtures("home")
def test_fish_completes_a_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    if (program := shutil.which("fish")) is None:
        pytest.skip("no fish is installed")
    assert main(["--print-completion", "fish"]) == 0
    script = tmp_path / "completion.fish"
    script.write_text(capsys.readouterr().out, "utf-8")
    words = [program, "--no-config", "-c", f'source {script}; complete -C "rallytui sna"']
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("snapshot")


# --- recipes and commands in the documents ---


def recipe(kind: str) -> str:
    """The only block of that kind in the page about running."""
    (found,) = (text for name, text in FENCED.findall((ROOT / "docs/running.md").read_text("utf-8")) if name == kind)
    return str(found)


def test_the_systemd_unit() -> None:
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(recipe("ini"))
    words = unit["Service"]["ExecStart"].split()
    assert build_parser().parse_args(words[1:]).command == words[1]
    assert unit["Install"]["WantedBy"] == "default.target"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd is installed")
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    place = tmp_path / "rallytui.service"
    place.write_text(recipe("ini").replace("%h/.local/bin/rallytui", sys.executable), "utf-8")
    words = ["systemd-analyze", "verify", "--user", "--man=no", str(place)]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=environment)
    assert place.name not in done.stderr, done.stderr


def test_the_launchd_job() -> None:
    job = plistlib.loads(recipe("xml").encode())
    shell, option, line = job["ProgramArguments"]
    assert (shell, option) == ("/bin/sh", "-c")
    words = shlex.split(line)
    assert build_parser().parse_args(words[2:]).command == words[2]
    assert job["RunAtLoad"] is True


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_call_in_the_documents_is_one_that_the_program_knows(page: Path) -> None:
    text = re.sub(r"^```text\n.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for words in CALL.findall(text):
        call = [word.rstrip(".,;:)") for word in words.split()]
        call = [re.sub(r"^(FILE|SHELL)$", "bash", re.sub("^DATE$", "2025-11-26", word)) for word in call]
        call = [word for word in call if not word.startswith(("&&", "["))]
        if "path|init|validate|show" in words or call == ["config"] or call == ["alerts"]:
            continue
        if any(word in ("-h", "--help", "--version") for word in call):
            continue
        try:
            build_parser().parse_args(call)
        except SystemExit:
            pytest.fail(f"{page.name}: rallytui {' '.join(call)}")
