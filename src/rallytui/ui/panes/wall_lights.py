"""The lights of the wall: the worst member of each group, large; its size is the message."""

from __future__ import annotations

from rich.cells import cell_len
from rich.style import Style

from rallytui.board.shape import Group, Risks
from rallytui.model import Light
from rallytui.ui.format import clean, cut, price
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.bigdigits import big, big_height, big_width
from rallytui.ui.widgets.sheet import Sheet

COMPACT = 19
"""Columns of the lights with names in plain letters."""
_BOX = 10
"""Columns of a large light and the blanks after it."""
_SHORT = {
    "AI delays": "AI", "Fed policy": "Fed", "Safe havens": "Havens", "Volatility & credit": "Credit",
    "Productivity": "Output",
}  # fmt: skip
# Four rows of eight cells: a full block, a diamond, a dot, a ring. The letter stands in the middle.
_SHAPES: dict[Light, tuple[str, str, str, str]] = {
    "stress": ("████████", "████████", "████████", "████████"),
    "watch": ("   ▄▄   ", " ▄████▄ ", " ▀████▀ ", "   ▀▀   "),
    "calm": ("        ", "   ▄▄   ", "   ▀▀   ", "        "),
    "unknown": ("        ", "  ▄▀▀▄  ", "  ▀▄▄▀  ", "        "),
}


def lights_width(risks: Risks, g: Glyphs) -> int:
    """Columns of the lights with names in large letters."""
    return _BOX + max((big_width(_name(group, g), 1, g.unicode) for group in risks.groups), default=0)


def lights_height(risks: Risks, g: Glyphs) -> int:
    """Rows of the lights with names in large letters, at the least."""
    return (len(risks.groups) + 1) * big_height(1, g.unicode) + 1


def _name(group: Group, g: Glyphs) -> str:
    return g.words(clean(_SHORT.get(group.title, group.title), 9))


def draw_lights(sheet: Sheet, x: int, y: int, risks: Risks, p: Palette, g: Glyphs) -> None:
    """The composite and the groups in large letters, from row `y` to the sheet's end."""
    row = big_height(1, g.unicode)
    pitch = min(row + 2, (sheet.height - y + 1) // (len(risks.groups) + 1))
    _large(sheet, x, y, "RISK", p.dim, g)
    score = risks.composite.score
    style = p.dim if score is None else p.bright
    _large(sheet, x + big_width("RISK ", 1, g.unicode) + 4, y, price(score, 0, g), style, g)
    for n, group in enumerate(risks.groups, 1):
        top, light = y + n * pitch + (pitch > row + 1), group.band
        _draw_shape(sheet, x, top, light, p, g)
        loud = light in ("watch", "stress")
        _large(sheet, x + _BOX, top, _name(group, g), p.bright if loud else p.dim, g)


def _large(sheet: Sheet, x: int, y: int, text: str, style: Style, g: Glyphs) -> None:
    for row, line in enumerate(big(text, 1, g.unicode)):
        sheet.put(x, y + row, line, style)


def _draw_shape(sheet: Sheet, x: int, y: int, light: Light, p: Palette, g: Glyphs) -> None:
    style = p.light(light)
    if not g.unicode:
        sheet.put(x, y, f"{g.light(light) * (6 if light == 'stress' else 1):^6} {g.letter(light)}", style)
        return
    for row, cells in enumerate(_SHAPES[light]):
        sheet.put(x, y + row, cells, style)
    # Close by, the letter says what the shape says from afar.
    letter = g.letter(light)
    if light in ("watch", "stress"):
        sheet.put(x + 3, y + 1, f"{letter} ", style + Style(reverse=True, bold=True))
    else:
        sheet.put(x, y + 1, letter, p.dim)


def draw_compact(sheet: Sheet, x: int, y: int, risks: Risks, p: Palette, g: Glyphs) -> None:
    """The composite and the groups in plain letters, from row `y` to the sheet's end."""
    score, width = risks.composite.score, sheet.width - x - 1
    band = risks.composite.band
    sheet.phrase(x, y, (("risk ", p.dim), (price(score, 0, g), p.dim if score is None else p.bright)))
    sheet.right(x + width, y, "" if score is None else band, p.light(band))
    pitch = max(1, min(3, (sheet.height - y - 1) // max(1, len(risks.groups))))
    for n, group in enumerate(risks.groups):
        top, light = y + 1 + n * pitch + (pitch > 1), group.band
        loud = light in ("watch", "stress")
        style = p.light(light) + Style(bold=loud)
        size = {"stress": 5, "watch": 3}.get(light, 1)
        for row in range(2 if pitch > 2 and light == "stress" and g.unicode else 1):
            block = "█" if g.unicode and light == "stress" else g.light(light)
            sheet.put(x + (5 - size) // 2, top + row, block * size if size != 3 else f"{block} {block}", style)
        sheet.put(x + 6, top, g.letter(light), style if loud else p.dim)
        words = g.words(clean(_SHORT.get(group.title, group.title), 40))
        end = sheet.right(x + width, top, price(group.score, 0, g), p.dim)
        sheet.put(x + 8, top, cut(words, end - x - 9, g), p.bright if loud else p.dim)


def compact_width(risks: Risks, g: Glyphs) -> int:
    """Columns of the lights with names in plain letters."""
    names = (cell_len(g.words(clean(_SHORT.get(one.title, one.title), 40))) for one in risks.groups)
    return max(COMPACT, 12 + max(names, default=0))
