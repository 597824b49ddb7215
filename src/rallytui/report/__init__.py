"""A Board as text, JSON or CSV, for people, programs and spreadsheets."""

from rallytui.report.document import SCHEMA, completeness, to_json
from rallytui.report.numbers import MISSING, number
from rallytui.report.table import history_csv, to_csv
from rallytui.report.text import WIDTH, to_text

__all__ = [
    "MISSING",
    "SCHEMA",
    "WIDTH",
    "completeness",
    "history_csv",
    "number",
    "to_csv",
    "to_json",
    "to_text",
]
