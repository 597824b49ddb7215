"""The command line: `arguments` declares it, `commands` carries it out. What is heavy is imported when needed."""

from __future__ import annotations

import errno
import logging
import os
import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program. Exit codes: 0 done, 1 nothing to show or a source down, 2 usage or config error, 3 partial."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # it was closed before the program began: nobody wants to read it
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    try:
        try:
            return run(sys.argv[1:] if argv is None else argv)
        finally:
            sys.stdout.flush()  # while a reader that went away is still no error
    except BrokenPipeError:
        # The reader of a pipe went away; point stdout elsewhere so that the interpreter's last flush is quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def run(argv: Sequence[str]) -> int:
    """Carry out a call. Raises SystemExit after --help and on a usage error, and BrokenPipeError."""
    from rallytui.cli.arguments import parse
    from rallytui.cli.streams import prepare

    prepare()
    options = parse(argv)
    from rallytui.cli.commands import carry_out
    from rallytui.cli.errors import UsageError
    from rallytui.config.load import ConfigError

    try:
        return carry_out(options)
    except (ConfigError, UsageError) as error:
        sys.stderr.write(f"rallytui: {error}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        raise
    except Exception as fault:
        if isinstance(fault, OSError) and fault.errno == errno.ENOSPC:
            sys.stderr.write("rallytui: there is no space left where the output goes\n")
            return 1
        sys.stderr.write(f"rallytui: {defect(fault)}\n")
        return 1


def defect(fault: Exception) -> str:
    """What to say about an exception that nobody expected; the traceback goes into the log."""
    from rallytui.cli.log import log_to_file

    path = log_to_file()
    logging.getLogger(__name__).critical("the command failed", exc_info=fault)
    return (
        f"this should not have happened: {type(fault).__name__}: {fault}. The details are in {path}; "
        "please report them."
    )
