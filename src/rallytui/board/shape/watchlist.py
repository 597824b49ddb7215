"""The shape of a watchlist: rows, basket, breadth."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct, field

from rallytui.board.shape.target import Closing
from rallytui.model import Freshness, SessionState

THIN_R2 = 0.10
"""Below this share of explained variance a beta says little (METHODOLOGY B)."""


APART = "no part of basket and breadth"
SUSPECT = ("suspect", "split_today", "history_cut")
"""What the flags begin with that speak of the price or of the whole history."""


class NextReport(Struct, frozen=True):
    """The estimated next report: a session date, give or take `window_days`."""

    date: date
    window_days: int


class Basket(Struct, frozen=True):
    """The equal-weight basket of a list (METHODOLOGY B.3); `rel_pct` is its change minus the benchmark's, in pp.

    `members` are the names whose change of this session counts in it; one that joined today does from tomorrow on.
    """

    level: float | None = None
    change_pct: float | None = None
    rel_pct: float | None = None
    members: list[str] = field(default_factory=list)
    note: str = ""
    """Why there is no `rel_pct` although both changes are known."""


class Breadth(Struct, frozen=True):
    """How many members are above their averages: `above_sma50` of `with_sma50`, and so on."""

    above_sma50: int = 0
    with_sma50: int = 0
    above_sma200: int = 0
    with_sma200: int = 0
    advancers: int = 0
    decliners: int = 0
    unchanged: int = 0
    members: int = 0


class Row(Struct, frozen=True):
    """One symbol's readings (METHODOLOGY B).

    `rel_volume_session` is the session whose volume is meant: the running one, which is `partial`, if the source tells
    it, else the last finished one. The gap at the open is the running session's or none.
    """

    symbol: str
    name: str = ""
    joined: date | None = None
    """Since which day's close the name counts in the basket; None for one of the baseline's."""
    last: float | None = None
    change: float | None = None
    change_pct: float | None = None
    gap_pct: float | None = None
    rel_volume: float | None = None
    rel_volume_partial: bool = False
    rel_volume_session: date | None = None
    range52: float | None = None
    hi52: float | None = None
    lo52: float | None = None
    rsi14: float | None = None
    atr14: float | None = None
    atr_pct: float | None = None
    beta60: float | None = None
    r2_60: float | None = None
    beta60_adjusted: float | None = None
    """`beta60` pulled a third of the way to 1 (Blume 1971)."""
    beta252: float | None = None
    corr60: float | None = None
    rs63_pct: float | None = None
    rs126_pct: float | None = None
    rs63_iwm_pct: float | None = None
    rs126_iwm_pct: float | None = None
    mansfield: float | None = None
    drawdown_pct: float | None = None
    mom21_pct: float | None = None
    mom63_pct: float | None = None
    mom126_pct: float | None = None
    mom252_pct: float | None = None
    dist_sma50_pct: float | None = None
    dist_sma200_pct: float | None = None
    vol21_pct: float | None = None
    revenue: float | None = None
    revenue_quarter: date | None = None
    revenue_yoy_pct: float | None = None
    revenue_ttm: float | None = None
    revenue_ttm_yoy_pct: float | None = None
    ps_ttm: float | None = None
    next_report: NextReport | None = None
    filed: date | None = None
    """When the newest 10-Q or 10-K was filed, and which of them it is."""
    filed_form: str = ""
    extended: float | None = None
    currency: str = ""
    """Of the prices, as the source writes it, as in USD or GBp (pence); empty if it does not say."""
    source: str = ""
    revenue_source: str = ""
    revenue_currency: str = ""
    """Of `revenue` and `revenue_ttm`."""
    quote_time: datetime | None = None
    session: SessionState = "closed"
    freshness: Freshness = "missing"
    badge: str = ""
    """Words for the state of the quote, as in `delayed`, `closed`, `Thu 20 Nov`, `no price since 10:42`."""
    closing: Closing | None = None
    flags: list[str] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)

    @property
    def is_apart(self) -> bool:
        """Whether its price is of another session than the benchmark's."""
        return any(flag.startswith(APART) for flag in self.flags)

    @property
    def foreign(self) -> str:
        """The currency of its prices if it is another one than dollars."""
        return "" if self.currency == "USD" else self.currency

    @property
    def is_suspect(self) -> bool:
        """Whether a flag says that its price or its history is not what it seems."""
        return any(flag.startswith(SUSPECT) for flag in self.flags)

    @property
    def is_beta_thin(self) -> bool:
        """Whether the index explains so little of the moves that `beta60` says nothing; False if that is unknown."""
        return self.r2_60 is not None and self.r2_60 < THIN_R2


class Watchlist(Struct, frozen=True):
    """One named list of symbols."""

    name: str
    title: str
    benchmark: str
    basket: Basket
    breadth: Breadth
    rows: list[Row]
    benchmark_row: Row | None = None
