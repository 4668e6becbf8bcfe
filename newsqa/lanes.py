"""Threads that keep the compiled patterns of rules from one batch to the next.

Polars remembers the last 32 patterns that a thread has compiled (`regex_cache.rs` of polars-utils).
Rules have some hundreds, and to compile all of them for every batch takes as long as to search it.
So each rule does its work in a thread that it shares with few others; as many of them work at a
time as there are cores for this process.
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

_TOGETHER = 3
# Polars is told how many cores a process has; more threads at work would hold more in memory.
_MOST_AT_WORK = min(pl.thread_pool_size(), 8)
_lock = RLock()
_cores = BoundedSemaphore(_MOST_AT_WORK)
_users = 0
_lanes: list[ThreadPoolExecutor] = []
_lane_of: dict[str, ThreadPoolExecutor] = {}


def in_lane(name: str, work: Callable[..., T], *args: Any) -> Future[T]:
    """Return the future result of a function in the thread that a name has."""
    with _lock:
        if name not in _lane_of:
            if len(_lane_of) % _TOGETHER == 0:
                _lanes.append(ThreadPoolExecutor(1, "newsqa"))
            _lane_of[name] = _lanes[-1]
        return _lane_of[name].submit(_work, work, args)


def _work(work: Callable[..., T], args: tuple[Any, ...]) -> T:
    with _cores:
        return work(*args)


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
