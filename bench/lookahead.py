"""Whether anything known later reaches an as-of view, on the history that a store holds.

    python -m bench.lookahead [STORE] [DATES]

Each random instant gets two boards: one from the whole tape, one from a tape that never saw a later fact.
"""

from __future__ import annotations

import random
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd

from rallytui.board.build import Builder, build_board
from rallytui.config import Settings
from rallytui.config.load import store_path
from rallytui.model import Bars, Company, Facts, Series
from rallytui.sessions import known_by, nyse
from rallytui.store import open_store
from rallytui.tape import Tape

DATES = 200
SEED = 6900


def bars_then(bars: Bars, at: datetime) -> Bars:
    """The bars whose evening had come."""
    return replace(bars, frame=bars.frame[[known_by(day.date()) <= at for day in bars.frame.index]])


def series_then(series: Series, at: datetime) -> Series:
    """The rows that could be read."""
    known = series.frame["known_at"] <= pd.Timestamp(at)
    return replace(series, frame=series.frame[known].reset_index(drop=True))


def company_then(company: Company, at: datetime) -> Company:
    """What had been filed."""
    facts = tuple(fact for fact in company.facts if known_by(fact.filed) <= at)
    return replace(company, facts=facts, filings=tuple(one for one in company.filings if known_by(one.filed) <= at))


def facts_then(facts: Facts, at: datetime) -> Facts:
    """Everything that was known at `at`, and nothing that was empty then."""
    bars = (bars_then(one, at) for one in facts.bars)
    series = (series_then(one, at) for one in facts.series)
    return Facts(
        bars=tuple(one for one in bars if len(one.frame)),
        series=tuple(one for one in series if len(one.frame)),
        companies=tuple(company_then(one, at) for one in facts.companies),
    )


def main(store: Path, dates: int) -> int:
    with closing(open_store(store)) as opened:
        stored = opened.load_facts()
    plain = tuple(one for one in stored.series if one.vintage is None)
    facts = Facts(bars=stored.bars, series=plain, companies=stored.companies)
    if not facts.bars:
        print(f"{store} holds no history; run `rallytui snapshot` first")
        return 1
    first = min(bars.frame.index[0] for bars in facts.bars).to_pydatetime().replace(tzinfo=UTC)
    last = max(bars.frame.index[-1] for bars in facts.bars).to_pydatetime().replace(tzinfo=UTC)
    calendar, settings, dice = nyse(), Settings(), random.Random(SEED)
    builder, tape, differing = Builder(settings, calendar), Tape().apply(facts), 0
    start = first + timedelta(days=400)
    for at in sorted(start + dice.random() * (last - start) for _ in range(dates)):
        alone = build_board(Tape().apply(facts_then(facts, at)), settings, at, calendar, mode="as_of")
        if builder.build(tape, at, "as_of") != alone:
            differing += 1
            print(f"{at:%Y-%m-%d %H:%M} UTC: the board knows something of later")
    print(f"{dates} instants from {start:%Y-%m-%d} to {last:%Y-%m-%d}: {differing} differ")
    return int(differing > 0)


if __name__ == "__main__":
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else store_path()
    sys.exit(main(place, int(sys.argv[2]) if len(sys.argv) > 2 else DATES))
