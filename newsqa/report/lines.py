"""One finding a line: `path:line: CODE severity field: message "hit"`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TextIO

import orjson

from newsqa.finding import Severity
from newsqa.report.examples import MAX_TEXT, place_of, source_name
from newsqa.report.safe import log_line, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsqa.result import Result

COLUMNS = (
    "path", "line", "source", "rule", "severity", "field", "message", "excerpt", "evidence",
)  # fmt: skip
"""What `concise_line` needs of a finding."""
_HIT = 80


def write_concise(
    result: Result, stream: TextIO, *, min_level: str = "info", **_options: Any
) -> None:
    """Write the findings from a severity on, in the form that editors and grep understand."""
    lowest = Severity(min_level).rank
    shown = [severity.value for severity in Severity if severity.rank >= lowest]
    for row in result.findings.select(COLUMNS).iter_rows(named=True):
        if row["severity"] in shown:
            stream.write(f"{concise_line(row)}\n")


def concise_line(row: Mapping[str, Any]) -> str:
    """Return a row of findings on one line that no CI system obeys."""
    where = one_line(place_of(row) or source_name(row["source"]), 2 * MAX_TEXT)
    field = f" {row['field']}" if row["field"] else ""
    hit = one_line(_hit(row), _HIT)
    quoted = f' "{hit}"' if hit else ""
    message = one_line(row["message"], MAX_TEXT)
    return log_line(f"{where}: {row['rule']} {row['severity']}{field}: {message}{quoted}")


def _hit(row: Mapping[str, Any]) -> str:
    if not row["excerpt"]:
        return ""
    evidence = orjson.loads(row["evidence"] or "{}")
    start, end = evidence.get("excerpt_start"), evidence.get("excerpt_end")
    whole = isinstance(start, int) and isinstance(end, int)
    return str(row["excerpt"])[max(0, start) : end] if whole else ""
