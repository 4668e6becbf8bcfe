"""Where the results of parts are kept: for one run, or for the next ones too.

The cache knows a part by its content, by the rules and by this version of newsqa: what changes any
of them is checked anew. The time of a run is none of these, since it changes little: a result says
from when on it holds.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from filelock import FileLock, Timeout

from newsqa.parts.kept import read_facts
from newsqa.parts.keys import PartKeys

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from newsqa.parts.kept import Facts
    from newsqa.parts.work import Job
    from newsqa.readers.cut import Part

MOST_BYTES = 2 << 30
"""Size above which the results that were used longest ago are removed."""
_TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# Results of newsqa, kept so that unchanged files need not be checked again.\n"
)


class Store(Protocol):
    """Knows where the result of each part is kept."""

    def find(self, part: Part) -> Facts | None:
        """Return the facts of a part whose result is known, else None."""

    def folder(self, part: Part) -> Path:
        """Return the folder for the result of a part."""

    def scratch(self, name: str) -> Path:
        """Return a folder for what no later run can use."""


class Scratch:
    """Keeps results while a run lasts."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="newsqa-")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._folder.cleanup()

    def find(self, part: Part) -> Facts | None:  # noqa: ARG002  others know more
        """Return None: nothing is known from before."""
        return None

    def folder(self, part: Part) -> Path:
        """Return the folder for the result of a part."""
        return self.scratch(f"{part.number:06}")

    def scratch(self, name: str) -> Path:
        """Return a folder for what no later run can use."""
        return Path(self._folder.name, name)


class Cache(Scratch):
    """Keeps results for later runs, too; one run at a time uses a cache.

    Args:
        root: Folder of the cache; it is made where there is none.
        job: What is done with the parts.

    Raises:
        OSError: The folder cannot be written.
        Timeout: Another run is using it.
    """

    def __init__(self, root: Path, job: Job) -> None:
        super().__init__()
        root.mkdir(parents=True, exist_ok=True)
        for name, text in (("CACHEDIR.TAG", _TAG), (".gitignore", "*\n")):
            if not (root / name).exists():
                (root / name).write_text(text, "utf-8")
        self._lock = FileLock(root / "lock")
        self._lock.acquire(blocking=False)
        self._root = root
        self._keys = PartKeys(job)
        self._now = job.plan.context.now
        self._used: set[str] = set()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        super().__exit__(kind, error, trace)
        self._tidy()
        self._lock.release()

    def find(self, part: Part) -> Facts | None:
        """Return the facts of a part that was checked before and for which that still holds."""
        key = self._keys.of(part)
        facts = read_facts(self._root / key) if key else None
        if facts is None or facts.crashed or facts.skipped or not self._holds(facts):
            return None
        os.utime(self._root / str(key))
        return facts

    def folder(self, part: Part) -> Path:
        """Return the folder for the result of a part, in the cache where its content is known."""
        key = self._keys.of(part)
        if key is None:
            return super().folder(part)
        self._used.add(key)
        return self._root / key

    def _holds(self, facts: Facts) -> bool:
        checked = datetime.fromisoformat(facts.now)
        if checked == self._now or facts.settled_at is None:
            return True
        return datetime.fromisoformat(facts.settled_at) < min(checked, self._now)

    def _tidy(self) -> None:
        """Remove what broken runs have left, and the oldest results where there are too many."""
        found = sorted(
            (entry for entry in os.scandir(self._root) if entry.is_dir()),
            key=lambda entry: entry.stat().st_mtime,
            reverse=True,
        )
        size = 0
        for entry in found:
            size += sum(file.stat().st_size for file in os.scandir(entry))
            if entry.name.endswith(".part") or (size > MOST_BYTES and entry.name not in self._used):
                shutil.rmtree(entry, ignore_errors=True)


def open_store(root: Path | None, job: Job) -> tuple[Scratch, str]:
    """Return the cache in a folder, or a store of this run alone and why there is no cache.

    Args:
        root: Folder of the cache; None for no cache.
        job: What is done with the parts.
    """
    if root is None:
        return Scratch(), ""
    try:
        return Cache(root, job), ""
    except Timeout:
        return Scratch(), f"{root} is in use by another run"
    except OSError as error:
        return Scratch(), f"{root} cannot be written: {error.strerror or error}"
