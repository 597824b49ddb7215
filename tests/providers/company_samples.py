"""Small answers about companies in the shapes that Yahoo and EDGAR were recorded in."""

from __future__ import annotations

from typing import Any


def amount(end: str, period: str, raw: float) -> dict[str, Any]:
    """One reported figure of Yahoo."""
    return {"asOfDate": end, "periodType": period, "currencyCode": "USD", "reportedValue": {"raw": raw, "fmt": "x"}}


TIMESERIES: dict[str, Any] = {
    "timeseries": {
        "result": [
            {
                "meta": {"symbol": ["FIVN"], "type": ["quarterlyTotalRevenue"]},
                "timestamp": [1751241600, 1759190400],
                "quarterlyTotalRevenue": [
                    amount("2025-06-30", "3M", 283.3e6),
                    None,
                    amount("2025-09-30", "3M", 285.8e6),
                ],
            },
            {
                "meta": {"symbol": ["FIVN"], "type": ["annualTotalRevenue"]},
                "annualTotalRevenue": [amount("2024-12-31", "12M", 1042.0e6)],
            },
            {
                "meta": {"symbol": ["FIVN"], "type": ["quarterlyCapitalExpenditure"]},
                "quarterlyCapitalExpenditure": [amount("2025-09-30", "3M", -9.5e6)],
            },
            {"meta": {"symbol": ["FIVN"], "type": ["annualNetIncome"]}},
        ],
        "error": None,
    }
}

TICKERS = {
    "0": {"cik_str": 80035, "ticker": "PLPC", "title": "PREFORMED LINE PRODUCTS CO"},
    "1": {"cik_str": 884394, "ticker": "SPY", "title": "SPDR S&P 500"},
}


def fact(end: str, value: float, filed: str, start: str | None = None, form: str = "10-Q") -> dict[str, Any]:
    """One XBRL fact."""
    found = {"end": end, "val": value, "accn": "0000080035-25-1", "fy": 2025, "fp": "Q3", "form": form, "filed": filed}
    return {"start": start, **found} if start else found


COMPANY_FACTS: dict[str, Any] = {
    "cik": 80035,
    "entityName": "PREFORMED LINE \u202ePRODUCTS CO",
    "facts": {
        "dei": {
            "EntityCommonStockSharesOutstanding": {
                "label": "x",
                "units": {"shares": [fact("2025-10-30", 4_900_000, "2025-11-03")]},
            }
        },
        "us-gaap": {
            "Revenues": {
                "units": {
                    "USD": [
                        fact("2025-09-30", 178e6, "2025-11-03", "2025-07-01"),
                        fact("2024-09-30", 147e6, "2025-11-03", "2024-07-01"),
                        fact("2024-09-30", 147e6, "2024-11-01", "2024-07-01"),
                        fact("2023-09-30", -1.0, "2023-11-01", "2023-07-01"),
                    ]
                }
            },
            "Assets": {"units": {"USD": [{"end": "whatever"}]}},
        },
    },
}
SUBMISSIONS: dict[str, Any] = {
    "cik": "0000080035",
    "name": "PREFORMED LINE PRODUCTS CO",
    "filings": {
        "recent": {
            "accessionNumber": ["0000080035-25-000041", "0000080035-25-000040", "0000080035-25-000039"],
            "filingDate": ["2025-11-03", "2025-10-30", "2025-10-29"],
            "reportDate": ["2025-09-30", "", "2025-10-29"],
            "acceptanceDateTime": ["2025-11-03T16:30:33.000Z", "2025-10-30T21:20:44.000Z", "2025-10-29T16:00:00.000Z"],
            "form": ["10-Q", "8-K", "4"],
            "primaryDocument": ["plpc-20250930.htm", "press release.htm", "wk-form4.xml"],
        },
        "files": [],
    },
}
NO_SUCH_KEY = '<?xml version="1.0"?>\n<Error><Code>NoSuchKey</Code><Message>The key does not exist.</Message></Error>'
UNDECLARED = "Your Request Originates from an Undeclared Automated Tool"
