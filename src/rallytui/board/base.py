"""What the readings of one target share: its price, its history, where it started."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rallytui.board.moment import History, Moment
from rallytui.board.price import Price, price_of
from rallytui.config import TargetSettings

SP500 = "^GSPC"


@dataclass(frozen=True, eq=False, slots=True)
class Base:
    """What the readings of one target share."""

    moment: Moment
    settings: TargetSettings
    price: Price | None
    history: History | None
    start: date
    level: float | None

    @property
    def day(self) -> date:
        """The session `t` that the readings are about."""
        return self.price.session_date if self.price else self.moment.completed

    @property
    def started(self) -> bool:
        """Whether the baseline's session has come: before it there is no progress to speak of."""
        return self.day >= self.start

    @property
    def is_sp500(self) -> bool:
        """Whether the VIX and SPY speak of this target."""
        return self.settings.symbol == SP500

    @property
    def last(self) -> float | None:
        return self.price.value if self.price else None

    @property
    def sessions_left(self) -> int:
        return self.moment.calendar.count(self.day, self.settings.by)


def base_of(moment: Moment, settings: TargetSettings) -> Base:
    """Price, history and baseline of one `[[targets]]` entry."""
    history, start = moment.history(settings.symbol), moment.settings.baseline_of(settings)
    level = settings.baseline_level or (history.close_on(start) if history else None)
    return Base(moment, settings, price_of(moment, settings.symbol), history, start, level)


def percent(fraction: float | None) -> float | None:
    return None if fraction is None else 100 * fraction
