"""Where parts are worked on: in this process, or in several of this machine.

An engine runs a function over tasks and knows nothing of newsqa. Each task has a folder of its own
for what the function writes; it is there as a whole once the task is done, or not at all.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import shutil
import tempfile
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from newsqa.errors import WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 2
"""Tasks a worker that are handed over before one is done."""
_ATTEMPTS = 2
_IN_MEMORY = 1 << 20
"""Bytes of a task above which it waits on disk."""


class Engine(Protocol):
    """Runs a function over tasks, in any order."""

    @property
    def elsewhere(self) -> bool:
        """Whether it may do so on other machines, which may not see the same files."""

    def run(
        self, work: Callable[[T, Path], R], tasks: Iterable[tuple[T, Path]]
    ) -> Iterator[tuple[int, R]]:
        """Yield the number of each task, from 0, with what the function returned.

        Args:
            work: A function of the top level of a module, or a `functools.partial` of one.
            tasks: Tasks, each with the folder that it is to fill; taken as they are needed, and
                not kept in memory once they are handed over, since some are large.

        Raises:
            WorkerError: Workers die again and again.
        """


class Here:
    """Works in this process, one task after the other."""

    elsewhere = False

    def run(
        self, work: Callable[[T, Path], R], tasks: Iterable[tuple[T, Path]]
    ) -> Iterator[tuple[int, R]]:
        """Yield the number of each task with what the function returned; see `Engine`."""
        for number, (task, folder) in enumerate(tasks):
            yield number, fill(work, task, folder)


class Processes:
    """Works in several processes of this machine, and on a single task in this one.

    Args:
        jobs: Number of processes.
    """

    elsewhere = False

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs

    def run(
        self, work: Callable[[T, Path], R], tasks: Iterable[tuple[T, Path]]
    ) -> Iterator[tuple[int, R]]:
        """Yield the number of each task with what the function returned; see `Engine`."""
        coming = iter(tasks)
        first = tuple(islice(coming, 2))
        if len(first) < 2:
            yield from Here().run(work, first)
            return
        given = chain(first, coming)
        del first
        with tempfile.TemporaryDirectory(prefix="newsqa-") as waiting:
            packed = (
                _Packed.of(number, task, folder, Path(waiting))
                for number, (task, folder) in enumerate(given)
            )
            retried: list[_Packed] = []
            for attempt in range(_ATTEMPTS):
                lost: list[_Packed] = []
                yield from self._run(work, retried, packed, lost)
                if not lost:
                    return
                retried = lost
                if attempt + 1 == _ATTEMPTS:
                    break
        raise WorkerError(
            "a worker process died, and died again when its part was repeated",
            hint="most often memory ran out: use fewer processes, such as --jobs 1",
        )

    def _run(
        self,
        work: Callable[[T, Path], R],
        first: list[_Packed],
        coming: Iterator[_Packed],
        lost: list[_Packed],
    ) -> Iterator[tuple[int, R]]:
        """Work on tasks until none is left or a process dies; those that it took along are lost."""
        pending: dict[Future[Any], _Packed] = {}
        queue = iter(first)
        with (
            _few_threads(self._jobs),
            ProcessPoolExecutor(
                self._jobs, multiprocessing.get_context("spawn"), _end_with_parent
            ) as pool,
        ):
            try:
                while True:
                    room = self._jobs * AHEAD - len(pending)
                    taken = list(islice(queue, room))
                    taken += islice(coming, room - len(taken))
                    for packed in taken:
                        try:
                            pending[pool.submit(_fill_packed, work, packed)] = packed
                        except BrokenProcessPool:
                            lost.append(packed)
                    if not pending:
                        lost += queue
                        return
                    done, _ = wait(pending, return_when=FIRST_COMPLETED)
                    for future in done:
                        packed = pending.pop(future)
                        try:
                            result = future.result()
                        except BrokenProcessPool:
                            lost.append(packed)
                            continue
                        packed.discard()
                        yield packed.number, result
                    if lost:
                        lost += pending.values()
                        lost += queue
                        return
            finally:
                pool.shutdown(wait=False, cancel_futures=True)


@dataclass(frozen=True)
class _Packed:
    """A task on its way to another process; a large one waits in a file."""

    number: int
    content: bytes | Path
    folder: Path

    @classmethod
    def of(cls, number: int, task: object, folder: Path, waiting: Path) -> _Packed:
        content: bytes | Path = pickle.dumps(task)
        if isinstance(content, bytes) and len(content) > _IN_MEMORY:
            path = waiting / str(number)
            path.write_bytes(content)
            content = path
        return cls(number, content, folder)

    def task(self) -> Any:
        content = self.content
        return pickle.loads(content if isinstance(content, bytes) else content.read_bytes())  # noqa: S301  packed by this run

    def discard(self) -> None:
        if isinstance(self.content, Path):
            self.content.unlink()


def _fill_packed(work: Callable[[Any, Path], R], packed: _Packed) -> R:
    return fill(work, packed.task(), packed.folder)


@contextmanager
def _few_threads(jobs: int) -> Iterator[None]:
    """Have processes that are started share the cores instead of each taking them all."""
    name = "POLARS_MAX_THREADS"
    before = os.environ.get(name)
    os.environ[name] = before or str(max(1, (os.cpu_count() or 1) // jobs))
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, even if that was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_wait_for, args=(parent,), daemon=True).start()


def _wait_for(parent: Any) -> None:
    parent.join()
    os._exit(1)


def fill(work: Callable[[T, Path], R], task: T, folder: Path) -> R:
    """Run a function on a task and an empty folder that gets its name when it is full."""
    with filling(folder) as beside:
        return work(task, beside)


@contextmanager
def filling(folder: Path) -> Iterator[Path]:
    """Give an empty folder that gets the name of `folder` at the end, unless something fails."""
    beside = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        yield beside
        shutil.rmtree(folder, ignore_errors=True)
        beside.rename(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
