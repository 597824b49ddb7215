"""Whether two sources agree: prices of one symbol for one instant, compared when chance or the close brings them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import timedelta
from types import MappingProxyType

from rallytui.model import Quote
from rallytui.sessions import Calendar
from rallytui.tape import Dispute

SAME_INSTANT = timedelta(seconds=60)
TOLERANCE_PCT = 0.5


def same_instant(one: Quote, other: Quote, calendar: Calendar) -> bool:
    """Whether two prices are of one moment, whatever the delay of their sources: of one minute or of one close."""
    if one.session_date != other.session_date or one.source == other.source:
        return False
    closing = calendar.close_at(one.session_date) - SAME_INSTANT
    return abs(one.at - other.at) <= SAME_INSTANT or min(one.at, other.at) >= closing


def differ(one: Quote, other: Quote) -> bool:
    """Whether the prices are further apart than half a percent."""
    return abs(one.price / other.price - 1) * 100 > TOLERANCE_PCT


class Disputes:
    """The symbols on which two sources disagree; settled when they are next seen to agree."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._open: dict[str, Dispute] = {}
        self._kept: dict[str, Dispute] = {}

    @property
    def entries(self) -> Mapping[str, Dispute]:
        return MappingProxyType(dict(self._open))

    def restore(self, entries: Iterable[Dispute]) -> None:
        """Go on from what was kept."""
        self._open = {dispute.symbol: dispute for dispute in entries}
        self._kept = dict(self._open)

    def changed(self) -> bool:
        """Whether there is other news since the last call, or since what was restored."""
        before, self._kept = self._kept, dict(self._open)
        return before != self._kept

    def compare(self, shown: Quote | None, other: Quote) -> None:
        """Note whether `other` contradicts the price that is shown."""
        if shown is None or not same_instant(shown, other, self._calendar):
            return
        if differ(shown, other):
            at = min(shown.at, other.at)
            self._open[shown.symbol] = Dispute(shown.symbol, at, shown.source, shown.price, other.source, other.price)
        else:
            self._open.pop(shown.symbol, None)

    def keep_only(self, names: Container[str]) -> None:
        """Forget symbols that nobody wants any more."""
        self._open = {name: dispute for name, dispute in self._open.items() if name in names}
