"""The HTML report: one file that asks the network for nothing and runs nothing that was scraped.

Every text passes through two gates: signs for unseen characters, then the escaping of Jinja. Style
and script are allowed by their hashes alone, so that an injected one would not run either.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import orjson
import polars as pl
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from newsqa import figures
from newsqa.report.examples import example_of, turns_of
from newsqa.report.safe import json_text, name_of, visible
from newsqa.report.sources import CHART_HEIGHT, CHART_WIDTH
from newsqa.report.summary import MAX_EXAMPLES, summarise, with_examples
from newsqa.report.trends import SPARK_HEIGHT, SPARK_WIDTH

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsqa.report.examples import Example
    from newsqa.report.summary import Summary
    from newsqa.result import Result

Assets = Literal["inline", "external"]
MAX_FINDINGS = 5000
"""Findings inside the page: 5,000 load in about 0.4 s, 20,000 in about a second."""
LEAST_FINDINGS = 500
MAX_BYTES = 1_000_000
"""Size of the page, which examples and then findings are cut down to."""
_EXAMPLES = (MAX_EXAMPLES, 5, 3)
_TEXT_BYTES = MAX_BYTES * 6 // 10
_MARGIN = 500
_TRIES = 4
STYLES = ("report.css",)
_SCRIPTS = ("datatables.min.js", "report.js")


def write_html(result: Result, path: Path, assets: Assets = "inline") -> None:
    """Write the report to a file.

    Args:
        result: The run.
        path: The file; its folder is made.
        assets: `inline` puts style and script into the page; `external` puts them beside it, in
            `NAME.assets/`, for servers such as Jenkins that refuse inline ones.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = f"{path.stem}.assets"
    if assets == "external":
        target = path.parent / folder
        target.mkdir(exist_ok=True)
        for name in (*STYLES, *_SCRIPTS):
            (target / name).write_text(asset(name), "utf-8", newline="\n")
    page = render_html(result, folder if assets == "external" else None)
    path.write_text(page, "utf-8", newline="\n")


def render_html(result: Result, folder: str | None = None) -> str:
    """Return the report as text.

    Args:
        result: The run.
        folder: Folder of style and script, relative to the page; None puts them into the page.
    """
    findings = _with_standing(result)
    summary, rows = summarise(result), min(MAX_FINDINGS, findings.height)
    for examples in _EXAMPLES:
        summary = with_examples(summary, examples)
        page = _page(result, summary, _Embedded("", rows, rows), folder)
        if _size(page) <= _TEXT_BYTES:
            break
    turns = turns_of(findings, ("rule", "source"), rows)
    for _ in range(_TRIES):
        shown = turns.head(rows).sort("_order").drop("_order")
        payload = _payload(shown)
        room = MAX_BYTES - _size(page) - _MARGIN
        if len(payload) <= room or rows <= LEAST_FINDINGS:
            break
        rows = max(LEAST_FINDINGS, int(rows * room / len(payload) * 0.97))
    return _page(result, summary, _Embedded(payload, shown.height, _counting(shown)), folder)


class _Embedded(NamedTuple):
    """The findings inside the page: packed, their number, and how many of them count."""

    payload: str
    rows: int
    counting: int


def _size(page: str) -> int:
    return len(page.encode("utf-8", "surrogatepass"))


def _counting(findings: pl.DataFrame) -> int:
    return int((findings["standing"] != "accepted").sum())


def _with_standing(result: Result) -> pl.DataFrame:
    """Return all findings with a column `standing`: `new`, `known`, `accepted`, or empty."""
    told = result.comparison
    counted = result.findings.with_columns(pl.lit("").alias("standing"))
    if told is not None:
        status = told.statuses.unique("fingerprint", keep="first")
        counted = (
            result.findings.join(status, on="fingerprint", how="left", maintain_order="left")
            .with_columns(pl.col("status").fill_null("").alias("standing"))
            .drop("status")
        )
    if result.accepted.is_empty():
        return counted
    accepted = result.accepted.with_columns(pl.lit("accepted").alias("standing"))
    return pl.concat([counted, accepted.select(counted.columns)], how="vertical_relaxed")


def _page(result: Result, summary: Summary, embedded: _Embedded, folder: str | None) -> str:
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            s=summary,
            embedded=embedded.rows,
            counting=embedded.counting,
            payload=embedded.payload,
            standings=_standings(result),
            policy=policy(inline=folder is None, scripts=_SCRIPTS),
            folder=folder,
            styles={name: Markup(asset(name)) for name in STYLES},  # noqa: S704  our own files
            scripts={name: Markup(asset(name)) for name in _SCRIPTS},  # noqa: S704  as above
            # Not orjson: paths on a command line may hold bytes that are no UTF-8.
            config=json.dumps(
                result.run.get("config", {}), indent=2, ensure_ascii=False, default=str
            ),
            chart=(CHART_WIDTH, CHART_HEIGHT),
            spark=(SPARK_WIDTH, SPARK_HEIGHT),
        )
    )


def _standings(result: Result) -> list[str]:
    compared = ["new", "known"] if result.comparison is not None else []
    return compared + (["accepted"] if result.accepted.height else [])


@cache
def environment() -> Environment:
    """Return the environment of all templates: it escapes, and shows what cannot be seen."""
    made = Environment(
        loader=PackageLoader("newsqa.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["flow"] = lambda text: " ".join(text.split())
    made.filters["number"] = figures.number
    made.filters["name_of"] = name_of
    made.globals |= {"count": figures.count, "percent": figures.percent}
    return made


def _visible(value: Any) -> Any:
    """Return what an expression of a template prints, unseen characters made visible."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def asset(name: str) -> str:
    """Return a file of style or script."""
    return files("newsqa.report").joinpath("assets", name).read_text("utf-8")


def policy(*, inline: bool, scripts: Sequence[str] = ()) -> str:
    """Return the content security policy: nothing but our own style and scripts, by hash."""
    script, style = ("'self'" if scripts else "'none'"), "'self'"
    if inline:
        script = " ".join(_hash(asset(name)) for name in scripts) or "'none'"
        style = " ".join(_hash(asset(name)) for name in STYLES)
    return (
        f"default-src 'none'; script-src {script}; style-src {style}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _payload(findings: pl.DataFrame) -> str:
    """Return the findings of the table as base64 of gzipped JSON: its letters end no element."""
    examples = [example_of(row) for row in findings.iter_rows(named=True)]
    standings = findings["standing"]
    rules = sorted({(e.rule, e.name) for e in examples})
    sources = sorted({e.source for e in examples})
    rule_at = {rule: n for n, rule in enumerate(rules)}
    source_at = {source: n for n, source in enumerate(sources)}
    content = {
        "rules": [[visible(part) for part in rule] for rule in rules],
        "sources": [visible(source) for source in sources],
        "rows": [
            [*_row(e, rule_at[e.rule, e.name], source_at[e.source]), standing]
            for e, standing in zip(examples, standings, strict=True)
        ],
    }
    text = json_text(orjson.dumps(content).decode())
    packed = gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0)
    return base64.b64encode(packed).decode("ascii")


def _row(example: Example, rule: int, source: int) -> list[Any]:
    """Return a finding for the script; the odd parts of the excerpt are at fault."""
    excerpt: list[str] = [""]
    for segment in example.excerpt:
        if segment.marked == (len(excerpt) % 2 == 1):
            excerpt.append("")
        excerpt[-1] += segment.text
    where = example.url or example.id or ""
    texts = (example.place, example.field or "", example.message, where)
    return [example.severity, rule, source, *map(visible, texts), excerpt]
