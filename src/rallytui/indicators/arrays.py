"""Array guards: clean prices and days, returns. Missing is NaN inside an array, never as a scalar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rallytui.indicators.numbers import LARGEST, SMALLEST

FloatArray = NDArray[np.float64]
DayArray = NDArray[np.datetime64]

EPOCH = date(1970, 1, 1).toordinal()


def prices(values: ArrayLike) -> FloatArray:
    """`values` as floats with NaN where a number cannot be a price (not finite, not positive, absurd)."""
    array = np.asarray(values, dtype=np.float64)
    return np.where((array > SMALLEST) & (array < LARGEST), array, np.nan)


def known(values: FloatArray) -> FloatArray:
    """The entries that are not NaN."""
    return values[~np.isnan(values)]


def closes_of(values: ArrayLike) -> FloatArray:
    """The usable prices of `values`, the gaps taken out."""
    return known(prices(values))


def log_returns(closes: FloatArray) -> FloatArray:
    """Log returns between neighbouring bars; one across a missing bar is dropped, not chained (METHODOLOGY B)."""
    return known(np.diff(np.log(closes)))


def at_back(values: ArrayLike, steps: int) -> float | None:
    """The price `steps` bars before the last one; None if it is missing or before the first."""
    array = np.asarray(values, dtype=np.float64)
    price = float(array[-1 - steps]) if 0 <= steps < len(array) else 0.0
    return price if SMALLEST < price < LARGEST else None


def to_date(day: np.datetime64) -> date:
    """A numpy day as a date."""
    return date.fromordinal(int(day.astype("datetime64[D]").astype(np.int64)) + EPOCH)


def arrange(days: DayArray, *columns: ArrayLike) -> tuple[DayArray, list[FloatArray]]:
    """`days` ascending without repeats, with their columns; of rows with the same day the last one stays."""
    days = np.asarray(days, dtype="datetime64[D]")
    arrays = [np.asarray(column, dtype=np.float64) for column in columns]
    if bool(np.all(days[1:] > days[:-1])) and not np.isnat(days[:1]).any():
        return days, arrays
    order = np.argsort(days, kind="stable")
    order = order[~np.isnat(days[order])]
    sorted_days = days[order]
    order = order[np.append(sorted_days[1:] != sorted_days[:-1], np.ones(min(1, len(order)), dtype=bool))]
    return days[order], [array[order] for array in arrays]


def place_of(days: DayArray, day: np.datetime64) -> int | None:
    """Where `day` stands in ascending `days`; None if it does not."""
    place = int(np.searchsorted(days, day))
    return place if place < len(days) and days[place] == day else None


@dataclass(frozen=True, eq=False, slots=True)
class Observations:
    """Values by day: `days` strictly ascending `datetime64[D]`, `values` finite and of the same length."""

    days: DayArray
    values: FloatArray

    def upto(self, day: date) -> Observations:
        """The observations that describe `day` or earlier; shares memory."""
        end = int(np.searchsorted(self.days, np.datetime64(day, "D"), side="right"))
        return Observations(self.days[:end], self.values[:end])

    def at(self, day: np.datetime64) -> float | None:
        """The value of exactly `day`."""
        place = place_of(self.days, day)
        return None if place is None else float(self.values[place])


def observations(days: ArrayLike, values: ArrayLike) -> Observations:
    """Observations from any two columns of one length: sorted, the last of equal days kept, missing rows left out."""
    ordered, (column,) = arrange(np.asarray(days, dtype="datetime64[D]"), values)
    keep = np.abs(column) < LARGEST
    return Observations(ordered[keep], column[keep])
