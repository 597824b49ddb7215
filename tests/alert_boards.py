"""Boards for tripwires: one name, one rung, a few lights, and a session that can be chosen."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from rallytui.alerts.event import Event
from rallytui.alerts.skeleton import skeleton
from rallytui.alerts.watch import evening_of
from rallytui.board.shape import Board, Closing, Indicator
from rallytui.config import Settings, WatchlistSettings
from rallytui.config.load import parse
from rallytui.sessions import nyse
from tests.facts import ny

MONDAY = date(2026, 9, 14)
NOON = ny("2026-09-14T12:00")


def config(text: str) -> Settings:
    """Settings with one name on the watchlist besides what `text` says."""
    return replace(parse(text, "my.toml"), watchlists={"ai": WatchlistSettings("AI", ["PATH", "BRK-B", "BF.B", "BF"])})


def board(at: datetime = NOON, **values: Any) -> Board:
    """A live board in the middle of a session; `values` are named by `set_values`."""
    made = skeleton(config(""))
    session = replace(made.session, state="regular", last_completed=nyse().last_completed(at))
    return set_values(replace(made, as_of=at, session=session), **values)


def evening(session: date = MONDAY, **values: Any) -> Board:
    """The board of the evening of a session."""
    made = skeleton(config(""))
    shut = replace(made.session, state="post", last_completed=session)
    return set_values(replace(made, mode="as_of", as_of=evening_of(session), session=shut), **values)


def sessions(count: int) -> list[date]:
    """The first sessions from Monday on."""
    return [nyse().after(MONDAY - timedelta(days=1), number + 1) for number in range(count)]


def set_values(
    made: Board,
    *,
    vix: float | None = None,
    vix_band: str = "calm",
    vix_freshness: float = 1.0,
    basket: float | None = None,
    composite: str = "unknown",
    claim: str = "unknown",
    touched: date | None = None,
    streak: int | None = None,
    change_pct: float | None = None,
    last: float | None = None,
    row: str = "fresh",
    filed: date | None = None,
    source: str = "ok",
    failures: int = 0,
    bar: float | None = None,
    **more: Any,
) -> Board:
    """The board with a VIX, a composite, a first claim, the rung 7,000, the name PATH, and the source Cboe."""
    bands = {"VC1": (vix, vix_band, vix_freshness), "AI2": (basket, "calm", 1.0)}
    groups = [
        replace(group, indicators=[lit(one, *bands.get(one.id, (None, "unknown", 0.0))) for one in group.indicators])
        for group in made.risks.groups
    ]
    risks = replace(made.risks, groups=groups, composite=replace(made.risks.composite, band=composite))
    rungs = [
        replace(one, state="reached" if touched else "open", first_touch_close=touched, streak=streak)
        if one.level == 7000
        else one
        for one in made.targets[0].rungs
    ]
    path = replace(
        made.watchlists[0].rows[0],
        last=last,
        change_pct=change_pct,
        atr_pct=4.0,
        freshness=row,
        filed=filed,
        closing=Closing(MONDAY, 100.0, bar),
        filed_form="10-Q",
    )
    return replace(
        made,
        risks=risks,
        targets=[replace(made.targets[0], last=7000.0, rungs=rungs, freshness="fresh")],
        watchlists=[replace(made.watchlists[0], rows=[path, *made.watchlists[0].rows[1:]])],
        thesis=[replace(one, claim="Cuts", status=claim) if one.id == "D1" else one for one in made.thesis],
        health=[
            replace(one, title="Cboe", status=source, failures=failures, detail="no answer")
            if one.provider == "cboe"
            else one
            for one in made.health
        ],
        **more,
    )


def lit(one: Indicator, value: float | None, band: str, freshness: float) -> Indicator:
    return replace(one, title=one.id, value=value, band="unknown" if value is None else band, freshness=freshness)


def told(events: list[Event]) -> list[tuple[str, str, str]]:
    """Rule, subject and session of events."""
    return [(event.rule, event.subject, str(event.session)) for event in events]
