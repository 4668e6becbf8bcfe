"""Earlier runs as figures: what a check, a comparison or a report may know of them.

They are read by `newsqa.history` and handed to a run as input; no check opens a file itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RUNS_COMPARED = 14
"""Earlier runs that a run is held against."""


@dataclass(frozen=True)
class SourceFigures:
    """One source in one run.

    Args:
        records: Records read.
        filled: Records that fill a canonical field, by field.
        findings: Findings that counted.
    """

    records: int
    filled: Mapping[str, int] = field(default_factory=dict)
    findings: int = 0


@dataclass(frozen=True)
class EarlierRun:
    """One run that is over.

    Args:
        id: Its identifier.
        started: ISO 8601, UTC.
        verdict: As in the result.
        records: Records read.
        findings, errors, warnings: Findings that counted.
        sources: By source; the empty name stands for records without one.
        rules: Findings that counted by code, of every rule that was checked.
    """

    id: str
    started: str
    verdict: str
    records: int
    findings: int
    errors: int
    warnings: int
    sources: Mapping[str, SourceFigures] = field(default_factory=dict)
    rules: Mapping[str, int] = field(default_factory=dict)

    def volume(self, source: str) -> int:
        """Return the records of a source, 0 where it was not there."""
        figures = self.sources.get(source)
        return figures.records if figures else 0

    def fill(self, source: str, name: str) -> float | None:
        """Return the share of a source's records that fill a field; None where it had none."""
        figures = self.sources.get(source)
        if figures is None or not figures.records:
            return None
        return figures.filled.get(name, 0) / figures.records


def usual_volume(runs: Sequence[EarlierRun], source: str) -> float:
    """Return the median of a source's records over the runs; a run without it counts as 0."""
    return median(run.volume(source) for run in runs) if runs else 0.0


def usual_fill(
    runs: Sequence[EarlierRun], source: str, name: str, *, least: int = 1, min_runs: int = 1
) -> float | None:
    """Return the median share of a source's records that filled a field.

    Args:
        runs: Earlier runs.
        source: The source.
        name: The canonical field.
        least: Runs in which the source has fewer records do not count.
        min_runs: With fewer runs left there is no answer.
    """
    shares = [
        share
        for run in runs
        if run.volume(source) >= least and (share := run.fill(source, name)) is not None
    ]
    return median(shares) if len(shares) >= min_runs else None
