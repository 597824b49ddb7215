"""Providers that answer as a test tells them to, and remember what they were asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from rallytui.model import BadPayload, Bars, Company, Kind, Quote, Series, SourceError, UnknownSymbol

Script = dict[tuple[str, str], Any]
"""By (kind, name): an answer, an error to raise, or a function that gives either."""


class Fake:
    """Has what its script says; asked for anything else it does not know the symbol."""

    def __init__(self, name: str, script: Script, kinds: Sequence[Kind] = ("quotes", "bars", "series", "companies")):
        self.name = name
        self.delay_s = 0
        self.idle = ""
        self.host = f"{name}.example.com"
        self.address = f"https://{self.host}"
        self.script = script
        self.kinds = kinds
        self.asked: list[tuple[str, str]] = []
        self.requests = self.retries = 0
        self.closed = False
        self.misses: dict[str, SourceError] = {}

    def serves(self, kind: Kind, name: str) -> bool:
        return kind in self.kinds

    def count(self, kind: str, name: str) -> int:
        return Counter(self.asked)[kind, name]

    def answer(self, kind: str, name: str) -> Any:
        self.asked.append((kind, name))
        found = self.script.get((kind, name), UnknownSymbol(self.name, name))
        found = found() if isinstance(found, Callable) else found  # type: ignore[arg-type]
        if isinstance(found, Exception):
            raise found
        return found

    async def quotes(self, symbols: Sequence[str]) -> list[Quote]:
        """The quotes that the script has, the reasons for the others in `misses`; an error of them all is raised."""
        self.requests += 1
        if ("quotes", "*") in self.script:
            self.asked += [("quotes", symbol) for symbol in symbols]
            whole: list[Quote] = self.answer("quotes", "*")
            return whole
        found: list[Quote] = []
        self.misses = {}
        for symbol in symbols:
            try:
                found.append(self.answer("quotes", symbol))
            except (UnknownSymbol, BadPayload) as error:
                self.misses[symbol] = error
        if self.misses and not found:
            raise next(iter(self.misses.values()))
        return found

    async def bars(self, symbol: str, start: date, end: date) -> Bars:
        self.requests += 1
        found: Bars = self.answer("bars", symbol)
        return found

    async def series(self, series_id: str, start: date, vintage: date | None = None) -> Series:
        self.requests += 1
        found: Series = self.answer("vintage" if vintage else "series", series_id)
        return found

    async def company(self, symbol: str) -> Company:
        self.requests += 1
        found: Company = self.answer("companies", symbol)
        return found

    def retry_now(self) -> None:
        self.retries += 1

    async def close(self) -> None:
        self.closed = True
