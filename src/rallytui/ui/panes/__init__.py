"""The four panes of the board."""
