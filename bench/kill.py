"""Whether `kill -9` in the middle of writing loses or halves anything that the store said it has.

    python -m bench.kill [KILLS] [FOLDER]

A writer saves numbered bundles: quotes, bars, a fetch mark, an event and a board, now and then a clean-up, and reports
each number through a pipe when the store has taken it. It is killed at a random moment, the file is opened again, and
everything in it must be of one number: the last reported one or the one after. Exits with 1 at the first fault.
"""

from __future__ import annotations

import os
import random
import select
import signal
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from rallytui.model import Bars, Facts, Quote
from rallytui.store import EventRow, SqliteStore, open_store

KILLS = 100
SEED = 6900
LONGEST_S = 0.12
TIDY_EVERY = 25
SYMBOLS = ("SPY", "QQQ", "PLPC")
BOARD = 40_000
START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = date(2026, 1, 2)


def moment(number: int) -> datetime:
    """The time of a bundle."""
    return START + timedelta(seconds=number)


def bundle(number: int) -> Facts:
    """Facts that all carry the number."""
    index = pd.DatetimeIndex(pd.bdate_range("2025-01-01", periods=60), name="date").as_unit("s")
    values = np.full((60, 6), float(number))
    columns = ["open", "high", "low", "close", "adj_close", "volume"]
    frame = pd.DataFrame(values, index=index, columns=columns)
    at = moment(number)
    return Facts(
        quotes=tuple(Quote(symbol, float(number), at, at, "bench", DAY) for symbol in SYMBOLS),
        bars=tuple(Bars(symbol, frame, "bench") for symbol in SYMBOLS),
    )


def write_for_ever(path: Path, first: int, pipe: int) -> None:
    """Save bundle after bundle and report each."""
    with closing(open_store(path)) as store:
        for number in range(first, sys.maxsize):
            store.save(bundle(number), {("bars", symbol): moment(number) for symbol in SYMBOLS})
            store.add_events([EventRow("bench", str(number), DAY, moment(number), "{}")])
            store.save_board("live", moment(number), f"{number:010}".encode() * (BOARD // 10))
            os.write(pipe, number.to_bytes(8, "little"))
            if number % TIDY_EVERY == 0:
                store.tidy(moment(number), DAY)


def killed(path: Path, first: int, after_s: float) -> int:
    """The last number that a writer reported before it was killed; `first` - 1 if it did not get that far."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            write_for_ever(path, first, writing)
        finally:
            os._exit(1)
    os.close(writing)
    with open(reading, "rb") as reports:
        select.select([reports], [], [], 10)  # it writes: from here on any moment will do
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        said = reports.read()
    return int.from_bytes(said[-8:], "little") if said else first - 1


def faults(path: Path, reported: int) -> list[str]:
    """What is wrong with the file after a kill."""
    with closing(open_store(path)) as store:
        found = [store.problem] if store.problem else []
        found += contents(store, reported)
    with closing(sqlite3.connect(path)) as db:
        if (answer := db.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            found.append(f"integrity_check: {answer}")
    return found


def contents(store: SqliteStore, reported: int) -> list[str]:
    """What is lost or half."""
    facts = store.load_facts()
    numbers = {quote.price for quote in facts.quotes}
    numbers |= {float(value) for bars in facts.bars for value in np.unique(bars.frame.to_numpy())}
    numbers |= {((store.fetched("bars", symbol) or START) - START).total_seconds() for symbol in SYMBOLS}
    found = [] if len(numbers) == 1 else [f"a bundle is half: {sorted(numbers)}"]
    if not numbers <= {float(reported), float(reported + 1)}:
        found.append(f"{reported} was reported, {sorted(numbers)} is there")
    events = {int(event.subject) for event in store.events(START)}
    if not events >= set(range(1, reported + 1)):
        found.append(f"{reported - len(events)} reported events are missing")
    board = store.load_board("live") or b""
    if len({board[at : at + 10] for at in range(0, len(board), 10)}) != 1 or int(board[:10]) < reported:
        found.append(f"the board is not that of {reported}")
    return found


def main(kills: int, folder: Path) -> int:
    dice, path, reported = random.Random(SEED), folder / "rallytui.db", 0
    for turn in range(1, kills + 1):
        reported = killed(path, reported + 1, dice.random() * LONGEST_S)
        if found := faults(path, reported):
            print(f"kill {turn}: " + "; ".join(found))
            return 1
    print(f"{kills} kills, {reported} bundles: none lost, none half, the file is whole")
    return 0


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else KILLS
    if len(sys.argv) > 2:
        sys.exit(main(wanted, Path(sys.argv[2])))
    with tempfile.TemporaryDirectory() as scratch:
        sys.exit(main(wanted, Path(scratch)))
