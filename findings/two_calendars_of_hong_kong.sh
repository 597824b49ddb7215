#!/usr/bin/env bash
# pandas_market_calendars and exchange_calendars differ on a day on which Hong Kong did not trade.
# One would guess: the two well-known packages, of which one builds on the other, agree on the past.
# What happens: on 2024-09-06 a typhoon kept the exchange shut. exchange_calendars knows, pandas_market_calendars 5.5.0 has a session
# under its own name HKEX, and none under XHKG, the same exchange in the same package.
# Why it matters: momentum over n sessions, "the session before" and staleness are off by one, depending on the alias.
# Instead: name calendars by their ISO 10383 code, and treat a day without any bar as one without a session.
# Output seen:
#   pandas_market_calendars 5.5.0: HKEX True, XHKG False; exchange_calendars 4.13.2: False
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check pandas_market_calendars==5.5.0 exchange_calendars==4.13.2 pandas==2.3.3
"$work/venv/bin/python" -W ignore - <<'PY'
import exchange_calendars, pandas_market_calendars
from importlib.metadata import version
day = "2024-09-06"
own = {name: len(pandas_market_calendars.get_calendar(name).schedule(day, day)) > 0 for name in ("HKEX", "XHKG")}
other = exchange_calendars.get_calendar("XHKG", start="2024-01-02", end="2024-12-31").is_session(day)
print(f"pandas_market_calendars {version('pandas_market_calendars')}: HKEX {own['HKEX']}, XHKG {own['XHKG']};",
      f"exchange_calendars {version('exchange_calendars')}: {other}")
assert own == {"HKEX": True, "XHKG": False} and other is False, (own, other)
PY
