#!/usr/bin/env bash
# msgspec rounds the seventh digit of a second, the standard library cuts it off: two readers of one stamp differ by a session.
# One would guess: a stamp one tenth of a microsecond before the close is before the close, whoever reads it.
# What happens: msgspec rounds "20:59:59.9999999Z" up to 21:00:00, datetime.fromisoformat gives 20:59:59.999999. Exchanges and
# their resellers send nine digits.
# Why it matters: "at or after the close" makes a last trade of the session a closing print, or not.
# Instead: cut the text to six digits before decoding, or decide finality by another field than the stamp alone.
# Output seen:
#   msgspec 0.23.0: 2025-12-11 21:00:00+00:00; datetime: 2025-12-11 20:59:59.999999+00:00
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check msgspec==0.23.0
"$work/venv/bin/python" -W ignore - <<'PY'
import datetime, msgspec
text = "2025-12-11T20:59:59.9999999Z"
one = msgspec.json.decode(f'"{text}"', type=datetime.datetime)
other = datetime.datetime.fromisoformat(text)
print(f"msgspec {msgspec.__version__}: {one}; datetime: {other}")
assert one.second == 0 and one.hour == 21 and other.microsecond == 999999, (one, other)
PY
