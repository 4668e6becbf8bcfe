"""The result for a terminal: sources first, then rules with examples, then the limits."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, TextIO

from rich.cells import cell_len
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
MAX_LIMITS = 15
_LISTED = 12
_WIDTH, _NARROWEST, _WIDEST = 80, 40, 120
STYLES = {"error": "red", "warning": "yellow", "info": "cyan"}
_HIT_SIGNS = ("▸", "◂")
_GUTTER = "      │ "
_INDENT = "      "
"""Begin each line of an excerpt, and of a message."""
_NONE_ALLOWED = "no finding"


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
    console = console_of(stream, color)
    if summary.sources:
        console.print(_source_table(summary.sources, console.width))
    lowest = Severity(min_level).rank
    shown = [r for r in summary.rules if Severity(r.state.severity).rank >= lowest]
    names = max((len(rule.state.rule.name) for rule in shown), default=0)
    for rule in shown:
        _print_rule(console, rule, names)
    _print_idle(console, summary)
    _print_limits(console, summary)


def console_of(stream: TextIO, color: bool | None) -> Console:
    """Return a console that reads no markup, as wide as the terminal up to 120, else 80 columns."""
    console = Console(
        file=stream,
        markup=False,
        highlight=False,
        emoji=False,
        force_terminal=color,
        no_color=None if color is None else not color,
        soft_wrap=False,
    )
    wide = shutil.get_terminal_size((_WIDTH, 24)).columns if stream.isatty() else _WIDTH
    console.width = min(max(wide, _NARROWEST), _WIDEST)
    return console


def _source_table(rows: tuple[SourceRow, ...], width: int) -> Table:
    roomy = width >= _WIDTH
    gap = 2 if roomy else 1
    table = Table(box=None, padding=(0, gap, 0, 0), header_style="dim", pad_edge=False)
    heads = ("records", "flawed", "errors", "warnings", "infos")
    taken = sum(max(len(head), 7) + gap for head in heads)
    table.add_column("source", overflow="ellipsis", no_wrap=True, max_width=max(10, width - taken))
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
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
    return Text(f"{value:,}", STYLES[severity]) if value else Text("·", "dim")


def _print_rule(console: Console, rule: RuleSummary, names: int) -> None:
    state = rule.state
    console.print()
    score = count(state.findings, "finding")
    if state.records:
        score += f", {rule.share} of records"
    head = Text.assemble(
        ("✗ ", "bold red") if rule.failed else "  ",
        (state.rule.code, "bold"),
        f"  {visible(state.rule.name):<{names}}  ",
        (f"{state.severity:<7}", STYLES[state.severity]),
    )
    if head.cell_len + 2 + len(score) <= console.width:
        console.print(head.append(f"  {score}"))
    else:
        console.print(head)
        console.print(f"    {score}")
    for example in rule.examples:
        _print_example(console, example)
    if rule.hidden:
        console.print(Text(f"    and {rule.hidden:,} more", "dim"))


def _print_example(console: Console, example: Example) -> None:
    place = log_line(one_line(example.place or example.source, 2 * MAX_TEXT))
    field = f" {example.field}" if example.field else ""
    # Not folded, so that terminals find the file in it.
    console.print(Text(f"    {place}{field}", "dim"), soft_wrap=True)
    _print_block(console, Text(one_line(example.message, MAX_TEXT)), _INDENT)
    if example.excerpt:
        _print_block(console, Text.assemble(*_marked(example)), _GUTTER)


def _print_block(console: Console, text: Text, margin: str) -> None:
    """Print a text in lines that all begin with a margin; none begins as a command does."""
    for row in text.wrap(console, console.width - len(margin)):
        row.rstrip()
        safe = log_line(row.plain) == row.plain
        console.print(Text.assemble((margin, "dim"), row if safe else log_line(row.plain)))


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
            listed = ", ".join(codes[:_LISTED]) + (", …" if len(codes) > _LISTED else "")
            # Whoever chose rules knows which ones these are not.
            told = f"{count(len(codes), 'rule')} {words}"
            console.print()
            console.print(Text(told if status == "off" else f"{told}: {listed}", style))


def _print_limits(console: Console, summary: Summary) -> None:
    """Print the limits that were broken; the verdict itself is the last line on stderr."""
    console.print()
    if not summary.failed:
        _print_block(console, Text(summary.headline, "dim"), "")
        return
    console.print(Text(f"{count(len(summary.failed), 'limit')} broken:", "bold red"))
    shown = summary.failed[:MAX_LIMITS]
    names = max(len(gate.name) for gate in shown)
    for gate in shown:
        where = f"{one_line(gate.source, 60)}: " if gate.source is not None else ""
        limit = "" if gate.limit == _NONE_ALLOWED else f"; limit: {gate.limit}"
        line = visible(f"{where}{gate.why}{limit}")
        head = f"{gate.rule}  {visible(gate.name):<{names}}  "
        if len(head) + 2 + min(cell_len(line), 30) > console.width:
            console.print(Text(f"  {head}"))
            head = "  "
        wrapped = Text(line).wrap(console, console.width - len(head) - 2)
        for number, row in enumerate(wrapped):
            row.rstrip()
            margin = head if number == 0 else " " * len(head)
            console.print(Text(f"  {margin}{log_line(row.plain)}"))
    if rest := len(summary.failed) - len(shown):
        console.print(Text(f"  and {rest:,} more", "dim"))
