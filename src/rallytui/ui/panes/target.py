"""The Target pane: the distance to the next rung, the ladder, the rail and the chart, in whatever room there is."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace
from textual import events

from rallytui.board.shape import Board, Target
from rallytui.sessions import NEW_YORK
from rallytui.ui import format as f
from rallytui.ui.keys import Scope, bindings
from rallytui.ui.panes.board_pane import BoardPane
from rallytui.ui.panes.charting import ChartKeys, History
from rallytui.ui.panes.listing import Opened
from rallytui.ui.panes.offline import draw_offline, is_offline
from rallytui.ui.panes.target_body import Body
from rallytui.ui.panes.target_plot import TARGET_RANGES, first_day
from rallytui.ui.widgets.sheet import Phrase, Sheet
from rallytui.ui.widgets.viewport import SINCE_START, Viewport


class TargetPane(ChartKeys, BoardPane):
    """One index on its way to the next rung."""

    BINDINGS = bindings("target")

    slot, kind = "target", "target"
    title = "Target"
    which = 0
    """Which of the board's targets is shown."""
    now: datetime | None = None
    port = home = Viewport(SINCE_START)
    ranges = TARGET_RANGES
    _chart_y = 0

    @property
    def scopes(self) -> tuple[Scope, ...]:
        return (*super().scopes, "target")

    def inputs(self, board: Board | None) -> object:
        target = self.target_of(board)
        if board is None or target is None:
            return None
        told = (board.health, board.as_of) if target.last is None else board.as_of.astimezone(NEW_YORK).date()
        return board.mode, told, replace(target, quote_time=None), board.charts.get(target.symbol)

    def tick(self, now: datetime) -> None:
        """Count the waits of the sources down, while there is nothing else to show."""
        self.now = now
        if self.board is not None and is_offline(self.board):
            self.repaint()

    def parts(self, board: Board) -> int:
        return len(board.targets)

    def marked(self) -> str:
        """The number of the index that is shown."""
        return str(self.which % len(self.board.targets)) if self.board and self.board.targets else ""

    def action_open(self) -> None:
        """Everything known about the index."""
        if self.board is not None and (key := self.marked()):
            self.post_message(Opened("target", key, [str(n) for n in range(len(self.board.targets))]))

    def turn(self, step: int) -> None:
        """Show the next target of the board, or the one before."""
        self.which += step
        self.repaint()

    def history(self) -> History:
        """The days of the chart."""
        target = self.target_of(self.board)
        chart = self.board.charts.get(target.symbol) if self.board and target else None
        return History(chart.days, first_day(target, chart)) if chart and target else History(())

    def redraw_chart(self) -> None:
        self.repaint()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel over the chart shows more of the past."""
        self._wheel(event, -1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel over the chart shows less of it, larger."""
        self._wheel(event, 1)

    def _wheel(self, event: events.MouseEvent, steps: int) -> None:
        if self._chart_y and event.y >= self._chart_y:
            event.stop()
            self.action_zoom(steps)

    def target_of(self, board: Board | None) -> Target | None:
        """The target to show; None without a board or without targets."""
        return board.targets[self.which % len(board.targets)] if board and board.targets else None

    def subtitle(self, board: Board | None) -> str:
        target = self.target_of(board)
        return self.glyphs.words(f.clean(target.name, 40)) if target else ""

    def summary(self, board: Board | None) -> list[Phrase]:
        target, p, g = self.target_of(board), self.palette, self.glyphs
        if target is None or target.last is None:
            return [(("no data yet", p.dim),)]
        if target.freshness == "stale":
            p = p.faded()
        mark = f" {f.age_sign(target.freshness, target.badge, g)}".rstrip()
        move = f"  {g.arrow(target.change_pct)} {f.pct(target.change_pct, 2, g)}"
        price: Phrase = ((f.price(target.last, 2, g), p.bright), (mark, p.dim), (move, p.move(target.change_pct)))
        return [price, (("since start ", p.dim), (f.pct(target.stats.since_start_pct, 2, g), p.text))]

    def body(self, sheet: Sheet, board: Board | None) -> None:
        target = self.target_of(board)
        self._chart_y = 0
        if board is None or target is None:
            return
        if not target.rungs:
            words = f.cut("No rungs: the target has no levels in the config.", sheet.width - 2, self.glyphs)
            sheet.put(1, 1, words, self.palette.text)
            return
        if target.last is None and is_offline(board):
            draw_offline(sheet, board, max(board.as_of, self.now or board.as_of), self.palette, self.glyphs)
            return
        palette = self.palette.faded() if target.freshness == "stale" else self.palette
        self._chart_y = Body(sheet, board, target, self.port, palette, self.glyphs).draw()
