"""Whether a check ends within a limit of memory: `python bench/limit.py --limit 2GiB`.

The limit is one of the kernel's (a control group), as a container has it: what goes beyond it is
killed. Where a control group cannot be made, the processes are watched and killed instead, which a
short peak escapes. Limits of a process (`ulimit -v`, `ulimit -d`) would not be honest: they count
what is reserved, which is three times what is used, and each process by itself.

A control that takes more than the limit must die first, so that the limit is known to hold.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, sleep
from typing import NamedTuple

from generate import write
from measure import MIB, PERIOD, Watch

_GROUPS = Path("/sys/fs/cgroup")
_OWN = Path("/proc/self/cgroup")
_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30}


class Outcome(NamedTuple):
    """What became of a command.

    Args:
        status: Exit status; negative for a signal.
        wall: Seconds.
        memory: Peak of its own memory in MiB, as `measure.Watch` has it.
    """

    status: int
    wall: float
    memory: float

    @property
    def killed(self) -> bool:
        """Whether the limit ended it."""
        return self.status in {-signal.SIGKILL, 128 + signal.SIGKILL}


def bytes_of(text: str) -> int:
    """Return a size such as `2GiB` or `700M` in bytes."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([KMG]?)(?:i?B)?", text.strip(), re.IGNORECASE)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 2GiB")
    return int(float(found[1]) * _UNITS[found[2].upper()])


def check_within(path: Path, limit: int, arguments: list[str]) -> tuple[str, Outcome, Outcome]:
    """Check a file within a limit.

    Args:
        path: What is checked.
        limit: Bytes.
        arguments: Further ones of `newsqa check`.

    Returns:
        How the limit was enforced, what became of the control, and what became of the check.
    """
    quiet = ["--no-report", "--no-history", "--no-cache", "--exit-zero", "--format", "none", "-q"]
    check = [sys.executable, "-m", "newsqa", "check", str(path), "--now", "2026-01-01"]
    too_much = f"b = bytearray({limit + limit // 4}); b[::4096] = b'x' * len(b[::4096])"
    how, control = _run([sys.executable, "-c", too_much], limit)
    _, outcome = _run([*check, *quiet, *arguments], limit)
    return how, control, outcome


def _run(command: list[str], limit: int) -> tuple[str, Outcome]:
    with _group(limit) as group:
        if group:
            # The shell enters the group before it becomes the command.
            command = ["sh", "-c", 'echo $$ > "$0" && exec "$@"', f"{group}/cgroup.procs", *command]
        started = perf_counter()
        with (
            subprocess.Popen(command, start_new_session=True) as process,
            Watch(process.pid) as watch,
        ):
            try:
                while process.poll() is None:
                    sleep(PERIOD)
                    if not group and watch.peak > limit:
                        os.killpg(process.pid, signal.SIGKILL)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
        how = "a control group of the kernel" if group else "watching"
        return how, Outcome(process.returncode, perf_counter() - started, watch.peak / MIB)


@contextmanager
def _group(limit: int) -> Iterator[Path | None]:
    """Give a control group of this program's own with the limit, or None where none can be made."""
    group, settings = _place()
    made = False
    if group:
        try:
            group.mkdir()
            made = True
            for name in settings:
                # Swap is memory too, where there is any.
                if (group / name).exists():
                    (group / name).write_text("0" if "swap.max" in name else str(limit))
        except OSError:
            if made:
                group.rmdir()
            made = False
    try:
        yield group if made else None
    finally:
        if group and made:
            _remove(group)


def _place() -> tuple[Path | None, tuple[str, ...]]:
    """Return where a group could be made, and its files that take the limit."""
    name = f"newsqa-limit-{os.getpid()}"
    if (_GROUPS / "memory").is_dir():
        limits = ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes")
        return _GROUPS / "memory" / name, limits
    lines = _OWN.read_text().splitlines() if _OWN.exists() else []
    inside = next((line[3:].strip("/") for line in lines if line.startswith("0::")), None)
    if inside is None:
        return None, ()
    # A group with processes has no groups with limits inside, so that it is one further up.
    for folder in (_GROUPS / inside).parents:
        if not folder.is_relative_to(_GROUPS):
            break
        allowed = folder / "cgroup.subtree_control"
        if allowed.exists() and "memory" in allowed.read_text().split():
            return folder / name, ("memory.max", "memory.swap.max")
    return None, ()


def _remove(group: Path) -> None:
    """Remove a group once the processes in it are gone."""
    for _ in range(250):
        try:
            group.rmdir()
        except OSError:
            sleep(PERIOD)
        else:
            return


def told(outcome: Outcome, limit: int) -> str:
    """Return what became of a check, in words."""
    memory = f"{outcome.memory:,.0f} MiB of {limit / MIB:,.0f} MiB at its peak"
    if outcome.killed:
        return f"was killed after {outcome.wall:.0f} s at {memory}"
    return f"ended with status {outcome.status} after {outcome.wall:.0f} s, with {memory}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--limit", type=bytes_of, default=bytes_of("2GiB"), metavar="SIZE")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--file", type=Path, help="check this one instead of invented records")
    parser.add_argument("arguments", nargs="*", help="further ones of `newsqa check`, after --")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.file or Path(folder, "news.jsonl")
        if not options.file:
            write(path, options.records)
        how, control, outcome = check_within(path, options.limit, options.arguments)
    print(f"limit by {how}; a control that takes a quarter more {told(control, options.limit)}")
    print(f"newsqa check of {path.name} {told(outcome, options.limit)}")
    sys.exit(not control.killed or outcome.status != 0)


if __name__ == "__main__":
    main()
