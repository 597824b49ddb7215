"""Loads the exchange's calendar once, before any test counts its warnings."""

from __future__ import annotations

import warnings

import pytest

from rallytui.sessions import nyse


@pytest.fixture(scope="session", autouse=True)
def _calendar() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        nyse()
