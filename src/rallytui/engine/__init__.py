"""The working half: `engine` joins the rooms, `view` is what is looked at, `choices` what was chosen."""

from rallytui.engine.engine import Engine

__all__ = ["Engine"]
