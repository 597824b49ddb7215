"""Numbers, ages and outside words as text: pure functions, no colour. None and NaN become the missing sign."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from math import floor, isfinite

from rich.cells import cell_len, set_cell_size

from rallytui.board.shape import Odds
from rallytui.board.words import odds_words
from rallytui.model import Freshness
from rallytui.ui.glyphs import UNICODE, Glyphs

_ANSI = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor moves
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\|$)"  # strings: titles, links
    r"|\x1b[ -/]*[0-~]"  # the rest
)
_MONEY = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "k"), (1.0, ""))


def known(value: float | None) -> bool:
    """True if there is a finite number to show."""
    return value is not None and isfinite(value)


def price(value: float | None, decimals: int = 2, g: Glyphs = UNICODE) -> str:
    """`7,408.30`; also any plain number with fixed decimals."""
    if value is None or not isfinite(value):
        return g.missing
    text = f"{abs(value):,.{decimals}f}"
    return (g.minus if value < 0 and _is_more_than_zero(text) else "") + text


def change(value: float | None, decimals: int = 2, g: Glyphs = UNICODE) -> str:
    """`+1.24`, `−1.24`; what rounds to zero has no sign."""
    text = price(value, decimals, g)
    return f"+{text}" if value is not None and value > 0 and _is_more_than_zero(text) else text


def _is_more_than_zero(text: str) -> bool:
    return any(digit in text for digit in "123456789")


def with_unit(text: str, unit: str, g: Glyphs = UNICODE) -> str:
    """`text` and its unit after a space; the missing sign stays alone."""
    return text if text == g.missing or not unit else f"{text} {unit}"


def pct(value: float | None, decimals: int = 2, g: Glyphs = UNICODE) -> str:
    """A change in percent, signed: `−1.21 %`."""
    return with_unit(change(value, decimals, g), "%", g)


def pp(value: float | None, decimals: int = 2, g: Glyphs = UNICODE) -> str:
    """A difference of percentages, signed: `−1.85 pp`."""
    return with_unit(change(value, decimals, g), "pp", g)


def level(value: float | None, g: Glyphs = UNICODE) -> str:
    """A rung: `8,000`; below 100 it keeps its decimals, or a share's rungs would look alike."""
    return price(value, 2 if value is not None and abs(value) < 100 and value % 1 else 0, g)


def odds(value: Odds | None, g: Glyphs = UNICODE) -> str:
    """The two scenarios as one range, low first: `51–54 %`, `<1 %`, `98 to >99 %`."""
    return (odds_words(value).replace("–", g.to) if value else "") or g.missing


def sessions(behind_plan: float | None, g: Glyphs = UNICODE, cap: int = 150) -> str:
    """The lead over the plan, negative if behind: `21 sessions behind`, `> 150 sessions ahead`, `on plan`."""
    if behind_plan is None or not isfinite(behind_plan):
        return g.missing
    count = round(abs(behind_plan))
    if count == 0:
        return "on plan"
    number = f"> {cap}" if count > cap else str(count)
    return f"{number} session{'' if count == 1 else 's'} {'behind' if behind_plan < 0 else 'ahead'}"


def money(value: float | None, g: Glyphs = UNICODE) -> str:
    """Dollars with three digits: `$775 bn`, `$90.0 m`."""
    if value is None or not isfinite(value):
        return g.missing
    size = abs(value)
    scale, unit = next(((s, u) for s, u in _MONEY if size >= s * 0.9995), _MONEY[-1])
    number = size / scale
    decimals = 0 if number >= 99.95 else 1 if number >= 9.995 else 2
    text = f"{number:,.{decimals}f}"
    sign = g.minus if value < 0 and _is_more_than_zero(text) else ""
    return f"{sign}${text} {unit}".rstrip()


def count(value: float | None, g: Glyphs = UNICODE) -> str:
    """How many, with three digits: `12.4 m`."""
    return money(value, g).replace("$", "")


def day(value: date | None, today: date, g: Glyphs = UNICODE) -> str:
    """`22 Jul`, and `22 Jul 2025` once it is not this year."""
    return g.missing if value is None else _dated(f"{value.day} {value:%b}", value, today)


def month(value: date | None, today: date, g: Glyphs = UNICODE) -> str:
    """`Jun`, and `Jun 2025` once it is not this year."""
    return g.missing if value is None else _dated(f"{value:%b}", value, today)


def quarter(value: date | None, today: date, g: Glyphs = UNICODE) -> str:
    """`Q1`, and `Q1 2025` once it is not this year."""
    return g.missing if value is None else _dated(f"Q{(value.month + 2) // 3}", value, today)


def _dated(text: str, value: date, today: date) -> str:
    return text if value.year == today.year else f"{text} {value.year}"


def age(at: datetime | None, now: datetime, zone: tzinfo, live: bool = False, g: Glyphs = UNICODE) -> str:
    """How old a moment is: `now` (live, under a minute), `12 s`, `4 m`, `2 h`; from yesterday on its date in `zone`."""
    if at is None:
        return g.missing
    there, today = at.astimezone(zone).date(), now.astimezone(zone).date()
    if there < today:
        return day(there, today, g)
    seconds = max(0, floor((now - at).total_seconds()))
    if seconds < 60:
        return "now" if live else f"{seconds} s"
    return f"{seconds // 60} m" if seconds < 3600 else f"{seconds // 3600} h"


def countdown(seconds: float | None, g: Glyphs = UNICODE) -> str:
    """Time still to wait: `0:48`, `2h14m`, `2d17h`; what is over is `0:00`."""
    if seconds is None or not isfinite(seconds):
        return g.missing
    left = max(0, floor(seconds))
    minutes, hours = left // 60, left // 3600
    if hours >= 24:
        return f"{hours // 24}d{hours % 24:02d}h"
    return f"{hours}h{minutes % 60:02d}m" if hours else f"{minutes}:{left % 60:02d}"


def left(text: str, width: int, g: Glyphs = UNICODE) -> str:
    """`text` cut or filled to exactly `width` cells, to the left: for words."""
    return set_cell_size(cut(text, width, g), max(0, width))


def right(text: str, width: int) -> str:
    """`text` filled to `width` cells, to the right and never cut: for numbers."""
    return " " * max(0, width - cell_len(text)) + text


def column(texts: Iterable[str]) -> list[str]:
    """The numbers of a column, filled to one width so that their decimal points stand below each other."""
    rows = [_at_point(text) for text in texts]
    before = max((cell_len(head) for head, _ in rows), default=0)
    after = max((cell_len(tail) for _, tail in rows), default=0)
    return [right(head, before) + tail + " " * (after - cell_len(tail)) for head, tail in rows]


def _at_point(text: str) -> tuple[str, str]:
    digits = re.match(r"[^0-9]*[0-9,]*", text)
    split = digits.end() if digits and any(c.isdigit() for c in text) else len(text)
    return text[:split], text[split:]


def cut(text: str, width: int, g: Glyphs = UNICODE) -> str:
    """`text` in at most `width` cells; what had to go leaves an ellipsis."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return text
    kept = set_cell_size(text, width - 1).rstrip()
    return kept + g.ellipsis


def clean(text: object, limit: int = 300) -> str:
    """Words from outside made inert: one line, no control, escape or direction signs, at most `limit` cells."""
    head = _ANSI.sub("", str(text)[: limit * 8])
    normal = unicodedata.normalize("NFC", head)
    return cut(" ".join("".join(map(_harmless, normal)).split()), limit)


def _harmless(char: str) -> str:
    # Marks without a cell of their own go too: a row must be as wide as it measures.
    category = unicodedata.category(char)
    if category in ("Zl", "Zp", "Zs") or char in "\t\n\r":
        return " "
    return "" if category[0] == "C" or category in ("Mn", "Me") else char


def wrapped(text: str, width: int, g: Glyphs = UNICODE) -> list[str]:
    """The words of `text` in lines of at most `width` cells; a word that is longer is cut."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if cell_len(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(cut(word, width, g))
    return [line for line in lines if line]


def age_sign(freshness: Freshness, badge: str, g: Glyphs) -> str:
    """The sign of a price that is stale, late or delayed by design; empty when it is as new as can be."""
    if freshness == "stale":
        return g.stale
    return g.delayed if freshness == "lagging" or badge.startswith("delayed") else ""
