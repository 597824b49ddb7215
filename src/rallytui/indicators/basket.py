"""A theme's basket and its breadth (METHODOLOGY B.3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rallytui.indicators.arrays import FloatArray, prices
from rallytui.indicators.numbers import real, reals

LEAST_MEMBERS = 0.6
BASE = 100.0


@dataclass(frozen=True, eq=False, slots=True)
class BasketPath:
    """An equal-weight basket by day: `levels` is NaN on days without enough members, `members` counts those used."""

    levels: FloatArray
    members: FloatArray


def basket(closes: Sequence[ArrayLike], base: float = BASE, joined: Sequence[int] = ()) -> BasketPath:
    """The daily rebalanced equal-weight basket of `closes`, one array a member, all on the same days (see `align`).

    It starts at `base` on the first day on which 60 % of the members have a close. A member counts on a day if it has
    this close and the one before; on a day with fewer than 60 % of them there is no level, and the next one goes on
    from the last. Trading costs are ignored. Give total-return closes.

    `joined` are the days, as places in the arrays, with whose close a member comes in; without it all are there at the
    start. Before that it is no member, so that the level of that day is the one without it.
    """
    if not len(closes):
        return BasketPath(np.empty(0), np.empty(0))
    table = np.stack([prices(column) for column in closes])
    places = np.asarray(joined if len(joined) else [0] * len(table))
    inside = np.arange(table.shape[1]) >= places[:, np.newaxis]
    table = np.where(inside, table, np.nan)
    members = inside.sum(axis=0)
    before = np.append(members[:1], members[:-1])
    returns = table[:, 1:] / table[:, :-1] - 1
    present = ~np.isnan(table)
    counts = present.sum(axis=0)
    used = np.concatenate([counts[:1], (~np.isnan(returns)).sum(axis=0)])
    enough = used >= LEAST_MEMBERS * before
    started = (counts >= LEAST_MEMBERS * members) & (members > 0)
    levels = np.full(table.shape[1], np.nan)
    if not started.any():
        return BasketPath(levels, used.astype(np.float64))
    first = int(np.argmax(started))
    used[first] = counts[first]
    steps = np.where(enough[first + 1 :], np.nansum(returns[:, first:], axis=0) / np.maximum(used[first + 1 :], 1), 0.0)
    with np.errstate(over="ignore", invalid="ignore"):
        path = base * np.cumprod(np.append(1.0, 1 + steps))
    levels[first:] = np.where(np.append(True, enough[first + 1 :]), prices(path), np.nan)
    return BasketPath(levels, used.astype(np.float64))


@dataclass(frozen=True, slots=True)
class Share:
    """`above` of `known` members; a member without a reading is in neither."""

    above: int
    known: int


def share_above(values: Iterable[float | None], threshold: float = 0.0) -> Share:
    """How many values are above `threshold`, as in members above their average by `dist_sma_pct` (METHODOLOGY B.3)."""
    known = [number for number in map(real, values) if number is not None]
    return Share(sum(number > threshold for number in known), len(known))


@dataclass(frozen=True, slots=True)
class Advances:
    """Members by the sign of their change at full precision; `share` is advancers over advancers and decliners."""

    advancers: int
    decliners: int
    unchanged: int
    share: float | None


def advances(changes: Iterable[float | None]) -> Advances:
    """Count rises, falls and no change; None as a change is not counted (METHODOLOGY B.3)."""
    known = [number for number in map(real, changes) if number is not None]
    up, down = sum(number > 0 for number in known), sum(number < 0 for number in known)
    return Advances(up, down, len(known) - up - down, up / (up + down) if up + down else None)


def mix_pct(returns: Iterable[float | None]) -> float | None:
    """The mean return of equal sleeves, percent; None if any is missing, as it would be another mix."""
    known = reals(*returns)
    return sum(known) / len(known) if known else None
