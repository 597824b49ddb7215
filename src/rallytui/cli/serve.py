"""`rallytui serve`: the board in a browser. The server itself needs an extra and is imported when it is wanted."""

from __future__ import annotations

import os
import shlex
import sys
from argparse import Namespace

from rallytui.cli.errors import UsageError
from rallytui.config.addresses import is_loopback

MISSING = (
    "serve needs the package textual-serve, which is not installed; install it with: "
    "pip install 'rallytui[serve]' (from a clone: pip install '.[serve]')"
)


def serve(options: Namespace) -> int:
    """Serve until Ctrl+C. Raises UsageError without the extra, for a host beyond this machine, and for a taken port."""
    if not options.allow_remote and not is_loopback(options.host):
        raise UsageError(
            f"serve --host {options.host}: others could reach the board, and there is no password; "
            "keep to 127.0.0.1, or add --allow-remote if that is meant"
        )
    try:
        from rallytui.cli.web_server import BoardServer
    except ImportError:
        raise UsageError(MISSING) from None
    try:
        BoardServer(command(options), options.host, options.port, options.allow_remote).serve()
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise UsageError(
            f"serve: {options.host}:{options.port} cannot be used: {reason}; choose another --host or --port"
        ) from None
    return 0


def command(options: Namespace) -> str:
    """The shell command of one session, with the options that a board has."""
    # The terminal in the page has all colours, whatever this one has.
    words = ["exec", "env", "TERM=xterm-256color", "COLORTERM=truecolor", sys.executable, "-m", "rallytui"]
    if options.config:
        words += ["--config", str(options.config.absolute())]
    if options.as_of:
        words += ["--as-of", options.as_of.isoformat()]
    return shlex.join([*words, "--demo"] if options.demo else words)
