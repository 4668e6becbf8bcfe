"""The result as Markdown, for a job summary or a comment: small, and every scraped text as code.

GitHub refuses a summary over 1 MiB; this one stays below 100 kB.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TextIO

from newsqa.figures import percent
from newsqa.report.safe import log_line, one_line
from newsqa.report.summary import summarise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsqa.report.examples import Example
    from newsqa.report.summary import Summary
    from newsqa.result import Result

MAX_ROWS = 15
MAX_RULES = 15
MAX_EXAMPLES = 3


def write_markdown(result: Result, stream: TextIO, **_options: Any) -> None:
    """Write verdict, broken limits, sources by rule, and examples of each rule."""
    summary = summarise(result, max_examples=MAX_EXAMPLES, max_rows=MAX_ROWS)
    stream.writelines(f"{log_line(line)}\n" for line in _lines(summary))


def _lines(summary: Summary) -> Iterator[str]:
    yield f"## newsqa: {summary.word}"
    yield ""
    yield summary.headline
    if summary.failed:
        yield ""
        yield from _table(
            ("Over the limit", "Source", "Result", "Limit"),
            (
                (f"{g.rule} {g.name}", cell(g.source) if g.source else "all", cell(g.why), g.limit)
                for g in summary.failed[:MAX_RULES]
            ),
        )
    if summary.sources and summary.columns:
        columns = summary.columns[:MAX_RULES]
        yield ""
        yield from _table(
            ("Source", "Records", "With a finding", *columns),
            (
                (
                    cell(row.name),
                    f"{row.records:,}",
                    percent(row.flawed, row.records),
                    *(figure.text for figure in row.cells[: len(columns)]),
                )
                for row in summary.sources
            ),
        )
    for rule in summary.rules[:MAX_RULES]:
        state = rule.state
        yield ""
        yield f"**{state.rule.code} {state.rule.name}** ({state.severity}, {state.findings:,})"
        yield ""
        yield from (_item(example) for example in rule.examples)


def _item(example: Example) -> str:
    text = "".join(segment.text for segment in example.excerpt)
    quoted = f": {code(text)}" if text else ""
    return f"- {code(example.place or example.source)} {code(example.message)}{quoted}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join('---' for _ in head)} |"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def code(text: str) -> str:
    """Return a text as a code span that it cannot leave."""
    text = one_line(text, 240)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence} {text} {fence}" if text else ""


def cell(text: str) -> str:
    """Return a text as a code span in a table, its bars broken.

    A bar cannot be escaped for sure: parsers differ on a backslash before an escaped bar.
    """
    return code(text.replace("|", "¦"))
