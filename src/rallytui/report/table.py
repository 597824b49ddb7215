"""The snapshot and the board's past as CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from msgspec.structs import asdict

from rallytui.board.rounding import rounded
from rallytui.board.shape import Board, Indicator, Record, Row, Target
from rallytui.plain import plain

FORMULA_STARTS = tuple("=+-@＝＋－＠")
"""Some spreadsheets read the wide signs like the narrow ones."""


def to_csv(board: Board) -> str:
    """One line a reading: section, name, field, value, unit, as of, source, freshness. Text cannot start a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("section", "name", "field", "value", "unit", "as_of", "source", "freshness"))
    for row in csv_rows(board):
        writer.writerow([inert(cell) for cell in row])
    return out.getvalue()


def history_csv(records: Iterable[Record]) -> str:
    """The board's past as a table: one line for each session and item, missing values empty.

    `value` is the score of a risk, the composite's coverage, a target's close in points or a level; `state` the light,
    the claim's status or what became of the level.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("session", "kind", "id", "value", "state"))
    for record in records:
        for row in history_rows(record):
            writer.writerow([inert(cell) for cell in (record.session, *row)])
    return out.getvalue()


def history_rows(record: Record) -> Iterator[tuple[Any, ...]]:
    """(kind, id, value, state) of everything that a record holds."""
    yield "composite", "score", record.composite.score, record.composite.band
    yield "composite", "coverage", record.coverage, ""
    for kind, marks in (("group", record.groups), ("indicator", record.indicators)):
        yield from ((kind, name, mark.score, mark.band) for name, mark in marks.items())
    yield from (("claim", name, None, status) for name, status in record.claims.items())
    for target in record.targets:
        yield "close", target.symbol, target.close, ""
        for rung in target.rungs:
            side = {True: "beyond", False: "before", None: ""}[rung.reached_now]
            yield "rung", f"{target.symbol} {rung.level:.10g}", rung.level, " ".join(filter(None, (rung.state, side)))


def inert(cell: Any) -> Any:
    """A cell that no spreadsheet runs: text that would start a formula gets an apostrophe in front."""
    if isinstance(cell, date):  # a datetime too
        return cell.isoformat()
    if isinstance(cell, float):
        return rounded(cell)
    if not isinstance(cell, str):
        return cell
    text = plain(cell).lstrip()
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_rows(board: Board) -> Iterator[tuple[Any, ...]]:
    """(section, name, field, value, unit, as of, source, freshness) of every reading."""
    for target in board.targets:
        yield from target_rows(target)
    for watchlist in board.watchlists:
        for row in watchlist.rows:
            for field, value in asdict(row).items():
                if is_number(value) or field in ("last", "change", "change_pct"):
                    yield (watchlist.name, row.symbol, field, value, unit_of(field), *origin(row, field))
    for one in indicators(board):
        about = (one.at, one.source, freshness_of(one))
        yield ("risk", one.id, "value", one.value, one.unit, *about)
        yield ("risk", one.id, "score", one.score, "0-100", *about)
        yield ("risk", one.id, "light", one.band, "", *about)
    composite = board.risks.composite
    yield ("risk", "composite", "score", composite.score, "0-100", board.as_of, "", "")
    yield ("risk", "composite", "light", composite.band, "", board.as_of, "", "")
    for claim in board.thesis:
        yield ("thesis", claim.id, "status", claim.status, "", board.as_of, "", "")


def target_rows(target: Target) -> Iterator[tuple[Any, ...]]:
    """A target's price, and what is known of each rung."""
    about = (target.quote_time, target.source, target.freshness)
    for field in ("last", "change", "change_pct"):
        yield ("target", target.symbol, field, getattr(target, field), unit_of(field), *about)
    for rung in target.rungs:
        name = f"{target.symbol} {rung.level:.10g}"
        yield ("rung", name, "state", rung.state, "", *about)
        yield ("rung", name, "first_touch_close", rung.first_touch_close, "", *about)
        for field, value in asdict(rung).items():
            if is_number(value) and field != "level":
                yield ("rung", name, field, value, unit_of(field), *about)


def origin(row: Row, field: str) -> tuple[Any, ...]:
    """As of, source and freshness of a reading of a row: what a company reported is not of the price's source."""
    if field.startswith("revenue"):
        return row.revenue_quarter, row.revenue_source, ""
    if field == "ps_ttm":
        return row.quote_time, f"{row.source}, {row.revenue_source}", row.freshness
    return row.quote_time, row.source, row.freshness


def freshness_of(indicator: Indicator) -> str:
    """The words that prices have, for the share of its weight that an old reading keeps."""
    if indicator.value is None:
        return "missing"
    return "fresh" if indicator.freshness >= 1 else "lagging" if indicator.freshness > 0 else "stale"


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def unit_of(field: str) -> str:
    """The unit that a field's name states."""
    return "%" if field.endswith("_pct") else ""


def indicators(board: Board) -> Iterator[Indicator]:
    for group in board.risks.groups:
        yield from group.indicators
