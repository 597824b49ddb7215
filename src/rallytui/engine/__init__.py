"""The working half: `engine` does, `reader` answers, `parts` are put together; the rest are the parts."""

from rallytui.engine.engine import Engine

__all__ = ["Engine"]
