"""Every sign on the screen by its meaning, with an ASCII twin of the same width (the missing value has two cells)."""

from __future__ import annotations

from dataclasses import dataclass

from rallytui.board.shape import ClaimStatus
from rallytui.model import Light

# Typography that words from elsewhere may carry, and what ASCII writes for it.
_PLAIN = str.maketrans(
    {
        "−": "-", "–": "-", "—": "--", "·": "|", "×": "x", "…": ".", "±": "+-", "≥": ">=", "≤": "<=", "σ": "sd",
        "²": "2", "’": "'", "‘": "'", "“": '"', "”": '"', "§": "", "Δ": "d", "≈": "~", "†": "*", "↺": "r",
        "▲": "^", "▼": "v",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One way of drawing every meaning. `UNICODE` and `ASCII` are the two there are."""

    unicode: bool
    # Lights
    calm: str
    watch: str
    stress: str
    unknown: str
    # Claims
    on_track: str
    at_risk: str
    broken: str
    unsure: str
    # Rungs
    reached: str
    open: str
    retest: str
    # Bars and ranges
    bar: str
    track: str
    marker: str
    # Positions: on a rail, on a ladder, on an axis, in a list
    position: str
    here: str
    axis: str
    cursor: str
    # Pane rules
    rule: str
    focus: str
    as_of: str
    # Price moves and numbers
    up: str
    down: str
    flat: str
    minus: str
    missing: str
    to: str
    times: str
    # Age
    delayed: str
    stale: str
    failed: str
    # Charts
    level: str
    target: str
    today: str
    now: str
    plan: str
    cone: str
    dot: str
    blocks: str
    # Words
    ellipsis: str
    sep: str
    sigma: str

    def light(self, band: Light) -> str:
        """The shape of a light."""
        return {"calm": self.calm, "watch": self.watch, "stress": self.stress}.get(band, self.unknown)

    def letter(self, band: Light) -> str:
        """The letter beside a light, so that colour is never the only carrier."""
        return {"calm": "C", "watch": "W", "stress": "S"}.get(band, "?")

    def claim(self, status: ClaimStatus) -> str:
        """The sign of a claim's status."""
        return {"on_track": self.on_track, "at_risk": self.at_risk, "broken": self.broken}.get(status, self.unsure)

    def arrow(self, change: float | None) -> str:
        """The direction of a change; a blank when it is not known."""
        if change is None or change != change:
            return " "
        if abs(change) < 0.005:  # which reads 0.00
            return self.flat
        return self.up if change > 0 else self.down

    def words(self, text: str) -> str:
        """Text from elsewhere, with its typography put into ASCII if this terminal needs it."""
        return text if self.unicode else text.translate(_PLAIN).encode("ascii", "replace").decode("ascii")


UNICODE = Glyphs(
    unicode=True,
    calm="●", watch="◆", stress="■", unknown="○",
    on_track="✓", at_risk="~", broken="✗", unsure="?",
    reached="✓", open="○", retest="↺",
    bar="━", track="─", marker="●",
    position="▮", here="▶", axis="◂", cursor="▌",
    rule="─", focus="━", as_of="═",
    up="▲", down="▼", flat="•", minus="−", missing="—", to="–", times="×",
    delayed="~", stale="†", failed="×",
    level="┈", target="╌", today="│", now="●", plan="┅", cone="◁", dot="·", blocks="▁▂▃▄▅▆▇█",
    ellipsis="…", sep="·", sigma="σ",
)  # fmt: skip

ASCII = Glyphs(
    unicode=False,
    calm=".", watch="o", stress="#", unknown="-",
    on_track="+", at_risk="~", broken="x", unsure="?",
    reached="+", open="o", retest="r",
    bar="=", track="-", marker="o",
    position="|", here=">", axis="<", cursor=">",
    rule="-", focus="=", as_of="#",
    up="^", down="v", flat="=", minus="-", missing="--", to="-", times="x",
    delayed="~", stale="*", failed="!",
    level=".", target="-", today="|", now="o", plan="-", cone="<", dot=".", blocks="::::####",
    ellipsis=".", sep="|", sigma="sd",
)  # fmt: skip
