"""Accepted findings: by a suppression with a reason, by a baseline, or known from an earlier run.

They stay among the findings of a run, with a mark in their evidence, and count nowhere.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal, NamedTuple

import orjson
import polars as pl

from newsqa.result import SuppressionState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from newsqa.config import Suppression

BASELINE, KNOWN, SUPPRESSION = "baseline", "known", "suppression"
_MARK = r'[{,]"accepted":\{"by":"(\w+)"'


class Split(NamedTuple):
    """Findings told apart: those that count, and those that were accepted."""

    open: pl.DataFrame
    accepted: pl.DataFrame


class Resolved(NamedTuple):
    """A suppression whose rule was found in the catalogue."""

    stated: Suppression
    rule: str | None


def suppress(
    findings: pl.DataFrame,
    suppressions: Sequence[Resolved],
    today: date,
    checked: Mapping[str, bool],
) -> tuple[Split, tuple[SuppressionState, ...]]:
    """Take out the findings that suppressions accept.

    A finding is accepted by the first suppression in force that means it. One that is over accepts
    nothing.

    Args:
        findings: All findings.
        suppressions: In the order of the configuration.
        today: Day of the run.
        checked: Whether each rule of the catalogue was checked, by code.
    """
    meant = [_meant(item, findings) for item in suppressions]
    by = pl.Series("by", [None], dtype=pl.UInt32).extend_constant(None, findings.height)[1:]
    for number in reversed(range(len(suppressions))):
        if not _is_over(suppressions[number].stated, today):
            numbers = pl.repeat(number, findings.height, dtype=pl.UInt32, eager=True)
            by = numbers.zip_with(meant[number], by)
    marks = [
        _mark(SUPPRESSION, item.stated.reason, item.stated.owner, item.stated.expires)
        for item in suppressions
    ]
    texts = by.replace_strict(
        dict(enumerate(marks)) or {0: ""}, default=None, return_dtype=pl.String
    )
    states = tuple(
        _state(item, int(hits.sum()), today, checked)
        for item, hits in zip(suppressions, meant, strict=True)
    )
    return _split(findings, by.is_not_null(), texts), states


def accept_known(findings: pl.DataFrame, known: Collection[str], by: str) -> Split:
    """Take out the findings whose fingerprints are known.

    Args:
        findings: All findings that count so far.
        known: Fingerprints.
        by: `baseline` or `known`.
    """
    if not known:
        return Split(findings, findings.clear())
    is_known = findings["fingerprint"].is_in(pl.Series(list(known), dtype=pl.String).implode())
    return _split(findings, is_known, pl.repeat(_mark(by), findings.height, eager=True))


def split_marked(findings: pl.DataFrame) -> Split:
    """Return findings that were written by an earlier run, told apart by their marks."""
    marked = accepted_by(findings).is_not_null()
    return Split(findings.filter(~marked), findings.filter(marked))


def accepted_by(findings: pl.DataFrame) -> pl.Series:
    """Return what accepted each finding: `suppression`, `baseline`, `known` or null."""
    return findings["evidence"].str.extract(_MARK, 1)


def _meant(item: Resolved, findings: pl.DataFrame) -> pl.Series:
    meant = pl.repeat(value=True, n=findings.height, eager=True)
    if item.stated.fingerprint is not None:
        meant &= findings["fingerprint"] == item.stated.fingerprint
    if item.rule is not None:
        meant &= findings["rule"] == item.rule
    if item.stated.source is not None:
        names = findings["source"].drop_nulls().unique()
        wanted = [name for name in names if fnmatchcase(name, item.stated.source)]
        meant &= findings["source"].is_in(wanted).fill_null(value=False)
    return meant.cast(pl.Boolean)


def _is_over(stated: Suppression, today: date) -> bool:
    return stated.expires is not None and today > stated.expires


def _state(
    item: Resolved, findings: int, today: date, checked: Mapping[str, bool]
) -> SuppressionState:
    stated = item.stated
    status: Literal["active", "expired", "unused", "idle"] = "active"
    if _is_over(stated, today):
        status = "expired"
    elif not findings:
        # A fingerprint does not say whose it is: only a run of every rule can miss it.
        told = checked.get(item.rule, False) if item.rule else all(checked.values())
        status = "unused" if told else "idle"
    return SuppressionState(
        fingerprint=stated.fingerprint,
        rule=item.rule,
        source=stated.source,
        reason=stated.reason,
        expires=stated.expires,
        owner=stated.owner,
        status=status,
        findings=findings,
        days_left=(stated.expires - today).days if stated.expires else None,
    )


def _mark(by: str, reason: str = "", owner: str | None = None, expires: date | None = None) -> str:
    mark: dict[str, str] = {"by": by}
    if reason:
        mark["reason"] = reason
    if owner:
        mark["owner"] = owner
    if expires:
        mark["expires"] = expires.isoformat()
    return orjson.dumps({"accepted": mark}).decode()


def _split(findings: pl.DataFrame, taken: pl.Series, marks: pl.Series) -> Split:
    """Return the findings apart, the mark of each accepted one written into its evidence."""
    accepted = findings.with_columns(marks.alias("_mark")).filter(taken)
    body = pl.col("evidence").str.strip_suffix("}")
    joined = (
        pl.when(body == "{")
        .then(pl.col("_mark"))
        .otherwise(pl.concat_str(body, pl.lit(","), pl.col("_mark").str.strip_prefix("{")))
    )
    marked = accepted.with_columns(joined.alias("evidence")).drop("_mark")
    return Split(findings.filter(~taken), marked)
