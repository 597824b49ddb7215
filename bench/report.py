"""The budgets with what was measured, as a table for the terminal and for docs/performance.md."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

from rallytui import __version__

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
BLOCK = re.compile(r"(<!-- measured -->\n).*?(<!-- measured end -->)", re.DOTALL)
HEAD = ("what", "measured", "budget", "of the budget", "floor", "times the floor")


@dataclass(frozen=True, slots=True)
class Line:
    """One budget. `floor` is the least that the same thing could cost, in the same unit; None if there is none.

    `most` is None where nothing is promised. Where `per_floor` is set, the budget is that many times the floor.
    """

    what: str
    measured: float
    unit: str
    most: float | None = None
    floor: float | None = None
    floor_is: str = ""
    per_floor: bool = False

    @property
    def share(self) -> float | None:
        """How much of the budget is used; 1 is all of it."""
        if self.most is None:
            return None
        used = self.measured if not self.per_floor else self.measured / self.floor if self.floor else float("inf")
        return used / self.most if self.most else float(used > 0)

    @property
    def kept(self) -> bool:
        """Whether the budget is kept, or there is none."""
        return self.share is None or (self.share <= 1 if self.most else not self.share)

    def cells(self) -> tuple[str, ...]:
        """The row of the table."""
        budget = (
            "" if self.most is None else f"{self.most:g} × floor" if self.per_floor else amount(self.most, self.unit)
        )
        share = "" if self.share is None or not self.most else f"{100 * self.share:.0f} %"
        over = "" if self.kept else " **over**"
        floor = "" if self.floor is None else f"{amount(self.floor, self.unit)} ({self.floor_is})"
        ratio = f"{self.measured / self.floor:.2f}" if self.floor else ""
        return self.what, amount(self.measured, self.unit), budget, share + over, floor, ratio


def amount(value: float, unit: str) -> str:
    """A value with its unit, at the precision that makes sense."""
    digits = 0 if value == round(value) or value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}".rstrip()


def machine() -> str:
    """What was measured on, without the machine's name."""
    processor = next(
        (
            line.split(":", 1)[1].strip()
            for line in (Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else "").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{os.cpu_count()} × {processor}, {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}, Textual {version('textual')}, rallytui {__version__}"
    )


def markdown(lines: Iterable[Line], quick: bool, load: float) -> str:
    """The table with machine and date; `load` is the machine's load average before the bench began."""
    rows = [HEAD, ("---",) * len(HEAD), *(line.cells() for line in lines)]
    how = "`python -m bench --quick`" if quick else "`python -m bench`"
    told = f"{datetime.now(UTC):%d %B %Y}, {how}, load average {load:.1f} at the start. {machine()}."
    return "\n".join([told, "", *(f"| {' | '.join(row)} |" for row in rows)])


def plain(lines: Iterable[Line]) -> str:
    """The table in columns."""
    rows = [HEAD, *(tuple(cell.replace("*", "") for cell in line.cells()) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def write(text: str) -> None:
    """Put the table into the page."""
    page = PAGE.read_text("utf-8")
    PAGE.write_text(BLOCK.sub(lambda found: f"{found[1]}\n{text}\n\n{found[2]}", page), "utf-8")
