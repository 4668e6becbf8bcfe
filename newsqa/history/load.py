"""A result read back: from the folder of a run, from results as JSON, or from bare findings."""

from __future__ import annotations

import gzip
from datetime import date
from typing import TYPE_CHECKING, Any

import orjson
import polars as pl

from newsqa.acceptance import KNOWN, accepted_by, split_marked
from newsqa.compare import Base
from newsqa.earlier import EarlierRun, SourceFigures
from newsqa.errors import UsageError
from newsqa.finding import FINDING_FIELDS, Severity
from newsqa.history.runs import Run
from newsqa.history.save import DAYS, FILES, FINDINGS, FINDINGS_TABLE, PAST, STATUSES, SUITES
from newsqa.history.states import rule_states, states_of_findings
from newsqa.readers import FileReport
from newsqa.record import FIELD_NAMES
from newsqa.result import (
    Change,
    Comparison,
    Gate,
    Result,
    SuppressionState,
    finding_schema,
    no_findings,
)
from newsqa.suites.model import SuiteResult

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def load_result(place: Run | Path) -> Result:
    """Return the result that a run left behind.

    A bare file of findings does not say how many records were checked: there the records with a
    finding stand for all, and `run` says so under `rebuilt_from`.

    Args:
        place: A run; or a file: findings as JSON lines or Parquet, results as JSON.

    Raises:
        UsageError: It cannot be read, or is something else.
    """
    path = place.folder if isinstance(place, Run) else place
    try:
        if isinstance(place, Run):
            return _of_run(place)
        if path.suffix == ".json":
            return _of_json(path)
        return _of_findings(_frame(path), path)
    except (OSError, orjson.JSONDecodeError, pl.exceptions.PolarsError) as error:
        raise UsageError(f"it cannot be read: {error}", where=str(path)) from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        fault = f"this is no run and no file of findings: {error!r}"
        raise UsageError(fault, where=str(path)) from None


def base_of(result: Result) -> Base:
    """Return a result as what another one is compared with."""
    known = accepted_by(result.accepted).eq(KNOWN)
    run = result.run
    bare = "rebuilt_from" in run
    return Base(
        facts={key: str(run.get(key, "")) for key in ("id", "started", "rebuilt_from")},
        findings=pl.concat([result.findings, result.accepted.filter(known)]),
        accepted=result.accepted.filter(~known),
        checked=None
        if bare
        else frozenset(state.rule.code for state in result.rules if state.status == "checked"),
    )


def _of_run(run: Run) -> Result:
    folder = run.folder
    findings = FINDINGS if (folder / FINDINGS).is_file() else FINDINGS_TABLE
    past = _unpacked(folder / PAST) or {}
    comparison = past.get("comparison")
    days = pl.read_parquet(folder / DAYS) if (folder / DAYS).is_file() else _no_days()
    files = _unpacked(folder / FILES) or []
    return _result(
        run.facts,
        _frame(folder / findings),
        days=days,
        files=files,
        earlier=tuple(_earlier(entry) for entry in past.get("earlier", [])),
        comparison=_comparison(comparison, folder) if comparison else None,
        suites=tuple(map(SuiteResult.from_dict, _unpacked(folder / SUITES) or ())),
    )


def _of_json(path: Path) -> Result:
    content = orjson.loads(path.read_bytes())
    findings = _findings_frame(content["findings"])
    return _result(content, findings, days=_no_days(), files=content["run"].get("files", []))


def _of_findings(findings: pl.DataFrame, path: Path) -> Result:
    split = split_marked(findings)
    states = states_of_findings(split.open, split.accepted)
    by_severity = dict(split.open.group_by("severity").len().iter_rows())
    records = findings.filter(pl.col("record").is_not_null()).unique(["path", "record"])
    flawed = split.open.filter(pl.col("record").is_not_null()).unique(["path", "record"]).height
    sources = records.group_by("source").agg(pl.len().cast(pl.UInt32).alias("records"))
    kinds = dict(zip(*_counts(accepted_by(split.accepted)), strict=True))
    return Result(
        findings=split.open,
        records=sources.sort("source", nulls_last=True),
        days=_no_days(),
        rules=states,
        gates=(),
        files=(),
        run={"rebuilt_from": str(path)},
        verdict="fail" if by_severity.get(Severity.ERROR) else "pass",
        totals={
            "files": findings["path"].n_unique(),
            "unread_files": 0,
            "sources": sources.height,
            "records_found": records.height,
            "records_read": records.height,
            "records_refused": 0,
            "findings": split.open.height,
            "errors": by_severity.get(Severity.ERROR, 0),
            "warnings": by_severity.get(Severity.WARNING, 0),
            "infos": by_severity.get(Severity.INFO, 0),
            "records_with_findings": flawed,
            "suppressed": kinds.get("suppression", 0),
            "baseline": kinds.get("baseline", 0),
            "known": kinds.get("known", 0),
        },
        accepted=split.accepted,
    )


def _counts(words: pl.Series) -> tuple[list[str], list[int]]:
    counted = words.value_counts()
    return counted.to_series(0).to_list(), counted.to_series(1).to_list()


def _result(
    head: dict[str, Any],
    findings: pl.DataFrame,
    *,
    days: pl.DataFrame,
    files: list[dict[str, Any]],
    earlier: tuple[EarlierRun, ...] = (),
    comparison: Comparison | None = None,
    suites: tuple[SuiteResult, ...] = (),
) -> Result:
    split = split_marked(findings)
    return Result(
        findings=split.open,
        records=_records(head["sources"]),
        days=days,
        rules=rule_states(head["rules"], head["run"].get("config", {}).get("validators", [])),
        gates=tuple(Gate(**gate) for gate in head["gates"]),
        files=tuple(FileReport(**entry) for entry in files),
        run=head["run"] | {"files": files},
        verdict=head["verdict"],
        totals=head["totals"],
        accepted=split.accepted,
        suppressions=tuple(_suppression(entry) for entry in head["run"].get("suppressions", [])),
        comparison=comparison,
        earlier=earlier,
        suites=suites,
    )


def _suppression(entry: dict[str, Any]) -> SuppressionState:
    expires = date.fromisoformat(entry["expires"]) if entry["expires"] else None
    return SuppressionState(**(entry | {"expires": expires}))


def _earlier(entry: dict[str, Any]) -> EarlierRun:
    sources = {name: SourceFigures(**figures) for name, figures in entry["sources"].items()}
    return EarlierRun(**(entry | {"sources": sources}))


def _comparison(entry: dict[str, Any], folder: Path) -> Comparison:
    return Comparison(
        base=entry["base"],
        statuses=pl.read_parquet(folder / STATUSES),
        gone=pl.DataFrame(entry["gone"], schema=finding_schema()),
        totals=Change(**entry["totals"]),
        rules=tuple(Change(**change) for change in entry["rules"]),
        sources=tuple(Change(**change) for change in entry["sources"]),
        not_compared=entry["not_compared"],
    )


def _records(sources: Iterable[dict[str, Any]]) -> pl.DataFrame:
    counts = [f"{name}_{kind}" for kind in ("filled", "provided") for name in FIELD_NAMES]
    rows = []
    for entry in sources:
        fields = entry.get("fields", {})
        row = {"source": entry["source"], "records": entry["records"]}
        for name in FIELD_NAMES:
            known = fields.get(name, {})
            row |= {f"{name}_{kind}": known.get(kind, 0) for kind in ("filled", "provided")}
        # A source that only a finding names was not read.
        if entry["records"]:
            rows.append(row)
    schema = {"source": pl.String, "records": pl.UInt32} | dict.fromkeys(counts, pl.UInt32)
    return pl.DataFrame(rows, schema=schema)


def _no_days() -> pl.DataFrame:
    return pl.DataFrame(schema={"source": pl.String, "day": pl.Date, "records": pl.UInt32})


def _unpacked(path: Path) -> Any:
    return orjson.loads(gzip.decompress(path.read_bytes())) if path.is_file() else None


def _frame(path: Path) -> pl.DataFrame:
    """Return the findings in a file, as Parquet or JSON lines."""
    if path.suffix == ".parquet":
        return pl.read_parquet(path, columns=list(FINDING_FIELDS))
    lines = path.read_bytes().splitlines()
    return _findings_frame([orjson.loads(line) for line in lines if line.strip()])


def _findings_frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    if not rows:
        return no_findings()
    columns = {name: [row.get(name) for row in rows] for name in FINDING_FIELDS}
    columns["evidence"] = [orjson.dumps(value or {}).decode() for value in columns["evidence"]]
    if None in columns["fingerprint"] or None in columns["rule"]:
        raise KeyError("fingerprint")
    columns["path"] = [path or "" for path in columns["path"]]
    return pl.DataFrame(columns, schema=finding_schema(), strict=False)
