"""The folder of runs: one folder a run, named `<started>-<id>`, the oldest first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from newsqa.errors import UsageError
from newsqa.report.data import SCHEMA_VERSION

RUN_FILE = "run.json"
LATEST, PREVIOUS = "latest", "previous"
_NAME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z-[0-9a-f]{6,32}")
_SHORTEST = 4


@dataclass(frozen=True)
class Run:
    """One run that was kept; its facts are read when they are asked for.

    Args:
        folder: Where it lies.
    """

    folder: Path

    @property
    def name(self) -> str:
        """Its folder's name, `<started>-<id>`."""
        return self.folder.name

    @property
    def id(self) -> str:
        """Its identifier."""
        return self.name.rpartition("-")[2]

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What `run.json` says.

        Raises:
            UsageError: The file is missing or damaged.
        """
        path = self.folder / RUN_FILE
        try:
            facts = orjson.loads(path.read_bytes())
        except (OSError, orjson.JSONDecodeError) as error:
            raise UsageError(f"the run cannot be read: {error}", where=str(path)) from None
        if not isinstance(facts, dict) or not isinstance(facts.get("run"), dict):
            raise UsageError("this is no run of newsqa", where=str(path))
        if facts.get("schema_version") != SCHEMA_VERSION:
            raise UsageError("the run was kept by another version of newsqa", where=str(path))
        return facts

    @property
    def series(self) -> str:
        """What it is compared within: the paths that it checked, without their numbers."""
        return str(self.facts["run"].get("series", ""))


def run_name(started: str, identifier: str) -> str:
    """Return the name of a run's folder.

    Args:
        started: ISO 8601 in UTC, to the second.
        identifier: Hexadecimal digits.
    """
    return f"{started[:19].replace(':', '-')}Z-{identifier}"


def list_runs(folder: Path) -> list[Run]:
    """Return the runs in a folder, oldest first; none where there is no such folder."""
    try:
        found = [
            (path.name[:20], (path / RUN_FILE).stat().st_mtime_ns, path)
            for path in folder.iterdir()
            if _NAME.fullmatch(path.name) and (path / RUN_FILE).is_file()
        ]
    except OSError:
        return []
    # Two runs of one second are told apart by the time at which they ended.
    return [Run(path) for _, _, path in sorted(found)]


def find_run(word: str, folder: Path) -> Run | Path:
    """Return the run that a word means, or the file that it names.

    Args:
        word: `latest`, `previous`, the beginning of an identifier or of a folder's name, the path
            of a run's folder, or of a file of findings.
        folder: Where runs are kept.

    Raises:
        UsageError: No run is meant, or several are.
    """
    if word in {LATEST, PREVIOUS}:
        return _recent(word, folder)
    path = Path(word)
    if (path / RUN_FILE).is_file():
        return Run(path)
    if path.is_file():
        return Run(path.parent) if path.name == RUN_FILE else path
    runs = list_runs(folder)
    meant = [run for run in runs if len(word) >= _SHORTEST and word in (run.id, run.name)]
    meant = meant or [
        run
        for run in runs
        if len(word) >= _SHORTEST and (run.id.startswith(word) or run.name.startswith(word))
    ]
    if len(meant) == 1:
        return meant[0]
    fault = f"no run and no file is called {word!r}" if not meant else f"{word!r} means several"
    raise UsageError(fault, hint=f"`newsqa history` lists the runs in {folder}")


def _recent(word: str, folder: Path) -> Run:
    runs = list_runs(folder)
    if not runs:
        raise UsageError(f"no run is kept in {folder}", hint="`newsqa check` keeps one")
    latest = runs[-1]
    if word == LATEST:
        return latest
    before = runs_of_series(runs[:-1], latest.series)
    if not before:
        raise UsageError(
            "there is no run before the latest one of the same paths",
            hint="name two runs; `newsqa history --all` lists them",
        )
    return before[-1]


def runs_of_series(runs: list[Run], series: str, limit: int | None = None) -> list[Run]:
    """Return the last runs of a series, oldest first; damaged ones are passed over.

    Args:
        runs: Runs, oldest first.
        series: What they have in common.
        limit: How many at most; all unless given.
    """
    found: list[Run] = []
    for run in reversed(runs):
        if limit is not None and len(found) >= limit:
            break
        try:
            if run.series == series:
                found.append(run)
        except UsageError:
            continue
    return found[::-1]
