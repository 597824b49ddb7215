"""Small answers in the shapes that the sources were recorded in."""

from __future__ import annotations

import copy
from datetime import datetime, timedelta
from typing import Any

from tests.providers.helpers import epoch, ny

CBOE_LIVE: dict[str, Any] = {
    "timestamp": "2025-12-10 17:00:00",
    "symbol": "_SPX",
    "data": {
        "symbol": "^SPX",
        "security_type": "index",
        "current_price": 6860.51,
        "open": 6836.5,
        "high": 6870.0,
        "low": 6824.0,
        "close": 6860.51,
        "prev_day_close": 6840.51,
        "price_change": 20.0,
        "price_change_percent": 0.2924,
        "volume": 0,
        "last_trade_time": "2025-12-10T11:44:59",
    },
}
"""The index inside the session; the file was written at noon in New York."""

CBOE_ROLLED: dict[str, Any] = {
    "timestamp": "2025-12-11 01:20:00",
    "symbol": "NVDA",
    "data": {
        "symbol": "NVDA",
        "security_type": "stock",
        "current_price": 212.8,
        "open": 211.5,
        "high": 214.86,
        "low": 210.64,
        "close": 213.25,
        "prev_day_close": 213.25,
        "price_change": 4.18,
        "price_change_percent": 1.9601,
        "volume": 66213186,
        "last_trade_time": "2025-12-10T15:59:59",
    },
}
"""A stock on the evening of a session, with the numbers of the recorded one."""

CBOE_HISTORY: dict[str, Any] = {
    "timestamp": "2025-12-10 13:01:45",
    "symbol": "_SPX",
    "data": [
        {
            "date": "2025-12-09",
            "volume": "0.0",
            "open": "0.000000",
            "high": "6864.04",
            "low": "6836.0",
            "close": "6840.51",
        },
        {
            "date": "2025-12-08",
            "volume": "0.0",
            "open": "6876.15",
            "high": "6876.65",
            "low": "6825.8",
            "close": "6846.51",
        },
        {
            "date": "2025-12-05",
            "volume": "0.0",
            "open": "6866.31",
            "high": "6895.78",
            "low": "6858.2",
            "close": "6870.40",
        },
    ],
}
CBOE_TABLE = (
    "DATE,OPEN,HIGH,LOW,CLOSE\n"
    "11/26/2025,20.37,20.52,19.87,20.02\n"
    "11/27/2025,20.10,20.10,20.10,20.10\n"
    "11/28/2025,20.73,22.02,10.060000,19.64\n"
    "12/01/2025,21.00,21.50,20.00,20.30\n"
)
CBOE_SHORT_TABLE = "DATE,VVIX\n12/08/2025,97.17\n12/09/2025,97.82\n"
ACCESS_DENIED = '<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>'


def chart(symbol: str, days: list[str], closes: list[float | None], **meta: Any) -> dict[str, Any]:
    """A daily chart with bars stamped at the opening of `days`."""
    opens = [epoch(ny(f"{day}T09:30")) for day in days]
    columns: dict[str, list[float | None]] = {
        "open": closes,
        "high": [close and close + 1 for close in closes],
        "low": [close and close - 1 for close in closes],
        "close": closes,
        "volume": [1000 if close else None for close in closes],
    }
    result = {
        "meta": {
            "symbol": symbol,
            "exchangeTimezoneName": "America/New_York",
            "gmtoffset": -18000,
            "dataGranularity": "1d",
            "chartPreviousClose": 3839.5,
            "longName": "S&P 500",
            **meta,
        },
        "timestamp": opens,
        "indicators": {"quote": [columns], "adjclose": [{"adjclose": [close and close / 2 for close in closes]}]},
    }
    return {"chart": {"result": [result], "error": None}}


def session_chart(symbol: str = "NVDA") -> dict[str, Any]:
    """A chart of `range=1d&interval=5m` at half past ten."""
    start = ny("2025-12-10T09:30")
    stamps = [epoch(start, timedelta(minutes=5 * step)) for step in range(4)]
    meta = {
        "symbol": symbol,
        "exchangeTimezoneName": "America/New_York",
        "dataGranularity": "5m",
        "regularMarketPrice": 184.5,
        "regularMarketTime": epoch(ny("2025-12-10T10:30")),
        "regularMarketDayHigh": 185.48,
        "regularMarketDayLow": 182.04,
        "regularMarketVolume": 143076682,
        "previousClose": 184.97,
        "chartPreviousClose": 184.97,
    }
    column = [None, 184.9700012207, 184.0, 184.5]
    columns = dict.fromkeys(("open", "high", "low", "close", "volume"), column)
    return {
        "chart": {"result": [{"meta": meta, "timestamp": stamps, "indicators": {"quote": [columns]}}], "error": None}
    }


LAST = ny("2025-12-10T11:58")


def spark(*symbols: str, last: datetime = LAST) -> dict[str, Any]:
    """A flat spark answer; the last point of each symbol is a null."""
    stamps = [epoch(last, timedelta(minutes=-5 * step)) for step in (3, 2, 1, 0)]
    return {
        symbol: {
            "timestamp": [*stamps, stamps[-1] + 60],
            "symbol": symbol,
            "end": None,
            "start": None,
            "dataGranularity": 300,
            "previousClose": 6840.51,
            "chartPreviousClose": 6840.51,
            "close": [6850.0, None, 6855.25, 6860.509765625, None],
        }
        for symbol in symbols
    }


CHART_NOT_FOUND = {
    "chart": {"result": None, "error": {"code": "Not Found", "description": "No data found, symbol may be delisted"}}
}
INVALID_CRUMB = {"finance": {"result": None, "error": {"code": "Unauthorized", "description": "Invalid Crumb"}}}
SEARCH = {
    "explains": [],
    "count": 3,
    "quotes": [
        {"symbol": "NVDA", "longname": "NVIDIA Corporation", "quoteType": "EQUITY", "exchDisp": "NASDAQ"},
        {"symbol": "NVDA260116P00170000", "shortname": "NVDA put", "quoteType": "OPTION", "exchDisp": "OPR"},
        {"index": "78ddc07626ff4bbcae663e88514c23a0", "name": "NVDAlasma", "isYahooFinance": False},
    ],
}


FRED_GRAPH = "\ufeffobservation_date,UNRATE\n2025-08-01,4.3\n2025-09-01,4.4\n2025-10-01,\n2025-11-01,.\n"
FRED_OLD_GRAPH = "DATE,UNRATE\n2025-08-01,4.3\n2025-09-01,4.4\n"
ALFRED_GRAPH = "observation_date,UNRATE_20250920\n2025-07-01,4.2\n2025-08-01,4.3\n"
FRED_API: dict[str, Any] = {
    "realtime_start": "2025-12-10",
    "realtime_end": "2025-12-10",
    "count": 2,
    "observations": [
        {"realtime_start": "2025-12-10", "realtime_end": "2025-12-10", "date": "2025-09-01", "value": "4.4"},
        {"realtime_start": "2025-12-10", "realtime_end": "2025-12-10", "date": "2025-10-01", "value": "."},
    ],
}
BAD_KEY = {
    "error_code": 400,
    "error_message": "Bad Request.  The value for variable api_key is not registered.  Read https://x.org for more.",
}
TREASURY = (
    'Date,"1 Mo","1.5 Month","2 Yr","10 Yr","30 Yr"\n'
    "12/09/2025,3.80,,3.61,4.18,4.80\n"
    "12/08/2025,3.80,3.79,3.57,4.17,4.81\n"
    "12/05/2025,3.80,3.79,,4.14,4.79\n"
)


def part(price: str, stamp: str, **more: Any) -> dict[str, Any]:
    """One block of prices of Nasdaq."""
    return {
        "lastSalePrice": price,
        "netChange": "+10.50",
        "percentageChange": "+0.83%",
        "lastTradeTimestamp": stamp,
        "isRealTime": True,
        "volume": "8,791,790",
        **more,
    }


def nasdaq(primary: dict[str, Any], secondary: dict[str, Any] | None = None, symbol: str = "MU") -> dict[str, Any]:
    """An answer of `/api/quote/{symbol}/info`."""
    body = {"symbol": symbol, "companyName": "x", "primaryData": primary, "secondaryData": secondary}
    return {"data": body, "message": None, "status": {"rCode": 200, "bCodeMessage": None}}


def failure(code: int) -> dict[str, Any]:
    """Nasdaq's way to fail, with status 200."""
    return {"data": None, "status": {"rCode": 200, "bCodeMessage": [{"code": code, "errorMessage": "vendor [/x]"}]}}


def but(sample: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A copy of a Cboe quote with other values in `data`."""
    changed = copy.deepcopy(sample)
    changed["data"].update(changes)
    return changed
