"""Whether a history is of one basis: splits that it lacks, rows that nobody traded, ranges that are typing errors.

METHODOLOGY 0.3 and G.4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rallytui.indicators.arrays import FloatArray
from rallytui.splits import FARTHEST, WILD, WILDEST, jumped, of_split

LEAST_JUMP = float(np.log(1.17))
"""A split by less cannot be told from a day of news."""
TYPICAL = 20
NEWS_VOLUME, RETURNED_VOLUME = 1.3, 2.0
"""A move beyond 40 % is news, and news trades more than usual: the least multiple of the median volume; and that of
one which is gone the day after."""
TURNED = 2.0
"""After a split the volume turns by its ratio, give or take this factor; on its day too."""
AT_OPEN = 0.05
"""A split is there at the open: how far that may be off, as a logarithm."""
LEAST_TRADED = 0.5
"""The share of sessions with a volume from which on a median of volumes says something."""
MOST_ODD = 5
"""A price that comes back after so many rows at most has not been away."""
TICK_ATRS, ATR_ROWS = 5.0, 14
LEAST_FAR = 5.0
"""Beyond the body by less than so many usual bodies nothing is looked at."""
Rows = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class Basis:
    """Which rows of a history count: `kept`, of the others the `odd` ones, which nobody can have traded, and all before
    row `cut`, which are of another basis or of one that is not known; `cut` is 0 without any."""

    kept: Rows
    cut: int
    odd: tuple[int, ...]


def basis_of(
    symbol: str, opens: FloatArray, closes: FloatArray, volumes: FloatArray, market: Callable[[int, int], float]
) -> Basis | None:
    """The basis of a history, rows ascending, closes above 0; None if all of it is of one.

    `market` gives the index's close on one row over that on another, 1.0 if it is not known. How far a price moved by
    itself on the day of a split is not known, so what lies before one is left out and not scaled.
    """
    moves = np.abs(np.diff(np.log(closes)))
    if not (moves > LEAST_JUMP).any():
        return None
    jumps = (np.flatnonzero(moves > LEAST_JUMP) + 1).tolist()
    odd = list[int]()
    for jump in jumps:
        if jump - 1 not in odd:
            odd += odd_from(symbol, jump, closes, volumes)
    rows = np.delete(np.arange(len(closes)), odd)
    close, volume, opened, cut = closes[rows], volumes[rows], opens[rows], 0
    for at in (np.flatnonzero(np.abs(np.diff(np.log(close))) > LEAST_JUMP) + 1).tolist()[::-1]:
        ratio = float(close[at] / close[at - 1])
        split = ratio / market(int(rows[at - 1]), int(rows[at]))
        unexplained = jumped(close[at], close[at - 1]) and not is_news(symbol, ratio, at, volume)
        if unexplained or (not symbol.startswith("^") and is_split(split, at, opened, close, volume)):
            cut = int(rows[at])
            break
    if not odd and not cut:
        return None
    kept = np.zeros(len(closes), dtype=bool)
    kept[rows[rows >= cut]] = True
    return Basis(kept, cut, tuple(row for row in odd if row >= cut))


def odd_from(symbol: str, row: int, closes: FloatArray, volumes: FloatArray) -> range:
    """The few rows from `row` on that lie more than 40 % off the one before, to which the price then returns, without
    the volume to show for it; empty if there is no such thing. A newest row has not returned yet."""
    before, here, last = float(closes[row - 1]), float(closes[row]), len(closes) - 1
    if not jumped(here, before):
        return range(0)
    later = range(row + 1, min(row + MOST_ODD, last) + 1)
    end = next((at for at in later if abs(np.log(closes[at] / before)) < abs(np.log(closes[at] / here))), None)
    if end is not None:
        return range(0) if is_news(symbol, here / before, row, volumes, RETURNED_VOLUME) else range(row, end)
    ratio = here / before
    if row < last or is_news(symbol, ratio, row, volumes):
        return range(0)
    split = not symbol.startswith("^") and is_split(ratio, row, closes, closes, volumes)
    return range(0) if split else range(row, row + 1)


def is_news(symbol: str, ratio: float, at: int, volumes: FloatArray, least: float = NEWS_VOLUME) -> bool:
    """Whether a jump is borne out: by more volume than usual, or because such an index moves so far."""
    if WILD.fullmatch(symbol):
        return 1 / WILDEST <= ratio <= WILDEST
    if symbol.startswith("^") or not 1 / FARTHEST <= ratio <= FARTHEST:
        return False
    usual = median(volumes[max(0, at - TYPICAL) : at])
    here = float(volumes[at])
    if not here > 0 or usual is None:
        return here > 0  # nothing to compare with: that it was traded has to do
    return here >= least * usual


def is_split(ratio: float, at: int, opens: FloatArray, closes: FloatArray, volumes: FloatArray) -> bool:
    """Whether the jump to row `at` is a split's: of n:m, there at the open, the volume turned by it.

    The day's own volume has to have turned, too: on a day of news it is a multiple of that. And what was traded in
    money has to have changed less than what was traded in shares.
    """
    before, after = median(volumes[max(0, at - TYPICAL) : at]), median(volumes[at : at + TYPICAL])
    here, opened = float(volumes[at]), float(opens[at])
    if before is None or after is None or not here > 0 or not of_split(ratio):
        return False
    if opened > 0 and abs(np.log(opened / closes[at - 1] / ratio)) > AT_OPEN:
        return False
    if abs(np.log(after / before * ratio)) >= abs(np.log(after / before)):
        return False
    return all(1 / TURNED <= one / before * ratio <= TURNED for one in (after, here))


def median(volumes: FloatArray) -> float | None:
    """The median of the volumes above 0; None if half of the sessions have none."""
    traded = volumes[volumes > 0]
    return float(np.median(traded)) if len(traded) >= max(1.0, LEAST_TRADED * len(volumes)) else None


def bad_ticks(opens: FloatArray, highs: FloatArray, lows: FloatArray, closes: FloatArray) -> tuple[Rows, Rows]:
    """The highs and the lows that lie more than 5 ATR beyond open and close: no range is made of them (G.4).

    The average true range is that of the 14 rows before, or of the first rows, without others that stick out.
    """
    top, bottom = np.fmax(opens, closes), np.fmin(opens, closes)
    over, under = highs - top, bottom - lows
    size = (top - bottom) / closes
    least = LEAST_FAR * (float(np.median(size[~np.isnan(size)])) if len(closes) else 0.0)
    far = over > least * closes, under > least * closes
    if not (far[0].any() or far[1].any()):
        return far
    before = np.concatenate((closes[:1], closes[:-1]))
    ranges = np.fmax(np.fmax(highs, top), before) - np.fmin(np.fmin(lows, bottom), before)
    calm = np.flatnonzero(~(far[0] | far[1]) & ~np.isnan(ranges))
    for sticks, beyond in zip(far, (over, under), strict=True):
        for row in np.flatnonzero(sticks).tolist():
            place = int(np.searchsorted(calm, row))
            near = calm[max(0, place - ATR_ROWS) : place] if place >= ATR_ROWS else calm[:ATR_ROWS]
            average = float(ranges[near].mean()) if len(near) else 0.0
            sticks[row] = average > 0 and float(beyond[row]) > TICK_ATRS * average
    return far
