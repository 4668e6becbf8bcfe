"""Memory: how often Python looks for objects that refer to each other and are not used."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SELDOM = (100_000, 20, 20)
_lock = Lock()
_users = 0
_before = (0, 0, 0)


def collect_seldom() -> None:
    """Have the garbage collector look seldom, for the rest of this process.

    Records are made by the hundred thousand and hold no cycles: to look through them again and
    again takes a quarter of the time that reading takes. It is for processes that are newsqa's own.
    """
    gc.set_threshold(*_SELDOM)


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Have it look seldom for as long as anybody asks for that, in a process of somebody else."""
    global _users, _before  # noqa: PLW0603  there is one collector in a process
    with _lock:
        if not _users:
            _before = gc.get_threshold()
            if _before[0]:  # else it never looks
                collect_seldom()
        _users += 1
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if not _users:
                gc.set_threshold(*_before)
