"""The head of the risk pane: the composite with its rail, or that nothing is known."""

from __future__ import annotations

from rich.cells import cell_len
from rich.style import Style

from rallytui.board.shape import Composite, Group
from rallytui.model import Light
from rallytui.ui.format import change, clean, cut
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.sheet import Sheet

MARKS = (40, 60)
"""Where the composite becomes watch and stress."""


def draw_composite(sheet: Sheet, composite: Composite, p: Palette, g: Glyphs) -> None:
    """Score, band, where it was, coverage, and the rail below."""
    if composite.score is None:
        sheet.put(1, 1, cut(f"{g.missing} not enough data for a composite", sheet.width - 2, g), p.dim)
        return
    band = p.light(composite.band) + Style(bold=True)
    held = (" held" if composite.held else "", p.dim)
    x = sheet.phrase(1, 1, ((f"{composite.score:.0f}", p.bright), (f" {composite.band}", band), held)) + 3
    coverage = f"coverage {composite.coverage * 100:.0f} %"
    before = _before(composite, g)
    # At equal readings says more than how many there are.
    alone = before[-1:] if composite.note else ()
    for parts in (*((was, coverage) for was in before), *((was,) for was in alone), (coverage,)):
        text = f" {g.sep} ".join(part for part in parts if part)
        if x + cell_len(text) < sheet.width:
            sheet.put(x, 1, text, p.dim)
            break
    _draw_rail(sheet, composite.score, composite.band, p, g)


def _before(composite: Composite, g: Glyphs) -> tuple[str, ...]:
    """How it compares with five sessions ago, at length and in short: at equal members if others count now."""
    if composite.note:
        moved = composite.change_5_sessions
        if moved is None:
            return ("not comparable with five sessions ago", "not comparable")
        by = change(moved, 0, g)
        return (f"{by} in five sessions at equal readings", f"{by} at equal readings")
    before = composite.score_5_sessions_ago
    return ("",) if before is None else (f"was {before:.0f} five sessions ago", f"was {before:.0f}")


def _draw_rail(sheet: Sheet, score: float, band: Light, p: Palette, g: Glyphs) -> None:
    width = sheet.width - 2
    here = max(0, min(width - 1, int(score / 100 * width)))
    sheet.put(1, 2, g.bar * width, p.rule)
    sheet.put(1, 2, g.bar * here, p.light(band))
    for mark in MARKS:
        sheet.put(int(mark / 100 * width), 2, f" {mark} ", p.dim)
    sheet.put(1 + here, 2, g.position, p.bright)


def draw_unknown(sheet: Sheet, groups: list[Group], p: Palette, g: Glyphs) -> None:
    """The groups, when no source has answered yet."""
    right = sheet.width - 1
    step = 2 if sheet.height >= 2 * len(groups) + 6 else 1
    y = step
    sheet.put(1, y, cut(f"{g.missing} not enough data for a composite", right - 1, g), p.dim)
    for group in groups:
        y += step
        count = len(group.indicators)
        lights = f"{count} light{'s' if count != 1 else ''}"
        sheet.put(1, y, f"{g.unknown} ? {cut(g.words(clean(group.title, 60)), right - 20, g)}", p.dim)
        if right >= 34:
            sheet.right(right - 18 if right > 50 else right - 4, y, lights, p.dim)
        sheet.right(right, y, g.missing, p.dim)
    sheet.put(1, y + 2 * step - 1, cut("Unknown is never counted as calm.", right - 1, g), p.dim)
