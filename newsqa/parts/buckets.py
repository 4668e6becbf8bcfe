"""Rows sorted out by a number that they carry, on disk: the shuffle of a check."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

RUN_BYTES = 64 << 20
"""Bytes of rows that are held before they are written."""
_GROUP = 20_000
"""Rows whose least and greatest number are noted together, and that are passed over together."""


class Buckets:
    """Rows by the number in their column `bucket`, each read once and written once.

    Args:
        frames: All rows.
        folder: An empty folder.
    """

    def __init__(self, frames: Iterable[pl.DataFrame], folder: Path) -> None:
        self._runs: list[Path] = []
        self._folder = folder
        held: list[pl.DataFrame] = []
        size = 0.0
        for frame in frames:
            held.append(frame)
            size += frame.estimated_size()
            if size >= RUN_BYTES:
                self._write(held)
                held, size = [], 0.0
        if held:
            self._write(held)

    def _write(self, frames: list[pl.DataFrame]) -> None:
        path = self._folder / f"{len(self._runs):06}.parquet"
        ordered = pl.concat(frames).sort("bucket", maintain_order=True)
        ordered.write_parquet(path, compression="lz4", statistics=True, row_group_size=_GROUP)
        self._runs.append(path)

    def rows(self, bucket: int) -> pl.DataFrame | None:
        """Return the rows with a number, in the order in which they came; None of no rows."""
        if not self._runs:
            return None
        rows = pl.scan_parquet(self._runs, glob=False).filter(pl.col("bucket") == bucket)
        return rows.drop("bucket").collect()
