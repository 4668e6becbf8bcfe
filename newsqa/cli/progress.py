"""The progress bar on stderr: what was read, how fast, and how long it will still take."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from threading import Lock, Timer
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress

    Tell = Callable[[int, int, int, int | None], None]

PATIENCE = 0.5
"""Seconds before a progress bar is worth showing."""


@contextmanager
def progress_bar(*, wanted: bool) -> Iterator[Tell]:
    """Give a function that shows how far the reading is: files, records, bytes, bytes of all.

    Nothing is shown unless stderr is a terminal that can move its cursor, and half a second passed.
    """
    dumb = os.environ.get("TERM", "") in {"", "dumb", "unknown"}
    if not wanted or dumb or not sys.stderr or not sys.stderr.isatty():
        yield lambda _files, _records, _read, _size: None
        return
    shown = _Shown(_bar())
    timer = Timer(PATIENCE, shown.start)
    timer.daemon = True
    timer.start()
    try:
        yield shown.tell
    finally:
        timer.cancel()
        shown.stop()


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    return Progress(
        SpinnerColumn(),
        BarColumn(bar_width=16),
        TextColumn("{task.fields[told]}", markup=False),
        console=Console(stderr=True),
        transient=True,
    )


class _Shown:
    """A bar that starts late, from a timer, and never after it was stopped."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=None, told="reading")
        self._begun = perf_counter()
        self._lock = Lock()
        self._over = False

    def start(self) -> None:
        """Show the bar, unless the work is done already."""
        with self._lock:
            if not self._over:
                self._bar.start()

    def stop(self) -> None:
        """Take the bar away."""
        with self._lock:
            self._over = True
            self._bar.stop()

    def tell(self, files: int, records: int, read: int, size: int | None) -> None:
        """Say how far the reading is."""
        told = describe(files, records, read, size, perf_counter() - self._begun)
        self._bar.update(self._task, told=told, completed=read, total=size)


def describe(files: int, records: int, read: int, size: int | None, seconds: float) -> str:
    """Return how far the reading is in words that fit beside a bar on 80 columns."""
    rate = records / seconds if seconds > 0 else 0
    parts = [f"{records:,} records", f"{rate:,.0f}/s"]
    if size:
        unit, name = (1e9, "GB") if size >= 1e9 else (1e6, "MB")
        parts.append(f"{read / unit:,.1f} of {size / unit:,.1f} {name}")
        parts.append(f"{_duration((size - read) * seconds / read)} left" if read else "")
    else:
        parts.append(f"{files:,} files" if files != 1 else "1 file")
    return " · ".join(part for part in parts if part)


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"
