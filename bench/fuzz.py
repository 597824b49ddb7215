"""Every decoder against many spoilt answers: only typed errors may come out, and only possible numbers.

python -m bench.fuzz --examples 20000 --seed 1
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from rallytui.model import SourceError
from tests.providers.mutation import mutated
from tests.providers.test_fuzz import DECODERS, believable, outcome


def fuzz(name: str, examples: int, first: int) -> Counter[str]:
    """How `examples` spoilt answers ended: `decoded`, or the name of the typed error. Raises on anything else."""
    decode, sample = DECODERS[name]
    ended: Counter[str] = Counter()
    for seed in range(first, first + examples):
        try:
            found = outcome(decode, mutated(sample, seed))
            believable(found)
        except Exception:
            sys.stderr.write(f"{name}: seed {seed}\n")
            raise
        ended[type(found).__name__ if isinstance(found, SourceError) else "decoded"] += 1
    return ended


def main() -> None:
    """Print a line for each decoder, with how its spoilt answers ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=20_000, help="spoilt answers for each decoder")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    options = parser.parse_args()
    for name in DECODERS:
        began = time.perf_counter()
        ended = fuzz(name, options.examples, options.seed)
        took = time.perf_counter() - began
        counts = ", ".join(f"{count} {what}" for what, count in ended.most_common())
        sys.stdout.write(f"{name:<16}{options.examples:>8} in {took:6.1f} s: {counts}\n")


if __name__ == "__main__":
    main()
