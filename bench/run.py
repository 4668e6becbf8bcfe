"""What a check costs, as ratios measured side by side in one run: `make bench`.

The unit is "read the file and pass over its bodies once with an Aho-Corasick automaton of 200
literals" in plain Polars. Every round measures all contestants in turn; the table shows medians.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import polars as pl
from generate import records

import newsqa
from newsqa.readers import Reading

LITERALS = [f"marker {number} of two hundred" for number in range(200)]


def read_and_pass(path: Path) -> None:
    frame = pl.read_ndjson(path)
    frame.select(pl.col("text").str.contains_any(LITERALS).sum())


def read_only(path: Path) -> None:
    for _ in Reading([path]):
        pass


def whole_catalogue(path: Path) -> None:
    newsqa.check(path)


CONTESTANTS: dict[str, Callable[[Path], None]] = {
    "Polars: read + one Aho-Corasick pass": read_and_pass,
    "newsqa: readers alone": read_only,
    "newsqa: whole catalogue": whole_catalogue,
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "news.jsonl")
        with path.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(record) + "\n" for record in records(options.records))
        size = path.stat().st_size / 1e6
        seconds: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
        for _ in range(options.rounds):
            for name, contestant in CONTESTANTS.items():
                started = perf_counter()
                contestant(path)
                seconds[name].append(perf_counter() - started)
        timings = newsqa.check(path).run["timings"]
    unit = statistics.median(seconds["Polars: read + one Aho-Corasick pass"])
    print(f"{options.records:,} records, {size:.0f} MB, {options.rounds} rounds\n")
    print("| contestant | seconds | times the unit | MB/s |")
    print("|---|--:|--:|--:|")
    for name, measured in seconds.items():
        median = statistics.median(measured)
        print(f"| {name} | {median:.2f} | {median / unit:.1f} | {size / median:.0f} |")
    print("\nlocating and judging, slowest rules: ", end="")
    print(", ".join(f"{code} {spent:.2f} s" for code, spent in list(timings.items())[:8]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:,.0f} MiB")


if __name__ == "__main__":
    main()
