"""build_board: from a tape, settings and an instant to the Board. Pure: no clock, no network, no disk, no screen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from rallytui.board.base import base_of
from rallytui.board.charts import symbol_charts, target_chart
from rallytui.board.closeup import build_close_up
from rallytui.board.context import build_context, build_sleeves
from rallytui.board.health import build_health, build_notes, build_problems
from rallytui.board.memo import Memo
from rallytui.board.moment import Moment, moment_of
from rallytui.board.risk import build_risks
from rallytui.board.shape import Board, Mode, Session
from rallytui.board.target import build_target
from rallytui.board.thesis import build_thesis
from rallytui.board.watchlist import build_watchlist
from rallytui.config import Settings
from rallytui.sessions import Calendar
from rallytui.tape import Tape

NONE_OPEN = ("", "")


class Builder:
    """Builds boards one after another and keeps what did not change between them."""

    def __init__(self, settings: Settings, calendar: Calendar) -> None:
        self._settings = settings
        self._calendar = calendar
        self._memo = Memo()

    def build(
        self,
        tape: Tape,
        as_of: datetime,
        mode: Mode = "live",
        problems: Iterable[str] = (),
        opened: tuple[str, str] = NONE_OPEN,
    ) -> Board:
        """The board of `as_of` (aware UTC). `problems` are put before those that the tape shows."""
        own = (tape, self._settings, as_of, self._calendar)
        return build_board(*own, mode=mode, memo=self._memo, problems=problems, opened=opened)


def build_board(
    tape: Tape,
    settings: Settings,
    as_of: datetime,
    calendar: Calendar,
    *,
    mode: Mode = "live",
    memo: Memo | None = None,
    problems: Iterable[str] = (),
    opened: tuple[str, str] = NONE_OPEN,
) -> Board:
    """The board of an instant: "now" is only an `as_of` that moves (METHODOLOGY 0.2).

    Facts that became known later are cut off first, whatever the mode. `memo` only saves time. `opened` is the kind and
    the key of the page that is open: the board then carries its `close_up`.
    """
    moment = moment_of(tape, settings, as_of, calendar, mode, memo or Memo())
    bases = [base_of(moment, target) for target in settings.targets]
    targets = [build_target(base) for base in bases]
    watchlists = [build_watchlist(moment, name, own) for name, own in settings.watchlists.items()]
    symbols = [symbol for own in settings.watchlists.values() for symbol in (*own.symbols, own.benchmark)]
    charts = symbol_charts(moment, symbols)
    risks = build_risks(moment)
    for base, target in zip(bases, targets, strict=True):
        charts[target.symbol] = target_chart(base, target.next_rung)
    return Board(
        mode=mode,
        as_of=as_of,
        thesis_name=settings.thesis.name,
        session=build_session(moment),
        targets=targets,
        watchlists=watchlists,
        risks=replace(risks, context=build_context(moment, targets, watchlists)),
        thesis=build_thesis(moment, targets),
        health=build_health(moment),
        problems=[*problems, *build_problems(moment, targets, watchlists, risks)],
        sleeves=build_sleeves(moment),
        notes=build_notes(moment, targets),
        charts=charts,
        close_up=build_close_up(moment, *opened),
    )


def build_session(moment: Moment) -> Session:
    """Where the exchange's day stands."""
    state, calendar = moment.state, moment.calendar
    closes = calendar.close_at(moment.today) if state == "regular" else None
    return Session(state, moment.completed, calendar.next_open(moment.as_of), closes)
