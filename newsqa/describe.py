"""From what a check found to a finding: message, place, excerpt and fingerprint."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import orjson
import polars as pl

from newsqa.finding import FINDING_FIELDS, Finding, excerpt_around, fingerprint
from newsqa.record import INSTANTS
from newsqa.result import finding_schema
from newsqa.suites.model import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsqa.checks import GroupHit, Hit, Row
    from newsqa.plan import ActiveRule
    from newsqa.readers import Problem
    from newsqa.suites.model import Outcome, Suite

_ARTICLE_FIELDS = ("source", "url", "title", "published_raw", "modified_raw", "crawled_raw")


def describe_hit(hit: Hit, row: Row, rule: ActiveRule) -> dict[str, Any]:
    """Return the finding of a hit in one record, as a row of a findings frame."""
    text = field_text(row.values, hit.field)
    evidence = dict(hit.evidence)
    excerpt = None
    if text:
        start, end = hit.start or 0, len(text) if hit.end is None else hit.end
        excerpt, left, right = excerpt_around(text, start, end)
        evidence |= {"excerpt_start": left, "excerpt_end": right}
    matched = text[hit.start : hit.end] if hit.start is not None else text[:200]
    shown = matched if hit.start is not None else (excerpt or "")
    values = {name: row.values.get(name) for name in _ARTICLE_FIELDS}
    values |= {"excerpt": shown, **hit.evidence, **hit.values}
    line, start_, end_ = _place(hit, row)
    record = row["id"]
    return _row(
        Finding(
            rule=rule.rule.code,
            name=rule.rule.name,
            severity=hit.severity or rule.severity,
            message=rule.rule.say(values),
            path=row["path"],
            line=line,
            record=row["record"],
            id=record,
            url=row["url"],
            source=row["source"],
            field=hit.field,
            start=start_,
            end=end_,
            excerpt=excerpt,
            fingerprint=fingerprint(
                rule.rule.code, row["source"], row["url"] or record, hit.field, matched
            ),
            evidence=evidence,
        )
    )


def describe_group_hit(
    hit: GroupHit, located: Mapping[int, Mapping[str, Any]], rule: ActiveRule
) -> dict[str, Any]:
    """Return the finding of a source or corpus rule; `located` holds the locators by key row."""
    place = located.get(hit.row, {}) if hit.row is not None else {}
    source = hit.source if hit.source is not None else place.get("source")
    excerpt = None if hit.excerpt is None else excerpt_around(hit.excerpt, 0, len(hit.excerpt))[0]
    values = {**place, "source": source, "excerpt": excerpt or "", **hit.evidence, **hit.values}
    record = None if hit.of_source else place.get("url") or place.get("id")
    return _row(
        Finding(
            rule=rule.rule.code,
            name=rule.rule.name,
            severity=hit.severity or rule.severity,
            message=rule.rule.say(values),
            path=place.get("path", ""),
            line=place.get("line") if hit.line is None else hit.line,
            record=place.get("record"),
            id=place.get("id"),
            url=place.get("url"),
            source=source,
            field=hit.field,
            start=hit.start,
            end=hit.end,
            excerpt=excerpt,
            fingerprint=fingerprint(rule.rule.code, source, record, hit.field, hit.identity),
            evidence=dict(hit.evidence),
        )
    )


def describe_unmet(
    suite: Suite, outcome: Outcome, observed: str, rule: ActiveRule
) -> dict[str, Any]:
    """Return the finding of an expectation that is not met; it holds figures, no scraped text."""
    expectation = outcome.expectation
    values = {
        "suite": suite.name,
        "expectation": expectation.type,
        "subject": expectation.subject,
        "observed": observed,
    }
    arguments = json.dumps(dict(expectation.kwargs), sort_keys=True, default=str)
    identity = f"{suite.name}\n{expectation.frame}\n{expectation.type}\n{arguments}"
    evidence = {
        "frame": expectation.frame,
        "engine": outcome.engine,
        "notes": expectation.notes if isinstance(expectation.notes, str) else None,
    }
    return _row(
        Finding(
            rule=rule.rule.code,
            name=rule.rule.name,
            severity=SEVERITIES[expectation.severity],
            message=rule.rule.say(values),
            path=suite.path,
            line=expectation.line or None,
            fingerprint=fingerprint(rule.rule.code, None, None, None, identity),
            evidence={key: value for key, value in evidence.items() if value is not None},
        )
    )


def describe_problem(problem: Problem, rule: ActiveRule) -> dict[str, Any]:
    """Return the finding of a part of the input that could not be read as it stands."""
    values = {"problem": problem.message, "path": problem.path, "excerpt": problem.excerpt}
    excerpt = excerpt_around(problem.excerpt, 0, len(problem.excerpt))[0] or None
    return _row(
        Finding(
            rule=rule.rule.code,
            name=rule.rule.name,
            severity=rule.severity,
            message=rule.rule.say(values),
            path=problem.path,
            line=problem.line,
            excerpt=excerpt,
            fingerprint=fingerprint(
                rule.rule.code, None, None, None, problem.excerpt or problem.message
            ),
        )
    )


def field_text(values: Mapping[str, Any], name: str | None) -> str:
    """Return a field as the text in which offsets count and excerpts are cut."""
    if name is None:
        return ""
    value = values.get(f"{name}_raw" if name in INSTANTS else name)
    if isinstance(value, list):
        return "; ".join(str(part) for part in value)
    return "" if value is None else str(value)


def _place(hit: Hit, row: Row) -> tuple[int, int | None, int | None]:
    """Return line, start and end; inside the file where the body is a verbatim part of it."""
    line, start, end = row["line"], hit.start, hit.end
    if hit.field != "body" or row["body_start"] is None:
        return line, start, end
    if start is None:
        return row["body_line"], start, end
    body = row["body"]
    end = len(body) if end is None else end
    line = row["body_line"] + body.count("\n", 0, start)
    return line, row["body_start"] + start, row["body_start"] + end


def _row(finding: Finding) -> dict[str, Any]:
    row = finding.as_dict()
    row["evidence"] = orjson.dumps(row["evidence"], default=str).decode()
    return row


def findings_frame(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Return a frame of findings from their rows."""
    columns = {name: [row[name] for row in rows] for name in FINDING_FIELDS}
    return pl.DataFrame(columns, schema=finding_schema(), strict=False)


def number_repeats(findings: pl.DataFrame) -> pl.DataFrame:
    """Return the findings in their final order, with fingerprints made unique.

    The second finding with the same fingerprint gets the suffix `:2`, and so on. They are counted
    in the order of identity and place, so that the suffix does not depend on file names.
    """
    repeat = pl.int_range(1, pl.len() + 1).over("fingerprint")
    return (
        findings.sort("fingerprint", "id", "start", "path", "line", "message", nulls_last=True)
        .with_columns(
            pl.when(repeat > 1)
            .then(pl.format("{}:{}", "fingerprint", repeat))
            .otherwise("fingerprint")
            .alias("fingerprint")
        )
        .sort("path", "line", "record", "rule", "start", "end", "fingerprint", nulls_last=True)
    )
