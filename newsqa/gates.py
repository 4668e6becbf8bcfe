"""Gates: the limits that decide whether the data is bad."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import polars as pl

from newsqa.figures import count, percent
from newsqa.finding import Severity
from newsqa.result import Gate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newsqa.config import Config, RuleLimits, RuleSettings
    from newsqa.plan import ActiveRule


def judge_gates(
    active: Iterable[ActiveRule],
    findings: pl.DataFrame,
    judged: Mapping[str, Mapping[str | None, int]],
    config: Config,
    limits: Mapping[str, RuleSettings],
    source_limits: Mapping[str, list[tuple[str, RuleLimits]]],
) -> tuple[Gate, ...]:
    """Return every gate of a run, failed ones first.

    A rule with a limit of its own is judged by that limit alone. Any other rule must have no
    finding as severe as `fail_on`. Sources that have a limit of their own for a rule do not count
    against the rule's general limit.

    Args:
        active: The rules that are on.
        findings: All findings.
        judged: Records that each rule could judge, by code and source.
        config: For `fail_on` and `min_records`.
        limits: General settings by rule code.
        source_limits: Pairs of source glob and limits by rule code.
    """
    by_rule = {key[0]: frame for key, frame in findings.group_by("rule")}
    empty = findings.clear()
    gates: list[Gate] = []
    for rule in active:
        code = rule.rule.code
        frame = by_rule.get(code, empty)
        records = dict(judged.get(code, {}))
        for glob, limit in source_limits.get(code, []):
            for source in [s for s in records if s is not None and fnmatchcase(s, glob)]:
                own = frame.filter(pl.col("source") == source)
                gates.append(_limited(rule, own, records.pop(source), limit, source, config))
                frame = frame.filter(pl.col("source").ne_missing(source))
        setting = limits.get(code)
        total = sum(records.values())
        if setting and (setting.max_share is not None or setting.max_count is not None):
            gates.append(_limited(rule, frame, total, setting, None, config))
        elif config.fail_on != "never":
            gate = _none_allowed(rule, frame, total, Severity(config.fail_on))
            gates += [gate] if gate else []
    return tuple(sorted(gates, key=lambda g: (g.passed, -Severity(g.severity).rank, -g.findings)))


def _limited(
    rule: ActiveRule,
    findings: pl.DataFrame,
    judged: int,
    limit: RuleSettings | RuleLimits,
    source: str | None,
    config: Config,
) -> Gate:
    number, records = findings.height, _records(findings)
    share = records / judged if judged else 0.0
    words, broken = [], []
    if limit.max_count is not None:
        words.append(f"at most {count(limit.max_count, 'finding')}")
        if number > limit.max_count:
            broken.append(f"{count(number, 'finding')} are more than {limit.max_count:,}")
    if limit.max_share is not None:
        words.append(f"at most {percent(limit.max_share, 1)} of records")
        if judged < config.min_records and limit.max_share > 0:
            words[-1] += " (too few records to judge)"
        elif share > limit.max_share:
            broken.append(f"{_of(records, judged)} are more than {percent(limit.max_share, 1)}")
    return Gate(
        rule=rule.rule.code,
        name=rule.rule.name,
        severity=rule.severity,
        source=source,
        findings=number,
        records=records,
        share=share,
        limit=" and ".join(words),
        passed=not broken,
        why="; ".join(broken) or f"{count(number, 'finding')} in {_of(records, judged)}",
    )


def _none_allowed(
    rule: ActiveRule, findings: pl.DataFrame, judged: int, fail_on: Severity
) -> Gate | None:
    bad = [s.value for s in Severity if s.rank >= fail_on.rank]
    grave = findings.filter(pl.col("severity").is_in(bad))
    if grave.is_empty():
        if rule.severity.rank < fail_on.rank:
            return None
        return Gate(
            rule.rule.code, rule.rule.name, rule.severity, None, 0, 0, 0.0, "no finding",
            passed=True, why=f"no finding in {count(judged, 'record')}",
        )  # fmt: skip
    records = _records(grave)
    share = records / judged if judged else 0.0
    of = f" in {_of(records, judged)}" if judged and records else ""
    worst = max((Severity(s) for s in grave["severity"].unique()), key=lambda s: s.rank)
    return Gate(
        rule=rule.rule.code,
        name=rule.rule.name,
        severity=worst,
        source=None,
        findings=grave.height,
        records=records,
        share=share,
        limit="no finding",
        passed=False,
        why=f"{count(grave.height, 'finding')}{of}",
    )


def _of(records: int, judged: int) -> str:
    return f"{records:,} of {count(judged, 'record')} ({percent(records, judged)})"


def _records(findings: pl.DataFrame) -> int:
    placed = findings.filter(pl.col("record").is_not_null())
    return placed.select("path", "record").n_unique() if placed.height else 0
