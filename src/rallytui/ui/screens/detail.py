"""The page of one row of a pane, opened with Enter; `j` and `k` turn to its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from textual import events
from textual.widget import Widget

from rallytui.board.shape import Board, FilingRow, Target
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.keys import Action, Scope, bindings
from rallytui.ui.panes.charting import ChartKeys, History
from rallytui.ui.panes.listing import Opened
from rallytui.ui.panes.target_plot import first_day
from rallytui.ui.past import recorded_by
from rallytui.ui.screens.filings import has_browser, is_address
from rallytui.ui.screens.frame import Moment
from rallytui.ui.screens.page_view import PageView, close_up_of, prices_of
from rallytui.ui.screens.price_chart import PAGE_RANGES
from rallytui.ui.screens.recorded import Recorded
from rallytui.ui.screens.risk_page import risk_page
from rallytui.ui.screens.sections import Column
from rallytui.ui.screens.symbol_page import symbol_page
from rallytui.ui.screens.target_page import INDEX_RANGES, target_page
from rallytui.ui.screens.thesis_page import thesis_page
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.page import Page
from rallytui.ui.widgets.sheet import Sheet
from rallytui.ui.widgets.viewport import SINCE_START, Viewport

if TYPE_CHECKING:
    from rallytui.ui.app import RallyApp

_FOR_CHARTS = ("range", "zoom", "pan", "whole", "style")


class DetailScreen(ChartKeys, Recorded):
    """It follows the board like the panes do."""

    BINDINGS = bindings("detail", "charted", "filed")

    def __init__(self, board: Board | None, ask: Callable[[], Moment], opened: Opened) -> None:
        super().__init__(board, ask)
        self.kind, self.key, self.keys = opened.kind, opened.key, opened.keys
        self.home = Viewport(SINCE_START) if self.kind == "target" else Viewport()
        self.ranges = INDEX_RANGES if self.kind == "target" else PAGE_RANGES
        self.view = PageView(self.home)

    def content(self) -> Iterable[Widget]:
        yield Page(self._draw, self._wheel, id="page")

    def on_mount(self) -> None:
        self.query_one(Page).focus()
        self._ask_for_more()
        if self.kind == "claim":
            self.read_records()

    def _ask_for_more(self) -> None:
        """The source adds to its boards what only this page shows."""
        kinds = {
            "symbol": ("symbol", self.key),
            "target": ("symbol", self.symbol),
            "indicator": ("indicator", self.key),
        }
        cast("RallyApp", self.app).source.open(*kinds.get(self.kind, ("", "")))

    @property
    def symbol(self) -> str:
        """Whose prices the page shows; empty if it shows none."""
        if self.kind == "symbol":
            return self.key
        target = self._target()
        return target.symbol if target else ""

    def _target(self) -> Target | None:
        targets = self.board.targets if self.board is not None and self.kind == "target" else []
        return next((target for n, target in enumerate(targets) if str(n) == self.key), None)

    def paint(self, board: Board | None) -> None:
        """The page of another board; where it is scrolled to stays."""
        super().paint(board)
        self.query_one(Page).repaint()

    def scopes(self) -> tuple[Scope, ...]:
        """Those of every page, and those of what this one shows."""
        shows: tuple[tuple[Scope, bool], ...] = (("charted", bool(self.symbol)), ("filed", bool(self._filings())))
        return ("detail", *(scope for scope, there in shows if there), "app")

    def does(self, action: Action) -> bool:
        """A page without neighbours turns to none."""
        return super().does(action) and (action.id != "next" or len(self.keys) > 1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A page without prices has no range, one without filings opens none."""
        if action == "open_filing":
            return bool(self._filings())
        return bool(self.symbol) if action in _FOR_CHARTS else True

    def action_back(self) -> None:
        cast("RallyApp", self.app).source.open("", "")
        self.dismiss()

    def action_turn(self, step: int) -> None:
        """The row after or before; it stops at the ends."""
        at = self.keys.index(self.key) if self.key in self.keys else 0
        self.key = self.keys[max(0, min(len(self.keys) - 1, at + step))]
        self.view.filing, self.view.told = -1, ""
        self._ask_for_more()
        self.query_one(Page).to_top()

    def action_scroll(self, pages: int) -> None:
        self.query_one(Page).scroll_pages(pages)

    # --- the chart ---

    @property
    def port(self) -> Viewport:
        """The part of the history in view."""
        return self.view.port

    @port.setter
    def port(self, port: Viewport) -> None:
        self.view.port = port

    def history(self) -> History:
        """The times of the page's prices."""
        if self.board is None or not self.symbol:
            return History(())
        target, chart = self._target(), self.board.charts.get(self.symbol)
        start = first_day(target, chart) if target and chart else 0
        return History(prices_of(self.board, self.symbol, self.port).times, start)

    def redraw_chart(self) -> None:
        self.query_one(Page).repaint()

    def action_style(self) -> None:
        """Candles instead of a line, or a line instead of candles."""
        self.view.candles = not self.view.has_candles
        self.redraw_chart()

    def _wheel(self, x: int, y: int, step: int) -> bool:
        over = bool(self.symbol) and y in self.view.chart and x < self.view.chart_width
        if over:
            self.action_zoom(step)
        return over

    # --- the filings ---

    def _filings(self) -> list[FilingRow]:
        close_up = close_up_of(self.board, self.key) if self.board is not None and self.kind == "symbol" else None
        return close_up.filings if close_up else []

    def action_step(self, step: int) -> None:
        """The next filing or the one before; a page without filings scrolls."""
        page, filings = self.query_one(Page), self._filings()
        if not filings:
            page.scroll_rows(step)
            return
        self._choose_filing(max(0, min(len(filings) - 1, self.view.filing + step)))

    def _choose_filing(self, index: int, told: str = "") -> None:
        page = self.query_one(Page)
        self.view.filing, self.view.told = index, told
        page.repaint()
        rows = {at: row for row, at in self.view.filing_rows.items()}
        if index in rows:
            page.reveal(max(rows.values()) + 2)  # the address below the list, and what came of opening it
            page.reveal(rows[index])

    def action_open_filing(self) -> None:
        """Give the address of the filing under the cursor to a browser; without a cursor it goes to the newest."""
        filings = self._filings()
        if not filings:
            return
        if self.view.filing < 0:
            self._choose_filing(0)
            return
        index = min(self.view.filing, len(filings) - 1)
        url, browser = filings[index].url, has_browser()
        if browser and is_address(url):
            self.app.open_url(url)
        self._choose_filing(index, "" if browser else "No browser was found here: open this address elsewhere.")

    def on_click(self, event: events.Click) -> None:
        """A click chooses a filing, a second one opens it."""
        page = self.query_one(Page)
        at = self.view.filing_rows.get(page.row_at(event.screen_y - page.region.y))
        if at is not None and event.screen_x - page.region.x < self.view.chart_width:
            self._choose_filing(at)
            if event.chain > 1:
                self.action_open_filing()

    # --- drawing ---

    def _draw(self, width: int, height: int) -> Sheet:
        page = self.query_one(Page)
        p, g = page.palette, page.glyphs
        if self.board is not None and self.board.mode == "as_of":
            g = replace(g, rule=g.as_of, focus=g.as_of)
        drawn = self._page(self.board, width, height, p, g) if self.board is not None else None
        if drawn is not None:
            return drawn
        gone = Column(width, p, g)
        gone.text("This row is not on the board any more. Esc goes back.")
        return gone.sheet(height)

    def _page(self, board: Board, width: int, height: int, p: Palette, g: Glyphs) -> Sheet | None:
        """The page of the row with our key; None if there is no such row."""
        if self.kind == "symbol":
            rows = [row for one in board.watchlists for row in one.rows if row.symbol == self.key]
            return symbol_page(board, rows[0], width, height, p, g, self.view) if rows else None
        if self.kind == "target":
            target = self._target()
            return target_page(board, target, width, height, p, g, self.view) if target else None
        if self.kind == "claim":
            known = recorded_by(board, self.recorded or [])
            claims = [claim for claim in board.thesis if claim.id == self.key]
            return thesis_page(board, claims[0], width, height, p, g, known, self.is_filling) if claims else None
        for group in board.risks.groups:
            for reading in group.indicators:
                if reading.id == self.key:
                    return risk_page(board, group, reading, width, height, p, g)
        return None
