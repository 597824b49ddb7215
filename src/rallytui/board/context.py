"""Shown beside the scores without being scored: context of the risks, and the sleeves of a balanced exposure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from rallytui.board.moment import History, Moment
from rallytui.board.shape import Context, Sleeve, Target, Watchlist
from rallytui.board.tracks import MARKET, tracks_of
from rallytui.board.watchlist import basket_path, joined_days
from rallytui.indicators.arrays import known
from rallytui.indicators.basket import BASE, mix_pct
from rallytui.indicators.catalog import SHOWN_UNSCORED
from rallytui.indicators.numbers import change_pct
from rallytui.indicators.risk import apply

LARGE_CAPS, DEFENSIVES = ("SPY",), ("XLU", "TLT", "GLD")


def build_context(moment: Moment, targets: Sequence[Target], watchlists: Sequence[Watchlist]) -> list[Context]:
    """Readings that help to read the lights (METHODOLOGY C.1, shown and not scored)."""
    rows = [Context(title, ratio(moment, title), "%") for title, _ in SHOWN_UNSCORED]
    rows += [breadth(watchlist) for watchlist in watchlists[:1]]
    stats, sigma = targets[0].stats, targets[0].stats.implied_vol_pct
    realised = stats.vol_yz21_pct
    gap = None if realised is None or sigma is None else realised - sigma
    return [*rows, Context("Realised less implied volatility", gap, "pp")]


def ratio(moment: Moment, title: str) -> float | None:
    """One of the catalogue's unscored ratios, percent."""
    recipe = dict(SHOWN_UNSCORED)[title]
    tracks = tracks_of(moment, frozenset(recipe.inputs))
    data = {item: track.data for item, track in tracks.items()}
    found = moment.memo.get(
        ("context", title), tuple(tracks.values()), lambda: apply(recipe, data, np.array([], "M8[D]"))
    )
    return found.value if found else None


def breadth(watchlist: Watchlist) -> Context:
    """The share of the theme's names above their 50-day average."""
    held = watchlist.breadth
    share = 100 * held.above_sma50 / held.with_sma50 if held.with_sma50 else None
    return Context(f"{watchlist.title} above 50 d", share, "%", signed=False)


def build_sleeves(moment: Moment) -> list[Sleeve]:
    """Total return since the start of large caps, the theme, defensives, and a third of each (METHODOLOGY B.3)."""
    theme = next(iter(moment.settings.watchlists.values()), None)
    start = moment.settings.thesis.baseline
    days = dict(zip(theme.symbols, joined_days(theme, start), strict=True)) if theme else {}
    parts = {
        "Large caps": dict.fromkeys(LARGE_CAPS, start),
        theme.title if theme else "Theme": {
            name: day for name, day in days.items() if day <= max(moment.completed, start)
        },
        "Defensives": dict.fromkeys(DEFENSIVES, start),
    }
    sleeves = [Sleeve(title, list(names), *since_start(moment, title, names)) for title, names in parts.items()]
    return [*sleeves, Sleeve("A third of each", [], mix_pct(sleeve.since_start_pct for sleeve in sleeves))]


def since_start(moment: Moment, title: str, names: Mapping[str, date]) -> tuple[float | None, int]:
    """Total return of an equal-weight sleeve since the baseline's close, percent, and how many members are in it.

    `names` are the symbols with the day from whose close each counts.

    None before a session has passed, and with fewer than 60 % of the members, as for any basket (METHODOLOGY B.3).
    """
    market, members = moment.history(MARKET), [moment.history(symbol) for symbol in names]
    counted = sum(member is not None for member in members)
    if market is None or not counted:
        return None, counted
    start, days = np.datetime64(moment.settings.thesis.baseline, "D"), tuple(names.values())
    inputs = (market, *members, start, days)
    made = moment.memo.get(("sleeve", title), inputs, lambda: sleeve_return(market, members, start, days))
    return made, counted


def sleeve_return(
    market: History, members: Sequence[History | None], start: np.datetime64, joined: Sequence[date]
) -> float | None:
    levels = known(basket_path(members, market.days[market.days >= start], joined))
    return change_pct(float(levels[-1]), BASE) if len(levels) > 1 else None
