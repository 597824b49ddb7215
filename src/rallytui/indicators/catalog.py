"""The risk indicators as data: what each one measures, from what, how old it may be, how it is scored.

Plain data without pandas or numpy: the config is checked against it. A new indicator is a new entry here.
"""

from __future__ import annotations

from rallytui.indicators.schema import Group, Indicator, Input, Recipe, Schedule, bars, series

AT_CLOSE = Schedule("daily", "18:00 New York", 4, "sessions")
NEXT_DAY = Schedule("daily", "next business day", 6, "days")

CAPEX_GROWTH = Input("derived", "capex_growth")
"""TTM capex growth of the hyperscalers in percent, by the newest period end it covers."""
AI_BASKET = Input("derived", "ai_basket")
"""Levels of the equal-weight AI-infrastructure basket, from total-return closes."""

GROUPS: tuple[Group, ...] = (
    Group("AI", "AI delays", 25),
    Group("LB", "Labour", 15),
    Group("FD", "Fed policy", 15),
    Group("SH", "Safe havens", 15),
    Group("VC", "Volatility & credit", 15),
    Group("BR", "Breadth", 10),
    Group("PR", "Productivity", 5),
)

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="AI1",
        group="AI",
        title="Hyperscaler capex y/y",
        unit="%",
        decimals=0,
        definition="Capital spending of Microsoft, Alphabet, Amazon, Meta and Oracle over four quarters against the "
        "four before, cash basis from their filings. At least four of the five, the same ones in both years.",
        recipes=(Recipe("latest", (CAPEX_GROWTH,)),),
        schedule=Schedule("quarterly", "when filed", 130, "days"),
        knots=((-15, 100), (0, 70), (20, 40), (40, 0)),
        direction="falling",
        why="The $520 bn claim for 2026 asked for 20 to 30 % more than 2025. Spending that shrinks is a delay by "
        "definition; the points between are a judgement.",
    ),
    Indicator(
        id="AI2",
        group="AI",
        title="AI basket drawdown",
        unit="%",
        decimals=1,
        definition="The equal-weight AI-infrastructure basket against its highest close of 252 sessions.",
        recipes=(Recipe("drawdown", (AI_BASKET,), 252),),
        schedule=AT_CLOSE,
        knots=((-35, 100), (-20, 70), (-12, 40), (0, 0)),
        direction="falling",
        why="Since 2010 the semiconductor fund SMH was more than 11 % below its high a quarter of the time and more "
        "than 18 % a tenth of it; 20 % is the usual line of a bear market.",
    ),
    Indicator(
        id="AI3",
        group="AI",
        title="AI basket vs S&P, 63 d",
        unit="%",
        decimals=1,
        definition="Total return of the AI basket over 63 sessions relative to the S&P 500 (SPY).",
        recipes=(Recipe("ratio_return", (AI_BASKET, *bars("SPY")), 63),),
        schedule=AT_CLOSE,
        knots=((-20, 100), (-10, 70), (-5, 40), (5, 0)),
        direction="falling",
        why="SMH lagged SPY by more than 4.5 % over 63 sessions a quarter of the time and by more than 9.9 % a tenth "
        "of it.",
    ),
    Indicator(
        id="LB1",
        group="LB",
        title="Sahm indicator",
        unit="pp",
        decimals=2,
        definition="Three-month mean of the unemployment rate less the lowest such mean of the 12 months before.",
        recipes=(Recipe("latest", series("SAHMREALTIME")), Recipe("sahm", series("UNRATE"))),
        schedule=Schedule("monthly", "month end + 10 days", 50, "days"),
        knots=((0.10, 0), (0.30, 40), (0.50, 70), (1.00, 100)),
        direction="rising",
        why="0.50 is Sahm's own recession line. It stood at 0.57 in 2024 and no recession came, so stress is not a "
        "forecast.",
    ),
    Indicator(
        id="LB2",
        group="LB",
        title="Initial claims vs 1y low",
        unit="%",
        decimals=1,
        definition="Four-week mean of initial unemployment claims above its own lowest value of the last 52 weeks.",
        recipes=(Recipe("claims_ratio", series("ICSA"), 52),),
        schedule=Schedule("weekly", "week end + 6 days", 14, "days"),
        knots=((3, 0), (12, 40), (20, 70), (40, 100)),
        direction="rising",
        why="In all seven recessions since 1973 it passed 22 % within half a year of the start; its median since 1968 "
        "is 5.5 %.",
    ),
    Indicator(
        id="LB3",
        group="LB",
        title="Layoffs rate, 3 m",
        unit="%",
        decimals=2,
        definition="Layoffs and discharges as a share of employment (JOLTS), mean of three months.",
        recipes=(Recipe("mean_of_months", series("JTSLDR"), 3),),
        schedule=Schedule("monthly", "month end + 40 days", 80, "days"),
        knots=((1.1, 0), (1.3, 40), (1.5, 70), (1.9, 100)),
        direction="rising",
        why="About 1.0 to 1.2 in calm years and close to 2.0 at the peak of 2009. The weakest calibration of this "
        "table.",
    ),
    Indicator(
        id="FD1",
        group="FD",
        title="2y minus funds rate",
        unit="pp",
        decimals=2,
        definition="Two-year Treasury yield less the effective federal funds rate: the path of rates that is priced.",
        recipes=(Recipe("policy_gap", series("DGS2", "DFF")),),
        schedule=NEXT_DAY,
        knots=(
            *((-2.5, 100.0), (-1.75, 70.0), (-1.25, 40.0), (-0.75, 10.0), (-0.25, 0.0)),
            *((0.0, 10.0), (0.35, 40.0), (1.0, 70.0), (1.75, 100.0)),
        ),
        direction="both",
        why="Slightly below zero means cuts are priced, as the thesis needs. Its long-run median of +0.35 prices "
        "none; far below zero are the cuts of a recession. It contains a term premium.",
    ),
    Indicator(
        id="FD2",
        group="FD",
        title="Policy rate, 126 d",
        unit="pp",
        decimals=2,
        definition="Change of the upper bound of the federal funds target over 126 sessions.",
        recipes=(Recipe("step_change", series("DFEDTARU"), 126),),
        schedule=Schedule("daily", "same day", 10, "days"),
        knots=((-0.50, 0), (-0.25, 10), (0.00, 35), (0.25, 70), (0.75, 100)),
        direction="rising",
        why="The thesis needs cuts: a rate on hold is just short of watch, a hike is stress. A judgement.",
    ),
    Indicator(
        id="FD3",
        group="FD",
        title="10y minus 2y",
        unit="pp",
        decimals=2,
        definition="Ten-year less two-year Treasury yield, constant maturity.",
        recipes=(Recipe("latest", series("T10Y2Y")), Recipe("difference", series("DGS10", "DGS2"))),
        schedule=NEXT_DAY,
        knots=((-1.0, 100), (0.0, 70), (0.25, 40), (0.75, 0)),
        direction="falling",
        why="Inversion has come before recessions (Estrella & Mishkin 1998); median since 1976 is 0.78. It does not "
        "see the danger of the steepening that follows.",
    ),
    Indicator(
        id="SH1",
        group="SH",
        title="Gold vs S&P, 63 d",
        unit="%",
        decimals=1,
        definition="Total return of gold (GLD) over 63 sessions relative to the S&P 500 (SPY).",
        recipes=(Recipe("ratio_return", bars("GLD", "SPY"), 63),),
        schedule=AT_CLOSE,
        knots=((-5, 0), (5, 40), (12, 70), (25, 100)),
        direction="rising",
        why="Above 6.5 % a quarter of the time and above 15.1 % a tenth of it since 2005. Gold is a haven for weeks, "
        "not for good (Baur & Lucey 2010).",
    ),
    Indicator(
        id="SH2",
        group="SH",
        title="Treasuries vs S&P, 63 d",
        unit="%",
        decimals=1,
        definition="Total return of long Treasuries (TLT) over 63 sessions relative to the S&P 500 (SPY).",
        recipes=(Recipe("ratio_return", bars("TLT", "SPY"), 63),),
        schedule=AT_CLOSE,
        knots=((-6, 0), (3, 40), (10, 70), (20, 100)),
        direction="rising",
        why="Above 3.0 % a quarter of the time and above 10.9 % a tenth of it since 2002. Bonds and gold both ahead "
        "of stocks is the flight to safety the thesis warns of.",
    ),
    Indicator(
        id="VC1",
        group="VC",
        title="VIX",
        unit="",
        decimals=2,
        definition="Close of the Cboe volatility index: 30-day implied volatility of the S&P 500 in percent a year.",
        recipes=(Recipe("latest_session", bars("^VIX")), Recipe("latest_session", series("VIXCLS"))),
        schedule=AT_CLOSE,
        knots=((12, 0), (20, 40), (28, 70), (45, 100)),
        direction="rising",
        why="Since 1990 its median is 17.6; it was above 22.7 a quarter of the time and above 28.6 a tenth of it.",
    ),
    Indicator(
        id="VC2",
        group="VC",
        title="VIX / VIX3M",
        unit="",
        decimals=3,
        definition="One-month over three-month implied volatility, closes of the same day.",
        recipes=(
            Recipe("same_day_ratio", bars("^VIX", "^VIX3M")),
            Recipe("same_day_ratio", series("VIXCLS", "VXVCLS")),
        ),
        schedule=AT_CLOSE,
        knots=((0.85, 0), (0.95, 40), (1.00, 70), (1.10, 100)),
        direction="rising",
        why="Above 1.00 the next month costs more than the next quarter: stress now, not later. That held on 7.8 % of "
        "days since 2010; the median is about 0.88.",
    ),
    Indicator(
        id="VC3",
        group="VC",
        title="High-yield spread",
        unit="%",
        decimals=2,
        definition="Option-adjusted spread of US high-yield bonds. The worse of two scores counts: its level, and its "
        "change over 63 observations in percentage points.",
        recipes=(Recipe("level_and_change", series("BAMLH0A0HYM2"), 63),),
        schedule=NEXT_DAY,
        knots=((3.0, 0), (4.5, 40), (6.5, 70), (10.0, 100)),
        change_knots=((0.25, 0), (0.75, 40), (1.25, 70), (2.5, 100)),
        direction="rising",
        why="Median 4.51 since 1996, above 6.64 a fifth of the time. The free download holds three years only, "
        "so the points are fixed and never percentiles of it.",
    ),
    Indicator(
        id="VC4",
        group="VC",
        title="NFCI",
        unit="",
        decimals=2,
        definition="Chicago Fed National Financial Conditions Index; 0 is the average since 1971.",
        recipes=(Recipe("latest", series("NFCI")),),
        schedule=Schedule("weekly", "Friday + 5 days", 14, "days"),
        knots=((-0.5, 0), (-0.25, 40), (0.0, 70), (0.75, 100)),
        direction="rising",
        why="Above zero conditions are tighter than average. Median −0.50 since 2000, above −0.03 a tenth of the "
        "time. Its whole history is estimated anew every week.",
    ),
    Indicator(
        id="BR1",
        group="BR",
        title="Small caps vs S&P, 126 d",
        unit="%",
        decimals=1,
        definition="Total return of the Russell 2000 (IWM) over 126 sessions relative to the S&P 500 (SPY).",
        recipes=(Recipe("ratio_return", bars("IWM", "SPY"), 126),),
        schedule=AT_CLOSE,
        knots=((-12, 100), (-8, 70), (-3, 40), (4, 0)),
        direction="falling",
        why="Since 2000 a quarter of all days were below −4.6 % and a tenth below −8.3 %.",
    ),
    Indicator(
        id="BR2",
        group="BR",
        title="Equal weight vs S&P, 126 d",
        unit="%",
        decimals=1,
        definition="Total return of the equal-weight S&P 500 (RSP) over 126 sessions relative to the S&P 500 (SPY).",
        recipes=(Recipe("ratio_return", bars("RSP", "SPY"), 126),),
        schedule=AT_CLOSE,
        knots=((-8, 100), (-4.5, 70), (-2, 40), (1, 0)),
        direction="falling",
        why="Since 2003 a quarter of all days were below −2.1 % and a tenth below −4.7 %. It stands in for the share "
        "of members above their 200-day average, which no free source gives.",
    ),
    Indicator(
        id="PR1",
        group="PR",
        title="Output per hour y/y",
        unit="%",
        decimals=1,
        definition="Nonfarm business output per hour against the same quarter a year before.",
        recipes=(Recipe("year_on_year", series("OPHNFB")),),
        schedule=Schedule("quarterly", "quarter end + 45 days", 150, "days"),
        knots=((-0.5, 100), (0.5, 70), (1.5, 40), (2.5, 0)),
        direction="falling",
        why="Median 1.85 % since 1995 and 1.35 % from 2005 to 2019. Slow and heavily revised, so its weight is low.",
    ),
)

BY_ID: dict[str, Indicator] = {indicator.id: indicator for indicator in INDICATORS}

SHOWN_UNSCORED: tuple[tuple[str, Recipe], ...] = (
    ("Utilities vs S&P, 63 d", Recipe("ratio_return", bars("XLU", "SPY"), 63)),
    ("High yield vs Treasuries, 63 d", Recipe("ratio_return", bars("HYG", "IEF"), 63)),
)
"""Context that the risk pane may print without a score (METHODOLOGY C.1)."""


def members(group: str) -> tuple[str, ...]:
    """The indicators of a group, in order."""
    return tuple(indicator.id for indicator in INDICATORS if indicator.group == group)
