"""The simulated market's five-minute candles: cut out of the same minutes that its quotes walk along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from rallytui.providers.simulated_day import DAY_STEP, MINUTE, Session

if TYPE_CHECKING:
    import pandas as pd

STEP = DAY_STEP * MINUTE


def candles(sessions: Sequence[Session], now: datetime) -> pd.DataFrame:
    """The candles of these sessions that are over by `now`, as `model.Intraday` has them."""
    import pandas as pd

    parts = [_of_session(session, now) for session in sessions]
    columns = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    begins = pd.DatetimeIndex([begin for session in sessions for begin in _begins(session, now)], tz="UTC")
    return pd.DataFrame(columns, index=begins.as_unit("s").rename("begin"), dtype=float)


def _begins(session: Session, now: datetime) -> list[datetime]:
    """When the session's candles that are over began."""
    over = max(0, min((now - session.opens) // STEP, session.minutes // DAY_STEP))
    return [session.opens + place * STEP for place in range(over)]


def _of_session(session: Session, now: datetime) -> dict[str, np.ndarray]:
    count = len(_begins(session, now))
    # each candle has the six full minutes from its beginning to its end: the last is the next one's first
    minutes = session.knots[: count * DAY_STEP + 1]
    rows = minutes[np.arange(count)[:, None] * DAY_STEP + np.arange(DAY_STEP + 1)]
    traded = np.array([session.volume(session.opens + place * STEP) for place in range(count + 1)])
    return {
        "open": rows[:, 0],
        "high": rows.max(axis=1),
        "low": rows.min(axis=1),
        "close": rows[:, -1],
        "volume": np.diff(traded) if session.trades else np.full(count, np.nan),
    }
