"""A company's filings, the newest first, with a cursor; and how one is opened."""

from __future__ import annotations

import re
import webbrowser

from rallytui.board.shape import FilingRow
from rallytui.sessions import NEW_YORK
from rallytui.ui.format import clean, cut
from rallytui.ui.screens.page_view import PageView
from rallytui.ui.screens.sections import Column
from rallytui.ui.widgets.sheet import Sheet

_ADDRESS = re.compile(r"https?://[\w.-]+(?::\d+)?(?:/\S*)?")
SHOWN = 6
"""Filings of the list in view."""
_FORM, _DAY, _PERIOD = 12, 12, 18  # columns of a form, a day, and the period it reports on


def draw_filings(column: Column, filings: list[FilingRow], view: PageView, shown: int = SHOWN) -> None:
    """Some of the list around the cursor, and the address of the filing under it."""
    p, g = column.p, column.g
    at = min(view.filing, len(filings) - 1)
    top = max(0, min(at - shown // 2, len(filings) - shown))
    for n, filing in enumerate(filings[top : top + shown], top):
        view.filing_rows[len(column.rows)] = n
        row = Sheet(column.width, 1, p.text)
        _draw_filing(row, filing, column)
        if n == at:
            row.paint(0, 0, row.width, p.cursor)
            row.put(0, 0, g.cursor, p.accent + p.cursor)
        column.block(row)
    below = len(filings) - top - shown
    if at >= 0:
        known = is_address(filings[at].url)
        column.text(clean(filings[at].url, 200) if known else "This filing has no address.")
        if view.told and known:
            column.text(view.told, p.text)
    elif below > 0:
        column.text(f"{below} more; Down goes through them, o opens one in the browser")


def _draw_filing(row: Sheet, filing: FilingRow, column: Column) -> None:
    p, g = column.p, column.g
    x = 1 + _FORM
    row.put(1, 0, cut(g.words(clean(filing.form, 20)), _FORM - 1, g), p.bright)
    row.put(x, 0, filing.filed.isoformat(), p.text)
    words = [f"for {filing.period.isoformat()}"] if filing.period else [""]
    if filing.accepted is not None:
        words.append(f"accepted {filing.accepted.astimezone(NEW_YORK):%H:%M} ET")
    for text in words:
        x += _DAY if text == words[0] else _PERIOD
        if x + len(text) < row.width:
            row.put(x, 0, text, p.dim)


def is_address(url: str) -> bool:
    """Whether it is one that a browser may be given: a filing's address comes from outside."""
    return url.isascii() and url.isprintable() and _ADDRESS.fullmatch(url) is not None


def has_browser() -> bool:
    """Whether a browser with a window of its own can be started: one inside the terminal would take the screen."""
    try:
        return type(webbrowser.get()) is not webbrowser.GenericBrowser
    except webbrowser.Error:
        return False
