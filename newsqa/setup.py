"""What a run is told, once the configuration has met the catalogue."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsqa.acceptance import Resolved
from newsqa.catalogue import load_catalogue
from newsqa.checks import Context
from newsqa.errors import UsageError
from newsqa.plan import build_plan
from newsqa.suites.load import find_suites

if TYPE_CHECKING:
    from datetime import datetime

    from newsqa.catalogue import Catalogue
    from newsqa.compare import Base
    from newsqa.config import Config, RuleLimits, RuleSettings
    from newsqa.earlier import EarlierRun
    from newsqa.plan import Plan
    from newsqa.rule import Rule
    from newsqa.suites.model import Suite

_YEARS = (1900, 2200)  # outside, some differences of times overflow


@dataclass(frozen=True)
class Past:
    """What earlier runs and people left for this one.

    Args:
        runs: Figures of earlier runs of the same series, oldest first.
        base: The run that findings are compared with.
        baseline: Fingerprints of findings that were accepted earlier.
        new_only: Findings that the base has too are accepted as known.
    """

    runs: tuple[EarlierRun, ...] = ()
    base: Base | None = None
    baseline: frozenset[str] = frozenset()
    new_only: bool = False


NO_PAST = Past()


@dataclass(frozen=True)
class Setup:
    """A configuration that has met the catalogue: every word in it names a rule."""

    config: Config
    catalogue: Catalogue
    plan: Plan
    limits: dict[str, RuleSettings] = field(default_factory=dict)
    source_limits: dict[str, list[tuple[str, RuleLimits]]] = field(default_factory=dict)
    suppressions: tuple[Resolved, ...] = ()
    past: Past = NO_PAST
    suites: tuple[Suite, ...] = ()


def set_up(config: Config, now: datetime, past: Past = NO_PAST) -> Setup:
    """Return what a run needs to know before it reads anything.

    Raises:
        UsageError: The configuration names a rule that does not exist, or no rule is on, or `now`
            is centuries away.
        RuleFileError: A rule file is faulty.
        SuiteError: A suite is faulty.
    """
    if not _YEARS[0] <= now.year <= _YEARS[1]:
        raise UsageError(f"nothing can be judged at {now:%Y-%m-%d}", hint="set another time")
    catalogue = load_catalogue(config.validators)
    suites = find_suites(config.suites, config.expectation_modules)
    limits: dict[str, RuleSettings] = {}
    for word, own in config.rules.settings.items():
        code = catalogue.find(word).code
        changes = own.model_dump(exclude_unset=True)
        limits[code] = limits.get(code, own).model_copy(update=changes)
    source_limits: dict[str, list[tuple[str, RuleLimits]]] = {}
    for source in config.source:
        for word, limit in source.rules.items():
            source_limits.setdefault(catalogue.find(word).code, []).append((source.name, limit))
    ignored = {rule.code for rule in catalogue.select(config.rules.ignore)}
    on, off = [], {}
    selected = {rule.code for rule in catalogue.select(config.rules.select)}
    for rule in catalogue.rules:
        reason = _why_off(rule, selected, ignored, limits)
        if reason:
            off[rule.code] = reason
        else:
            on.append(rule)
    if not on:
        raise UsageError("no rule is on", hint="`newsqa rules` lists them")
    plan = build_plan(
        on,
        Context(now=now, earlier=past.runs, suites=len(suites)),
        severities={c: s.severity for c, s in limits.items() if s.severity not in {None, "off"}},
        params={code: s.params for code, s in limits.items()},
        off=off,
    )
    suppressions = tuple(
        Resolved(item, catalogue.find(item.rule).code if item.rule else None)
        for item in config.suppress
    )
    return Setup(config, catalogue, plan, limits, source_limits, suppressions, past, suites)


def _why_off(
    rule: Rule, selected: set[str], ignored: set[str], limits: dict[str, RuleSettings]
) -> str:
    if rule.code not in selected:
        return "not selected"
    if rule.code in ignored:
        return "ignored"
    setting = limits.get(rule.code)
    return "severity is off" if setting and setting.severity == "off" else ""
