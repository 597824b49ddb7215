"""What goes to stdout and stderr, in signs that whoever reads them can show."""

from __future__ import annotations

import io
import os
import sys

from rallytui.plain import IN_ASCII, beyond_ascii, escaped_all, is_utf8


def prepare() -> None:
    """Let no sign end the program: what a terminal lacks gets an ASCII twin, by the rule that the screen goes by."""
    if not beyond_ascii(os.environ):
        use_ascii()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=IN_ASCII)


def use_ascii() -> None:
    """From now on write ASCII only."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="ascii", errors=IN_ASCII)


def write_data(text: str, *, toml: bool = False) -> None:
    """Write JSON or TOML: what stdout cannot take is escaped, so that a program reads the same as ever."""
    sys.stdout.write(text if is_utf8(sys.stdout.encoding) else escaped_all(text, toml=toml))
