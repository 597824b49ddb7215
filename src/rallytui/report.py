"""A Board as text, JSON or CSV, for people, programs and spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from textwrap import wrap
from typing import Any
from unicodedata import east_asian_width

import msgspec
from msgspec.structs import asdict, replace

from rallytui import __version__
from rallytui.board.shape import Board, Indicator, Record, Row, Rung, Target, Watchlist
from rallytui.plain import escaped, plain
from rallytui.sessions import NEW_YORK

SCHEMA = 1
MISSING = "—"
LETTERS = {"calm": "C", "watch": "W", "stress": "S", "unknown": "?"}
CLAIM_MARKS = {"on_track": "✓", "at_risk": "~", "broken": "✗", "unknown": "?"}
FORMULA_STARTS = tuple("=+-@＝＋－＠")
"""Some spreadsheets read the wide signs like the narrow ones."""
WIDTH = 100
HONESTY = (
    "Describes how much of the thesis' known risks is visible in prices and data today. It is not a forecast: "
    "historically it said nothing about the next three months' return."
)


def to_json(board: Board) -> str:
    """The snapshot of schema 1: missing values are null, times ISO 8601 UTC, percent fields end in `_pct`."""
    mode = "demo" if board.simulated else board.mode  # who reads it must never take an invented past for the real one
    plain = msgspec.to_builtins(replace(board, mode=mode, charts={}, close_up=None))
    for inner in ("charts", "close_up", "simulated", "sessions_back"):
        del plain[inner]
    body = {"schema": SCHEMA, "version": __version__, **plain}
    return escaped(msgspec.json.format(msgspec.json.encode(body), indent=2).decode())


def completeness(board: Board) -> int:
    """The exit code of a snapshot: 0 complete, 3 partial (`problems` says what is missing), 1 nothing to show."""
    prices = [target.last for target in board.targets] + [row.last for one in board.watchlists for row in one.rows]
    if all(price is None for price in prices):
        return 1
    return 3 if board.problems else 0


def to_csv(board: Board) -> str:
    """One line a reading: section, name, field, value, unit, as of, source, freshness. Text cannot start a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("section", "name", "field", "value", "unit", "as_of", "source", "freshness"))
    for row in csv_rows(board):
        writer.writerow([inert(cell.isoformat() if isinstance(cell, datetime) else cell) for cell in row])
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
            yield "rung", f"{target.symbol} {rung.level:g}", rung.level, " ".join(filter(None, (rung.state, side)))


def inert(cell: Any) -> Any:
    """A cell that no spreadsheet runs: text that would start a formula gets an apostrophe in front."""
    if not isinstance(cell, str):
        return cell
    text = plain(cell).lstrip()
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_rows(board: Board) -> Iterator[tuple[Any, ...]]:
    for target in board.targets:
        about = (target.quote_time, target.source, target.freshness)
        for field in ("last", "change", "change_pct"):
            yield ("target", target.symbol, field, getattr(target, field), unit_of(field), *about)
        for rung in target.rungs:
            for field, value in asdict(rung).items():
                if is_number(value) and field != "level":
                    yield ("rung", f"{target.symbol} {rung.level:g}", field, value, unit_of(field), *about)
    for watchlist in board.watchlists:
        for row in watchlist.rows:
            for field, value in asdict(row).items():
                if is_number(value) or field in ("last", "change", "change_pct"):
                    yield (
                        *(watchlist.name, row.symbol, field, value, unit_of(field)),
                        *(row.quote_time, row.source, row.freshness),
                    )
    for indicator in indicators(board):
        yield (
            *("risk", indicator.id, "value", indicator.value, indicator.unit, indicator.at, indicator.source),
            f"{indicator.freshness:g}",
        )
        yield ("risk", indicator.id, "score", indicator.score, "0-100", indicator.at, indicator.source, indicator.band)
    composite = board.risks.composite
    yield ("risk", "composite", "score", composite.score, "0-100", board.as_of, "", composite.band)


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def unit_of(field: str) -> str:
    """The unit that a field's name states."""
    return "%" if field.endswith("_pct") else ""


def indicators(board: Board) -> Iterator[Indicator]:
    for group in board.risks.groups:
        yield from group.indicators


def to_text(board: Board, explain: bool = False) -> str:
    """The board on paper, at most 100 columns; with `explain` also what each indicator adds and why."""
    parts = [header(board), *map(target_text, board.targets), *map(watchlist_text, board.watchlists), risk_text(board)]
    if board.thesis:
        parts.append(thesis_text(board))
    if explain:
        parts.append(explain_text(board))
    if board.notes:
        parts.append("\n".join(board.notes))
    if board.problems:
        parts.append("Missing or failing\n" + "\n".join(f"  {text}" for text in board.problems))
    parts.append(sources_text(board))
    return "\n".join(fitted(plain(line)) for line in "\n\n".join(parts).split("\n")) + "\n"


def fitted(line: str) -> str:
    """The line, broken at blanks where it is too long and its rest indented."""
    rest = " " * (len(line) - len(line.lstrip()) + 4)
    counted = line if line.isascii() else "".join(f"{char}\0" if wide(char) else char for char in line)
    width = WIDTH - (counted != line)  # a line may end between a wide sign and what stands for its second cell
    return "\n".join(wrap(counted, width, subsequent_indent=rest, break_on_hyphens=False)).replace("\0", "").rstrip()


def wide(char: str) -> bool:
    """Whether a terminal gives the sign two cells."""
    return east_asian_width(char) in "WF"


def header(board: Board) -> str:
    at = board.as_of.astimezone(NEW_YORK)
    words = ("SIMULATED  " if board.is_invented else "") + ("AS OF  " * (board.mode == "as_of"))
    return (
        f"{words}rallytui  {board.thesis_name}  ·  {at:%a} {at.day} {at:%b %Y %H:%M} New York  ·  {board.session.state}"
    )


def number(value: float | None, decimals: int = 2, unit: str = "", sign: bool = False) -> str:
    """A number as it is shown: thousands separators, a true minus, a dash for what is missing."""
    if value is None:
        return MISSING
    text = f"{value:{'+' if sign else ''},.{decimals}f}"
    if not any(digit in "123456789" for digit in text):
        text = text.lstrip("+-")
    return text.replace("-", "−") + (f" {unit}" if unit else "")


def odds(rung: Rung) -> str:
    """The two scenarios as a range in percent, low first."""
    known = sorted(value for value in (rung.p_touch.neutral, rung.p_touch.real_world) if value is not None)
    return "–".join(dict.fromkeys(map(chance, known))) + " %" if known else MISSING


def chance(value: float) -> str:
    """A probability in whole percent; what would round to never or always says so."""
    return "<1" if value < 0.01 else ">99" if value > 0.99 else f"{100 * value:.0f}"


def target_text(target: Target) -> str:
    stats = target.stats
    lines = [
        f"Target  {target.name}  {number(target.last)}  {number(target.change_pct, 2, '%', True)}"
        f"  since {target.baseline.date} {number(stats.since_start_pct, 2, '%', True)}"
        f"  ytd {number(stats.ytd_pct, 2, '%', True)}",
        f"  from {about(target.source, target.quote_time, target.badge, target.freshness)}",
        f"  {'rung':>8}  {'state':<15}{'first close':<12}{'away':>10}{'pace/session':>15}{'vs plan':>10}{'odds':>10}",
    ]
    for rung in reversed(target.rungs):
        lines.append(
            f"  {number(rung.level, 0):>8}  {rung.state:<15}{rung.first_touch_close or MISSING!s:<12}"
            f"{number(rung.remaining_pct, 2, '%', True):>10}{number(rung.required_daily_pct, 3, '%', True):>15}"
            f"{number(rung.vs_plan_pct, 1, '%', True):>10}{odds(rung):>10}"
        )
    sigma = target.rungs[0].sigma
    lines.append(f"  by {target.by}  ·  GBM model, no jumps, descriptive; sigma {sigma.source or MISSING}")
    lines.extend(f"  {field}: {reason}" for field, reason in target.missing.items())
    return "\n".join(lines)


def about(source: str, at: datetime | None, badge: str, freshness: str) -> str:
    when = f"{at.astimezone(NEW_YORK):%Y-%m-%d %H:%M}" if at else "no time"
    stale = "stale †" if freshness == "stale" else ""
    return ", ".join(part for part in (source or "no source", when, badge, stale) if part)


def watchlist_text(watchlist: Watchlist) -> str:
    basket, breadth = watchlist.basket, watchlist.breadth
    lines = [
        f"{watchlist.title}  basket {number(basket.level, 1)}  {number(basket.change_pct, 2, '%', True)}"
        f"  vs {watchlist.benchmark} {number(basket.rel_pct, 2, 'pp', True)}"
        f"  above 50 d {breadth.above_sma50}/{breadth.with_sma50}",
        f"  {'symbol':<8}{'last':>11}{'chg %':>8}{'vol ×':>7}{'52w':>6}{'RSI':>5}{'RS63':>8}{'rev y/y':>9}  from",
    ]
    for row in watchlist.rows:
        place = None if row.range52 is None else 100 * row.range52
        lines.append(
            f"  {marked(row):<8}{number(row.last):>11}{number(row.change_pct, 2, '', True):>8}"
            f"{number(row.rel_volume):>7}{number(place, 0):>6}{number(row.rsi14, 0):>5}"
            f"{number(row.rs63_pct, 1, '', True):>8}{number(row.revenue_yoy_pct, 1, '', True):>9}"
            f"  {about(row.source, row.quote_time, row.badge, row.freshness)}"
        )
        lines += [f"    {flag}" for flag in row.flags if doubtful(flag)]
    return "\n".join(lines)


def marked(row: Row) -> str:
    """The symbol, with a sign if its value is suspect."""
    return f"{row.symbol} !" if any(flag.startswith("suspect") for flag in row.flags) else row.symbol


def doubtful(flag: str) -> bool:
    """Whether the flag is about the value itself: sources that disagree, an answer that was refused."""
    return flag.startswith(("suspect", "refused"))


def risk_text(board: Board) -> str:
    composite = board.risks.composite
    summary = (
        f"{composite.score:.0f} {composite.band}" if composite.score is not None else "not enough data for a composite"
    )
    lines = [f"Risk  {summary}  ·  coverage {100 * composite.coverage:.0f} %"]
    for group in board.risks.groups:
        lines.append(f"  {LETTERS[group.band]} {group.title:<44}{number(group.score, 0):>14}  {group.weight:g} %")
        for item in group.indicators:
            stale = " †" if "stale" in item.flags else ""
            unit = "" if item.value is None else item.unit
            lines.append(
                f"    {LETTERS[item.band]} {item.title:<32}{number(item.value, item.decimals):>10} {unit:<3}"
                f"{number(item.score, 0):>6}  {item.at or MISSING!s:<10} {item.source}{stale}"
            )
    for context in board.risks.context:
        value = number(context.value, 1, "", context.signed)
        unit = "" if context.value is None else context.unit
        lines.append(f"      {context.title:<32}{value:>10} {unit:<3}   not scored")
    return "\n".join(lines)


def thesis_text(board: Board) -> str:
    lines = [f"  {CLAIM_MARKS[claim.status]} {claim.claim:<26} {claim.evidence}" for claim in board.thesis]
    sleeves = [f"{sleeve.title} {number(sleeve.since_start_pct, 1, '%', True)}" for sleeve in board.sleeves]
    return "\n".join(["Thesis", *lines, f"  since the start: {' · '.join(sleeves)}"])


def explain_text(board: Board) -> str:
    """What each indicator adds to the composite, and the sentence behind each reading."""
    lines = [f"  {'adds':>6}  {'id':<4} reading"]
    for item in indicators(board):
        lines.append(f"  {number(item.contribution, 1):>6}  {item.id:<4} {item.title}: {item.why}")
    return "\n".join(["How the composite comes about (points of it)", *lines, f"  {HONESTY}"])


def sources_text(board: Board) -> str:
    lines = []
    for health in board.health:
        status = "not asked this time" if health.status == "untried" else health.status
        words = status if not health.detail else f"{status}: {health.detail}"
        newest = f", newest data {health.describes:%Y-%m-%d}" if health.describes else ""
        lines.append(f"  {health.title:<10} {words}{newest}{', delayed' if health.delayed else ''}")
    return "\n".join(["Sources", *lines])
