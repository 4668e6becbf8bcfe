"""The summary of a result: the numbers, groups and examples that every format shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from newsqa.figures import count, percent, seconds
from newsqa.finding import Severity
from newsqa.report.examples import examples_by_rule, source_name, worst_records
from newsqa.report.sources import (
    MAX_COLUMNS,
    MAX_ROWS,
    day_charts,
    filled_fields,
    source_rows,
)
from newsqa.report.standing import accepted_findings, schema_states, suite_tables
from newsqa.report.trends import gate_rows, what_changed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsqa.report.examples import Example, WorstRecord
    from newsqa.report.sources import DayAxis, DayChart, SourceRow
    from newsqa.report.standing import Accepted, SuiteTable
    from newsqa.report.trends import Changed, GateRow
    from newsqa.result import Gate, Result, RuleState

VERDICT_WORDS = {
    "pass": "Pass",
    "fail": "Fail",
    "could-not-check": "Could not check",
    "nothing-to-check": "Nothing to check",
}
MAX_EXAMPLES = 10
MAX_WORST = 10
MAX_FILES = 50
MAX_MAPPINGS = 12
MAX_KEYS = 40


@dataclass(frozen=True)
class RuleSummary:
    """One rule with findings.

    Args:
        state: What became of it.
        failed: Whether it broke a limit.
        share: Records with a finding among those that it could judge, in words.
        examples: Some of its findings, in turn from the sources.
    """

    state: RuleState
    failed: bool
    share: str
    examples: tuple[Example, ...]

    @property
    def hidden(self) -> int:
        """Findings beyond the examples."""
        return max(0, self.state.findings - len(self.examples))


class FileRow(NamedTuple):
    """Files that were read alike: one file, or all of one container and format."""

    name: str
    container: str
    format: str
    found: int
    read: int
    refused: int


class Mapping(NamedTuple):
    """How the keys of some files became canonical fields, and the keys that became none."""

    format: str
    files: int
    fields: tuple[tuple[str, str], ...]
    unmapped: tuple[str, ...]


@dataclass(frozen=True)
class Summary:
    """What a report says, without the way that it is said.

    Args:
        verdict: As in the result.
        word: The verdict in words.
        headline: One sentence that says why.
        facts: Names and figures for the head of the report.
        totals: As in the result.
        failed: Gates that do not hold.
        held: Gates that hold.
        failed_rows, held_rows: The same, worst first, with their course over the last runs.
        changed: What changed since earlier runs; None where there are none.
        suites, schema: What became of suites and of the rules of the record schema.
        accepted: Suppressions and accepted findings.
        rules: Rules with findings: failed ones first, then worse severities, then more findings.
        silent: Rules that judged records and found nothing.
        idle: Rules that could not be checked: crashed, not applicable, off.
        columns: Codes of the rules that are columns of the sources, most findings first.
        names: Names of the rules, by code.
        troubles: Rules about the reading of files that have findings.
        more_columns: Rules with findings that are not among the columns.
        fields: Canonical fields that some record lacks, the columns of the filled fields.
        full: Canonical fields that every record has.
        sources: The sources, worst first, the rest folded into the last row.
        axis, charts: Publication days.
        more_charts: Sources with dated records but without a chart.
        worst: Records with most findings.
        files: Files, those with refused records first.
        mappings: How keys became fields.
        day_orders: How dates such as 04/10/2025 were read, by source.
        run: As in the result.
    """

    verdict: str
    word: str
    headline: str
    facts: tuple[tuple[str, str], ...]
    totals: dict[str, int]
    failed: tuple[Gate, ...]
    held: tuple[Gate, ...]
    failed_rows: tuple[GateRow, ...]
    held_rows: tuple[GateRow, ...]
    changed: Changed | None
    suites: tuple[SuiteTable, ...]
    schema: tuple[RuleState, ...]
    accepted: Accepted
    rules: tuple[RuleSummary, ...]
    silent: tuple[RuleState, ...]
    idle: tuple[RuleState, ...]
    columns: tuple[str, ...]
    names: dict[str, str]
    troubles: tuple[RuleState, ...]
    more_columns: int
    fields: tuple[str, ...]
    full: tuple[str, ...]
    sources: tuple[SourceRow, ...]
    axis: DayAxis | None
    charts: tuple[DayChart, ...]
    more_charts: int
    worst: tuple[WorstRecord, ...]
    files: tuple[FileRow, ...]
    mappings: tuple[Mapping, ...]
    day_orders: tuple[tuple[str, str], ...]
    run: dict[str, Any]

    @property
    def checked(self) -> int:
        """Number of rules that were checked."""
        return len(self.rules) + len(self.silent)


def summarise(
    result: Result, max_examples: int = MAX_EXAMPLES, max_rows: int = MAX_ROWS
) -> Summary:
    """Return the summary of a result.

    Args:
        result: The run.
        max_examples: Examples of each rule.
        max_rows: Sources with a row of their own.
    """
    failed = tuple(gate for gate in result.gates if not gate.passed)
    read = bool(result.totals["records_read"])
    held = tuple(gate for gate in result.gates if gate.passed and read)
    rules = _rules_with_findings(result, failed, max_examples)
    columns = [rule.state.rule.code for rule in sorted(rules, key=lambda r: -r.state.findings)]
    checked = [s for s in result.rules if s.status == "checked"]
    silent = tuple(s for s in checked if not s.findings and read)
    axis, charts = day_charts(result, max_rows)
    lacking, full = filled_fields(result)
    dated = result.days["source"].n_unique() if result.days.height else 0
    return Summary(
        verdict=result.verdict,
        word=VERDICT_WORDS[result.verdict],
        headline=_headline(result, failed, len(checked)),
        facts=tuple(_facts(result, len(checked))),
        totals=result.totals,
        failed=failed,
        held=held,
        failed_rows=gate_rows(result, failed),
        held_rows=gate_rows(result, held),
        changed=what_changed(result),
        suites=suite_tables(result),
        schema=schema_states(result) if read else (),
        accepted=accepted_findings(result),
        rules=rules,
        silent=silent,
        idle=tuple(_idle(result.rules)),
        columns=tuple(columns[:MAX_COLUMNS]),
        names={state.rule.code: state.rule.name for state in result.rules},
        troubles=tuple(r.state for r in rules if r.state.rule.check == "reading"),
        more_columns=max(0, len(columns) - MAX_COLUMNS),
        fields=tuple(lacking),
        full=tuple(full),
        sources=tuple(source_rows(result, columns[:MAX_COLUMNS], max_rows)),
        axis=axis,
        charts=tuple(charts),
        more_charts=max(0, dated - len(charts)),
        worst=tuple(worst_records(result.findings, MAX_WORST if max_examples else 0)),
        files=tuple(_files(result.files)),
        mappings=tuple(_mappings(result.files)),
        day_orders=tuple(_day_orders(result.files)),
        run=result.run,
    )


def with_examples(summary: Summary, limit: int) -> Summary:
    """Return the summary with at most `limit` examples of each rule."""
    rules = tuple(replace(rule, examples=rule.examples[:limit]) for rule in summary.rules)
    return replace(summary, rules=rules)


def _rules_with_findings(
    result: Result, failed: Sequence[Gate], max_examples: int
) -> tuple[RuleSummary, ...]:
    examples = examples_by_rule(result.findings, max_examples)
    broken = {gate.rule for gate in failed}
    rules = [
        RuleSummary(
            state=state,
            failed=state.rule.code in broken,
            share=percent(state.records, state.applicable) if state.records else "",
            examples=tuple(examples.get(state.rule.code, ())),
        )
        for state in result.rules
        if state.findings
    ]
    return tuple(
        sorted(
            rules,
            key=lambda r: (not r.failed, -Severity(r.state.severity).rank, -r.state.findings),
        )
    )


def _idle(states: Sequence[RuleState]) -> list[RuleState]:
    order = ("crashed", "not-applicable", "off")
    idle = [s for s in states if s.status in order]
    return sorted(idle, key=lambda s: order.index(s.status))


def _headline(result: Result, failed: Sequence[Gate], checked: int) -> str:
    totals = result.totals
    read = f"{count(totals['records_read'], 'record')} from {count(totals['sources'], 'source')}"
    if result.verdict == "nothing-to-check":
        return f"No record was found in {count(totals['files'], 'file')}."
    if result.verdict == "could-not-check":
        crashed = [s.rule.code for s in result.rules if s.status == "crashed"]
        if crashed:
            listed = ", ".join(crashed)
            return f"{count(len(crashed), 'rule')} crashed: {listed}. The other rules were checked."
        return f"No record could be read from {count(totals['files'], 'file')}."
    if not totals["findings"]:
        return f"No findings. {read} passed {count(checked, 'rule')}."
    found = (
        f"{count(totals['findings'], 'finding')} in {totals['records_with_findings']:,} of {read}"
    )
    if result.verdict == "pass":
        return f"Every limit holds. {found}."
    names = len({gate.rule for gate in failed})
    return f"{count(names, 'rule')} over the limit. {found}."


def _facts(result: Result, checked: int) -> list[tuple[str, str]]:
    totals, run = result.totals, result.run
    flawed = totals["records_with_findings"]
    if not totals["records_found"]:
        return [("Records", "0"), ("Files", f"{totals['files']:,}")]
    facts = [
        ("Records", f"{totals['records_read']:,}"),
        ("With a finding", f"{flawed:,} ({percent(flawed, totals['records_read'])})"),
        ("Sources", f"{totals['sources']:,}"),
        ("Rules checked", f"{checked:,} of {len(result.rules):,}"),
        ("Files", f"{totals['files']:,}"),
    ]
    if totals["records_refused"]:
        facts.insert(1, ("Unreadable", f"{totals['records_refused']:,}"))
    if "seconds" in run:
        facts.append(("Time", seconds(run["seconds"])))
    return facts


def _files(files: Sequence[Any]) -> list[FileRow]:
    """Return one row a file when they are few, else one a container and format, and the refused."""
    rows = [FileRow(f.path, f.container, f.format, f.found, f.read, f.refused) for f in files]
    if len(rows) <= MAX_FILES:
        return sorted(rows, key=lambda row: -row.refused)
    refused = sorted((r for r in rows if r.refused), key=lambda row: -row.refused)[:MAX_FILES]
    groups: dict[tuple[str, str], list[FileRow]] = {}
    for row in rows:
        if row not in refused:
            groups.setdefault((row.container, row.format), []).append(row)
    folded = [
        FileRow(
            count(len(group), "file"),
            container,
            form,
            sum(row.found for row in group),
            sum(row.read for row in group),
            sum(row.refused for row in group),
        )
        for (container, form), group in groups.items()
    ]
    return refused + folded


def _mappings(files: Sequence[Any]) -> list[Mapping]:
    counted: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()
    unmapped: dict[object, dict[str, None]] = {}
    for file in files:
        key = (file.format, tuple((str(a), str(b)) for a, b in file.fields.items()))
        counted[key] += 1
        unmapped.setdefault(key, {}).update(dict.fromkeys(file.unmapped))
    return [
        Mapping(key[0], number, key[1], tuple(unmapped[key])[:MAX_KEYS])
        for key, number in counted.most_common(MAX_MAPPINGS)
    ]


def _day_orders(files: Sequence[Any]) -> list[tuple[str, str]]:
    orders = {source: order for file in files for source, order in file.day_order.items()}
    return [(source_name(source), order) for source, order in list(orders.items())[:MAX_KEYS]]
