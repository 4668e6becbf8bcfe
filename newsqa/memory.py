"""Memory: how often Python looks for objects that refer to each other and are not used."""

from __future__ import annotations

import gc


def collect_seldom() -> None:
    """Have the garbage collector look seldom, for the rest of this process.

    Records are made by the hundred thousand and hold no cycles: to look through them again and
    again takes a quarter of the time that reading takes. It is for processes that are newsqa's own.
    """
    gc.set_threshold(100_000, 20, 20)
