"""Parts on their way to other machines, which may not see the files that this one sees.

A file that only this machine can read must not become a finding of the data there.
"""

from __future__ import annotations

import os
import platform
from contextlib import chdir, nullcontext
from dataclasses import dataclass
from functools import partial as bound
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from newsqa.errors import UsageError
from newsqa.readers.columns import is_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from newsqa.parts.engines import Engine
    from newsqa.readers.cut import Part

R = TypeVar("R")
_LOCAL = "file://"


@dataclass(frozen=True)
class Seen:
    """A part as the machine sees it that has cut the input.

    Args:
        part: The part.
        folder: What its paths are relative to.
        unreadable: Places that cannot be read from there either.
    """

    part: Part
    folder: str
    unreadable: frozenset[str]


def run_on_parts(
    engine: Engine, work: Callable[[Part, Path], R], tasks: Iterable[tuple[Part, Path]]
) -> Iterator[tuple[int, R | OSError]]:
    """Run a function over parts, as `Engine.run` does, wherever that is.

    Raises:
        UsageError: A file can be read here, and not where its part is worked on.
        WorkerError: Workers die again and again.
    """
    if not engine.elsewhere:
        return engine.run(work, tasks)
    return engine.run(bound(_work_there, work=work), ((_seen(part), f) for part, f in tasks))


def _seen(part: Part) -> Seen:
    folder = str(Path.cwd())
    places = (file.place for file in part.files)
    return Seen(part, folder, frozenset(p for p in places if not _can_read(p, folder)))


def _work_there(seen: Seen, folder: Path, work: Callable[[Part, Path], R]) -> R:
    for file in seen.part.files:
        if file.place not in seen.unreadable and not _can_read(file.place, seen.folder):
            raise UsageError(
                f"{file.path} can be read where newsqa was started, but not on {platform.node()}",
                hint="inputs must be where every machine of the cluster can read them: on a disk "
                "that they share, under the same path, or behind URLs such as s3://",
            )
    # Without the folder, no path is relative to it.
    with chdir(seen.folder) if Path(seen.folder).is_dir() else nullcontext():
        return work(seen.part, folder)


def _can_read(place: str, folder: str) -> bool:
    """Return whether a file can be read; of a URL nobody knows before trying."""
    if is_url(place) and not place.startswith(_LOCAL):
        return True
    return os.access(Path(folder, place.removeprefix(_LOCAL)), os.R_OK)
