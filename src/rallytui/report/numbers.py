"""A number as text, with a dash for what is missing."""

from __future__ import annotations

MISSING = "—"


def number(value: float | None, decimals: int = 2, unit: str = "", sign: bool = False) -> str:
    """A number as it is shown: thousands separators, a true minus, a dash for what is missing."""
    if value is None:
        return MISSING
    text = f"{value:{'+' if sign else ''},.{decimals}f}"
    if not any(digit in "123456789" for digit in text):
        text = text.lstrip("+-")
    return text.replace("-", "−") + (f" {unit}" if unit else "")
