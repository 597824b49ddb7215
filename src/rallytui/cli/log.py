"""The log: a rotating file beside the data, and never the terminal."""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path

from rallytui.config.load import data_dir

LOG_BYTES, LOG_FILES = 1_000_000, 3


class PlainFormatter(logging.Formatter):
    """Log lines that are safe to show in a terminal, whatever came from outside."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line of an entry: no message begins a line of its own."""
        return super().formatMessage(record).replace("\n", " ")

    def format(self, record: logging.LogRecord) -> str:
        return "".join(sign if sign.isprintable() or sign == "\n" else "?" for sign in super().format(record))


def log_to_file() -> Path:
    """Warnings and news go to a rotating file; a place that cannot be written costs the log and nothing else."""
    path = data_dir() / "rallytui.log"
    root = logging.getLogger("rallytui")
    if root.handlers:
        return path
    root.setLevel(logging.INFO)
    root.propagate = False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            path, "a", LOG_BYTES, LOG_FILES, "utf-8", delay=True
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(PlainFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    return path
