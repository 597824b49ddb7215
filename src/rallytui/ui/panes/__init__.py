"""The panes of the board, and the parts they are drawn from."""
