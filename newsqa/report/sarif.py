"""SARIF 2.1.0, for code scanning on GitHub and for editors.

GitHub refuses a file with more than 25,000 results or 10 MB when packed, and keeps the 5,000 worst:
so many are written, and the run says how many are not. Texts are plain: no link and no placeholder
of SARIF comes out of scraped text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TextIO

from newsqa.figures import count
from newsqa.report.issues import issues, json_lines, json_object, uri_of
from newsqa.report.safe import clip, one_line, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsqa.report.issues import Issue
    from newsqa.result import Result, RuleState

MAX_RESULTS = 5_000
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_PROBLEMS = {"error": "error", "warning": "warning", "info": "recommendation"}
_MAX_TEXT = 1_000
# `[text](target)` is a link and `{0}` a placeholder in every message of SARIF.
_SYNTAX = re.compile(r"\](?=\()|\{(?=\d+\})")


def write_sarif(result: Result, stream: TextIO, **_options: Any) -> None:
    """Write one run with the rules, the worst findings, and what kept the run from being whole."""
    head = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver(result)},
                "invocations": [_invocation(result)],
                "automationDetails": {"id": "newsqa/"},
                "columnKind": "unicodeCodePoints",
                "results": [],
            }
        ],
    }
    before, after = json_object(head).split('"results":[]')
    places = {state.rule.code: place for place, state in enumerate(result.rules)}
    stream.write(f'{before}"results":[')
    stream.writelines(json_lines(_result(issue, places) for issue in issues(result, MAX_RESULTS)))
    stream.write(f"\n]{after}\n")


def _driver(result: Result) -> dict[str, Any]:
    return {
        "name": "newsqa",
        "version": _plain(result.run.get("newsqa", "")) or "0",
        "rules": [_rule(state) for state in result.rules],
    }


def _rule(state: RuleState) -> dict[str, Any]:
    rule = state.rule
    parts = [("", rule.rationale), ("Usual cause: ", rule.cause), ("What to do: ", rule.fix)]
    helps = [f"{label}{_plain(text)}" for label, text in parts if text]
    summary = _plain(rule.summary) or rule.name
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": _plain(rule.rationale) or summary},
        "help": {
            "text": "\n".join(helps) or summary,
            "markdown": "\n\n".join(helps) or summary,
        },
        "defaultConfiguration": {"level": LEVELS[state.severity]},
        "properties": {
            "tags": [clip(_plain(rule.family.title), 100)],
            "precision": "high" if state.severity == "error" else "medium",
            "problem.severity": _PROBLEMS[state.severity],
        },
    }


def _invocation(result: Result) -> dict[str, Any]:
    invocation: dict[str, Any] = {
        "executionSuccessful": result.verdict != "could-not-check",
        "exitCode": result.exit_status,
        "toolExecutionNotifications": list(_notifications(result)),
    }
    if command := _plain(result.run.get("command", "")):
        invocation["commandLine"] = command
    return invocation


def _notifications(result: Result) -> Iterator[dict[str, Any]]:
    total = getattr(result, "all_findings", result.findings).height
    if (left_out := total - MAX_RESULTS) > 0:
        yield {
            "level": "warning",
            "message": {
                "text": f"{count(left_out, 'finding')} of {total:,} "
                f"are not in this file: it holds the {MAX_RESULTS:,} worst."
            },
        }
    for state in result.rules:
        if state.status == "crashed":
            last = state.note.strip().rpartition("\n")[2]
            yield {
                "level": "error",
                "message": {"text": _plain(f"{state.rule.code} crashed: {last}")},
                "associatedRule": {"id": state.rule.code},
            }
    if refused := result.totals["records_refused"]:
        text = f"{count(refused, 'record')} could not be read."
        yield {"level": "warning", "message": {"text": text}}


def _result(issue: Issue, places: dict[str, int]) -> dict[str, Any]:
    told: dict[str, Any] = {"ruleId": issue.rule}
    if issue.rule in places:
        told["ruleIndex"] = places[issue.rule]
    told |= {
        "level": LEVELS[issue.severity],
        "message": {"text": _plain(issue.message)},
        "locations": [_location(issue)],
        "partialFingerprints": {
            "primaryLocationLineHash": f"{issue.fingerprint}:1",
            "newsqa/v1": issue.fingerprint,
        },
    }
    facts = {key: getattr(issue, key) for key in ("source", "id", "url", "field", "start", "end")}
    told["properties"] = {
        key: clip(value, _MAX_TEXT) if isinstance(value, str) else value
        for key, value in facts.items()
        if value is not None
    }
    if issue.accepted is not None:
        suppression = {"kind": "external", "status": "accepted"}
        if reason := _plain(issue.accepted):
            suppression["justification"] = reason
        told["suppressions"] = [suppression]
    return told


def _location(issue: Issue) -> dict[str, Any]:
    """Return the line of the record: `start` and `end` count in the field, not in the line."""
    parts = [issue.source, issue.id if issue.id is not None else issue.record, issue.field]
    name = "/".join(visible(clip(str(part), 200)) for part in parts if part is not None)
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": uri_of(issue.path)},
            "region": {
                "startLine": issue.line,
                "startColumn": 1,
                "endLine": issue.line,
                "endColumn": 2,
            },
        }
    }
    if name:
        location["logicalLocations"] = [{"fullyQualifiedName": name}]
    return location


def _plain(text: object) -> str:
    """Return a text on one line that SARIF reads as nothing but text."""
    return _SYNTAX.sub(lambda match: f"{match[0]} ", one_line(str(text), _MAX_TEXT))
