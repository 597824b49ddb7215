"""What all tests share: the exchange's calendar, a program that touches no file of the user, a log that is put back."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from rallytui.sessions import Calendar, nyse
from tests.memory import close_all


@pytest.fixture(scope="session", autouse=True)
def calendar() -> Calendar:
    """The NYSE; loaded before any test counts its warnings, which are exchange_calendars' own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return nyse()


@pytest.fixture(autouse=True)
def closed_stores() -> Iterator[None]:
    """No test leaves a store open."""
    yield
    close_all()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty place for config, store and log, no keys in the environment, and the program's log put back after."""
    for name in ("FRED_API_KEY", "RALLYTUI_CONTACT", "RALLYTUI_CONFIG", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("RALLYTUI_DATA_DIR", str(tmp_path / "data"))
    log = logging.getLogger("rallytui")
    before = (log.level, log.propagate, list(log.handlers))
    yield tmp_path
    for handler in set(log.handlers) - set(before[2]):
        log.removeHandler(handler)
        handler.close()
    log.level, log.propagate = before[:2]
    log.manager._clear_cache()  # type: ignore[attr-defined]
