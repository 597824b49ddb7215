"""How long a board takes: cold, for a tick that moves quotes only, and with a watchlist of 1,000 symbols.

python -m bench.board
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from msgspec.structs import replace as with_fields

from rallytui.board.build import Builder, build_board
from rallytui.clock import FrozenClock
from rallytui.config import ProviderSettings, Settings, WatchlistSettings
from rallytui.feed.wants import wants
from rallytui.model import Bars, Facts, Quote
from rallytui.providers.simulated import Simulated
from rallytui.sessions import Calendar, new_york, new_york_date, nyse
from rallytui.tape import Tape

RUNS = 15
MANY = 1_000
YEARS = 3


def moment(calendar: Calendar) -> datetime:
    """11:00 New York of a session, the same on every machine."""
    from datetime import date, time

    return new_york(calendar.on_or_before(date(2026, 9, 16)), time(11))


async def simulated_facts(settings: Settings, clock: FrozenClock) -> Facts:
    """All that the settings want, from the simulated source."""
    source, needed = Simulated(ProviderSettings(), clock), wants(settings)
    today = new_york_date(clock.now())
    start = today - timedelta(days=366 * YEARS)
    return Facts(
        quotes=tuple(await source.quotes(needed.quotes)),
        bars=tuple([await source.bars(name, start, today) for name in needed.bars]),
        series=tuple([await source.series(name, start) for name in needed.series]),
        companies=tuple([await source.company(name) for name in needed.companies]),
    )


def ms(work: Callable[[], object], runs: int = RUNS) -> float:
    """The median time of a call in milliseconds."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


def moved(tape: Tape, step: int) -> Tape:
    """The tape after every quote has moved."""
    quotes = [
        replace(quote, price=quote.price * (1 + 1e-5 * (step % 7 - 3)), at=quote.at + timedelta(seconds=step))
        for quote in tape.quotes.values()
    ]
    return tape.apply(Facts(quotes=tuple(quotes)))


def many(tape: Tape, settings: Settings) -> tuple[Tape, Settings]:
    """A thousand symbols with bars and quotes of their own objects."""
    model_bars, model_quote = tape.bars["PLPC"], tape.quotes["PLPC"]
    names = [f"X{n}" for n in range(MANY)]
    bars = tuple(Bars(name, model_bars.frame.copy(), model_bars.source) for name in names)
    quotes: tuple[Quote, ...] = tuple(replace(model_quote, symbol=name) for name in names)
    lists = {"many": WatchlistSettings("Many", names)}
    return tape.apply(Facts(bars=bars, quotes=quotes)), with_fields(settings, watchlists=lists)


def main() -> None:
    calendar, settings = nyse(), Settings()
    now = moment(calendar)
    tape = Tape().apply(asyncio.run(simulated_facts(settings, FrozenClock(now))))
    builder = Builder(settings, calendar)
    builder.build(tape, now)
    steps = iter(range(1, 10_000))

    def tick() -> object:
        step = next(steps)
        return builder.build(moved(tape, step), now + timedelta(seconds=step))

    rows = [
        ("default thesis, cold", ms(lambda: build_board(tape, settings, now, calendar)), 120),
        ("default thesis, a tick of all quotes", ms(tick), 10),
    ]
    wide_tape, wide_settings = many(tape, settings)
    wide = Builder(wide_settings, calendar)
    rows.append((f"{MANY:,} symbols, cold", ms(lambda: build_board(wide_tape, wide_settings, now, calendar), 3), 1500))
    wide.build(wide_tape, now)
    rows.append(
        (f"{MANY:,} symbols, a tick of all quotes", ms(lambda: wide.build(moved(wide_tape, next(steps)), now), 5), 0)
    )
    for title, took, budget in rows:
        print(f"{title:<40}{took:>9.1f} ms" + (f"   budget {budget} ms" if budget else ""))


if __name__ == "__main__":
    main()
