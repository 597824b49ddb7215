#!/usr/bin/env bash
# zoneinfo reads the machine's tables first: a newer tzdata package changes nothing.
# One would guess: `pip install --upgrade tzdata` brings the new law of a zone.
# What happens: with the tables of 2025b where the system keeps them, Winnipeg is at -06:00 in January 2027, although the package
# 2026.6 is installed, whose tables say -05:00. Edmonton and Vancouver moved likewise, Casablanca from +01:00 to +00:00. Only an empty
# PYTHONTZPATH makes the package count.
# Why it matters: a board that shows local times is an hour off on one of two machines with the same lock file.
# Instead: compare the zone's offsets of both tables at start-up.
# Output seen:
#   tzdata 2026f installed: Winnipeg -0600 Edmonton -0700 Vancouver -0800 Casablanca +0100 by the system, -0500 -0600 -0700 +0000 by the package
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check tzdata==2026.6
"$work/venv/bin/pip" install -q --disable-pip-version-check --target "$work/old" tzdata==2025.2  # stands for the system's tables
export SYSTEM="$work/old/tzdata/zoneinfo"
"$work/venv/bin/python" -W ignore - <<'PY'
import datetime, os, pathlib, sys, tzdata, zoneinfo
zones = {"Winnipeg": "America/Winnipeg", "Edmonton": "America/Edmonton", "Vancouver": "America/Vancouver", "Casablanca": "Africa/Casablanca"}
moment = datetime.datetime(2027, 1, 15, 12, tzinfo=datetime.timezone.utc)
def offsets(path):
    zoneinfo.reset_tzpath(to=path)
    zoneinfo.ZoneInfo.clear_cache()
    return [moment.astimezone(zoneinfo.ZoneInfo(name)).strftime("%z") for name in zones.values()]
system, package = offsets([os.environ["SYSTEM"]]), offsets([])
print(f"tzdata {tzdata.IANA_VERSION} installed:", " ".join(f"{name} {at}" for name, at in zip(zones, system)), "by the system,", *package, "by the package")
assert system == ["-0600", "-0700", "-0800", "+0100"] and package == ["-0500", "-0600", "-0700", "+0000"], (system, package)
PY
