"""The options and commands. Only the standard library is loaded, so that --help answers at once."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from rallytui import __version__

SHELLS = ("bash", "zsh", "fish")
DESCRIPTION = (
    "A terminal board for a market thesis: how far the index is along its way to a target, how the theme's names are "
    "doing, and which of the known risks are showing. Needs no key and no account."
)
EPILOG = (
    "Environment: RALLYTUI_CONFIG, RALLYTUI_DATA_DIR, FRED_API_KEY, RALLYTUI_CONTACT (an e-mail address, which "
    "EDGAR asks for), NO_COLOR. Exit codes: 0 complete, 1 nothing to show, 2 usage or config error, 3 partial."
)


def day(text: str) -> date:
    """An ISO date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write it as 2025-11-26") from None


def seconds(text: str) -> float:
    """A positive number of seconds."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds between 0 and 3600")
    return value


def port(text: str) -> int:
    """A TCP port."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port between 1 and 65535")
    return int(text)


def config_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, metavar="FILE", default=argparse.SUPPRESS, help="read this config.toml")


def board_options(parser: argparse.ArgumentParser) -> None:
    """What a board on screen and one on paper have in common."""
    config_option(parser)
    parser.add_argument(
        "--as-of",
        type=day,
        metavar="DATE",
        default=argparse.SUPPRESS,
        help="as it was known at 18:00 New York that day",
    )
    parser.add_argument(
        "--demo", action="store_true", default=argparse.SUPPRESS, help="simulated data, no network; says SIMULATED"
    )


def alert_options(commands: Any) -> None:
    """`alerts` and `digest`."""
    alerts = commands.add_parser("alerts", help="list the tripwires, or test how they tell", allow_abbrev=False)
    config_option(alerts)
    alerts.add_argument("action", choices=("list", "test"))
    alerts.add_argument("id", nargs="?", metavar="ID", help="test: the tripwire, by its id")
    digest = commands.add_parser("digest", help="what happened since then, from the store", allow_abbrev=False)
    config_option(digest)
    digest.add_argument("--since", default="1d", metavar="WHEN", help="12h, 1d, 2w or a date (1d)")
    digest.add_argument("--format", choices=("text", "json"), default="text")


def serve_options(commands: Any) -> None:
    """`serve`."""
    serve = commands.add_parser("serve", help="the board in a browser, on this machine", allow_abbrev=False)
    board_options(serve)
    serve.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="where to listen (127.0.0.1)")
    serve.add_argument("--port", type=port, default=8000, metavar="N", help="where to listen (8000)")
    serve.add_argument(
        "--allow-remote", action="store_true", help="let other machines in; there is no password, so think twice"
    )


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = argparse.ArgumentParser("rallytui", description=DESCRIPTION, epilog=EPILOG, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"rallytui {__version__}")
    board_options(parser)
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--print-completion", choices=SHELLS, metavar="SHELL", help="print completions: bash, zsh or fish"
    )
    group.add_argument("--install-completion", choices=SHELLS, metavar="SHELL", help="install completions for a shell")
    commands: Any = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    snapshot = commands.add_parser("snapshot", help="one refresh, one board, headless", allow_abbrev=False)
    board_options(snapshot)
    snapshot.add_argument("--format", choices=("text", "json", "csv"), default="text")
    snapshot.add_argument("--offline", action="store_true", help="only what the store holds, no request")
    snapshot.add_argument(
        "--timeout", type=seconds, default=60.0, metavar="S", help="give up waiting after S seconds (60)"
    )
    snapshot.add_argument("--explain", action="store_true", help="text: what each indicator adds to the composite")
    config_option(commands.add_parser("check", help="try every source once and say what to do", allow_abbrev=False))
    config_option(
        commands.add_parser(
            "collect", help="fetch and watch without a screen, so that the board opens full", allow_abbrev=False
        )
    )
    alert_options(commands)
    serve_options(commands)
    config = commands.add_parser("config", help="path, init, validate or show the configuration", allow_abbrev=False)
    config_option(config)
    config.add_argument("action", choices=("path", "init", "validate", "show"))
    return parser


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The options of a call; on a usage error argparse prints it and exits with 2."""
    options = build_parser().parse_args(argv)
    for name, default in (("config", None), ("as_of", None), ("demo", False)):
        if not hasattr(options, name):
            setattr(options, name, default)
    return options
