"""A check that was interrupted goes on where it was, and finds what one finds that was not."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click import UsageError

from newsqa.selection import Selection
from tests.cache_support import cached, known
from tests.parts_support import NOW, SMALL, check, config, lines, parts_of, told, write_lines
from tests.resume_support import ENDLESS, PART, are_kept, known_parts, moments
from tests.runs_support import check as run_command
from tests.runs_support import newsqa

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent
LATER = NOW + timedelta(days=1)


def interrupt_after(number: int) -> Callable[..., None]:
    """Return what is told of progress and interrupts once so many files are begun."""

    def tell(files: int, *_: object) -> None:
        if files > number:
            raise KeyboardInterrupt

    return tell


class TestInterrupted:
    def test_a_check_goes_on_at_the_time_that_it_had(self, news: Path, cache: Path) -> None:
        write_lines(news / "z.jsonl", lines(9, date=(NOW + timedelta(days=15)).isoformat()))
        with pytest.raises(KeyboardInterrupt):
            cached(news, cache, progress=interrupt_after(2))
        # Standing for the clock, which has gone on meanwhile.
        resumed = cached(news, cache, resume=True, now=None)
        assert resumed.run["resumed"] is True
        assert resumed.run["now"] == "2026-01-01T00:00:00+00:00"
        assert known(resumed) == (2, 4)
        assert told(resumed) == told(check([news]))
        assert told(resumed) != told(check([news], now=LATER))

    def test_one_that_ended_is_not_resumed(self, news: Path, cache: Path) -> None:
        with pytest.raises(KeyboardInterrupt):
            cached(news, cache, progress=interrupt_after(1))
        cached(news, cache, resume=True)
        again = cached(news, cache, resume=True, now=None)
        assert again.run["resumed"] is False
        assert again.run["now"] != "2026-01-01T00:00:00+00:00"
        assert known(again) == (3, 3)
        assert not list(cache.glob("begun-*"))

    def test_a_further_interruption_loses_nothing(self, news: Path, cache: Path) -> None:
        for number in (1, 2):
            with pytest.raises(KeyboardInterrupt):
                cached(news, cache, resume=True, now=None, progress=interrupt_after(number))
        first = datetime.fromisoformat(json.loads(next(cache.glob("begun-*")).read_text())["now"])
        resumed = cached(news, cache, resume=True, now=None)
        assert resumed.run["now"] == first.isoformat(timespec="seconds")
        assert known(resumed) == (2, 3)
        assert told(resumed) == told(check([news], now=first))

    def test_only_the_same_check_goes_on(self, news: Path, cache: Path) -> None:
        with pytest.raises(KeyboardInterrupt):
            cached(news, cache, progress=interrupt_after(2))
        for other in (
            {"config": config("LEK001")},
            {"selection": Selection(("tarrow*",))},
        ):
            assert cached(news, cache, resume=True, **other).run["resumed"] is False
        assert cached(news / "a.jsonl", cache, resume=True).run["resumed"] is False
        assert cached(news, cache, resume=True).run["resumed"] is True

    @pytest.mark.parametrize("note", [b"", b"{", b"[]", b'{"now": 5}', b'{"now": "x"}', b"\xff"])
    def test_a_damaged_note_is_no_note(self, news: Path, cache: Path, note: bytes) -> None:
        with pytest.raises(KeyboardInterrupt):
            cached(news, cache, progress=interrupt_after(2))
        next(cache.glob("begun-*")).write_bytes(note)
        result = cached(news, cache, resume=True)
        assert result.run["resumed"] is False
        assert known(result) == (2, 3)

    def test_a_time_that_is_given_counts(self, news: Path, cache: Path) -> None:
        with pytest.raises(KeyboardInterrupt):
            cached(news, cache, progress=interrupt_after(2))
        resumed = cached(news, cache, resume=True, now=LATER)
        assert resumed.run["now"] == LATER.isoformat(timespec="seconds")
        assert told(resumed) == told(check([news], now=LATER, small=SMALL))


class TestCommandLine:
    def test_it_says_when_there_is_nothing_to_resume(self, tmp_path: Path, news: Path) -> None:
        done = run_command(tmp_path, "--resume", "--no-history")
        assert "nothing to resume: no check of these paths was interrupted" in done.stderr

    def test_it_needs_the_cache(self, tmp_path: Path, news: Path) -> None:
        with pytest.raises(UsageError, match="--resume needs the cache"):
            newsqa(tmp_path, "check", "out", "--resume", "--no-cache")


WORDS = (
    "check", "out", "--select", "LEK001,DUP001,DUP004", "--cache-dir", "cache", "--isolated",
    "--no-report", "--no-history", "--no-progress", "--format", "jsonl",
)  # fmt: skip


def children(process: int) -> set[int]:
    """Return the processes that a process has started, as the kernel lists them."""
    found: set[int] = set()
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found |= {int(child) for child in path.read_text().split()}
        except OSError:
            continue
    return found


def is_alive(process: int) -> bool:
    """Return whether a process runs; one that is only waited for does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
def test_a_killed_check_leaves_no_process_and_is_resumed(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write_lines(tmp_path / "out" / "a.jsonl", lines(500))
    started: set[int] = set()
    with subprocess.Popen(
        [sys.executable, "-c", ENDLESS, *WORDS, "--jobs", "2"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as killed:
        for _ in moments():
            started |= children(killed.pid)
            if are_kept(tmp_path / "cache") or killed.poll() is not None:
                break
        killed.kill()
    assert killed.returncode == -signal.SIGKILL
    assert len(started) >= 2
    for _ in moments():
        if not any(map(is_alive, started)):
            break
    assert not [process for process in started if is_alive(process)]
    with parts_of(PART):
        resumed = newsqa(tmp_path, *WORDS, "--resume")
        whole = newsqa(tmp_path, *WORDS, "--no-cache")
    reused, parts = known_parts(resumed.stderr)
    assert 2 < reused < parts
    assert len(whole.stdout.splitlines()) > 100
    assert (resumed.stdout, resumed.status) == (whole.stdout, 1)
    assert not list(tmp_path.glob("cache/*.part"))
