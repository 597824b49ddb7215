"""What tests of the app need from the machine: its own colours, its own locale, and paints that do not wait."""

from __future__ import annotations

import pytest

import rallytui.ui.app as app_module


@pytest.fixture(autouse=True)
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception in a handler ends the app, and with it the test."""
    monkeypatch.setattr(app_module.RallyApp, "SURVIVES", False)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paint at once, in all colours and with all signs, wherever the tests run."""
    monkeypatch.setattr(app_module, "PAINT_EVERY_S", 0.0)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setattr("locale.getencoding", lambda: "UTF-8")
    monkeypatch.delenv("LANG", raising=False)
