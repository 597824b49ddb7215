"""Whether others on this machine can read a key that the config file holds."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from rallytui.config.load import tables
from rallytui.config.settings import SECRETS


def exposed(path: Path) -> str:
    """A warning if the file at `path` holds a key and not only its owner may read it; empty otherwise."""
    if os.name != "posix":
        return ""  # the mode bits say nothing there
    try:
        open_to_others = stat.S_IMODE(path.stat().st_mode) & 0o077
        providers = tables(path.read_text("utf-8-sig")).get("providers", {})
    except (OSError, ValueError):
        return ""
    holders = [name for name, table in providers.items() if isinstance(table, dict) and any(map(table.get, SECRETS))]
    if not open_to_others or not holders:
        return ""
    return f"{path} holds the key of {', '.join(holders)} and others on this machine can read it: chmod 600 {path}"
