"""The chart of a page: its range in words, a line or candles with averages and levels, and the volume below."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import NamedTuple

from textual.geometry import Region

from rallytui.board.shape import Board
from rallytui.sessions import NEW_YORK
from rallytui.ui.format import clean, count, cut, known, price, with_unit
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.screens.page_view import PageView, averages_of, close_up_of, prices_of
from rallytui.ui.screens.sections import Column
from rallytui.ui.widgets.axis import round_levels
from rallytui.ui.widgets.braille import SOLID
from rallytui.ui.widgets.candles import bars_of, draw_volume, per_bar
from rallytui.ui.widgets.chart import COARSE, Drawn, Level, Line, Plot, draw_chart
from rallytui.ui.widgets.sheet import Phrase, Piece, Sheet, phrase_len
from rallytui.ui.widgets.viewport import INTRADAY, RANGES, Viewport, span_name

PAGE_RANGES = (*INTRADAY, *RANGES)
_VOLUME_FROM = 14  # rows of a chart with volume below it, at the least
_VOLUME_ROWS = 2
_ROUND_EVERY = 4  # rows from one round number to the next, about
_NUMBERS_FROM = 90  # columns from which a line's legend has the averages' values
_AXIS = 12  # columns that labels of the right axis take, about


class Marked(NamedTuple):
    """Prices with a label of their own on the right axis, None if unknown: the newest, and the year's ends."""

    last: float | None
    high: float | None = None
    low: float | None = None
    rel_volume: float | None = None
    """The newest volume as a multiple of the 20 sessions before."""


class PriceChart:
    """A drawing of one symbol's prices into a column."""

    def __init__(self, column: Column, board: Board, symbol: str, view: PageView, start: int = 0) -> None:
        self.column, self.board, self.symbol, self.view = column, board, symbol, view
        self.p, self.g = column.p, column.g
        self.prices = prices_of(board, symbol, view.port)
        self.window = view.port.window(self.prices.times, start)
        self.times = self.prices.times[slice(*self.window)]
        self.size = per_bar(len(self.times), column.width - 2 - _AXIS)
        averages = {} if view.port.is_intraday else averages_of(board, symbol, self.prices)
        self.averages = {
            name: line[slice(*self.window)] for name, line in averages.items() if name in ("sma50", "sma200")
        }

    def draw(self, rows: int, marked: Marked, ranges: Sequence[str] = PAGE_RANGES) -> None:
        """`rows` rows: the range, the chart, and the volume as far as it is known and there is room."""
        column, view, top = self.column, self.view, len(self.column.rows)
        can = any(known(value) for value in self.prices.open[slice(*self.window)])
        view.has_candles = can and (self.size == 1 if view.candles is None else view.candles)
        view.chart, view.chart_width = range(top, top + rows), column.width
        if len(self.times) < 2:
            draw_range(column, (), view.port, (), ranges)
            why = self.prices.missing or "No history yet: the chart appears with the first daily bars"
            column.text(f"{clean(why).rstrip('.')}.")
            return
        draw_range(column, self._legend(), view.port, self.times, ranges)
        column.block(self._body(Sheet(column.width, rows - 1, self.p.text), marked))

    def _body(self, sheet: Sheet, marked: Marked) -> Sheet:
        bars = bars_of(self.prices, *self.window, self.size)
        traded = sheet.height >= _VOLUME_FROM and any(bar.volume for bar in bars)
        below = 2 + _VOLUME_ROWS if traded else 0
        box = Region(1, 0, self.column.width - 2, sheet.height - below)
        plot = Plot(self._lines(), times=self.times, candles=bars if self.view.has_candles else ())
        span = plot.span()
        levels = self._levels(span[2:], marked, box.height) if span else []
        drawn = draw_chart(sheet, box, replace(plot, levels=levels), self.p, self.g)
        if traded and drawn is not None:
            field, scale = drawn
            most = draw_volume(
                sheet,
                Region(field.x, box.bottom + 1, field.width, _VOLUME_ROWS),
                scale.column,
                bars,
                self.p.dim,
                self.g,
            )
            against = with_unit(price(marked.rel_volume, 2, self.g), self.g.times, self.g)
            if marked.rel_volume is not None and len(against) < box.right - field.right:
                sheet.put(field.right + 1, box.bottom + _VOLUME_ROWS, against, self.p.dim)
            sheet.put(1, sheet.height - 1, f"volume, highest {count(most, self.g)}", self.p.dim)
            self._mark_reports(sheet, drawn, box.bottom)
        return sheet

    def _lines(self) -> list[Line]:
        steps, p = range(len(self.times)), self.p
        kinds = (("sma200", p.dim, "2", COARSE), ("sma50", p.accent, "5", SOLID))
        lines = [
            Line(steps, self.averages[name], style, char, dash)
            for name, style, char, dash in kinds
            if name in self.averages
        ]
        closes = [] if self.view.has_candles else [Line(steps, self.prices.close[slice(*self.window)], p.bright)]
        return lines + closes

    def _legend(self) -> Phrase:
        p, g, pieces = self.p, self.g, list[Piece]()
        if self.view.has_candles:
            each = (
                ""
                if self.size == 1
                else f"{self.size} {'candles' if self.view.port.is_intraday else 'sessions'} each  "
            )
            rise, fall = ("┃ ", "█ ") if g.unicode else ("o ", "# ")
            pieces += [(rise, p.up), ("rise  ", p.dim), (fall, p.down), ("fall  ", p.dim), (each, p.dim)]
        else:
            pieces += [(f"{g.bar} ", p.bright), ("close  ", p.dim)]
        signs = (g.bar, g.plan) if g.unicode else ("5", "2")
        for name, label, sign, style in (("sma50", "50 d", signs[0], p.accent), ("sma200", "200 d", signs[1], p.dim)):
            value = self.averages[name][-1] if self.averages.get(name) else None
            if known(value):
                number = (
                    f" {price(value, 2, g)}" if self.column.width >= _NUMBERS_FROM and not self.view.has_candles else ""
                )
                pieces += [(f"{sign} ", style), (f"{label}{number}  ", p.dim)]
        if self.prices.missing:
            pieces.append((cut(g.words(clean(self.prices.missing, 60)), 40, g), p.dim))
        return tuple(pieces)

    def _levels(self, span: tuple[float, float], marked: Marked, height: int) -> list[Level]:
        """Round numbers, the year's ends, and the price, whose label stays in a collision."""
        p, g = self.p, self.g
        decimals = 0 if span[1] >= 10_000 else 2
        named = [(marked.high, "hi", 2.0, p.dim), (marked.low, "lo", 2.0, p.dim), (marked.last, g.axis, 0.0, p.bright)]
        found = [(value, mark, rank, style) for value, mark, rank, style in named if value is not None]
        found += [(value, "", 9.0, p.dim) for value in round_levels(*span, height // _ROUND_EVERY)]
        width = max((len(price(value, decimals, g)) for value, *_ in found), default=0)
        return [
            Level(value, f"{price(value, decimals, g):>{width}} {mark}".rstrip(), rank, style, p.rule, g.level)
            for value, mark, rank, style in found
        ]

    def _mark_reports(self, sheet: Sheet, drawn: Drawn, y: int) -> None:
        """An R below the days on which a quarter was filed, and what it means."""
        close_up = close_up_of(self.board, self.symbol)
        if close_up is None or self.view.port.is_intraday:
            return
        filed = [bisect_left(self.times, one.filed.toordinal()) for one in close_up.quarters if one.filed]
        shown = [at for at in filed if 0 < at < len(self.times)]
        for at in shown:
            sheet.put(drawn.field.x + drawn.scale.column(at), y, "R", self.p.watch)
        if shown:
            meaning: Phrase = (("R", self.p.watch), (" quarterly report", self.p.dim))
            if drawn.field.width >= phrase_len(meaning) + 32:
                sheet.right_phrase(drawn.field.right, sheet.height - 1, meaning)


def draw_range(
    column: Column, legend: Phrase, port: Viewport, times: Sequence[int], ranges: Sequence[str] = PAGE_RANGES
) -> None:
    """One row: the legend, and the range in force among the others, with its first and last day where there is room."""
    p, g = column.p, column.g
    shown = span_name(port, times)
    names = ranges if shown in ranges else (*ranges, shown)
    strip: Phrase = tuple((name, p.bright if name == shown else p.dim) for name in names)
    strip = tuple(piece for n, name in enumerate(strip) for piece in ([(" ", p.dim), name] if n else [name]))
    days = _days(port, times, g)
    words: Phrase = ((shown, p.bright),)
    dated: Phrase = ((f" {g.sep} {days}", p.dim),)
    forms = [strip, words]
    if days:
        # The days say more than the other ranges once none of these is in force.
        less: list[Phrase] = [strip, (*words, *dated)]
        forms = [(*strip, *dated), *(less if shown in ranges else less[::-1]), words]
    row = Sheet(column.width, 1, p.text)
    room, size = column.width - 2, phrase_len(legend)
    form = next((form for form in forms if phrase_len(form) + 2 + size <= room), words)
    row.right_phrase(column.width - 1, 0, form)
    if phrase_len(form) + 2 + size <= room:
        row.phrase(1, 0, legend)
    column.block(row)


def _days(port: Viewport, times: Sequence[int], g: Glyphs) -> str:
    if not times:
        return ""
    if port.is_intraday:
        ends = [datetime.fromtimestamp(when, UTC).astimezone(NEW_YORK).date() for when in (times[0], times[-1])]
    else:
        ends = [date.fromordinal(day) for day in (times[0], times[-1])]
    return f" {g.to} ".join(dict.fromkeys(day.isoformat() for day in ends))
