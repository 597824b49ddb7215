"""Ten trading days of feed and board on made-up time: what grows, what stays open, and what was asked of whom.

    python -m bench.soak [DAYS] [--trace]

The sources have what the simulated market has; the store is a file. Growth per day is measured after the first two
days, which fill the caches; with --trace it is that of Python's own objects, which costs memory and time itself.
Budgets are the requests a minute that each source's own limit allows, for the busiest minute.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
import tracemalloc
from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from rallytui.board.build import Builder
from rallytui.config import Settings
from rallytui.feed.feed import Feed
from rallytui.sessions import known_by, nyse
from rallytui.store import open_store
from tests.test_feed_rounds import KINDS, Market
from tests.virtual import LoopClock, play

FIRST = date(2025, 11, 10)
BOARD_EVERY_S = 300.0
PER_MINUTE = {"cboe": 150, "yahoo": 60, "fred": 60, "sec": 480}
ALLOWED_MIB = 2.0


def requests(source: Market, kind: str, name: str) -> int:
    """How many requests such a call costs: Cboe has one file a symbol, Yahoo twenty symbols in one, EDGAR two files."""
    if kind == "quotes" and source.name == "cboe":
        return len(name.split(","))
    return 2 if source.name == "sec" else 1


def measured() -> tuple[float, float, int, int, int]:
    """Resident and traced MiB, tasks, threads, open files."""
    gc.collect()
    process = psutil.Process(os.getpid())
    traced = tracemalloc.get_traced_memory()[0] / 2**20
    return (
        *(process.memory_info().rss / 2**20, traced),
        *(len(asyncio.all_tasks()), threading.active_count(), process.num_fds()),
    )


async def boards(feed: Feed, builder: Builder, clock: LoopClock) -> None:
    """A board every five minutes for as long as it is left to."""
    while True:
        await asyncio.to_thread(builder.build, feed.known(), clock.now())
        await asyncio.sleep(BOARD_EVERY_S)


async def soak(days: int, folder: str) -> bool:
    """Run and print a line a day; whether nothing grew more than allowed."""
    calendar, settings = nyse(), Settings()
    clock = LoopClock(known_by(FIRST) + timedelta(hours=4))
    sources = {name: Market(name, clock) for name in KINDS}
    store = open_store(Path(folder) / "rallytui.db")
    feed = Feed(settings, sources, store, clock, calendar)
    work = [asyncio.create_task(feed.run()), asyncio.create_task(boards(feed, Builder(settings, calendar), clock))]
    head = f"{'day':<12}{'RSS':>8}{'traced':>8}{'growth':>8}{'tasks':>6}{'threads':>8}{'files':>6}"
    print(f"{head}   requests (busiest minute/allowed)", flush=True)
    seen: list[tuple[float, float, int, int, int]] = []
    for day in calendar.between(FIRST, calendar.after(FIRST, days)):
        end = known_by(day) + timedelta(hours=4)
        await asyncio.sleep((end - clock.now()).total_seconds())
        asked = []
        for name, source in sources.items():
            minutes: Counter[str] = Counter()
            for at, kind, names in source.calls:
                minutes[f"{at:%d %H:%M}"] += requests(source, kind, names)
            asked.append(f"{name} {minutes.total()} ({max(minutes.values(), default=0)}/{PER_MINUTE[name]})")
            source.calls.clear()
        seen.append(measured())
        rss, traced, tasks, threads, files = seen[-1]
        held = [one[1] if tracemalloc.is_tracing() else one[0] for one in seen]
        growth = held[-1] - held[-2] if len(held) > 1 else 0.0
        print(
            f"{day!s:<12}{rss:>8.1f}{traced:>8.1f}{growth:>8.2f}{tasks:>6}{threads:>8}{files:>6}   {', '.join(asked)}"
        )
        if any(task.done() for task in work):
            break
    for task in work:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    await feed.close()
    store.close()
    settled, last = min(2, len(seen) - 1), seen[-1]
    grew = (held[-1] - held[settled]) / max(len(held) - 1 - settled, 1)
    print(f"growth a day from the third on: {grew:.2f} MiB, allowed {ALLOWED_MIB}")
    return grew <= ALLOWED_MIB and all(now <= then for now, then in zip(last[2:], seen[settled][2:], strict=True))


if __name__ == "__main__":
    if "--trace" in sys.argv:
        tracemalloc.start()
    count = next((int(word) for word in sys.argv[1:] if word.isdigit()), 10)
    with TemporaryDirectory() as place:
        sys.exit(0 if play(soak(count, place)) else 1)
