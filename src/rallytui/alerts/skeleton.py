"""A board of nothing but names, made from the settings: which paths there are can be told before any data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from msgspec.structs import asdict

from rallytui.alerts.path import WrongPath, follow, hint, is_number, options
from rallytui.board.shape import (
    Baseline,
    Basket,
    Board,
    Breadth,
    Claim,
    Composite,
    Group,
    Indicator,
    Risks,
    Row,
    Rung,
    Session,
    SourceHealth,
    Target,
    TargetStats,
    Watchlist,
)
from rallytui.config import Settings
from rallytui.config.check import INDICATORS, SERVES, Fault, nearest
from rallytui.config.settings import Alert, TargetSettings, WatchlistSettings
from rallytui.config.tripwires import LEVELS, plain, tests_of

CLAIMS = ("D0", "D1", "D2", "D3", "D4", "D5", "D6", "D7")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def skeleton(settings: Settings) -> Board:
    """The board of these settings without any reading."""
    return Board(
        mode="live",
        as_of=EPOCH,
        thesis_name=settings.thesis.name,
        session=Session("closed", EPOCH.date(), None),
        targets=[target(settings, one) for one in settings.targets],
        watchlists=[watchlist(name, one) for name, one in settings.watchlists.items()],
        risks=Risks(Composite(None, "unknown", 0.0), [group(settings, name) for name in asdict(settings.risk.weights)]),
        thesis=[Claim(name, "", "unknown", "") for name in CLAIMS],
        health=[SourceHealth(name, "", "", "untried", None, 0, None, "") for name in SERVES],
        problems=[],
    )


def target(settings: Settings, own: TargetSettings) -> Target:
    return Target(
        symbol=own.symbol,
        name=own.name,
        last=None,
        change=None,
        change_pct=None,
        baseline=Baseline(settings.baseline_of(own), None),
        by=own.by,
        next_rung=None,
        rung_progress=None,
        rungs=[Rung(level, "no_data", None) for level in own.levels],
        stats=TargetStats(),
    )


def watchlist(name: str, own: WatchlistSettings) -> Watchlist:
    return Watchlist(name, own.title, own.benchmark, Basket(), Breadth(), [Row(symbol) for symbol in own.symbols])


def group(settings: Settings, name: str) -> Group:
    switched = settings.risk.indicators
    members = [one for one in INDICATORS if one.startswith(name) and (one not in switched or switched[one].on)]
    unknown = [Indicator(one, "", None, "", None, "unknown", None, None, 0.0, "") for one in members]
    return Group(name, "", 0.0, None, "unknown", unknown)


def check(settings: Settings, shown: Settings | None = None) -> Iterator[Fault]:
    """What is wrong with the paths of the tripwires and the values they wait for.

    `shown` are the settings with the choices made in the app, if they differ: a path of either is right.
    """
    if not settings.alerts:
        return
    boards = [skeleton(one) for one in (settings, shown) if one is not None]
    for index, alert in enumerate(settings.alerts):
        yield from path_faults(("alerts", str(index)), alert, boards)


def path_faults(path: tuple[str, ...], alert: Alert, boards: list[Board]) -> Iterator[Fault]:
    kind = None
    for board in boards:
        try:
            kind = follow(board, alert.metric).kind
        except WrongPath:
            continue
    if kind is None:
        yield Fault((*path, "metric"), f"there is no reading {alert.metric!r}; {hint(boards[-1], alert.metric)}")
        return
    test = tests_of(alert)[0]
    if test in LEVELS and not is_number(kind):
        yield Fault((*path, test), f"{alert.metric} is no number; write becomes or changes in place of {test}")
    if test == "becomes":
        yield from value_faults((*path, test), alert, kind)


def value_faults(path: tuple[str, ...], alert: Alert, kind: object) -> Iterator[Fault]:
    value, known = alert.becomes, options(kind)
    if value is None:
        return
    if is_number(kind) and (isinstance(value, bool) or not isinstance(value, (int, float))):
        yield Fault(path, f"{alert.metric} is a number, not {plain(value)!r}")
    elif known and value not in known:
        yield Fault(path, f"{alert.metric} is never {plain(value)!r}; {nearest(plain(value), known)}")
    elif kind in (bool, bool | None) and not isinstance(value, bool):
        yield Fault(path, f"{alert.metric} is true or false, not {plain(value)!r}")
