"""What a contestant costs, measured in a process of its own: time, processor time and memory.

    python bench/measure.py NAME FILE FEW

runs a contestant on a few records, so that libraries are loaded and patterns compiled, then on the
file, and prints what the second run cost as JSON.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from threading import Event, Thread
from time import perf_counter
from typing import NamedTuple, Self

from contestants import CONTESTANTS

PERIOD = 0.02
MIB = 2**20


class Cost(NamedTuple):
    """What a run took.

    Args:
        wall: Seconds that passed.
        cpu: Seconds of processors, of all processes and threads together.
        memory: Peak in MiB of all processes together, what they share counted once.
        counts: Failing records by check, where the contestant counts them.
    """

    wall: float
    cpu: float
    memory: float
    counts: dict[str, int] | None = None


def median(costs: Iterable[Cost]) -> Cost:
    """Return the medians of some runs; their counts are equal."""
    seen = list(costs)
    middle = (statistics.median(c[n] for c in seen) for n in range(3))
    return Cost(*middle, seen[0].counts)


def cost_of(name: str, path: Path, few: Path) -> Cost:
    """Return what a contestant costs.

    Raises:
        RuntimeError: It failed; the message is the end of what it said.
    """
    command = [sys.executable, __file__, name, str(path), str(few)]
    quiet = os.environ | {"PYTHONWARNINGS": "ignore", "GX_ANALYTICS_ENABLED": "false"}
    with (
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=quiet
        ) as process,
        Watch(process.pid) as watch,
    ):
        out, err = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{name} failed: {err.strip()[-500:]}")
    told = json.loads(out.splitlines()[-1])
    memory = max(watch.peak / MIB, told["memory"])
    return Cost(told["wall"], told["cpu"], memory, told["counts"])


class Watch:
    """Samples the memory of a process and its descendants, which no figure of the kernel sums up.

    Args:
        pid: The process.
    """

    def __init__(self, pid: int) -> None:
        self.peak = 0
        """Largest sum of their own memory and the largest share of files, in bytes."""
        self._pid = pid
        self._done = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(PERIOD):
            own, files = 0, 0
            for status in (_status(pid, "Rss") for pid in family(self._pid)):
                own += status.get("RssAnon", 0) + status.get("RssShmem", 0)
                # Programs and libraries, which the processes share.
                files = max(files, status.get("RssFile", 0))
            self.peak = max(self.peak, own + files)


def family(pid: int) -> Iterator[int]:
    """Yield a process and its descendants."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found = children.read_text().split()
        except OSError:
            continue
        for child in found:
            yield from family(int(child))


def _status(pid: int, beginning: str) -> dict[str, int]:
    """Return sizes of a process in bytes, by names that begin so; none if it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return {}
    pairs = (line.split(":") for line in lines if line.startswith(beginning))
    return {key: int(value.split()[0]) * 1024 for key, value in pairs}


def _run(name: str, path: Path, few: Path) -> None:
    warnings.simplefilter("ignore")
    contestant = CONTESTANTS[name].load()
    contestant(few)
    wall, cpu = perf_counter(), _cpu()
    counts = contestant(path)
    wall = perf_counter() - wall
    cpu = _cpu() - cpu
    # Not `ru_maxrss`, which a process inherits from the one that started it.
    memory = _status(os.getpid(), "VmHWM")["VmHWM"] / MIB
    print(json.dumps({"wall": wall, "cpu": cpu, "memory": memory, "counts": counts}))


def _cpu() -> float:
    """Return the seconds that this process and its children have used, once they have ended."""
    for child in multiprocessing.active_children():
        child.join(5)
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN))
    )


if __name__ == "__main__":
    _run(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
