"""What leaves the screen: a row or a page to the clipboard, the board to a file. Never over a file that is there."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual.screen import Screen

from rallytui import report
from rallytui.board.shape import Board, Indicator
from rallytui.board.words import name_of
from rallytui.plain import plain
from rallytui.report import text as paper
from rallytui.sessions import NEW_YORK
from rallytui.ui.format import clean
from rallytui.ui.panes.board_pane import BoardPane
from rallytui.ui.past import recorded_by
from rallytui.ui.screens.detail import DetailScreen

if TYPE_CHECKING:
    from rallytui.ui.app_part import AppPart

FORMATS = {"text": "txt", "json": "json", "csv": "csv", "svg": "svg", "history": "csv"}
"""What can be written, and how the file's name ends."""
_MOST = 999


def copy(app: AppPart) -> None:
    """Put what has the focus on the clipboard, and say what it was."""
    if app.board is None:
        app.say("There is nothing to copy yet.", wrong=True)
        return
    what, words = passage(app.board, *focused(app.screen))
    app.copy_to_clipboard(f"{plain(paper.header(app.board))}\n\n{words}\n")
    app.say(f"Copied {what}.")


def focused(screen: Screen[object]) -> tuple[str, str]:
    """Kind and key of what the reader is at: a row, a page; two empty texts for the whole board."""
    if isinstance(screen, DetailScreen):
        return screen.kind, screen.key
    pane = screen.focused
    if isinstance(pane, BoardPane) and pane.kind and (key := pane.marked()):
        return pane.kind, key
    return "", ""


def passage(board: Board, kind: str, key: str) -> tuple[str, str]:
    """What it is called, and its words: a row with its header, a reading with its reason, or the whole board."""
    found = ("", "")
    if kind == "target" and key.isdigit() and int(key) < len(board.targets):
        target = board.targets[int(key)]
        found = target.name, paper.target_text(target)
    elif kind == "symbol":
        found = _share(board, key)
    elif kind == "indicator":
        found = _reading(board, key)
    elif kind == "claim":
        claims = [claim for claim in board.thesis if claim.id == key]
        found = (claims[0].claim, paper.thesis_text(replace(board, thesis=claims))) if claims else found
    name, words = found
    if not words:
        return "the whole board", report.to_text(board).rstrip()
    return clean(name, 60), "\n".join(paper.fitted(plain(line)) for line in words.split("\n"))


def _share(board: Board, symbol: str) -> tuple[str, str]:
    for watchlist in board.watchlists:
        rows = [row for row in watchlist.rows if row.symbol == symbol]
        if rows:
            return symbol, paper.watchlist_text(replace(watchlist, rows=rows), name_of(board, watchlist.benchmark))
    return "", ""


def _reading(board: Board, key: str) -> tuple[str, str]:
    for group in board.risks.groups:
        if key == f"group {group.id}":
            return group.title, paper.risk_text(replace(board, risks=replace(board.risks, groups=[group], context=[])))
        for reading in group.indicators:
            if reading.id == key:
                return reading.title, reading_text(reading)
    return "", ""


def reading_text(r: Indicator) -> str:
    """One risk reading on paper."""
    value = report.number(r.value, r.decimals, r.unit if r.value is not None else "")
    score = report.number(r.score, 0)
    lines = [f"{paper.LETTERS[r.band]} {r.title}  {value}  score {score} of 100, {paper.held(r.band, r.held)}"]
    known = f", known {r.known_at.astimezone(NEW_YORK):%Y-%m-%d %H:%M} New York" if r.known_at else ""
    lines.append(f"  describes {r.at or report.MISSING}{known}, from {r.source or 'no source'}")
    lines += [f"  {text}" for text in (r.definition, r.why, r.basis) if text]
    return "\n".join(lines)


# --- files ---


async def write(app: AppPart, chosen: str) -> None:
    """Write the board that is shown, or the screen, and say where it is or why it is not."""
    board, looks = app.board, app.source.display
    if board is None:
        app.say("There is nothing to write yet.", wrong=True)
        return
    name = f"rallytui-{stamp(board)}"
    if chosen == "svg":
        words = app.export_screenshot(title=f"rallytui {stamp(board)}")
    elif chosen == "history":
        records = recorded_by(board, await app.source.records())
        if not records:
            app.say("Nothing was written: no session is recorded yet.", wrong=True)
            return
        name, words = f"rallytui-history-{stamp(board)}", report.history_csv(records)
    else:
        words = {"text": report.to_text, "json": report.to_json, "csv": report.to_csv}[chosen](board)
    folder = looks.export_dir or "."
    try:
        path = await asyncio.to_thread(save, folder, name, FORMATS[chosen], words)
    except OSError as fault:
        why = fault.strerror or type(fault).__name__
        app.say(f"Nothing was written to {folder}: {why}. Set export_dir in [display] to another place.", wrong=True)
        return
    app.say(f"Wrote {path}")


def stamp(board: Board) -> str:
    """Mode and moment for the name of a file: `simulated-2026-07-23-1346`."""
    there = board.as_of.astimezone(NEW_YORK)
    words = [*(["simulated"] if board.is_invented else [])]
    words += ["as-of"] if board.mode == "as_of" else []
    return f"{'-'.join(words) or 'live'}-{there:%Y-%m-%d-%H%M}"


def save(folder: str, name: str, suffix: str, words: str) -> Path:
    """Write a new file, with a number in its name if there is one like it. Raises OSError."""
    place = Path(folder).expanduser().resolve()
    for n in range(1, _MOST + 1):
        path = place / (f"{name}.{suffix}" if n == 1 else f"{name}-{n}.{suffix}")
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(words)
        except FileExistsError:
            continue
        return path
    raise FileExistsError(f"{_MOST} files of this name")
