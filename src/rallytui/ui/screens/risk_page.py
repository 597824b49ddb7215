"""All about one risk reading: what it is, where it stands between its bounds, its weight, and where it comes from."""

from __future__ import annotations

from datetime import date

from rich.style import Style
from textual.geometry import Region

from rallytui.board.shape import Board, Group, Indicator, IndicatorCloseUp
from rallytui.board.words import HONESTY
from rallytui.model import Light
from rallytui.sessions import NEW_YORK
from rallytui.ui.format import change, clean, cut, price, with_unit
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.panes.readings import is_signed, light_of, number, source_title, when
from rallytui.ui.screens.sections import TWO_COLUMNS, Column, side_by_side
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.braille import Dots
from rallytui.ui.widgets.history import Label, View, changes, crossings, draw_history, draw_strip, recent
from rallytui.ui.widgets.sheet import Phrase, Sheet

_RIGHT = 58 / 155
_LEAST_CHART, _MOST_CHART = 8, 30
_BELOW_CHART = 5  # rows of the strip, its words, and the rule of the changes
_MOST_CHANGES = 5
_TWO_LISTS = 74
_BANDS: tuple[tuple[float, Light], ...] = ((70, "stress"), (40, "watch"), (0, "calm"))


def risk_page(board: Board, group: Group, r: Indicator, width: int, height: int, p: Palette, g: Glyphs) -> Sheet:
    """In two columns where there is room, else one below the other."""
    two = width >= TWO_COLUMNS
    right_width = round((width - 3) * _RIGHT) if two else width
    left = Column(width - 3 - right_width if two else width, p, g)
    right = Column(right_width, p, g) if two else left
    _head(left, r)
    _words(left, r)
    _history(left, board, r, height)
    _scale(right, r)
    _reading(right, r)
    _weight(right, board, group, r)
    _origin(right, board, r)
    right.rule("What it is not")
    right.text(HONESTY)
    return side_by_side(left, right, 3, height) if two else left.sheet(height)


def _value(r: Indicator, g: Glyphs) -> str:
    return with_unit(number(r, g), g.words(r.unit), g)


def _light(r: Indicator, p: Palette, g: Glyphs) -> Phrase:
    light = light_of(r)
    style = p.light(light) + Style(bold=light in ("watch", "stress"))
    return ((f"{g.light(light)} {g.letter(light)} {light}", style), (" held" if r.held else "", p.dim))


def _score(r: Indicator, g: Glyphs) -> str:
    return price(r.score if light_of(r) != "unknown" else None, 0, g)


def _head(column: Column, r: Indicator) -> None:
    p, g = column.p, column.g
    score: Phrase = (("score ", p.dim), (_score(r, g), p.bright))
    phrases: list[Phrase] = [((_value(r, g), p.bright),), _light(r, p, g), score]
    column.rule(g.words(clean(r.title, 60)), phrases, focused=True)


def _words(column: Column, r: Indicator) -> None:
    if r.definition:
        column.text(clean(r.definition), column.p.text)
    if r.why:
        column.text(clean(r.why))
    if r.basis:
        column.text(clean(r.basis))


# --- its history ---


def _history(column: Column, board: Board, r: Indicator, height: int) -> None:
    """The series over its bands, the strip of its lights and their changes, once the open page has them."""
    history = board.close_up
    if not isinstance(history, IndicatorCloseUp) or history.id != r.id:
        column.rule("History", [(("waiting for the history", column.p.dim),)])
        return
    if len(history.times) < 2:
        column.rule("History")
        column.text(clean(history.missing) or "There is no history of this reading.")
        return
    p, g, view = column.p, column.g, recent(history)
    first = date.fromordinal(view.times[0])
    column.rule("History", [((f"since {first.day} {first:%b} {first.year}", p.dim),)])
    below = _BELOW_CHART + max(1, _change_rows(column, len(changes(view))))
    rows = max(_LEAST_CHART, min(_MOST_CHART, height - len(column.rows) - below))
    chart = Sheet(column.width, rows, p.text)
    box = Region(1, 0, column.width - 2, rows)
    draw_history(chart, box, view, history.knots, _labels(r, history, g), p, g)
    column.block(chart)
    strip = Sheet(column.width, 1, p.text)
    draw_strip(strip, 1, 0, column.width - 2, view, p, g)
    column.block(strip)
    column.text(f"of {len(view.times)} readings; a light leaves its band only after two beyond the exit level")
    _changes(column, r, view)


def _labels(r: Indicator, history: IndicatorCloseUp, g: Glyphs) -> list[Label]:
    bounds = [(x, bound) for bound in (70.0, 40.0) for x in crossings(history.knots, bound)]
    shown = {(x, score) for x, score in [*history.knots, *bounds]}
    labels = [Label(x, (change if is_signed(r) else price)(x, _decimals(r), g), score) for x, score in sorted(shown)]
    if r.value is not None and r.score is not None:
        labels.append(Label(r.value, number(r, g), r.score, now=True))
    return labels


def _lists(column: Column) -> int:
    return 2 if column.width >= _TWO_LISTS else 1


def _change_rows(column: Column, count: int) -> int:
    return min(_MOST_CHANGES, -(-count // _lists(column)))


def _changes(column: Column, r: Indicator, view: View) -> None:
    """When the light changed, the newest first, in two columns where there is room."""
    p, g, found = column.p, column.g, changes(view)
    column.rule("Changes of the light", [((f"{len(found)} in this time", p.dim),)])
    if not found:
        column.text("The light has not changed in this time.")
    two, rows = _lists(column), _change_rows(column, len(found))
    for y in range(rows):
        line = Sheet(column.width, 1, p.text)
        for n, one in enumerate(found[y : two * rows : rows]):
            x = 1 + n * (column.width // 2)
            light = p.light(one.light)
            end = line.put(x, 0, date.fromordinal(one.day).isoformat(), p.text) + 2
            letter = light + Style(bold=True) if one.light in ("watch", "stress") else p.dim
            line.phrase(end, 0, ((g.light(one.light), light), (f" {g.letter(one.light)}  ", letter)))
            line.put(end + 5, 0, one.light, p.text)
            line.right(end + 24, 0, (change if is_signed(r) else price)(one.value, r.decimals, g), p.text)
        column.block(line)


# --- how it is scored ---


def _scale(column: Column, r: Indicator) -> None:
    p, g = column.p, column.g
    column.rule("How it is scored", [(("score 0 calm, 100 extreme", p.dim),)])
    if not r.knots:
        column.text("No bounds are set for this reading.")
        return
    if g.unicode and column.width >= 44 and len({x for x, _ in r.knots}) > 1:
        column.block(_curve(column, r))
    column.blank()
    for x, score, here in _stops(r):
        light = next(light for bound, light in _BANDS if score >= bound)
        value = with_unit((change if is_signed(r) else price)(x, _decimals(r), g), g.words(r.unit), g)
        style = p.bright if here else p.dim
        line = Sheet(column.width, 1, p.text)
        line.put(1, 0, g.here if here else " ", p.accent)
        line.right(18, 0, value, p.bright if here else p.text)
        line.right(26, 0, price(score, 0, g), style)
        line.put(29, 0, f"{g.light(light)} {g.letter(light)}", p.light(light))
        line.put(34, 0, cut("now" if here else _meaning(score), column.width - 35), style)
        column.block(line)


def _decimals(r: Indicator) -> int:
    # A bound of 0.85 must not read 0.9 because the reading has one decimal.
    return next((n for n in range(r.decimals, 4) if all(abs(round(x, n) - x) < 1e-9 for x, _ in r.knots)), 4)


def _stops(r: Indicator) -> list[tuple[float, float, bool]]:
    stops = [(x, score, False) for x, score in r.knots]
    if r.value is not None and r.score is not None and light_of(r) != "unknown":
        stops.append((r.value, r.score, True))
    return sorted(stops, key=lambda stop: stop[0])


def _meaning(score: float) -> str:
    return {0: "calm", 40: "watch begins", 70: "stress begins", 100: "extreme"}.get(round(score), "")


def _curve(column: Column, r: Indicator) -> Sheet:
    p, g, rows = column.p, column.g, 9
    width = min(column.width - 18, 70)
    sheet = Sheet(column.width, rows + 1, p.text)
    xs = [x for x, _ in r.knots] + ([r.value] if r.value is not None else [])
    low, high = min(xs), max(xs)

    def dot(x: float, score: float) -> tuple[int, int]:
        return round((x - low) / (high - low) * (2 * width - 1)), round((100 - score) / 100 * (4 * rows - 1))

    knots = sorted(r.knots)
    for bound, light in _BANDS[:2]:
        y = dot(low, bound)[1] // 4 + 1
        sheet.put(1, y, g.level * width, p.rule)
        sheet.put(width + 3, y, f"{bound:.0f} {g.letter(light)} {light}", p.light(light))
    dots = Dots(width, rows)
    dots.line(dot(x, score) for x, score in [(low, knots[0][1]), *knots, (high, knots[-1][1])])
    for (x, y), sign in dots.cells().items():
        sheet.put(1 + x, 1 + y, sign, p.accent)
    if r.value is not None and r.score is not None and light_of(r) != "unknown":
        x, y = dot(r.value, r.score)
        sheet.put(1 + x // 2, 1 + y // 4, g.now, p.bright)
    return sheet


# --- the right side ---


def _reading(column: Column, r: Indicator) -> None:
    p, g = column.p, column.g
    column.rule("Reading")
    if r.value is None:
        column.unknown("value", clean(r.why, 80))
    else:
        column.fact("value", _value(r, g), style=p.bright)
    column.fact("score", _score(r, g), "of 100")
    column.fact("light", light_of(r), "held" if r.held else "", style=p.light(light_of(r)))
    if 0 < r.freshness < 1:
        column.fact("counts with", with_unit(price(r.freshness * 100, 0, g), "%", g), "it ages")
    for flag in r.flags:
        column.phrase((("! ", p.watch), (g.words(clean(flag, column.width - 5)), p.text)))


def _weight(column: Column, board: Board, group: Group, r: Indicator) -> None:
    g, composite = column.g, board.risks.composite
    column.rule("Its weight")
    column.fact(f"group: {clean(group.title, 40)}", price(group.score, 0, g), "of 100")
    column.fact("weight of the group", f"{price(group.weight, 0, g)} %")
    whole = "" if composite.score is None else f"of {composite.score:.0f}"
    column.fact("adds to the composite", change(r.contribution, 1, g), whole)
    if composite.note:
        column.text(g.words(clean(f"The composite: {composite.note}.")))


def _origin(column: Column, board: Board, r: Indicator) -> None:
    g = column.g
    column.rule("Where it comes from")
    column.fact("source", g.words(clean(source_title(board, r.source), 40)) or g.missing)
    if r.at is not None:
        column.fact("describes", f"{r.at:%a} {r.at.day} {r.at:%b} {r.at.year}", when(r, board, g))
    if r.known_at is not None:
        there = r.known_at.astimezone(NEW_YORK)
        column.fact("known at", f"{there:%a} {there.day} {there:%b} {there.year} {there:%H:%M} ET")
    if r.value is not None and r.freshness <= 0:
        column.text("Too old to count: it is left out of the scores until there is a newer one.")
