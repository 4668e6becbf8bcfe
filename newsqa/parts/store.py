"""Where the results of parts are kept: for one run, or for the next ones too.

The cache knows a part by its content, by the rules and by this version of newsqa: what changes any
of them is checked anew. The time of a run is none of these, since it changes little: a result says
from when on it holds.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from newsqa.parts.folder import tidy
from newsqa.parts.kept import Held, read_facts
from newsqa.parts.keys import PartKeys

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from newsqa.parts.kept import Facts
    from newsqa.parts.work import Job
    from newsqa.readers.cut import Part


class Store(Protocol):
    """Knows where the result of each part is kept."""

    @property
    def held(self) -> Held | None:
        """What of it may stay in memory, where no later run needs it."""

    def find(self, part: Part) -> Facts | None:
        """Return the facts of a part whose result is known, else None."""

    def folder(self, part: Part) -> Path:
        """Return the folder for the result of a part."""

    def note(self, part: Part) -> None:
        """Note that a part was checked, and that its result is in its folder."""

    def give_up(self, part: Part, error: OSError) -> None:
        """Use another folder for a part, and for all that come, where one cannot be written.

        Raises:
            OSError: There is no other.
        """

    def scratch(self, name: str) -> Path:
        """Return a folder for what no later run can use."""


class Scratch:
    """Keeps results while a run lasts.

    Args:
        trouble: Why there is no cache, where there should be one.

    Attributes:
        found: Parts whose result was known.
    """

    def __init__(self, trouble: str = "") -> None:
        self.trouble = trouble
        self.found = 0
        self.held: Held | None = Held()
        self._folder = tempfile.TemporaryDirectory(prefix="newsqa-", ignore_cleanup_errors=True)

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

    def note(self, part: Part) -> None:
        """Note that a part was checked."""

    def give_up(self, part: Part, error: OSError) -> None:  # noqa: ARG002  others know another
        """Raise the error: there is no other folder."""
        raise error

    def scratch(self, name: str) -> Path:
        """Return a folder for what no later run can use."""
        return Path(self._folder.name, name)


class Cache(Scratch):
    """Keeps results for later runs, too.

    Args:
        root: Folder of the cache, which no other run uses.
        job: What is done with the parts.
    """

    def __init__(self, root: Path, job: Job) -> None:
        super().__init__()
        self.held = None
        self._root = root
        self._keys = PartKeys(job)
        self._now = job.plan.context.now
        self._folders: dict[int, Path] = {}

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        super().__exit__(kind, error, trace)
        with suppress(OSError):
            tidy(self._root, {folder.name for folder in self._folders.values()})

    def find(self, part: Part) -> Facts | None:
        """Return the facts of a part that was checked before and for which that still holds."""
        key = self._keys.of(part)
        facts = read_facts(self._root / key) if key else None
        if key is None or facts is None or not self._holds(facts):
            return None
        self._folders[part.number] = self._root / key
        self._keys.forget_state(part)
        self.found += 1
        with suppress(OSError):
            os.utime(self._root / key)
        return facts

    def folder(self, part: Part) -> Path:
        """Return the folder for the result of a part, in the cache where its content is known."""
        if part.number not in self._folders:
            key = None if self.trouble else self._keys.of(part)
            self._folders[part.number] = self._root / key if key else super().folder(part)
        return self._folders[part.number]

    def note(self, part: Part) -> None:
        """Keep a result from later runs if the files changed while they were checked."""
        folder = self._folders[part.number]
        if folder.parent == self._root and not self._keys.still_hold(part):
            aside = folder.with_name(f"{folder.name}.{os.getpid()}.part")
            with suppress(OSError):
                folder.rename(aside)
                self._folders[part.number] = aside

    def give_up(self, part: Part, error: OSError) -> None:
        """Use a folder of this run for a part, and for all that come."""
        other = super().folder(part)
        if self._folders[part.number] == other:
            raise error
        self._folders[part.number] = other
        self.trouble = f"{self._root} cannot be written: {error.strerror or error}"

    def _holds(self, facts: Facts) -> bool:
        if facts.crashed or facts.skipped:
            return False
        try:
            checked = datetime.fromisoformat(facts.now)
            if checked == self._now or facts.settled_at is None:
                return True
            return datetime.fromisoformat(facts.settled_at) < min(checked, self._now)
        except (TypeError, ValueError):
            return False
