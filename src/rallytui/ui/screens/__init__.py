"""The board, the page of one row, and the help."""
