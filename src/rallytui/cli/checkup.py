"""The text of `rallytui check` around the sources: where things are, how the store is, what to mind."""

from __future__ import annotations

import asyncio
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rallytui.board.words import moment_words
from rallytui.config import Settings
from rallytui.config.exposure import exposed
from rallytui.config.load import config_path, data_dir, state_path, store_path

if TYPE_CHECKING:
    from rallytui.model import Facts
    from rallytui.store import Store

SHOWN_REFUSED = 5
REASON_LENGTH = 140


def check(settings: Settings, path: Path | None) -> int:
    """Ask every source once and print how all is; the exit code is 0 if every kind of data has a source, else 1."""
    from rallytui.clock import SystemClock
    from rallytui.doctor import examine
    from rallytui.store import open_store

    place, clock = path or config_path(), SystemClock()
    zone = ZoneInfo(settings.display.time_zone)
    sys.stdout.write("\n".join(_paths(place)) + "\n")
    with closing(open_store(store_path())) as store:
        facts = store.load_facts()
        sys.stdout.write("\n".join(["", "store", *_condition(store, facts, clock.now(), zone), "", "sources", ""]))
        sys.stdout.flush()
        report, healthy = asyncio.run(examine(settings, clock, facts.health))
        store.forget_unknown()  # whoever runs this wants to know what is there now
        *sources, _, verdict = report.splitlines()
        warning = exposed(place)
        sections = [
            *sources,
            *_refused(store, clock.now(), zone),
            *(["", "warnings", f"  {warning}"] if warning else []),
        ]
        sys.stdout.write("\n".join([*sections, "", verdict]) + "\n")
    return 0 if healthy else 1


def _paths(config: Path) -> list[str]:
    note = "" if config.exists() else "   (not there: the defaults are in force)"
    places = {"config": f"{config}{note}", "data": data_dir(), "state": state_path()}
    return [f"{name:<9}{place}" for name, place in (*places.items(), ("log", data_dir() / "rallytui.log"))]


def _condition(store: Store, facts: Facts, now: datetime, zone: ZoneInfo) -> list[str]:
    """The store's file, its size, what it holds and when that came, and its problem if it has one."""
    file = store_path()
    size = file.stat().st_size / 2**20 if file.exists() else 0.0
    counts = f"{len(facts.bars)} histories, {len(facts.series)} series, {len(facts.companies)} companies"
    saved = [quote.known_at for quote in facts.quotes]
    saved += [one.last_ok for one in facts.health.values() if one.last_ok]
    newest = moment_words(max(saved), now, zone) if saved else "never"
    lines = [f"  {file}: {size:.1f} MiB", f"  {counts}; last news {newest}"]
    return [*lines, f"  PROBLEM  {store.problem}"] if store.problem else lines


def _refused(store: Store, now: datetime, zone: ZoneInfo) -> list[str]:
    """The last answers that were not believed, with their reasons."""
    rows = store.refused()
    if not rows:
        return []
    shown = [
        f"  {moment_words(row.at, now, zone)}  {row.provider}, {row.kind} of {row.name}: {_cut(row.reason)}"
        for row in rows[:SHOWN_REFUSED]
    ]
    return ["", f"answers that were refused ({len(rows)} kept)", *shown]


def _cut(text: str) -> str:
    """On one line of what can be printed: the reason may quote the source."""
    plain = "".join(sign for sign in " ".join(text.split()) if sign.isprintable())
    return plain if len(plain) <= REASON_LENGTH else plain[: REASON_LENGTH - 1] + "…"
