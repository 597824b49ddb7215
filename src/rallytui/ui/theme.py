"""Colour by role: four themes as hex, the same as Textual themes, and as styles for panes to draw with."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any, Literal

from rich.style import Style
from textual.theme import Theme

from rallytui.board.shape import ClaimStatus
from rallytui.model import Light

Colours = Literal["true", "16", "none"]
"""What the terminal can show: any colour, the sixteen of its own, or `NO_COLOR`."""


@dataclass(frozen=True, slots=True)
class Roles:
    """The hex value of every role in one theme. Widgets never see these."""

    ground: str
    raised: str
    tint: str
    rule: str
    dim: str
    text: str
    bright: str
    good: str
    watch: str
    bad: str
    accent: str
    up: str
    down: str
    stress_band: str
    watch_band: str


ROLES = {
    "rallytui-dark": Roles(
        ground="#0f1216", raised="#191f27", tint="#171d26", rule="#323b47", dim="#7f8a98", text="#c2cad4",
        bright="#f4f7fa", good="#5fb98b", watch="#e0b04a", bad="#ff6b63", accent="#6cb1ff",
        up="#86b39c", down="#cf8b86", stress_band="#2a181b", watch_band="#262013",
    ),
    "rallytui-light": Roles(
        ground="#faf9f5", raised="#eeece4", tint="#e9eef6", rule="#cfccc2", dim="#696f78", text="#30363d",
        bright="#050709", good="#1b7a4b", watch="#8f6000", bad="#c3222b", accent="#1d5fc4",
        up="#3c7a5a", down="#a5504f", stress_band="#f7e2e0", watch_band="#f6ecd2",
    ),
    "rallytui-contrast": Roles(
        ground="#000000", raised="#262626", tint="#141d2c", rule="#7a7a7a", dim="#b9bec5", text="#f0f2f4",
        bright="#ffffff", good="#5ff0a2", watch="#ffd94a", bad="#ff9088", accent="#8cc9ff",
        up="#a6e6c0", down="#ffb8b0", stress_band="#3a0f12", watch_band="#332a00",
    ),
    "rallytui-colourblind": Roles(
        ground="#0f1216", raised="#191f27", tint="#171d26", rule="#323b47", dim="#7f8a98", text="#c2cad4",
        bright="#f4f7fa", good="#56b4e9", watch="#f0e442", bad="#ff7f3f", accent="#d9a3c4",
        up="#8fb9d3", down="#d39a78", stress_band="#2a1d14", watch_band="#262413",
    ),
}  # fmt: skip
DEFAULT = "rallytui-dark"
TEXT_ROLES = ("dim", "text", "bright", "good", "watch", "bad", "accent", "up", "down")
"""Roles that carry words and numbers, and so need contrast; the others are lines and grounds."""

_GROUNDS = ("ground", "raised", "tint", "stress_band", "watch_band")
_SIXTEEN = {
    "dim": 8, "text": 7, "bright": 15, "rule": 8, "good": 2, "watch": 3, "bad": 9, "accent": 14, "up": 2, "down": 9,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Palette:
    """The styles a pane draws with, for one theme on one kind of terminal."""

    name: str
    text: Style
    dim: Style
    bright: Style
    good: Style
    watch: Style
    bad: Style
    accent: Style
    up: Style
    down: Style
    rule: Style
    ground: Style
    """A background only, below everything; none where the terminal's own is used."""
    raised: Style
    """A background only: the "now" row of the ladder."""
    tint: Style
    """A background only: the inside of the cone."""
    stress_band: Style
    watch_band: Style
    cursor: Style
    """The row under the cursor: a background, or reverse where there are none."""
    keycap: Style
    accent_bar: Style
    """Words on an accent background: AS OF, the one key to press."""
    watch_bar: Style

    def light(self, band: Light) -> Style:
        """The style of a light's shape."""
        return {"calm": self.good, "watch": self.watch, "stress": self.bad}.get(band, self.dim)

    def claim(self, status: ClaimStatus) -> Style:
        """The style of a claim's sign."""
        return {"on_track": self.good, "at_risk": self.watch, "broken": self.bad}.get(status, self.dim)

    def faded(self) -> Palette:
        """The same palette for what is stale: every word dim."""
        words: dict[str, Any] = dict.fromkeys(TEXT_ROLES, self.dim)
        return replace(self, **words)

    def move(self, change: float | None) -> Style:
        """The style of a price move: greyed, so that it never outshouts a light."""
        if change is None or change != change or abs(change) < 0.005:  # which reads 0.00
            return self.dim if change is None else self.text
        return self.up if change > 0 else self.down


@lru_cache(maxsize=32)
def palette(
    name: str = DEFAULT, colours: Colours = "true", swap: bool = False, up: str = "", down: str = ""
) -> Palette:
    """The palette of a theme (an unknown name means dark). `swap` exchanges the colours of up and down.

    `up` and `down` are colours of the reader's own, as `#rrggbb`, for terminals that can show any.
    """
    roles = ROLES.get(name, ROLES[DEFAULT])
    roles = replace(roles, up=up or roles.up, down=down or roles.down)
    styles = {"true": _true, "16": _sixteen, "none": _bare}[colours](roles)
    if swap:
        styles["up"], styles["down"] = styles["down"], styles["up"]
    return Palette(name=name, **styles)


def _true(roles: Roles) -> dict[str, Style]:
    styles = {role: Style(color=getattr(roles, role)) for role in (*TEXT_ROLES, "rule")}
    styles["bright"] += Style(bold=True)
    grounds = {role: Style(bgcolor=getattr(roles, role)) for role in _GROUNDS}
    return styles | grounds | {
        "cursor": grounds["raised"],
        "keycap": styles["bright"] + grounds["raised"],
        "accent_bar": Style(color=roles.ground, bgcolor=roles.accent, bold=True),
        "watch_bar": Style(color=roles.ground, bgcolor=roles.watch, bold=True),
    }  # fmt: skip


def _sixteen(_roles: Roles) -> dict[str, Style]:
    styles = {role: Style(color=f"color({number})") for role, number in _SIXTEEN.items()}
    styles["bright"] += Style(bold=True)
    reverse = Style(reverse=True)
    bars = {"accent_bar": styles["accent"] + reverse, "watch_bar": styles["watch"] + reverse}
    # Reversed, every colour of a row would become a ground of its own; signs and minus say what colours said.
    one = {"cursor": Style(color="default", reverse=True)}
    return styles | _no_grounds() | one | bars


def _bare(_roles: Roles) -> dict[str, Style]:
    plain: dict[str, Style] = dict.fromkeys((*TEXT_ROLES, "rule"), Style())
    weights = {"bright": Style(bold=True), "dim": Style(dim=True), "rule": Style(dim=True), "bad": Style(bold=True)}
    bars = dict.fromkeys(("accent_bar", "watch_bar"), Style(reverse=True, bold=True))
    return plain | weights | _no_grounds() | bars


def _no_grounds() -> dict[str, Style]:
    reverse = Style(reverse=True, dim=False)
    none = dict.fromkeys(_GROUNDS, Style())
    return none | {"cursor": reverse, "keycap": reverse + Style(bold=True)}


def textual_themes() -> list[Theme]:
    """The four themes for `App.register_theme`; every role is also a CSS variable, as in `$raised`."""
    return [_textual_theme(name, roles) for name, roles in ROLES.items()]


def _textual_theme(name: str, roles: Roles) -> Theme:
    return Theme(
        name=name,
        primary=roles.accent,
        secondary=roles.dim,
        accent=roles.accent,
        success=roles.good,
        warning=roles.watch,
        error=roles.bad,
        foreground=roles.text,
        background=roles.ground,
        surface=roles.ground,
        panel=roles.raised,
        dark=name != "rallytui-light",
        variables={field.name.replace("_", "-"): getattr(roles, field.name) for field in fields(roles)}
        | {"block-cursor-background": roles.raised, "block-cursor-foreground": roles.bright},
    )
