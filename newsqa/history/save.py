"""A run written to its folder: everything that a report needs, and never a body.

run.json            facts, verdict, totals, gates, rules with their counts, sources
findings.jsonl      every finding, the accepted ones with their mark
findings.parquet    in its place where there are many
days.parquet        publication days by source
files.json.gz       what each input file was taken for
past.json.gz        the figures of earlier runs, and what changed since the last one
statuses.parquet    fingerprints: new or known
"""

from __future__ import annotations

import gzip
import shutil
import time
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import orjson

from newsqa.history.runs import RUN_FILE, Run, list_runs, run_name
from newsqa.report.data import head_of, write_jsonl

if TYPE_CHECKING:
    from pathlib import Path

    from newsqa.result import Comparison, Result, RuleState

FINDINGS, FINDINGS_TABLE = "findings.jsonl", "findings.parquet"
DAYS, FILES, PAST, STATUSES = "days.parquet", "files.json.gz", "past.json.gz", "statuses.parquet"
SUITES = "suites.json.gz"
MANY = 20_000
"""Findings from which on they are kept as Parquet: ten times smaller and faster to read."""
GONE_SHOWN = 100
_ABANDONED = 86_400
"""Seconds after which a folder that was never finished belongs to no run that is going on."""


def save_run(result: Result, folder: Path, *, keep: int | None = None, many: int = MANY) -> Run:
    """Write a result to a folder of its own, and remove the oldest runs.

    The folder appears whole or not at all, so that runs at the same time do not disturb each other.

    Args:
        result: The run.
        folder: Where runs are kept; it is made.
        keep: Runs that are kept, this one included; all unless given.
        many: Findings from which on they are written as Parquet.

    Raises:
        OSError: The folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", "utf-8")
    name = run_name(str(result.run["started"]), str(result.run["id"]))
    draft = folder / f".{name}"
    try:
        draft.mkdir()
        _write(result, draft, many)
        draft.rename(folder / name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    if keep is not None:
        _prune(folder, keep)
    return Run(folder / name)


def _prune(folder: Path, keep: int) -> None:
    for old in list_runs(folder)[:-keep]:
        shutil.rmtree(old.folder, ignore_errors=True)
    for draft in folder.glob(".????-??-??T*"):
        with suppress(OSError):
            if time.time() - draft.stat().st_mtime > _ABANDONED:
                shutil.rmtree(draft, ignore_errors=True)


def _write(result: Result, folder: Path, many: int) -> None:
    if result.findings.height + result.accepted.height >= many:
        result.all_findings.write_parquet(folder / FINDINGS_TABLE)
    else:
        with (folder / FINDINGS).open("w", encoding="utf-8", newline="\n") as stream:
            write_jsonl(result, stream)
    if result.days.height:
        result.days.write_parquet(folder / DAYS)
    if files := result.run.get("files"):
        _pack(folder / FILES, files)
    if result.suites:
        _pack(folder / SUITES, [suite.as_dict() for suite in result.suites])
    if result.earlier or result.comparison:
        past = {
            "earlier": [asdict(run) for run in result.earlier],
            "comparison": _comparison(result.comparison) if result.comparison else None,
        }
        _pack(folder / PAST, past)
    if result.comparison:
        result.comparison.statuses.write_parquet(folder / STATUSES)
    (folder / RUN_FILE).write_bytes(_dumped(_head(result)))


def _head(result: Result) -> dict[str, Any]:
    head = head_of(result)
    head["run"] = {key: value for key, value in head["run"].items() if key != "files"}
    head["rules"] = [
        entry | _texts(state) for entry, state in zip(head["rules"], result.rules, strict=True)
    ]
    return head


def _texts(state: RuleState) -> dict[str, str]:
    """Return the texts that a report shows of a rule, which may be a user's own and gone later."""
    rule = state.rule
    texts = {"family_title": rule.family.title, "family_about": rule.family.about}
    if state.findings:
        texts |= {"rationale": rule.rationale, "cause": rule.cause, "fix": rule.fix}
    return texts


def _comparison(comparison: Comparison) -> dict[str, Any]:
    gone = comparison.gone.head(GONE_SHOWN)
    return {
        "base": comparison.base,
        "totals": asdict(comparison.totals),
        "rules": [asdict(change) for change in comparison.rules],
        "sources": [asdict(change) for change in comparison.sources],
        "not_compared": comparison.not_compared,
        "gone": gone.to_dicts(),
    }


def _pack(path: Path, content: Any) -> None:
    path.write_bytes(gzip.compress(_dumped(content), compresslevel=5, mtime=0))


def _dumped(content: Any) -> bytes:
    """Return JSON; paths on a command line may hold bytes that are no text, which end here."""
    return orjson.dumps(_clean(content), default=str, option=orjson.OPT_NON_STR_KEYS)


def _clean(content: Any) -> Any:
    if isinstance(content, str):
        return content.encode("utf-8", "replace").decode("utf-8")
    if isinstance(content, dict):
        return {_clean(key): _clean(value) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [_clean(part) for part in content]
    return content
