"""GitLab code quality: one JSON array of issues, which a merge request compares with its target.

GitLab stops reading at the first issue that lacks a field, and shows one of several issues with the
same fingerprint. All findings are written, since a sample would look like faults that went away;
accepted ones are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TextIO

from newsqa.finding import fingerprint
from newsqa.report.issues import NOWHERE, issues, json_lines, repository_path
from newsqa.report.safe import one_line
from newsqa.report.summary import summarise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsqa.result import Result

SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


def write_gitlab(result: Result, stream: TextIO, **_options: Any) -> None:
    """Write the findings, and a blocker for each rule that crashed or a run that read nothing."""
    stream.write("[")
    stream.writelines(json_lines(_issues(result)))
    stream.write("\n]\n")


def _issues(result: Result) -> Iterator[dict[str, Any]]:
    yield from _blockers(result)
    for issue in issues(result):
        if issue.accepted is None:
            yield _issue(
                issue.rule,
                f"{issue.rule} {issue.name}: {issue.message}",
                issue.fingerprint,
                SEVERITIES[issue.severity],
                (issue.path, issue.line),
            )


def _blockers(result: Result) -> Iterator[dict[str, Any]]:
    path = repository_path(result.files[0].path) if result.files else NOWHERE
    crashed = [state.rule for state in result.rules if state.status == "crashed"]
    for rule in crashed:
        text = f"{rule.code} {rule.name} crashed: its fault was not looked for"
        mark = fingerprint(rule.code, None, None, None, "crashed")
        yield _issue(rule.code, text, mark, "blocker", (path, 1))
    if result.verdict in {"could-not-check", "nothing-to-check"} and not crashed:
        text = summarise(result, max_examples=0).headline
        mark = fingerprint("newsqa", None, None, None, result.verdict)
        yield _issue("newsqa", text, mark, "blocker", (path, 1))


def _issue(
    rule: str, text: str, mark: str, severity: str, place: tuple[str, int]
) -> dict[str, Any]:
    return {
        "description": one_line(text, 300),
        "check_name": rule,
        "fingerprint": mark,
        "severity": severity,
        # A path outside the repository cannot be named; GitLab takes none from the root.
        "location": {"path": place[0].lstrip("/"), "lines": {"begin": place[1]}},
    }
