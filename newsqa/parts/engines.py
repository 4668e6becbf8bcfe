"""Where parts are worked on: in this process, or in several of this machine.

An engine runs a function over tasks and knows nothing of newsqa. Each task has a folder of its own
for what the function writes; it is there as a whole once the task is done, or not at all.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import tempfile
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from newsqa.errors import WorkerError
from newsqa.memory import collect_seldom
from newsqa.parts.folder import remove

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 2
"""Tasks a worker that are handed over before one is done."""
_IN_MEMORY = 1 << 20
"""Bytes of a task above which it waits on disk."""


class Engine(Protocol):
    """Runs a function over tasks, in any order."""

    @property
    def elsewhere(self) -> bool:
        """Whether it may do so on other machines, which may not see the same files."""

    def run(
        self, work: Callable[[T, Path], R], tasks: Iterable[tuple[T, Path]]
    ) -> Iterator[tuple[int, R | OSError]]:
        """Yield the number of each task, from 0, with what the function returned.

        Where a folder could not be written, the error takes the place of what was returned.

        Args:
            work: A function of the top level of a module, or a `functools.partial` of one.
            tasks: Tasks, each with the folder that it is to fill; taken as they are needed, and
                not kept in memory once they are handed over, since some are large.

        Raises:
            WorkerError: A worker dies of a task, again and again.
        """


class Here:
    """Works in this process, one task after the other."""

    elsewhere = False

    def run(
        self, work: Callable[[T, Path], R], tasks: Iterable[tuple[T, Path]]
    ) -> Iterator[tuple[int, R | OSError]]:
        """Yield the number of each task with what the function returned; see `Engine`."""
        for number, (task, folder) in enumerate(tasks):
            yield number, fill(work, task, folder)


class Processes:
    """Works in several processes of this machine, and on few tasks in this one.

    Args:
        jobs: Number of processes.
        few: Tasks that are worth starting them.
    """

    elsewhere = False

    def __init__(self, jobs: int, few: int = 2) -> None:
        self._jobs = jobs
        self._few = few

    def chosen(self, tasks: Iterable[T]) -> tuple[Here | Processes, Iterator[T]]:
        """Return who works on tasks, this process where they are few, and the tasks."""
        coming = iter(tasks)
        first = tuple(islice(coming, self._few))
        if len(first) < self._few:
            return Here(), iter(first)
        return self, chain(first, coming)

    def run(
        self, work: Callable[[T, Path], R], tasks: Iterable[tuple[T, Path]]
    ) -> Iterator[tuple[int, R | OSError]]:
        """Yield the number of each task with what the function returned; see `Engine`."""
        engine, given = self.chosen(tasks)
        if engine is not self:
            yield from engine.run(work, given)
            return
        with tempfile.TemporaryDirectory(prefix="newsqa-", ignore_cleanup_errors=True) as waiting:
            packed = (
                _Packed.of(number, task, folder, Path(waiting))
                for number, (task, folder) in enumerate(given)
            )
            while True:
                lost: list[_Packed] = []
                yield from _shared(work, packed, lost, self._jobs, self._jobs * AHEAD)
                if not lost:
                    return
                # One at a time, so that it is known whose fault another death is.
                again: list[_Packed] = []
                yield from _shared(work, iter(lost), again, 1, 1)
                if again:
                    raise WorkerError(
                        "a worker process died, and died again when its part was repeated",
                        hint="most often memory ran out: --jobs 1 needs the least; "
                        'a script with several jobs needs `if __name__ == "__main__":`',
                    )


def _shared(
    work: Callable[[T, Path], R],
    coming: Iterator[_Packed],
    lost: list[_Packed],
    jobs: int,
    most: int,
) -> Iterator[tuple[int, R | OSError]]:
    """Work on tasks until none is left or a process dies; those that it took along are lost."""
    pending: dict[Future[Any], _Packed] = {}
    with _pool(jobs) as pool:
        while not lost:
            for packed in islice(coming, most - len(pending)):
                try:
                    with _interrupts_held_back():  # it starts the processes
                        future = pool.submit(_fill_packed, work, packed)
                except BrokenProcessPool:
                    lost.append(packed)
                else:
                    pending[future] = packed
            if not pending:
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
        lost += pending.values()


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


def _fill_packed(work: Callable[[Any, Path], R], packed: _Packed) -> R | OSError:
    return fill(work, packed.task(), packed.folder)


class _Context(SpawnContext):
    """Starts processes, and remembers them."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[SpawnProcess] = []

    def Process(self, *args: Any, **named: Any) -> SpawnProcess:  # type: ignore[override]  # noqa: N802  called so by pools
        process = SpawnProcess(*args, **named)
        self.started.append(process)
        return process


@contextmanager
def _pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Give a pool of processes that end at once when this one is interrupted, or gone."""
    context = _Context()
    with _few_threads(jobs), ProcessPoolExecutor(jobs, context, _begin) as pool:
        try:
            yield pool
        except BaseException:
            for process in context.started:
                process.kill()
            raise


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Have Ctrl-C wait for a moment; processes that are started meanwhile never hear of it.

    It goes to all processes of a terminal, and it is up to the first one what becomes of the rest.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _few_threads(jobs: int) -> Iterator[None]:
    """Have processes that are started share the cores instead of each taking them all."""
    name = "POLARS_MAX_THREADS"
    before = os.environ.get(name)
    if before is None:
        os.environ[name] = str(max(1, (os.cpu_count() or 1) // jobs))
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(name, None)


def _begin() -> None:
    """Prepare a process that has just been started."""
    collect_seldom()
    _end_with_parent()


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, even if that was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_wait_for, args=(parent,), daemon=True).start()


def _wait_for(parent: Any) -> None:
    parent.join()
    os._exit(1)


def fill(work: Callable[[T, Path], R], task: T, folder: Path) -> R | OSError:
    """Run a function on a task and an empty folder that gets its name when it is full.

    Returns:
        What the function returned, or the error that kept the folder from being written.
    """
    try:
        with filling(folder) as beside:
            return work(task, beside)
    except OSError as error:
        return error


@contextmanager
def filling(folder: Path) -> Iterator[Path]:
    """Give an empty folder that gets the name of `folder` at the end, unless something fails."""
    beside = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    remove(beside)
    try:
        beside.mkdir(parents=True)
        yield beside
        remove(folder)
        beside.rename(folder)
    except BaseException:
        remove(beside)
        raise


def written(result: R | OSError) -> R:
    """Return what a function returned, or raise the error that took its place."""
    if isinstance(result, OSError):
        raise result
    return result
