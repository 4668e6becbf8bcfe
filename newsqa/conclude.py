"""From the merged batches to the result: acceptance, comparison, gates, counts and the verdict."""

from __future__ import annotations

from dataclasses import asdict
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from newsqa.acceptance import BASELINE, KNOWN, accept_known, suppress
from newsqa.compare import compare
from newsqa.describe import describe_unmet, findings_frame, number_repeats
from newsqa.finding import Severity
from newsqa.gates import judge_gates
from newsqa.groups import judge_groups
from newsqa.record import FIELD_NAMES, provided_fields
from newsqa.result import Result, RuleState
from newsqa.screens import applicable_mask
from newsqa.suites.frames import findings_frame as suite_findings_frame
from newsqa.suites.frames import sources_frame
from newsqa.suites.outcomes import judge_suites, observed, raised, unmet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsqa.config import Config
    from newsqa.engine import Partial
    from newsqa.parts.engines import Engine
    from newsqa.plan import Plan
    from newsqa.readers import FileReport
    from newsqa.result import Comparison, SuppressionState, Verdict
    from newsqa.setup import Setup
    from newsqa.suites.model import SuiteResult

_FIGURES = {
    "source": pl.String,
    "provides": pl.UInt32,
    "day": pl.Date,
    "records": pl.UInt32,
}


def conclude(
    partial: Partial,
    setup: Setup,
    files: tuple[FileReport, ...],
    run: dict[str, Any],
    clock: float,
    kept: tuple[pl.LazyFrame, Mapping[str, int]] | None = None,
    engine: Engine | None = None,
) -> Result:
    """Return the result once every batch has been merged into one partial.

    Args:
        partial: All batches.
        setup: What the run was told.
        files: Reports of the files that were read.
        run: Facts about the run; the seconds are added.
        clock: `perf_counter()` at its start.
        kept: Where there are suites, columns of all records, and counts of their rows.
        engine: Who judges sources and the corpus where there are many records.
    """
    frames = partial.findings + judge_groups(partial, setup.plan, engine)
    records, days = _by_source(partial), _summed(partial.days, ["source", "day"])
    suites: tuple[SuiteResult, ...] = ()
    if kept is not None and not records.is_empty():
        by_rules = pl.concat(frames) if frames else findings_frame([])
        suites = judge_suites(
            setup.suites,
            {
                "records": kept[0],
                "findings": suite_findings_frame(by_rules).lazy(),
                "sources": sources_frame(records, by_rules, days, setup.plan.context.now).lazy(),
            },
            kept[1],
        )
        frames += _unmet(suites, setup.plan, partial)
    found = number_repeats(pl.concat(frames) if frames else findings_frame([]))
    settled = _settle(found, setup, partial)
    findings = settled.findings
    judged = _judged(partial, setup.plan)
    gates = judge_gates(
        setup.plan.active, findings, judged, setup.config, setup.limits, setup.source_limits
    )
    totals = _totals(partial, findings, len(files)) | settled.counts
    run["files"] = [dict(vars(file)) for file in files]
    run["suppressions"] = [asdict(state) for state in settled.suppressions]
    if settled.comparison:
        change, base = settled.comparison.totals, settled.comparison.base
        counts = {"new": change.new, "gone": change.gone, "still": change.still}
        run["compared_with"] = {key: value for key, value in base.items() if value} | counts
    run |= {"seconds": round(perf_counter() - clock, 3), "timings": _timings(partial)}
    return Result(
        findings=findings,
        records=records,
        days=days,
        rules=_states(setup, partial, settled, judged),
        gates=gates,
        files=files,
        run=run,
        verdict=_verdict(partial, totals, any(not g.passed for g in gates), setup.config),
        totals=totals,
        accepted=settled.accepted,
        suppressions=settled.suppressions,
        comparison=settled.comparison,
        earlier=setup.past.runs,
        suites=suites,
    )


def _unmet(suites: tuple[SuiteResult, ...], plan: Plan, partial: Partial) -> list[pl.DataFrame]:
    """Return the findings of expectations that are not met, and note those that raised."""
    rows = []
    for rule in plan.suite_rules:
        if faults := raised(suites):
            partial.crashed[rule.rule.code] = "\n".join(faults)
        rows += [
            describe_unmet(result.suite, outcome, observed(outcome), rule)
            for result, outcome in unmet(suites)
        ]
    return [findings_frame(rows)] if rows else []


class _Settled(NamedTuple):
    findings: pl.DataFrame
    accepted: pl.DataFrame
    suppressions: tuple[SuppressionState, ...]
    comparison: Comparison | None
    counts: dict[str, int]


def _settle(found: pl.DataFrame, setup: Setup, partial: Partial) -> _Settled:
    """Take out what was accepted, and compare the rest with the earlier run."""
    past = setup.past
    on = {rule.rule.code for rule in setup.plan.active} - set(partial.crashed)
    checked = {rule.code: rule.code in on for rule in setup.catalogue.rules}
    split, states = suppress(found, setup.suppressions, setup.plan.context.now.date(), checked)
    counts = {"suppressed": split.accepted.height}
    taken = [split.accepted]
    split = accept_known(split.open, past.baseline, BASELINE)
    taken.append(split.accepted)
    counts["baseline"] = split.accepted.height
    comparison, known = None, frozenset[str]()
    if past.base is not None:
        comparison = compare(past.base, split.open, pl.concat(taken), on)
        if past.new_only:
            known = frozenset(past.base.findings["fingerprint"])
            known |= frozenset(past.base.accepted["fingerprint"])
    split = accept_known(split.open, known, KNOWN)
    counts["known"] = split.accepted.height
    accepted = pl.concat([*taken, split.accepted])
    return _Settled(split.open, accepted, states, comparison, counts)


def _verdict(partial: Partial, totals: dict[str, int], failed: bool, config: Config) -> Verdict:
    unread = totals["records_read"] == 0 and (partial.refused or totals["unread_files"])
    if partial.crashed or unread:
        return "could-not-check"
    if totals["records_found"] == 0:
        return "pass" if config.allow_empty else "nothing-to-check"
    return "fail" if failed else "pass"


def _judged(partial: Partial, plan: Plan) -> dict[str, dict[str | None, int]]:
    """Return how many records each rule could judge, by code and source."""
    masks = _summed(partial.masks, ["source", "provides"])
    needs = {
        rule.rule.code: None if rule.check.lacks(plan.context) else applicable_mask(rule)
        for rule in plan.active
    }
    counts: dict[int | None, dict[str | None, int]] = {None: {}}
    for need in {need for need in needs.values() if need is not None}:
        held = masks.filter((pl.col("provides") & need) == need).group_by("source")
        counts[need] = dict(held.agg(pl.col("records").sum()).iter_rows())
    return {code: counts[need] for code, need in needs.items()}


def _states(
    setup: Setup,
    partial: Partial,
    settled: _Settled,
    judged: dict[str, dict[str | None, int]],
) -> tuple[RuleState, ...]:
    accepted = dict(settled.accepted.group_by("rule").len().iter_rows())
    counts = {
        row["rule"]: (row["findings"], row["records"])
        for row in settled.findings.group_by("rule")
        .agg(
            pl.len().alias("findings"),
            pl.struct("path", "record")
            .filter(pl.col("record").is_not_null())
            .n_unique()
            .alias("records"),
        )
        .iter_rows(named=True)
    }
    active = {rule.rule.code: rule for rule in setup.plan.active}
    states = []
    for rule in setup.catalogue.rules:
        if rule.code not in active:
            note = setup.plan.off.get(rule.code, "")
            states.append(RuleState(rule, rule.severity, "off", note=note))
            continue
        number, records = counts.get(rule.code, (0, 0))
        applicable = sum(judged[rule.code].values())
        status, note = "checked", ""
        if rule.code in partial.crashed:
            status, note = "crashed", partial.crashed[rule.code]
        elif partial.records and not applicable:
            fields = ", ".join(sorted(provided_fields(applicable_mask(active[rule.code]))))
            lack = active[rule.code].check.lacks(setup.plan.context)
            status, note = "not-applicable", lack or f"no file provides {fields}"
        severity, taken = active[rule.code].severity, accepted.get(rule.code, 0)
        states.append(
            RuleState(rule, severity, status, applicable, number, records, note, taken)  # type: ignore[arg-type]
        )
    return tuple(states)


def _by_source(partial: Partial) -> pl.DataFrame:
    masks = _summed(partial.masks, ["source", "provides"])
    provided = [
        (pl.col("records") * ((pl.col("provides") & (1 << bit)) != 0))
        .sum()
        .cast(pl.UInt32)
        .alias(f"{name}_provided")
        for bit, name in enumerate(FIELD_NAMES)
    ]
    filled = _summed(partial.filled, ["source"])
    if filled.is_empty():
        return filled
    figures = masks.group_by("source").agg(provided)
    return filled.join(figures, on="source", how="left", nulls_equal=True).sort(
        "source", nulls_last=True
    )


def _summed(frames: Sequence[pl.DataFrame], by: list[str]) -> pl.DataFrame:
    if not frames:
        return pl.DataFrame(schema={name: _FIGURES[name] for name in [*by, "records"]})
    return pl.concat(frames).group_by(by).sum().sort(by, nulls_last=True)


def _timings(partial: Partial) -> dict[str, float]:
    slowest = sorted(partial.seconds.items(), key=lambda item: -item[1])
    return {code: round(seconds, 4) for code, seconds in slowest}


def _totals(partial: Partial, findings: pl.DataFrame, files: int) -> dict[str, int]:
    by_severity = dict(findings.group_by("severity").len().iter_rows())
    placed = findings.filter(pl.col("record").is_not_null())
    return {
        "files": files,
        "unread_files": partial.unread_files,
        "sources": _summed(partial.filled, ["source"]).height,
        "records_found": partial.found,
        "records_read": partial.found - partial.refused,
        "records_refused": partial.refused,
        "findings": findings.height,
        "errors": by_severity.get(Severity.ERROR, 0),
        "warnings": by_severity.get(Severity.WARNING, 0),
        "infos": by_severity.get(Severity.INFO, 0),
        "records_with_findings": placed.select("path", "record").n_unique() if placed.height else 0,
    }
