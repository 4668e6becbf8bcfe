"""What a check costs, measured side by side in one run: `make bench`.

Every round measures all contestants in turn, each in a process of its own; tables show medians.
Ratios are to the unit, "read the file and pass over its bodies once with an Aho-Corasick automaton
of 200 literals" in plain Polars. Contestants with the dozen checks (dozen.py) must count the same
failing records.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from contestants import CONTESTANTS
from generate import write
from limit import bytes_of, check_within
from measure import MIB, Cost, cost_of, median
from page import Grown, Limited, Measured, page

UNIT, WHOLE = "unit", "all-cores"


def say(text: str) -> None:
    """Tell how far the measuring is."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def folder_of(given: Path | None) -> Iterator[Path]:
    """Give a folder for files of records; one that was given is kept."""
    if given:
        given.mkdir(parents=True, exist_ok=True)
        yield given
    else:
        with tempfile.TemporaryDirectory() as name:
            yield Path(name)


def file_of(folder: Path, count: int) -> Path:
    """Return a file of records, made unless it is there."""
    path = folder / f"news-{count}.jsonl"
    if not path.exists():
        say(f"making {count:,} records")
        write(path, count)
    return path


def contest(
    names: Sequence[str], path: Path, few: Path, rounds: int
) -> tuple[dict[str, Cost], dict[str, str]]:
    """Return the median cost of every contestant, and why some have none."""
    seen: dict[str, list[Cost]] = {name: [] for name in names}
    missing: dict[str, str] = {}
    for number in range(1, rounds + 1):
        for name in names:
            if name in missing:
                continue
            try:
                seen[name].append(cost_of(name, path, few))
            except RuntimeError as error:
                missing[name] = str(error).splitlines()[-1]
                say(str(error))
                continue
            cost = seen[name][-1]
            say(f"round {number}: {name} {cost.wall:.2f} s, {cost.memory:,.0f} MiB")
    return {name: median(costs) for name, costs in seen.items() if name not in missing}, missing


def disagreements(costs: dict[str, Cost]) -> dict[str, dict[str, tuple[int, int]]]:
    """Return where a contestant counts otherwise than plain Polars does, with both counts."""
    agreed = costs["polars"].counts
    assert agreed is not None
    found = {}
    for name, cost in costs.items():
        if cost.counts is None:
            continue
        differ = {c: (cost.counts[c], agreed[c]) for c in agreed if cost.counts[c] != agreed[c]}
        if differ:
            found[name] = differ
    return found


def growth(folder: Path, few: Path, counts: Sequence[int]) -> list[Grown]:
    """Return what the whole catalogue costs as the records become more, each measured once."""
    grown = []
    for count in counts:
        path = file_of(folder, count)
        say(f"growth: {count:,} records")
        whole, unit = cost_of(WHOLE, path, few), cost_of(UNIT, path, few)
        grown.append(Grown(count, path.stat().st_size, whole, unit))
    return grown


def rule_costs(path: Path) -> dict[str, list[dict[str, float]]]:
    """Return what `rulecosts.py` tells of a file."""
    command = [sys.executable, str(Path(__file__).with_name("rulecosts.py")), str(path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, list[dict[str, float]]] = json.loads(done.stdout.splitlines()[-1])
    return found


def within(path: Path, records: int, limit: int) -> Limited:
    """Return what becomes of a check of a file within a limit of memory."""
    say(f"{path.name} within {limit / MIB:,.0f} MiB")
    return Limited(records, limit, *check_within(path, limit, []))


def measured(options: argparse.Namespace) -> Measured:
    names = list(dict.fromkeys([UNIT, "polars", *(options.only or CONTESTANTS)]))
    names.sort(key=list(CONTESTANTS).index)
    with folder_of(options.data) as folder:
        few = folder / "few.jsonl"
        write(few, 400, seed=1, fault_share=0.5)
        path = file_of(folder, options.records)
        costs, missing = contest(names, path, few, options.rounds)
        rules = rule_costs(file_of(folder, options.rule_records)) if options.rules else None
        grown = growth(folder, few, options.growth)
        most = max([options.records, *options.growth])
        limited = within(file_of(folder, most), most, options.limit) if options.limit else None
        return Measured(
            records=options.records,
            size=path.stat().st_size,
            rounds=options.rounds,
            cores=os.cpu_count() or 1,
            costs=costs,
            missing=missing,
            disagreements=disagreements(costs),
            growth=grown,
            limited=limited,
            rule_records=options.rule_records,
            rules=rules,
            dearest=options.rules,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=CONTESTANTS, help="contestants")
    parser.add_argument("--growth", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--limit", type=bytes_of, default=bytes_of("2GiB"), help="0 for none")
    parser.add_argument("--rules", type=int, default=20, help="how many of the dearest; 0 for none")
    parser.add_argument("--rule-records", type=int, default=2_000)
    parser.add_argument("--data", type=Path, help="folder in which files of records are kept")
    parser.add_argument("--write", type=Path, help="write the page there, docs/performance.md")
    options = parser.parse_args()
    found = measured(options)
    text = page(found)
    if options.write:
        options.write.write_text(text, "utf-8")
    print(text)
    for name, checks in found.disagreements.items():
        say(f"{name} disagrees: {checks}")
    sys.exit(bool(found.disagreements or found.missing))


if __name__ == "__main__":
    main()
