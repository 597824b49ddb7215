"""The volatility of a target for a horizon: implied by VIX and VIX3M, else realised (METHODOLOGY A.8 and A.9)."""

from __future__ import annotations

from datetime import date

import numpy as np

from rallytui.board.base import Base
from rallytui.board.moment import History, Moment
from rallytui.indicators import moves
from rallytui.indicators.moves import Volatility
from rallytui.indicators.volatility import vol_cc, vol_yz
from rallytui.tape import as_known

VIX, VIX3M = "^VIX", "^VIX3M"
VIX_SERIES = {VIX: "VIXCLS", VIX3M: "VXVCLS"}
OLDEST_VIX_SESSIONS = 4


def index_close(moment: Moment, symbol: str) -> float | None:
    """A volatility index's last close in points, at most four sessions old; FRED's copy if need be."""
    oldest = moment.calendar.after(moment.completed, -OLDEST_VIX_SESSIONS)
    history = moment.history(symbol)
    if history is not None:
        sessions = history.days[history.days <= np.datetime64(moment.completed, "D")]
        if len(sessions) and sessions[-1] >= np.datetime64(oldest, "D"):
            return float(history.close[len(sessions) - 1])
    series = moment.tape.series.get(VIX_SERIES[symbol])
    if series is None:
        return None
    standing = as_known(series).dropna()
    return float(standing.iloc[-1]) if len(standing) and standing.index[-1].date() >= oldest else None


def implied_pair(moment: Moment) -> tuple[float | None, float | None]:
    """The closes of VIX and VIX3M in points, looked up once a moment."""
    if not moment.implied:
        tape = moment.tape
        inputs = [tape.bars.get(symbol) for symbol in VIX_SERIES]
        inputs_of_fred = [tape.series.get(name) for name in VIX_SERIES.values()]
        found = moment.memo.get(
            ("implied",),
            (*inputs, *inputs_of_fred, moment.completed),
            lambda: (index_close(moment, VIX), index_close(moment, VIX3M)),
        )
        moment.implied.append(found)
    return moment.implied[0]


def inputs_of(base: Base) -> tuple[object, ...]:
    """All that price and volatility ahead depend on: most ticks move other names, and leave it as it was."""
    return base.last, base.day, base.history, *implied_pair(base.moment)


def horizon_sigma(base: Base, end: date) -> Volatility | None:
    """The volatility for the time until `end`: implied, else realised (METHODOLOGY A.9)."""
    moment, history = base.moment, base.history
    days = (end - base.day).days
    vix, vix3m = implied_pair(moment) if base.is_sp500 else (None, None)
    if vix is not None or vix3m is not None or history is None:
        return moves.horizon_volatility(vix, vix3m, days)
    realised = moment.memo.get(("vol63", history.symbol), (history,), lambda: realised63(history))
    return moves.horizon_volatility(None, None, days, yz63=realised[0], cc63=realised[1])


def realised63(history: History) -> tuple[float | None, float | None]:
    """Yang-Zhang and close-to-close volatility of 63 sessions, yearly fractions."""
    yang_zhang = vol_yz(history.open, history.high, history.low, history.close, 63)
    return (yang_zhang.value if yang_zhang and yang_zhang.method == "yz" else None), vol_cc(history.close, 63)
