"""All budgets in one run, each beside its floor: `python -m bench [--quick] [--write]`.

Takes about five minutes, with --quick about two. --write puts the table into docs/performance.md. Exits with 1 if a
budget is not kept. Leave the machine alone meanwhile: what else runs is measured too.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import msgspec

from bench.board import simulated_facts
from bench.report import Line, markdown, plain, write
from bench.terminal import Terminal
from rallytui.board.build import build_board
from rallytui.clock import FrozenClock, SystemClock
from rallytui.config import Settings
from rallytui.model import Facts
from rallytui.providers import REGISTRY
from rallytui.sessions import nyse
from rallytui.store import open_store
from rallytui.tape import Tape

PYTHON = sys.executable
OFF = "".join(f"[providers.{name}]\nenabled = false\n" for name in REGISTRY if name != "simulated")
SOURCE = "cboe"


def filled(folder: Path) -> None:
    """A store with simulated facts under a real source's name and the board of now, and a config without sources."""
    (folder / "off.toml").write_text(OFF, "utf-8")
    settings, calendar, now = Settings(), nyse(), SystemClock().now()
    made = asyncio.run(simulated_facts(settings, FrozenClock(now)))
    facts = Facts(
        quotes=tuple(replace(one, source=SOURCE) for one in made.quotes),
        bars=tuple(replace(one, source=SOURCE) for one in made.bars),
        series=tuple(replace(one, source=SOURCE) for one in made.series),
        companies=tuple(replace(one, source=SOURCE) for one in made.companies),
    )
    board = build_board(Tape().apply(facts), settings, now, calendar)
    with closing(open_store(folder / "rallytui.db")) as store:
        store.save(facts, {})
        store.save_board("live", now, msgspec.msgpack.encode(board))


def say(text: str) -> None:
    sys.stderr.write(f"{text} …\n")


class Bench:
    """What the measurements share: a folder, an environment, and how thorough to be."""

    def __init__(self, folder: Path, quick: bool) -> None:
        self.folder, self.quick = folder, quick
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        self.environment: Mapping[str, str] = {**kept, "RALLYTUI_DATA_DIR": str(folder), "HOME": str(folder)}
        self.command = [PYTHON, "-m", "rallytui", "--config", str(folder / "off.toml")]

    def runs(self, thorough: int, quick: int) -> int:
        return quick if self.quick else thorough

    @contextmanager
    def terminal(self, *command: str) -> Iterator[Terminal]:
        shown = Terminal(command, self.environment)
        try:
            yield shown
        finally:
            shown.close()

    def wall_s(self, command: Sequence[str], runs: int, codes: tuple[int, ...] = (0,)) -> float:
        """The median time of a command, after one run that warms the caches."""
        times = []
        for _ in range(runs + 1):
            began = time.perf_counter()
            done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
            times.append(time.perf_counter() - began)
            if done.returncode not in codes:
                raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-2000:]}")
        return statistics.median(times[1:])

    def tool(self, *words: str) -> str:
        """What another bench says. A budget that it finds broken is found again here."""
        say(f"bench.{' '.join(words)}")
        done = subprocess.run(
            [PYTHON, "-m", f"bench.{words[0]}", *words[1:]],
            env={**self.environment, "PYTHONPATH": os.pathsep.join(sys.path)}, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        if not done.stdout:
            raise SystemExit(f"bench.{words[0]} said nothing: {done.stderr[-2000:]}")
        return done.stdout

    # --- the rows ---

    def first_frame(self) -> Iterator[Line]:
        say("first frame, in turns with a bare app")
        pairs = []
        for _ in range(self.runs(9, 3) + 1):
            with self.terminal(PYTHON, "-m", "bench.floor") as bare:
                floor = bare.until("READY")
            with self.terminal(*self.command) as board:
                pairs.append((floor, board.until("8,000")))
        floors, boards = zip(*pairs[1:], strict=True)
        floor, first = 1000 * statistics.median(floors), 1000 * statistics.median(boards)
        yield Line("first frame from the store", first, "ms", 1.6, floor, "bare Textual app", per_floor=True)

    def commands(self) -> Iterator[Line]:
        say("commands")
        runs = self.runs(9, 3)
        bare = 1000 * self.wall_s([PYTHON, "-c", "pass"], runs)
        took = 1000 * self.wall_s([PYTHON, "-m", "rallytui", "--help"], runs)
        yield Line("`--help`", took, "ms", 150, bare, "bare Python")
        pandas = 1000 * self.wall_s([PYTHON, "-c", "import pandas"], runs)
        took = 1000 * self.wall_s([*self.command, "snapshot", "--offline"], runs, (0, 3))
        yield Line("`snapshot --offline`", took, "ms", 1500, pandas, "import pandas")

    def trading(self) -> Iterator[Line]:
        say("a quote a second")
        seconds = self.runs(60, 20)
        with self.terminal(PYTHON, "-m", "bench.load", "trading") as board:
            board.until("SIMULATED")
            board.rest(12)
            cpu, sent = board.load(seconds)
            yield Line("processor at one quote change a second", cpu, "% of a core", 1.5)
            yield Line("bytes to the terminal, same load", sent, "bytes/s", 600)
            yield Line(f"memory after {(seconds + 12) / 60:.1f} minutes", board.memory_mib(), "MiB", 130)
            board.answer_ms("[")
            back = statistics.median(board.answer_ms("[") for _ in range(self.runs(15, 6)))
            yield Line("a session back, key to last byte", back, "ms", 100)

    def closed(self) -> Iterator[Line]:
        say("a closed market")
        with self.terminal(PYTHON, "-m", "bench.load", "closed") as board:
            board.until("SIMULATED")
            board.rest(15)
            cpu, sent = board.load(self.runs(60, 20))
        with self.terminal(PYTHON, "-m", "bench.floor") as bare:
            bare.until("READY")
            bare.rest(1)
            floor, _ = bare.load(self.runs(20, 10))
        yield Line("processor with a closed market", cpu, "% of a core", 0.3, floor, "bare Textual app")
        # The clock in the first row has minutes.
        yield Line("bytes to the terminal with a closed market", sent, "bytes/s", 2)

    def rooms(self) -> Iterator[Line]:
        found = self.tool("board")
        for title, budget in (("default thesis, a tick of all quotes", 10), ("default thesis, cold", 120),
                              ("1,000 symbols, cold", 1500)):  # fmt: skip
            yield Line(f"build_board: {title}", figure(rf"{title} +([\d.,]+) ms", found), "ms", budget)
        found = self.tool("watchlist", "--keys", str(self.runs(400, 120)))
        yield Line("1,000 symbols, 200 changes/s: key to paint, p99", figure(r"p99 ([\d.,]+) ms", found), "ms", 50)
        found = self.tool("soak", str(self.runs(6, 4)))
        yield Line("growth in a trading day", max(figure(r"third on: (-?[\d.]+) MiB", found), 0.0), "MiB", 2)

    def trials(self) -> Iterator[Line]:
        kills = self.runs(100, 20)
        lost = 0 if "none lost, none half" in self.tool("kill", str(kills)) else 1
        yield Line(f"`kill -9` while writing, {kills} times: lost or half", lost, "", 0)
        examples = self.runs(2_000, 300)
        decoders = self.tool("fuzz", "--examples", str(examples)).splitlines()
        wrong = sum(f" {examples} in " not in line for line in decoders)
        yield Line(f"{len(decoders)} decoders, {examples:,} spoilt answers each: crashes", wrong, "", 0)
        dates = self.runs(100, 20)
        differ = figure(r": (\d+) differ", self.tool("lookahead", str(self.folder / "rallytui.db"), str(dates)))
        yield Line(f"{dates} looks back: boards that know something of later", differ, "", 0)


def figure(pattern: str, text: str) -> float:
    """The number that a bench printed."""
    found = re.search(pattern, text)
    if not found:
        raise SystemExit(f"no {pattern!r} in {text!r}")
    return float(found[1].replace(",", ""))


def main() -> int:
    parser = argparse.ArgumentParser("python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer runs, shorter loads")
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    parser.add_argument("--only", metavar="PART", help="first_frame, commands, trading, closed, rooms or trials")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), options.quick)
        parts: list[Callable[[], Iterator[Line]]] = [
            bench.first_frame, bench.commands, bench.trading, bench.closed, bench.rooms, bench.trials,
        ]  # fmt: skip
        chosen = [part for part in parts if options.only in (None, part.__name__)]
        if not chosen:
            parser.error(f"--only {options.only}: there is no such part")
        filled(bench.folder)
        lines = [line for part in chosen for line in part()]
    sys.stdout.write(plain(lines) + "\n")
    if options.write:
        write(markdown(lines, options.quick, load))
    return 0 if all(line.kept for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
