"""How Sphinx builds these pages: `python -m sphinx -W -b html docs OUT`. Nothing is loaded from the network."""

from __future__ import annotations

from rallytui import __version__

project = "rallytui"
author = "The rallytui developers"
copyright = author
release = version = __version__

extensions = ["myst_parser"]
exclude_patterns = ["_build"]
nitpicky = True
myst_heading_anchors = 4
suppress_warnings: list[str] = []

html_theme = "furo"
html_title = f"rallytui {__version__}"
html_copy_source = False
html_show_sphinx = False
