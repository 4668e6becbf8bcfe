"""What each rule costs: `python bench/rulecosts.py FILE` prints it as JSON.

A rule is checked alone, and what a check with the cheapest rule costs is taken off: reading,
setting up and concluding. Rules share passes over a text, so that all together cost less than the
sum.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

from ours import NOW
from units import unit

import newsqa
from newsqa.catalogue import load_catalogue
from newsqa.config import Config, Rules

CHEAP = "IDN001"
_NO_COST = {"reading", "suite"}


def seconds(work: Callable[[], object], rounds: int = 2) -> float:
    """Return the least processor time of some runs; one before them has compiled patterns."""
    taken = []
    for _ in range(rounds):
        started = process_time()
        work()
        taken.append(process_time() - started)
    return min(taken)


def main(path: Path) -> None:
    def check(code: str) -> newsqa.Result:
        return newsqa.check(path, config=Config(rules=Rules(select=[code])), now=NOW)

    check(CHEAP)
    base = seconds(lambda: check(CHEAP), 3)
    unit(path)
    costs = []
    for rule in load_catalogue().rules:
        if rule.check in _NO_COST:
            continue
        found = check(rule.code).totals["records_with_findings"]
        cpu = max(0.0, seconds(lambda code=rule.code: check(code)) - base)
        costs.append({"rule": f"{rule.code} {rule.name}", "cpu": cpu, "found": found})
    print(json.dumps({"base": base, "unit": seconds(lambda: unit(path)), "rules": costs}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
