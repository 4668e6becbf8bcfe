"""The plan of a run: which rules are on, how severe they are, and the checks that test them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from newsqa.checks import CHECKS, Check, Context, GroupCheck, RecordCheck
from newsqa.checks.reading import Reading
from newsqa.checks.suite import SuiteOutcome
from newsqa.errors import RuleFileError
from newsqa.finding import Severity
from newsqa.record import FIELD_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newsqa.rule import Rule


@dataclass(frozen=True)
class ActiveRule:
    """A rule that is on: with the severity in force and the check built from its parameters."""

    rule: Rule
    check: Check
    severity: Severity


@dataclass(frozen=True)
class Plan:
    """The active rules and what their checks may know.

    It holds no state, so that one plan serves every batch, in any process.
    """

    active: tuple[ActiveRule, ...]
    context: Context
    off: Mapping[str, str] = field(default_factory=dict)

    @property
    def record_rules(self) -> list[tuple[ActiveRule, RecordCheck]]:
        """The rules that judge one record at a time."""
        return [(a, a.check) for a in self.active if isinstance(a.check, RecordCheck)]

    @property
    def group_rules(self) -> list[tuple[ActiveRule, GroupCheck]]:
        """The rules that judge the records of a source, or all of them, together."""
        return [(a, a.check) for a in self.active if isinstance(a.check, GroupCheck)]

    @property
    def reading_rules(self) -> dict[str, ActiveRule]:
        """The rules that name a reading problem, by the kind of the problem."""
        return {a.check.problem: a for a in self.active if isinstance(a.check, Reading)}

    @property
    def suite_rules(self) -> list[ActiveRule]:
        """The rules that name what suites find."""
        return [a for a in self.active if isinstance(a.check, SuiteOutcome)]


def build_check(rule: Rule, params: Mapping[str, Any] | None = None) -> Check:
    """Return the check of a rule, built from the rule's parameters and overriding ones.

    Raises:
        RuleFileError: There is no such check, or a parameter is unknown, missing or wrong.
    """
    cls = CHECKS.get(rule.check)
    if cls is None:
        near = difflib.get_close_matches(rule.check, CHECKS, 1)
        known = ", ".join(sorted(CHECKS))
        raise RuleFileError(
            f"{rule.code}: no check is called {rule.check!r}",
            where=rule.origin,
            hint=f"did you mean {near[0]!r}?" if near else f"the checks are: {known}",
        )
    try:
        check = cls.model_validate({**rule.params, **(params or {})})
    except RuleFileError as error:
        fault = f"{rule.code}: {error.fault}"
        raise RuleFileError(fault, where=rule.origin, hint=error.hint) from None
    except ValidationError as error:
        faults = "; ".join(_parameter_fault(e) for e in error.errors())
        known = ", ".join(cls.model_fields) or "none"
        raise RuleFileError(
            f"{rule.code}: {faults}",
            where=rule.origin,
            hint=f"the parameters of {rule.check!r} are: {known}",
        ) from None
    if unknown := sorted(check.fields() - set(FIELD_NAMES)):
        raise RuleFileError(
            f"{rule.code}: no field is called {unknown[0]!r}",
            where=rule.origin,
            hint=f"the fields are: {', '.join(FIELD_NAMES)}",
        )
    return check


def _parameter_fault(error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"])
    return f"parameter {place}: {error['msg']}" if place else str(error["msg"])


def build_plan(
    rules: Iterable[Rule],
    context: Context,
    *,
    severities: Mapping[str, str] | None = None,
    params: Mapping[str, Mapping[str, Any]] | None = None,
    off: Mapping[str, str] | None = None,
) -> Plan:
    """Return the plan for a run.

    Args:
        rules: The rules that are on.
        context: What checks may know.
        severities: Severity by rule code, where it differs from the rule's own.
        params: Parameters by rule code that override the rule's own.
        off: Reasons by rule code of the rules that are off, for the report.

    Raises:
        RuleFileError: A rule's check cannot be built.
    """
    active = [
        ActiveRule(
            rule,
            build_check(rule, (params or {}).get(rule.code)),
            Severity((severities or {}).get(rule.code, rule.severity)),
        )
        for rule in rules
    ]
    return Plan(tuple(active), context, off or {})
