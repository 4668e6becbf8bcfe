"""The result for a terminal: sources first, then rules with examples, then the limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from newsqa.figures import count, percent
from newsqa.finding import Severity
from newsqa.report.examples import MAX_TEXT
from newsqa.report.safe import log_line, one_line, visible
from newsqa.report.summary import summarise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsqa.report.examples import Example
    from newsqa.report.sources import SourceRow
    from newsqa.report.summary import RuleSummary, Summary
    from newsqa.result import Result

MAX_SOURCES = 20
_WIDTH = 80
_STYLES = {"error": "red", "warning": "yellow", "info": "cyan"}
_HIT_SIGNS = ("▸", "◂")
_GUTTER = "    │ "
"""Begins each line of an excerpt, so that no line begins with scraped text."""


def write_text(
    result: Result,
    stream: TextIO,
    *,
    max_shown: int = 5,
    min_level: str = "info",
    color: bool | None = None,
) -> None:
    """Write the result for people; no scraped text is read as markup or reaches the terminal raw.

    Args:
        result: The run.
        stream: Where it goes; 80 columns, or those of the terminal up to 120.
        max_shown: Examples of each rule.
        min_level: Lowest severity whose rules are shown; the tables and the verdict count all.
        color: Whether to use colour; None asks the stream.
    """
    summary = summarise(result, max_examples=max_shown, max_rows=MAX_SOURCES)
    console = _console(stream, color)
    if summary.sources:
        console.print(_source_table(summary.sources))
    lowest = Severity(min_level).rank
    for rule in summary.rules:
        if Severity(rule.state.severity).rank >= lowest:
            _print_rule(console, rule)
    _print_idle(console, summary)
    _print_limits(console, summary)


def _console(stream: TextIO, color: bool | None) -> Console:
    console = Console(
        file=stream,
        markup=False,
        highlight=False,
        emoji=False,
        force_terminal=color,
        no_color=None if color is None else not color,
        soft_wrap=False,
    )
    console.width = min(console.width, 120) if console.is_terminal else _WIDTH
    return console


def _source_table(rows: tuple[SourceRow, ...]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    table.add_column("source", overflow="ellipsis", no_wrap=True, max_width=36)
    for name in ("records", "flawed", "errors", "warnings", "infos"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(
            Text(log_line(one_line(row.name))),
            f"{row.records:,}",
            percent(row.flawed, row.records),
            _figure(row.errors, "error"),
            _figure(row.warnings, "warning"),
            _figure(row.infos, "info"),
        )
    return table


def _figure(value: int, severity: str) -> Text:
    return Text(f"{value:,}", _STYLES[severity]) if value else Text("·", "dim")


def _print_rule(console: Console, rule: RuleSummary) -> None:
    state = rule.state
    console.print()
    head = Text.assemble(
        (state.rule.code, "bold"),
        f" {visible(state.rule.name)}  ",
        (state.severity, _STYLES[state.severity]),
        f"  {_score(rule)}",
    )
    if rule.failed:
        head.append("  over the limit", "bold red")
    console.print(head)
    for example in rule.examples:
        _print_example(console, example)
    if rule.hidden:
        console.print(Text(f"  and {rule.hidden:,} more", "dim"))


def _score(rule: RuleSummary) -> str:
    state = rule.state
    if not state.records:
        return count(state.findings, "finding")
    return f"{count(state.findings, 'finding')}, {rule.share} of records"


def _print_example(console: Console, example: Example) -> None:
    place = one_line(example.place or example.source, 2 * MAX_TEXT)
    field = f" {example.field}" if example.field else ""
    line = log_line(f"{place}{field}: {one_line(example.message)}")
    text = Text(f"  {line}")
    text.stylize("dim", 0, 2 + len(place) + len(field))
    console.print(text, soft_wrap=True)
    if example.excerpt:
        for row in Text.assemble(*_marked(example)).wrap(console, console.width - len(_GUTTER)):
            row.rstrip()
            console.print(Text(_GUTTER, "dim") + row)


def _marked(example: Example) -> Iterator[tuple[str, str]]:
    left, right = _HIT_SIGNS
    for segment in example.excerpt:
        text = log_line(segment.text)
        yield (f"{left}{text}{right}", "bold reverse") if segment.marked else (text, "")


def _print_idle(console: Console, summary: Summary) -> None:
    for status, words in (
        ("crashed", "crashed"),
        ("not-applicable", "not applicable"),
        ("off", "off"),
    ):
        codes = [state.rule.code for state in summary.idle if state.status == status]
        if codes:
            style = "bold red" if status == "crashed" else "dim"
            listed = ", ".join(codes[:12]) + (", …" if len(codes) > 12 else "")
            console.print()
            console.print(Text(f"{count(len(codes), 'rule')} {words}: {listed}", style))


def _print_limits(console: Console, summary: Summary) -> None:
    """Print the limits that were broken; the verdict itself is the last line on stderr."""
    if not summary.failed:
        console.print(Text(summary.headline, "dim"), soft_wrap=True)
    else:
        console.print()
        console.print(Text(f"{count(len(summary.failed), 'limit')} broken:", "bold red"))
    for gate in summary.failed:
        where = f" in {one_line(gate.source, 60)}" if gate.source is not None else ""
        line = f"  {gate.rule} {gate.name}{where}: {gate.why}; limit: {gate.limit}"
        console.print(Text(log_line(visible(line))), soft_wrap=True)
