"""What facts say of themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd

from rallytui.model import Bars, Series

NOW = datetime(2025, 11, 28, 22, tzinfo=UTC)


def test_the_last_day_is_that_of_the_newest_row() -> None:
    days = pd.DatetimeIndex(["2025-11-26", "2025-11-28"])
    assert Bars("X", pd.DataFrame({"close": [1.0, 2.0]}, index=days), "cboe").last_day == date(2025, 11, 28)
    assert Bars("X", pd.DataFrame({"close": []}, index=days[:0]), "cboe").last_day is None
    rows = pd.DataFrame({"obs": days, "value": [1.0, 2.0], "known_at": [NOW, NOW]})
    assert Series("DGS10", rows, "fred", NOW).last_day == date(2025, 11, 28)
    assert Series("DGS10", rows.iloc[:0], "fred", NOW).last_day is None
