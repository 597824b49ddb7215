"""What happened while you were away, in one panel over the board; any key closes it."""

from __future__ import annotations

from datetime import datetime, tzinfo

from textual import events
from textual.geometry import Size

from rallytui.alerts.digest import MOST_MOVERS, TITLES, Digest, Item, ItemKind, title_of
from rallytui.alerts.event import Severity
from rallytui.ui.format import clean, cut
from rallytui.ui.keys import Scope, bindings
from rallytui.ui.screens.event_log import sign_of
from rallytui.ui.widgets.dialog import Dialog
from rallytui.ui.widgets.sheet import Phrase, Sheet

_WIDTH = 92
_FRAME = 3
"""The rule, the keys and the lower rule."""
_RANKS: tuple[Severity, ...] = ("bad", "watch", "info")
_WHEN = 8


class Line:
    """A row of the panel: a title, or an item."""

    def __init__(self, title: str = "", item: Item | None = None) -> None:
        self.title, self.item = title, item


def groups(told: Digest) -> list[tuple[ItemKind, list[Item]]]:
    """The items by kind, the kind with the worst item first and the worst item first in each; movers come last."""
    found = [(kind, sorted(told.of(kind), key=lambda item: _RANKS.index(item.severity))) for kind in TITLES]
    some = [(kind, items[:MOST_MOVERS] if kind == "move" else items) for kind, items in found if items]
    return sorted(some, key=lambda one: (one[0] == "move", _RANKS.index(one[1][0].severity)))


def lines(told: Digest, rows: int) -> tuple[list[Line], int]:
    """As many rows as there is room for, and how many items had to be left out."""
    wanted = [
        line
        for kind, items in groups(told)
        for line in (Line(title=title_of(told, kind)), *(Line(item=item) for item in items))
    ]
    total = sum(1 for line in wanted if line.item)
    hidden = max(0, len(told.of("move")) - MOST_MOVERS)
    kept = wanted if len(wanted) + bool(hidden) <= rows else wanted[: max(0, rows - 1)]
    while kept and kept[-1].item is None:
        kept = kept[:-1]  # a title with nothing below it
    return kept, total - sum(1 for line in kept if line.item) + hidden


class Away(Dialog[None]):
    """Grouped, worst first, as much as fits."""

    BINDINGS = bindings("away")
    scope: Scope = "away"

    def __init__(self, told: Digest, zone: tzinfo, simulated: bool) -> None:
        super().__init__()
        self._told, self._zone, self._simulated = told, zone, simulated

    def wanted(self, screen: Size) -> Size:
        rows = sum(1 + len(items) for _, items in groups(self._told)) + (len(self._told.of("move")) > MOST_MOVERS)
        return Size(min(_WIDTH, screen.width - 2), min(rows + _FRAME, screen.height - 2))

    def title_phrases(self) -> tuple[str, list[Phrase]]:
        p = self.box.palette
        title = "SIMULATED  What happened" if self._simulated else "What happened"
        return title, [((f"since {self._moment(self._told.since)}", p.dim),)]

    def _moment(self, at: datetime) -> str:
        there = at.astimezone(self._zone)
        return f"{there:%a} {there.day} {there:%b %H:%M}"

    # --- closing ---

    def on_key(self, event: events.Key) -> None:
        """Any key closes, and does nothing else."""
        event.stop()
        event.prevent_default()
        self.dismiss(None)

    def action_back(self) -> None:
        self.dismiss(None)

    def on_click(self) -> None:
        """So does a click."""
        self.dismiss(None)

    # --- drawing ---

    def inside(self, sheet: Sheet, last: int) -> None:
        p, g = self.box.palette, self.box.glyphs
        shown, left_out = lines(self._told, last)
        for y, line in enumerate(shown, 1):
            if line.item is None:
                sheet.put(2, y, g.words(line.title), p.dim)
            else:
                self._draw_item(sheet, y, line.item)
        if left_out and len(shown) < last:
            sheet.put(6, len(shown) + 1, f"and {left_out} more", p.dim)

    def _draw_item(self, sheet: Sheet, y: int, item: Item) -> None:
        p, g = self.box.palette, self.box.glyphs
        x = sheet.phrase(4, y, (sign_of(item.severity, p, g),)) + 1
        style = p.bright if item.severity == "bad" else p.text
        there = item.at.astimezone(self._zone) if item.at else None
        when = f"{there.day} {there:%b}" if there and sheet.width >= 50 else ""
        start = sheet.right(sheet.width - 2, y, when, p.dim)
        sheet.put(x, y, cut(g.words(clean(item.text)), start - x - (2 if when else 0), g), style)
