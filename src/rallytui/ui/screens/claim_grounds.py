"""What a claim rests on: the readings, rungs or names behind it, and how its status went over the recorded sessions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rich.style import Style
from textual.geometry import Region

from rallytui.board.shape import Board, Claim, Indicator, Record, Row
from rallytui.board.words import beyond_words, is_lost, lost_words
from rallytui.indicators.thesis import GROWTH_NAMES, REVENUE_CLAIMED
from rallytui.ui.format import change, clean, cut, level, odds, pct, quarter, with_unit
from rallytui.ui.panes.readings import light_of, number, source_title, today, when
from rallytui.ui.panes.target_plot import target_plot
from rallytui.ui.screens.claim_rules import RULES
from rallytui.ui.screens.history_picture import FILLING, indicator_of
from rallytui.ui.screens.sections import Column
from rallytui.ui.widgets.axis import date_ticks, place_in
from rallytui.ui.widgets.chart import draw_chart
from rallytui.ui.widgets.record_strips import buckets, claim_strip, light_strip, lights_of, sessions_a_column
from rallytui.ui.widgets.sheet import Sheet
from rallytui.ui.widgets.viewport import SINCE_START, Viewport

_MOST_CHANGES = 6
_TWO_LISTS = 74
_LEAST_CHART, _MOST_CHART = 10, 30


def draw_grounds(column: Column, board: Board, claim: Claim, records: Sequence[Record] = ()) -> None:
    """What can be looked up on the board about this claim; nothing where its evidence is all there is."""
    if claim.id == "D0" and board.targets and board.targets[0].rungs:
        _rungs(column, board)
    elif claim.id == "D5":
        _names(column, board)
    elif claim.id in RULES and RULES[claim.id].lights:
        _lights(column, board, RULES[claim.id].lights, records)


def draw_way(column: Column, board: Board, claim: Claim, rows: int) -> None:
    """Where a claim is about a level, the index on its way there, if `rows` are enough for a chart."""
    chart = board.charts.get(board.targets[0].symbol) if board.targets else None
    if claim.id != "D0" or chart is None or len(chart.days) < 2 or rows < _LEAST_CHART + 2:
        return
    p, g, target = column.p, column.g, board.targets[0]
    column.rule("The way there")
    sheet = Sheet(column.width, min(_MOST_CHART, rows - 2), p.text)
    plot = target_plot(target, chart, Viewport(SINCE_START), p, g)
    draw_chart(sheet, Region(1, 0, column.width - 2, sheet.height), plot, p, g)
    column.block(sheet)


def _lights(column: Column, board: Board, ids: Sequence[str], records: Sequence[Record]) -> None:
    found = [one for group in board.risks.groups for one in group.indicators if one.id in ids]
    if not found:
        return
    column.rule("What it rests on", [(("score, describes", column.p.dim),)])
    for one in found:
        column.block(_light(column, board, one))
        if one.definition:
            column.text(clean(one.definition))
        known = [record for record in records if one.id in record.indicators]
        if known and column.width > 2:
            pick = lights_of(indicator_of(one.id))
            column.phrase(tuple(light_strip(known, pick, column.width - 2, column.p, column.g)))


def _light(column: Column, board: Board, one: Indicator) -> Sheet:
    p, g, line = column.p, column.g, Sheet(column.width, 1, column.p.text)
    light, right = light_of(one), column.width - 1
    score = f"{one.score:.0f}" if one.score is not None and light != "unknown" else g.missing
    source = f"{source_title(board, one.source)} {when(one, board, g)}".strip()
    start = line.right(right, 0, cut(g.words(clean(source, 30)), 20, g), p.dim)
    line.right(min(start - 2, right - 22), 0, score, p.text)
    value = with_unit(number(one, g), g.words(one.unit), g)
    edge = line.right(max(12, right - 28), 0, value, p.bright)
    bold = Style(bold=light in ("watch", "stress"))
    line.phrase(1, 0, ((f"{g.light(light)} ", p.light(light)), (g.letter(light), p.light(light) + bold)))
    line.put(5, 0, cut(g.words(clean(one.title, 60)), edge - 7, g), p.text)
    return line


def _rungs(column: Column, board: Board) -> None:
    p, g, target = column.p, column.g, board.targets[0]
    side = beyond_words(target.rungs).removeprefix("at or ")
    column.rule("The ladder", [((f"first close {side}, away, odds of a touch", p.dim),)])
    for rung in sorted(target.rungs, key=lambda rung: -rung.level):
        line, is_next = Sheet(column.width, 1, p.text), rung.level == target.next_rung
        reached = rung.first_touch_close is not None
        style = p.bright if is_next else p.text
        line.put(1, 0, g.reached if reached else g.open, p.good if rung.reached_now else p.dim)
        line.right(10, 0, level(rung.level, g), style)
        lost = f"  {lost_words(rung)}" if is_lost(rung) else ""
        day = rung.first_touch_close.isoformat() if rung.first_touch_close else "open"
        end = line.put(13, 0, day, style if not reached else p.text)
        line.put(end, 0, lost, p.watch)
        if column.width >= 40:
            line.right(39, 0, pct(rung.remaining_pct, 2, g), style)
        if column.width >= 56:
            again = f"{g.retest} " if reached else ""
            line.right(55, 0, again + odds(rung.p_touch, g), p.dim if reached else style)
        column.block(line)


def _names(column: Column, board: Board) -> None:
    p, g, now = column.p, column.g, today(board)
    rows: dict[str, Row] = {row.symbol: row for one in board.watchlists for row in one.rows}
    column.rule("What it rests on", [((f"revenue y/y, asked {REVENUE_CLAIMED:.0f} %", p.dim),)])
    for symbol in GROWTH_NAMES:
        line, row = Sheet(column.width, 1, p.text), rows.get(symbol)
        grown = row.revenue_yoy_pct if row else None
        holds = grown is not None and grown >= REVENUE_CLAIMED
        sign, style = (g.on_track, p.good) if holds else (g.unsure, p.dim) if grown is None else (g.broken, p.bad)
        line.put(1, 0, sign, style)
        line.put(3, 0, symbol, p.bright if row else p.dim)
        line.right(20, 0, with_unit(change(grown, 1, g), "%", g), p.text if grown is not None else p.dim)
        why = (row.missing.get("revenue_yoy_pct", "") if row else "not on a watchlist") if grown is None else ""
        of = f"{quarter(row.revenue_quarter, now, g)}, {source_title(board, row.revenue_source)}" if row else ""
        line.put(23, 0, cut(g.words(clean(why or of, 80)), column.width - 24, g), p.dim)
        column.block(line)


# --- the recorded sessions ---


def draw_past(column: Column, claim: Claim, records: Sequence[Record], is_filling: bool = False) -> None:
    """The claim's status session by session: a strip with its dates, and when it changed, the newest first."""
    p, g, room = column.p, column.g, column.width - 2
    known = [record for record in records if claim.id in record.claims]
    if not known or room < 1:
        if is_filling:
            column.rule("Its past", [(("the sessions of the last year are being judged", p.dim),)])
        return
    step, first = sessions_a_column(len(known), room), known[0].session
    each = "a session a column" if step == 1 else f"{step} sessions a column"
    said = [f"since {first.day} {first:%b %Y}", *([FILLING] if is_filling else []), each]
    column.rule("Its past", [((words, p.dim),) for words in said])
    column.phrase(tuple(claim_strip(known, claim.id, room, p, g)))
    days = [known[span[-1]].session.toordinal() for span in buckets(len(known), room)]
    axis = Sheet(column.width, 1, p.text)
    for x, text in date_ticks(place_in(days), days[0], days[-1], len(days)):
        axis.put(1 + x, 0, text, p.dim)
    column.block(axis)
    _changes(column, claim, known)


def _changes(column: Column, claim: Claim, known: Sequence[Record]) -> None:
    p, g = column.p, column.g
    found = [
        (new.session, new.claims[claim.id])
        for old, new in pairwise(known)
        if old.claims[claim.id] != new.claims[claim.id]
    ][::-1]
    if not found:
        column.text(f"No change in these {len(known)} sessions.")
        return
    two = 2 if column.width >= _TWO_LISTS else 1
    rows = min(_MOST_CHANGES, -(-len(found) // two))
    for y in range(rows):
        line = Sheet(column.width, 1, p.text)
        for n, (day, status) in enumerate(found[y : two * rows : rows]):
            end = line.put(1 + n * (column.width // 2), 0, day.isoformat(), p.text) + 2
            line.phrase(end, 0, ((f"{g.claim(status)} ", p.claim(status)), (status.replace("_", " "), p.text)))
        column.block(line)
    if len(found) > two * rows:
        column.text(f"and {len(found) - two * rows} changes before")
