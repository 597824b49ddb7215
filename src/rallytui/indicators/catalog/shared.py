"""What several entries of the catalog share: schedules, and series that are derived from companies and funds."""

from __future__ import annotations

from rallytui.indicators.schema import Input, Schedule

AT_CLOSE = Schedule("daily", "18:00 New York", 4, "sessions")
NEXT_DAY = Schedule("daily", "next business day", 6, "days")

CAPEX_GROWTH = Input("derived", "capex_growth")
"""TTM capex growth of the hyperscalers in percent, by the newest period end it covers."""
AI_BASKET = Input("derived", "ai_basket")
"""Levels of AI infrastructure: the funds and names of the config in equal parts, from total-return closes."""
