"""Whether a check that is killed goes on where it was: `python bench/resume.py`.

A check is killed with SIGKILL at ten random moments and resumed each time; what the resumed one
finds is compared with what a check finds that nothing has stopped. Neither is told the time: the
resumed check has that of the one that was killed, and only what names the time may differ from the
undisturbed one, so that records of the past are what is checked here.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, sleep

import orjson
from generate import write

COMMAND = (
    sys.executable, "-m", "newsqa", "check", "news.jsonl", "--isolated", "--exit-zero",
    "--no-report", "--no-history", "--no-progress", "--format", "json", "--jobs", "2",
)  # fmt: skip
# Parts of a megabyte, so that an input of some seconds has many of them.
SMALL_PARTS = (
    "import runpy, sys, newsqa.readers.cut as cut; cut.PART_BYTES = {size}; "
    "sys.argv = sys.argv[1:]; runpy.run_module('newsqa', run_name='__main__')"
)


def command(size: int, *options: str) -> list[str]:
    """Return a check in parts of so many bytes."""
    _, _, _, *rest = COMMAND
    return [sys.executable, "-c", SMALL_PARTS.format(size=size), "newsqa", *rest, *options]


def findings(printed: bytes) -> bytes:
    """Return the findings of a check as it printed them."""
    return orjson.dumps(orjson.loads(printed)["findings"])


def killed(folder: Path, cache: str, size: int, after: float) -> int:
    """Kill a check some seconds after it began; return how many parts it has left whole."""
    checking = subprocess.Popen(
        command(size, "--cache-dir", cache),
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    sleep(after)
    checking.send_signal(signal.SIGKILL)
    checking.wait()
    sleep(0.5)  # its workers see that it is gone
    return len(list(Path(folder, cache).glob("*/facts.json")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=6000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--part", type=int, default=1 << 20, help="bytes of a part")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311  not for secrets
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "news.jsonl", options.records)
        started = perf_counter()
        whole = subprocess.run(
            command(options.part, "--no-cache"), cwd=folder, check=True, capture_output=True
        )
        lasted = perf_counter() - started
        wanted = findings(whole.stdout)
        print(f"undisturbed: {lasted:.1f} s, {len(orjson.loads(wanted)):,} findings\n")
        print("| killed after | parts kept | resumed in | says | findings |")
        print("|--:|--:|--:|---|---|")
        same = True
        for number in range(options.kills):
            after = chance.uniform(0.05, 1.0) * lasted
            cache = f"cache-{number}"
            kept = killed(folder, cache, options.part, after)
            started = perf_counter()
            again = subprocess.run(
                command(options.part, "--cache-dir", cache, "--resume"),
                cwd=folder, check=True, capture_output=True,
            )  # fmt: skip
            seconds = perf_counter() - started
            alike = findings(again.stdout) == wanted
            same &= alike
            told = [line for line in again.stderr.decode().splitlines() if "resume" in line]
            verdict = "identical" if alike else "DIFFERENT"
            print(f"| {after:.1f} s | {kept} | {seconds:.1f} s | {' '.join(told)} | {verdict} |")
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
