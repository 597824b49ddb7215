"""Carries out a command: hands what was put together for it to the screen or the report."""

from __future__ import annotations

import asyncio
import os
import sys
from argparse import Namespace
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from rallytui.cli.errors import UsageError
from rallytui.cli.loading import check_keys, load_checked, load_for_screen
from rallytui.cli.log import log_to_file
from rallytui.cli.streams import use_ascii, write_data
from rallytui.cli.wiring import engine, look_back
from rallytui.config import Settings
from rallytui.config.load import config_path, state_path, store_path

if TYPE_CHECKING:
    pass

COMPLETION_FILES = {
    "bash": ".local/share/bash-completion/completions/rallytui",
    "zsh": ".zfunc/_rallytui",
    "fish": ".config/fish/completions/rallytui.fish",
}


def carry_out(options: Namespace) -> int:
    """The command's exit code. Raises ConfigError and UsageError."""
    if shell := options.print_completion or options.install_completion:
        return completion(shell, install=bool(options.install_completion))
    if options.command == "config":
        return configuration(options.action, options.config)
    settings = load_checked(options.config)
    if settings.display.ascii:
        use_ascii()
    if options.command in ("alerts", "digest"):
        from rallytui.cli import alerts

        return alerts.carry_out(options, settings)
    if options.command == "check":
        from rallytui.cli.checkup import check

        return check(settings, options.config)
    if options.command == "collect":
        from rallytui.cli.collect import collect

        return collect(options, settings)
    if options.command == "snapshot":
        return snapshot(options, settings, options.format)
    if options.command == "serve":
        from rallytui.cli.serve import serve

        return serve(options)
    return board(options, settings) if on_terminal() else snapshot(options, settings, "text")


def on_terminal() -> bool:
    """Whether there is a screen: the board is drawn through stderr, and a redirected stdout wants text.

    `rallytui serve` starts its boards without a terminal, with a driver of Textual's for the browser.
    """
    if os.environ.get("TEXTUAL_DRIVER"):
        return True
    return sys.stdout.isatty() and sys.__stderr__ is not None and sys.__stderr__.isatty()


def snapshot(options: Namespace, settings: Settings, format_name: str) -> int:
    """One refresh, one board on stdout."""
    from rallytui.cli.garbage import uncollected

    with uncollected():
        return _snapshot(options, settings, format_name)


def _snapshot(options: Namespace, settings: Settings, format_name: str) -> int:
    from rallytui import report
    from rallytui.store import open_store

    log = log_to_file()
    offline = getattr(options, "offline", False)
    timeout = None if offline else getattr(options, "timeout", 60.0)

    async def take() -> int:
        source = engine(options, settings, store, log)
        if said := look_back(source, options.as_of):
            sys.stderr.write(f"rallytui: {said}\n")
        try:
            made = await source.once(timeout)
        finally:
            await source.close()
        if format_name == "json":
            write_data(report.to_json(made))
        elif format_name == "csv":
            sys.stdout.write(report.to_csv(made))
        else:
            sys.stdout.write(report.to_text(made, explain=getattr(options, "explain", False)))
        sys.stdout.flush()
        return report.completeness(made)

    with closing(open_store(store_path())) as store:
        return asyncio.run(take())


def board(options: Namespace, settings: Settings) -> int:
    """The board on the screen."""
    from rallytui.cli.garbage import collect_later

    collect_later()
    from rallytui.store import open_store
    from rallytui.ui.app import RallyApp

    check_keys(settings, options.config)

    log = log_to_file()
    with closing(open_store(store_path())) as store:
        source = engine(options, settings, store, log, load_for_screen)
        look_back(source, options.as_of)
        app = RallyApp(source, settings.keys)
        app.run()
        return app.return_code or 0


def configuration(action: str, path: Path | None) -> int:
    """The `config` commands."""
    place = path or config_path()
    if action == "path":
        sys.stdout.write(f"{place}\n")
    elif action == "init":
        return write_example(place)
    else:
        settings = load_for_screen(path)
        if action == "show":
            from rallytui.config.show import as_toml
            from rallytui.config.state import in_force, load_state

            write_data(as_toml(in_force(settings, load_state(state_path()))), toml=True)
        else:
            sys.stdout.write(f"{place}: valid\n" if place.exists() else "no config file: the defaults are in force\n")
    return 0


def example() -> str:
    """The commented example config."""
    from importlib import resources

    packaged = resources.files("rallytui") / "config.example.toml"
    if packaged.is_file():
        return packaged.read_text("utf-8")
    return (Path(__file__).parents[3] / "config.example.toml").read_text("utf-8")  # a source checkout


def write_example(place: Path) -> int:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("x", encoding="utf-8") as file:
            file.write(example())
    except OSError as error:
        if isinstance(error, FileExistsError) and place.exists():
            raise UsageError(
                f"{place} exists and is left as it is; `rallytui config show` prints what is in force"
            ) from None
        raise UsageError(f"{place} cannot be written: {error.strerror}; set RALLYTUI_CONFIG to another place") from None
    sys.stdout.write(f"wrote {place}\n")
    return 0


def completion(shell: str, install: bool) -> int:
    """Print or install the completion script of a shell."""
    import shtab

    from rallytui.cli.arguments import build_parser

    script = shtab.complete(build_parser(), shell)
    if not install:
        sys.stdout.write(script + "\n")
        return 0
    place = Path.home() / COMPLETION_FILES[shell]
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(script + "\n", "utf-8")
    except OSError as error:
        raise UsageError(f"{place} cannot be written: {error.strerror}; use --print-completion {shell}") from None
    hint = " (put `fpath+=~/.zfunc; autoload -Uz compinit; compinit` into ~/.zshrc)" if shell == "zsh" else ""
    sys.stdout.write(f"wrote {place}; open a new shell{hint}\n")
    return 0
