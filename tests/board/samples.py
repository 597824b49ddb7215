"""Boards of hand-made tapes: the index's real closes around the thesis's start, and whatever else a test puts on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rallytui.board.build import build_board
from rallytui.board.shape import Board, Indicator, Row, Rung
from rallytui.config import Settings
from rallytui.model import Bars, Facts
from rallytui.sessions import nyse
from rallytui.tape import Tape
from tests.facts import bars, ny

CLOSES = {
    "2024-12-30": 5906.94,
    "2024-12-31": 5881.63,
    "2025-10-28": 6890.89,
    "2025-11-24": 6705.12,
    "2025-11-25": 6765.88,
    "2025-11-26": 6812.61,
    "2025-11-28": 6849.09,
    "2025-12-01": 6812.63,
    "2025-12-02": 6829.37,
    "2025-12-03": 6849.72,
    "2025-12-04": 6857.12,
    "2025-12-05": 6870.40,
    "2025-12-08": 6846.51,
    "2025-12-09": 6840.51,
    "2025-12-10": 6886.68,
    "2025-12-11": 6901.00,
    "2025-12-12": 6827.41,
    "2025-12-15": 6816.51,
    "2025-12-16": 6800.26,
    "2025-12-17": 6721.43,
    "2025-12-18": 6774.76,
    "2025-12-19": 6834.50,
    "2025-12-22": 6878.49,
    "2025-12-23": 6909.79,
    "2025-12-24": 6932.05,
    "2025-12-26": 6929.94,
    "2025-12-29": 6905.74,
    "2025-12-30": 6896.24,
    "2025-12-31": 6845.50,
}
"""The S&P 500, with the days from the start to the year's end whole."""
HIGHS = CLOSES | {"2025-10-28": 6911.30, "2025-12-10": 6900.67}


def index(until: str = "2025-12-31") -> Bars:
    """The index's bars up to a session."""
    kept = {day: close for day, close in CLOSES.items() if day <= until}
    return bars("^GSPC", kept, high=[HIGHS[day] for day in kept], low=list(kept.values()))


def board(at: str, *facts: Any, settings: Settings | None = None, **more: Any) -> Board:
    """The board of a New York time, from single facts or bundles of them."""
    tape = Tape()
    for fact in facts:
        tape = tape.apply(fact if isinstance(fact, Facts) else Facts(**{KIND[type(fact).__name__]: (fact,)}))
    return build_board(replace(tape, **more.pop("tape", {})), settings or Settings(), ny(at), nyse(), **more)


KIND = {"Quote": "quotes", "Bars": "bars", "Series": "series", "Company": "companies"}


def rung(made: Board, level: float) -> Rung:
    return next(one for one in made.targets[0].rungs if one.level == level)


def row(made: Board, symbol: str) -> Row:
    return next(one for one in made.watchlists[0].rows if one.symbol == symbol)


def indicators(made: Board) -> dict[str, Indicator]:
    return {one.id: one for group in made.risks.groups for one in group.indicators}
