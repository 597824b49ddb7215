"""rallytui: a terminal board for a market thesis."""

__version__ = "0.1.0"
