"""The folder of a cache: recognised before anything in it is touched, and used by one run."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from filelock import FileLock

MOST_BYTES = 2 << 30
"""Size above which the results that were used longest ago are removed."""
_TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# Results of newsqa, kept so that unchanged files need not be checked again.\n"
)
_ENTRY = re.compile(r"[0-9a-f]{40}(\.[0-9]+\.part)*")


@contextmanager
def cache_folder(root: Path | None) -> Iterator[tuple[Path | None, str]]:
    """Give the folder of a cache, or None and why there is no cache.

    Args:
        root: The folder, which is made where there is none; None for no cache.
    """
    if root is None:
        yield None, ""
        return
    from filelock import FileLock

    lock = FileLock(root / "lock")
    trouble = _trouble(root, lock)
    try:
        yield (None if trouble else root), trouble
    finally:
        lock.release()


def _trouble(root: Path, lock: FileLock) -> str:
    """Make a folder a cache of this run; return why that cannot be, or nothing."""
    from filelock import Timeout

    try:
        if not _claim(root):
            return f"{root} holds something else"
        lock.acquire(blocking=False)
    except Timeout:
        return f"{root} is in use by another run"
    except (OSError, NotImplementedError) as error:
        return f"{root} cannot be written: {getattr(error, 'strerror', None) or error}"
    return ""


def _claim(root: Path) -> bool:
    """Make a folder a cache if it is empty; return whether it is one.

    A cache removes what is old: in a folder of something else that would be a loss.
    """
    root.mkdir(parents=True, exist_ok=True)
    tag = root / "CACHEDIR.TAG"
    if tag.is_file():
        return tag.read_text("utf-8", "replace") == _TAG
    if any(root.iterdir()):
        return False
    tag.write_text(_TAG, "utf-8")
    (root / ".gitignore").write_text("*\n", "utf-8")
    return True


def remove(path: Path) -> None:
    """Remove whatever is at a path, if it can be; what a link leads to stays."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def tidy(root: Path, used: Collection[str]) -> None:
    """Remove what broken runs have left, and the oldest results where there are too many.

    Args:
        root: Folder of the cache.
        used: Names of results of this run, which stay.
    """
    found = [entry for entry in os.scandir(root) if _ENTRY.fullmatch(entry.name)]
    size = 0
    for entry in sorted(found, key=_time_of, reverse=True):
        size += _size_of(entry)
        if entry.name.endswith(".part") or (size > MOST_BYTES and entry.name not in used):
            remove(root / entry.name)


def _time_of(entry: os.DirEntry[str]) -> float:
    return entry.stat(follow_symlinks=False).st_mtime


def _size_of(entry: os.DirEntry[str]) -> int:
    if not entry.is_dir(follow_symlinks=False):
        return 0
    return sum(file.stat(follow_symlinks=False).st_size for file in os.scandir(entry))
