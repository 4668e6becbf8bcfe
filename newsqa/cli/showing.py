"""Findings, differences and histories as they are printed."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import orjson
import polars as pl

from newsqa.acceptance import accepted_by
from newsqa.cli.tables import echo, sparkline, table
from newsqa.figures import count
from newsqa.finding import FINDING_FIELDS
from newsqa.report.examples import example_of, source_name
from newsqa.report.lines import concise_line
from newsqa.report.safe import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsqa.earlier import EarlierRun
    from newsqa.result import Change, Comparison, Result

_ROWS = 20


def choose(result: Result, wishes: Mapping[str, Any]) -> pl.DataFrame:
    """Return the findings that all wishes of the command line fit.

    Args:
        result: A run.
        wishes: `rule` and `source` (lists), `record`, `fingerprint`, `status`.
    """
    findings = result.all_findings
    if wishes["rule"]:
        begins = [pl.col("rule").str.starts_with(word.upper()) for word in wishes["rule"]]
        names = pl.col("name").is_in(list(wishes["rule"]))
        findings = findings.filter(pl.any_horizontal(names, *begins))
    if wishes["source"]:
        known = findings["source"].drop_nulls().unique()
        wanted = [n for n in known if any(fnmatchcase(n, glob) for glob in wishes["source"])]
        findings = findings.filter(pl.col("source").is_in(wanted))
    if record := wishes["record"]:
        place = pl.format("{}:{}", "path", "line")
        findings = findings.filter(
            pl.any_horizontal(
                (column == record).fill_null(value=False)
                for column in (pl.col("id"), pl.col("url"), place)
            )
        )
    if wishes["fingerprint"]:
        findings = findings.filter(pl.col("fingerprint").str.starts_with(wishes["fingerprint"]))
    status = wishes["status"]
    if status == "accepted":
        return findings.filter(accepted_by(findings).is_not_null())
    if status:
        marked = _statuses(result)
        return findings.filter(
            pl.col("fingerprint").is_in([f for f, word in marked.items() if word == status])
        )
    return findings


def _statuses(result: Result) -> dict[str, str]:
    return dict(result.comparison.statuses.iter_rows()) if result.comparison else {}


def show_findings(result: Result, shown: pl.DataFrame, total: int) -> None:
    """Print findings one after the other, each with what is needed to act on it."""
    statuses = _statuses(result)
    for row in shown.iter_rows(named=True):
        example = example_of(row)
        echo(concise_line(row), bold=True)
        excerpt = "".join(segment.text for segment in example.excerpt)
        if excerpt:
            echo(f"    | {one_line(excerpt, 400)}")
        where = [part for part in (example.url, example.id) if part]
        parts = [*dict.fromkeys(where), example.source]
        echo(f"    {one_line(' · '.join(parts), 400)}")
        status = statuses.get(row["fingerprint"], "")
        echo("    " + " · ".join(filter(None, [row["fingerprint"], status, _accepted(row)])))
    if total > shown.height:
        echo(f"{shown.height:,} of {count(total, 'finding')}; --limit shows more")
    elif not total:
        echo("no finding fits")


def _accepted(row: Mapping[str, Any]) -> str:
    mark = orjson.loads(row["evidence"] or "{}").get("accepted")
    if not isinstance(mark, dict):
        return ""
    said = [
        f"accepted by {mark.get('by')}",
        *(str(mark[k]) for k in ("reason", "owner") if k in mark),
    ]
    if "expires" in mark:
        said.append(f"until {mark['expires']}")
    return one_line(": ".join(said), 300)


def diff_object(
    comparison: Comparison, new: pl.DataFrame, after: Mapping[str, str]
) -> dict[str, Any]:
    """Return a comparison as a JSON object."""
    totals = comparison.totals
    return {
        "schema_version": 1,
        "before": comparison.base,
        "after": after,
        "totals": {"new": totals.new, "gone": totals.gone, "still": totals.still},
        "not_compared": comparison.not_compared,
        "rules": [_named(change, "rule") for change in comparison.rules],
        "sources": [_named(change, "source") for change in comparison.sources],
        "new": _objects(new),
        "gone": _objects(comparison.gone),
    }


def _named(change: Change, name: str) -> dict[str, Any]:
    counts = {"new": change.new, "gone": change.gone, "still": change.still}
    return {name: change.key or None} | counts


def _objects(findings: pl.DataFrame) -> list[dict[str, Any]]:
    rows = []
    for row in findings.select(FINDING_FIELDS).iter_rows(named=True):
        row["evidence"] = orjson.loads(row["evidence"] or "{}")
        rows.append(row)
    return rows


def say_diff(
    comparison: Comparison,
    new: pl.DataFrame,
    after: Mapping[str, str],
    limit: int,
    names: Mapping[str, str],
) -> None:
    """Print a comparison: the counts, then rules and sources, then the findings themselves."""
    totals = comparison.totals
    echo(f"before  {_run_line(comparison.base)}")
    echo(f"after   {_run_line(after)}")
    echo("")
    echo(f"{totals.new:,} new, {totals.gone:,} gone, {totals.still:,} still there", bold=True)
    if comparison.not_compared:
        echo(f"{comparison.not_compared:,} of rules that only one of the runs checked are left out")
    for title, changes in (("rule", comparison.rules), ("source", comparison.sources)):
        changed = [change for change in changes if change.new or change.gone]
        rows = [
            (_title(title, change.key, names), change.new, change.gone, change.still)
            for change in changed[:_ROWS]
        ]
        if rows:
            echo("")
            table([title, "new", "gone", "still"], rows)
        if len(changed) > _ROWS:
            echo(f"and {count(len(changed) - _ROWS, f'other {title}')}")
    for title, findings in (("new", new), ("gone", comparison.gone)):
        if findings.height and limit:
            echo("")
            echo(f"{title}:", bold=True)
            for row in findings.head(limit).iter_rows(named=True):
                echo(f"  {concise_line(row)}")
            if findings.height > limit:
                echo(f"  and {findings.height - limit:,} more")


def _run_line(facts: Mapping[str, str]) -> str:
    if facts.get("rebuilt_from"):
        return one_line(facts["rebuilt_from"], 200)
    started = facts.get("started", "").replace("T", " ").replace("+00:00", " UTC")
    return one_line(f"{started}  {facts.get('id', '')}", 200)


def _title(kind: str, key: str, names: Mapping[str, str]) -> str:
    return source_name(key) if kind == "source" else f"{key} {names.get(key, '')}".strip()


def history_object(
    runs: Sequence[EarlierRun], rule: str | None, source: str | None
) -> list[dict[str, Any]]:
    """Return the runs as JSON objects, oldest first."""
    objects = []
    for run in runs:
        entry: dict[str, Any] = {
            "id": run.id,
            "started": run.started,
            "verdict": run.verdict,
            "records": run.records,
            "sources": len(run.sources),
            "findings": run.findings,
            "errors": run.errors,
            "warnings": run.warnings,
        }
        if rule:
            entry["rule"] = {"code": rule, "findings": run.rules.get(rule)}
        if source is not None:
            figures = run.sources.get(source)
            entry["source"] = {
                "name": source,
                "records": run.volume(source),
                "findings": figures.findings if figures else 0,
            }
        objects.append(entry)
    return objects


def say_history(runs: Sequence[EarlierRun], rule: str | None, source: str | None) -> None:
    """Print the runs as a table, oldest first, and each count as a curve below."""
    head = ["run", "started", "verdict", "records", "sources", "findings", "errors"]
    columns: list[tuple[str, list[int | None]]] = [
        ("records", [run.records for run in runs]),
        ("findings", [run.findings for run in runs]),
        ("errors", [run.errors for run in runs]),
    ]
    more: list[tuple[str, list[int | None]]] = []
    if rule:
        more.append((rule, [run.rules.get(rule) for run in runs]))
    if source is not None:
        more.append((f"records of {source}", [run.volume(source) for run in runs]))
        found = [run.sources.get(source) for run in runs]
        more.append((f"findings in {source}", [f.findings if f else 0 for f in found]))
    rows = [
        (
            run.id,
            run.started[:16].replace("T", " "),
            run.verdict,
            run.records,
            len(run.sources),
            run.findings,
            run.errors,
            *(values[number] for _, values in more),
        )
        for number, run in enumerate(runs)
    ]
    table([*head, *(one_line(name, 40) for name, _ in more)], rows)
    echo("")
    width = max(len(one_line(name, 40)) for name, _ in [*columns, *more])
    for name, values in [*columns, *more]:
        echo(f"{one_line(name, 40).ljust(width)}  {sparkline(values)}")
