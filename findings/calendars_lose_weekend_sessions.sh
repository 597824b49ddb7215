#!/usr/bin/env bash
# exchange_calendars with pandas 3.1: special sessions on weekends vanish without a word.
# One would guess: the same release of exchange_calendars gives the same sessions with any pandas that it accepts.
# What happens: with pandas 2.3.3 the calendar of Bombay has the special Saturday sessions of 2024-01-20 and 2025-02-01, with
# pandas 3.1.1 it has not, and nothing warns. Moscow loses 21. New York is whole.
# Why it matters: a price of such a day belongs to no session, and the session before it seems to be the last one.
# Instead: compare a few literal days at start-up, and say which are lost.
# Output seen:
#   exchange_calendars 4.13.2, pandas 3.1.1: 2024-01-20 False, 2025-02-01 False, New York 2025-01-09 False
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check exchange_calendars==4.13.2 pandas==3.1.1
"$work/venv/bin/python" -W ignore - <<'PY'
import exchange_calendars, pandas
bombay = exchange_calendars.get_calendar("XBOM", start="2023-01-02", end="2025-12-31")
new_york = exchange_calendars.get_calendar("XNYS", start="2023-01-03", end="2025-12-31")
found = {day: bombay.is_session(day) for day in ("2024-01-20", "2025-02-01")}
print(f"exchange_calendars {exchange_calendars.__version__}, pandas {pandas.__version__}:",
      ", ".join(f"{day} {is_open}" for day, is_open in found.items()) + f", New York 2025-01-09 {new_york.is_session('2025-01-09')}")
assert not any(found.values()), "the special sessions are there again"
assert not new_york.is_session("2025-01-09")
PY
