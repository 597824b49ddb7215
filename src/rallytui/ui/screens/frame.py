"""What all screens share: the header, a banner when something went wrong, the last row, and how they are painted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from textual.app import ComposeResult
from textual.widget import Widget

from rallytui.board.shape import Board
from rallytui.ui.keys import ACTIONS, Action, Scope, hints
from rallytui.ui.layout import SlotLayout
from rallytui.ui.steady import Steady
from rallytui.ui.widgets.banner import Banner
from rallytui.ui.widgets.header import HeaderBar
from rallytui.ui.widgets.narrow import NarrowScreen
from rallytui.ui.widgets.statusline import StatusLine


@dataclass(frozen=True, slots=True)
class Moment:
    """What the bars need to know besides the board."""

    now: datetime
    zone: tzinfo
    next_refresh: datetime | None = None
    waiting: str = ""
    """What an empty store waits for."""
    trouble: str = ""
    """What went wrong inside the program."""
    themes: bool = True
    """Whether the terminal can show them."""
    unread: int = 0
    """Events that nobody has acknowledged."""


class Frame(Steady, NarrowScreen[None]):
    """A screen between the two bars. It is told boards and moments by the app, also while something lies above it."""

    AUTO_FOCUS = ""

    def __init__(self, board: Board | None, ask: Callable[[], Moment]) -> None:
        super().__init__()
        self.board = board
        self.ask = ask
        self.moment = ask()
        self.places = SlotLayout()

    @property
    def layout(self) -> SlotLayout:
        """Our own: every widget has its slot."""
        return self.places

    def compose(self) -> ComposeResult:
        """Once; afterwards only state changes."""
        yield HeaderBar(id="header")
        yield Banner(id="banner")
        yield from self.content()
        yield StatusLine(id="status")

    def on_mount(self) -> None:
        """The first frame is complete."""
        self.paint(self.board)
        self.tick(self.ask())

    def content(self) -> Iterable[Widget]:
        """What stands between the bars."""
        raise NotImplementedError

    def paint(self, board: Board | None) -> None:
        """Show another board."""
        self.board = board

    def tick(self, moment: Moment) -> None:
        """Show another moment."""
        self.moment = moment
        for bar in (self.query_one(HeaderBar), self.query_one(StatusLine)):
            bar.tick(self.board, moment.now, moment.zone, moment.next_refresh)
        self.offer_keys()
        if (moment.trouble != "") != self.places.banner:
            self.places.banner = bool(moment.trouble)
            self.relayout()
        if moment.trouble:
            self.query_one(Banner).say(moment.trouble)

    def say(self, words: str, wrong: bool = False) -> bool:
        """Say in the last row what a key did; False if there is no room for it."""
        line = self.query_one(StatusLine)
        return line in self.displayed_children and line.say(words, wrong)

    def relayout(self) -> None:
        """Place everything anew. Textual forgets an arrangement only when a child asks for another one."""
        self.query_one(StatusLine).refresh(layout=True)

    def scopes(self) -> tuple[Scope, ...]:
        """Where the keys that the last row names exist."""
        raise NotImplementedError

    def offer_keys(self) -> None:
        """Name the keys that do something now."""
        actions = with_unread(self.actions, self.moment.unread)
        self.query_one(StatusLine).offer([one for one in hints(self.scopes(), actions) if self.does(one)])

    @property
    def actions(self) -> Sequence[Action]:
        """The registry with the keys that the config gives them."""
        found: Sequence[Action] = getattr(self.app, "actions", ACTIONS)
        return found

    def does(self, action: Action) -> bool:
        """Whether a key that exists here does something now."""
        return self.moment.themes or action.id != "theme"


def with_unread(actions: Sequence[Action], unread: int) -> Sequence[Action]:
    """The registry in which the key of the log says how many events are new, and so comes into the last row."""
    if not unread:
        return actions
    return [replace(one, label=f"{unread} new", rank=3) if one.id == "events" else one for one in actions]
