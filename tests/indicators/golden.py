"""The golden vectors: reference values computed apart from this program, by section of the methodology."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

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
