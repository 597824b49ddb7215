"""The risk indicators that companies and statistics offices report: AI spending and prices, labour, productivity."""

from __future__ import annotations

from rallytui.indicators.catalog.shared import AI_BASKET, AT_CLOSE, CAPEX_GROWTH
from rallytui.indicators.schema import Indicator, Recipe, Schedule, bars, series

ECONOMY: tuple[Indicator, ...] = (
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
        title="AI infra drawdown",
        unit="%",
        decimals=1,
        definition="AI infrastructure against its highest close of 252 sessions.",
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
        title="AI infra vs S&P, 63 d",
        unit="%",
        decimals=1,
        definition="Total return of AI infrastructure over 63 sessions relative to the S&P 500 (SPY).",
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
