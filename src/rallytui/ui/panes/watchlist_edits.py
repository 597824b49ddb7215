"""Symbols added, removed and moved in the app: what to keep, what to show until the board has it, and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from rallytui.board.shape import Board
from rallytui.config.state import ListEdit, State, with_symbols
from rallytui.ui.source import BoardSource

LEVELS = 50


class Change(NamedTuple):
    """A list as it is shown, and as it shall be."""

    shown: list[str]
    wanted: list[str]


class _Step(NamedTuple):
    undone: str
    edits: dict[str, ListEdit | None]
    shown: dict[str, list[str]]


class Edits:
    """Whatever was chosen holds at once, and the last steps can be undone one by one."""

    def __init__(self) -> None:
        self.expected: dict[str, list[str]] = {}
        """The symbols of the lists that the board does not show as they were arranged."""
        self._steps: list[_Step] = []
        self._problem = ""

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._steps)

    def settle(self, board: Board | None) -> None:
        """Forget what the board has by now."""
        for one in board.watchlists if board else []:
            if self.expected.get(one.name) == [row.symbol for row in one.rows]:
                del self.expected[one.name]

    def make(self, source: BoardSource, changes: Mapping[str, Change], undone: str, join: bool = False) -> str:
        """Keep these changes; why they could not be kept, said once. `join` makes one step of several of a kind."""
        state = source.state
        last = self._steps[-1] if self._steps else None
        if not (join and last and last.undone == undone and last.edits.keys() == changes.keys()):
            before = {name: state.lists.get(name) for name in changes}
            self._steps.append(_Step(undone, before, {name: change.shown for name, change in changes.items()}))
            del self._steps[:-LEVELS]
        for name, (shown, wanted) in changes.items():
            state = with_symbols(state, name, shown, wanted)
            self.expected[name] = list(wanted)
        return self._keep(source, state)

    def undo(self, source: BoardSource) -> str:
        """Take the last step back; what to say about it."""
        undone, edits, shown = self._steps.pop()
        lists = {name: edit for name, edit in source.state.lists.items() if name not in edits}
        lists |= {name: edit for name, edit in edits.items() if edit is not None}
        self.expected |= shown
        return " · ".join(filter(None, (undone, self._keep(source, replace(source.state, lists=lists)))))

    def _keep(self, source: BoardSource, state: State) -> str:
        problem = source.choose(state)
        said, self._problem = self._problem, problem
        return problem if problem != said else ""


def without(symbols: Sequence[str], symbol: str) -> list[str]:
    """The symbols less one."""
    return [one for one in symbols if one != symbol]


def swapped(symbols: Sequence[str], symbol: str, steps: int) -> list[str]:
    """The symbols with one of them `steps` further down (up if negative); it stops at the ends."""
    others, at = without(symbols, symbol), list(symbols).index(symbol)
    to = max(0, min(len(others), at + steps))
    return [*others[:to], symbol, *others[to:]]
