"""Findings as tools for source code take them: an issue in a line of a file of the repository."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

import orjson
import polars as pl

from newsqa.finding import Severity
from newsqa.readers.columns import is_url
from newsqa.report.examples import spread
from newsqa.report.safe import json_text, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsqa.result import Result

NOWHERE = "newsqa.toml"
"""Where an issue is put that is no file's, in a run without files."""
_COLUMNS = (
    "rule", "name", "severity", "message", "path", "line", "record", "id", "url", "source",
    "field", "start", "end", "fingerprint",
)  # fmt: skip
_SOURCE = _COLUMNS.index("source")
_REASON = "_accepted"
_BY = {"baseline": "in the baseline", "known": "in an earlier run"}


class Issue(NamedTuple):
    """A finding, its place filled in.

    Args:
        rule, name, severity, id, url, source, field, start, end: As in the finding.
        message: As in the finding, on one line, what is unseen made visible; never empty.
        path: Relative to the working folder where it lies in it, slashes forward, without `./`.
        line: 1-based; 1 where the finding knows none.
        record: As in the finding.
        fingerprint: As in the finding, unique among the issues.
        accepted: Why it does not count, maybe empty; None where it counts.
    """

    rule: str
    name: str
    severity: str
    message: str
    path: str
    line: int
    record: int | None
    id: str | None
    url: str | None
    source: str | None
    field: str | None
    start: int | None
    end: int | None
    fingerprint: str
    accepted: str | None


def issues(result: Result, limit: int | None = None) -> Iterator[Issue]:
    """Yield the findings as issues, in their order.

    Args:
        result: The run.
        limit: Most issues; worse severities come first, and of one severity the first of each rule
            and source before the second of any.
    """
    # With the accepted ones, where the result keeps such.
    findings = getattr(result, "all_findings", result.findings)
    findings = _with_acceptance(_unique(findings))
    if limit is not None:
        findings = _worst(findings, limit)
    paths = {path: repository_path(path) for path in findings["path"].drop_nulls().unique()}
    homes = _homes(result)
    elsewhere = _first_file(result)
    for row in findings.select(*_COLUMNS, _REASON).iter_rows():
        rule, name, severity, message, path, line, *others = row
        message = one_line(message or "") or name
        if path:
            place = paths[path]
        else:
            source = row[_SOURCE]
            place = paths[homes[source]] if source in homes else elsewhere
            message = f"{one_line(source, 80)}: {message}" if source else message
        yield Issue(rule, name, severity, message, place, line or 1, *others)


def json_lines(values: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield the items of a JSON array, each on a line of its own, commas between them."""
    separator = "\n"
    for value in values:
        yield separator + json_object(value)
        separator = ",\n"


def json_object(value: dict[str, Any]) -> str:
    """Return a value as JSON on one line, which no terminal or CI system obeys."""
    return json_text(orjson.dumps(value).decode("utf-8"))


def repository_path(path: str) -> str:
    """Return a path as hosts of repositories know it: relative, slashes forward, without `./`."""
    path = path.encode("utf-8", "replace").decode("utf-8")
    if is_url(path):
        return path
    pure = PurePath(path)
    if pure.is_absolute() and pure.is_relative_to(here := os.getcwd()):  # noqa: PTH109
        pure = pure.relative_to(here)
    return pure.as_posix()


def uri_of(path: str) -> str:
    """Return a path as a URI, relative where the path is."""
    if is_url(path):
        return quote(path, safe=":/?#[]@!$&'()*+,;=%-._~", errors="replace")
    scheme = "file://" if path.startswith("/") else ""
    return scheme + quote(path, safe="/-._~", errors="replace")


def _homes(result: Result) -> dict[str, str]:
    """Return a file of each source, where the findings about the source as a whole are put."""
    placed = result.findings.filter(pl.col("path") != "", pl.col("source").is_not_null())
    return dict(placed.group_by("source", maintain_order=True).agg(pl.first("path")).iter_rows())


def _first_file(result: Result) -> str:
    named = [file.path for file in result.files if file.path]
    return repository_path(named[0]) if named else NOWHERE


def _unique(findings: pl.DataFrame) -> pl.DataFrame:
    """Return the findings with fingerprints that do not repeat: equal ones would be dropped."""
    repeat = pl.int_range(pl.len()).over("fingerprint")
    numbered = pl.format("{}-{}", "fingerprint", repeat + 1)
    return findings.with_columns(
        pl.when(repeat > 0).then(numbered).otherwise("fingerprint").alias("fingerprint")
    )


def _with_acceptance(findings: pl.DataFrame) -> pl.DataFrame:
    """Return the findings with the reason for which each was accepted, or null.

    The evidence of such a finding has `accepted`: an object with `by` and maybe a `reason`.
    """
    marked = findings.filter(pl.col("evidence").str.contains('"accepted":', literal=True))
    reasons = [_reason(evidence) for evidence in marked["evidence"]]
    found = marked.select("fingerprint", pl.Series(_REASON, reasons, pl.String))
    return findings.join(found, on="fingerprint", how="left", maintain_order="left")


def _reason(evidence: str) -> str | None:
    mark = orjson.loads(evidence).get("accepted")
    if not isinstance(mark, dict):
        return None
    return str(mark.get("reason") or _BY.get(str(mark.get("by")), ""))


def _worst(findings: pl.DataFrame, limit: int) -> pl.DataFrame:
    numbered = findings.with_row_index("_number")
    counts = pl.col(_REASON).is_null()
    ranks = [counts & (pl.col("severity") == severity.value) for severity in reversed(Severity)]
    kept: list[pl.DataFrame] = []
    for rank in (*ranks, ~counts):
        kept.append(spread(numbered.filter(rank), limit, ("rule", "source")))
        limit -= kept[-1].height
    return pl.concat(kept).sort("_number").drop("_number")
