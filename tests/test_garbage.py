"""Garbage collection waits for the start of the program, and no longer."""

from __future__ import annotations

import gc
import time
from argparse import Namespace
from collections.abc import Iterator

import pytest

from rallytui.cli import commands
from rallytui.cli.garbage import collect_later
from rallytui.config import Settings


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def test_it_begins_again_without_what_the_start_made() -> None:
    collect_later(0.02)
    assert not gc.isenabled()
    limit = time.monotonic() + 10
    while not gc.isenabled():
        assert time.monotonic() < limit, "it stays off for ever"
        time.sleep(0.005)
    assert gc.get_freeze_count() > 1_000, "what was there is looked at again and again"


def test_a_short_command_is_not_interrupted_and_what_comes_after_it_is_collected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    during = []

    def fails(*_: object) -> int:
        during.append(gc.isenabled())
        raise KeyError

    monkeypatch.setattr(commands, "_snapshot", fails)
    with pytest.raises(KeyError):
        commands.snapshot(Namespace(), Settings(), "text")
    assert during == [False]
    assert gc.isenabled()
