#!/usr/bin/env bash
# exchange_calendars with pandas 3.1: five exchanges cannot be asked about at all.
# One would guess: a release that installs beside a pandas can build each calendar it lists.
# What happens: Athens, Bucharest, Belgrade and Cyprus end in NotImplementedError('implemented by subclasses') out of pandas' own
# holiday offsets, Tel Aviv in a ValueError about special dates. With pandas 2.3.3 all five are built.
# Why it matters: which names a program can judge depends on a transitive version, and the error names neither.
# Instead: catch all three kinds of error around get_calendar and go on with weekdays, saying so.
# Output seen:
#   ASEX NotImplementedError, XBSE NotImplementedError, XBEL NotImplementedError, XCYS NotImplementedError, XTAE ValueError
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check exchange_calendars==4.13.2 pandas==3.1.1
"$work/venv/bin/python" -W ignore - <<'PY'
import exchange_calendars
found = {}
for code in ("ASEX", "XBSE", "XBEL", "XCYS", "XTAE"):
    try:
        exchange_calendars.get_calendar(code)
        found[code] = "built"
    except Exception as error:
        found[code] = type(error).__name__
print(", ".join(f"{code} {what}" for code, what in found.items()))
expected = dict.fromkeys(("ASEX", "XBSE", "XBEL", "XCYS"), "NotImplementedError") | {"XTAE": "ValueError"}
assert found == expected, found
PY
