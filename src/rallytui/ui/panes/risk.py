"""Pane 3: the composite, seven groups of risks and their readings, each with a light, a number and an age."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.style import Style

from rallytui.board.shape import Board, Group, Indicator
from rallytui.model import Light
from rallytui.ui.format import column, cut, price, with_unit
from rallytui.ui.panes.board_pane import BoardPane
from rallytui.ui.panes.composite import draw_composite, draw_unknown
from rallytui.ui.panes.context import context_number, draw_context
from rallytui.ui.panes.listing import ListPane, Opened
from rallytui.ui.panes.readings import light_of, number, severity, shortened, tightened, when
from rallytui.ui.widgets.sheet import Phrase, Sheet

BAR = 6
HELD = " held"
"""After a light that stands above its score because it has not yet been left (METHODOLOGY G.7)."""
# Group names for the narrow stack, where three words are two too many.
_NICKNAMES = {"Fed policy": "Fed", "Safe havens": "Havens", "Volatility & credit": "Credit", "Productivity": "Output"}


class Line(NamedTuple):
    """One row of the list: a group, or a reading in it."""

    key: str
    group: Group
    reading: Indicator | None = None


class Columns(NamedTuple):
    """Where the fields of a wide row end or begin; how much room titles have, and whether they leave out windows."""

    title: int
    short: bool
    number: int
    unit: int
    bar: int
    cells: int
    score: int
    age: int


class RiskPane(ListPane, BoardPane):
    """The risk list, in as much detail as there is room for."""

    slot, kind = "risk", "indicator"
    title = "Risk"

    def inputs(self, board: Board | None) -> object:
        return board and (board.mode, int(board.as_of.timestamp()) // 60, board.risks)

    def row_keys(self) -> Sequence[str]:
        """Groups and readings as they stand now."""
        return [line.key for line in self._lines(*self.size)]

    def action_open(self) -> None:
        """Open a reading; from a group, its worst one."""
        lines = self._lines(*self.size)
        if not lines:
            return
        line = lines[self.index]
        reading = line.reading or max(line.group.indicators, key=severity, default=None)
        if reading is not None and self.board is not None:
            keys = [member.id for group in self.board.risks.groups for member in group.indicators]
            self.post_message(Opened("indicator", reading.id, keys))

    def _lines(self, width: int, height: int) -> list[Line]:
        if self.board is None:
            return []
        groups = self.board.risks.groups
        if _is_short(height):
            members = [(group, reading) for group in groups for reading in group.indicators]
            members.sort(key=lambda pair: severity(pair[1]), reverse=True)
            return [Line(reading.id, group, reading) for group, reading in members]
        everything = _is_roomy(width, height)
        lines = []
        for group in groups:
            shown = [r for r in group.indicators if everything or light_of(r) in ("watch", "stress")]
            lines += [Line(f"group {group.id}", group), *(Line(r.id, group, r) for r in shown)]
        return lines

    def summary(self, board: Board | None) -> list[Phrase]:
        """How many lights of each kind, the worst first; in a low pane the composite too."""
        if board is None:
            return []
        p, g = self.palette, self.glyphs
        lights = [light_of(reading) for group in board.risks.groups for reading in group.indicators]
        if lights and all(light == "unknown" for light in lights):
            return [((f"{g.unknown} {len(lights)} unknown", p.dim),)]
        low = _is_short(self.size.height)
        bands: list[Light] = ["stress", "watch"] if low else ["stress", "watch", "calm", "unknown"]
        pieces = [piece for band in bands for piece in self._count(band, lights.count(band))]
        counts: Phrase = tuple(pieces[:-1])
        composite = board.risks.composite
        if not low or composite.score is None:
            return [counts]
        word = (f" {composite.band}", p.light(composite.band))
        return [((f"{composite.score:.0f}", p.bright), word, (HELD if composite.held else "", p.dim)), counts]

    def _count(self, band: Light, count: int) -> list[tuple[str, Style]]:
        p, text = self.palette, f"{self.glyphs.light(band)} {count}"
        if band == "calm":
            return [(text[: -1 * len(str(count))], p.good), (str(count), p.text), ("  ", p.text)]
        style = p.light(band) + (Style(bold=True) if band != "unknown" else Style())
        return [(text, style if count else p.dim), ("  ", p.text)]

    def body(self, sheet: Sheet, board: Board | None) -> None:
        """The variant for this size."""
        if board is None:
            return
        if all(group.score is None for group in board.risks.groups):
            draw_unknown(sheet, board.risks.groups, self.palette, self.glyphs)
        elif _is_short(sheet.height):
            self._draw_short(sheet, board)
        elif _is_roomy(sheet.width, sheet.height):
            draw_composite(sheet, board.risks.composite, self.palette, self.glyphs)
            self._draw_roomy(sheet, board)
        else:
            draw_composite(sheet, board.risks.composite, self.palette, self.glyphs)
            self._draw_groups(sheet)

    # --- wide: groups and all readings ---

    def _draw_roomy(self, sheet: Sheet, board: Board) -> None:
        lines = self._lines(sheet.width, sheet.height)
        readings = [line.reading for line in lines if line.reading]
        left = sheet.height - 3 - len(lines) - 2  # below a blank row and a label
        beside = board.risks.context[: max(0, left)]
        texts = [number(r, self.glyphs) for r in readings] + [context_number(one, self.glyphs) for one in beside]
        keys = [*(r.id for r in readings), *(f"beside {n}" for n in range(len(beside)))]
        numbers = dict(zip(keys, column(texts), strict=True))
        columns = self._columns(sheet.width, readings, numbers, board, BAR)
        if max((cell_len(shortened(self.words(r.title))) for r in readings), default=0) > columns.title:
            # The bar leaves before a title is cut: the score beside it says the same.
            columns = self._columns(sheet.width, readings, numbers, board, 0)
        for y, line in self._placed(sheet, 3, lines):
            if line.reading is None:
                self._draw_group(sheet, y, line.group, columns)
            else:
                self._draw_reading(sheet, y, line.reading, numbers[line.key], columns, board)
            if line.key == lines[self.index].key:
                self.mark(sheet, y)
        self.more(sheet, len(lines))
        rows = [(one, numbers[f"beside {n}"]) for n, one in enumerate(beside)]
        ends = (columns.title, columns.number, columns.unit)
        draw_context(sheet, 4 + len(lines), rows, ends, self.palette, self.glyphs)

    def _placed(self, sheet: Sheet, top: int, lines: list[Line]) -> list[tuple[int, Line]]:
        shown = self.window(top, sheet.height - top, len(lines))
        return [(top + row, lines[index]) for row, index in enumerate(shown)]

    def _columns(
        self, width: int, readings: list[Indicator], numbers: dict[str, str], board: Board, cells: int
    ) -> Columns:
        # From the right: age, score, bar, unit. A title gives way, a number never does.
        ages = max((cell_len(when(r, board, self.glyphs)) for r in readings), default=0)
        score = width - 1 - max(6, ages) - 1
        digits = max((len(f"{r.score:.0f}") for r in readings if r.score is not None), default=2)
        bar = score - max(2, digits) - 1 - cells
        unit = bar - 1 - max((cell_len(r.unit) for r in readings), default=2)
        touching = any(r.unit and not numbers[r.id].endswith(" ") for r in readings)
        number = unit - touching
        title = number - cell_len(next(iter(numbers.values()), "")) - 6
        short = any(cell_len(tightened(self.words(r.title), title)) > title for r in readings)
        return Columns(title, short, number, unit, bar, cells, score, width - 1)

    def _draw_group(self, sheet: Sheet, y: int, group: Group, columns: Columns) -> None:
        p, g = self.palette, self.glyphs
        x = sheet.put(1, y, cut(self.words(group.title), columns.bar - 8), p.text + Style(bold=True))
        sheet.put(x + 2, y, f"{price(group.weight, 0)} %{HELD if group.held else ''}", p.dim)
        sheet.put(columns.score - 4, y, g.light(group.band), p.light(group.band))
        hot = group.score is not None and group.score >= 40
        sheet.right(columns.score, y, self._score(group.score), p.bright if hot else p.text)

    def _draw_reading(self, sheet: Sheet, y: int, r: Indicator, value: str, at: Columns, board: Board) -> None:
        p, g, light = self.palette, self.glyphs, light_of(r)
        style = self._style(light)
        sheet.phrase(1, y, self._light(light))
        self._put_title(sheet, 5, y, self._title(r, at.title - _held_cells(r), at.short), r, style)
        sheet.right(at.number, y, value, p.dim if light == "unknown" else p.bright if light == "stress" else p.text)
        if r.value is not None:
            sheet.put(at.unit, y, r.unit, p.dim)
        if light != "unknown" and r.score is not None:
            filled = round(r.score / 100 * at.cells)
            sheet.put(at.bar, y, g.track * at.cells, p.rule)
            sheet.put(at.bar, y, g.bar * filled, p.dim if light == "calm" else p.light(light))
        hot = {"stress": p.bright, "watch": p.text}.get(light, p.dim)
        sheet.right(at.score, y, self._score(r.score if light != "unknown" else None), hot)
        sheet.right(at.age, y, when(r, board, g), p.dim)

    # --- medium: groups, and the readings that are not calm ---

    def _draw_groups(self, sheet: Sheet) -> None:
        lines = self._lines(sheet.width, sheet.height)
        titles = [self.words(line.reading.title) for line in lines if line.reading]
        room = sheet.width - 18
        short = any(cell_len(tightened(title, room)) > room for title in titles)
        for y, line in self._placed(sheet, 3, lines):
            if line.reading is None:
                self._draw_group_light(sheet, y, line.group)
            else:
                self._draw_member(sheet, y, line.reading, short)
            if line.key == lines[self.index].key:
                self.mark(sheet, y)
        self.more(sheet, len(lines))

    def _draw_group_light(self, sheet: Sheet, y: int, group: Group) -> None:
        # Its worst member's light, which stands below it when that is not calm.
        p, right = self.palette, sheet.width - 2
        hot = group.band in ("watch", "stress")
        sheet.phrase(1, y, self._light(group.band))
        style = p.bright if hot else p.text if group.band == "calm" else p.dim
        self._put_title(sheet, 5, y, cut(self.words(group.title), right - 9 - _held_cells(group)), group, style)
        sheet.right(right, y, self._score(group.score), p.bright if hot else p.dim)

    def _draw_member(self, sheet: Sheet, y: int, r: Indicator, short: bool) -> None:
        p, g, right, light = self.palette, self.glyphs, sheet.width - 2, light_of(r)
        value = number(r, g)
        room = right - cell_len(value) - 8
        stress = light == "stress"
        sheet.put(5, y, g.light(light), p.light(light))
        title = self._title(r, room - _held_cells(r), short)
        self._put_title(sheet, 7, y, title, r, p.bright if stress else p.dim)
        sheet.right(right, y, value, p.bright if stress else p.text)

    # --- narrow: the worst readings and one light a group ---

    def _draw_short(self, sheet: Sheet, board: Board) -> None:
        groups = board.risks.groups
        per_row = max(1, min(4, (sheet.width - 2) // 13))
        # Where the groups would fill the pane, the worst readings say more.
        light_rows = min(-(-len(groups) // per_row), sheet.height - 1) if per_row >= 3 else 0
        lines = self._lines(sheet.width, sheet.height)
        shown = self.window(1, sheet.height - 1 - light_rows, len(lines))
        for y, index in enumerate(shown, 1):
            self._draw_worst(sheet, y, lines[index])
            if index == self.index:
                self.mark(sheet, y)
        if light_rows:
            self._draw_lights(sheet, 1 + len(shown), groups, per_row)

    def _draw_worst(self, sheet: Sheet, y: int, line: Line) -> None:
        r, p, right = line.reading, self.palette, sheet.width - 2
        if r is None:
            return
        light = light_of(r)
        value = with_unit(number(r, self.glyphs), r.unit, self.glyphs)
        room = right - cell_len(value) - 6
        sheet.phrase(1, y, self._light(light))
        room -= _held_cells(r)
        self._put_title(sheet, 5, y, self._title(r, room, cell_len(r.title) > room), r, self._style(light))
        sheet.right(right + 1, y, value, p.bright if light == "stress" else p.text)

    def _draw_lights(self, sheet: Sheet, y: int, groups: list[Group], per_row: int) -> None:
        for word in (HELD, " h"):  # the letter where many are
            names = [self.words(_NICKNAMES.get(one.title, one.title)) + (word if one.held else "") for one in groups]
            widths = [max(4 + cell_len(name) for name in names[n::per_row]) for n in range(min(per_row, len(names)))]
            if sum(widths) + len(widths) <= sheet.width - 1:
                break
        gap = max(1, (sheet.width - 2 - sum(widths)) // max(1, len(widths)))
        starts = [1 + sum(widths[:place]) + gap * place for place in range(len(widths))]
        for place, (name, group) in enumerate(zip(names, groups, strict=True)):
            x, row = starts[place % per_row], y + place // per_row
            end = sheet.phrase(x, row, self._light(group.band))
            style = self.palette.text if group.band in ("watch", "stress") else self.palette.dim
            sheet.put(end, row, name, style)

    # --- what every variant shares ---

    def _put_title(self, sheet: Sheet, x: int, y: int, title: str, of: Group | Indicator, style: Style) -> None:
        end = sheet.put(x, y, title, style)
        if of.held:
            sheet.put(end, y, HELD, self.palette.dim)

    def _light(self, light: Light) -> Phrase:
        p, g = self.palette, self.glyphs
        loud = light in ("watch", "stress")
        letter = p.light(light) + Style(bold=True) if loud else p.dim
        return ((g.light(light), p.light(light)), (f" {g.letter(light)} ", letter))

    def _style(self, light: Light) -> Style:
        p = self.palette
        return {"stress": p.bright, "unknown": p.dim}.get(light, p.text)

    def _title(self, r: Indicator, room: int, short: bool) -> str:
        words = tightened(self.words(r.title), room)
        return cut(shortened(words) if short or cell_len(words) > room else words, room, self.glyphs)

    def _score(self, score: float | None) -> str:
        return price(score, 0, self.glyphs)


def _held_cells(of: Group | Indicator) -> int:
    return len(HELD) if of.held else 0


def _is_short(height: int) -> bool:
    return height < 12


def _is_roomy(width: int, height: int) -> bool:
    return width >= 50 and height >= 22
