"""The tripwires that are there from the start (METHODOLOGY D): what they look at, and which change is an event.

Each looks at signs of a board: a subject and its state in one word. A state that cannot be told is None and leaves the
one before in place. All but the sources and the corrections are looked at on the evening of each completed session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from rallytui.alerts.event import Severity
from rallytui.alerts.path import doubtful, name_of
from rallytui.board.shape import Board, Indicator, Row, Rung
from rallytui.board.words import beyond_words
from rallytui.config.settings import BuiltinAlerts

BASKET = "AI2"
DEEP_PCT, DEEPER_PCT = -12.0, -20.0
MOVE_ATRS = 3.0
FAILURES = 3
"""A source fails now and then; it is an event when it has failed so often in a row."""
WORSE = ("calm", "watch", "stress")
STATUS_WORDS = {"on_track": "on track", "at_risk": "at risk", "broken": "broken"}


class Sign(NamedTuple):
    """What a built-in tripwire sees of one subject: `state` None is unknown; `about` says more for the sentence."""

    rule: str
    subject: str
    path: str
    state: str | None
    name: str
    about: str = ""
    sentence: str = ""
    """What its event says, where that takes more than the name."""
    meaning: str = ""
    """Another word when the same subject's state comes to mean something else: what was remembered is not compared."""

    @property
    def key(self) -> str:
        return f"{self.rule}{self.meaning}|{self.subject}"


class News(NamedTuple):
    """How an event is told; `session` if it belongs to another one than that of the board."""

    title: str
    text: str
    severity: Severity
    session: date | None = None


def evening_signs(board: Board, on: BuiltinAlerts) -> Iterator[Sign]:
    """What is looked at when a session has ended."""
    for wanted, signs in (
        (on.rungs, rung_signs),
        (on.lights, light_signs),
        (on.composite, composite_signs),
        (on.claims, claim_signs),
        (on.basket, basket_signs),
        (on.moves, move_signs),
        (on.filings, filing_signs),
        (on.stale, stale_signs),
    ):
        if wanted:
            yield from signs(board)


def live_signs(board: Board, on: BuiltinAlerts) -> Iterator[Sign]:
    """What is looked at all the time."""
    if on.sources:
        for one in board.health:
            bad = one.status == "failing" and one.failures >= FAILURES
            state = "failing" if bad else "ok" if one.status == "ok" else None
            yield Sign("source", one.provider, f"health.{one.provider}.status", state, one.title, one.detail)
    if on.corrections:
        yield from correction_signs(board)


def correction_signs(board: Board) -> Iterator[Sign]:
    """Whether the bar of the last session tells another close than its final quote did."""
    targets = [(f"targets.{one.symbol}", one.symbol, one.name, one.closing) for one in board.targets]
    for path, subject, name, closing in (
        *targets,
        *((path, row.symbol, row.symbol, row.closing) for path, row in rows(board)),
    ):
        if closing is not None:
            state = f"{closing.session} {'corrected' if closing.is_corrected else 'quoted'}"
            about = "" if closing.bar is None else f"{closing.bar:,.2f}, not at {closing.quoted:,.2f}"
            yield Sign("correction", subject, f"{path}.last", state, name, about)


def rung_signs(board: Board) -> Iterator[Sign]:
    for target in board.targets:
        for rung in target.rungs:
            subject, level = f"{target.symbol} {name_of(rung)}", f"{rung.level:,.10g}"
            path = f"targets.{target.symbol}.rungs.{name_of(rung)}"
            known = rung.state != "no_data"
            touched = rung.first_touch_close.isoformat() if rung.first_touch_close else "never"
            first = f"{target.name} closed {beyond_words([rung])} {level} for the first time."
            state = touched if known else None
            yield Sign("rung-reached", subject, f"{path}.first_touch_close", state, target.name, level, first)
            streak = None if rung.streak is None or not known else "above" if rung.streak else "below"
            back = f"{target.name} closed back {near_side(rung)} {level}{lost_of(rung)}."
            yield Sign("rung-lost", subject, f"{path}.streak", streak, target.name, level, back)


def near_side(rung: Rung) -> str:
    """Where the price is that has not passed the level."""
    return "above" if rung.down else "below"


def lost_of(rung: Rung) -> str:
    """Since when a reached level is lost, to go on a sentence."""
    if rung.lost_since is None or rung.first_touch_close is None:
        return ""
    return f", first reached on {rung.first_touch_close.isoformat()}: lost since {rung.lost_since.isoformat()}"


def indicators(board: Board) -> Iterator[Indicator]:
    for group in board.risks.groups:
        yield from group.indicators


def light_signs(board: Board) -> Iterator[Sign]:
    for group in board.risks.groups:
        yield Sign("light", group.id, f"risks.{group.id}.band", known(group.band), group.title, meaning=" of the worst")
    for one in indicators(board):
        yield Sign("light", one.id, f"risks.{one.id}.band", known(one.band), one.title)


def composite_signs(board: Board) -> Iterator[Sign]:
    whole = board.risks.composite
    alike = known(whole.band_at_equal_members) or ""
    yield Sign("composite", "composite", "risks.composite.band", known(whole.band), "The composite", alike)


def claim_signs(board: Board) -> Iterator[Sign]:
    for one in board.thesis:
        yield Sign("claim", one.id, f"thesis.{one.id}.status", known(one.status), one.claim)


def stale_signs(board: Board) -> Iterator[Sign]:
    for one in indicators(board):
        yield Sign("stale", one.id, f"risks.{one.id}.freshness", "known" if known(one.band) else "gone", one.title)


def basket_signs(board: Board) -> Iterator[Sign]:
    for one in indicators(board):
        if one.id == BASKET:
            depth = None if one.value is None or one.freshness == 0 else depth_of(one.value)
            yield Sign("basket", BASKET, f"risks.{BASKET}.value", depth, one.title.removesuffix(" drawdown"))


def move_signs(board: Board) -> Iterator[Sign]:
    for path, row in rows(board):
        state, about = None, ""
        if row.freshness == "fresh" and not doubtful(row) and row.change_pct is not None and row.atr_pct:
            ranges = abs(row.change_pct) / row.atr_pct
            state = "big" if ranges > MOVE_ATRS else "usual"
            about = f"{row.change_pct:+.1f} %, {ranges:.1f} times its usual daily range".replace("-", "−")
        yield Sign("move", row.symbol, f"{path}.change_pct", state, row.symbol, about)


def filing_signs(board: Board) -> Iterator[Sign]:
    for path, row in rows(board):
        state = row.filed.isoformat() if row.filed else None
        yield Sign("filing", row.symbol, f"{path}.filed", state, row.symbol, row.filed_form)


def rows(board: Board) -> Iterator[tuple[str, Row]]:
    """Each symbol of the watchlists once, with the path of its row."""
    seen: set[str] = set()
    for watchlist in board.watchlists:
        for row in watchlist.rows:
            if row.symbol not in seen:
                seen.add(row.symbol)
                yield f"watchlists.{watchlist.name}.{row.symbol}", row


def known(state: str) -> str | None:
    return None if state == "unknown" else state


def depth_of(drawdown_pct: float) -> str:
    return "20" if drawdown_pct <= DEEPER_PCT else "12" if drawdown_pct <= DEEP_PCT else "0"


# --- which change is an event, and how it is told ---


def news_of(sign: Sign, before: str) -> News | None:
    """What to tell when a subject was in the state `before`; None if that is no event. The sign's state is known."""
    return TELL[sign.rule](sign, before, sign.state or "")


def reached(sign: Sign, old: str, new: str) -> News | None:
    if old != "never" or new == "never":
        return None
    day = date.fromisoformat(new)
    return News(f"{sign.about} reached", sign.sentence, "info", day)


def lost(sign: Sign, old: str, new: str) -> News | None:
    if (old, new) != ("above", "below"):
        return None
    return News(f"{sign.about} lost", sign.sentence, "watch")


def light(sign: Sign, old: str, new: str) -> News | None:
    if old == new:
        return None
    worse = WORSE.index(new) > WORSE.index(old)
    severity: Severity = "info" if not worse else "bad" if new == "stress" else "watch"
    return News(f"{sign.name}: {new}", f"{sign.name} went from {old} to {new}.", severity)


def composite(sign: Sign, old: str, new: str) -> News | None:
    """A light that only became another because other readings count is no event (METHODOLOGY G.7)."""
    return None if sign.about == old else light(sign, old, new)


def claim(sign: Sign, old: str, new: str) -> News | None:
    if old == new:
        return None
    severity: Severity = "bad" if new == "broken" else "watch" if new == "at_risk" else "info"
    words = STATUS_WORDS[new]
    return News(f"{sign.subject} {words}", f"“{sign.name}” went from {STATUS_WORDS[old]} to {words}.", severity)


def basket(sign: Sign, old: str, new: str) -> News | None:
    if int(new) <= int(old):
        return None
    return News(f"{sign.name} −{new} %", f"{sign.name} is {new} % or more below its high of a year.", "bad")


def move(sign: Sign, old: str, new: str) -> News | None:
    if new != "big":
        return None
    return News(f"{sign.name} moved", f"{sign.name} moved {sign.about}.", "watch")


def filing(sign: Sign, old: str, new: str) -> News | None:
    if new <= old:
        return None
    return News(f"{sign.name} filed", f"{sign.name} filed a {sign.about or 'report'} on {new}.", "info")


def gone(sign: Sign, old: str, new: str) -> News | None:
    if (old, new) != ("known", "gone"):
        return None
    return News(f"{sign.name}: unknown", f"{sign.name} can no longer be judged: its data are old or missing.", "watch")


def source(sign: Sign, old: str, new: str) -> News | None:
    if (old, new) != ("ok", "failing"):
        return None
    return News(f"{sign.name} fails", f"{sign.name} fails: {sign.about}", "watch")


def corrected(sign: Sign, old: str, new: str) -> News | None:
    day, word = new.split(" ")
    if word != "corrected" or old != f"{day} quoted":
        return None
    return News(
        f"{sign.name} corrected",
        f"{sign.name} closed at {sign.about}, by its bar of {day}.",
        "watch",
        date.fromisoformat(day),
    )


TELL: dict[str, Callable[[Sign, str, str], News | None]] = {
    "rung-reached": reached,
    "rung-lost": lost,
    "light": light,
    "composite": composite,
    "claim": claim,
    "basket": basket,
    "move": move,
    "filing": filing,
    "stale": gone,
    "source": source,
    "correction": corrected,
}
"""The built-in tripwires by their ids."""
SWITCHES = {
    "rungs": ("rung-reached", "rung-lost"),
    "lights": ("light",),
    "composite": ("composite",),
    "claims": ("claim",),
}
SWITCHES |= {
    "basket": ("basket",),
    "moves": ("move",),
    "filings": ("filing",),
    "stale": ("stale",),
    "sources": ("source",),
    "corrections": ("correction",),
}
"""Which ids a key of `[builtin_alerts]` switches."""
