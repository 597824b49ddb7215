"""Draws the pictures of the README and the docs from the demo, at one moment, so that they are the same everywhere.

python docs/pictures.py
"""

from __future__ import annotations

import asyncio
import os
from contextlib import closing
from datetime import date, time
from pathlib import Path

from rallytui.clock import FrozenClock
from rallytui.config import Settings
from rallytui.config.settings import Display
from rallytui.engine import Engine
from rallytui.sessions import new_york
from rallytui.store import memory_store
from rallytui.ui.app import RallyApp

HERE = Path(__file__).parent / "pictures"
MOMENT = new_york(date(2026, 9, 16), time(13, 46))
WIDE, MEDIUM = (160, 45), (100, 30)


async def draw(name: str, theme: str, size: tuple[int, int], keys: tuple[str, ...] = ()) -> None:
    """Run the demo without a terminal until the board is full, press keys, and save the screen."""
    settings = Settings(display=Display(theme=theme))  # type: ignore[arg-type]
    with closing(memory_store()) as store:
        app = RallyApp(Engine(settings, store, demo=True, clock=FrozenClock(MOMENT)))
        async with app.run_test(size=size) as pilot:
            while app.board is None or app.board.risks.composite.score is None:
                await pilot.pause(0.1)
            await pilot.pause(1.0)
            for key in keys:
                await pilot.press(key)
                await pilot.pause(0.2)
            await pilot.pause(2.0)  # an open page waits for what is known for it alone
            (HERE / f"{name}.svg").write_text(app.export_screenshot(title="rallytui --demo"), "utf-8")


async def main() -> None:
    os.environ.update(COLORTERM="truecolor", TERM="xterm-256color")
    os.environ.pop("NO_COLOR", None)
    HERE.mkdir(exist_ok=True)
    await draw("board-dark", "dark", WIDE)
    await draw("board-light", "light", WIDE)
    await draw("board-medium", "dark", MEDIUM)
    await draw("risk", "dark", WIDE, ("3", "down", "down", "enter"))
    await draw("symbol", "dark", WIDE, ("2", "down", "enter", "v"))
    await draw("wall", "dark", WIDE, ("w",))


if __name__ == "__main__":
    asyncio.run(main())
