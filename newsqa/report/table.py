"""The findings as CSV for a spreadsheet."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any, TextIO

from newsqa.finding import FINDING_FIELDS
from newsqa.report.safe import log_line, visible

if TYPE_CHECKING:
    from newsqa.result import Result

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(result: Result, stream: TextIO, **_options: Any) -> None:
    """Write one row a finding, with the keys of `newsqa.finding.Finding` as header.

    Unseen characters are shown as signs. A cell that a spreadsheet would take for a formula begins
    with an apostrophe.
    """
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(FINDING_FIELDS)
    for row in result.findings.select(FINDING_FIELDS).iter_rows():
        writer.writerow([_cell(value) for value in row])


def _cell(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = log_line(visible(value))
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
