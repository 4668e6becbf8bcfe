"""The result as data: one JSON object, or one finding a line."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, TextIO

import orjson

from newsqa.finding import FINDING_FIELDS
from newsqa.record import FIELD_NAMES
from newsqa.report.safe import json_text
from newsqa.report.sources import source_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsqa.result import Result, RuleState

SCHEMA_VERSION = 1


def write_jsonl(result: Result, stream: TextIO, **_options: Any) -> None:
    """Write one finding a line, with the keys of `newsqa.finding.Finding`, in order."""
    stream.writelines(f"{finding}\n" for finding in _findings(result))


def write_json(result: Result, stream: TextIO, **_options: Any) -> None:
    """Write one object: about the run first, then the findings, one a line."""
    # Paths on a command line may hold bytes that are no text: lone surrogates, which end here.
    text = json.dumps(head_of(result), ensure_ascii=False, indent=1, default=str)
    text = text.encode("utf-8", "replace").decode("utf-8")
    stream.write(json_text(text.removesuffix("\n}")))
    stream.write(',\n "findings": [')
    pairs = zip(chain([""], repeat(",")), _findings(result), strict=False)
    stream.writelines(f"{separator}\n  {finding}" for separator, finding in pairs)
    stream.write("\n ]\n}\n")


def head_of(result: Result) -> dict[str, Any]:
    """Return everything but the findings as JSON values."""
    return {
        "schema_version": SCHEMA_VERSION,
        "newsqa": result.run.get("newsqa", ""),
        "run": result.run,
        "verdict": result.verdict,
        "totals": result.totals,
        "gates": [asdict(gate) for gate in result.gates],
        "rules": [_rule(state) for state in result.rules],
        "sources": _sources(result),
    }


def _findings(result: Result) -> Iterator[str]:
    for row in result.all_findings.select(FINDING_FIELDS).iter_rows(named=True):
        row["evidence"] = orjson.Fragment(row["evidence"])
        yield json_text(orjson.dumps(row).decode("utf-8"))


def _rule(state: RuleState) -> dict[str, Any]:
    rule = state.rule
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": state.severity,
        "family": rule.family.code,
        "summary": rule.summary,
        "status": state.status,
        "applicable": state.applicable,
        "findings": state.findings,
        "records": state.records,
        "accepted": state.accepted,
        "note": state.note,
    }


def _sources(result: Result) -> list[dict[str, Any]]:
    """Return counts by source; a source without a name is null."""
    return [
        {
            "source": row["source"] or None,
            "records": row["records"],
            "records_with_findings": row["flawed"],
            "findings": row["findings"],
            "errors": row["errors"],
            "warnings": row["warnings"],
            "infos": row["infos"],
            "fields": {
                name: {"provided": row[f"{name}_provided"], "filled": row[f"{name}_filled"]}
                for name in FIELD_NAMES
                if f"{name}_provided" in row
            },
        }
        for row in source_table(result).sort("source").iter_rows(named=True)
    ]
