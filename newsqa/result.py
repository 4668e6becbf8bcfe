"""The result of a check: everything that a report shows, so that it never needs the records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import orjson

from newsqa.finding import FINDING_FIELDS, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from newsqa.rule import Rule

Verdict = Literal["pass", "fail", "could-not-check", "nothing-to-check"]
Status = Literal["checked", "not-applicable", "off", "crashed"]

EXIT_STATUS: dict[Verdict, int] = {
    "pass": 0,
    "fail": 1,
    "could-not-check": 3,
    "nothing-to-check": 5,
}


@dataclass(frozen=True)
class RuleState:
    """What became of one rule in this run.

    Args:
        rule: The rule itself.
        severity: Severity in force, after the configuration.
        status: `checked`; `not-applicable` when no file provides its fields; `off`; `crashed`.
        applicable: Number of records that it could judge.
        findings: Number of its findings.
        records: Number of records that have at least one of them.
        note: Why it is off, not applicable or crashed; else empty.
    """

    rule: Rule
    severity: str
    status: Status
    applicable: int = 0
    findings: int = 0
    records: int = 0
    note: str = ""


@dataclass(frozen=True)
class Gate:
    """One limit that was judged; a gate that does not hold fails the run.

    Args:
        rule: Code of the rule.
        name: Name of the rule.
        severity: Severity in force.
        source: The outlet that the limit is for, or None for the whole input.
        findings: Findings counted against the limit.
        records: Records with such a finding.
        share: `records` divided by the records judged; 0 when none was.
        limit: The limit in words, such as `no finding` or `at most 1 % of records`.
        passed: Whether it holds.
        why: One sentence for people.
    """

    rule: str
    name: str
    severity: str
    source: str | None
    findings: int
    records: int
    share: float
    limit: str
    passed: bool
    why: str


@dataclass(frozen=True)
class Result:
    """The outcome of one run.

    Args:
        findings: One row a finding, columns `FINDING_FIELDS`; `evidence` is JSON text. Sorted by
            path, line, record, rule and start.
        records: One row a source: `source`, `records`, and for each canonical field `x` the counts
            `x_provided` (records whose file provides the field) and `x_filled`.
        days: Rows of `source`, `day` (Date) and `records`: publication days.
        rules: State of every rule of the catalogue, in its order.
        gates: The limits that were judged, failed ones first.
        files: One `newsqa.readers.FileReport` a file.
        run: Facts about the run: id, started, now, version, command, configuration, seconds.
        verdict: `pass`, `fail`, `could-not-check` or `nothing-to-check`.
        totals: Counts: files, sources, records_found, records_read, records_refused, findings,
            errors, warnings, infos, records_with_findings, suppressed.
    """

    findings: pl.DataFrame
    records: pl.DataFrame
    days: pl.DataFrame
    rules: tuple[RuleState, ...]
    gates: tuple[Gate, ...]
    files: tuple[Any, ...]
    run: dict[str, Any]
    verdict: Verdict
    totals: dict[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the data passed every gate."""
        return self.verdict == "pass"

    @property
    def exit_status(self) -> int:
        """Exit status of the command line for this verdict."""
        return EXIT_STATUS[self.verdict]

    def iter_findings(self) -> Iterator[Finding]:
        """Yield the findings as objects, in order."""
        for row in self.findings.iter_rows(named=True):
            row["evidence"] = orjson.loads(row["evidence"])
            yield Finding(**row)


def finding_schema() -> dict[str, pl.DataType]:
    """Return column names and Polars types of a frame of findings."""
    import polars as pl

    kinds: dict[str, pl.DataType] = {name: pl.String() for name in FINDING_FIELDS}
    kinds |= {"line": pl.UInt32(), "record": pl.UInt32(), "start": pl.UInt64(), "end": pl.UInt64()}
    return kinds
