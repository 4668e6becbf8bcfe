"""Reading ahead: the next batch is read while the present one is checked.

Reading is Python, and most of checking is Polars, which lets Python run beside it.
"""

from __future__ import annotations

import sys
from contextlib import closing, contextmanager
from queue import Full, Queue
from threading import Event, Thread
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Generator

T = TypeVar("T")

_PATIENCE = 0.1
_FAREWELL = 2.0
# Polars asks for the interpreter after each step; Python's own 5 ms would add up to the time won.
_SWITCH = 0.0005


class _Maker(Thread, Generic[T]):
    """A thread that makes items, one ahead; it ends with the process, whatever it waits for."""

    def __init__(self, items: Generator[T, None, None]) -> None:
        super().__init__(name="newsqa-reading", daemon=True)
        self._items = items
        self.made: Queue[tuple[T] | BaseException] = Queue(1)
        self.stopped = Event()

    def run(self) -> None:
        try:
            with closing(self._items):
                for item in self._items:
                    self._put((item,))
                    if self.stopped.is_set():
                        return
            self._put(StopIteration())
        except BaseException as error:  # noqa: BLE001  raised where the items are used
            self._put(error)

    def _put(self, made: tuple[T] | BaseException) -> None:
        while not self.stopped.is_set():
            try:
                return self.made.put(made, timeout=_PATIENCE)
            except Full:
                continue
        return None


def read_ahead(items: Generator[T, None, None]) -> Generator[T, None, None]:
    """Yield items in order while the next one is made in a thread of its own.

    At most one item waits, so that memory holds three: the one in use, that one, and the one being
    made. What making an item raises is raised here in its place.
    """
    maker = _Maker(items)
    with _quick_switches():
        maker.start()
        try:
            while isinstance(made := maker.made.get(), tuple):
                yield made[0]
            if not isinstance(made, StopIteration):
                raise made
        finally:
            maker.stopped.set()
            maker.join(_FAREWELL)


@contextmanager
def _quick_switches() -> Generator[None, None, None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(min(before, _SWITCH))
    try:
        yield
    finally:
        sys.setswitchinterval(before)
