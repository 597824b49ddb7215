"""The snapshot as JSON, and whether it is complete."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from rallytui import __version__
from rallytui.board.rounding import all_rounded
from rallytui.board.shape import Board
from rallytui.plain import escaped

SCHEMA = 1


def to_json(board: Board) -> str:
    """The snapshot of schema 1: missing values are null, times ISO 8601 UTC, percent fields end in `_pct`."""
    mode = "demo" if board.simulated else board.mode  # who reads it must never take an invented past for the real one
    plain = msgspec.to_builtins(replace(board, mode=mode, charts={}, close_up=None))
    for inner in ("charts", "close_up", "simulated", "sessions_back"):
        del plain[inner]
    body = {"schema": SCHEMA, "version": __version__, **plain}
    return escaped(msgspec.json.format(msgspec.json.encode(all_rounded(body)), indent=2).decode())


def completeness(board: Board) -> int:
    """The exit code of a snapshot: 0 complete, 3 partial (`problems` says what is missing), 1 nothing to show."""
    prices = [target.last for target in board.targets] + [row.last for one in board.watchlists for row in one.rows]
    if all(price is None for price in prices):
        return 1
    return 3 if board.problems else 0
