"""What checking cannot cost less than: reading the file, and one pass over its bodies."""

from __future__ import annotations

from pathlib import Path

import polars as pl

ALIKE = [f"marker {number} of two hundred" for number in range(200)]
PHRASES = (Path(__file__).parent / "phrases.txt").read_text("utf-8").splitlines()
"""Two hundred lines of page furniture in 32 languages, as different as those of real filters."""


def read_alone(path: Path) -> None:
    """Read the file, in plain Polars."""
    pl.read_ndjson(path)


def unit(path: Path) -> None:
    """Read the file and pass over its bodies once, with an Aho-Corasick automaton."""
    _pass(path, PHRASES)


def unit_of_alike(path: Path) -> None:
    """Do the same with literals that begin alike, at which a vectorised search skips ahead."""
    _pass(path, ALIKE)


def _pass(path: Path, literals: list[str]) -> None:
    assert len(literals) == 200
    frame = pl.read_ndjson(path)
    frame.select(pl.col("text").str.contains_any(literals).sum())
