"""A screen that writes only the changed stretch of a line; Textual's own writes it from its widget's left edge on."""

from __future__ import annotations

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate, Compositor
from textual.screen import Screen, ScreenResultType


class NarrowUpdate(ChopsUpdate):
    """An update whose stretches begin where the change begins: a fifth of the bytes on a wide pane."""

    def render_segments(self, console: Console) -> str:
        """The update as terminal sequences."""
        written: list[str] = []
        for y, first, last in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                start, stop = max(x, first), min(end, last)
                if strip is not None and start < stop:
                    written += Control.move_to(start, y).segment.text, strip.crop(start - x, stop - x).render(console)
        return "".join(written)


class _NarrowCompositor(Compositor):
    def render_partial_update(self) -> ChopsUpdate | None:
        update = super().render_partial_update()
        return update and NarrowUpdate(update.chops, update.spans, update.chop_ends)


class NarrowScreen(Screen[ScreenResultType]):
    """Base of the screens that live a day long. It only saves bytes: without it the same cells appear."""

    def __init__(self, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name, id, classes)
        self._compositor = _NarrowCompositor()
