#!/usr/bin/env bash
# pandas 3: an index in seconds can be compared with a moment in microseconds, and cannot be searched for it.
# One would guess: what `index <= moment` answers, `searchsorted`, `asof` and `merge_asof` answer, too.
# What happens: the comparison works; searchsorted and Series.asof raise ValueError ("Cannot losslessly convert units") as soon as
# the moment has a fraction of a second; merge_asof refuses keys of different units. Units differ by where data come from: parsed
# text is in microseconds, an array of datetime64[s] keeps seconds.
# Why it matters: it works in every test at full seconds and fails on the first real clock.
# Instead: floor the moment to the index's unit before the search.
# Output seen:
#   pandas 3.1.1: <= gives 2 rows, searchsorted ValueError, asof ValueError, merge_asof MergeError, floored 2
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check pandas==3.1.1 numpy==2.4.6
"$work/venv/bin/python" -W ignore - <<'PY'
import numpy, pandas
index = pandas.DatetimeIndex(numpy.array(["2026-03-02T14:30:00", "2026-03-02T14:35:00"], dtype="datetime64[s]"))
moment, column = pandas.Timestamp("2026-03-02T14:35:00.500000"), pandas.Series([1.0, 2.0], index=index)
def tried(call):
    try:
        return str(call())
    except Exception as error:
        return type(error).__name__
left, right = pandas.DataFrame({"t": index}), pandas.DataFrame({"t": pandas.DatetimeIndex(["2026-03-02T14:31:00"]), "y": [9]})
found = {
    "searchsorted": tried(lambda: index.searchsorted(moment, side="right")),
    "asof": tried(lambda: column.asof(moment)),
    "merge_asof": tried(lambda: pandas.merge_asof(left, right, on="t")),
    "floored": tried(lambda: index.searchsorted(moment.floor(index.unit), side="right")),
}
print(f"pandas {pandas.__version__}: <= gives {int((index <= moment).sum())} rows,", ", ".join(" ".join(one) for one in found.items()))
assert (index <= moment).sum() == 2
assert found == {"searchsorted": "ValueError", "asof": "ValueError", "merge_asof": "MergeError", "floored": "2"}, found
PY
