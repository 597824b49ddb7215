"""A screen that shows the recorded past: read when it opens, and again for as long as more of it is being computed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from rallytui.board.shape import Record
from rallytui.ui.background import background
from rallytui.ui.screens.frame import Frame
from rallytui.ui.widgets.page import Page

if TYPE_CHECKING:
    from rallytui.ui.app import RallyApp

LOOK_AFTER_S, READ_AGAIN_S = 0.3, 1.0


class Recorded(Frame):
    """Keeps the records for the page that it has."""

    recorded: list[Record] | None = None
    """Oldest first; None until they were read."""
    is_filling = False
    """Whether there will be more of them in a moment."""

    def read_records(self, goes_on: bool = True) -> None:
        """Read them; `goes_on` looks a moment later whether more are coming."""
        background(self, partial(self._read, goes_on), "records")

    async def _read(self, goes_on: bool) -> None:
        self.recorded = await cast("RallyApp", self.app).source.records()
        self.query_one(Page).repaint()
        self.offer_keys()
        if goes_on:
            self.set_timer(READ_AGAIN_S if self.is_filling else LOOK_AFTER_S, self._look_again)

    def _look_again(self) -> None:
        filling, before = cast("RallyApp", self.app).source.is_recording, self.is_filling
        self.is_filling = filling
        if filling or before:
            self.query_one(Page).repaint()
            self.read_records(goes_on=filling)
