"""The snapshot as text for a person: at most 100 columns, words and not codes."""

from __future__ import annotations

from datetime import datetime
from textwrap import wrap
from unicodedata import east_asian_width

from rallytui.board.shape import Board, Row, Sleeve, Target, Watchlist
from rallytui.board.shape.watchlist import SUSPECT
from rallytui.board.words import HONESTY, SESSIONS, lost_words, name_of, odds_words, rung_words, source_words
from rallytui.plain import plain
from rallytui.report.numbers import MISSING, number
from rallytui.sessions import NEW_YORK

LETTERS = {"calm": "C", "watch": "W", "stress": "S", "unknown": "?"}
CLAIM_MARKS = {"on_track": "✓", "at_risk": "~", "broken": "✗", "unknown": "?"}
WIDTH = 100


def to_text(board: Board, explain: bool = False) -> str:
    """The board on paper, at most 100 columns; with `explain` also what each indicator adds and why."""
    lists = [watchlist_text(one, name_of(board, one.benchmark)) for one in board.watchlists]
    parts = [header(board), *map(target_text, board.targets), *lists, risk_text(board)]
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
    when = f"{at:%a} {at.day} {at:%b %Y %H:%M} New York"
    return f"{words}rallytui  {board.thesis_name}  ·  {when}  ·  {SESSIONS[board.session.state]}"


def target_text(target: Target) -> str:
    stats = target.stats
    lines = [
        f"Target  {target.name}  {number(target.last)}  {number(target.change_pct, 2, '%', True)}"
        f"  since {target.baseline.date} {number(stats.since_start_pct, 2, '%', True)}"
        f"  ytd {number(stats.ytd_pct, 2, '%', True)}",
        f"  from {about(target.source, target.quote_time, target.badge, target.freshness)}",
        f"  {'rung':>8}  {'state':<15}{'first close':<12}{'away':>10}{'pace/session':>15}{'vs plan':>10}{'odds':>13}",
    ]
    for rung in reversed(target.rungs):
        lines.append(
            f"  {number(rung.level, 0):>8}  {rung_words(rung):<15}{rung.first_touch_close or MISSING!s:<12}"
            f"{number(rung.remaining_pct, 2, '%', True):>10}{number(rung.required_daily_pct, 3, '%', True):>15}"
            f"{number(rung.vs_plan_pct, 1, '%', True):>10}{odds_words(rung.p_touch) or MISSING:>13}"
        )
    lines += [f"  {number(rung.level, 0):>8}  {lost_words(rung)}" for rung in reversed(target.rungs) if rung.lost_since]
    sigma = target.rungs[0].sigma
    lines.append(f"  by {target.by}  ·  GBM model, no jumps, descriptive; sigma {sigma.source or MISSING}")
    lines.extend(f"  {reason}" for reason in dict.fromkeys(target.missing.values()))
    return "\n".join(lines)


def about(source: str, at: datetime | None, badge: str, freshness: str) -> str:
    """Where a price is from and when it was made."""
    if not source and at is None:
        return "no source"
    when = f"{at.astimezone(NEW_YORK):%Y-%m-%d %H:%M}" if at else "no time"
    stale = "stale †" if freshness == "stale" else ""
    return ", ".join(part for part in (source or "no source", when, badge, stale) if part)


def watchlist_text(watchlist: Watchlist, benchmark: str) -> str:
    """A list with the name of what it is compared with."""
    basket, breadth = watchlist.basket, watchlist.breadth
    lines = [
        f"{watchlist.title}  basket {number(basket.level, 1)}  {number(basket.change_pct, 2, '%', True)}"
        f"  vs {benchmark} {number(basket.rel_pct, 2, 'pp', True)}"
        f"  above 50 d {breadth.above_sma50}/{breadth.with_sma50}",
        f"  {'symbol':<8}{'last':>11}{'chg %':>8}{'vol ×':>7}{'52w':>6}{'RSI':>5}{'RS63':>8}{'rev y/y':>9}  from",
    ]
    for row in watchlist.rows:
        place = None if row.range52 is None else 100 * row.range52
        unit = f", in {row.foreign}" if row.foreign else ""
        lines.append(
            f"  {marked(row):<8}{number(row.last):>11}{number(row.change_pct, 2, '', True):>8}"
            f"{number(row.rel_volume):>7}{number(place, 0):>6}{number(row.rsi14, 0):>5}"
            f"{number(row.rs63_pct, 1, '', True):>8}{number(row.revenue_yoy_pct, 1, '', True):>9}"
            f"  {about(row.source, row.quote_time, row.badge, row.freshness)}{unit}"
        )
        lines += [f"    {flag}" for flag in row.flags if doubtful(flag) or flag.startswith("joined")]
    return "\n".join(lines)


def marked(row: Row) -> str:
    """The symbol, with a sign if its value is suspect."""
    return f"{row.symbol} !" if row.is_suspect else row.symbol


def doubtful(flag: str) -> bool:
    """Whether the flag is about the value itself: sources that disagree, an answer that was refused, another basis."""
    return flag.startswith((*SUSPECT, "refused"))


def risk_text(board: Board) -> str:
    composite = board.risks.composite
    summary = (
        f"{composite.score:.0f} {held(composite.band, composite.held)}"
        if composite.score is not None
        else "not enough data for a composite"
    )
    lines = [f"Risk  {summary}  ·  coverage {100 * composite.coverage:.0f} %"]
    lines += [f"  {composite.note}"] if composite.note else []
    for group in board.risks.groups:
        title = held(group.title, group.held)
        lines.append(f"  {LETTERS[group.band]} {title:<44}{number(group.score, 0):>14}  {group.weight:g} %")
        for item in group.indicators:
            stale = " †" if "stale" in item.flags else ""
            unit, title = "" if item.value is None else item.unit, held(item.title, item.held)
            lines.append(
                f"    {LETTERS[item.band]} {title:<32}{number(item.value, item.decimals):>10} {unit:<3}"
                f"{number(item.score, 0):>6}  {item.at or MISSING!s:<10} {item.source}{stale}"
            )
    for context in board.risks.context:
        value = number(context.value, 1, "", context.signed)
        unit = "" if context.value is None else context.unit
        lines.append(f"      {context.title:<32}{value:>10} {unit:<3}   not scored")
    return "\n".join(lines)


def held(words: str, is_so: bool) -> str:
    """Words about a light, and that it stands above its score only because it has not yet been left."""
    return f"{words} held" if is_so else words


def thesis_text(board: Board) -> str:
    lines = [f"  {CLAIM_MARKS[claim.status]} {claim.claim:<26} {claim.evidence}" for claim in board.thesis]
    return "\n".join(["Thesis", *lines, f"  since the start: {' · '.join(map(sleeve_text, board.sleeves))}"])


def sleeve_text(sleeve: Sleeve) -> str:
    """What a part returned, and from how many of its members that is known unless it is from all."""
    total = len(sleeve.symbols)
    known = f" ({sleeve.counted} of {total})" if sleeve.counted < total else ""
    return f"{sleeve.title} {number(sleeve.since_start_pct, 1, '%', True)}{known}"


def explain_text(board: Board) -> str:
    """What each indicator adds to the composite, and the sentence behind each reading."""
    lines = [f"  {'adds':>6}  {'id':<4} reading"]
    for item in (one for group in board.risks.groups for one in group.indicators):
        lines.append(f"  {number(item.contribution, 1):>6}  {item.id:<4} {item.title}: {item.why}")
    return "\n".join(["How the composite comes about (points of it)", *lines, f"  {HONESTY}"])


def sources_text(board: Board) -> str:
    lines = []
    for health in board.health:
        newest = f", newest data {health.describes:%Y-%m-%d}" if health.describes else ""
        lines.append(f"  {health.title:<10} {source_words(health)}{newest}{', delayed' if health.delayed else ''}")
    return "\n".join(["Sources", *lines])
