"""Words on paper: without what controls a terminal or a direction of writing, and in ASCII where there is no more."""

from __future__ import annotations

import codecs
import locale
import re
from collections.abc import Mapping
from unicodedata import category, normalize

TWINS = {
    "−": "-", "–": "-", "—": "-", "·": "|", "×": "x", "…": "...", "±": "+-", "≥": ">=", "≤": "<=", "σ": "sd", "²": "2",
    "’": "'", "‘": "'", "“": "'", "”": "'", "„": "'", "§": "", "Δ": "d", "≈": "~", "†": "*", "→": ">", "✓": "+",
    "✗": "x", "€": "EUR",
}  # fmt: skip
"""What stands for a sign where there is only ASCII; of one cell where the sign stands in a column."""
IN_ASCII = "rallytui.in_ascii"
"""The name of the error handler that writes them."""


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


def escaped_all(text: str, *, toml: bool = False) -> str:
    """JSON or TOML in ASCII alone, which means the same."""
    return "".join(char if char.isascii() else _escape(char, toml) for char in text)


def _controls(char: str) -> bool:
    return char == "\x7f" or (not char.isascii() and category(char) in ("Cc", "Cf", "Zl", "Zp"))


def _escape(char: str, toml: bool) -> str:
    code = ord(char)
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    pair = char.encode("utf-16-be").hex()
    return f"\\U{code:08x}" if toml else f"\\u{pair[:4]}\\u{pair[4:]}"  # JSON has only pairs for it, and TOML no pairs


def in_ascii(text: str) -> str:
    """`text` with a twin for each sign beyond ASCII: its letter without the accent, else a question mark."""
    return "".join(char if char.isascii() else TWINS.get(char, _letter(char)) for char in text)


def _letter(char: str) -> str:
    return "".join(part for part in normalize("NFKD", char) if part.isascii()) or "?"


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    """What an encoder writes in place of what it cannot."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return in_ascii(error.object[error.start : error.end]), error.end


codecs.register_error(IN_ASCII, _stand_in)


def beyond_ascii(environment: Mapping[str, str]) -> bool:
    """Whether the locale of the terminal has more than ASCII.

    Python takes C.UTF-8 where the locale is C, for the sake of files; a person who said LANG=C has a terminal for it.
    """
    coerced = environment.get("LANG") in ("C", "POSIX") and environment.get("LC_CTYPE") == "C.UTF-8"
    if coerced and not environment.get("LC_ALL"):
        return False
    return is_utf8(locale.getencoding())


def is_utf8(encoding: str | None) -> bool:
    """Whether it is UTF-8, by whatever name."""
    return (encoding or "").lower().replace("-", "").replace("_", "") == "utf8"
