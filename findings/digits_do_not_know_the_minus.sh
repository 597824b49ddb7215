#!/usr/bin/env bash
# Textual's Digits draws a hyphen three cells wide and the minus sign one cell wide, on the middle line only.
# One would guess: U+2212, the sign that typographers and the style guides of finance want, is drawn as large as "-".
# What happens: "-0.5" takes 10 cells, "\u22120.5" takes 8: the minus is no glyph of the font and stands as a plain character beside
# digits three lines high. The same holds for the thin space and for "%".
# Why it matters: a falling price is shown with a sign that is easily overlooked, and columns no longer end together.
# Instead: hand Digits the hyphen, whatever the rest of the screen uses.
# Output seen:
#   textual 8.2.8: hyphen 10 cells, minus 8 cells, percent alone 1 cell
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check textual==8.2.8
"$work/venv/bin/python" -W ignore - <<'PY'
from importlib.metadata import version
from textual.renderables.digits import Digits
hyphen, minus, percent = (Digits.get_width(text) for text in ("-0.5", "\u22120.5", "%"))
print(f"textual {version('textual')}: hyphen {hyphen} cells, minus {minus} cells, percent alone {percent} cell")
assert (hyphen, minus, percent) == (10, 8, 1), (hyphen, minus, percent)
PY
