"""What a cluster costs and what it brings: `python bench/cluster.py`, with newsqa[ray].

The same records are checked by one process and by two, and by Ray with one worker and with two; in
few parts and in many, so that the slope is what a part costs. Every check has a process of its own,
in which a small one comes first; that one starts the cluster, loads libraries and compiles
patterns, and is told apart. Rounds take them in turn, and the least of each counts. All must find
the same.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from time import perf_counter
from typing import Any, NamedTuple

from generate import write
from measure import family

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TICK = os.sysconf("SC_CLK_TCK")
CASES = {"newsqa": ("local", 1), "newsqa, 2": ("local", 2), "Ray": ("ray", 1), "Ray, 2": ("ray", 2)}


class Cost(NamedTuple):
    """What a check took.

    Args:
        start: Seconds of the small check before it.
        wall: Seconds.
        cpu: Seconds of processors, of all processes together.
        parts: Number of parts.
        found: Digest of what was found.
    """

    start: float
    wall: float
    cpu: float
    parts: int
    found: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--few", type=int, default=8, help="parts")
    parser.add_argument("--many", type=int, default=40, help="parts")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(cost(*options.one)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "news.jsonl")
        write(path, options.records)
        write(Path(folder, "few.jsonl"), 200, seed=1, fault_share=0.5)
        seen: dict[tuple[str, int], list[Cost]] = {}
        for number in range(options.rounds):
            for parts in (options.few, options.many):
                for name in CASES:
                    seen.setdefault((name, parts), []).append(_in_own_process(name, parts, path))
                    told = seen[name, parts][-1]
                    say(f"round {number + 1}: {name}, {told.parts} parts: {told.wall:.2f} s")
        print(table({case: _least(costs) for case, costs in seen.items()}, options, path))
    found = {cost.found for costs in seen.values() for cost in costs}
    say(f"{len(found)} different results" if len(found) > 1 else "all found the same")
    sys.exit(len(found) != 1)


def say(text: str) -> None:
    """Tell how far the measuring is."""
    print(text, file=sys.stderr, flush=True)


def _in_own_process(name: str, parts: int, path: Path) -> Cost:
    engine, jobs = CASES[name]
    command = [sys.executable, __file__, "--one", engine, str(jobs), str(parts), str(path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Cost(*json.loads(done.stdout.splitlines()[-1]))


def _least(costs: list[Cost]) -> Cost:
    start, wall, cpu = (min(cost[n] for cost in costs) for n in range(3))
    return Cost(start, wall, cpu, costs[0].parts, costs[0].found)


def cost(engine: str, jobs: str, parts: str, path: str) -> Cost:
    """Return what a check costs in this process."""
    import newsqa
    from newsqa import run
    from newsqa.readers import cut

    # Parts are small here, and are to be spread however few they are.
    run.FEW_PARTS = 0
    with _how(engine, int(jobs)) as how:
        started = perf_counter()
        cut.PART_BYTES = 200_000
        newsqa.check(Path(path).with_name("few.jsonl"), now=NOW, how=how)
        start = perf_counter() - started
        cut.PART_BYTES = Path(path).stat().st_size // int(parts)
        wall, cpu = perf_counter(), _cpu()
        result = newsqa.check(path, now=NOW, how=how)
        wall, cpu = perf_counter() - wall, _cpu() - cpu
    found = result.findings.write_ndjson() + result.records.write_ndjson()
    digest = hashlib.sha256(found.encode()).hexdigest()
    return Cost(start, wall, cpu, result.run["parts"], digest)


@contextmanager
def _how(engine: str, jobs: int) -> Iterator[Any]:
    from newsqa.parts.onray import RayEngine
    from newsqa.run import How

    if engine == "local":
        yield How(jobs=jobs)
        return
    with RayEngine("local", jobs) as ray:
        yield How(engine=ray)


def _cpu() -> float:
    """Return the seconds that this process, its descendants and those that have ended have used."""
    used = getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN)
    seconds = sum(usage.ru_utime + usage.ru_stime for usage in used)
    for process in family(os.getpid()):
        if process != os.getpid():
            seconds += _ticks(process) / TICK
    return seconds


def _ticks(process: int) -> int:
    try:
        told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, told[11:15]))


def table(costs: dict[tuple[str, int], Cost], options: argparse.Namespace, path: Path) -> str:
    """Return what all of them cost, as Markdown."""
    size, cores = path.stat().st_size / 1e6, os.cpu_count()
    lines = [
        f"{options.records:,} articles, {size:,.0f} MB; {cores} cores; least of {options.rounds}.",
        "",
        "|  | first check | parts | seconds | CPU | parts | seconds | CPU | CPU a part |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name in CASES:
        few, many = costs[name, options.few], costs[name, options.many]
        slope = (many.cpu - few.cpu) / (many.parts - few.parts)
        cells = [name, f"{min(few.start, many.start):.1f}"]
        for cost in (few, many):
            cells += [str(cost.parts), f"{cost.wall:.1f}", f"{cost.cpu:.1f}"]
        lines.append(f"| {' | '.join([*cells, f'{slope:.2f}'])} |")
    one, two = (costs[name, options.few].wall for name in ("newsqa", "newsqa, 2"))
    ray_one, ray_two = (costs[name, options.few].wall for name in ("Ray", "Ray, 2"))
    lines += [
        "",
        f"From one process to two: {one / two:.2f} times as fast; Ray: {ray_one / ray_two:.2f}.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
