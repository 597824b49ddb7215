#!/usr/bin/env bash
# msgspec encodes an offset with seconds as if it had none: the instant changes.
# One would guess: an aware datetime that goes out as text and comes back is the same instant.
# What happens: New York's offset before 1883-11-18 is -04:56:02 by zoneinfo. msgspec writes -04:56 and reads back a moment two seconds
# off; datetime.isoformat writes -04:56:02. Offsets below a minute become Z.
# Why it matters: long index histories begin in 1871; a stamp that is both key and value no longer matches itself.
# Instead: convert to UTC before encoding.
# Output seen:
#   msgspec 0.23.0: "1880-01-02T12:00:00-04:56", off by 0:00:02; isoformat: 1880-01-02T12:00:00-04:56:02
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check msgspec==0.23.0 tzdata==2025.2
"$work/venv/bin/python" -W ignore - <<'PY'
import datetime, msgspec, zoneinfo
moment = datetime.datetime(1880, 1, 2, 12, tzinfo=zoneinfo.ZoneInfo("America/New_York"))
text = msgspec.json.encode(moment)
back = msgspec.json.decode(text, type=datetime.datetime)
print(f"msgspec {msgspec.__version__}: {text.decode()}, off by {abs(back - moment)}; isoformat: {moment.isoformat()}")
assert abs(back - moment) == datetime.timedelta(seconds=2), back - moment
assert datetime.datetime.fromisoformat(moment.isoformat()) == moment
PY
