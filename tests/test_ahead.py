"""Reading ahead: order, errors in their place, and an end to the thread."""

from __future__ import annotations

import sys
import threading
from collections.abc import Generator
from contextlib import closing

import pytest

from newsqa.ahead import read_ahead


def threads() -> int:
    return sum(thread.name == "newsqa-reading" for thread in threading.enumerate())


def test_items_come_in_order_and_the_thread_ends() -> None:
    assert list(read_ahead(n for n in range(100))) == list(range(100))
    assert list(read_ahead(n for n in ())) == []
    assert threads() == 0


def test_an_error_is_raised_behind_the_items_before_it() -> None:
    def failing() -> Generator[int, None, None]:
        yield 1
        raise OSError("gone")

    items = read_ahead(failing())
    assert next(items) == 1
    with pytest.raises(OSError, match="gone"):
        next(items)
    assert threads() == 0


def test_who_stops_early_ends_the_reading() -> None:
    closed = []

    def endless() -> Generator[int, None, None]:
        try:
            while True:
                yield 1
        finally:
            closed.append(True)

    interval = sys.getswitchinterval()
    with closing(read_ahead(endless())) as items:
        assert next(items) == 1
    assert closed == [True]
    assert threads() == 0
    assert sys.getswitchinterval() == interval
