"""The baseline: a file of accepted findings, one a line, in an order that makes small diffs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import polars as pl

from newsqa.acceptance import SUPPRESSION, accepted_by
from newsqa.errors import UsageError
from newsqa.report.safe import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from newsqa.result import Result

_KEYS = ("fingerprint", "rule", "name", "source", "url", "id", "field", "message")


def entries_of(result: Result) -> list[dict[str, Any]]:
    """Return the findings of a run that no suppression accepts, as entries of a baseline."""
    by = accepted_by(result.accepted)
    findings = pl.concat([result.findings, result.accepted.filter(by.ne_missing(SUPPRESSION))])
    return findings.select(_KEYS).to_dicts()


def still_there(entries: Sequence[dict[str, Any]], result: Result) -> list[dict[str, Any]]:
    """Return the entries that a run found again, and those of rules that it did not check."""
    found = set(result.all_findings["fingerprint"])
    bare = "rebuilt_from" in result.run
    checked = {state.rule.code for state in result.rules if state.status == "checked"}
    return [
        entry
        for entry in entries
        if entry["fingerprint"] in found
        or not (bare or entry.get("rule") is None or entry["rule"] in checked)
    ]


def write_baseline(path: Path, entries: Iterable[dict[str, Any]]) -> None:
    """Write a baseline, sorted by rule, source and fingerprint.

    Raises:
        UsageError: The file cannot be written.
    """
    rows = [{key: entry.get(key) for key in _KEYS} for entry in entries]
    rows.sort(key=lambda row: tuple(row[key] or "" for key in ("rule", "source", "fingerprint")))
    text = "".join(f"{json_text(orjson.dumps(row).decode())}\n" for row in rows)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from None
