"""Words from outside on paper: without characters that control a terminal, a line or a direction of writing."""

from __future__ import annotations

import json
import re
from unicodedata import category


def plain(text: str) -> str:
    """`text` on one line: what controls a terminal or a direction is left out, a break becomes a blank."""
    if text.isascii() and text.isprintable():
        return text
    whole = re.sub(r"[\t\r\n\v\f\x85\u2028\u2029]+", " ", text)
    return "".join(char for char in whole if category(char) not in ("Cc", "Cf", "Cs"))


def escaped(text: str, *, toml: bool = False) -> str:
    """JSON or TOML in which such characters inside strings are written as escapes; line ends stay."""
    if text.isascii() and "\x7f" not in text:
        return text
    return "".join(_escape(char, toml) if _controls(char) else char for char in text)


def _controls(char: str) -> bool:
    return char == "\x7f" or (not char.isascii() and category(char) in ("Cc", "Cf", "Zl", "Zp"))


def _escape(char: str, toml: bool) -> str:
    code = ord(char)
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    return f"\\U{code:08x}" if toml else json.dumps(char)[1:-1]  # JSON has only pairs for it, and TOML no pairs
