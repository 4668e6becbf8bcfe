"""Threads that keep the compiled patterns of rules from one batch to the next.

Polars remembers the last 32 patterns that a thread has compiled (`regex_cache.rs` of polars-utils).
Rules have some hundreds, and to compile all of them for every batch takes as long as to search it.
So each rule does its work in a thread that it shares with few others; about as many of them work at
a time as there are cores for this process.
"""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import BoundedSemaphore, RLock
from typing import TYPE_CHECKING, Any, TypeVar

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    T = TypeVar("T")

CORES = min(pl.thread_pool_size(), 8)
"""Cores for this process, as Polars is told; more threads at work would hold more in memory."""
_MOST = 32
# Of several, one waits now and then for the threads of Polars.
_MOST_AT_WORK = CORES if CORES == 1 else CORES + 1
_lock = RLock()
_cores = BoundedSemaphore(_MOST_AT_WORK)
_users = 0
_lanes: list[ThreadPoolExecutor] = []
_lane_of: dict[str, ThreadPoolExecutor] = {}


def in_lane(name: str, work: Callable[..., T], *args: Any) -> Future[T]:
    """Return the future result of a function in the thread that a name has.

    Futures among its arguments are waited for; what they wait for must have been asked for before.
    """
    with _lock:
        if name not in _lane_of:
            if len(_lanes) < _MOST:
                _lanes.append(ThreadPoolExecutor(1, "newsqa"))
            # Names that are asked for one after the other are worked on side by side.
            _lane_of[name] = _lanes[len(_lane_of) % _MOST]
        return _lane_of[name].submit(_work, work, args)


def _work(work: Callable[..., T], args: tuple[Any, ...]) -> T:
    # Before a core is taken, which what is waited for may need.
    given = [arg.result() if isinstance(arg, Future) else arg for arg in args]
    with _cores:
        return work(*given)


@contextmanager
def lanes() -> Iterator[None]:
    """End the threads, and forget the patterns, when nobody is left who needs them."""
    global _users  # noqa: PLW0603  there is one set of threads in a process
    with _lock:
        _users += 1
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if not _users:
                for lane in _lanes:
                    lane.shutdown()
                _forget()


def _forget() -> None:
    _lanes.clear()
    _lane_of.clear()


def _begin_anew() -> None:
    """Forget the threads of the process that this one was forked from, and what they hold."""
    global _lock, _cores
    _lock, _cores = RLock(), BoundedSemaphore(_MOST_AT_WORK)
    _forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)
