"""A check that never ends, so that it can be killed at any time."""

from __future__ import annotations

from time import monotonic, sleep
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 120.0
PART = 16_000
ENDLESS = f"""
from time import sleep
from newsqa.cli import main
from newsqa.parts.store import Cache
from newsqa.readers import cut
from tests.resume_support import are_kept

def note_some(cache, part, note=Cache.note):
    note(cache, part)
    while are_kept(cache.folder(part).parent):
        sleep(1)

Cache.note = note_some
cut.PART_BYTES = {PART}
main()
"""
"""The command line with parts of so many bytes, which keeps three of them and waits."""


def moments() -> Iterator[None]:
    """Come again and again while a test has patience."""
    end = monotonic() + PATIENCE
    while monotonic() < end:
        yield
        sleep(0.01)


def are_kept(cache: Path) -> bool:
    """Return whether the results are there after which an endless check waits."""
    return len(list(cache.glob("*[0-9a-f]/facts.json"))) > 2


def known_parts(said: str) -> tuple[int, int]:
    """Return how many parts a resumed check knew, and how many there are."""
    (line,) = (line for line in said.splitlines() if line.startswith("resumed the check of "))
    known, _, parts = line.split(": ")[1].split()[:3]
    return int(known), int(parts)
