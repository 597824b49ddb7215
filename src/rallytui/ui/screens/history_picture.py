"""The picture of the board's past: the composite as a line, and a strip for every light, claim and rung."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from textual.geometry import Region

from rallytui.board.shape import Board
from rallytui.board.shape.history import Mark, Record, RungMark
from rallytui.ui.format import clean, cut
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.pages import claim_titles, risk_titles
from rallytui.ui.screens.sections import Column
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.axis import date_ticks, place_in
from rallytui.ui.widgets.braille import Dots
from rallytui.ui.widgets.record_strips import (
    Sign,
    buckets,
    claim_sign,
    claim_strip,
    light_sign,
    light_strip,
    lights_of,
    rung_sign,
    sessions_a_column,
)
from rallytui.ui.widgets.sheet import Phrase, Sheet

WATCH_FROM, STRESS_FROM = 40, 60
"""The scores from which the composite is no longer calm, and is in stress (METHODOLOGY C)."""
FILLING = "earlier sessions are being judged"
_LABEL, _NARROW_LABEL, _VALUE = 26, 12, 9


class Strip(NamedTuple):
    """A row: its name, a sign for each column, and the reading at the cursor."""

    name: str
    signs: list[Sign]
    value: Phrase
    inner: bool = False


class Drawing:
    """Everything that one picture of the page depends on."""

    def __init__(self, records: list[Record], at: int, board: Board | None, width: int, p: Palette, g: Glyphs) -> None:
        self.records, self.at, self.board, self.width, self.p, self.g = records, at, board, width, p, g
        self.label = _LABEL if width >= 80 else _NARROW_LABEL
        room = max(1, width - self.label - _VALUE - 1)
        self.step = sessions_a_column(len(records), room)
        self.spans = buckets(len(records), room)
        self.field = len(self.spans)
        """Columns that are used; the values stand right behind them."""
        self.claims, self.lights = claim_titles(board), risk_titles(board)

    @property
    def cursor(self) -> int:
        """The column of the session under the cursor; -1 if it is further back than there is room for."""
        return next((x for x, span in enumerate(self.spans) if self.at in span), -1)

    def sheet(self, height: int, is_filling: bool = False) -> Sheet:
        """The page; `is_filling` says that there will be more sessions in a moment."""
        p, g, record = self.p, self.g, self.records[self.at]
        column = Column(self.width, p, g)
        each = "A session a column" if self.step == 1 else f"{self.step} sessions a column, the worst of them"
        day = f"{record.session:%a} {record.session.day} {record.session:%b %Y}"
        count = f"{len(self.records)} sessions"
        more: list[Phrase] = [((FILLING, p.text),)] if is_filling else []
        column.rule("History", [((day, p.accent),), ((count, p.dim),), *more], focused=True)
        top = len(column.rows)
        column.block(self._chart(8 if height >= 36 else 5 if height >= 20 else 3))
        for title, strips in (("", self._risks()), ("Thesis", self._claims()), ("Rungs", self._rungs())):
            if title:
                column.rule(title)
            for strip in strips:
                column.block(self._row(strip))
        column.blank()
        column.text(f"{each}. Enter shows the board of the session under the cursor.")
        sheet = column.sheet(height)
        if self.cursor >= 0:
            for y in range(top, len(column.rows) - 2):
                sheet.paint(self.label + self.cursor, y, 1, p.cursor)
        return sheet

    # --- the composite ---

    def _chart(self, rows: int) -> Sheet:
        p, g = self.p, self.g
        sheet = Sheet(self.width, rows + 1, p.text)
        field = Region(self.label, 0, self.field, rows)
        for y in range(rows):
            score = 100 * (rows - y - 0.5) / rows
            ground = p.stress_band if score >= STRESS_FROM else p.watch_band if score >= WATCH_FROM else None
            if ground is not None:
                sheet.paint(field.x, y, field.width, ground)
        sheet.put(1, 0, "Composite", p.bright)
        for score in (100, STRESS_FROM, WATCH_FROM, 0):
            y = round((100 - score) / 100 * (rows - 1))
            sheet.right(field.x - 1, y, f"{score}", p.dim) if y or self.label == _LABEL else None
        for run in self._runs():
            dots = Dots(field.width, rows)
            dots.line((2 * x + 1, round((100 - score) / 100 * (4 * rows - 1))) for x, score in run)
            for (x, y), sign in dots.cells().items():
                under = sheet.rows[y][field.x + x][1].background_style
                sheet.put(field.x + x, y, sign if g.unicode else "*", p.bright + under)
        self._dates(sheet, rows)
        return sheet

    def _runs(self) -> Iterator[list[tuple[int, float]]]:
        """Columns and scores without a gap; the newest score of each column."""
        run: list[tuple[int, float]] = []
        for x, span in enumerate(self.spans):
            score = self.records[span[-1]].composite.score
            if score is not None:
                run.append((x, score))
            elif run:
                yield run
                run = []
        if run:
            yield run

    def _dates(self, sheet: Sheet, y: int) -> None:
        days = [self.records[span[-1]].session.toordinal() for span in self.spans]
        for x, text in date_ticks(place_in(days), days[0], days[-1], self.field):
            sheet.put(self.label + x, y, text, self.p.dim)

    # --- strips ---

    def _row(self, strip: Strip) -> Sheet:
        sheet, p, g = Sheet(self.width, 1, self.p.text), self.p, self.g
        indent = 3 if strip.inner and self.label == _LABEL else 1
        name = cut(g.words(strip.name), self.label - indent - 1, g)
        sheet.put(indent, 0, name, p.dim if strip.inner else p.text)
        for x, sign in enumerate(strip.signs):
            sheet.phrase(self.label + x, 0, (sign,))
        sheet.right_phrase(self.label + self.field + _VALUE, 0, strip.value)
        return sheet

    def _light(self, name: str, pick: Callable[[Record], Mark | None], inner: bool = False) -> Strip:
        p, g, mark = self.p, self.g, pick(self.records[self.at])
        band = mark.band if mark else "unknown"
        score = f"{mark.score:.0f}" if mark and mark.score is not None else g.missing
        value = ((f"{score} ", p.text), (f"{g.light(band)} {g.letter(band)}", light_sign([band], p, g)[1]))
        return Strip(name, light_strip(self.records, lights_of(pick), self.field, p, g), value, inner)

    def _title(self, name: str) -> str:
        return clean(self.lights.get(name, name), 60)

    def _risks(self) -> Iterator[Strip]:
        yield self._light("Light", lambda record: record.composite)
        record = self.records[self.at]
        members = (
            {one.id: group.id for group in self.board.risks.groups for one in group.indicators} if self.board else {}
        )
        for name in record.groups:
            yield self._light(self._title(name), group_of(name))
            for reading in record.indicators:
                if members.get(reading) == name:
                    yield self._light(self._title(reading), indicator_of(reading), inner=True)
        for reading in record.indicators:
            if members.get(reading) not in record.groups:
                yield self._light(self._title(reading), indicator_of(reading), inner=True)

    def _claims(self) -> Iterator[Strip]:
        for name, status in self.records[self.at].claims.items():
            signs = claim_strip(self.records, name, self.field, self.p, self.g)
            yield Strip(clean(self.claims.get(name, name), 60), signs, (claim_sign([status], self.p, self.g),))

    def _rungs(self) -> Iterator[Strip]:
        for target in self.records[self.at].targets:
            for rung in target.rungs[::-1]:
                name = f"{clean(target.symbol, 12)} {rung.level:,.10g}"
                marks = [rung_of(record, target.symbol, rung.level) for record in self.records]
                signs = [rung_sign([marks[n] for n in span], self.p, self.g) for span in self.spans]
                yield Strip(name, signs, (rung_sign([rung], self.p, self.g),))


def group_of(name: str) -> Callable[[Record], Mark | None]:
    """What finds a group's mark in a record."""
    return lambda record: record.groups.get(name)


def indicator_of(name: str) -> Callable[[Record], Mark | None]:
    """What finds a reading's mark in a record."""
    return lambda record: record.indicators.get(name)


def rung_of(record: Record, symbol: str, level: float) -> RungMark | None:
    """One rung of a record; None if it did not have it."""
    found = (rung for one in record.targets if one.symbol == symbol for rung in one.rungs if rung.level == level)
    return next(found, None)
