"""Every page there is, and which of them shows what a path or an id names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rallytui.board.shape import Board
from rallytui.ui.format import clean
from rallytui.ui.panes.listing import Opened


class PageName(NamedTuple):
    """A page by the words one would type, how it is opened, and what it is. `path` is that of its reading."""

    text: str
    opened: Opened
    what: str
    path: str


def pages(board: Board) -> Iterator[PageName]:
    """All pages of a board, in the order of its panes."""
    keys = [str(n) for n in range(len(board.targets))]
    for key, target in zip(keys, board.targets, strict=True):
        text, path = f"{clean(target.name, 40)} target", f"targets.{target.symbol}"
        yield PageName(text, Opened("target", key, keys), "the page of an index", path)
    for one in board.watchlists:
        keys = [row.symbol for row in one.rows]
        for row in one.rows:
            text, path = f"{clean(row.symbol, 24)} {clean(row.name, 40)}", f"watchlists.{one.name}.{row.symbol}"
            yield PageName(text, Opened("symbol", row.symbol, keys), "the page of a name", path)
    readings = [reading for group in board.risks.groups for reading in group.indicators]
    keys = [reading.id for reading in readings]
    for reading in readings:
        opened = Opened("indicator", reading.id, keys)
        yield PageName(clean(reading.title, 60), opened, "the page of a risk reading", f"risks.{reading.id}")
    keys = [claim.id for claim in board.thesis]
    for claim in board.thesis:
        text, opened = f"claim {clean(claim.claim, 60)}", Opened("claim", claim.id, keys)
        yield PageName(text, opened, "the page of a claim", f"thesis.{claim.id}")


def page_of_path(board: Board | None, path: str) -> Opened | None:
    """The page that shows a reading, given by its path in the snapshot; None if no page shows it."""
    if board is None:
        return None
    # A path goes on behind that of its page, and a symbol may contain dots: the longest one that fits is meant.
    found = [page for page in pages(board) if f"{path}.".startswith(f"{page.path}.")]
    return max(found, key=lambda page: len(page.path)).opened if found else None


def page_of(board: Board | None, name: str) -> Opened | None:
    """The page of a light or claim by its id, or of a symbol."""
    if board is None:
        return None
    return next((page.opened for page in pages(board) if page.opened.key == name), None)


def risk_titles(board: Board | None) -> dict[str, str]:
    """What the groups and lights are called, by their ids."""
    groups = board.risks.groups if board else []
    return {group.id: group.title for group in groups} | {
        one.id: one.title for group in groups for one in group.indicators
    }


def claim_titles(board: Board | None) -> dict[str, str]:
    """What the claims say, by their ids."""
    return {claim.id: claim.claim for claim in (board.thesis if board else [])}


def title_of_id(board: Board | None, name: str) -> str:
    """What a light, a group of lights or a claim is called; the id itself if the board does not have it."""
    return clean((risk_titles(board) | claim_titles(board)).get(name, name), 60)
