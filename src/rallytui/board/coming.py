"""What is coming for the names and claims of a board: estimated reports, and the next test of each claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rallytui.board.company import company_fields
from rallytui.board.moment import Moment
from rallytui.board.shape import Board
from rallytui.calendar import Report, next_test, words
from rallytui.indicators import thesis

CAPEX_TESTS, GROWTH_TESTS = ("AI1", "D2"), ("D5",)
BY_PRICE = ("D0", "D4", "D7")
"""Claims that every close tests."""


def reports_of(board: Board, hyperscalers: Iterable[str] = ()) -> list[Report]:
    """The estimated reports of the names on a board's watchlists, each name once."""
    found: dict[str, Report] = {}
    for watchlist in board.watchlists:
        for row in watchlist.rows:
            if row.next_report is not None:
                coming, tests = row.next_report, bears_on(row.symbol, hyperscalers)
                found.setdefault(row.symbol, Report(row.symbol, coming.date, coming.window_days, tests))
    return list(found.values())


def bears_on(symbol: str, hyperscalers: Iterable[str]) -> tuple[str, ...]:
    """The lights and claims that a company's report bears on."""
    return (CAPEX_TESTS if symbol in hyperscalers else ()) + (GROWTH_TESTS if symbol in thesis.GROWTH_NAMES else ())


def claim_reports(moment: Moment) -> Iterator[Report]:
    """The estimated reports of the companies whose figures claims rest on."""
    own = moment.settings.risk.hyperscalers
    for symbol in dict.fromkeys((*own, *thesis.GROWTH_NAMES)):
        coming = company_fields(moment, symbol, None)[0].get("next_report")
        if coming is not None:
            yield Report(symbol, coming.date, coming.window_days, bears_on(symbol, own))


def next_tests(moment: Moment, by: date) -> dict[str, str]:
    """For each claim what tests it next, in words; empty if nothing known does. `by` is the last day of the first."""
    reports = tuple(claim_reports(moment))
    minute = moment.as_of.replace(second=0, microsecond=0)  # the words count minutes at most

    def find() -> dict[str, str]:
        return {name: words(next_test(name, minute, reports), minute) for name in thesis.CLAIMS}

    found = moment.memo.get("next_tests", (minute, reports), find)
    return found | {name: "every close" for name in BY_PRICE if name != "D0" or moment.today < by}
