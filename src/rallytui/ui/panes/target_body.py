"""What stands in the Target pane below its rule, in one of three layouts: number, ladder, rail and chart."""

from __future__ import annotations

from rich.cells import cell_len
from textual.geometry import Region

from rallytui.board.shape import Board, Target
from rallytui.board.words import is_past
from rallytui.sessions import NEW_YORK
from rallytui.ui import format as f
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.panes.target_plot import target_plot
from rallytui.ui.panes.target_words import footnote, goal_of, headings
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.bigdigits import big, big_height, big_width
from rallytui.ui.widgets.chart import draw_chart
from rallytui.ui.widgets.ladder import NARROW, WIDTH, Ladder
from rallytui.ui.widgets.rail import draw_rail, draw_rail_labels
from rallytui.ui.widgets.sheet import Phrase, Piece, Sheet, phrase_len
from rallytui.ui.widgets.viewport import Viewport

_WIDE, _TALL = 84, 11  # room for the ladder
_CHART = 8  # rows of the smallest chart, months included
_CHART_WIDTH = 40
_PHRASES = 46  # cells of two phrases beside each other
_FIGURES = (16, 19)  # cells of the four figures: at the least, and at ease


class Body:
    """One drawing of the pane below its rule."""

    def __init__(self, sheet: Sheet, board: Board, target: Target, port: Viewport, p: Palette, g: Glyphs) -> None:
        self.port, self.chart_y = port, 0
        self.sheet, self.board, self.target, self.p, self.g = sheet, board, target, p, g
        self.inner = sheet.width - 2
        self.goal = goal_of(target)
        self.past = is_past(self.goal, target.last)
        self.started = board.as_of.astimezone(NEW_YORK).date() > target.baseline.date
        self.number = self._number()
        self.big = big_width(self.number, 1, g.unicode)

    def draw(self) -> int:
        """Choose the layout by the room there is; returns the chart's first row, 0 if there is no room for one."""
        if self.sheet.width >= _WIDE and self.sheet.height >= _TALL:
            self._wide()
        elif self.inner >= self.big + 2 + _FIGURES[0] and self.sheet.height >= 3 + big_height(1, self.g.unicode):
            self._medium()
        else:
            self._small()
        return self.chart_y

    # The three layouts

    def _wide(self) -> None:
        sheet = self.sheet
        odds = self.inner - WIDTH >= max(self.big, _PHRASES - 14)
        left = self.inner - (WIDTH if odds else NARROW)
        self._heading(1, left)
        x_big = 1 if self.big <= left else 0
        self._digits(x_big, 3)
        y_left = self._phrases(8, left)
        ladder = Ladder(sheet, sheet.width - 1, self.target, self.p, self.g, odds=odds)
        rows = sheet.height - (15 if sheet.height >= 15 + _TALL else 3)
        y_right = ladder.draw(1, max(rows, 3), self.started)
        y_foot = max(y_right, 9)
        if odds and y_foot < sheet.height:
            sheet.right(sheet.width - 1, y_foot, footnote(self.target, self.goal, WIDTH - 4, self.g), self.p.dim)
        self._lower(max(y_left, y_foot + 1))

    def _medium(self) -> None:
        self._heading(1, self.inner)
        rows = self._digits(1, 2)
        width = min(_FIGURES[1], self.inner - self.big - 2)
        self._figures(2, self.sheet.width - 1 - width, width, max(rows, 4))
        self._lower(2 + max(rows, 4))

    def _small(self) -> None:
        sheet, height = self.sheet, self.sheet.height
        self._heading(1, self.inner)
        if self.inner >= self.big and height >= 8:
            y = 2 + self._digits(1, 2)
        else:
            sheet.put(1, 2, self._plain_number(), self.p.bright)
            y = 3
        rows = max(0, min(4, height - y - 1))
        self._figures(y, 1, min(self.inner, _FIGURES[1]), rows)
        self._lower(y + rows)

    # Their parts

    def _heading(self, y: int, room: int) -> None:
        p, g = self.p, self.g
        words = [part for part in headings(self.target, self.goal, self.past, p, g) if phrase_len(part) <= room]
        self.sheet.phrase(1, y, words[0] if words else ((f.cut(f.level(self.goal.level, g), room), p.bright),))

    def _distance(self) -> float | None:
        """Percent from the price to the goal, or from the goal to the price that stands past it."""
        last, level = self.target.last, self.goal.level
        return (last / level - 1) * 100 if self.past and last and level else self.goal.remaining_pct

    def _number(self) -> str:
        return self._plain_number().replace(" %", "%")

    def _plain_number(self) -> str:
        distance = self._distance()
        return f.pct(distance, 2 if distance is None or abs(distance) < 100 else 1, self.g)

    def _digits(self, x: int, y: int) -> int:
        rows = big(self.number, 1, self.g.unicode and self._distance() is not None)
        for row in rows:
            self.sheet.put(x, y, row, self.p.bright)
            y += 1
        return len(rows)

    def _phrases(self, y: int, room: int) -> int:
        """Points and pace, odds and plan: two in a row, or each in its own where the room is narrow."""
        reason = self.target.missing.get("last", "")
        if self.target.last is None and reason and any(health.last_ok for health in self.board.health):
            self.sheet.put(1, y, f.cut(self.g.words(f.clean(reason)), room, self.g), self.p.text)
            return y + 1
        points, pace, odds, plan = self._points(), self._pace(), self._odds(), self._plan()
        gap: Phrase = (("   ", self.p.text),)
        rows = [(*points, *gap, *pace), (*odds, *gap, *plan)] if pace and odds else [points, plan]
        if max(map(phrase_len, rows)) > room:
            rows = [row for row in (points, pace, odds, plan) if row]
        for row in rows:
            self.sheet.phrase(1, y, row)
            y += 1
        return y

    def _points(self) -> Phrase:
        points = self.goal.points_remaining
        if points is None:
            return (("points ", self.p.dim), self._value(self.g.missing))
        return ((f"{f.price(abs(points), 2, self.g)} points", self.p.bright),)

    def _value(self, text: str, bright: bool = False) -> Piece:
        """A number, dim if it is missing."""
        return text, self.p.dim if text == self.g.missing else self.p.bright if bright else self.p.text

    def _pace(self) -> Phrase:
        p, goal = self.p, self.goal
        if self.past:
            return ()
        tail = "" if goal.sessions_left is None else f" {self.g.times} {goal.sessions_left} sessions"
        return (("pace ", p.dim), self._value(f.pct(goal.required_daily_pct, 3, self.g)), (tail, p.dim))

    def _odds(self) -> Phrase:
        return () if self.past else (("odds ", self.p.dim), self._value(f.odds(self.goal.p_touch, self.g), bright=True))

    def _plan(self) -> Phrase:
        p, goal, g = self.p, self.goal, self.g
        if not self.started:
            return (("plan ", p.dim), ("starts today", p.text))
        tail = "" if goal.vs_plan_sessions is None else f", {f.sessions(goal.vs_plan_sessions, g)}"
        return (("plan ", p.dim), self._value(f.pct(goal.vs_plan_pct, 1, g)), (tail, p.dim))

    def _figures(self, y: int, x: int, width: int, rows: int) -> None:
        """The four figures as label and value, the most important ones if there are fewer rows."""
        p, g, goal = self.p, self.g, self.goal
        points = None if goal.points_remaining is None else abs(goal.points_remaining)
        figures = [
            (0, "points", self._value(f.price(points, 2, g), bright=True)),
            (1, "odds", self._value(f.odds(goal.p_touch, g), bright=True)),
            (3, "pace", self._value(f.pct(goal.required_daily_pct, 2, g))),
            (2, "plan", self._value(f.pct(goal.vs_plan_pct, 1, g) if self.started else "today")),
        ]
        shown = [figure for figure in figures if not (self.past and figure[1] in ("odds", "pace"))]
        for _rank, label, (value, style) in [figure for figure in shown if figure[0] < rows]:
            if cell_len(label) + 1 + cell_len(value) <= width:
                self.sheet.put(x, y, label, p.dim)
            self.sheet.right(x + width, y, value, style)
            y += 1

    def _lower(self, y: int) -> None:
        """The rail, its labels and the chart, as far as there are rows."""
        sheet, target, p, g = self.sheet, self.target, self.p, self.g
        y += sheet.height - y >= 3
        draw_rail(sheet, 1, y, self.inner, target, p, g)
        y += 1
        if y >= sheet.height:
            return
        draw_rail_labels(sheet, 1, y, self.inner, target, p, g)
        y += 1
        y += sheet.height - y >= _CHART + 2
        chart = self.board.charts.get(target.symbol)
        if chart and sheet.height - y >= _CHART and self.inner >= _CHART_WIDTH:
            self.chart_y = y
            plot = target_plot(target, chart, self.port, p, g)
            draw_chart(sheet, Region(1, y, self.inner, sheet.height - y), plot, p, g)
