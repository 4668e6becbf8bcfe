"""Gates: which limits are judged, and on what."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from newsqa.catalogue import load_catalogue
from newsqa.checks import Context
from newsqa.config import Config, RuleLimits, RuleSettings
from newsqa.describe import findings_frame
from newsqa.finding import Finding
from newsqa.gates import judge_gates
from newsqa.plan import build_plan
from newsqa.result import Gate

CODE = "INP002"


def findings(*places: tuple[str, int], severity: str = "error") -> pl.DataFrame:
    rows = []
    for source, record in places:
        finding = Finding(CODE, "unreadable-record", severity, "x", "a", 1, record, source=source)
        rows.append(finding.as_dict() | {"evidence": "{}"})
    return findings_frame(rows)


def gate(
    frame: pl.DataFrame,
    judged: dict[str | None, int],
    limit: RuleSettings | None = None,
    sources: list[tuple[str, RuleLimits]] | None = None,
    **config: Any,
) -> list[Gate]:
    plan = build_plan([load_catalogue().find(CODE)], Context(datetime(2026, 1, 1, tzinfo=UTC)))
    limits = {CODE: limit} if limit else {}
    return list(
        judge_gates(
            plan.active, frame, {CODE: judged}, Config(**config), limits, {CODE: sources or []}
        )
    )


def test_any_error_fails_by_default() -> None:
    (failed,) = gate(findings(("a", 0), ("a", 0), ("a", 1)), {"a": 10})
    assert not failed.passed
    assert (failed.findings, failed.records, failed.share) == (3, 2, 0.2)
    assert failed.why == "3 findings in 2 of 10 records (20.0\u202f%)"


def test_no_finding_passes() -> None:
    (passed,) = gate(findings(), {"a": 10})
    assert passed.passed


def test_a_finding_below_fail_on_does_not_count() -> None:
    (passed,) = gate(findings(("a", 0), severity="info"), {"a": 10})
    assert passed.passed


def test_fail_on_never_judges_nothing_by_default() -> None:
    assert gate(findings(("a", 0)), {"a": 10}, fail_on="never") == []


@pytest.mark.parametrize(("share", "passed"), [(0.02, True), (0.01, True), (0.009, False)])
def test_a_share_is_a_share_of_records(share: float, passed: bool) -> None:
    (judged,) = gate(findings(("a", 0), ("a", 0)), {"a": 100}, RuleSettings(max_share=share))
    assert judged.passed is passed


def test_a_share_of_few_records_is_not_judged_unless_it_is_zero() -> None:
    few = findings(("a", 0))
    (lenient,) = gate(few, {"a": 3}, RuleSettings(max_share=0.01))
    (strict,) = gate(few, {"a": 3}, RuleSettings(max_share=0.0))
    assert lenient.passed
    assert "too few" in lenient.limit
    assert not strict.passed


def test_share_and_count_must_both_hold() -> None:
    frame = findings(("a", 0), ("a", 1))
    limit = RuleSettings(max_share=0.5, max_count=1)
    (judged,) = gate(frame, {"a": 100}, limit)
    assert not judged.passed
    assert judged.why == "2 findings are more than 1"


def test_a_source_with_its_own_limit_is_judged_apart() -> None:
    frame = findings(("a.fr", 0), ("b.de", 1))
    gates = gate(
        frame,
        {"a.fr": 50, "b.de": 50},
        RuleSettings(max_count=1),
        [("*.fr", RuleLimits(max_count=0))],
    )
    assert [(g.source, g.passed, g.findings) for g in gates] == [
        ("a.fr", False, 1),
        (None, True, 1),
    ]
