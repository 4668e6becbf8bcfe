"""The rules of a run that is over, with the texts that a report shows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from newsqa.catalogue import Catalogue, load_catalogue
from newsqa.errors import NewsqaError
from newsqa.finding import Severity
from newsqa.result import RuleState
from newsqa.rule import Family, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def rule_states(
    entries: Iterable[dict[str, Any]], validators: Sequence[str] = ()
) -> tuple[RuleState, ...]:
    """Return the states in a `run.json` or in results as JSON.

    Args:
        entries: Its rules.
        validators: Folders of rule files that the run used, if they are still there.
    """
    catalogue = _catalogue(validators)
    known = {rule.code: rule for rule in catalogue.rules}
    return tuple(
        RuleState(
            rule=_rule(entry, known.get(entry["code"])),
            severity=entry["severity"],
            status=entry["status"],
            applicable=entry["applicable"],
            findings=entry["findings"],
            records=entry["records"],
            note=entry["note"],
            accepted=entry.get("accepted", 0),
        )
        for entry in entries
    )


def states_of_findings(findings: pl.DataFrame, accepted: pl.DataFrame) -> tuple[RuleState, ...]:
    """Return the states of the rules that findings name, as far as findings tell."""
    known = {rule.code: rule for rule in _catalogue(()).rules}
    taken = dict(accepted.group_by("rule").len().iter_rows())
    is_placed = pl.col("record").is_not_null()
    counted = (
        pl.concat([findings, accepted])
        .group_by("rule")
        .agg(pl.col("name").first(), pl.col("severity").first(), pl.col("message").first())
        .join(
            findings.group_by("rule").agg(
                pl.len().alias("findings"),
                pl.struct("path", "record").filter(is_placed).n_unique().alias("records"),
            ),
            on="rule",
            how="left",
        )
        .with_columns(pl.col("findings", "records").fill_null(0))
        .sort("rule")
    )
    states = []
    for row in counted.iter_rows(named=True):
        entry = {"code": row["rule"], "name": row["name"], "severity": row["severity"]}
        states.append(
            RuleState(
                rule=_rule(entry, known.get(row["rule"])),
                severity=row["severity"],
                status="checked",
                applicable=row["records"],
                findings=row["findings"],
                records=row["records"],
                accepted=taken.get(row["rule"], 0),
            )
        )
    return tuple(states)


def _catalogue(validators: Sequence[str]) -> Catalogue:
    try:
        return load_catalogue(validators)
    except NewsqaError:
        return load_catalogue(())


def _rule(entry: dict[str, Any], known: Rule | None) -> Rule:
    """Return a rule as the run knew it; what was not kept comes from the catalogue of today."""
    code = str(entry["code"])
    family = known.family if known else Family(code.rstrip("0123456789"), "", "")
    title = entry.get("family_title", family.title)
    return Rule(
        code=code,
        name=entry["name"],
        family=Family(family.code, title or family.code, entry.get("family_about", family.about)),
        summary=entry.get("summary", known.summary if known else ""),
        rationale=entry.get("rationale", known.rationale if known else ""),
        cause=entry.get("cause", known.cause if known else ""),
        fix=entry.get("fix", known.fix if known else ""),
        severity=known.severity if known else Severity(entry["severity"]),
        check=known.check if known else "",
        params=known.params if known else {},
        message=known.message if known else "",
        good=(),
        bad=(),
        origin=known.origin if known else "",
    )
