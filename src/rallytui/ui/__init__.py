"""The screens, panes and widgets of the board."""
