"""The golden vectors: reference values computed apart from this program, by section of the methodology."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from rallytui.sessions import Calendar

FIXTURES = Path(__file__).parent.parent / "fixtures"


@cache
def golden(name: str) -> Any:
    """The vectors in `golden_<name>.json`."""
    return json.loads((FIXTURES / f"golden_{name}.json").read_text(encoding="utf-8"))


def day(text: str) -> date:
    """An ISO date."""
    return date.fromisoformat(text)


def days(texts: list[str]) -> np.ndarray:
    """ISO dates as numpy days."""
    return np.array(texts, dtype="datetime64[D]")


@cache
def bars(which: str) -> dict[str, np.ndarray]:
    """The synthetic `stock` or `index` of the golden series, with its days."""
    series = golden("watchlist")["B_series"]
    columns = {name: np.array(values, dtype=float) for name, values in series[which].items()}
    return {"days": days(series["dates"]), **columns}


@cache
def calendar() -> Calendar:
    """The sessions of 2024 to 2028 from the published closures, without the calendar library."""
    closed = {day(text) for texts in golden("holidays")["holidays"].values() for text in texts}
    every = (date(2024, 1, 1) + timedelta(days=offset) for offset in range(1827))
    return Calendar(tuple(one for one in every if one.weekday() < 5 and one not in closed), frozenset())
