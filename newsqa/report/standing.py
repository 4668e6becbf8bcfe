"""What stands beside the findings: suites, the record schema, and accepted findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from newsqa.figures import count
from newsqa.report.safe import clip

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newsqa.result import Result, RuleState, SuppressionState

MAX_OUTCOMES = 200
MAX_SUPPRESSIONS = 100
_FIGURES = {
    "element_count": "values",
    "unexpected_count": "unexpected",
    "missing_count": "missing",
    "observed_value": "observed",
}


class OutcomeRow(NamedTuple):
    """One expectation of a suite: what it expects, of what, and what came of it."""

    type: str
    subject: str
    severity: str
    success: bool
    figures: str
    exception: str


class SuiteTable(NamedTuple):
    """A suite: its outcomes, failed ones first.

    Args:
        name, path: As in the suite.
        met, total: Expectations.
        rows: At most `MAX_OUTCOMES`.
        more: Outcomes beyond those.
    """

    name: str
    path: str
    met: int
    total: int
    rows: tuple[OutcomeRow, ...]
    more: int


class Accepted(NamedTuple):
    """Accepted findings.

    Args:
        states: Suppressions: expired ones first, then unused, active and idle ones.
        more: Suppressions that are not shown.
        totals: What accepted findings, in words, and how many.
    """

    states: tuple[SuppressionState, ...]
    more: int
    totals: tuple[tuple[str, int], ...]


def suite_tables(result: Result) -> tuple[SuiteTable, ...]:
    """Return the suites that were in use; none where the result knows of none."""
    return tuple(_suite_table(item) for item in getattr(result, "suites", ()))


def _suite_table(item: Any) -> SuiteTable:
    outcomes = sorted(item.outcomes, key=lambda outcome: bool(outcome.success))
    return SuiteTable(
        clip(item.suite.name, 120),
        clip(item.suite.path, 200),
        sum(bool(outcome.success) for outcome in outcomes),
        len(outcomes),
        tuple(_outcome_row(outcome) for outcome in outcomes[:MAX_OUTCOMES]),
        max(0, len(outcomes) - MAX_OUTCOMES),
    )


def _outcome_row(outcome: Any) -> OutcomeRow:
    expectation = outcome.expectation
    return OutcomeRow(
        clip(expectation.type.removeprefix("expect_").replace("_", " "), 120),
        clip(expectation.subject, 120),
        {"critical": "error"}.get(expectation.severity, expectation.severity),
        bool(outcome.success),
        "; ".join(_figures(outcome.result)),
        clip(outcome.exception or "", 300),
    )


def _figures(result: Mapping[str, Any]) -> Iterable[str]:
    for key, word in _FIGURES.items():
        value = result.get(key)
        if value is not None:
            shown = f"{value:,}" if isinstance(value, int | float) else clip(str(value), 120)
            yield f"{word} {shown}"


def schema_states(result: Result) -> tuple[RuleState, ...]:
    """Return the rules that hold the record schema."""
    return tuple(state for state in result.rules if state.rule.check == "schema")


def accepted_findings(result: Result) -> Accepted:
    """Return what accepted findings, and what became of each suppression."""
    order = {"expired": 0, "unused": 1, "active": 2, "idle": 3}
    states = sorted(result.suppressions, key=lambda s: order[s.status])
    words = (("suppressed", "suppression"), ("baseline", "the baseline"), ("known", "earlier runs"))
    totals = [
        (f"{count(number, 'finding')} accepted by {word}", number)
        for key, word in words
        if (number := result.totals.get(key, 0))
    ]
    shown = tuple(states[:MAX_SUPPRESSIONS])
    return Accepted(shown, len(states) - len(shown), tuple(totals))
