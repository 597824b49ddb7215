"""The man page, made from the command line: `python docs/generate.py` writes it to rallytui.1."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator

from rallytui import __version__
from rallytui.cli.arguments import DESCRIPTION, build_parser

ENVIRONMENT = (
    ("RALLYTUI_CONFIG", "The config file, in place of the one of the system."),
    ("RALLYTUI_DATA_DIR", "The folder of store, state and log."),
    ("FRED_API_KEY", "A free key of FRED; without it the files behind FRED's graphs are read."),
    ("RALLYTUI_CONTACT", "Your e-mail address. EDGAR asks for one and is skipped without it."),
    ("HTTPS_PROXY, SSL_CERT_FILE", "A proxy, and a bundle of certificates, if the network needs them."),
    ("NO_COLOR", "Draw without colours."),
)
EXIT = (
    ("0", "Done; a snapshot is complete."),
    ("1", "A snapshot has nothing to show, a source is down, or something failed that should not."),
    ("2", "The call or the config is wrong; one line says how."),
    ("3", "A snapshot is partial; it says what is missing."),
)


def escaped(text: str) -> str:
    """Text that roff prints as it is."""
    plain = text.replace("\\", "\\e").replace("-", "\\-").replace("’", "\\(cq").replace("—", "\\(em")
    return f"\\&{plain}" if plain.startswith((".", "'")) else plain


def subcommands(parser: argparse.ArgumentParser) -> dict[str, tuple[argparse.ArgumentParser, str]]:
    """The parser and the help of each command."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            said = {choice.dest: choice.help or "" for choice in action._choices_actions}
            return {name: (one, said[name]) for name, one in action.choices.items()}
    return {}


def operand(action: argparse.Action) -> str:
    """What an option takes, in roff: a placeholder, or the words to choose from."""
    if action.nargs == 0:
        return ""
    if action.metavar is None and action.choices:
        return "|".join(f"\\fB{escaped(str(word))}\\fR" for word in action.choices)
    return f"\\fI{escaped(str(action.metavar or action.dest.upper()))}\\fR"


def entry(action: argparse.Action) -> Iterator[str]:
    """A tagged paragraph of an option or an argument."""
    takes = operand(action)
    if action.option_strings:
        names = ", ".join(f"\\fB{escaped(name)}\\fR" for name in action.option_strings)
        yield from (".TP", f"{names} {takes}".rstrip())
    else:
        yield from (".TP", f"[{takes}]" if action.nargs == "?" else takes)
    yield escaped(said(action))


def said(action: argparse.Action) -> str:
    """The help of an action as a sentence."""
    text = action.help or (f"The default is {action.default}." if action.default else "One of these.")
    return text[0].upper() + text[1:].rstrip(".") + "."


def shown(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """The options and arguments of a parser, without its commands."""
    return [one for one in parser._actions if not isinstance(one, argparse._SubParsersAction)]


def tagged(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, text in rows:
        yield from (".TP", f"\\fB{escaped(name)}\\fR", escaped(text))


def lines() -> Iterator[str]:
    parser = build_parser()
    commands = subcommands(parser)
    yield f'.TH RALLYTUI 1 "" "rallytui {__version__}" "User Commands"'
    yield from (".SH NAME", "rallytui \\- a terminal board for a market thesis", ".SH SYNOPSIS")
    yield from (".B rallytui", "[\\fIOPTIONS\\fR]", ".br", ".B rallytui", "\\fICOMMAND\\fR [\\fIOPTIONS\\fR]")
    yield from (".SH DESCRIPTION", escaped(DESCRIPTION))
    yield ".PP"
    yield escaped("Without a command the board is shown; where the output is no terminal, a snapshot is printed.")
    yield ".SH OPTIONS"
    for action in shown(parser):
        yield from entry(action)
    yield ".SH COMMANDS"
    for name, (command, text) in commands.items():
        yield f".SS rallytui {escaped(name)}"
        yield escaped(text[0].upper() + text[1:] + ".")
        for action in shown(command):
            if action.dest != "help":
                yield from entry(action)
    yield from (".SH ENVIRONMENT", *tagged(ENVIRONMENT), ".SH EXIT STATUS", *tagged(EXIT))
    yield from (".SH FILES", *tagged((("rallytui config path", "Prints where the config is."),)))
    yield from tagged((("rallytui check", "Prints where store and log are, and tries every source."),))


def man_page() -> str:
    """The page in roff."""
    return "\n".join(lines()) + "\n"
