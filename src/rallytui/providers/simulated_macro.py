"""The simulated economy: a path for every series of the catalogue, with first prints that are revised later."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import numpy as np

from rallytui.macro import CATALOG, known_at
from rallytui.providers.simulated_market import CALM_VIX, FIRST, Floats, Market, drawn
from rallytui.providers.simulated_universe import VIX, VIX3M, stream

HOLES = {"UNRATE": date(2025, 10, 1), "SAHMREALTIME": date(2025, 10, 1)}
"""October 2025 was never counted."""
TARGET_RATE = (
    *((FIRST, 2.5), (date(2019, 8, 1), 2.25), (date(2019, 9, 19), 2.0), (date(2019, 10, 31), 1.75)),
    *((date(2020, 3, 4), 1.25), (date(2020, 3, 16), 0.25), (date(2022, 3, 17), 0.5), (date(2022, 5, 5), 1.0)),
    *((date(2022, 6, 16), 1.75), (date(2022, 7, 28), 2.5), (date(2022, 9, 22), 3.25), (date(2022, 11, 3), 4.0)),
    *((date(2022, 12, 15), 4.5), (date(2023, 2, 2), 4.75), (date(2023, 3, 23), 5.0), (date(2023, 5, 4), 5.25)),
    *((date(2023, 7, 27), 5.5), (date(2024, 9, 19), 5.0), (date(2024, 11, 8), 4.75), (date(2024, 12, 19), 4.5)),
    *((date(2025, 9, 18), 4.25), (date(2025, 10, 30), 4.0), (date(2025, 12, 11), 3.75)),
    *((date(2026, 6, 18), 3.5), (date(2027, 3, 18), 3.25)),
)
UNEMPLOYMENT = (
    *((date(2017, 1, 1), 4.6), (date(2019, 12, 1), 3.6), (date(2020, 9, 1), 5.6), (date(2021, 12, 1), 3.9)),
    *((date(2023, 4, 1), 3.5), (date(2024, 7, 1), 4.2), (date(2025, 6, 1), 4.1), (date(2025, 11, 1), 4.5)),
    *((date(2026, 8, 1), 4.4), (date(2035, 12, 1), 4.4)),
)
REVISED_AFTER = {"weekly": timedelta(days=7), "monthly": timedelta(days=30), "quarterly": timedelta(days=30)}
REVISION = {"NFCI": 0.012, "ICSA": 2000.0, "UNRATE": 0.07, "JTSLDR": 0.07, "OPHNFB": 0.35}
"""How far the first print is off, one standard deviation, in the series' unit."""


class Economy:
    """Every series of `macro.CATALOG` over the market's whole time; `known` cuts it at a moment."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._paths: dict[str, tuple[list[date], Floats]] = {}

    def known(self, series_id: str, start: date, moment: datetime) -> Iterator[tuple[date, float]]:
        """Observations from `start` on with the values that could be read at `moment`, oldest first."""
        dates, values = self._path(series_id)
        prints = self._prints(series_id, values)
        count = bisect_right(dates, moment, key=lambda day: known_at(series_id, day))
        after = REVISED_AFTER.get(CATALOG[series_id].frequency, timedelta(0))
        settled = bisect_right(dates, moment - after, key=lambda day: known_at(series_id, day))
        for place in range(count):
            if dates[place] >= start and dates[place] != HOLES.get(series_id):
                yield dates[place], float((values if place < settled else prints)[place])

    def _path(self, series_id: str) -> tuple[list[date], Floats]:
        if series_id not in self._paths:
            dates = list(self._dates(series_id))
            values = self._values(series_id, dates)
            self._paths[series_id] = dates, values.round(CATALOG[series_id].digits)
        return self._paths[series_id]

    def _prints(self, series_id: str, values: Floats) -> Floats:
        """What was published first."""
        entry = CATALOG[series_id]
        off = REVISION.get(series_id, 0.0) * self._noise(series_id, len(values), "first print")
        return (values + off).round(-3 if series_id == "ICSA" else entry.digits)

    def _dates(self, series_id: str) -> Iterator[date]:
        last = self._market.days[-1]
        frequency = CATALOG[series_id].frequency
        if series_id in ("DFF", "DFEDTARU"):
            yield from (FIRST + timedelta(days=number) for number in range((last - FIRST).days))
        elif frequency == "daily":
            yield from self._market.days
        elif frequency == "weekly":
            first = date(2018, 1, 5 if series_id == "NFCI" else 6)  # a Friday, a Saturday
            yield from (first + timedelta(weeks=number) for number in range((last - first).days // 7))
        else:
            months = range(1, 13, 3 if frequency == "quarterly" else 1)
            yield from (date(year, month, 1) for year in range(2017, last.year + 1) for month in months)

    def _values(self, series_id: str, dates: list[date]) -> Floats:
        count = len(dates)
        match series_id:
            case "DFEDTARU":
                return _steps(TARGET_RATE, dates)
            case "DFF":
                return _steps(TARGET_RATE, dates) - 0.12 + 0.004 * self._noise(series_id, count)
            case "DGS2":
                gap = drawn(0.035 * self._noise(series_id, count), 0.99)
                return np.maximum(_steps(TARGET_RATE, dates) - 0.2 + gap, 0.1)
            case "DGS10":
                slope = 0.5 + drawn(0.025 * self._noise(series_id, count), 0.99)
                return np.maximum(self._path("DGS2")[1] + slope, 0.5)
            case "T10Y2Y":
                return self._path("DGS10")[1] - self._path("DGS2")[1]
            case "BAMLH0A0HYM2":
                own = drawn(0.03 * self._noise(series_id, count), 0.985)
                return np.maximum(3.1 + 0.1 * self._tension() + own, 2.4)
            case "VIXCLS" | "VXVCLS":
                return self._market.history(VIX if series_id == "VIXCLS" else VIX3M).close
            case "NFCI":
                tension = np.take(self._tension(), [max(0, self._market.place(day)) for day in dates])
                return 0.018 * tension - 0.52 + 0.01 * self._noise(series_id, count)
            case _:
                return self._monthly(series_id, dates)

    def _monthly(self, series_id: str, dates: list[date]) -> Floats:
        """What is counted rather than traded."""
        noise = self._noise(series_id, len(dates))
        match series_id:
            case "UNRATE":
                when, level = zip(*UNEMPLOYMENT, strict=True)
                line = np.interp([day.toordinal() for day in dates], [day.toordinal() for day in when], level)
                return np.asarray(line + 0.05 * noise)
            case "SAHMREALTIME":
                return _sahm(self._path("UNRATE")[1], dates.index(HOLES["UNRATE"]))
            case "JTSLDR":
                return 1.1 + drawn(0.05 * noise, 0.7)
            case "OPHNFB":
                index: Floats = 105.0 * np.exp(np.cumsum(0.0048 + 0.0035 * noise))
                return index
            case _:  # ICSA
                return (224_000 + drawn(4_500 * noise, 0.9)).round(-3)

    def _tension(self) -> Floats:
        """By how many points the VIX has lately been above its calm level."""
        return drawn(0.08 * (self._market.history(VIX).close - CALM_VIX), 0.92)

    def _noise(self, series_id: str, count: int, what: str = "path") -> Floats:
        return stream(self._market.seed, series_id, what).standard_normal(count)


def _steps(steps: tuple[tuple[date, float], ...], dates: list[date]) -> Floats:
    starts = [start for start, _ in steps]
    return np.array([steps[max(0, bisect_right(starts, day) - 1)][1] for day in dates])


def _sahm(rates: Floats, hole: int) -> Floats:
    """3-month mean less the lowest of the 12 before it, over the months that were counted."""
    rates = rates.copy()
    rates[hole] = np.nan
    means = np.array([np.nanmean(rates[max(0, place - 2) : place + 1]) for place in range(len(rates))])
    lows = np.array([means[max(0, place - 12) : max(1, place)].min() for place in range(len(rates))])
    gaps: Floats = means - lows
    return gaps
