"""The findings as CSV for a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TextIO

import polars as pl

from newsqa.finding import FINDING_FIELDS
from newsqa.report.safe import log_line, visible

if TYPE_CHECKING:
    from newsqa.result import Result

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SLICE = 20_000


def write_csv(result: Result, stream: TextIO, **_options: Any) -> None:
    """Write one row a finding, with the keys of `newsqa.finding.Finding` as header.

    Unseen characters are shown as signs, line ends among them. A cell that a spreadsheet would take
    for a formula begins with an apostrophe.
    """
    findings = result.findings.select(FINDING_FIELDS)
    stream.write(findings.clear().write_csv())
    for part in findings.iter_slices(_SLICE):
        texts = [_shown(part[name]) for name in FINDING_FIELDS if part.schema[name] == pl.String]
        stream.write(part.with_columns(texts).write_csv(include_header=False))


def _shown(column: pl.Series) -> pl.Series:
    unique = column.unique()
    shown = pl.Series([_cell(text) for text in unique], dtype=pl.String)
    return column.replace_strict(unique, shown)


def _cell(value: str | None) -> str | None:
    if value is None:
        return None
    text = log_line(visible(value))
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
