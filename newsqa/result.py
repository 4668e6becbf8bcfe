"""The result of a check: everything that a report shows, so that it never needs the records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import orjson

from newsqa.finding import FINDING_FIELDS, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    import polars as pl

    from newsqa.earlier import EarlierRun
    from newsqa.rule import Rule
    from newsqa.suites.model import SuiteResult

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
        accepted: Number of its findings that were accepted and do not count.
    """

    rule: Rule
    severity: str
    status: Status
    applicable: int = 0
    findings: int = 0
    records: int = 0
    note: str = ""
    accepted: int = 0


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
class SuppressionState:
    """What became of one `[[suppress]]` of the configuration.

    Args:
        fingerprint, source, reason, expires, owner: As configured.
        rule: Code of the rule, or None.
        status: `active`; `expired` when its last day is over, so that its findings count again;
            `unused` when no finding is meant by it; `idle` when this run could not tell, because
            its rule was not checked.
        findings: Findings that it accepts, or would accept had it not expired.
        days_left: Days until its last day, negative when it is over; None without an expiry.
    """

    fingerprint: str | None
    rule: str | None
    source: str | None
    reason: str
    expires: date | None
    owner: str | None
    status: Literal["active", "expired", "unused", "idle"]
    findings: int
    days_left: int | None


@dataclass(frozen=True)
class Change:
    """Findings of one rule, or of one source, beside those of the run compared with.

    Args:
        key: Code of the rule, or name of the source (empty for none).
        new: Findings that were not there.
        gone: Findings that are no more.
        still: Findings in both.
    """

    key: str
    new: int
    gone: int
    still: int


@dataclass(frozen=True)
class Comparison:
    """This run beside an earlier one, finding by finding, told apart by their fingerprints.

    Findings that suppressions or the baseline accept are left out on both sides. Rules that only
    one of the runs checked are not compared.

    Args:
        base: Facts about the run compared with: `id`, `started`, `path`.
        statuses: Columns `fingerprint` and `status`, `new` or `known`, one row a finding compared.
        gone: Findings of the earlier run that are no more, worst first, at most `GONE_KEPT`.
        totals: The counts over everything.
        rules: By rule, those with any change first.
        sources: By source, likewise.
        not_compared: Findings of rules that only one of the runs checked.
    """

    base: dict[str, str]
    statuses: pl.DataFrame
    gone: pl.DataFrame
    totals: Change
    rules: tuple[Change, ...]
    sources: tuple[Change, ...]
    not_compared: int = 0


GONE_KEPT = 500


def no_findings() -> pl.DataFrame:
    """Return a frame of findings without any."""
    import polars as pl

    return pl.DataFrame(schema=finding_schema())


@dataclass(frozen=True)
class Result:
    """The outcome of one run.

    Args:
        findings: One row a finding that counts, columns `FINDING_FIELDS`; `evidence` is JSON text.
            Sorted by path, line, record, rule and start.
        records: One row a source: `source`, `records`, and for each canonical field `x` the counts
            `x_provided` (records whose file provides the field) and `x_filled`.
        days: Rows of `source`, `day` (Date) and `records`: publication days.
        rules: State of every rule of the catalogue, in its order.
        gates: The limits that were judged, failed ones first.
        files: One `newsqa.readers.FileReport` a file.
        run: Facts about the run: id, started, now, version, command, configuration, seconds.
        verdict: `pass`, `fail`, `could-not-check` or `nothing-to-check`.
        totals: Counts: files, sources, records_found, records_read, records_refused, findings,
            errors, warnings, infos, records_with_findings, and the accepted ones: suppressed (by
            the configuration), baseline, known (with `new_only`).
        accepted: Findings that were accepted: same columns, never in `findings`; the evidence of
            each has `accepted`, an object with `by` (`suppression`, `baseline` or `known`) and,
            for a suppression, `reason`, `owner` and `expires`.
        suppressions: What became of each suppression, in the order of the configuration.
        comparison: Beside the earlier run, or None when there is none.
        earlier: Figures of the last runs of the same series, oldest first, without this one.
        suites: What became of the suites in use.
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
    accepted: pl.DataFrame = field(default_factory=no_findings)
    suppressions: tuple[SuppressionState, ...] = ()
    comparison: Comparison | None = None
    earlier: tuple[EarlierRun, ...] = ()
    suites: tuple[SuiteResult, ...] = ()

    @property
    def all_findings(self) -> pl.DataFrame:
        """The findings that count and the accepted ones, in the usual order."""
        import polars as pl

        if self.accepted.is_empty():
            return self.findings
        order = ("path", "line", "record", "rule", "start", "end", "fingerprint")
        both = pl.concat([self.findings, self.accepted], how="vertical_relaxed")
        return both.sort(*order, nulls_last=True)

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
        for row in self.findings.select(FINDING_FIELDS).iter_rows(named=True):
            row["evidence"] = orjson.loads(row["evidence"])
            yield Finding(**row)


def finding_schema() -> dict[str, pl.DataType]:
    """Return column names and Polars types of a frame of findings."""
    import polars as pl

    kinds: dict[str, pl.DataType] = {name: pl.String() for name in FINDING_FIELDS}
    kinds |= {"line": pl.UInt32(), "record": pl.UInt32(), "start": pl.UInt64(), "end": pl.UInt64()}
    return kinds
