"""How the sources of a run stand beside earlier runs: volumes, and the fields that they fill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsqa.earlier import usual_fill, usual_volume
from newsqa.record import FIELD_NAMES

if TYPE_CHECKING:
    from newsqa.result import Result

LEAST_SHIFT = 0.01
"""Smallest change of a share that is told."""


@dataclass(frozen=True)
class FillChange:
    """A field that a source fills more or less often than it usually did.

    Args:
        field: Canonical field.
        usual: Median share of records that filled it in earlier runs, 0 to 1.
        now: Share of records that fill it now.
    """

    field: str
    usual: float
    now: float


@dataclass(frozen=True)
class SourceChange:
    """One source beside its earlier runs.

    Args:
        source: Its name; empty for records without one.
        records: Records now; 0 when it has vanished.
        usual: Median of its records over the earlier runs, absent counting as 0.
        volumes: Its records in each earlier run, oldest first.
        fills: Fields whose share moved by a point or more, the largest losses first.
    """

    source: str
    records: int
    usual: float
    volumes: tuple[int, ...]
    fills: tuple[FillChange, ...] = ()


def source_changes(result: Result) -> tuple[SourceChange, ...]:
    """Return every source of this run and of the earlier ones, by name; nothing without any."""
    runs = result.earlier
    if not runs:
        return ()
    now = {row["source"] or "": row for row in result.records.iter_rows(named=True)}
    names = sorted({*now, *(name for run in runs for name in run.sources)})
    changes = []
    for name in names:
        row = now.get(name, {})
        records = int(row.get("records", 0))
        fills = []
        for field in FIELD_NAMES if records else ():
            usual = usual_fill(runs, name, field)
            share = int(row.get(f"{field}_filled", 0)) / records
            if usual is not None and abs(share - usual) >= LEAST_SHIFT:
                fills.append(FillChange(field, usual, share))
        changes.append(
            SourceChange(
                source=name,
                records=records,
                usual=usual_volume(runs, name),
                volumes=tuple(run.volume(name) for run in runs),
                fills=tuple(sorted(fills, key=lambda f: f.now - f.usual)),
            )
        )
    return tuple(changes)
