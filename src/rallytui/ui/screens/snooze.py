"""The small menu behind `z`: for how long a tripwire keeps quiet. It is still kept in the log."""

from __future__ import annotations

from textual.geometry import Size

from rallytui.ui.format import clean, cut
from rallytui.ui.keys import ACTIONS, Action, Scope, bindings, chapter
from rallytui.ui.widgets.dialog import Dialog
from rallytui.ui.widgets.sheet import Phrase, Sheet


class Snooze(Dialog[str]):
    """Answers `hour`, `open` or `week`; an empty text ends the quiet, and nothing at all leaves it as it is."""

    BINDINGS = bindings("snoozing")
    scope: Scope = "snoozing"

    def __init__(self, rule: str, quiet: bool) -> None:
        super().__init__()
        self._rule, self._quiet = rule, quiet

    def wanted(self, screen: Size) -> Size:
        return Size(min(56, screen.width), 8)

    def title_phrases(self) -> tuple[str, list[Phrase]]:
        rule = self.box.glyphs.words(clean(self._rule, 24))
        return "Keep quiet", [((rule, self.box.palette.dim),)]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is not quiet cannot be ended."""
        return self._quiet or action != "choose" or parameters != ("",)

    def action_choose(self, until: str) -> None:
        self.dismiss(until)

    def action_back(self) -> None:
        self.dismiss(None)

    def inside(self, sheet: Sheet, last: int) -> None:
        p, g = self.box.palette, self.box.glyphs
        actions: tuple[Action, ...] = getattr(self.app, "actions", ACTIONS)
        offered = [one for one in chapter(("snoozing",), actions) if one.id != "snooze_leave"]
        shown = offered if self._quiet else offered[:-1]
        for y, action in enumerate(shown, 1):
            sheet.put(2, y, cut(action.shown, 4, g), p.bright)
            sheet.put(6, y, cut(g.words(action.help), sheet.width - 8, g), p.text)
