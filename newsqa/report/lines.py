"""One finding a line: `path:line: CODE severity field: message "excerpt"`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TextIO

from newsqa.finding import Severity
from newsqa.report.examples import MAX_TEXT, example_of
from newsqa.report.safe import log_line, one_line

if TYPE_CHECKING:
    from newsqa.report.examples import Example
    from newsqa.result import Result

_HIT = 80


def write_concise(
    result: Result, stream: TextIO, *, min_level: str = "info", **_options: Any
) -> None:
    """Write the findings from a severity on, in the form that editors and grep understand."""
    lowest = Severity(min_level).rank
    for row in result.findings.iter_rows(named=True):
        if Severity(row["severity"]).rank >= lowest:
            stream.write(concise_line(example_of(row)) + "\n")


def concise_line(example: Example) -> str:
    """Return one finding on one line that no CI system obeys."""
    where = one_line(example.place or example.source, 2 * MAX_TEXT)
    field = f" {example.field}" if example.field else ""
    hit = " ".join("".join(s.text for s in example.excerpt if s.marked).split())
    quoted = f' "{one_line(hit, _HIT)}"' if hit else ""
    message = one_line(example.message)
    return log_line(f"{where}: {example.rule} {example.severity}{field}: {message}{quoted}")
