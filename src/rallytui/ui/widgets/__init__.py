"""Widgets that more than one pane draws with."""
