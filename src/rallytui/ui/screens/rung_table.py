"""The rungs of one index as a table: a column each, and in its rows state, dates, pace, plan and odds."""

from __future__ import annotations

from collections.abc import Callable

from rallytui.board.shape import Rung, Target
from rallytui.board.words import beyond_words, is_lost, rung_words
from rallytui.ui import format as f
from rallytui.ui.glyphs import Glyphs
from rallytui.ui.screens.facts import TableRow, draw_table
from rallytui.ui.screens.sections import Column
from rallytui.ui.widgets.sheet import Piece

MODEL = "GBM model, continuous, no jumps; descriptive"
_LABEL, _CELL = 20, 12  # a date and two blanks
_CROSSED = {"at or above": "upwards", "at or below": "downwards", "at or past": "to beyond"}


def draw_rungs(column: Column, target: Target) -> None:
    """The table, what rungs saw before the start, and what the odds rest on."""
    if not target.rungs:
        column.text("No rungs: the target has no levels in the config.")
        return
    rungs = sorted(target.rungs, key=lambda rung: rung.level)
    draw_table(column, _rows(column, target, rungs), _LABEL, _CELL)
    column.blank()
    for rung in rungs:
        if rung.touched_before_baseline is not None:
            day = rung.touched_before_baseline.isoformat()
            column.text(f"{f.level(rung.level, column.g)} traded there before the start on {day}")
    column.text(_basis(rungs))


def _rows(column: Column, target: Target, rungs: list[Rung]) -> list[TableRow]:
    p, g = column.p, column.g

    def row(label: str, text: Callable[[Rung], str]) -> TableRow:
        cells = [(text(rung), p.bright if rung.level == target.next_rung else p.text) for rung in rungs]
        return TableRow(label, cells)

    return [
        TableRow("rung", [(f.level(r.level, g), p.bright if r.level == target.next_rung else p.dim) for r in rungs]),
        TableRow("state", [_state(column, rung, rung.level == target.next_rung) for rung in rungs]),
        row("away %", lambda r: f.change(r.remaining_pct, 2, g)),
        row("points away", lambda r: f.change(r.points_remaining, 2, g)),
        row(f"{g.sigma} away", lambda r: f.change(r.sigma_distance, 2, g)),
        row("first close", lambda r: r.first_touch_close.isoformat() if r.first_touch_close else g.missing),
        row("first in the day", lambda r: r.first_touch_intraday.isoformat() if r.first_touch_intraday else g.missing),
        row("lost since", lambda r: r.lost_since.isoformat() if r.lost_since else g.missing),
        row(f"sessions {beyond_words(rungs)}", lambda r: _above(r, g)),
        row(f"crossed {_CROSSED[beyond_words(rungs)]}", lambda r: f.price(r.crossings_up, 0, g)),
        row("in a row until now", lambda r: f.price(r.streak, 0, g)),
        row("progress %", lambda r: f.price(r.progress_pct, 1, g)),
        row("pace a session %", lambda r: f.change(r.required_daily_pct, 3, g)),
        row("pace a year %", lambda r: f.change(r.required_cagr_pct, 1, g)),
        row("plan today", lambda r: f.price(r.plan, 2, g)),
        row("against plan %", lambda r: f.change(r.vs_plan_pct, 1, g)),
        row("sessions ahead", lambda r: _lead(r, g)),
        row("odds of a touch %", lambda r: _touch(r, g)),
        row("odds, last day %", lambda r: f.odds(r.p_beyond, g).removesuffix(" %")),
    ]


def _state(column: Column, rung: Rung, is_next: bool) -> Piece:
    p, g = column.p, column.g
    if rung.first_touch_close is None:
        return rung_words(rung), p.bad if rung.state == "expired_missed" else p.bright if is_next else p.dim
    return f"{g.reached} {rung_words(rung)}", p.watch if is_lost(rung) else p.text


def _above(rung: Rung, g: Glyphs) -> str:
    """The count, and its share of all sessions since the start."""
    share = rung.share_at_or_above_pct
    return f.price(rung.days_at_or_above, 0, g) + ("" if share is None else f" ({f.price(share, 0, g)} %)")


def _lead(rung: Rung, g: Glyphs) -> str:
    """How many sessions before or behind the plan; far away it is no number to rely on."""
    lead = rung.vs_plan_sessions
    if lead is not None and abs(lead) > 150:
        return f"{'<' if lead < 0 else '>'} {f.change(150.0 if lead > 0 else -150.0, 0, g)}"
    return f.change(lead, 0, g)


def _touch(rung: Rung, g: Glyphs) -> str:
    again = f"{g.retest} " if rung.first_touch_close is not None and f.known(rung.p_touch.neutral) else ""
    return again + f.odds(rung.p_touch, g).removesuffix(" %")


def _basis(rungs: list[Rung]) -> str:
    sigma = next((rung.sigma for rung in rungs if rung.sigma.value is not None), None)
    left = next((rung.sessions_left for rung in rungs if rung.sessions_left is not None), None)
    again = any(rung.first_touch_close for rung in rungs)
    words = "↺ of touching it again. " if again else ""
    words += f"Odds, last day: of standing {beyond_words(rungs)} the rung at the last day's close"
    words += "" if left is None else f", {left} session{'' if left == 1 else 's'} from now"
    rest = "" if sigma is None or sigma.value is None else f"; σ {sigma.value * 100:.1f} % {f.clean(sigma.source, 60)}"
    return f"{words}. {MODEL}{rest}."
