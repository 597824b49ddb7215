"""The help page: keys from the registry, what each pane and number means, the signs, and what all this is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from textual.widget import Widget

from rallytui.board.shape import Board
from rallytui.board.words import HONESTY
from rallytui.ui.format import clean, cut, wrapped
from rallytui.ui.keys import GROUPS, Action, Scope, bindings, chapter
from rallytui.ui.panes.registry import BOARD_PANES
from rallytui.ui.screens.frame import Frame, Moment
from rallytui.ui.screens.sections import Column, side_by_side
from rallytui.ui.widgets.page import Page
from rallytui.ui.widgets.sheet import Sheet

_TWO_COLUMNS = 110
_PANES = {
    "target": (
        "How far the index is from its next rung, how many points that is, and the pace a session it takes to get "
        "there in time.",
        "Odds: the chance to touch the rung at least once by the last day, as a range of two scenarios. A rung that "
        "was reached and lost has the odds of touching it again.",
        "Plan: the steady line from the start to the next rung. Ahead of it or behind it counts in sessions.",
        "Chart: closes, plan, 50- and 200-day mean, and one standard deviation of the expected move ahead.",
        "Enter: every rung with its dates, pace, plan and odds; when trend and model expect the next one; the bands.",
    ),
    "watchlist": (
        "30 d and day: the closes of 30 sessions, and the running session. vol ×: volume against the mean of the 20 "
        "sessions before. 52-week: the place between the year's low and high.",
        "RSI: below 30 or above 70 stands out. beta: against the index, dim when it explains little.",
        "RS63: the move of 63 sessions against the index. rev y/y: the last quarter's revenue against a year before.",
        "report: the next one, estimated from past filings, give or take so many days.",
        "The basket is that of the start: a name with + joined later, and counts from the close of its day on.",
        "Several lists stand as tabs in the rule, and the last tab shows all names. Columns can be chosen and moved; "
        "until then as many show as fit. What is added, removed or chosen here stays for the next start.",
        "Enter: everything known about the name, and why something is missing, where that is known.",
    ),
    "risk": (
        "Every reading has a score from 0 calm to 100 extreme by fixed bounds: watch from 40, stress from 70. A light "
        "leaves its band only after two readings beyond the exit level; until then it is held. A group has the light "
        "of its worst member.",
        "The composite weighs the groups; watch from 40, stress from 60. Below 60 % of the data there is none. While "
        "other readings count than five sessions ago, the two are compared at equal readings.",
        "Enter: the reading's history over its bands, its bounds, its weight and its source. What is marked not "
        "scored counts nowhere.",
    ),
    "thesis": (
        "What the thesis promised, and whether the data bear it out. There is no overall mark.",
        "Enter: the whole evidence of the claim, and what the parts of a balanced exposure have returned.",
    ),
}  # fmt: skip
"""What each pane says, by its slot."""
_BEYOND = (
    ("Charts", (
        "A range from a day to the whole history, as candles or a line; it can be magnified and moved in time. "
        "R marks the day of a quarterly report. Volume stands below the prices.",
    )),
    ("Through time", (
        "A step back shows the whole board as it was known that evening at 18:00 in New York: later prices, "
        "revisions and filings are left out. The bar on top says AS OF until you return to live.",
    )),
    ("Wall", (
        "The distance, the names and the lights large enough to be read across the room. A group shows its worst "
        "light; a full block is stress.",
    )),
    ("Out of here", (
        "The board goes to a file as text, JSON, CSV or a picture, or as text to the clipboard.",
        "Events, the digest, the calendar and the history tell what happened, what is coming and what was judged.",
    )),
)  # fmt: skip


class HelpScreen(Frame):
    """One page that scrolls."""

    BINDINGS = bindings("help")

    def __init__(self, board: Board | None, ask: Callable[[], Moment], here: Sequence[Scope] = ()) -> None:
        super().__init__(board, ask)
        self._here = here

    def content(self) -> Iterable[Widget]:
        yield Page(self._draw, id="page")

    def on_mount(self) -> None:
        self.query_one(Page).focus()

    def scopes(self) -> tuple[Scope, ...]:
        return ("help",)

    def action_back(self) -> None:
        self.dismiss()

    def action_scroll_by(self, rows: int) -> None:
        self.query_one(Page).scroll_rows(rows)

    def action_scroll_page(self, pages: int) -> None:
        self.query_one(Page).scroll_pages(pages)

    # --- drawing ---

    def _draw(self, width: int, height: int) -> Sheet:
        page = self.query_one(Page)
        p, g = page.palette, page.glyphs
        if width < _TWO_COLUMNS:
            one = Column(width, p, g)
            _keys(one, self.actions, self._here)
            for part in (_panes, _signs, _honesty):
                part(one)
            _problems(one, self.board)
            return one.sheet(height)
        right = width * 58 // 100
        keys, rest = Column(width - right - 3, p, g), Column(right, p, g)
        _keys(keys, self.actions, self._here)
        _problems(rest, self.board)
        for part in (_panes, _signs, _honesty):
            part(rest)
        return side_by_side(keys, rest, 3, height)


def chapters(here: Sequence[Scope]) -> list[tuple[str, tuple[Scope, ...], bool]]:
    """Title and scopes of every chapter, and whether its keys are those of the place where the help was opened.

    First what is everywhere, then what is there, then the rest.
    """
    own = [(title, scopes, not {"app", *here}.isdisjoint(scopes)) for title, scopes in GROUPS]
    return [
        (title, scopes, near and "app" not in scopes) for title, scopes, near in sorted(own, key=lambda c: not c[2])
    ]


def _keys(column: Column, actions: Sequence[Action], here: Sequence[Scope]) -> None:
    p = column.p
    for title, scopes, near in chapters(here):
        column.rule(title, [(("where you were", p.dim),)] if near else ())
        for action in chapter(scopes, actions):
            first, *more = wrapped(action.help, column.width - 14) or [""]
            column.phrase(((f"{cut(action.shown, 10, column.g):<11}", p.bright), (column.g.words(first), p.text)))
            for line in more:
                column.phrase(((" " * 11, p.text), (line, p.text)))


def _panes(column: Column) -> None:
    panes = [(f"{pane.key}  {pane.title}", _PANES[pane.slot]) for pane in BOARD_PANES]
    for heading, parts in (("What the panes say", panes), ("Beyond the panes", _BEYOND)):
        column.rule(heading)
        for n, (title, sentences) in enumerate(parts):
            if n:
                column.blank()
            column.phrase(((title, column.p.bright),))
            for sentence in sentences:
                column.text(sentence)


def _signs(column: Column) -> None:
    p, g = column.p, column.g
    column.rule("Signs")
    column.phrase((
        (f"{g.calm} ", p.good), ("C calm   ", p.text), (f"{g.watch} ", p.watch), ("W watch   ", p.text),
        (f"{g.stress} ", p.bad), ("S stress   ", p.text), (f"{g.unknown} ? unknown, never counted as calm", p.dim),
    ))  # fmt: skip
    column.phrase((
        (f"{g.on_track} ", p.good), ("on track   ", p.text), (f"{g.at_risk} ", p.watch), ("at risk   ", p.text),
        (f"{g.broken} ", p.bad), ("broken   ", p.text), (f"{g.unsure} unknown", p.dim),
    ))  # fmt: skip
    column.phrase((
        (f"{g.up} ", p.up), ("up   ", p.text), (f"{g.down} ", p.down), ("down   ", p.text),
        (f"{g.delayed} delayed   {g.stale} stale   {g.failed} failed   {g.missing} not known", p.dim),
    ))  # fmt: skip
    column.phrase((
        (f"{g.reached} ", p.good), ("rung reached   ", p.text), (f"{g.open} ", p.text), ("open   ", p.text),
        (f"{g.retest} ", p.text), ("odds of touching it again", p.text),
    ))  # fmt: skip


def _honesty(column: Column) -> None:
    column.rule("What this is not")
    column.text(HONESTY)
    column.text("Unknown is never drawn as calm and never as zero. Nothing here is advice.")


def _problems(column: Column, board: Board | None) -> None:
    said = [*board.problems, *board.notes] if board else []
    if said:
        column.rule("What to know now")
    for problem in said:
        column.text(clean(problem))
