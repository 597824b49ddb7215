"""How long a key takes to reach the screen while 1,000 symbols change 200 times a second.

python -m bench.watchlist [--symbols N] [--changes N] [--keys N]
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from random import Random

from msgspec.structs import replace
from textual._compositor import CompositorUpdate
from textual.pilot import Pilot

from rallytui.board.shape import (
    Baseline,
    Basket,
    Board,
    Breadth,
    Composite,
    Risks,
    Row,
    Session,
    Target,
    TargetStats,
    Watchlist,
)
from rallytui.clock import SystemClock
from rallytui.config.settings import Display
from rallytui.config.state import State
from rallytui.model import Match
from rallytui.store import EventRow
from rallytui.ui.app import RallyApp
from rallytui.ui.source import Publish

BOARDS_EVERY_S = 0.5
"""The engine's pace: changes in between are in one board."""
KEYS = ("j", "j", "pagedown", "k", "s", "j", "S", "pageup", "end", "home")
BUDGET_MS = 50.0


def row(number: int, dice: Random) -> Row:
    last = dice.uniform(5, 900)
    return Row(
        symbol=f"S{number:04d}", name=f"Name {number}", last=last, change=dice.gauss(0, 1), change_pct=dice.gauss(0, 2),
        rel_volume=dice.uniform(0.2, 3), range52=dice.random(), rsi14=dice.uniform(20, 80), beta60=dice.gauss(1, 0.4),
        r2_60=0.3, rs63_pct=dice.gauss(0, 12), revenue_yoy_pct=dice.gauss(8, 15), source="yahoo", freshness="fresh",
    )  # fmt: skip


def board_of(rows: list[Row], now: datetime) -> Board:
    listed = Watchlist("many", "Many names", "^GSPC", Basket(100.0, 0.1, 0.0), Breadth(members=len(rows)), rows)
    target = Target(
        symbol="^GSPC", name="S&P 500", last=7408.3, change=1.0, change_pct=0.1,
        baseline=Baseline(date(2025, 11, 26), 6812.61), by=date(2026, 12, 31), next_rung=8000.0,
        rung_progress=0.4, rungs=[], stats=TargetStats(), source="cboe",
        quote_time=now, freshness="fresh",
    )  # fmt: skip
    return Board(
        mode="live", as_of=now, thesis_name="Bench",
        session=Session("regular", now.date(), now, now + timedelta(hours=2)), targets=[target],
        watchlists=[listed], risks=Risks(Composite(None, "unknown", 0.0), []), thesis=[], health=[],
        problems=[], charts={},
    )  # fmt: skip


class Changing:
    """A source whose quotes change at random."""

    def __init__(self, symbols: int, changes_a_second: int) -> None:
        self.clock, self.display, self.log_path = SystemClock(), Display(), ""
        self.trouble = ""
        self.next_refresh: datetime | None = None
        self.looking_at: date | None = None
        self.state = State()
        self._dice = Random(7)
        self._rows = [row(number, self._dice) for number in range(symbols)]
        self._changes = round(changes_a_second * BOARDS_EVERY_S)
        self.boards = 0

    def first_board(self) -> Board:
        return board_of(list(self._rows), datetime.now(UTC))

    async def run(self, publish: Publish) -> None:
        while True:
            for at in self._dice.sample(range(len(self._rows)), min(self._changes, len(self._rows))):
                before = self._rows[at]
                last = (before.last or 1.0) * (1 + self._dice.gauss(0, 0.001))
                self._rows[at] = replace(
                    before, last=last, change_pct=(before.change_pct or 0.0) + self._dice.gauss(0, 0.1)
                )
            publish(self.first_board())
            self.boards += 1
            await asyncio.sleep(BOARDS_EVERY_S)

    def refresh(self) -> str:
        return ""

    def choose(self, state: State) -> str:
        self.state = state
        return ""

    async def search(self, text: str) -> list[Match]:
        return []

    def open(self, kind: str, key: str) -> None: ...

    def look(self, day: date | None) -> None: ...

    def rest(self) -> None: ...

    def notices(self, show: object) -> None: ...

    async def events(self, since: datetime) -> list[EventRow]:
        return []

    @property
    def days(self) -> tuple[date, date]:
        today = datetime.now(UTC).date()
        return today, today

    def session(self, day: date, steps: int = 0) -> date:
        return day

    def is_session(self, day: date) -> bool:
        return True

    async def switch_to_demo(self) -> None: ...

    async def close(self) -> None: ...


async def latencies(pilot: Pilot[None], keys: int) -> list[float]:
    """Milliseconds from a key's arrival to the end of the paint that shows it, at uneven moments."""
    app, dice = pilot.app, Random(3)
    painted = asyncio.Event()
    display = app._display

    def shown(screen: object, renderable: object) -> None:
        display(screen, renderable)  # type: ignore[arg-type]
        if isinstance(renderable, CompositorUpdate):
            renderable.render_segments(app.console)  # what a terminal would be sent: without one nobody asks for it
        painted.set()

    app._display = shown  # type: ignore[method-assign,assignment]
    found = []
    for key, _ in zip(cycle(KEYS), range(keys), strict=False):
        await asyncio.sleep(dice.uniform(0.01, 0.06))
        painted.clear()
        start = time.perf_counter()
        app.simulate_key(key)
        async with asyncio.timeout(5):
            await painted.wait()
        found.append((time.perf_counter() - start) * 1000)
    return found


async def main(symbols: int, changes: int, keys: int) -> int:
    """Print the figures; 1 if the budget is broken."""
    source = Changing(symbols, changes)
    app = RallyApp(source)  # type: ignore[arg-type]
    app.SURVIVES = False  # a figure of an app whose feed failed is none
    async with app.run_test(size=(160, 45)) as pilot:
        await pilot.pause(1.0)
        cpu, wall = time.process_time(), time.perf_counter()
        found = await latencies(pilot, keys)
        share = (time.process_time() - cpu) / (time.perf_counter() - wall) * 100
    hundredths = statistics.quantiles(found, n=100)
    print(f"{symbols:,} symbols, {changes} changes/s, {source.boards} boards, {len(found)} keys, CPU {share:.0f} %")
    print(
        f"key to paint: p50 {statistics.median(found):.1f} ms   p99 {hundredths[98]:.1f} ms   max {max(found):.1f} ms"
    )
    return 0 if hundredths[98] <= BUDGET_MS else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--symbols", type=int, default=1_000)
    parser.add_argument("--changes", type=int, default=200)
    parser.add_argument("--keys", type=int, default=400)
    options = parser.parse_args()
    raise SystemExit(asyncio.run(main(options.symbols, options.changes, options.keys)))
