"""Reading ahead: while a batch is checked, a thread reads the next one, be it of the next part.

A check does not need all cores all the time, least when a part begins and when it ends.
"""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Semaphore, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from newsqa.parts.work import PartReader
    from newsqa.readers import Batch
    from newsqa.readers.cut import Part

    Read = tuple[Batch, int]

_PATIENCE = 5.0
"""Seconds that a check which fails waits for what is being read."""


class ReadAhead:
    """Reads parts in the order in which they are checked.

    Those that are not read as columns are read when their turn comes: Python would do that, which
    does one thing at a time.

    Args:
        reader: Returns what reads a part.
    """

    def __init__(self, reader: Callable[[Part], PartReader]) -> None:
        self._reader = reader
        self._parts: SimpleQueue[PartReader | None] = SimpleQueue()
        self._readers: dict[int, PartReader] = {}
        self._read: SimpleQueue[tuple[int, Read | BaseException | None]] = SimpleQueue()
        self._room = Semaphore(0)
        self._ended = False

    @contextmanager
    def of(self, tasks: Iterable[tuple[Part, Path]]) -> Iterator[Iterator[tuple[Part, Path]]]:
        """Give the same tasks, whose parts must be asked for in the same order."""
        thread = Thread(target=self._work, name="newsqa-ahead", daemon=True)
        thread.start()
        try:
            yield self._announced(tasks)
        finally:
            self._ended = True
            self._parts.put(None)
            self._room.release()
            # What it waits for may never come, as from the disk of another machine.
            thread.join(_PATIENCE)

    def _announced(self, tasks: Iterable[tuple[Part, Path]]) -> Iterator[tuple[Part, Path]]:
        """Yield each task once the thread knows of the one after it."""
        waiting: deque[tuple[Part, Path]] = deque()
        for task in tasks:
            part, _ = task
            self._readers[part.number] = self._reader(part)
            if part.is_stretch:
                self._parts.put(self._readers[part.number])
            waiting.append(task)
            if len(waiting) > 1:
                yield waiting.popleft()
        yield from waiting

    def reader(self, part: Part) -> PartReader:
        """Return what reads a part; whoever checks the part asks here for its batches."""
        return self._readers.pop(part.number)

    def batches(self, reader: PartReader) -> Iterator[Read]:
        """Yield the batches of a part, each with the bytes of the part that were read by then.

        Raises:
            BaseException: Whatever was raised when the part was read.
        """
        return self._coming(reader.part) if reader.part.is_stretch else iter(reader)

    def _coming(self, part: Part) -> Iterator[Read]:
        while True:
            number, read = self._read.get()
            if isinstance(read, tuple):
                self._room.release()
            # Another one could not be checked to its end.
            if number != part.number:
                continue
            if read is None:
                return
            if isinstance(read, BaseException):
                raise read
            yield read

    def _work(self) -> None:
        while (reader := self._parts.get()) is not None and not self._ended:
            number = reader.part.number
            try:
                for read in reader:
                    self._read.put((number, read))
                    self._room.acquire()
                    if self._ended:
                        return
                self._read.put((number, None))
            except BaseException as error:  # noqa: BLE001  raised where the part is checked
                self._read.put((number, error))
