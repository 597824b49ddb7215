"""The board: `shape` says what it holds, `build` makes one from a tape."""
