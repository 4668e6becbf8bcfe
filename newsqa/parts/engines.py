"""Where parts are worked on: in this process, or in several of this machine.

An engine runs a function over tasks and knows nothing of newsqa. Each task has a folder of its own
for what the function writes; it is there as a whole once the task is done, or not at all.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from threading import Thread
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from newsqa.errors import WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 2
"""Tasks a worker that are handed over before one is done."""
_ATTEMPTS = 2


class Engine(Protocol):
    """Runs a function over tasks, in any order."""

    def run(
        self, work: Callable[[T, Path], R], tasks: Iterable[tuple[T, Path]]
    ) -> Iterator[tuple[T, R]]:
        """Yield each task with what the function returned, as soon as it is done.

        Args:
            work: A function of the top level of a module, or a `functools.partial` of one.
            tasks: Tasks, each with the folder that it is to fill; taken as they are needed.

        Raises:
            WorkerError: Workers die again and again.
        """


class Here:
    """Works in this process, one task after the other."""

    def run(
        self, work: Callable[[T, Path], R], tasks: Iterable[tuple[T, Path]]
    ) -> Iterator[tuple[T, R]]:
        """Yield each task with what the function returned; see `Engine`."""
        for task, folder in tasks:
            yield task, fill(work, task, folder)


class Processes:
    """Works in several processes of this machine, and on a single task in this one.

    Args:
        jobs: Number of processes.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs

    def run(
        self, work: Callable[[T, Path], R], tasks: Iterable[tuple[T, Path]]
    ) -> Iterator[tuple[T, R]]:
        """Yield each task with what the function returned; see `Engine`."""
        coming = iter(tasks)
        first = list(islice(coming, 2))
        if len(first) < 2:
            yield from Here().run(work, first)
            return
        coming = chain(first, coming)
        retried: list[tuple[T, Path]] = []
        for attempt in range(_ATTEMPTS):
            lost: list[tuple[T, Path]] = []
            yield from self._run(work, retried, coming, lost)
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
        first: list[tuple[T, Path]],
        coming: Iterator[tuple[T, Path]],
        lost: list[tuple[T, Path]],
    ) -> Iterator[tuple[T, R]]:
        """Work on tasks until none is left or a process dies; those that it took along are lost."""
        pending: dict[Future[Any], tuple[T, Path]] = {}
        queue = iter(first)
        with (
            _few_threads(self._jobs),
            ProcessPoolExecutor(
                self._jobs, multiprocessing.get_context("spawn"), _end_with_parent
            ) as pool,
        ):
            try:
                while True:
                    room = self._jobs * _AHEAD - len(pending)
                    taken = list(islice(queue, room))
                    taken += islice(coming, room - len(taken))
                    for task, folder in taken:
                        try:
                            pending[pool.submit(fill, work, task, folder)] = (task, folder)
                        except BrokenProcessPool:
                            lost.append((task, folder))
                    if not pending:
                        lost += queue
                        return
                    done, _ = wait(pending, return_when=FIRST_COMPLETED)
                    for future in done:
                        task, folder = pending.pop(future)
                        try:
                            result = future.result()
                        except BrokenProcessPool:
                            lost.append((task, folder))
                            continue
                        yield task, result
                    if lost:
                        lost += pending.values()
                        lost += queue
                        return
            finally:
                pool.shutdown(wait=False, cancel_futures=True)


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
    beside = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        result = work(task, beside)
        shutil.rmtree(folder, ignore_errors=True)
        beside.rename(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return result
