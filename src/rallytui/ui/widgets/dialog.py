"""A dialog: a drawn box in the middle of the screen, a field to type in if it has one, and its keys in the last row."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from textual import events
from textual.app import ComposeResult
from textual.geometry import NULL_SPACING, Offset, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.screen import ModalScreen, ScreenResultType
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from rallytui.ui.keys import Action, Scope, fitting, hints
from rallytui.ui.widgets.canvas import Canvas, draw_rule
from rallytui.ui.widgets.sheet import Phrase, Sheet

FIELD_X, FIELD_Y = 4, 1
_NO_OFFSET = Offset(0, 0)


class Box(Canvas, can_focus=True):
    """The drawn part. What to draw is handed in by its screen."""

    def __init__(self, make: Callable[[Sheet], None]) -> None:
        super().__init__(id="box")
        self._make = make

    def draw(self, width: int, height: int) -> list[Strip]:
        """What the screen says."""
        sheet = Sheet(width, height, self.palette.text)
        self._make(sheet)
        return sheet.strips()


class _Middle(Layout):
    name = "middle"

    def __init__(self, wanted: Callable[[Size], Size]) -> None:
        self._wanted = wanted

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        width, height = self._wanted(size)
        width, height = min(width, size.width), min(height, size.height)
        x, y = (size.width - width) // 2, (size.height - height) // 2
        places = {
            "box": Region(x, y, width, height),
            "field": Region(x + FIELD_X, y + FIELD_Y, max(1, width - 2 * FIELD_X), 1),
        }
        # what comes later lies above what came before
        return [
            WidgetPlacement(places[child.id], _NO_OFFSET, NULL_SPACING, child, order)
            for order, child in enumerate(children)
            if child.id in places
        ]


class Dialog(ModalScreen[ScreenResultType]):
    """What dialogs share. A subclass draws its inside and says how large it would like to be."""

    DEFAULT_CSS = """
    Dialog { background: $background 60%; }
    Dialog:ansi { background: transparent; }
    Dialog > Input, Dialog > Input:focus { background: $background; background-tint: transparent; }
    """
    AUTO_FOCUS = ""
    scope: Scope = "app"

    def __init__(self) -> None:
        super().__init__()
        self._middle = _Middle(self.wanted)

    @property
    def layout(self) -> Layout:
        """The box in the middle, the field in its first row."""
        return self._middle

    def compose(self) -> ComposeResult:
        """The box, and above it the field."""
        yield Box(self._draw)
        yield from self.fields()

    def fields(self) -> ComposeResult:
        """The field to type in; none unless a subclass has one."""
        yield from ()

    def on_mount(self) -> None:
        """Whoever can be typed into gets the keys."""
        (next(iter(self.query(Input)), None) or self.box).focus()

    def on_key(self, event: events.Key) -> None:
        """What is typed before the field has the focus is not lost."""
        field = next(iter(self.query(Input)), None)
        if field is not None and not field.has_focus and event.is_printable and event.character:
            event.stop()
            field.insert_text_at_cursor(event.character)

    @property
    def box(self) -> Box:
        """The drawn part."""
        return cast(Box, self.query_one("#box"))

    def wanted(self, screen: Size) -> Size:
        """How large the box would like to be; it is never larger than the screen."""
        raise NotImplementedError

    def title_phrases(self) -> tuple[str, list[Phrase]]:
        """The title, and what else stands in the rule."""
        raise NotImplementedError

    def does(self, action: Action) -> bool:
        """Whether a key that exists here does something now."""
        return True

    def inside(self, sheet: Sheet, last: int) -> None:
        """Draw rows 1 to `last`."""
        raise NotImplementedError

    def _draw(self, sheet: Sheet) -> None:
        p, g = self.box.palette, self.box.glyphs
        bottom = sheet.height - 1
        self.inside(sheet, bottom - 2)
        title, phrases = self.title_phrases()
        draw_rule(sheet, 0, g.focus, p.accent, ((title, p.bright),), phrases)
        offered = fitting([action for action in hints((self.scope,)) if self.does(action)], sheet.width - 4)
        x = 2
        for action in sorted(offered, key=lambda action: action.rank):
            x = sheet.phrase(x, bottom - 1, ((action.cap, p.bright), (f" {action.label}", p.dim))) + 3
        sheet.put(0, bottom, g.rule * sheet.width, p.rule)
