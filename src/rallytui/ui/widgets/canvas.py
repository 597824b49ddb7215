"""The drawing engine of all panes: draw lines, compare with those on screen, repaint only the cells that changed."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from rich.cells import cell_len, get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.geometry import Region
from textual.strip import Strip
from textual.theme import Theme
from textual.widget import Widget

from rallytui.board.shape import Board
from rallytui.ui import theme
from rallytui.ui.format import cut
from rallytui.ui.glyphs import ASCII, UNICODE, Glyphs
from rallytui.ui.steady import Steady
from rallytui.ui.widgets.sheet import Phrase, Sheet, phrase_len

_log = logging.getLogger(__name__)
# A gap this short is cheaper to paint again than to jump over.
_JOIN = 6


class Canvas(Steady, Widget):
    """A widget that draws itself as lines. A subclass gives `draw` and calls `repaint` when its state has changed."""

    DEFAULT_CSS = "Canvas { width: 1fr; height: 1fr; }"
    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._strips: list[Strip] = []
        self._failure = ""

    def draw(self, width: int, height: int) -> Sequence[Text | Strip]:
        """The lines to show, from the widget's state alone."""
        raise NotImplementedError

    @property
    def palette(self) -> theme.Palette:
        """The styles to draw with: the app's, or those of its theme."""
        found = getattr(self.app, "palette", None)
        return found if isinstance(found, theme.Palette) else theme.palette(self.app.theme)

    @property
    def glyphs(self) -> Glyphs:
        """The signs to draw with: the app's, or Unicode."""
        found = getattr(self.app, "glyphs", None)
        return found if isinstance(found, Glyphs) else UNICODE

    def on_mount(self) -> None:
        """Follow the theme."""
        self.app.theme_changed_signal.subscribe(self, self._theme_changed)

    def _theme_changed(self, _theme: Theme) -> None:
        self.redraw()

    def redraw(self) -> None:
        """Draw everything anew, as after a change of colours."""
        self._strips = []
        self.refresh()

    def repaint(self) -> None:
        """Draw, and refresh only what differs from the screen."""
        if not self._is_current():
            self.refresh()  # nothing drawn at this size yet: `render_line` will
            return
        old, self._strips = self._strips, self._draw_strips()
        regions = changed_regions(old, self._strips)
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        """One line, for Textual."""
        if not self._is_current():
            self._strips = self._draw_strips()
        line = self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width)
        return line.apply_style(self.palette.ground)

    def _is_current(self) -> bool:
        strips, size = self._strips, self.size
        return len(strips) == size.height and bool(strips) and strips[0].cell_length == size.width

    def _draw_strips(self) -> list[Strip]:
        width, height = self.size
        base = self.palette.text
        lines = [self._strip(line, base) for line in self._safe_draw(width, height)[:height]]
        lines += [Strip([])] * (height - len(lines))
        return [line.adjust_cell_length(width, base) for line in lines]

    def _safe_draw(self, width: int, height: int) -> Sequence[Text | Strip]:
        # A fault in one pane must not end the app: the others go on, and the log has the details once.
        try:
            return self.draw(width, height)
        except Exception as fault:
            if repr(fault) != self._failure:
                self._failure = repr(fault)
                _log.exception("%s could not be drawn", type(self).__name__)
            return [Text(cut("This pane could not be drawn; the log file has the reason.", width))]

    def _strip(self, line: Text | Strip, base: Style) -> Strip:
        if isinstance(line, Strip):
            return line
        return Strip(Segment.apply_style(line.render(self.app.console), base))


def changed_regions(old: Sequence[Strip], new: Sequence[Strip]) -> list[Region]:
    """The smallest stretches of cells in which two drawings of one size differ."""
    return [
        Region(start, y, end - start, 1)
        for y, (before, after) in enumerate(zip(old, new, strict=True))
        if before != after
        for start, end in _changed_spans(_cells(before), _cells(after))
    ]


def _changed_spans(before: Sequence[object], after: Sequence[object]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for x, (old, new) in enumerate(zip(before, after, strict=True)):
        if old == new:
            continue
        if spans and x - spans[-1][1] < _JOIN:
            spans[-1] = (spans[-1][0], x + 1)
        else:
            spans.append((x, x + 1))
    return spans


def _cells(strip: Strip) -> list[tuple[str, int, Style | None]]:
    # Each cell names its sign and which of the sign's cells it is, so that a wide sign is repainted whole.
    return [
        (char, part, segment.style)
        for segment in strip
        for char in segment.text
        for part in range(get_character_cell_size(char))
    ]


class Pane(Canvas, can_focus=True):
    """A canvas with a rule on top: key and title on its left, a summary on its right. The body begins in row 1.

    Columns 0 and width-1 are the margins; only a raised row and the cursor's `▌` reach into them.
    """

    key = ""
    title = ""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.board: Board | None = None
        self.waiting = ""
        """What an empty store waits for, as in `waiting for Cboe, 3 s`: stands in the rule in place of the summary."""

    def show(self, board: Board | None) -> None:
        """Draw another board."""
        self.board = board
        self.repaint()

    def wait_for(self, text: str) -> None:
        """Say in the rule what the pane waits for; an empty text takes it away."""
        self.waiting = text
        self.repaint()

    def heading(self, width: int) -> Phrase:
        """The title in a rule of this width, behind the key."""
        return ((f" {self.title}", self.palette.bright),)

    def subtitle(self, board: Board | None) -> str:
        """Words after the title, such as the name of the index."""
        return ""

    def summary(self, board: Board | None) -> list[Phrase]:
        """What the rule says on its right, the most important phrase first; what has no room leaves."""
        return []

    def body(self, sheet: Sheet, board: Board | None) -> None:
        """Draw below the rule."""

    def watch_has_focus(self, has_focus: bool) -> None:
        """Textual's hook: the rule shows the focus."""
        super().watch_has_focus(has_focus)
        if self.is_mounted:
            self.repaint()

    def draw(self, width: int, height: int) -> Sequence[Text | Strip]:
        """The rule, then the body."""
        sheet = Sheet(width, height, self.palette.text)
        self.body(sheet, self.board)
        self._draw_rule(sheet)
        return sheet.strips()

    def _draw_rule(self, sheet: Sheet) -> None:
        p, g = self.palette, self.glyphs
        as_of = self.board is not None and self.board.mode == "as_of"
        lit = self.has_focus or as_of
        char = g.as_of if as_of else g.focus if self.has_focus else g.rule
        key = p.accent + Style(bold=True) if self.has_focus else p.dim
        name: Phrase = ((self.key, key), *self.heading(sheet.width))
        waiting: list[Phrase] = [((self.waiting, p.dim),)] if self.waiting else []
        phrases = waiting or self.summary(self.board)
        draw_rule(sheet, 0, char, p.accent if lit else p.rule, name, phrases, (self.subtitle(self.board), p.bright))


def draw_rule(
    sheet: Sheet,
    y: int,
    char: str,
    style: Style,
    name: Phrase,
    phrases: Sequence[Phrase] = (),
    subtitle: tuple[str, Style] | None = None,
) -> None:
    """Draw `─ 1 Target  S&P 500 ───── 7,408.30  ▼ −1.21 % ─` over the whole of row `y`; what has no room leaves."""
    sheet.put(0, y, char * sheet.width, style)
    room = sheet.width - 4  # the rule's ends and their blanks
    if room < 1:
        return
    used = phrase_len(name)
    # The subtitle gives way to the first phrase, and goes before the others.
    first = sum(phrase_len(phrase) + 3 for phrase in _fitting(phrases[:1], room - used - 3))
    title = (*name, *_after(subtitle, room - used - first))
    shown = _fitting(phrases, room - phrase_len(title) - 3)
    tail = sum(phrase_len(phrase) + 3 for phrase in shown)
    # The rule's own sign tells which kind of terminal this is.
    x = sheet.phrase(2, y, _cut_phrase(title, room, ASCII if char.isascii() else UNICODE))
    sheet.put(1, y, " ", style)
    sheet.put(x, y, " ", style)
    if not shown:
        return
    x = sheet.width - 2 - (tail - 3)
    sheet.put(x - 1, y, " ", style)
    for phrase in shown:
        end = sheet.phrase(x, y, phrase)
        sheet.put(end, y, "   "[: 1 if phrase is shown[-1] else 3], style)
        x = end + 3


def _fitting(phrases: Sequence[Phrase], room: int) -> list[Phrase]:
    shown: list[Phrase] = []
    for phrase in phrases:
        room -= phrase_len(phrase) + (3 if shown else 0)
        if room < 0:
            break
        shown.append(phrase)
    return shown


def _after(subtitle: tuple[str, Style] | None, room: int) -> Phrase:
    if subtitle is None or not subtitle[0] or room < cell_len(subtitle[0]) + 2:
        return ()
    return ((f"  {subtitle[0]}", subtitle[1]),)


def _cut_phrase(phrase: Phrase, width: int, g: Glyphs) -> list[tuple[str, Style]]:
    pieces = []
    for text, style in phrase:
        pieces.append((cut(text, width, g), style))
        width -= min(width, cell_len(text))
    return pieces
