"""Candles and bars of volume: several sessions share a candle where there are more sessions than columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from typing import NamedTuple

from rich.style import Style
from textual.geometry import Region

from rallytui.board.shape import Candles
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.theme import Palette
from rallytui.ui.widgets.sheet import Sheet

# The sign of a cell by what its upper and lower half hold: 0 nothing, 1 wick, 2 body. A rise is slender and a fall
# is filled, so that they differ without colour.
_RISE = (" ╷╻", "╵│╽", "╹╿┃")
_FALL = (" ╷▄", "╵│▄", "▀▀█")
_RISE_ASCII = (" ||", "||o", "|oo")
_FALL_ASCII = (" |#", "||#", "###")


class Bar(NamedTuple):
    """One candle at `at`, an index among the points in view. `volume` is the mean of its sessions, None if unknown."""

    at: float
    open: float
    high: float
    low: float
    close: float
    volume: float | None

    @property
    def rose(self) -> bool:
        """Whether it closed at or above its open."""
        return self.close >= self.open


def per_bar(points: int, width: int) -> int:
    """How many points share a candle, so that each candle has a column of its own."""
    return max(1, -(-points // max(1, width - 1)))


def bars_of(candles: Candles, first: int, stop: int, size: int) -> list[Bar]:
    """The candles of points `first` to `stop`, `size` points each; the groups stay as they are when the view moves."""
    bars: list[Bar] = []
    begin = first
    while begin < stop:
        end = min(stop, (begin // size + 1) * size)
        bars.append(_bar(candles, begin, end, first))
        begin = end
    return bars


def _bar(candles: Candles, begin: int, end: int, first: int) -> Bar:
    part = slice(begin, end)
    closes = candles.close[part]
    opens = [price for price in candles.open[part] if _known(price)] or closes
    prices = [price for price in (*candles.high[part], *candles.low[part], *closes, opens[0]) if price is not None]
    volumes = [volume for volume in candles.volume[part] if volume is not None and isfinite(volume)]
    return Bar(
        at=(begin + end - 1) / 2 - first,
        open=opens[0] or closes[0],
        high=max(filter(isfinite, prices), default=closes[-1]),
        low=min(filter(isfinite, prices), default=closes[-1]),
        close=closes[-1],
        volume=sum(volumes) / len(volumes) if volumes else None,
    )


def _known(value: float | None) -> bool:
    return value is not None and isfinite(value)


def draw_candles(
    sheet: Sheet,
    field: Region,
    column: Callable[[float], int],
    half_row: Callable[[float], int],
    bars: Sequence[Bar],
    p: Palette,
    g: Glyphs,
) -> None:
    """A column each, to half a row. `column` and `half_row` place an index and a price in the field."""
    for bar in bars:
        x = field.x + column(bar.at)
        wick = range(half_row(bar.high), half_row(bar.low) + 1)
        ends = sorted((half_row(bar.open), half_row(bar.close)))
        body = range(ends[0], ends[1] + 1)
        signs = (_RISE if bar.rose else _FALL) if g.unicode else (_RISE_ASCII if bar.rose else _FALL_ASCII)
        for row in range(wick.start // 2, (wick.stop - 1) // 2 + 1):
            upper, lower = (2 if half in body else int(half in wick) for half in (2 * row, 2 * row + 1))
            sheet.put(x, field.y + row, signs[upper][lower], p.up if bar.rose else p.down)


def draw_volume(
    sheet: Sheet, field: Region, column: Callable[[float], int], bars: Sequence[Bar], style: Style, g: Glyphs
) -> float | None:
    """Bars of volume over the whole field, in eighths of a row. Returns the volume that fills it, if any is known.

    A bar reaches to the next one, so that a few sessions do not look like fewer trades.
    """
    known = [bar.volume for bar in bars if bar.volume is not None]
    most = max(known, default=0.0)
    if most <= 0:
        return None
    starts = [column(bar.at) for bar in bars]
    for n, bar in enumerate(bars):
        if bar.volume is None:
            continue
        stop = starts[n + 1] if n + 1 < len(bars) else starts[n] + 1
        eighths = max(1, round(bar.volume / most * field.height * 8))
        for row in range(field.height):
            fill = min(8, eighths - 8 * (field.height - 1 - row))
            if fill > 0:
                sheet.put(field.x + starts[n], field.y + row, g.blocks[fill - 1] * (stop - starts[n]), style)
    return most
