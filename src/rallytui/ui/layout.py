"""Where everything stands at each size of the terminal: cells counted here, once, instead of in a stylesheet."""

from __future__ import annotations

from typing import Literal, NamedTuple

from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

Variant = Literal["wide", "medium", "narrow", "single"]
PANES = ("target", "watchlist", "risk", "thesis")
"""Slots of the panes by their number: 1 to 4."""
WIDEST = 200
"""Columns of content at most; what the terminal has beyond stays empty on the right."""

_RIGHT_OF_WIDE = 58 / 155
_NARROW = {"target": 7, "risk": 4, "watchlist": 5, "thesis": 2}
_NARROW_SHARE = {"target": 0.2, "risk": 0.3, "watchlist": 0.3, "thesis": 0.2}
_NARROW_GIVES = ("target", "watchlist", "risk", "target", "target", "watchlist")
"""Who loses a row first when the stack is too high."""


class Grid(NamedTuple):
    """Two columns and two storeys: content width, gap between columns, width of the right one, blank row at the top."""

    width: int
    gap: int
    right: int
    air: int


def variant_of(width: int, height: int) -> Variant:
    """The variant for a terminal of this size."""
    if width >= 140 and height >= 40:
        return "wide"
    if width >= 90 and height >= 28:
        return "medium"
    return "narrow" if width >= 60 and height >= 16 else "single"


def slots(width: int, height: int, alone: str = "target", banner: bool = False, wanted: int = 99) -> dict[str, Region]:
    """The region of every slot that is visible.

    `alone` is the pane to show where there is room for one; `wanted` are the rows that the lower storey has use for.
    """
    variant, content = variant_of(width, height), min(width, WIDEST)
    bars = _bars(content, height, banner)
    top = sum(1 for name in bars if name != "status")
    room = height - len(bars)
    if variant == "single":
        margin = 1 if content >= 30 else 0
        return bars | {alone: Region(margin, top, content - 2 * margin, max(0, room))}
    if variant == "narrow":
        return bars | _stack(content - 2, top, room)
    grid = _wide(content - 2) if variant == "wide" else _medium(content - 2)
    return bars | _two_by_two(grid, top, room, wanted)


def _bars(width: int, height: int, banner: bool) -> dict[str, Region]:
    # A very low terminal keeps the pane: first the last row goes, then the first.
    bars = {"header": Region(0, 0, width, 1)} if height >= 3 else {}
    if banner and height >= 5:
        bars["banner"] = Region(0, 1, width, 1)
    if height >= 4:
        bars["status"] = Region(0, height - 1, width, 1)
    return bars


def _wide(width: int) -> Grid:
    return Grid(width, 3, round((width - 3) * _RIGHT_OF_WIDE), 1)


def _medium(width: int) -> Grid:
    # The left pane needs 54 columns for the first six of the watchlist.
    return Grid(width, 2, min(round((width - 2) * 0.395), width - 2 - 54), 0)


def _two_by_two(grid: Grid, top: int, room: int, wanted: int) -> dict[str, Region]:
    # Blank rows: below the header (wide), between the storeys, above the last row.
    rows = room - grid.air - 2
    low = min(_low_storey(rows, wide=grid.air == 1), max(wanted, 9))
    high, y = rows - low, top + grid.air
    left, x = grid.width - grid.gap - grid.right, 1 + grid.width - grid.right
    below = y + high + 1
    return {
        "target": Region(1, y, left, high),
        "risk": Region(x, y, grid.right, high),
        "watchlist": Region(1, below, left, low),
        "thesis": Region(x, below, grid.right, low),
    }


def _low_storey(rows: int, wide: bool) -> int:
    if wide:
        return 9 + max(0, rows - 35) * 2 // 5 if rows < 40 else 11 + (rows - 40) // 2
    return max(8, 9 + (rows - 26) // 3)


def _stack(width: int, top: int, room: int) -> dict[str, Region]:
    heights = _stack_heights(room)
    regions = {}
    for name in ("target", "risk", "watchlist", "thesis"):
        regions[name] = Region(1, top, width, heights[name])
        top += heights[name]
    return regions


def _stack_heights(room: int) -> dict[str, int]:
    heights = dict(_NARROW)
    spare = room - sum(heights.values())
    for name in _NARROW_GIVES[: max(0, -spare)]:
        heights[name] -= 1
    if spare > 0:
        for name, share in _NARROW_SHARE.items():
            # The number needs no more rows until there are enough for the chart below it.
            heights[name] += int(spare * share) if name != "target" or spare >= 40 else 0
        heights["watchlist"] += room - sum(heights.values())
    return heights


def page_slots(width: int, height: int, banner: bool = False) -> dict[str, Region]:
    """The regions of a screen with one page instead of the panes."""
    content = min(width, WIDEST)
    bars = _bars(content, height, banner)
    top, margin = sum(1 for name in bars if name != "status"), 1 if content >= 30 else 0
    air = 1 if variant_of(width, height) == "wide" else 0
    room = Region(margin, top + air, content - 2 * margin, max(0, height - len(bars) - 2 * air))
    return bars | {"page": room}


class SlotLayout(Layout):
    """Places the children of a screen by their slot, in whole cells, in one pass."""

    name = "slots"

    def __init__(self) -> None:
        self.alone = ""
        """The pane that is shown where there is room for one; empty on a screen with one page."""
        self.banner = False
        self.wanted = 99

    def slots(self, width: int, height: int) -> dict[str, Region]:
        """The regions at this size."""
        if self.alone:
            return slots(width, height, self.alone, self.banner, self.wanted)
        return page_slots(width, height, self.banner)

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        places = self.slots(size.width, size.height)
        return [
            WidgetPlacement(places[child.id], NULL_OFFSET, NULL_SPACING, child)
            for child in children
            if child.id in places
        ]
