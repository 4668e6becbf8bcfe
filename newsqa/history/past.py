"""What earlier runs and a baseline hand to a new run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from newsqa.earlier import RUNS_COMPARED, EarlierRun, SourceFigures
from newsqa.errors import UsageError
from newsqa.history.load import base_of, load_result
from newsqa.history.runs import Run, find_run, list_runs, runs_of_series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsqa.compare import Base

_DIGITS = re.compile(r"\d+")


def series_of(paths: Sequence[str], selection: Sequence[str] = ()) -> str:
    """Return what the runs of one job have in common.

    Numbers count for nothing, so that `out/2026-11-24.jsonl` and `out/2026-11-25.jsonl` are of one
    series.

    Args:
        paths: What is checked, as it was given.
        selection: Words that choose records among them.
    """
    plain = sorted(_DIGITS.sub("#", Path(path).as_posix()) for path in paths)
    return " ".join([*plain, *(_DIGITS.sub("#", word) for word in selection)])


def look_back(folder: Path, series: str) -> tuple[tuple[EarlierRun, ...], Run | None]:
    """Return the figures of the last runs of a series, oldest first, and the latest of them.

    Runs that read no record say nothing about what is usual, and are passed over.
    """
    runs = runs_of_series(list_runs(folder), series, limit=2 * RUNS_COMPARED)
    told = [(run, figures) for run in runs if (figures := _figures(run)) and figures.records]
    latest = told[-1][0] if told else None
    return tuple(figures for _, figures in told[-RUNS_COMPARED:]), latest


def _figures(run: Run) -> EarlierRun | None:
    try:
        return earlier_run(run.facts)
    except UsageError:
        return None


def earlier_run(facts: dict[str, Any]) -> EarlierRun:
    """Return the figures in a `run.json` or in a result as JSON.

    Raises:
        UsageError: It is not as newsqa writes it.
    """
    try:
        return _earlier_run(facts)
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"the figures of a run cannot be read: {error!r}") from None


def _earlier_run(facts: dict[str, Any]) -> EarlierRun:
    totals, run = facts.get("totals", {}), facts["run"]
    sources = {
        entry["source"] or "": SourceFigures(
            entry["records"],
            {name: counts["filled"] for name, counts in entry.get("fields", {}).items()},
            entry.get("findings", 0),
        )
        for entry in facts.get("sources", [])
        if entry["records"]
    }
    return EarlierRun(
        id=str(run.get("id", "")),
        started=str(run.get("started", "")),
        verdict=str(facts.get("verdict", "")),
        records=totals.get("records_read", 0),
        findings=totals.get("findings", 0),
        errors=totals.get("errors", 0),
        warnings=totals.get("warnings", 0),
        sources=sources,
        rules={
            r["code"]: r["findings"] for r in facts.get("rules", []) if r["status"] == "checked"
        },
    )


def compared_with(word: str, folder: Path) -> Base:
    """Return the run or file that a word means, ready to be compared with.

    Raises:
        UsageError: Nothing is meant, or it cannot be read.
    """
    return base_of(load_result(find_run(word, folder)))


def read_baseline(path: Path) -> frozenset[str]:
    """Return the fingerprints in a baseline: any file of findings as JSON lines, or a run.

    Raises:
        UsageError: The file cannot be read, or a line of it has no fingerprint.
    """
    return frozenset(entry["fingerprint"] for entry in baseline_entries(path))


def baseline_entries(path: Path) -> list[dict[str, Any]]:
    """Return the entries of a baseline in their order.

    Raises:
        UsageError: As `read_baseline`.
    """
    if path.is_dir() or path.suffix in {".json", ".parquet"}:
        result = load_result(find_run(str(path), path))
        return result.all_findings.to_dicts()
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise UsageError(
            f"the baseline cannot be read: {error.strerror}",
            where=str(path),
            hint="`newsqa baseline create` writes one",
        ) from None
    entries = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = orjson.loads(line)
            fingerprint = entry["fingerprint"]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            fingerprint = None
        if not isinstance(fingerprint, str):
            raise UsageError("this line is no finding", where=f"{path}:{number}")
        entries.append(entry)
    return entries
