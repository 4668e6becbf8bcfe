"""What the tests of the Ray engine have workers do."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsqa.parts.work import check_part

if TYPE_CHECKING:
    from newsqa.parts.kept import Facts
    from newsqa.readers.cut import Part


def echo(task: int, folder: Path) -> tuple[int, int]:
    """Write a file, and say which process did it."""
    (folder / "task.txt").write_text(f"task {task}", "utf-8")
    return task * task, os.getpid()


def threads(task: int, folder: Path) -> int:
    """Return the threads that Polars has here."""
    import polars as pl

    return pl.thread_pool_size()


def fail(task: int, folder: Path) -> None:
    raise LookupError(f"task {task}")


def die(task: int, folder: Path) -> None:
    """Go as a process goes that has used too much memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def check_part_in_two_lives(part: Part, folder: Path, died: str, **how: Any) -> Facts | None:
    """Check a part, but die at the third one unless that has happened."""
    if part.number == 2 and not Path(died).exists():
        Path(died).write_text(str(os.getpid()), "utf-8")
        die(0, folder)
    return check_part(part, folder, **how)
