"""Finds the line of a TOML file that a decoding error speaks of."""

from __future__ import annotations

import re

TABLE = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
KEY = re.compile(r"""^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*=""")
PART = re.compile(r""""([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+)""")


def parts_of(dotted: str) -> list[str]:
    """`a."b c".d` as its parts."""
    return ["".join(found) for found in PART.findall(dotted)]


def keys_by_line(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """Each table header and key of the file with its full path; the n-th `[[x]]` is the path part `x`, `n`."""
    found: list[tuple[int, tuple[str, ...]]] = []
    table: tuple[str, ...] = ()
    counts: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := TABLE.match(line):
            brackets, name = header.groups()
            table = tuple(parts_of(name))
            if brackets == "[[":
                counts[name] = counts.get(name, -1) + 1
                table = (*table, str(counts[name]))
            found.append((number, table))
        elif key := KEY.match(line):
            found.append((number, (*table, *parts_of(key.group(1)))))
    return found


def line_of(text: str, path: tuple[str, ...]) -> int:
    """The line of the longest known prefix of `path`, as in `("targets", "0", "levels", "2")`; 1 if there is none."""
    best, line = 0, 1
    for number, candidate in keys_by_line(text):
        if len(candidate) > best and candidate == path[: len(candidate)]:
            best, line = len(candidate), number
    return line
