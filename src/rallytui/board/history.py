"""The board's own past: one record a completed session, computed backwards from the tape as it was that evening."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import sha256

import msgspec

from rallytui.board.base import base_of
from rallytui.board.memo import Memo
from rallytui.board.moment import Moment, moment_of
from rallytui.board.risk import build_risks
from rallytui.board.shape import Claim, Mark, Record, Risks, RungMark, Target, TargetMark
from rallytui.board.shape.history import SCHEMA
from rallytui.board.target import build_target
from rallytui.board.thesis import build_thesis
from rallytui.config import Settings
from rallytui.sessions import Calendar, known_by
from rallytui.tape import Tape


def records_at(
    tape: Tape, settings: Settings, calendar: Calendar, sessions: Sequence[date], memo: Memo
) -> list[Record]:
    """The records of `sessions`, each as known at 18:00 New York on its day, which has to have come.

    Neighbouring sessions share most of their work through `memo`: keep it for this alone, and go through a long past
    in parts, one after the other and in order.
    """
    return [record_at(tape, settings, calendar, session, memo) for session in sessions]


def record_at(tape: Tape, settings: Settings, calendar: Calendar, session: date, memo: Memo) -> Record:
    """The record of one session: the parts of the board that judge, from the tape as it was that evening."""
    moment: Moment = moment_of(tape, settings, known_by(session), calendar, "as_of", memo)
    targets = [build_target(base_of(moment, target)) for target in settings.targets]
    return recorded(moment.completed, build_risks(moment), build_thesis(moment, targets), targets)


def recorded(session: date, risks: Risks, thesis: Sequence[Claim], targets: Sequence[Target]) -> Record:
    return Record(
        session=session,
        composite=Mark(risks.composite.score, risks.composite.band),
        coverage=risks.composite.coverage,
        groups={group.id: Mark(group.score, group.band) for group in risks.groups},
        indicators={one.id: Mark(one.score, one.band) for group in risks.groups for one in group.indicators},
        claims={claim.id: claim.status for claim in thesis},
        targets=[target_mark(target) for target in targets],
    )


def target_mark(target: Target) -> TargetMark:
    rungs = [RungMark(rung.level, rung.state, rung.reached_now) for rung in target.rungs]
    return TargetMark(target.symbol, target.last, rungs)


def version(settings: Settings) -> str:
    """A text that changes whenever records would: with the shape of a record and with the settings it depends on.

    Watchlists are none of them: what a record holds is read from the thesis's own names.
    """
    parts = (SCHEMA, settings.thesis, settings.targets, settings.risk, settings.claims, settings.data.closures)
    return sha256(msgspec.json.encode(parts)).hexdigest()[:16]
