"""What a check costs, as ratios measured side by side in one run: `make bench`.

The unit is "read the file and pass over its bodies once with an Aho-Corasick automaton of 200
literals" in plain Polars. It is shown twice: with literals that begin alike, which a vectorised
search skips over so fast that it is hardly more than reading, and with 200 lines of page furniture,
as different as what a filter really looks for.

Every round measures all contestants in turn, each in a process of its own, and the tables show
medians: of the time that passed, and of the time of all cores together, which other work on the
machine disturbs less.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import perf_counter, process_time
from typing import NamedTuple

import polars as pl
from generate import write
from rules import rule_costs

import newsqa
from newsqa.config import Config
from newsqa.engine import Partial, check_batch, judge_groups
from newsqa.readers import Reading
from newsqa.run import set_up

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LITERALS = 200


class Cost(NamedTuple):
    """What one run took: seconds that passed, seconds of all cores, and peak memory in MiB."""

    wall: float
    cores: float
    memory: float


def literals(kind: str) -> list[str]:
    """Return the literals of the unit: alike ones, or as different as those of real filters are."""
    if kind == "alike":
        return [f"marker {number} of two hundred" for number in range(LITERALS)]
    tables = tomllib.loads((files("newsqa") / "data" / "furniture.toml").read_text("utf-8"))
    phrases = sorted(
        text
        for table in tables.values()
        for entries in table.values()
        for text in (entries if isinstance(entries, list) else ())
        if len(text) >= 8 and not set("*#") & set(text)
    )
    return phrases[:: len(phrases) // LITERALS][:LITERALS]


def read_and_pass(path: Path, kind: str) -> None:
    frame = pl.read_ndjson(path)
    frame.select(pl.col("text").str.contains_any(literals(kind)).sum())


def read_only(path: Path) -> None:
    for _ in Reading([path]):
        pass


def screen_and_locate(path: Path) -> None:
    plan = set_up(Config(), NOW).plan
    partial = Partial()
    for batch in Reading([path]):
        partial.merge(check_batch(batch, plan))
    judge_groups(partial, plan)


CONTESTANTS = {
    "unit A: Polars, read + one pass for literals that are alike": lambda path: read_and_pass(
        path, "alike"
    ),
    "unit B: Polars, read + one pass for literals that differ": lambda path: read_and_pass(
        path, "various"
    ),
    "newsqa: readers alone": read_only,
    "newsqa: whole catalogue, one thread of Python": screen_and_locate,
    "newsqa: whole catalogue": lambda path: newsqa.check(path, now=NOW),
}
UNIT, UNIT_B, *_, WHOLE = CONTESTANTS


def cost_of(name: str, path: Path) -> Cost:
    """Return what a contestant costs in a process of its own, warmed up by a few records."""
    command = [sys.executable, __file__, "--measure", name, str(path)]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    return Cost(*map(float, told.stdout.split()))


def measure(name: str, path: Path) -> None:
    """Print the cost of a contestant; the few records before it load models and tables."""
    contestant = CONTESTANTS[name]
    contestant(path.with_name("few.jsonl"))
    wall, cores = perf_counter(), process_time()
    contestant(path)
    peak = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    print(perf_counter() - wall, process_time() - cores, peak)


def contest(path: Path, rounds: int) -> dict[str, Cost]:
    """Return the median cost of every contestant."""
    costs: dict[str, list[Cost]] = {name: [] for name in CONTESTANTS}
    for _ in range(rounds):
        for name, seen in costs.items():
            seen.append(cost_of(name, path))
    return {
        name: Cost(*map(statistics.median, zip(*seen, strict=True))) for name, seen in costs.items()
    }


def show_contest(costs: dict[str, Cost], size: float) -> None:
    one, other = costs[UNIT], costs[UNIT_B]
    print("| contestant | seconds | in A | in B | of all cores | in A | in B | MB/s | MiB |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for name, cost in costs.items():
        wall = f"{cost.wall:.2f} | {cost.wall / one.wall:.1f} | {cost.wall / other.wall:.1f}"
        cores = f"{cost.cores:.2f} | {cost.cores / one.cores:.1f} | {cost.cores / other.cores:.1f}"
        print(f"| {name} | {wall} | {cores} | {size / cost.wall:.0f} | {cost.memory:,.0f} |")


def show_growth(folder: Path, counts: Iterable[int]) -> None:
    """Print how the cost of a record grows with their number."""
    print("\n| records | seconds of all cores | ms a record | MiB |")
    print("|--:|--:|--:|--:|")
    for count in counts:
        path = folder / f"growth-{count}.jsonl"
        write(path, count)
        cost = cost_of(WHOLE, path)
        path.unlink()
        each = 1000 * cost.cores / count
        print(f"| {count:,} | {cost.cores:.1f} | {each:.2f} | {cost.memory:,.0f} |")


def show_rules(path: Path, unit: float, most: int) -> None:
    """Print the dearest rules, in units A of all cores."""
    print("\n| rule | screen | suspects | records found | locate | keys and judging | in all |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for rule in sorted(rule_costs(path, NOW), key=lambda rule: -rule.total)[:most]:
        parts = (rule.screen, rule.suspects, rule.found, rule.locate, rule.judge, rule.total)
        shown = [f"{p:,}" if isinstance(p, int) else f"{p / unit:.2f}" for p in parts]
        print(f"| {rule.name} | {' | '.join(shown)} |")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--growth", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--rules", type=int, default=20, help="how many of the dearest to show")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(options.measure[0], Path(options.measure[1]))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "news.jsonl"
        write(folder / "few.jsonl", 400, seed=1, fault_share=0.5)
        write(path, options.records)
        size = path.stat().st_size / 1e6
        print(f"{options.records:,} records, {size:.0f} MB, {os.cpu_count()} cores\n")
        costs = contest(path, options.rounds)
        show_contest(costs, size)
        show_rules(path, costs[UNIT].cores, options.rules)
        show_growth(folder, options.growth)


if __name__ == "__main__":
    main()
