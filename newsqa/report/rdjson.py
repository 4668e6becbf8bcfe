"""The diagnostic format of reviewdog: one object, or one diagnostic a line.

reviewdog posts messages as comments, which are Markdown: what may be scraped is kept in code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TextIO

from newsqa.report.issues import issues, json_lines, json_object
from newsqa.report.markdown import code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsqa.report.issues import Issue
    from newsqa.result import Result

SOURCE = {"name": "newsqa"}


def write_rdjson(result: Result, stream: TextIO, **_options: Any) -> None:
    """Write one object with all diagnostics, one a line; accepted findings are left out."""
    stream.write(f'{{"source":{json_object(SOURCE)},"diagnostics":[')
    stream.writelines(json_lines(map(_diagnostic, _open_issues(result))))
    stream.write("\n]}\n")


def write_rdjsonl(result: Result, stream: TextIO, **_options: Any) -> None:
    """Write one diagnostic a line; accepted findings are left out."""
    stream.writelines(
        json_object(_diagnostic(issue) | {"source": SOURCE}) + "\n"
        for issue in _open_issues(result)
    )


def _open_issues(result: Result) -> Iterator[Issue]:
    return (issue for issue in issues(result) if issue.accepted is None)


def _diagnostic(issue: Issue) -> dict[str, Any]:
    return {
        "message": f"{issue.name}: {code(issue.message)}",
        "location": {"path": issue.path, "range": {"start": {"line": issue.line}}},
        "severity": issue.severity.upper(),
        "code": {"value": issue.rule},
    }
